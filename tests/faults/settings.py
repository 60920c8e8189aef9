"""扰动测试的设置: the product's own – page cache on, messages as they are sent – with cheap passwords."""

from portal.settings import *  # noqa: F403 - all of it

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
