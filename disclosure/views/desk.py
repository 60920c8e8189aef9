"""办公开：lists by state, drafting, review, publication, revision, withdrawal (C2)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosure import actions, differences
from disclosure.forms import NewNoticeForm, NoticeForm, ReviewForm, RevisionForm, WithdrawForm, show_refusal
from disclosure.models import NoticeRevision, NoticeState
from disclosure.permissions import desk_duties, may_publish, may_review, visible_revisions
from disclosure.queries.notices import desk_lists
from portal.clock import portal_now
from portal.errors import NotAllowed, PortalError
from portal.http import form_key, load_or_404, township_of, user_of
from portal.models import Duty, User

BUTTONS = {"submit": "送审", "publish": "发布", "withdraw": "撤下"}


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """办公开的首页: what waits for review, for publication, what is being drafted, what stands."""
    user, township, now = user_of(request), township_of(request), portal_now()
    duties = desk_duties(user, township, now)
    if not duties:
        raise NotAllowed("公开拟稿、审核、发布岗的人才能进这一页。")
    context = {
        "nav": "desk",
        "now": now,
        "duties": [Duty(duty).label for duty in sorted(duties)],
        "may_draft": Duty.DRAFT in duties,
        "lists": desk_lists(visible_revisions(user, now), township),
    }
    return render(request, "disclosure/desk.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """新拟一条公告"""
    user, township = user_of(request), township_of(request)
    if Duty.DRAFT not in desk_duties(user, township, portal_now()):
        raise NotAllowed("公开拟稿岗的人才能拟公告。")
    form = NewNoticeForm(request.POST or None, township=township, initial={"key": form_key()})
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            revision = actions.draft_notice(
                township=township, by=user, key=data["key"], column=data["column"], village=data["village"], text=form.text()
            )
            messages.success(request, "草稿存好了。看一遍，没有问题就送审。")
            return to_revision(revision)
        except PortalError as error:
            status = show_refusal(form, error)
    context = {"nav": "desk", "form": form, "heading": "新拟一条"}
    return render(request, "disclosure/write.html", context, status=status)


@login_required
@require_safe
def desk_revision(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """一版的办理页: text, what the scanner found, what may be done by whom."""
    return show(request, load(request, number, ordinal), {})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """改草稿"""
    revision, user = load(request, number, ordinal), user_of(request)
    kind = RevisionForm if revision.ordinal > 1 else NoticeForm
    current = revision.notice.current
    kept = current.ends_on if current is not None else None
    form = kind(request.POST or None, township=revision.notice.township, kept=kept, initial=typed(revision))
    return write(
        request, form, revision, lambda: actions.save_draft(revision=revision, by=user, text=form.text()), "改草稿"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """修订一条已发布的公告"""
    revision, user = load(request, number, ordinal), user_of(request)
    initial = {**typed(revision), "change_note": ""}
    form = RevisionForm(request.POST or None, township=revision.notice.township, kept=revision.ends_on, initial=initial)
    return write(
        request, form, revision, lambda: actions.revise(notice=revision.notice, by=user, text=form.text()), "拟修订稿"
    )


@login_required
@require_POST
def submit(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """送审"""
    revision, user = load(request, number, ordinal), user_of(request)
    return act(request, revision, lambda: actions.submit(revision=revision, by=user), "已送审。")


@login_required
@require_POST
def review(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """审核: passed on, or returned."""
    revision, user = load(request, number, ordinal), user_of(request)
    form = ReviewForm(request.POST, with_numbers=bool(actions.scan(revision)))
    approve = request.POST.get("verdict") == "approve"
    done = "审核通过，等发布。" if approve else "已退回拟稿人。"

    def decide() -> None:
        actions.review(revision=revision, by=user, verdict=form.verdict(approve=approve))

    return act(request, revision, decide, done, review_form=form)


@login_required
@require_POST
def publish(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """发布"""
    revision, user = load(request, number, ordinal), user_of(request)
    done = "已发布，公开栏几秒之内就能看到。"
    return act(request, revision, lambda: actions.publish(revision=revision, by=user), done)


@login_required
@require_POST
def withdraw(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """撤下"""
    revision, user = load(request, number, ordinal), user_of(request)
    form = WithdrawForm(request.POST)

    def take_down() -> None:
        actions.withdraw(notice=revision.notice, by=user, reason=form.cleaned_data["reason"])

    return act(request, revision, take_down, "已撤下，公告页留着，写明了理由。", withdraw_form=form)


def load(request: HttpRequest, number: str, ordinal: int) -> NoticeRevision:
    """此人办公开时看得到的一版, or 404."""
    rows = visible_revisions(user_of(request), portal_now()).filter(notice__township=township_of(request))
    people = ("drafted_by__person", "reviewed_by__person", "published_by__person", "notice__withdrawn_by__person")
    related = rows.select_related("notice__township", "notice__village", "notice__current", "office", *people)
    return load_or_404(related, notice__number=number.upper(), ordinal=ordinal)


def to_revision(revision: NoticeRevision) -> HttpResponse:
    """转到一版的办理页"""
    return redirect("disclosure:desk_revision", revision.notice.number, revision.ordinal)


def typed(revision: NoticeRevision) -> dict[str, Any]:
    """表单里先填好的"""
    day = f"{revision.ends_on.year}-{revision.ends_on.month}-{revision.ends_on.day}" if revision.ends_on else ""
    return {
        "title": revision.title,
        "body": revision.body,
        "office": revision.office_id,
        "ends_on": day,
        "change_note": revision.change_note,
    }


def write(
    request: HttpRequest, form: NoticeForm, revision: NoticeRevision, save: Callable[[], NoticeRevision], heading: str
) -> HttpResponse:
    """一张写稿的表: saved, or shown again with its sentences and everything that was typed."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
            messages.success(request, "存好了。看一遍，没有问题就送审。")
            return to_revision(saved)
        except PortalError as error:
            status = show_refusal(form, error)
    context = {"nav": "desk", "form": form, "heading": heading, "revision": revision}
    return render(request, "disclosure/write.html", context, status=status)


