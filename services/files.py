"""材料的附件：taken in after a check, kept sealed, opened only for those who may see the application."""

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse

from portal.clock import portal_now
from portal.errors import InvalidInput, PortalError, WrongState
from portal.models import Post, User
from services.lifecycle import FINAL
from services.models import AccessRecord, Application, Attachment
from services.scanning import CANNOT_OPEN, NOT_A_PICTURE, TOO_COMPLEX, CleanFile, Refused, read_answer
from services.storage import claim, clear, expect, read_sealed, release, write_sealed

MIME = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
SUFFIXES = (".jpg", ".jpeg", ".png", ".pdf")
FORMATS = {"jpg": "JPEG 图片", "png": "PNG 图片", "pdf": "PDF"}
# Files beside the materials of the item: where they stand, and what they are called.
RECEIPT_SCAN, DEATH_PROOF = "receipt-scan", "death-proof"
_BESIDE = {RECEIPT_SCAN: "盖有收件日期的那一页", DEATH_PROOF: "去世的证明"}
_CHECK_SECONDS = 20
# No script, no plug-in, no form: even a file that slipped through can do nothing in the reader's session.
_FILE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


def check_file(raw: bytes) -> CleanFile:
    """在另一个进程里检查并重做; Refused with the reason, also when that process dies or takes too long."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "services.scanning"],
            input=raw,
            capture_output=True,
            timeout=_CHECK_SECONDS,
            cwd=settings.BASE_DIR,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(TOO_COMPLEX) from None
    return read_answer(done.stdout)


def add_files(
    *, application: Application, material: str, uploads: Sequence[UploadedFile], by: User
) -> tuple[list[Attachment], list[str]]:
    """收下一批文件: (those taken, a sentence for each one refused). The caller has checked who `by` is.

    Also for 补正: any running application takes files, a closed one does not (WrongState).
    """
    taken: list[Attachment] = []
    wrong: list[str] = []
    if len(uploads) > settings.FILES_AT_ONCE:
        wrong.append(f"一次最多收{settings.FILES_AT_ONCE}个文件，后面的没有收，请再传一次。")
    for upload in uploads[: settings.FILES_AT_ONCE]:
        name = _shown_name(upload)
        try:
            raw = _read(upload)
            taken.append(_keep(application, material, check_file(raw), by))
        except Refused as refusal:
            wrong.append(f"「{name}」{_why(name, refusal)}")
    return taken, wrong


def _read(upload: UploadedFile) -> bytes:
    limit = settings.FILE_UPLOAD_MAX_BYTES
    if not upload.size:
        raise Refused("是空的，里面没有内容。请重新选一个。")
    if upload.size > limit:
        raise Refused(f"太大，一个文件最多{limit // 1024 // 1024}兆。请拍清楚一点、范围小一点，或分成几份。")
    raw: bytes = upload.read()
    return raw


def _shown_name(upload: UploadedFile) -> str:
    """对方起的文件名，只在这一次的提示里用: never stored, never part of a path."""
    name = "".join(sign for sign in (upload.name or "文件") if sign.isprintable())
    return name if len(name) <= 30 else name[:20] + "…" + name[-8:]


def _why(name: str, refusal: Refused) -> str:
    """为什么不收: who sent a .pdf is not helped by hearing that PDF is what we take."""
    reason = str(refusal)
    return CANNOT_OPEN if reason == NOT_A_PICTURE and name.lower().endswith(SUFFIXES) else reason


def _keep(application: Application, material: str, clean: CleanFile, by: User) -> Attachment:
    """写盘，再记一行: the same content again is the same file, so a retried upload leaves one."""
    digest, token = hashlib.sha256(clean.content).hexdigest(), uuid4()
    expect(token)
    try:
        write_sealed(token, clean.content)
        with transaction.atomic():
            locked = Application.objects.select_for_update().get(pk=application.pk)
            if locked.state in FINAL:
                raise WrongState("这件事已经办结，不能再交材料。")
            live = live_attachments(locked)
            same = live.filter(material=material, digest=digest).first()
            if same is not None:
                clear([token])
                return same
            if live.count() >= settings.FILES_PER_APPLICATION:
                raise Refused(f"没有收：一份申请最多传{settings.FILES_PER_APPLICATION}个文件。多的请带到窗口。")
            if not claim(token):
                raise Refused("没有收：存的时间太久，中断了。请再传一次。")
            return Attachment.objects.create(
                application=locked,
                material=material,
                token=token,
                kind=clean.kind,
                size=len(clean.content),
                pages=clean.pages,
                digest=digest,
                uploaded_by=by,
                uploaded_at=portal_now(),
            )
    except (PortalError, Refused):  # after any other error it is for the table to say whether it was kept
        clear([token])
        raise


def live_attachments(application: Application) -> QuerySet[Attachment]:
    """一件申请现有的附件, in the order they came."""
    return Attachment.objects.filter(application=application, removed_at=None).order_by("id")


def remove_file(*, application: Application, token: UUID) -> Attachment:
    """删去草稿里的一个文件, from the table and from disk; WrongState once filed, InvalidInput if it is not there."""
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=application.pk)
        if locked.state != "draft":
            raise WrongState("申请已经提交，交上来的文件不能删。交错了请跟窗口说明。")
        attachment = live_attachments(locked).filter(token=token).first()
        if attachment is None:
            raise InvalidInput("这个文件已经删掉了。")
        attachment.delete()
        release([token])
    return attachment


def open_attachment(attachment: Attachment) -> bytes:
    """读出附件的内容; InvalidInput if it is missing or not what was stored. Permission is the caller's."""
    try:
        content = read_sealed(attachment.token)
    except (OSError, ValueError, InvalidTag):
        raise InvalidInput("这个文件现在打不开，可能存储出了问题。请打便民电话，我们马上查。") from None
    if hashlib.sha256(content).hexdigest() != attachment.digest:
        raise InvalidInput("这个文件和交上来时不一样，不能打开。请打便民电话，我们马上查。")
    return content


def name_of(attachment: Attachment) -> str:
    """附件是哪样材料"""
    names = {m.key: m.name for m in attachment.application.rules.materials}
    return names.get(attachment.material) or _BESIDE.get(attachment.material, "材料")


def attachment_response(attachment: Attachment) -> HttpResponse:
    """把附件送给有权看的人: pictures in place, PDF as a download, neither able to run anything."""
    response = HttpResponse(open_attachment(attachment), content_type=MIME[attachment.kind])
    place = "attachment" if attachment.kind == "pdf" else "inline"
    plain = f"{attachment.application.number}-{attachment.pk}.{attachment.kind}"
    name = quote(f"{name_of(attachment)}.{attachment.kind}", safe="")
    response["Content-Disposition"] = f"{place}; filename=\"{plain}\"; filename*=UTF-8''{name}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _FILE_POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def record_reading(*, application: Application, by: User, post: Post | None, what: str, reason: str) -> AccessRecord:
    """记下工作人员看了村民的什么 (D3), so that the applicant can see who looked."""
    return AccessRecord.objects.create(
        application=application, user=by, post=post, what=what[:40], reason=reason[:120], at=portal_now()
    )


