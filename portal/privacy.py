"""个人信息保护：sealing per field, keyed look-up hashes, and masks. Pure: keys are arguments.

A sealed value is key id (1 byte) + nonce (12) + AES-256-GCM ciphertext, so that keys can be
rotated and the algorithm replaced without touching rows (个人信息保护法 51).
"""

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


@dataclass(frozen=True, slots=True)
class Keys:
    """密钥组: the first field key seals, all of them open; the look-up key never leaves the process."""

    field_keys: tuple[bytes, ...]
    lookup_key: bytes

    def seal(self, plain: bytes) -> bytes:
        """加密一段内容"""
        nonce = os.urandom(_NONCE)
        key = self.field_keys[0]
        return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """解密; ValueError if no key fits, cryptography's InvalidTag if the content was altered."""
        for key in self.field_keys:
            if sealed[:1] == _key_id(key):
                return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], None)
        raise ValueError("没有能打开这段内容的密钥")

    def seal_text(self, text: str) -> bytes:
        """加密文字; empty text stays empty."""
        return self.seal(text.encode()) if text else b""

    def open_text(self, sealed: bytes) -> str:
        """解密文字"""
        return self.open(sealed).decode() if sealed else ""

    def lookup(self, kind: str, value: str) -> str:
        """查找值: HMAC-SHA256 of the normalised value, 64 hex digits; empty for empty."""
        if not value:
            return ""
        return hmac.new(self.lookup_key, f"{kind}:{normalise(value)}".encode(), hashlib.sha256).hexdigest()


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key id" + key).digest()[:1]


def make_keys(field_keys: list[str], lookup_key: str) -> Keys:
    """从设置里的 base64 文字做密钥组; ValueError unless every key is 32 bytes."""
    opened = tuple(base64.urlsafe_b64decode(text) for text in field_keys)
    lookup = base64.urlsafe_b64decode(lookup_key)
    if any(len(key) != 32 for key in (*opened, lookup)):
        raise ValueError("密钥必须是 32 字节的 base64")
    return Keys(opened, lookup)


_MONTH_AND_DAY = r"(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])"
_NEW = rf"(?:18|19|20)\d\d[ -]?{_MONTH_AND_DAY}[ -]?\d{{3}}[\dXx]"
_OLD = rf"\d\d{_MONTH_AND_DAY}[ -]?\d{{3}}"
_IDENTITY = re.compile(rf"(?<!\d)\d{{6}}[ -]?(?:{_NEW}|{_OLD})(?!\d)", re.ASCII)
_WIDE = str.maketrans("０１２３４５６７８９ｘＸ", "0123456789xX")


def normalise(value: str) -> str:
    """统一写法: full-width digits, spaces, dashes and letter case."""
    return re.sub(r"[\s\-－—]", "", value.translate(_WIDE)).upper()


def mask_name(name: str) -> str:
    """姓名脱敏: 张三 → 张*, 张示例 → 张*例, four or more characters keep the first and last."""
    if len(name) <= 1:
        return "*"
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * min(len(name) - 2, 4) + name[-1]


def shown_name(name: str, *, staff: bool) -> str:
    """页面上的称呼: staff in full (their post is public), villagers masked."""
    return name if staff else mask_name(name)


def mask_phone(phone: str) -> str:
    """电话脱敏: the middle is hidden."""
    return phone[:3] + "****" + phone[-4:] if len(phone) >= 8 else "****"


def mask_identity(number: str) -> str:
    """证件号码脱敏: only the last two characters stay."""
    return "*" * max(len(number) - 2, 4) + number[-2:] if number else ""


def mask_identities(text: str) -> str:
    """一段话里的身份证号脱敏: 18 digits, or 15 of the old kind, that carry a birth date; only the last two characters stay.

    The check character is not asked for: a number copied wrong is still somebody's, all but one digit of it.
    """
    plain = text.translate(_WIDE)  # sign for sign, so that places agree
    for found in reversed(list(_IDENTITY.finditer(plain))):
        start, end = found.span()
        text = text[:start] + mask_identity(text[start:end]) + text[end:]
    return text
