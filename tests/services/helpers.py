"""页面测试共用的：a filled-in person, a photo, the text of an answer."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PERSON = {
    "name": "安示例",
    "id_type": "居民身份证",
    "id_number": "11010519491231002x",
    "phone": "0000-555 0001",
    "village": "liuwan",
    "address": "三组12号",
}
DRAFT_PAGES = ["", "questions/", "part/1/", "materials/", "check/", "drop/"]


def photo(color: str = "red", name: str = "照片.jpg") -> SimpleUploadedFile:
    """一张照片"""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def text(response: Any) -> str:
    """页面文字"""
    return str(response.content.decode())
