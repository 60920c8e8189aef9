"""最小站点的设置 – just enough for the launcher to have something to start."""

import os

import environ

SECRET_KEY = os.environ["PORTAL_SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["portal", "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.staticfiles"]
DATABASES = {"default": environ.Env().db("DATABASE_URL", default="postgres:///portal")}
ROOT_URLCONF = "portal.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
STATIC_ROOT = os.path.join(os.environ["PORTAL_DATA"], "static")
CELERY_BROKER_URL = os.environ.get("REDIS_URL")
