"""最小站点的网址 – one page that says who asks the database, and whether the owner's address leaked."""

import os

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def page(_request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM auth_user")
        role, count = cursor.fetchone()
    return HttpResponse(f"{role} {count} {'DATABASE_OWNER_URL' in os.environ}")


urlpatterns = [path("", page), path("healthz", page)]
