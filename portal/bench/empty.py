"""空视图：what every figure is divided by – Django, no middleware, one view. Served on its own by gunicorn."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="empty")


def empty(_request: HttpRequest) -> HttpResponse:
    """什么也不做"""
    return HttpResponse("ok")


urlpatterns = [path("", empty)]
application = get_wsgi_application()
