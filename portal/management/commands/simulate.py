"""推演一年: `manage.py simulate [FILE] --days N [--seed WORD] [--from DAY] [--json]`; touches no database."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.facts import Publication
from approvals.simulation.plan import Law, Plan
from approvals.simulation.reading import read_plan
from approvals.simulation.report import Report, make_report
from approvals.simulation.tables import lines_of
from approvals.simulation.year import Past, simulate
from portal.calendar_data import calendar_of, seed_notices
from portal.calendar_import import issued_at
from services.catalogue import load, read_offices
from services.catalogue_files import read_overlay, read_yaml

ROOT = Path(__file__).resolve().parents[3]
INPUT = ROOT / "approvals" / "data" / "township_year.yaml"
CATALOGUE = ROOT / "services" / "data"
FILES = ("catalogue.yaml", "demo_items.yaml")
SEED = "全程办"
MOST_DAYS = 3660


class Command(BaseCommand):
    """推演"""

    help = "按输入文件里的假设推演一个乡镇的一年：收件、请假、节假日、没有声音的站所、停机。不读也不写数据库。"
    requires_system_checks: list[str] = []  # no database, no keys

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default=str(INPUT), help="输入文件（YAML），不写就用自带的假设")
        parser.add_argument("--days", type=int, default=365, help="推演几天，默认365")
        parser.add_argument("--seed", default=SEED, help="同一个种子，同一个结果")
        parser.add_argument("--from", dest="first_day", default="", help="从哪天起，代替文件里的 from")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"--days 应为 1 到 {MOST_DAYS}。")
        plan, law = self._read(Path(options["file"]), options["first_day"])
        try:
            past = simulate(plan, law, publications(), days=options["days"], seed=options["seed"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        report = make_report(past)
        self.stdout.write(_json(past, report) if options["json"] else "\n".join(lines_of(past, report)))
        refuse_lost(report.unexplained)

    def _read(self, file: Path, first_day: str) -> tuple[Plan, Law]:
        try:
            overlay = read_overlay(CATALOGUE / "overlay")
            loaded = [load(read_yaml(CATALOGUE / name), overlay) for name in FILES]
            content = read_yaml(file)
        except ValueError as unreadable:
            raise CommandError(str(unreadable)) from unreadable
        if first_day and isinstance(content, dict):
            content["from"] = first_day
        items = {rules.code: rules for found, _ in loaded for rules in found}
        offices = {office.key: office.name for office in read_offices(overlay)[0]}
        plan, law, mistakes = read_plan(content, items, offices)
        if plan is None:
            for place, sentence in mistakes:
                self.stderr.write(f"{place}：{sentence}")
            raise CommandError(f"{file.name} 有{len(mistakes)}处错误，没有推演。")
        return plan, law


def refuse_lost(cases: list[str]) -> None:
    """一件没有办完、又没有期限和理由的也不许有: exit code 1."""
    if cases:
        raise CommandError(f"有{len(cases)}件没有办完，也没有期限和理由：{'、'.join(cases[:20])}")


def publications() -> list[Publication]:
    """历年放假安排, each from its publication on, as the portal itself takes them up."""
    notices = sorted(seed_notices(), key=issued_at)
    return [
        Publication(issued_at(notice), calendar_of(notices[:number]), number) for number, notice in enumerate(notices, 1)
    ]


def _json(past: Past, report: Report) -> str:
    head = {
        "assumption": past.plan.about,
        "yearly": past.plan.yearly,
        "from": past.plan.first_day.isoformat(),
        "days": past.days,
        "workdays": len(past.workdays),
        "seed": past.seed,
        "folds": past.folds,
    }
    return json.dumps(head | dataclasses.asdict(report), ensure_ascii=False, indent=1)
