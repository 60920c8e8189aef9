"""密钥：the deployment's keys, read once from the settings."""

from functools import cache

from django.conf import settings

from portal.privacy import Keys, make_keys


@cache
def keys() -> Keys:
    """本部署的密钥组"""
    return make_keys([settings.FIELD_KEY, *settings.FIELD_KEY_FALLBACKS], settings.LOOKUP_KEY)
