"""读一份 PDF：pages, size, fonts, text and codes, with other programs than the one that made it."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image

POINTS_TO_MM = 25.4 / 72
CJK = "NotoSansCJK"


@dataclass(frozen=True)
class Pdf:
    """一份 PDF"""

    data: bytes

    @cached_property
    def _document(self) -> Any:
        return pypdfium2.PdfDocument(self.data)

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """每页的大小，毫米"""
        pages = [self._document[n].get_size() for n in range(len(self._document))]
        return [(round(width * POINTS_TO_MM), round(height * POINTS_TO_MM)) for width, height in pages]

    def page_text(self, page: int) -> str:
        """某页的文字, without the blanks and line ends that setting puts in."""
        raw: str = self._document[page].get_textpage().get_text_bounded()
        return "".join(raw.replace("\u200b", "").split())

    @property
    def text(self) -> str:
        """全部文字"""
        return "".join(self.page_text(n) for n in range(len(self._document)))

    def picture(self, page: int = 0, dots: int = 144) -> Image.Image:
        """某页的样子"""
        image: Image.Image = self._document[page].render(scale=dots / 72).to_pil()
        return image

    @property
    def codes(self) -> list[str]:
        """第一页上的二维码"""
        return [
            found.text
            for found in zxingcpp.read_barcodes(self.picture(), formats=zxingcpp.BarcodeFormat.QRCode)
        ]

    @cached_property
    def fonts(self) -> dict[str, bool]:
        """用到的字体, and whether its glyphs are in the file."""
        found: dict[str, bool] = {}
        with pikepdf.open(BytesIO(self.data)) as document:
            for page in document.pages:
                for font in (page.resources.get("/Font") or {}).values():
                    for part in font.get("/DescendantFonts", [font]):
                        descriptor = part.get("/FontDescriptor", {})
                        embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                        found[str(part["/BaseFont"]).lstrip("/")] = embedded
        return found

    @property
    def is_flat(self) -> bool:
        """没有脚本、动作和附件"""
        with pikepdf.open(BytesIO(self.data)) as document:
            names = document.Root.get("/Names", {})
            active = (
                "/OpenAction" in document.Root,
                "/AA" in document.Root,
                "/JavaScript" in names,
                "/EmbeddedFiles" in names,
            )
            return not any(active)
