"""发件箱：what has not gone out, what was given up, and sending it again – for the supervisor and the administrator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal import outbox as sending
from portal import queries
from portal.clock import portal_now
from portal.errors import NotAllowed, PortalError
from portal.http import load_or_404, user_of
from portal.models import Channel, Duty, Message, User
from portal.numbers import grouped
from portal.permissions import Power, powers_of
from portal.wording import message_text

MAY_SEE = frozenset({Duty.SUPERVISE, Duty.CALENDAR})
ERRORS = {
    "ConnectionRefusedError": "邮件或短信的服务没有开",
    "TimeoutError": "对方没有回应",
    "SMTPRecipientsRefused": "对方不收这个地址",
    "SMTPServerDisconnected": "对方断开了",
}


def power_over(user: User) -> Power:
    """以什么岗位看发件箱; NotAllowed for anyone else."""
    for power in powers_of(user, portal_now()) if user.is_staff_member else []:
        if power.post.duty in MAY_SEE:
            return power
    raise NotAllowed("发件箱由督查岗和日历岗（管理员）看。")


@login_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """发件箱"""
    power, now = power_over(user_of(request)), portal_now()
    township = power.post.township
    fresh = queries.freshness(now, township)
    context = {
        "fresh": fresh,
        "box": fresh.outbox,
        "rows": [_row(message) for message in queries.unsent(township)],
        "now": now,
        "nav": "outbox",
    }
    return render(request, "portal/outbox.html", context)


def _row(message: Message) -> dict[str, object]:
    """一条，不写收件人的全名、电话、邮箱"""
    return {
        "message": message,
        "who": message.recipient.display_name,
        "channel": Channel(message.channel).label,
        "text": message_text(message.kind, grouped(message.subject_number)),
        "error": ERRORS.get(message.error, message.error),
        "dead": message.state == "dead",
    }


@login_required
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """重发一条"""
    user = user_of(request)
    power = power_over(user)
    message: Message = load_or_404(Message.objects.filter(township=power.post.township_id), pk=pk)
    try:
        sending.resend(message=message, by=user, power=power)
    except PortalError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "放回去了，一分钟内再发。")
    return redirect("portal:outbox")
