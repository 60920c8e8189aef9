"""首页、工作首页、我的账号：the pages that put together what every app has; composition, it may name them all."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from approvals.queries.cards import card_words
from approvals.queries.desk import CAP, COUNTED, settled_work
from approvals.queries.oversight import Owed, owed_by
from disclosure.models import Column
from disclosure.queries import MonthLedger, announcements, month_ledger
from portal import actions, privacy, queries
from portal.clock import portal_now
from portal.errors import NotAllowed
from portal.http import township_of, user_of
from portal.keys import keys
from portal.limits import day_of
from portal.models import Message, Township, User
from portal.numbers import grouped
from portal.pagecache import mark_public
from portal.pagewords import cn_datetime
from portal.permissions import Power, powers_of
from portal.roster import HEADS
from portal.staff_places import PLACES
from portal.views.account import whole_number
from portal.wording import message_text
from services.actions import form_values
from services.lifecycle import State
from services.models import AccessRecord, Application, ServiceItem
from services.permissions import applications_about
from services.queries import SAMPLE, names_of

# 服务对象, and how many of each the home page shows
AUDIENCES = {"个人": 5, "企业": 4, "村集体": 4}
COMMON_WORDS = ("高龄津贴", "医保", "建房", "低保", "残疾人证")
READERS = 20
MESSAGES = 20
CARD_LIGHTS = {"card_yellow": {"light": "临期", "card": "黄牌"}, "card_red": {"light": "超期", "card": "红牌"}}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """首页: five seconds to the right matter."""
    township, now = township_of(request), portal_now()
    items = open_items(township)
    context = {
        "today": day_of(now),
        "counted_at": now,
        "ledger": ledger_lines(month_ledger(township, now)),
        "item_count": items.count(),
        "common_words": [{"word": word, "url": search_url(q=word)} for word in COMMON_WORDS],
        "popular": [popular(items, audience, size) for audience, size in AUDIENCES.items()],
        "duty": queries.duty_desks(township, now),
        "rest": queries.rest_words(now),
        "duty_url": reverse("portal:contact"),
        "announcements": announcements(township),
    }
    return mark_public(render(request, "portal/home.html", context))


def ledger_lines(month: MonthLedger) -> list[dict[str, Any]]:
    """本月的账，超期和默认都能点开看"""
    defaults = reverse("disclosure:column", args=[Column.DEFAULTS])
    return [
        {"value": month.closed, "unit": "件", "label": "本月办结"},
        {"value": month.on_time, "unit": "件", "label": "按时" + _but_not(month)},
        {"value": month.overdue, "unit": "件", "label": f"本月到期没办{_of_them(month)}，看理由", "url": defaults},
        {"value": month.deemed, "unit": "件", "label": "到期没人回话，按默认办", "url": defaults},
    ]


def _but_not(month: MonthLedger) -> str:
    told = [(month.extended, "延长以后才办结"), (month.by_default, "到期默认"), (month.closed_late, "到期以后才办结")]
    return "".join(f"，另{count}件{word}" for count, word in told if count)


def _of_them(month: MonthLedger) -> str:
    """超期的件后来怎样: they are not all among the closed ones, so the reader is told how many are."""
    told = [(month.overdue_closed, "后来办结"), (month.overdue_open, "还在办")]
    told.append((month.overdue - month.overdue_closed - month.overdue_open, "撤回或终结"))
    words = "，".join(f"{count}件{word}" for count, word in told if count)
    return f"（{words}）" if words else ""


def open_items(township: Township) -> QuerySet[ServiceItem]:
    """公布了的事项"""
    return ServiceItem.objects.filter(township=township, current__isnull=False, withdrawn_at=None)


def popular(items: QuerySet[ServiceItem], audience: str, size: int) -> dict[str, Any]:
    """一类人办得最多的事; what only serves to show a mode is none of them."""
    rows = items.filter(audience__contains=[audience]).exclude(name__startswith=SAMPLE)
    rows = rows.order_by("-popularity", "code").select_related("current")
    return {
        "audience_label": audience,
        "url": search_url(audience=audience),
        "items": [
            {"name": plain_name(row), "url": reverse("services:guide", args=[row.code]), "note": note_of(row)}
            for row in rows[:size]
        ],
    }


def plain_name(item: ServiceItem) -> str:
    """村民叫它什么"""
    return (item.current.definition.get("plain_name") if item.current else "") or item.name


def note_of(item: ServiceItem) -> str:
    """跑几次、几天办好"""
    visits = item.current.definition.get("visits") if item.current else None
    trips = "不用跑" if visits == 0 else f"跑{visits}次" if visits else ""
    return " · ".join(part for part in (trips, item.promise) if part)


def search_url(**words: str) -> str:
    """找事项的网址"""
    return (
        reverse("services:catalogue") + "?" + "&".join(f"{key}={quote(word)}" for key, word in words.items())
    )


@login_required
@require_safe
def staff_home(request: HttpRequest) -> HttpResponse:
    """工作首页: what is in hand, for whom one stands in, where one may go."""
    user, now = user_of(request), portal_now()
    if not user.is_staff_member:
        raise NotAllowed("这一页是工作人员用的。您的事在“我的事”里。")
    powers = powers_of(user, now)
    duties = {power.post.duty for power in powers}
    context = {
        "nav": "staff_home",
        "now": now,
        "posts_text": "、".join(power.post.title for power in powers if power.is_own)
        or "现在没有岗位",
        "cover": [cover_of(power) for power in powers if power.delegation is not None],
        "totals": totals_of(user, powers, now),
        "own_reasons": own_reasons(user, powers, now),
        "places": [
            {"name": place.name, "url": reverse(place.url_name), "text": place.text}
            for place in PLACES
            if place.is_open_to(duties)
        ],
    }
    return render(request, "portal/staff_home.html", context)


def totals_of(user: User, powers: list[Power], at: datetime) -> list[dict[str, Any]]:
    """手里的件各灯几件, each counted to a hundred; empty when there is nothing."""
    _, counts = settled_work(user, powers, at)
    if not counts[""]:
        return []
    bench = reverse("approvals:workbench")
    lights = [("", "全部"), *((light, light) for light in COUNTED)]
    return [
        {
            "light": light,
            "label": label,
            "count": "99+" if counts[light] >= CAP else counts[light],
            "url": f"{bench}?light={quote(light)}" if light else bench,
        }
        for light, label in lights
    ]


def own_reasons(user: User, powers: list[Power], at: datetime) -> list[Owed]:
    """该本人公开的逾期理由; nothing is asked for those who head no office."""
    townships = {power.post.township_id for power in powers if power.post.duty in HEADS}
    return [owed for township in sorted(townships) for owed in owed_by(user, township, at)]


def cover_of(power: Power) -> dict[str, str]:
    """今天替谁"""
    delegation, principal = power.delegation, power.on_behalf_of
    assert delegation is not None  # only powers held as deputy come here
    assert principal is not None
    until = cn_datetime(delegation.ends_at)
    return {
        "text": f"您代 {principal.display_name} 的{power.post.title}，到{until}。",
        "url": reverse("approvals:delegations"),
    }


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """我的账号: masked data, what can be changed, and who has read one's cases (D3)."""
    user = user_of(request)
    rows, following = readers(user, whole_number(request.GET.get("before", "")))
    context = {
        "facts": facts_of(user),
        "export_url": reverse("portal:export"),
        "readers": rows,
        "next_url": f"?before={following}" if following else "",
    }
    return render(request, "portal/account.html", context)


