"""接口网址"""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from portal.api import TownshipsView

app_name = "api"
version_1: list[URLPattern | URLResolver] = [
    path("townships/", TownshipsView.as_view(), name="townships"),
    path("", include("services.api")),
    path("", include("approvals.api")),
    path("", include("disclosure.api")),
]
urlpatterns = [
    path("v1/", include(version_1)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
]
