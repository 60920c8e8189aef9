"""应用配置：registers the checks of the database the portal runs on."""

from django.apps import AppConfig

from portal import checks


class PortalConfig(AppConfig):
    """门户与基础"""

    name = "portal"
    verbose_name = "门户与基础"
    checks = checks  # importing them registers them