def facts_of(user: User) -> list[dict[str, str]]:
    """我的信息，号码只露头尾"""
    person = user.person
    password = {"label": "密码", "value": "不显示", "change_url": reverse("portal:change_password")}
    email = {"label": "邮箱", "value": person.email, "change_url": reverse("portal:change_email")}
    if user.is_staff_member:
        name = user.login.partition(":")[2]
        return [{"label": "姓名", "value": person.name}, {"label": "工作名", "value": name}, password, email]
    phone = privacy.mask_phone(person.phone)
    return [
        {"label": "姓名", "value": person.name},
        {"label": "身份证号", "value": privacy.mask_identity(person.id_number)},
        {"label": "村", "value": person.village.name if person.village else ""},
        {"label": "登录电话", "value": phone, "change_url": reverse("portal:change_phone")},
        email,
        password,
    ]


def readers(user: User, before: int | None) -> tuple[list[dict[str, Any]], int | None]:
    """谁看过我的信息，一页二十条: keyset by id, and where the next page starts."""
    found = AccessRecord.objects.filter(application__in=applications_about(user)).exclude(user=user)
    if before is not None:
        found = found.filter(pk__lt=before)
    related = found.select_related("application", "user__person", "post").order_by("-id")
    rows = list(related[: READERS + 1])
    page = [{"when": row.at, "who": who(row), "what": what(row)} for row in rows[:READERS]]
    return page, rows[READERS - 1].pk if len(rows) > READERS else None


