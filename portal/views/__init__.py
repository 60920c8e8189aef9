"""门户的页面：error pages are named here because the settings and URL configuration look for them."""

from portal.views.errors import bad_request, csrf_failure, forbidden, not_found, server_error

__all__ = ["bad_request", "csrf_failure", "forbidden", "not_found", "server_error"]
