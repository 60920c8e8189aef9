"""网址：the composition of all apps' pages and the API."""

from django.urls import include, path

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "portal.views.server_error"

urlpatterns = [
    path("", include("portal.page_urls")),
    path("", include("services.urls")),
    path("", include("approvals.urls")),
    path("", include("disclosure.urls")),
    path("api/", include("portal.api_urls")),
]