def who(row: AccessRecord) -> str:
    """看的人和岗位"""
    return "，".join(part for part in (row.user.display_name, row.post.title if row.post else "") if part)


def what(row: AccessRecord) -> str:
    """看了什么、为什么"""
    return f"办件 {grouped(row.application.number)}：{row.what}。{row.reason}"


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """我的消息，一页二十条"""
    user, before = user_of(request), whole_number(request.GET.get("before", ""))
    rows, following = queries.inbox_page(user, before=before, size=MESSAGES)
    url_name, cards = "approvals:case" if user.is_staff_member else "approvals:progress", card_words(rows)
    names = names_of(row.subject_number for row in rows)
    context = {
        "notices": [
            notice(row, url_name, cards.get(row.event_id, "")) | {"name": names.get(row.subject_number, "")} for row in rows
        ],
        "next_url": f"?before={following}" if following else "",
        "through": rows[0].pk if any(row.read_at is None for row in rows) else "",
    }
    return render(request, "portal/messages.html", context)


def notice(row: Message, url_name: str, card: str) -> dict[str, Any]:
    """一条消息在页面上的样子; of a card it says which step and in whose name."""
    return {
        "title": message_text(row.kind, grouped(row.subject_number)) + card,
        "sent_at": row.created_at,
        "url": reverse(url_name, args=[row.subject_number]) if row.subject_number else "",
        "unread": row.read_at is None,
        **CARD_LIGHTS.get(row.kind, {}),
    }


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """把我的信息拿一份走（个人信息保护法 45）: everything of one's own, in full, and nothing of others."""
    user = user_of(request)
    actions.record_export(user=user, township=township_of(request))
    response = JsonResponse(own_data(user), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def own_data(user: User) -> dict[str, Any]:
    """本人的全部信息, by the names people know"""
    person = user.person
    rows = applications_about(user).select_related("item", "version", "village").order_by("id")
    return {
        "姓名": person.name,
        "身份证号": person.id_number,
        "电话": person.phone,
        "邮箱": person.email,
        "村": person.village.name if person.village else "",
        "开户时间": user.created_at,
        "办件": [case_data(row) for row in rows],
        "消息": [
            {"时间": row.created_at, "内容": message_text(row.kind, grouped(row.subject_number))}
            for row in queries.inbox(user)
        ],
        "谁看过我的信息": all_readers(user),
    }


def case_data(row: Application) -> dict[str, Any]:
    """一件办件里本人填的和交的"""
    return {
        "编号": grouped(row.number),
        "事项": row.item.name,
        "状态": State(row.state).label,
        "开始填写": row.created_at,
        "提交时间": row.filed_at,
        "填写内容": form_values(row),
        "补正时改过的": [
            {"哪一格": one.key, "原来填的": keys().open_text(bytes(one.before_sealed)), "什么时候": one.at}
            for one in row.amended.order_by("pk")
        ],
        "附件": [
            {"格式": file.kind, "字节": file.size, "上传时间": file.uploaded_at}
            for file in row.attachments.filter(removed_at=None)
        ],
    }


def all_readers(user: User) -> list[dict[str, Any]]:
    """全部查看记录"""
    rows = AccessRecord.objects.filter(application__in=applications_about(user)).exclude(user=user)
    related = rows.select_related("application", "user__person", "post").order_by("id")
    return [{"时间": row.at, "谁": who(row), "看了什么": what(row)} for row in related]
