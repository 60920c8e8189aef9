"""日历桌：imported by one, published by another, what moves is previewed, kept and told – and 2020 once more, on the ledger."""

import json
from datetime import date, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from approvals import actions
from approvals.actions.calendars import note_moves
from approvals.actions.watching import watch_calendar
from approvals.loading import fold_application, load_events
from approvals.models import Case, LimitMove
from approvals.queries.calendars import touched_by
from approvals.settling import settle_application
from approvals.tasks import note_moves as note_task
from portal.calendar_data import seed_notices
from portal.calendar_import import parse_notice
from portal.calendars import current_calendar, forget_calendars, missing_year, touch_calendar_revision
from portal.clock import portal_now
from portal.errors import InvalidInput, NotAllowed, WrongState
from portal.ledger import verify
from portal.models import CalendarVersion, Event, LocalClosing, Message
from portal.outages import covered_days
from services.models import Application
from tests.approvals.test_mandate import told
from tests.conftest import TestClock
from tests.factories import at, file_application
from tests.portal.pages import signed_in, words
from tests.world import World

NOTICE: dict[str, Any] = {
    "year": 2027,
    "number": "国办发明电〔2026〕99号（虚构）",
    "issued": "2026-11-20",
    "days_off": {"元旦": ["2027-01-01/2027-01-03"], "示例节": ["2026-12-28/2026-12-30"]},
    "shifted_workdays": {"元旦": ["2026-12-26"]},
}
TEXT = json.dumps(NOTICE, ensure_ascii=False)


@pytest.fixture
def running(world: World, clock: TestClock) -> Application:
    """承诺25个工作日，跨过年底的低保申请"""
    clock(at("2026-11-30", "10:00"))
    return file_application(world, "MZ-001")


def promised(application: Application) -> date | None:
    """承诺的最后一天"""
    clock = fold_application(application, portal_now()).clock("promised")
    assert clock is not None
    return clock.due_on


def test_importing_moves_nothing_and_says_what_would_move(running: Application, world: World) -> None:
    before = promised(running)

    row = actions.import_notice(text=TEXT, by=world.li)

    assert (promised(running), row.published_at, row.imported_by) == (before, None, world.li)
    (touched,) = touched_by(parse_notice(TEXT), portal_now())
    assert touched.number == running.number
    assert [(move.clock, move.before, move.after) for move in touched.moves][0] == ("promised", before, date(2027, 1, 7))
    assert "申请人" in touched.told
    assert "王示例" in touched.told


def test_published_by_a_second_person_it_moves_each_limit_and_tells(running: Application, world: World) -> None:
    before = promised(running)
    row = actions.import_notice(text=TEXT, by=world.li)

    actions.publish_notice(version=row, by=world.zhen)
    assert promised(running) == date(2027, 1, 7)  # in force at once, though nothing has been written down
    note_moves()
    note_task()

    moves = list(LimitMove.objects.filter(case__application=running, version=row).order_by("clock"))
    assert [(move.clock, move.before, move.after) for move in moves if move.clock == "promised"] == [
        ("promised", before, date(2027, 1, 7))
    ]
    assert sum(event.kind == "limits_moved" for event in load_events(running)) == 1
    assert told(running, "deadline_moved") == {"安示例"}
    assert Message.objects.filter(subject_number=running.number, kind="deadline_moved", channel="sms").count() == 1
    shown = words(signed_in(world.an).get(reverse("approvals:progress", args=[running.number])))
    assert "承诺原来到2027年1月5日（星期二），现在到2027年1月7日（星期四）" in shown
    assert Case.objects.get(application=running).promised_due_at == at("2027-01-08", "00:00")
    row.refresh_from_db()
    assert (row.published_by, row.noted_at is not None) == (world.zhen, True)
    events = list(Event.objects.filter(stream="calendar:2027").order_by("sequence"))
    assert [event.kind for event in events] == ["calendar_imported", "calendar_published"]
    assert verify(events) is None


def test_what_moved_is_the_same_when_written_down_days_later(running: Application, world: World, clock: TestClock) -> None:
    row = actions.import_notice(text=TEXT, by=world.li)
    actions.publish_notice(version=row, by=world.zhen)
    clock(at("2026-12-03", "10:00"))
    actions.accept(application=running, by=world.wang)  # a step is opened after the publication, under the new calendar
    clock(at("2026-12-08", "10:00"))

    note_moves()

    clocks = set(LimitMove.objects.filter(version=row, case__application=running).values_list("clock", flat=True))
    assert clocks == {"promised", "statutory"}


@pytest.mark.parametrize(("importer", "publisher"), [("li", "li"), ("li", "chen"), ("li", "du")])
def test_publishing_takes_a_second_fitting_person(world: World, importer: str, publisher: str) -> None:
    row = actions.import_notice(text=TEXT, by=world.users[importer])

    with pytest.raises(NotAllowed):
        actions.publish_notice(version=row, by=world.users[publisher])

    row.refresh_from_db()
    assert row.published_at is None


