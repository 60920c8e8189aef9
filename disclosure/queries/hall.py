"""大厅屏的读：the cases that end next, eight a page, five pages at most, each folded at this instant."""

from dataclasses import dataclass
from datetime import date, datetime

from approvals.models import Case
from approvals.queries.cases import Folded, filed_applications, fold_many
from portal.models import Township
from services.lifecycle import FINAL, State
from services.queries import SAMPLE

ROWS = 8
PAGES = 5


@dataclass(frozen=True, slots=True)
class HallRow:
    """大厅屏的一行; `applicant` only where the item's results are published at all."""

    number: str
    applicant: str
    item_name: str
    step: str
    due_on: date | None
    light: str


def hall_page(township: Township, page: int, at: datetime) -> tuple[list[HallRow], int]:
    """第几页的八行，和一共几页; three queries whatever the number of cases."""
    open_cases = Case.objects.filter(township=township, closed_at=None).order_by("due_at", "pk")
    found = open_cases.values_list("application_id", "application__item__name")[: ROWS * PAGES]
    ids = [pk for pk, item in sorted(found, key=lambda row: row[1].startswith(SAMPLE))]  # samples after all others
    pages = max(1, -(-len(ids) // ROWS))
    page = min(max(page, 1), pages)
    shown = ids[(page - 1) * ROWS : page * ROWS]
    rows = {row.pk: row for row in filed_applications().filter(pk__in=shown)}
    return [_row(folded) for folded in fold_many([rows[pk] for pk in shown if pk in rows], at)], pages


def _row(folded: Folded) -> HallRow:
    state, application = folded.state, folded.application
    rules = application.rules
    clock = None if state.state == State.CORRECTING else state.shown_clock
    light = "已办结" if state.state in FINAL else clock.light.label if clock else "正常"
    light = "中止" if state.state == State.CORRECTING else light
    return HallRow(
        number=application.number,
        applicant=application.applicant_masked if rules.publish_results == "masked" else "不公开",
        item_name=rules.plain_name or rules.name,
        step=_step(folded),
        due_on=None if clock is None or state.state in FINAL else clock.due_on,  # of what stands still there is none
        light=light,
    )


def _step(folded: Folded) -> str:
    state = folded.state
    if state.state == State.SUBMITTED:
        return "等窗口受理"
    if state.state == State.CORRECTING:
        return "等补材料"
    if state.state in FINAL:
        return "已办好，可领"
    steps = state.open_steps
    if len(steps) > 1:
        return f"{len(steps)}家同时审"
    return steps[0].stage.name if steps else "办理中"
