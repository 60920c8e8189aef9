"""工作人员的去处：what the staff home lists and the navigation shows, each by the duties it is open to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from portal.clock import portal_now
from portal.models import Duty, User
from portal.roster import current_roster
from portal.templating import url


@dataclass(frozen=True, slots=True)
class Place:
    """一个去处: open to some duties, or to every member of staff (None); `key` where the navigation has it."""

    url_name: str
    name: str
    text: str
    duties: frozenset[str] | None = None
    key: str = ""

    def is_open_to(self, duties: Collection[str]) -> bool:
        """这些职责的人进不进得去"""
        return self.duties is None or not self.duties.isdisjoint(duties)


PLACES = (
    Place("approvals:workbench", "工作台", "本岗和代岗的件，按到期先后。", key="workbench"),
    Place(
        "services:catalogue",
        "收新件",
        "替来窗口、来代办点的人办：先找事项，再点“替申请人办”。",
        frozenset({Duty.WINDOW, Duty.AGENT, Duty.VILLAGE_AGENT}),
        "items",
    ),
    Place("approvals:delegations", "代岗", "登记谁替谁、从几时到几时，交接和交账。", key="delegations"),
    Place(
        "approvals:leader",
        "镇情",
        "按时率、红黄牌、谁不在谁代、各岗位手里几件。",
        frozenset({Duty.TOWN_LEADER, Duty.OFFICE_HEAD, Duty.SUPERVISE}),
        "leader",
    ),
    Place(
        "approvals:oversight",
        "督查",
        "没有了结的黄牌、红牌，该公开的逾期理由，按站所。",
        frozenset({Duty.TOWN_LEADER, Duty.SUPERVISE}),
        "oversight",
    ),
    Place(
        "approvals:modes",
        "超时默认",
        "目录里提议的方式，先看推演，再凭依据开通。",
        frozenset({Duty.ITEM_APPROVE, Duty.SUPERVISE}),
        "modes",
    ),
    Place(
        "approvals:calendars",
        "工作日历",
        "放假安排先看会改哪些期限，再由另一位公布；当地提早关门。",
        frozenset({Duty.CALENDAR, Duty.TOWN_LEADER}),
        "calendars",
    ),
    Place(
        "approvals:relatives",
        "近亲属登记",
        "低保一类，工作人员近亲属来申请的，单独列着。",
        frozenset({Duty.SUPERVISE, Duty.TOWN_LEADER}),
    ),
    Place("approvals:freeze", "解冻", "从备份恢复以后，核对完，两个人解冻。", frozenset({Duty.CALENDAR})),
    Place(
        "disclosure:desk",
        "公开",
        "拟稿、审核、发布公告。",
        frozenset({Duty.DRAFT, Duty.DISCLOSURE_REVIEW, Duty.PUBLISH}),
        "desk",
    ),
    Place(
        "portal:posts",
        "人员和岗位",
        "谁在哪个岗、从哪天起；换人、离岗，开工作账号，重设工作密码。",
        frozenset({Duty.TOWN_LEADER}),
    ),
    Place(
        "portal:reset_password", "重设村民密码", "两个人当面核实，给一次性密码。", frozenset({Duty.WINDOW})
    ),
    Place(
        "portal:outbox",
        "发件箱",
        "没发出去的短信和邮件，重发；巡查和发送有没有晚。",
        frozenset({Duty.SUPERVISE, Duty.CALENDAR}),
        "outbox",
    ),
    Place("approvals:relations", "亲属关系申报", "亲属来办事，依法回避，自己转给下一位。"),
    Place("portal:messages", "我的消息", "黄牌、红牌、新到的件、代岗登记。"),
    Place("portal:account", "我的账号", "改密码。"),
)

HOME = Place("portal:staff_home", "首页", "手里有什么，能去哪里。", key="staff_home")


def staff_nav(user: object, now: datetime | None = None) -> list[dict[str, str]]:
    """这个人的工作栏目: what his posts and those he stands in for open, from the roster kept in the process.

    `now` is the instant of the page; without one the clock is asked.
    """
    if not isinstance(user, User) or not user.is_staff_member:
        return []
    duties = current_roster().duties_of(user.pk, now or portal_now())
    return [
        {"key": place.key, "label": place.name, "url": url(place.url_name)}
        for place in (HOME, *PLACES)
        if place.key and place.is_open_to(duties)
    ]
