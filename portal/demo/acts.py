"""演示的动作：each move of a story through the same actions that people use."""

import contextlib
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from django.db.models import QuerySet

from approvals import actions
from approvals.models import Case, CorrectionNotice, Step
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.demo import actors, forms
from portal.demo.plan import SEED, Story
from portal.demo.thread import Move
from portal.errors import PortalError
from portal.limits import day_of
from portal.models import Township, User
from services.definition import StageKind
from services.lifecycle import State
from services.models import Application, HowSupplied, MaterialPoint, ServiceItem

BY_AGENT = 0.12
OPINIONS = ["材料齐全，情况属实，无意见。", "已核对，符合条件，无意见。", "已到场查看，与申报一致，无意见。"]
WRONG = ["复印件看不清，请换一份清楚的。", "缺签名和日期，请补签后再交。", "与户口簿上的不一致，请带原件核对。"]
DELAYS = [
    "核查的专业人员外出，计划下周五前办好，延误期间照常保留受理顺序。",
    "需要两家单位共同到场，已排到下周三，办好当天告知。",
]
OURS_NOT = "请到示例县政务服务中心3号窗口，电话 0000-555 0900（虚构）"


def play(story: Story, move: Move, application: Application | None, villager: User) -> Application:
    """做一步; PortalError if the law refuses it."""
    chance = random.Random(f"{SEED}:{story.number}:{move.at.isoformat()}")
    if application is None:
        return _begin(story, move, villager, chance)
    if Case.objects.filter(application=application, next_look_at__lte=portal_now()).exists():
        settle_application(application.pk)
    rows = Application.objects.select_related("version", "applicant", "township").defer("version__definition")
    application = rows.get(pk=application.pk)
    VERBS[move.verb](application, move.note, villager, chance)
    return application


def _begin(story: Story, move: Move, villager: User, chance: random.Random) -> Application:
    township = Township.objects.get(slug=story.township)
    item = ServiceItem.objects.select_related("current").get(township=township, code=story.code)
    agent = actors.village_agent_of(villager, portal_now()) if chance.random() < BY_AGENT else None
    draft = forms.start(item, villager, agent, chance)
    if move.verb == "draft":
        forms.fill_half(draft, chance)
        return draft
    forms.fill(draft, chance, soon=story.shape == "stalled")
    return actions.file(application=draft, by=agent or villager, key=f"demo-{story.number}")


def _accept(application: Application, _note: str, _villager: User, _chance: random.Random) -> None:
    actions.accept(application=application, by=actors.window_of(application, portal_now()))


def _correct(application: Application, _note: str, _villager: User, chance: random.Random) -> None:
    by = actors.window_of(application, portal_now())
    actions.correct(application=application, by=by, points=_points(application, chance), note="请一次补齐，可交到村代办点。")


def _correct_again(application: Application, _note: str, _villager: User, chance: random.Random) -> None:
    by = actors.supervisor_of(application, portal_now())
    why = "补来的一页盖错了章，属于窗口当时没有说清，责任在窗口。"
    actions.correct(application=application, by=by, points=_points(application, chance), override=why)


def _points(application: Application, chance: random.Random) -> list[tuple[str, str]]:
    keys = sorted(MaterialPoint.objects.filter(application=application).values_list("key", flat=True))
    return [(key, chance.choice(WRONG)) for key in chance.sample(keys, min(len(keys), chance.choice([1, 1, 2])))]


def _supply(application: Application, _note: str, villager: User, _chance: random.Random) -> None:
    notice = CorrectionNotice.objects.get(case__application=application, override=None)
    materials = {material.key: material for material in application.rules.materials}
    for point in notice.points:
        forms.hand_in(application, materials[point["key"]], HowSupplied.FILE)
    actions.supply(application=application, by=villager)


def _withdraw(application: Application, _note: str, villager: User, _chance: random.Random) -> None:
    actions.withdraw(application=application, by=villager, reason="家里改主意了，以后再申请。")


def _reject(application: Application, note: str, _villager: User, _chance: random.Random) -> None:
    facts = {
        "not_accepted": "申请的情形不在本事项的条件之内，补材料也不能符合。",
        "not_required": "您家去年办的证还在有效期内，这件事不用再办。",
        "not_ours": "这件事归县级部门直接受理，乡镇不办。",
        "forwarded": "申请已连同材料转送县级部门，收件日期照旧。",
    }[note]
    actions.reject(
        application=application,
        by=actors.window_of(application, portal_now()),
        outcome=State(note),
        facts=facts,
        legal_basis=_basis(application),
        where=OURS_NOT if note in {"not_ours", "forwarded"} else "",
    )


def _carry(application: Application, note: str, _villager: User, chance: random.Random) -> None:
    """往下办一步: every open step gets its opinion, the decision is made when its turn has come."""
    skipped = note.removeprefix("skip:")
    found = _open_steps(application).exclude(kind=StageKind.POSTING).exclude(key=skipped)
    rows = list(found.order_by("id"))
    for row in rows[: ceil(len(rows) / 2)] if note == "some" else rows:
        by = actors.actor_of(row, application, portal_now())
        if application.rules.stage(row.key).hands_over:
            _deliver(application, by)
        elif row.kind == StageKind.DECIDE:
            _decide(application, by, "refuse" if note == "refuse" else "approve", chance)
        else:
            objects = note == "object" and row.pk == rows[-1].pk
            _give_opinion(application, row, by, chance, objects=objects)