def test_only_the_calendar_desk_imports_and_what_is_published_stays(world: World) -> None:
    with pytest.raises(NotAllowed, match="日历与解冻岗"):
        actions.import_notice(text=TEXT, by=world.zhen)
    row = actions.import_notice(text=TEXT, by=world.li)
    with pytest.raises(WrongState, match="已经导入过"):
        actions.import_notice(text=TEXT, by=world.li)
    actions.publish_notice(version=row, by=world.zhen)
    with pytest.raises(WrongState, match="已经公布了"):
        actions.publish_notice(version=row, by=world.zhen)
    with pytest.raises(WrongState, match="不能删"):
        actions.drop_notice(version=row, by=world.li)


def test_what_was_never_published_may_be_dropped(world: World) -> None:
    row = actions.import_notice(text=TEXT, by=world.li)

    actions.drop_notice(version=row, by=world.li)

    assert not CalendarVersion.objects.filter(year=2027).exists()
    assert [e.kind for e in Event.objects.filter(stream="calendar:2027").order_by("sequence")][-1] == "calendar_dropped"
    with pytest.raises(WrongState, match="已经删掉了"):
        actions.drop_notice(version=row, by=world.li)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("year: [", "文件格式不对"),
        ("just words", "缺少 year"),
        ("a: &a [x]\nyear: 2027\nnumber: 号\nissued: 2026-11-20\nshifted_workdays: {}\ndays_off: {元旦: [*a]}", "列出日期"),
        ("#" * 20_001, "太长"),
    ],
)
def test_a_text_that_is_no_notice_is_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse_notice(text)


def test_the_desk_in_a_browser(running: Application, world: World) -> None:
    li, zhen = signed_in(world.li), signed_in(world.zhen)
    desk = reverse("approvals:calendars")
    wrong = li.post(desk, {"text": "year: 2027\nnumber: 号"})
    assert wrong.status_code == 400
    assert "缺少" in wrong.content.decode()
    assert "number: 号" in wrong.content.decode()  # nothing typed is lost

    upload = SimpleUploadedFile("notice.json", TEXT.encode())
    page = li.post(desk, {"text": "", "file": upload}, follow=True)
    shown = words(page)
    assert "公布以后哪些期限会变" in shown
    assert running.number[:3] in shown
    assert "2027年1月7日" in shown
    version = reverse("approvals:calendar", args=[CalendarVersion.objects.get(year=2027).number])
    refused = li.post(version)
    assert refused.status_code == 403
    assert "两个不同的人" in refused.content.decode()

    done = words(zhen.post(version, follow=True))

    assert "改了哪些期限" in done
    assert "2027年1月7日" in done
    assert current_calendar().published_through == date(2027, 12, 24)
    assert "改了几件" in words(zhen.get(desk))


def test_next_year_is_missed_from_the_first_of_november(world: World, clock: TestClock, caplog: pytest.LogCaptureFixture) -> None:
    found = [missing_year(day) for day in (date(2026, 10, 31), date(2026, 11, 1), date(2027, 2, 1))]
    assert found == [None, 2027, 2027]
    clock(at("2026-11-01", "09:00"))
    watch_calendar()
    assert "no holiday notice for 2027" in caplog.text
    told = words(signed_in(world.li).get(reverse("approvals:calendars")))
    assert "还没有2027年的放假安排" in told and "请马上导入，再由另一位公布" in told
    assert "请日历岗导入，再由另一位公布" in words(signed_in(world.zhen).get(reverse("approvals:calendars")))
    assert signed_in(world.li).get(reverse("portal:healthz")).json()["calendar_missing"] == 2027

    actions.publish_notice(version=actions.import_notice(text=TEXT, by=world.li), by=world.zhen)
    caplog.clear()
    watch_calendar()

    assert missing_year(date(2026, 11, 1)) is None
    assert caplog.text == ""


