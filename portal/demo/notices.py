"""演示的公告：drafted, reviewed and published by three people at shifted instants (C1, C2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from disclosure import actions
from disclosure.actions import Text, Verdict
from disclosure.models import Column, Notice, NoticeRevision
from portal.clock import portal_now
from portal.demo.names import QINGHE
from portal.demo.people import Cast
from portal.limits import day_of
from portal.models import Office, Township, Village

PASSED = Verdict(approve=True, secrecy_ok=True, privacy_ok=True, numbers_ok=True, note="电话是便民服务和监督公开电话。")
Wait = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Planned:
    """一份公告: published so many days ago; `later` are its revisions, each so many days ago with its reason."""

    ago: int
    column: Column
    title: str
    body: str
    office: str = "party-gov"
    village: str = ""
    open_days: int = 0
    later: tuple[tuple[int, str, str], ...] = ()
    withdrawn: tuple[int, str] | None = None


NOTICES = [
    Planned(
        70, Column.ORGANISATION, "青禾镇人民政府机构和职责",
        "镇人民政府设党政综合、社会事务、村镇建设、农业农村、乡村振兴、食品安全等办公室，设便民服务中心和退役军人服务站。"
        "县局派出自然资源所、林业站、水利站、司法所。\n\n各站所的职责、岗位和电话在「站所和岗位」栏逐一列出。",
    ),
    Planned(
        69, Column.LEADERS, "镇领导和分工",
        "镇长郑示例：主持镇政府全面工作，分管宅基地、用地和民生救助事项的审批。\n\n"
        "副镇长傅示例：分管便民服务中心、政务公开和督查，镇长不在时代行审批。",
        later=(
            (40, "副镇长傅示例增加分管食品安全。", "分工调整"),
            (12, "副镇长傅示例分管便民服务中心、食品安全、政务公开和督查；每周三上午在便民服务大厅接待群众。", "写明接待时间"),
        ),
    ),
    Planned(
        68, Column.FEES, "涉农收费公开",
        "青禾镇便民服务中心办理的42件事项都不收费，复印、拍照、代办也不收钱。\n\n"
        "如果有人以办事为名要钱，请打监督电话 0000-555 0109。",
    ),
    Planned(
        67, Column.COMPLAINTS, "投诉电话和信箱",
        "便民电话 0000-555 0100，监督电话 0000-555 0109。信箱在便民服务中心门口，每个工作日开箱。\n\n"
        "可以不留名。被投诉的人看不到是谁，也不经手。",
    ),
    Planned(
        66, Column.ANNUAL_REPORT, "2025年政务公开工作报告（示例）",
        "全年公开办事指南42件，公示办理结果，受理依申请公开3件，都在期限内答复。\n\n不足：村级公示有两次贴晚了一天，已经改正。",
    ),
    Planned(
        60, Column.ANNOUNCEMENTS, "国庆节、中秋节放假值班安排",
        "按照国务院办公厅关于2026年部分节假日安排的通知，放假期间便民服务大厅不开门，急事打便民电话 0000-555 0100，有人值班。"
        "\n\n调休上班的星期天照常开门。放假的日子不计入工作日时限，每件事的到期日以办理进度页为准。",
        office="service-centre",
    ),
    Planned(
        52, Column.PROJECTS, "柳湾村至石桥村道路硬化（为民办实事）",
        "长2.3公里，路面宽4.5米，工期到11月底。资金来自示例县农村公路专项（虚构）。\n\n监督员：柳湾村、石桥村村民代表各两人。",
        office="rural-revitalisation",
        later=((20, "已完成路基和1.6公里路面，因秋雨停工五天，工期仍到11月底。", "更新进度"),),
    ),
    Planned(
        45, Column.VILLAGE_VISITS, "十月领导下村安排",
        "郑示例到柳湾村、东岭村，傅示例到石桥村、河口村。听宅基地、道路、灌溉方面的意见，能当场办的当场办，不能办的登记后答复。",
    ),
    Planned(
        38, Column.APPRAISAL, "上半年民主评议结果",
        "发出问卷120份，收回113份。窗口服务满意率96%，代办服务满意率98%。意见最多的是「等公示时间长」，"
        "已在每件事的进度页写明公示到哪一天。",
    ),
    Planned(
        30, Column.ANNOUNCEMENTS, "城乡居民基本医疗保险开始缴费",
        "集中缴费期到12月底。不会用手机的，带身份证到便民服务中心或村代办点，代办员替您办，不收钱。",
        office="service-centre",
    ),
    Planned(
        26, Column.ANNOUNCEMENTS, "关于停水检修的公告（撤下）",
        "因检修管网，石桥村一组、二组停水一天。",
        office="water",
        withdrawn=(25, "检修改期，日期写错，新的公告另行发布。"),
    ),
    Planned(
        18, Column.VILLAGE_VISITS, "十一月领导下村安排",
        "郑示例到南坡村、白杨村，傅示例到柳湾村、河口村。每到一村先看公示栏，再入户走访。",
    ),
    Planned(
        9, Column.ANNOUNCEMENTS, "柳湾村村级代办点改在村委会一楼",
        "代办员柳示例，工作日上午都在。腿脚不便的，打电话上门。",
        office="service-centre",
        village="liuwan",
    ),
    Planned(
        3, Column.ANNOUNCEMENTS, "冬季森林防火期公告",
        "即日起到明年春天为森林防火期，林区不生火、不上坟烧纸。发现火情先离开，再报告。",
        office="forestry",
        open_days=30,
    ),
]  # fmt: skip


class Board:
    """公开栏的演示: what is to be done on a day so many days before the last."""

    def __init__(self, cast: Cast, wait: Wait) -> None:
        self.cast, self.wait = cast, wait

    def has_work(self, ago: int) -> bool:
        """这一天有没有公告要办"""
        return any(ago in _days(planned) for planned in NOTICES)

    def work(self, ago: int) -> None:
        """办这一天的公告"""
        township = Township.objects.get(slug=QINGHE)
        for place, planned in enumerate(NOTICES):
            if planned.ago == ago:
                self._publish_new(township, place, planned)
            for when, body, reason in planned.later:
                if when == ago:
                    self._revise(township, planned, body, reason)
            if planned.withdrawn is not None and planned.withdrawn[0] == ago:
                notice = _find(township, planned)
                actions.withdraw(notice=notice, by=self.cast.staff["bu"], reason=planned.withdrawn[1])

    def _publish_new(self, township: Township, place: int, planned: Planned) -> None:
        village = Village.objects.filter(township=township, slug=planned.village).first()
        revision = actions.draft_notice(
            township=township,
            by=self.cast.staff["gao"],
            key=f"demo-notice-{place}",
            column=planned.column,
            text=_text(township, planned, planned.body, ""),
            village=village,
        )
        self._approve(revision)

    def _revise(self, township: Township, planned: Planned, body: str, reason: str) -> None:
        text = _text(township, planned, f"{planned.body}\n\n{body}", reason)
        self._approve(actions.revise(notice=_find(township, planned), by=self.cast.staff["gao"], text=text))

    def _approve(self, revision: NoticeRevision) -> None:
        self.wait(25)
        actions.submit(revision=revision, by=self.cast.staff["gao"])
        self.wait(70)
        actions.review(revision=revision, by=self.cast.staff["gong"], verdict=PASSED)
        self.wait(40)
        actions.publish(revision=revision, by=self.cast.staff["bu"])


def _days(planned: Planned) -> set[int]:
    withdrawn = {planned.withdrawn[0]} if planned.withdrawn else set()
    return {planned.ago, *(when for when, _, _ in planned.later), *withdrawn}


def _find(township: Township, planned: Planned) -> Notice:
    return Notice.objects.get(township=township, current__title=planned.title)


def _text(township: Township, planned: Planned, body: str, reason: str) -> Text:
    office = Office.objects.get(township=township, key=planned.office)
    ends_on = day_of(portal_now()) + timedelta(days=planned.open_days) if planned.open_days else None
    return Text(planned.title, body, office, ends_on, reason)
