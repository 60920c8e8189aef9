"""上传文件的检查：sniff, decode and rebuild one file, in a process of its own with limits on time and memory.

`python -m services.scanning` reads the raw file from its input and writes one JSON line and the
rebuilt file. What comes out holds pixels or page drawings only: no EXIF, no author, no script, no
attachment. Pure apart from the two decoders.
"""

import io
import json
import re
import resource
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_PIXELS = 40_000_000
MAX_PAGES = 50
MAX_UNPACKED = 50 * 1024 * 1024
MEMORY = 1024 * 1024 * 1024  # of address space, most of it shared libraries
SECONDS = 10
_JPEG_QUALITY = 88
_PAGE_KEYS = frozenset({"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group", "/UserUnit", "/Parent"})
# What a stream or dictionary may not carry into the rebuilt document.
_LOOSE_KEYS = ("/Metadata", "/PieceInfo", "/AA", "/A", "/JS", "/AF", "/EF", "/OPI", "/F", "/LastModified", "/Ref", "/PS")
_DROPPED_SEGMENTS = frozenset({0xE1, 0xED, 0xFE})  # EXIF and XMP, IPTC, comment

NOT_A_PICTURE = "只收 JPEG、PNG 图片和 PDF。Word 文件请另存为 PDF，纸质材料请拍照。"
CANNOT_OPEN = "打不开，可能坏了。请重新拍照，或另存一份再传。"  # called like one we take, and is none inside
BROKEN = "打不开，可能没传完整。请重新拍照或扫描，再传一次。"
TOO_MANY_PIXELS = "图片太大，超过4000万像素。请把手机拍照调成普通清晰度，再拍一张。"
LOCKED = "加了密码，我们打不开。请去掉密码再传。"
TOO_MANY_PAGES = f"页数太多，最多{MAX_PAGES}页。请分成几份传。"
TOO_COMPLEX = "太复杂，处理不了。请打印出来拍照，或另存一份再传。"
ACTIVE = "里面夹带了程序或别的文件，为了安全不能收。请另存或打印成一份干净的 PDF，再传。"


class Refused(ValueError):
    """不能收: its text completes a sentence that begins with the file's name."""


@dataclass(frozen=True, slots=True)
class CleanFile:
    """重新做过的文件"""

    kind: str  # jpg, png, pdf
    content: bytes
    pages: int = 1


def kind_of(raw: bytes) -> str:
    """看开头几个字节是什么格式; empty for anything not taken."""
    if raw.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "pdf" if raw.startswith(b"%PDF-") else ""


def rebuild(raw: bytes) -> CleanFile:
    """检查并重做一个文件; Refused with the reason."""
    kind = kind_of(raw)
    if not kind:
        raise Refused(NOT_A_PICTURE)
    return _rebuild_document(raw) if kind == "pdf" else _rebuild_picture(raw, kind)


def _rebuild_picture(raw: bytes, kind: str) -> CleanFile:
    from PIL import Image, ImageOps  # heavy: only this process needs it

    Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
    try:
        picture: Any = Image.open(io.BytesIO(raw), formats=["PNG"] if kind == "png" else ["JPEG", "MPO"])
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused(TOO_MANY_PIXELS)
        picture.load()
        picture = ImageOps.exif_transpose(picture)
        if kind == "jpg" or picture.mode not in {"1", "L", "LA", "P", "RGB", "RGBA"}:
            picture = picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
        bare = Image.new(picture.mode, picture.size)
        if picture.mode == "P":
            bare.putpalette(picture.getpalette() or [])
        bare.paste(picture)
        out = io.BytesIO()
        bare.save(out, "PNG") if kind == "png" else bare.save(out, "JPEG", quality=_JPEG_QUALITY)
    except Refused:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, zlib.error):
        raise Refused(BROKEN) from None
    return CleanFile(kind, out.getvalue())


