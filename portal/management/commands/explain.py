"""解释一件办件: `manage.py explain NUMBER` prints every clock day by day, and every effect with its instant."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.facts import CaseState, ClockView
from approvals.loading import fold_application
from portal.clock import portal_now
from portal.limits import LEGAL_ZONE, explain
from portal.numbers import clean_number
from services.lifecycle import State
from services.models import Application


class Command(BaseCommand):
    """解释一件办件"""

    help = "一件办件的每个时钟逐日怎样数、每个默认什么时候生效。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")

    def handle(self, *_args: Any, **options: Any) -> None:
        number = clean_number(options["number"])
        application = Application.objects.select_related("township", "version").filter(number=number).first()
        if application is None:
            raise CommandError("没有这个编号，请核对九个字符。")
        state = fold_application(application, portal_now())
        self.stdout.write(f"{number}  {State(state.state).label}  {state.manner}")
        for clock in [*state.clocks, *(step.clock for step in state.steps if step.clock)]:
            self._clock(clock, state)
        for effect in state.effects:
            self.stdout.write(f"{effect.at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}  {effect.key}  {effect.blocked_by}")

    def _clock(self, clock: ClockView, state: CaseState) -> None:
        ending = clock.due_on or (f"中止，最迟 {clock.latest} 恢复" if clock.latest else "没有到期日")
        self.stdout.write(f"\n{clock.key}#{clock.round}  {clock.light.label}  到 {ending}  {clock.how or '在走'}")
        if clock.in_hours and clock.due_at is not None:
            self.stdout.write(f"  连着数小时，到 {clock.due_at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}")
            return
        if state.calendar is None:
            return
        for line in explain(clock.days, state.calendar):
            mark = f"第{line.number}天" if line.number else "不算"
            self.stdout.write(f"  {line.day}  {mark}  {line.reason}  {line.notice}")
