"""设置：one file; production refuses to start without its secrets and hosts."""

import base64
import hashlib
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("PORTAL_DATA", default=str(BASE_DIR / "data")))

PORTAL_MODE = env("PORTAL_MODE", default="demo")
if PORTAL_MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured("PORTAL_MODE 只能是 demo、test 或 production。")
PRODUCTION = PORTAL_MODE == "production"


def env_secret(name: str) -> str:
    """环境变量里的密钥；production fails loudly without it, elsewhere a fixed development value stands in."""
    value: str = env(name, default="")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"正式环境必须设置 {name}。")
    return base64.urlsafe_b64encode(hashlib.sha256(f"development {name}".encode()).digest()).decode()


SECRET_KEY = env_secret("PORTAL_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("PORTAL_SECRET_KEY_FALLBACKS", default=[])
FIELD_KEY = env_secret("PORTAL_FIELD_KEY")
FIELD_KEY_FALLBACKS = env.list("PORTAL_FIELD_KEY_FALLBACKS", default=[])
LOOKUP_KEY = env_secret("PORTAL_LOOKUP_KEY")

DEBUG = env.bool("PORTAL_DEBUG", default=False) and not PRODUCTION
ALLOWED_HOSTS = env.list("PORTAL_ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("正式环境必须设置 PORTAL_ALLOWED_HOSTS。")
CSRF_TRUSTED_ORIGINS = env.list("PORTAL_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env("PORTAL_PUBLIC_URL", default="http://127.0.0.1:8000")  # absolute links never come from a Host header

INSTALLED_APPS = [
    "portal",
    "services",
    "approvals",
    "disclosure",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "portal.middleware.page_cache",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.security_headers",
    "portal.middleware.refuse_malformed",
    "portal.middleware.township",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.sessions.session_care",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.portal_errors",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "NAME": "pages",
        "BACKEND": "portal.templating.Pages",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "environment": "portal.templating.environment",
            "auto_reload": DEBUG,
            "context_processors": ["portal.http.page_context"],
        },
    },
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},  # form widgets, the API reader
]

DATABASES = {
    "default": {
        **env.db("DATABASE_URL", default="postgres:///portal"),
        "ENGINE": "portal.database",
        "CONN_MAX_AGE": env.int("PORTAL_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
    }
}
_timeouts = "-c lock_timeout=5s -c transaction_timeout=10s -c idle_in_transaction_session_timeout=15s"
DATABASES["default"].setdefault("OPTIONS", {})
if not env.bool("PORTAL_LONG_TRANSACTIONS", default=False):
    DATABASES["default"]["OPTIONS"].setdefault("options", _timeouts)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["portal.sign_in.PortalBackend"]
LOGIN_URL = "portal:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_MAX_AGE = 31_536_000 if PRODUCTION else 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_BYTES = 10 * 1024 * 1024
FILES_PER_APPLICATION, FILES_AT_ONCE = 40, 10
REQUEST_MAX_BYTES = 32 * 1024 * 1024  # as in deploy/nginx.conf
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

SESSION_ENGINE = "portal.session_store"
SESSION_COOKIE_AGE = 30 * 60  # idle time of villagers; staff have 15 minutes (portal.sessions)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
BEHIND_PROXY = env.bool("PORTAL_BEHIND_PROXY", default=False)
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = env.bool("PORTAL_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_BACKEND = env("PORTAL_EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env("PORTAL_EMAIL_FROM", default="noreply@example.invalid")

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
PAGE_CACHE_SECONDS = env.int("PORTAL_PAGE_CACHE", default=5)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.http.api_errors",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "全程办开放接口",
    "DESCRIPTION": "乡镇便民服务中心的公开数据：事项、指南、公开栏、办件进度。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]",
    "ENUM_NAME_OVERRIDES": {
        "StateEnum": "services.lifecycle.State",
        "MannerEnum": "services.lifecycle.Manner",
        "ModeEnum": "services.definition.OnTimeout",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.logs.OneLine", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("PORTAL_LOG_LEVEL", default="WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
