"""网址：the composition of all apps' pages and the API."""

from django.urls import include, path

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "portal.views.server_error"

urlpatterns = [
    # No two of them share an address; those asked for most and not kept come first.
    path("", include("approvals.urls")),
    path("", include("disclosure.urls")),
    path("", include("services.urls")),
    path("", include("portal.page_urls")),
    path("api/", include("portal.api_urls")),
]