def test_the_spring_festival_of_2020_on_the_ledger(world: World, clock: TestClock) -> None:
    number = "国办发明电〔2020〕1号"
    notice = next(notice for notice in seed_notices() if notice.number == number)
    CalendarVersion.objects.filter(document=number).delete()
    touch_calendar_revision()
    forget_calendars()
    clock(at("2020-01-13", "10:00"))
    ended = file_application(world, "LY-001")  # intake: 14, 15, 16, 17 and the worked Sunday 19 January
    clock(at("2020-01-20", "10:00"))
    running = file_application(world, "LY-001")  # intake: 21, 22, 23 January, then 31 January and the worked 1 February
    intake = fold_application(running, portal_now()).clock("intake")
    assert intake is not None
    assert intake.due_on == date(2020, 2, 1)
    clock(at("2020-01-27", "09:00"))
    for application in (ended, running):
        settle_application(application.pk)
    accepted = Case.objects.get(application=ended).accepted_at
    assert accepted == at("2020-01-20", "00:00")

    row = CalendarVersion.objects.create(
        number=900, year=2020, document=number, document_on=notice.issued, days_off={"春节": ["2020-01-31/2020-02-02"]},
        shifted_workdays={}, published_through=date(2020, 12, 24), published_at=portal_now(),
    )  # fmt: skip
    touch_calendar_revision()
    for _ in range(2):
        note_moves()

    moved = {(m.case.application_id, m.clock): (m.before, m.after) for m in LimitMove.objects.filter(version=row)}
    assert moved[running.pk, "intake"] == (date(2020, 2, 1), date(2020, 2, 4))
    assert (ended.pk, "intake") not in moved
    assert LimitMove.objects.filter(case__application=running, clock="intake").count() == 1
    clock(at("2020-02-05", "09:00"))
    for application in (ended, running):
        settle_application(application.pk)
    assert Case.objects.get(application=running).accepted_at == at("2020-02-05", "00:00")
    assert Case.objects.get(application=ended).accepted_at == accepted


def on_the_spot(world: World) -> Application:
    """一件即办的：收到当天办"""
    return file_application(world, "WJ-001")


def test_case_24_office_closes_early_by_local_notice(world: World, clock: TestClock) -> None:
    clock(at("2026-12-30", "10:00"))  # Wednesday; the 31st is a Thursday
    closing = actions.announce_closing(
        township=world.township, day=date(2026, 12, 31), closes_at=time(12, 0), document="示例县政府办通知（虚构）", by=world.li
    )
    with pytest.raises(NotAllowed, match="两个不同的人"):
        actions.publish_closing(closing=closing, by=world.li)
    actions.publish_closing(closing=closing, by=world.zhen)

    clock(at("2026-12-31", "11:59"))
    before = on_the_spot(world)
    clock(at("2026-12-31", "12:01"))
    after = on_the_spot(world)
    longer = file_application(world, "SJ-002")

    assert promised(before) == date(2026, 12, 31)
    assert promised(after) == date(2027, 1, 4)  # after closing: begun on the next working day, Monday 4 January
    assert promised(longer) == date(2027, 1, 6)
    day = current_calendar()
    assert day.is_workday(date(2026, 12, 31))  # the day counts
    stall = fold_application(longer, portal_now()).clock("promised")
    assert stall is not None
    assert stall.limit.started_on == date(2026, 12, 31)


def test_a_closing_is_published_before_its_hour(world: World, clock: TestClock) -> None:
    clock(at("2026-12-30", "10:00"))
    notice = {"township": world.township, "document": "示例县政府办通知（虚构）", "by": world.li}
    for wrong in ({"day": date(2026, 12, 30), "closes_at": time(9, 30)}, {"day": date(2026, 12, 31), "closes_at": time(18, 0)}):
        with pytest.raises(InvalidInput):
            actions.announce_closing(**notice, **wrong)
    closing = actions.announce_closing(**notice, day=date(2026, 12, 30), closes_at=time(12, 0))
    spot = on_the_spot(world)
    clock(at("2026-12-30", "12:00"))

    with pytest.raises(WrongState, match="不能倒着改"):
        actions.publish_closing(closing=closing, by=world.zhen)

    assert promised(spot) == date(2026, 12, 30)
    assert LocalClosing.objects.get().published_at is None


def test_a_closing_is_announced_and_published_in_a_browser(world: World, clock: TestClock) -> None:
    clock(at("2026-12-30", "10:00"))
    li, url = signed_in(world.li), reverse("approvals:closings")
    typed = {"day": "2026-12-31", "closes_at": "12点", "document": "示例县政府办通知（虚构）"}
    wrong = li.post(url, typed)
    assert wrong.status_code == 400
    assert "写成 12:00" in wrong.content.decode()

    assert li.post(url, {**typed, "closes_at": "12:00"}).status_code == 302
    assert signed_in(world.zhen).post(reverse("approvals:publish_closing", args=["2026-12-31"])).status_code == 302

    assert LocalClosing.objects.get().published_by == world.zhen
    assert signed_in(world.zhen).post(reverse("approvals:publish_closing", args=["31号"])).status_code == 404


def test_an_early_closing_shortens_what_an_outage_covers() -> None:
    gap = (at("2026-12-31", "12:30"), at("2026-12-31", "16:00"))

    assert covered_days(*gap, time(9), time(17)) == {date(2026, 12, 31): 210}
    assert covered_days(*gap, time(9), time(17), {date(2026, 12, 31): time(12)}) == {}