def _rebuild_document(raw: bytes) -> CleanFile:
    import pikepdf  # heavy: only this process needs it

    try:
        with pikepdf.open(io.BytesIO(raw)) as source:
            if source.is_encrypted:
                raise Refused(LOCKED)
            count = len(source.pages)
            if not count:
                raise Refused(BROKEN)
            if count > MAX_PAGES:
                raise Refused(TOO_MANY_PAGES)
            _refuse_active(source, pikepdf)
            _measure(source, pikepdf)
            return CleanFile("pdf", _copy_pages(source, pikepdf), count)
    except Refused:
        raise
    except pikepdf.PasswordError:
        raise Refused(LOCKED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Refused(BROKEN) from None


def _refuse_active(source: Any, pikepdf: Any) -> None:
    """夹带的程序和文件: JavaScript, Launch and embedded files are refused, not silently dropped."""
    for thing in _dictionaries(source, pikepdf):
        action, kind = str(thing.get("/S", "")), str(thing.get("/Type", ""))
        subtype = str(thing.get("/Subtype", ""))
        if action in {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"} or "/JS" in thing or "/JavaScript" in thing:
            raise Refused(ACTIVE)
        if kind == "/EmbeddedFile" or "/EF" in thing or "/EmbeddedFiles" in thing:
            raise Refused(ACTIVE)
        if subtype in {"/RichMedia", "/FileAttachment", "/Movie", "/3D", "/Screen"} or "/XFA" in thing:
            raise Refused(ACTIVE)


def _dictionaries(source: Any, pikepdf: Any) -> Iterator[Any]:
    """所有字典, those written inside others too; an indirect one is met once, by itself."""
    waiting = list(source.objects)
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            values = list(thing)
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing
            values = [thing[key] for key in thing.keys()]  # noqa: SIM118 - not a dict
        else:
            continue
        waiting += [value for value in values if isinstance(value, pikepdf.Object) and not value.is_indirect]


def _measure(source: Any, pikepdf: Any) -> None:
    """解开以后有多大: deflated streams are unpacked piece by piece and counted."""
    left = MAX_UNPACKED
    for thing in source.objects:
        if not isinstance(thing, pikepdf.Stream):
            continue
        filters = str(thing.get("/Filter", ""))
        raw = thing.read_raw_bytes()
        if filters.count("/FlateDecode") + filters.count("/Fl ") > 1:
            raise Refused(TOO_COMPLEX)
        left -= _unpacked(raw, left) if "/FlateDecode" in filters else len(raw)
        if left < 0:
            raise Refused(TOO_COMPLEX)


def _unpacked(raw: bytes, limit: int) -> int:
    decoder, size = zlib.decompressobj(), 0
    try:
        while raw and size <= limit:
            size += len(decoder.decompress(raw, 1 << 20))
            raw = decoder.unconsumed_tail
    except zlib.error:
        return size  # the drawing is cut short; the reader shows what there is
    return size


def _copy_pages(source: Any, pikepdf: Any) -> bytes:
    """只抄页面上画的: a new document with the pages' drawings and resources, nothing else."""
    source.flatten_annotations("screen")
    fresh = pikepdf.new()
    for page in source.pages:
        for key in [key for key in page.obj.keys() if key not in _PAGE_KEYS]:  # noqa: SIM118 - not a dict
            del page.obj[key]
        fresh.pages.append(page)
    for thing in fresh.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            _strip(thing, pikepdf)
    out = io.BytesIO()
    fresh.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _strip(thing: Any, pikepdf: Any) -> None:
    for key in _LOOSE_KEYS:
        if key in thing and str(thing.get("/Type", "")) not in {"/Page", "/ExtGState", "/Font"}:
            del thing[key]
    if isinstance(thing, pikepdf.Stream) and str(thing.get("/Filter", "")) == "/DCTDecode":
        thing.write(strip_jpeg(thing.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def strip_jpeg(raw: bytes) -> bytes:
    """去掉 JPEG 里的拍摄信息: segments before the picture itself, by the length each one states."""
    if not raw.startswith(b"\xff\xd8"):
        return raw
    kept, place = [raw[:2]], 2
    while place + 4 <= len(raw) and raw[place] == 0xFF:
        marker = raw[place + 1]
        if marker == 0xDA:
            break
        end = place + 2 + int.from_bytes(raw[place + 2 : place + 4], "big")
        if marker not in _DROPPED_SEGMENTS:
            kept.append(raw[place:end])
        place = end
    return b"".join(kept) + raw[place:]


def main() -> None:
    """进程的入口: one file in, one line and the rebuilt file out."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    raw = sys.stdin.buffer.read()
    answer: dict[str, Any]
    content = b""
    try:
        clean = rebuild(raw)
        answer, content = {"kind": clean.kind, "pages": clean.pages}, clean.content
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except (MemoryError, RecursionError):
        answer = {"refused": TOO_COMPLEX}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)


def read_answer(out: bytes) -> CleanFile:
    """另一个进程的回答; Refused for a refusal or for a process that died."""
    line, _, content = out.partition(b"\n")
    if not re.fullmatch(rb"\{.*\}", line):
        raise Refused(TOO_COMPLEX)
    answer = json.loads(line)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return CleanFile(answer["kind"], content, answer["pages"])


if __name__ == "__main__":
    main()
