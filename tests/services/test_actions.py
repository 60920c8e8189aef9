"""草稿的写：what is kept, what opens again, and what is cleared away after thirty days."""

from datetime import timedelta

import pytest

from portal.clock import portal_now
from portal.errors import InvalidInput, WrongState
from services import actions
from services.importing import add_version, publish
from services.models import Application, HowSupplied
from services.tasks import count_popularity, drop_stale_drafts
from tests.factories import file_application, make_draft
from tests.world import World


def test_known_values_are_not_asked_again(world: World) -> None:
    draft = actions.start_draft(item=world.item("SJ-002"), by=world.an)

    assert actions.form_values(draft) == {
        "name": "安示例", "phone": "00005550001", "id_number": "11010519491231002X", "id_type": "居民身份证",
        "village": "liuwan",
    }  # fmt: skip
    assert (draft.applicant_masked, draft.village) == ("安*例", world.an.person.village)


def test_nothing_typed_stands_in_clear(world: World) -> None:
    draft = actions.start_draft(item=world.item("SJ-002"), by=world.an)

    assert "安示例".encode() not in bytes(draft.form_sealed)


def test_expiry_is_copied_when_it_is_a_date(world: World) -> None:
    draft = actions.start_draft(item=world.item("SJ-002"), by=world.an)

    kept = []
    for typed in ("2027-01-05", "明年"):
        actions.save_page(application=draft, page="本事项", values={"expires_on": typed}, done=False)
        draft.refresh_from_db()
        kept.append(str(draft.expires_on))

    assert kept == ["2027-01-05", "None"]


def test_filed_application_cannot_be_written_to(world: World) -> None:
    filed = file_application(world, "SJ-002")

    for write in (
        lambda: actions.save_page(application=filed, page="申请人", values={}),
        lambda: actions.save_answers(application=filed, answers={}),
        lambda: actions.clear_point(application=filed, material="x"),
        lambda: actions.drop_draft(application=filed),
        lambda: actions.follow_version(application=filed),
    ):
        with pytest.raises(WrongState):
            write()


def test_a_dropped_draft_is_gone_for_every_write(world: World) -> None:
    draft = actions.start_draft(item=world.item("SJ-002"), by=world.an)
    actions.drop_draft(application=Application.objects.get(pk=draft.pk))
    material = draft.rules.materials[0].key

    for write in (
        lambda: actions.drop_draft(application=draft),
        lambda: actions.save_page(application=draft, page="申请人", values={}),
        lambda: actions.set_point(application=draft, material=material, how=HowSupplied.WINDOW),
    ):
        with pytest.raises(WrongState, match="已经删掉了"):
            write()


@pytest.mark.parametrize("how", [HowSupplied.SHARING, HowSupplied.DEFERRED, HowSupplied.COMMITMENT])
def test_unlawful_way_is_refused(world: World, how: HowSupplied) -> None:
    draft = actions.start_draft(item=world.item("ZR-001"), by=world.an)

    with pytest.raises(InvalidInput):
        actions.set_point(application=draft, material="village-record", how=how)


def test_draft_follows_the_version_in_force_once(world: World) -> None:
    draft = make_draft(world, "SJ-002")
    version = add_version(draft.item, draft.rules, source_digest="x", by=None, note="改")
    publish(draft.item, version, [])

    moved = [actions.follow_version(application=draft) for _ in range(2)]

    draft.refresh_from_db()
    assert moved == [True, False]
    assert draft.version == version
    assert "申请人" in draft.pages_done


def test_stale_drafts_go_and_fresh_or_filed_ones_stay(world: World) -> None:
    stale, fresh = (actions.start_draft(item=world.item("SJ-002"), by=world.an) for _ in range(2))
    filed = file_application(world, "SJ-002")
    old = portal_now() - timedelta(days=31)
    Application.objects.filter(pk__in=[stale.pk, filed.pk]).update(updated_at=old)

    drop_stale_drafts()
    drop_stale_drafts()

    assert set(Application.objects.values_list("pk", flat=True)) == {fresh.pk, filed.pk}


def test_a_closed_case_keeps_how_its_materials_came(world: World) -> None:
    filed = file_application(world, "SJ-002")
    Application.objects.filter(pk=filed.pk).update(state="recorded")

    with pytest.raises(WrongState, match="已经办结"):
        actions.set_point(
            application=filed, material=filed.rules.materials[0].key, how=HowSupplied.CANNOT, statement="不交了"
        )


def test_choosing_a_way_counts_as_touching_the_draft(world: World) -> None:
    draft = actions.start_draft(item=world.item("SJ-002"), by=world.an)
    old = portal_now() - timedelta(days=31)
    Application.objects.filter(pk=draft.pk).update(updated_at=old)

    actions.set_point(application=draft, material=draft.rules.materials[0].key, how=HowSupplied.WINDOW)

    assert actions.drop_stale_drafts() == 0


def test_what_is_filed_most_is_counted_over_one_year(world: World) -> None:
    for code in ("SJ-002", "SJ-002", "ZR-001"):
        long_ago = file_application(world, code)
    actions.start_draft(item=world.item("MZ-006"), by=world.an)
    Application.objects.filter(pk=long_ago.pk).update(filed_at=portal_now() - timedelta(days=366))

    count_popularity()

    counted = {code: world.item(code).popularity for code in ("SJ-002", "ZR-001", "MZ-006")}
    assert counted == {"SJ-002": 2, "ZR-001": 0, "MZ-006": 0}
    assert actions.count_popularity() == 0
