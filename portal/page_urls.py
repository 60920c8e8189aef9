"""门户的网址"""

from django.urls import path

from portal import home
from portal.views import account, outbox, pages, sign_in, staffing

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("reading-mode/", pages.set_reading_mode, name="reading_mode"),
    path("contact/", pages.contact, name="contact"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("verify/", pages.verify_record, name="verify_record"),
    path("healthz", pages.healthz, name="healthz"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("sign-up/", sign_in.sign_up, name="sign_up"),
    path("account/", home.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/phone/", account.change_phone, name="change_phone"),
    path("account/email/", account.change_email, name="change_email"),
    path("account/export/", home.export, name="export"),
    path("messages/", home.inbox, name="messages"),
    path("messages/read/", account.read_messages, name="read_messages"),
    path("staff/", home.staff_home, name="staff_home"),
    path("staff/outbox/", outbox.outbox, name="outbox"),
    path("staff/outbox/<int:pk>/resend/", outbox.resend, name="resend"),
    path("staff/posts/", staffing.posts, name="posts"),
    path("staff/posts/<int:pk>/", staffing.post, name="post"),
    path("staff/accounts/new/", staffing.open_account, name="open_account"),
    path("staff/accounts/close/", staffing.close_account, name="close_account"),
    path("staff/accounts/reopen/", staffing.reopen_account, name="reopen_account"),
    path("staff/accounts/reset/", staffing.reset_account, name="reset_account"),
    path("staff/reset-password/", account.reset_password, name="reset_password"),
]
