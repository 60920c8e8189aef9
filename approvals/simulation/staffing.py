"""推演的岗位核对：every piece of work that can come up must fall to somebody. Pure."""

from collections.abc import Mapping

from approvals.routing import seat_for, window_for
from approvals.simulation.fields import Mistakes
from approvals.simulation.plan import Plan
from portal.models.vocabulary import Duty
from services.definition import ItemDefinition


def check_posts(plan: Plan, items: Mapping[str, ItemDefinition], mistakes: Mistakes) -> None:
    """岗位够不够、代理对不对"""
    titles = [post.title for post in plan.posts]
    for place, post in enumerate(plan.posts, 1):
        if post.title and titles.index(post.title) != place - 1:
            mistakes.add(f"posts 第{place}项 › title", f"岗位“{post.title}”写了两次。")
        if post.deputy and post.deputy not in titles:
            mistakes.add(f"posts 第{place}项 › deputy", f"没有岗位“{post.deputy}”。")
        if post.deputy and post.deputy == post.title:
            mistakes.add(f"posts 第{place}项 › deputy", "不能自己代理自己。")
    if not any(post.duty == Duty.TOWN_LEADER for post in plan.posts):
        mistakes.add("posts", "没有镇领导：没有人的站所、逾期的件都要由镇领导接。")
    if not mistakes.found:
        _check_routes(plan, items, mistakes)


def _check_routes(plan: Plan, items: Mapping[str, ItemDefinition], mistakes: Mistakes) -> None:
    seats, villages = plan.seats(), range(1, max(len(plan.villages), 1) + 1)
    for entry in plan.arrivals:
        rules = items[entry.code]
        if window_for(seats, rules.office) is None:
            mistakes.add(f"arrivals › {entry.code}", "没有窗口岗位受理。")
        for stage in rules.running_stages():
            if any(seat_for(stage, seats, office=rules.office, village=village) is None for village in villages):
                mistakes.add(f"arrivals › {entry.code}", f"环节“{stage.name}”没有岗位办。")