def act(
    request: HttpRequest, revision: NoticeRevision, do: Callable[[], object], done: str, **forms: Form
) -> HttpResponse:
    """办一步: done and back to the page, or the page again with the refusal on it."""
    form = next(iter(forms.values()), None) or Form({})
    status = 400
    if form.is_valid():
        try:
            do()
            messages.success(request, done)
            return to_revision(revision)
        except PortalError as error:
            status = show_refusal(form, error)
    return show(request, load(request, revision.notice.number, revision.ordinal), {**forms, "form": form}, status)


def show(request: HttpRequest, revision: NoticeRevision, forms: dict[str, Form], status: int = 200) -> HttpResponse:
    """一版的办理页"""
    user, notice = user_of(request), revision.notice
    duties = desk_duties(user, notice.township, portal_now())
    found = actions.found_numbers(revision)
    context = {
        "nav": "desk",
        "revision": revision,
        "notice": notice,
        "blocks": differences.read(revision.body),
        "changed": compared(revision),
        "found": found,
        "again": pressed(request),
        **allowed(user, revision, duties),
        "barred": barred(revision, user.pk, duties),
        "review_form": ReviewForm(with_numbers=bool(found)),
        "withdraw_form": WithdrawForm(),
        **forms,
    }
    return render(request, "disclosure/desk_revision.html", context, status=status)


def allowed(user: User, revision: NoticeRevision, duties: set[str]) -> dict[str, bool]:
    """这个人现在能办的"""
    notice, state = revision.notice, revision.state
    stands = notice.current_id == revision.pk and notice.withdrawn_at is None
    return {
        "may_edit": state == NoticeState.DRAFT and Duty.DRAFT in duties,
        "may_review": state == NoticeState.REVIEW and may_review(user, revision, duties),
        "may_return": state == NoticeState.APPROVED and may_review(user, revision, duties),
        "may_publish": state == NoticeState.APPROVED and may_publish(user, revision, duties),
        "may_revise": stands and Duty.DRAFT in duties,
        "may_withdraw": stands and Duty.PUBLISH in duties,
    }


def pressed(request: HttpRequest) -> str:
    """刚才按的那个按钮, which the list of mistakes names."""
    if "verdict" in request.POST:
        return "两项都通过" if request.POST["verdict"] == "approve" else "退回拟稿人"
    return BUTTONS.get(request.path_info.rstrip("/").rpartition("/")[2], "")


def compared(revision: NoticeRevision) -> list[differences.Block]:
    """修订稿改了哪些; empty for a first draft."""
    current = revision.notice.current
    if current is None or current.pk == revision.pk:
        return []
    return differences.blocks(differences.compare(current.body, revision.body))


def barred(revision: NoticeRevision, user_id: int, duties: set[str]) -> list[dict[str, str]]:
    """现在不能办的和为什么"""
    own = revision.drafted_by_id == user_id
    state = revision.state
    rows = []
    if state == NoticeState.REVIEW and not (Duty.DISCLOSURE_REVIEW in duties and not own):
        rows.append(("审核", "自己拟的稿，要另一位审核人审" if own else "归公开审核岗"))
    if state == NoticeState.APPROVED and not (Duty.PUBLISH in duties and not own):
        rows.append(("发布", "自己拟的稿，要另一位发布人发" if own else "归公开发布岗"))
    if state == NoticeState.DRAFT and Duty.DRAFT not in duties:
        rows.append(("修改、送审", "归公开拟稿岗"))
    return [{"label": label, "reason": reason} for label, reason in rows]
