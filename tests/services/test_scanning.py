"""上传文件的检查：a corpus of bad files, each refused with its sentence, and of good ones, each rebuilt bare."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from PIL import Image

from services import scanning
from services.files import check_file
from services.scanning import Refused

CANARY = "11010519491231002X"


def picture(kind: str = "JPEG", size: tuple[int, int] = (120, 90), mode: str = "RGB", **options: Any) -> bytes:
    """一张图片"""
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def document(pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **options: Any) -> bytes:
    """一个 PDF"""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        if change:
            change(pdf)
        pdf.save(out, **options)
    return out.getvalue()


def with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_launch(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(link)]))


def with_named_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=["a", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")])
    )


def with_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.exe"] = b"MZ"


def with_page_action(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1"))


def with_submit(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="http://example.invalid/")


def with_xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<xdp/>"))


def with_bomb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(b" " * (60 * 1024 * 1024))


ENCRYPTED = pikepdf.Encryption(owner="a", user="b")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
BAD = {
    "网页改名": (b"<html><script>alert(1)</script>", scanning.NOT_A_PICTURE),
    "SVG": (SVG, scanning.NOT_A_PICTURE),
    "XML 开头的 SVG": (b'<?xml version="1.0"?>' + SVG, scanning.NOT_A_PICTURE),
    "GIF": (picture("GIF", mode="P"), scanning.NOT_A_PICTURE),
    "WebP": (picture("WEBP"), scanning.NOT_A_PICTURE),
    "BMP": (picture("BMP"), scanning.NOT_A_PICTURE),
    "TIFF": (picture("TIFF"), scanning.NOT_A_PICTURE),
    "压缩包": (b"PK\x03\x04" + b"\0" * 100, scanning.NOT_A_PICTURE),
    "可执行文件": (b"MZ\x90\0" + b"\0" * 100, scanning.NOT_A_PICTURE),
    "前面垫了字节的 PDF": (b"GIF89a" + document(), scanning.NOT_A_PICTURE),
    "空白": (b" " * 50, scanning.NOT_A_PICTURE),
    "只有 JPEG 头": (b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 9, scanning.BROKEN),
    "只有 PNG 头": (b"\x89PNG\r\n\x1a\n" + SVG, scanning.BROKEN),
    "传了一半的 JPEG": (picture(size=(900, 900))[:900], scanning.BROKEN),
    "传了一半的 PNG": (picture("PNG", size=(900, 900))[:120], scanning.BROKEN),
    "像素炸弹": (picture("PNG", size=(20000, 20000), mode="1"), scanning.TOO_MANY_PIXELS),
    "不是 PDF 的 PDF": (b"%PDF-1.7\n<html>", scanning.BROKEN),
    "加密的 PDF": (document(encryption=ENCRYPTED), scanning.LOCKED),
    "空密码加密的 PDF": (document(encryption=pikepdf.Encryption(owner="a", user="")), scanning.LOCKED),
    "五十一页": (document(51), scanning.TOO_MANY_PAGES),
    "打开就运行": (document(1, with_script), scanning.ACTIVE),
    "名字树里的脚本": (document(1, with_named_script), scanning.ACTIVE),
    "点了运行程序": (document(1, with_launch), scanning.ACTIVE),
    "翻页运行": (document(1, with_page_action), scanning.ACTIVE),
    "夹带附件": (document(1, with_attachment), scanning.ACTIVE),
    "往外寄表单": (document(1, with_submit), scanning.ACTIVE),
    "XFA 表单": (document(1, with_xfa), scanning.ACTIVE),
    "解压炸弹": (document(1, with_bomb, compress_streams=True), scanning.TOO_COMPLEX),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_refused_with_its_sentence(name: str) -> None:
    raw, sentence = BAD[name]

    with pytest.raises(Refused) as refusal:
        check_file(raw)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_jpeg_is_made_anew(mode: str) -> None:
    clean = check_file(picture(mode=mode))

    assert (clean.kind, clean.pages) == ("jpg", 1)
    assert Image.open(io.BytesIO(clean.content)).size == (120, 90)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_png_is_made_anew(mode: str) -> None:
    clean = check_file(picture("PNG", mode=mode))

    assert (clean.kind, clean.pages) == ("png", 1)
    assert Image.open(io.BytesIO(clean.content)).size == (120, 90)


def test_what_follows_a_picture_is_gone() -> None:
    clean = check_file(picture() + b"<script>" + document(1, with_script))

    assert b"script" not in clean.content
    assert b"%PDF" not in clean.content


def test_exif_is_gone_and_its_rotation_is_drawn() -> None:
    exif = Image.Exif()
    exif[0x010E] = CANARY
    exif[0x0112] = 6

    clean = check_file(picture(exif=exif, comment=CANARY.encode()))

    assert CANARY.encode() not in clean.content
    assert Image.open(io.BytesIO(clean.content)).size == (90, 120)


def test_png_text_is_gone() -> None:
    from PIL.PngImagePlugin import PngInfo  # heavy

    notes = PngInfo()
    notes.add_text("Author", CANARY)

    clean = check_file(picture("PNG", pnginfo=notes))

    assert CANARY.encode() not in clean.content


def test_pdf_keeps_its_pages_and_loses_its_metadata() -> None:
    def sign(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Author"] = CANARY
        exif = Image.Exif()
        exif[0x010E] = CANARY
        image = pdf.make_stream(
            picture(exif=exif), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=120, Height=90,
            ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        pdf.pages[0].Contents = pdf.make_stream(b"q 100 0 0 100 0 0 cm /I Do Q")

    clean = check_file(document(3, sign))

    again = pikepdf.open(io.BytesIO(clean.content))
    streams = b"".join(thing.read_raw_bytes() for thing in again.objects if isinstance(thing, pikepdf.Stream))
    assert (clean.kind, clean.pages, len(again.pages)) == ("pdf", 3, 3)
    assert CANARY.encode() not in clean.content + streams
    assert again.pages[0].get_images()


def test_a_dead_process_is_a_refusal() -> None:
    with pytest.raises(Refused) as refusal:
        scanning.read_answer(b"")

    assert str(refusal.value) == scanning.TOO_COMPLEX