def _open_steps(application: Application) -> QuerySet[Step]:
    return Step.objects.filter(case__application=application, status="open").select_related("post")


def _give_opinion(application: Application, row: Step, by: User, chance: random.Random, *, objects: bool = False) -> None:
    text = "线路上方有高压线，建议房屋位置北移两米，请决定时考虑。" if objects else chance.choice(OPINIONS)
    outcome = "object" if objects else "done" if row.kind == StageKind.DELIVER else "agree"
    signer = "柳示例" if by.person.name != "柳示例" else "乔示例"
    actions.give_opinion(application=application, step=row.key, by=by, outcome=outcome, text=text, second_signer=signer)


def _decide(application: Application, by: User, outcome: str, chance: random.Random) -> None:
    external = any(s.external for s in application.rules.stages if s.kind == StageKind.DECIDE)
    number = f"示政批〔2026〕{chance.randint(100, 999)}号（虚构）" if external else ""
    facts = "经核查，现有条件达不到本事项第二条的要求，现场照片和核查表附后。" if outcome == "refuse" else ""
    basis = _basis(application)
    actions.decide(
        application=application, by=by, outcome=outcome, facts=facts, legal_basis=basis, document_number=number, seen=True
    )


def _basis(application: Application) -> str:
    cited = application.rules.legal_basis
    return f"《{cited[0].title}》{cited[0].article}" if cited else "本事项办事指南所列条件"


def _late_opinion(application: Application, note: str, _villager: User, _chance: random.Random) -> None:
    row = Step.objects.select_related("post").get(case__application=application, key=note, status="deemed")
    by = actors.actor_of(row, application, portal_now())
    text = "迟到的意见：山墙一侧请留够排水沟，其余无意见。"
    actions.give_opinion(application=application, step=note, by=by, outcome="agree", text=text)


def _publish_reason(application: Application, _note: str, _villager: User, chance: random.Random) -> None:
    by = actors.head_of(application, portal_now())
    actions.publish_reason(application=application, by=by, text=chance.choice(DELAYS))


def _urge(application: Application, _note: str, villager: User, _chance: random.Random) -> None:
    actions.urge(application=application, by=villager)


def _pause(application: Application, _note: str, _villager: User, _chance: random.Random) -> None:
    """中止正在办的头一个环节; what runs beside it runs on."""
    rule = application.rules.pause_reasons[0]
    row = _open_steps(application).order_by("id").first()
    days = min(rule.max_days, 30)
    actions.pause(
        application=application,
        by=actors.stopper_of(row, application, portal_now()),
        reason=rule.key,
        until=day_of(portal_now()) + timedelta(days=days),
        notice=f"因{rule.name}，需要{days}个自然日，其间不计入办理期限。",
        step=row.key if row is not None else "",
    )


def _resume(application: Application, _note: str, _villager: User, _chance: random.Random) -> None:
    row = _open_steps(application).order_by("id").first()
    actions.resume(application=application, by=actors.stopper_of(row, application, portal_now()))


def _extend(application: Application, _note: str, _villager: User, _chance: random.Random) -> None:
    by = actors.head_of(application, portal_now())
    length = min(application.rules.extension.length, 5)
    actions.extend(application=application, by=by, length=length, reason="需要再次到现场核对四至，请您谅解。")


def _object(application: Application, _note: str, _villager: User, _chance: random.Random) -> None:
    row = _open_steps(application).get(kind=StageKind.POSTING)
    by = actors.actor_of(row, application, portal_now())
    actions.object_to(application=application, step=row.key, by=by, text="有村民反映家里人口写得不对。")


def _find(application: Application, _note: str, _villager: User, _chance: random.Random) -> None:
    row = _open_steps(application).get(kind=StageKind.POSTING)
    by = actors.actor_of(row, application, portal_now())
    actions.find(application=application, step=row.key, by=by, text="经与户口簿和村民小组核对，登记的人口属实，异议不成立。")


def _deliver(application: Application, by: User) -> None:
    actions.deliver(application=application, by=by, how="handed", receipt=f"签收簿第{application.pk % 90 + 1}页")


def hand_over(before: datetime) -> None:
    """把早先有了结果的送到人手里: at the window, or by the applicant's own word."""
    waiting = Case.objects.filter(delivery_due_at__isnull=False, effective_at__lt=before).order_by("pk")
    for case in waiting.select_related("application__version", "application__applicant", "application__township"):
        application = case.application
        with contextlib.suppress(PortalError):  # the window may be a relative's: somebody else hands it over later
            if case.pk % 3:
                by = actors.window_of(application, portal_now())
                _deliver(application, by)
            else:
                actions.confirm_delivery(application=application, by=application.filed_by)


VERBS: dict[str, Callable[[Application, str, User, random.Random], None]] = {
    "accept": _accept,
    "correct": _correct,
    "correct again": _correct_again,
    "supply": _supply,
    "withdraw": _withdraw,
    "reject": _reject,
    "carry": _carry,
    "late opinion": _late_opinion,
    "reason": _publish_reason,
    "urge": _urge,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "object": _object,
    "find": _find,
}
