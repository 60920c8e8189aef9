"""回避：a declared relative steps aside, the next in line has the step at once, and benefits keep a register of their own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from approvals import actions
from approvals.checking import compare
from approvals.loading import fold_application, load_events
from approvals.models import Card, Case, RecusalRecord, RelativeRecord, Step
from approvals.settling import settle_application
from portal.clock import portal_now
from portal.errors import NotAllowed
from portal.ledger import verify
from portal.models import Person, PostHolding, Relation, User
from services.models import Application
from tests.approvals.test_mandate import told
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.portal.pages import signed_in, words
from tests.world import World

VISIT = {"step": "home-visit", "outcome": "done", "text": "入户看过，情况属实", "second_signer": "孙示例"}


def related(user: User, to: User, kind: str = "姐弟") -> None:
    """申报亲属关系"""
    Relation.objects.create(person=user.person, relative=to.person, kind=kind)


def at_the_visit(world: World, clock: TestClock) -> Application:
    """走到入户核查的低保申请"""
    clock(at("2026-11-02", "09:00"))
    application = file_application(world, "MZ-001")
    actions.accept(application=application, by=world.wang)
    actions.give_opinion(application=application, step="family-check", by=world.zhou, outcome="done", text="核对完了")
    return application


def test_case_11_handler_is_a_declared_relative(world: World, clock: TestClock) -> None:
    related(world.she, world.an)

    application = at_the_visit(world, clock)

    step = Step.objects.get(case__application=application, key="home-visit")
    assert step.post == world.post("shehead")  # the next in line: the office's head
    record = RecusalRecord.objects.get(case__application=application)
    assert (record.step, record.user, record.post, record.to_post) == (
        "home-visit", world.she, world.post("she"), world.post("shehead"),
    )  # fmt: skip
    assert told(application, "recused") == {"佘示例"}
    assert "史示例" in told(application, "assigned")
    with pytest.raises(NotAllowed, match="回避"):
        actions.give_opinion(application=application, by=world.she, **VISIT)
    # 低保: its own register, told to those who oversee
    kept = RelativeRecord.objects.get(application=application)
    assert (kept.user, kept.relation) == (world.she, "姐弟")
    assert told(application, "relative_registered") == {"杜示例", "郑示例"}

    clock(at("2026-11-20", "09:00"))  # eight working days ended on the 12th: the time ran out on the head
    settle_application(application.pk)
    red = Card.objects.get(case__application=application, clock="home-visit", rung="red")
    assert red.user == world.shehead
    actions.give_opinion(application=application, by=world.shehead, **VISIT)
    assert verify(load_events(application)) is None
    assert compare(Case.objects.get(application=application)) == []


def test_where_the_head_is_near_too_it_goes_to_the_leader(world: World, clock: TestClock) -> None:
    related(world.she, world.an)
    related(world.shehead, world.an, "夫妻")

    application = at_the_visit(world, clock)

    assert Step.objects.get(case__application=application, key="home-visit").post == world.post("zhen")
    shown = words(signed_in(world.zhen).get(reverse("approvals:case", args=[application.number])))
    assert "佘示例依法回避" in shown
    assert "填意见（" in shown  # offered, because the step is at the leader's post
    actions.give_opinion(application=application, by=world.zhen, **VISIT)


def test_an_own_deputy_is_the_next_in_line(world: World, clock: TestClock) -> None:
    related(world.she, world.an)
    clock(at("2026-11-01", "09:00"))
    now = portal_now()
    actions.delegate(
        post=world.post("she"), deputy=world.deng, by=world.she, starts_at=now, ends_at=now + timedelta(days=30), reason="培训"
    )

    application = at_the_visit(world, clock)

    assert Step.objects.get(case__application=application, key="home-visit").post == world.post("she")
    assert not RecusalRecord.objects.filter(case__application=application).exists()
    actions.give_opinion(application=application, by=world.deng, **VISIT)


def test_a_window_clerk_steps_aside_for_another_window(world: World, clock: TestClock) -> None:
    related(world.wang, world.an)
    clock(at("2026-11-02", "09:00"))

    application = file_application(world, "MZ-001")

    case = Case.objects.get(application=application)
    assert case.window == world.post("chen")
    assert RecusalRecord.objects.get(case=case).step == "intake"
    assert told(application, "assigned") == {"陈示例", "周示例"}
    actions.accept(application=application, by=world.chen)


def test_nobody_left_is_for_the_county(world: World, clock: TestClock) -> None:
    for user in (world.she, world.shehead, world.zhen):
        related(user, world.an)

    application = at_the_visit(world, clock)

    record = RecusalRecord.objects.get(case__application=application)
    assert (record.user, record.to_post) == (world.she, None)
    shown = words(signed_in(world.du).get(reverse("approvals:case", args=[application.number])))
    assert "县里指定的人" in shown


@pytest.mark.parametrize("code", ["SJ-002", "ZR-001"])
def test_the_register_is_for_benefits_alone(world: World, code: str) -> None:
    related(world.she, world.an)

    file_application(world, code)

    assert not RelativeRecord.objects.exists()


def test_one_household_counts_without_a_declaration(world: World) -> None:
    Person.objects.filter(pk__in=[world.she.person_id, world.an.person_id]).update(household_hash="h" * 64)

    application = file_application(world, "MZ-001")

    assert RelativeRecord.objects.get(application=application).relation == "同一户或同一电话"


def test_no_relative_no_record(world: World, clock: TestClock) -> None:
    related(world.she, world.bao)

    application = at_the_visit(world, clock)

    assert not RecusalRecord.objects.exists()
    assert not RelativeRecord.objects.exists()
    assert Step.objects.get(case__application=application, key="home-visit").post == world.post("she")


def test_a_vacant_post_is_no_recusal(world: World, clock: TestClock) -> None:
    related(world.she, world.an)
    PostHolding.objects.filter(user=world.she).delete()

    application = at_the_visit(world, clock)

    assert not RecusalRecord.objects.filter(case__application=application).exists()
    assert fold_application(application, portal_now()).step("home-visit") is not None


def test_the_register_in_a_browser(world: World) -> None:
    related(world.she, world.an)
    empty = words(signed_in(world.du).get(reverse("approvals:relatives")))
    assert "还没有登记" in empty
    application = file_application(world, "MZ-001")

    shown = words(signed_in(world.du).get(reverse("approvals:relatives")))

    assert "佘示例（姐弟）" in shown
    assert application.number[:3] in shown
    assert signed_in(world.she).get(reverse("approvals:relatives")).status_code == 404


RELATIVE = {"name": "安示例", "id_number": "11010519491231002x", "kind": "兄弟姐妹"}


def test_declaring_hands_on_what_is_open(world: World, clock: TestClock) -> None:
    application = at_the_visit(world, clock)
    client, url = signed_in(world.she), reverse("approvals:relations")
    assert client.post(url, {**RELATIVE, "id_number": "123"}).status_code == 400
    assert Step.objects.get(case__application=application, key="home-visit").post == world.post("she")

    assert client.post(url, RELATIVE).status_code == 302

    assert Step.objects.get(case__application=application, key="home-visit").post == world.post("shehead")
    assert RecusalRecord.objects.get(case__application=application).to_post == world.post("shehead")
    assert "史示例" in told(application, "assigned")
    assert "安*例，兄弟姐妹" in words(client.get(url))
    again = client.post(url, RELATIVE)
    assert again.status_code == 409
    assert "已经申报过了" in again.content.decode()
    actions.give_opinion(application=application, by=world.shehead, **VISIT)
    assert verify(load_events(application)) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"name": "别的名字"}, "对不上"), ({"kind": "老乡"}, "选一个"), ({"name": ""}, "姓名")],
)
def test_a_declaration_that_cannot_be_is_refused_in_words(world: World, changes: dict[str, str], sentence: str) -> None:
    refused = signed_in(world.she).post(reverse("approvals:relations"), {**RELATIVE, **changes})

    assert refused.status_code == 400
    assert sentence in refused.content.decode()
    assert not Relation.objects.exists()
