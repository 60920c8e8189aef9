"""公开的权限：the predicate and the list agree, for every member of the cast."""

from disclosure.permissions import desk_duties, may_publish, may_review, visible_notices, visible_revisions
from portal.clock import portal_now
from portal.models import Duty, PostHolding
from tests.disclosure.helpers import draft, published
from tests.world import World


def test_lists_and_duties_agree_for_everyone(world: World) -> None:
    revision, now = draft(world), portal_now()

    for name, user in world.users.items():
        listed = visible_revisions(user, now).filter(pk=revision.pk).exists()
        assert listed == bool(desk_duties(user, world.township, now)), name
    assert visible_revisions(world.gao, now).exists() and not visible_revisions(world.chen, now).exists()


def test_nobody_reviews_or_publishes_their_own(world: World) -> None:
    revision = draft(world)
    every = {Duty.DRAFT, Duty.DISCLOSURE_REVIEW, Duty.PUBLISH}

    assert not may_review(world.gao, revision, every) and not may_publish(world.gao, revision, every)
    assert may_review(world.gong, revision, every) and may_publish(world.gong, revision, every)
    assert not may_review(world.gong, revision, {Duty.PUBLISH})


def test_the_duty_ends_with_the_post(world: World) -> None:
    PostHolding.objects.filter(user=world.gao).update(ends_on="2026-01-31")

    assert desk_duties(world.gao, world.township, portal_now()) == set()


def test_the_public_sees_what_was_published_once(world: World) -> None:
    draft(world)
    notice = published(world)

    assert list(visible_notices(world.township)) == [notice]
    assert not visible_notices(world.other).exists()
