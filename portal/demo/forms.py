"""演示的填写：plausible, plainly fictional answers for every field, question and material of an item."""

import random
from datetime import timedelta

from portal.clock import portal_now
from portal.demo import scans
from portal.demo.names import identity_number, phone_number
from portal.limits import day_of
from portal.models import Person, User
from services import actions as drafts
from services import files
from services.definition import FormField, ItemDefinition, Material, OnTimeout
from services.models import Application, HowSupplied, ServiceItem

CONSENT = "本人委托村代办员代为申请，已按手印（演示）"
COOPERATIVE = "示例县示例种植专业合作社（虚构）"
TEXTS = [
    ("地址", "二组12号"), ("门牌", "二组12号"), ("哪里", "本村二组，晒场东边"), ("位置", "本村二组，晒场东边"),
    ("地点", "本村二组晒场"), ("信用代码", "99EXAMPLE000000001"), ("编号", "示例字第0012号"), ("证号", "示例字第0012号"),
    ("卡号", "示例卡0012"), ("单位", COOPERATIVE), ("企业", COOPERATIVE), ("合作社", COOPERATIVE), ("负责人", "安示例"),
    ("姓名", "小安示例"), ("对方", "鲍示例"), ("四至", "东至路，南至沟，西至安示例家，北至晒场"),
]  # fmt: skip
RENEWAL_TERM, LONG_TERM = 36, 90


def start(item: ServiceItem, villager: User, agent: User | None, chance: random.Random) -> Application:
    """开始一份草稿, by the villager or, with consent, by the village agent."""
    if agent is None:
        return drafts.start_draft(item=item, by=villager)
    return drafts.start_draft(item=item, by=agent, applicant=villager.person, consent=CONSENT, channel="village")


def fill_half(draft: Application, chance: random.Random) -> None:
    """只填第一部分"""
    page, fields = drafts.field_pages(draft.rules)[0]
    drafts.save_page(application=draft, page=page, values=_values(draft, fields, {}, chance))


def fill(draft: Application, chance: random.Random, *, soon: bool) -> None:
    """全部填好; `soon` has an old licence run out a little after the thirty days."""
    rules = draft.rules
    answers = {question.key: _answer(question.choices, chance) for question in rules.questions}
    for page, fields in drafts.field_pages(rules):
        values = _values(draft, fields, answers, chance)
        if "expires_on" in values:
            term = RENEWAL_TERM if soon else LONG_TERM
            values["expires_on"] = (day_of(portal_now()) + timedelta(days=term)).isoformat()
        drafts.save_page(application=draft, page=page, values=values)
    if answers:
        drafts.save_answers(application=draft, answers=answers)
    for material in rules.needed(answers, by_agent=bool(draft.consent)):
        hand_in(draft, material, _how(rules, material, chance))


def hand_in(application: Application, material: Material, how: HowSupplied) -> None:
    """交一样材料, with its sheet where it is sent as a picture."""
    if how == HowSupplied.FILE:
        files.add_files(
            application=application, material=material.key, uploads=[scans.scan(material.name)], by=application.filed_by
        )
    drafts.set_point(application=application, material=material.key, how=how)


def _answer(choices: tuple[str, ...], chance: random.Random) -> str:
    """多半是「否」一类的后一个答案"""
    return choices[-1] if chance.random() < 0.7 else chance.choice(choices)


def _how(rules: ItemDefinition, material: Material, chance: random.Random) -> HowSupplied:
    draw = chance.random()
    if material.by_sharing and draw < 0.5:
        return HowSupplied.SHARING
    if material.by_commitment and draw < 0.3:
        return HowSupplied.COMMITMENT
    if material.deferrable and draw < 0.1 and rules.timeout.mode == OnTimeout.ESCALATE:
        return HowSupplied.DEFERRED
    if material.filled_here or rules.timeout.mode == OnTimeout.ESCALATE and draw < 0.8:
        return HowSupplied.WINDOW
    return HowSupplied.FILE  # always where silence may end the case: what is only to be brought stops that


def _values(
    draft: Application, fields: list[FormField], answers: dict[str, str], chance: random.Random
) -> dict[str, str]:
    asked = [f for f in fields if all(answers.get(key, "否") == value for key, value in f.when.items())]
    return {field.key: _value(field, draft.applicant, chance) for field in asked}


def _value(field: FormField, person: Person, chance: random.Random) -> str:
    known = {"name": person.name, "id_number": person.id_number, "phone": person.phone}
    if field.key in known:
        return known[field.key]
    if field.choices:
        return field.choices[0] if field.key == "id_type" else chance.choice(field.choices)
    if field.kind == "number":
        return str(chance.randint(90, 160) if "面积" in field.label else chance.randint(2, 5))
    if field.kind == "date":
        return (day_of(portal_now()) + timedelta(days=chance.randint(10, 30))).isoformat()
    if field.kind == "textarea":
        return "情况如所附材料（演示）。"
    plain = {
        "yesno": chance.choice(["是", "否"]),
        "phone": phone_number(1900),
        "id_number": identity_number(190),
        "village": person.village.slug if person.village else "",
    }
    if field.kind in plain:
        return plain[field.kind]
    return next((text for word, text in TEXTS if word in field.label), "见所附材料")[: field.max_length]
