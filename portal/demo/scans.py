"""演示的材料样张：one plain sheet that says what it stands for, so that a clerk of the demo has something to look at."""

import io
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SIZE, MARGIN = (620, 877), 60  # A4 upright
SIMPLIFIED = 2  # the face in the collection
PAPER, INK, QUIET = (255, 255, 255), (30, 28, 25), (110, 104, 96)


def scan(name: str) -> SimpleUploadedFile:
    """一样材料的样张，像手机拍的那样传上来: a JPEG of A4 shape."""
    return SimpleUploadedFile("示例材料.jpg", _sheet(name), content_type="image/jpeg")


@cache
def _sheet(name: str) -> bytes:
    from PIL import Image, ImageDraw  # heavy, and only the demo's first start needs them

    sheet = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle([MARGIN // 2, MARGIN // 2, SIZE[0] - MARGIN // 2, SIZE[1] - MARGIN // 2], outline=QUIET)
    draw.multiline_text((MARGIN, MARGIN * 2), "\n".join(wrap(name, 14)), font=_font(34), fill=INK, spacing=14)
    draw.text((MARGIN, SIZE[1] - MARGIN * 2), "〔示例〕演示用的样张，不是真的材料", font=_font(22), fill=QUIET)
    stored = io.BytesIO()
    sheet.save(stored, "JPEG", quality=80)
    return stored.getvalue()


@cache
def _font(size: int) -> "FreeTypeFont":
    import manimgx_fonts_cjk
    from PIL import ImageFont

    font = ImageFont.truetype(next(Path(manimgx_fonts_cjk.__file__).parent.glob("*.ttc")), size, index=SIMPLIFIED)
    font.set_variation_by_name("Regular")
    return font
