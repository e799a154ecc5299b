"""Calendar files: single and recurring meetings, zones, what is free or private, and files that are none."""

from __future__ import annotations

import datetime as dt

import pytest

from keybook.apps.people.queries import bank
from keybook.apps.plans.calendar_file import BadCalendarError, Event, read
from keybook.apps.plans.commands.meetings import import_calendar
from keybook.apps.plans.models import Meeting
from keybook.apps.reminders.commands import RefusedError, day_of
from tests.cast import TODAY, Cast, scope

UNTIL = TODAY + dt.timedelta(days=28)
ZONE = "Asia/Shanghai"


def calendar(*events: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n".replace("\n", "\r\n").replace("\r\r", "\r")
        for event in events
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


def found(*events: str) -> list[Event]:
    return read(data=calendar(*events), from_on=TODAY, until_on=UNTIL, zone=ZONE)


def seen(*events: str) -> list[tuple[str, tuple[int, int]]]:
    return [(each.on.isoformat(), each.span) for each in found(*events)]


ONE = (
    "UID:1\nSUMMARY:Team meeting\nDTSTART;TZID=Asia/Shanghai:20261124T090000\nDTEND;TZID=Asia/Shanghai:20261124T103000"
)


def test_a_meeting_takes_its_time_and_keeps_its_title() -> None:
    (one,) = found(ONE)
    assert (one.on, one.span, one.title) == (dt.date(2026, 11, 24), (540, 630), "Team meeting")


def test_a_time_in_another_zone_is_told_in_the_banks() -> None:
    # 01:30 in UTC is 9:30 in Shanghai; 09:00 in London in November is 17:00
    assert seen("UID:1\nDTSTART:20261124T013000Z\nDURATION:PT45M") == [("2026-11-24", (570, 615))]
    assert seen("UID:1\nDTSTART;TZID=Europe/London:20261124T090000\nDURATION:PT1H") == [("2026-11-24", (1020, 1080))]


def test_a_weekly_series_is_counted_one_by_one_without_its_exceptions() -> None:
    series = (
        "UID:1\nDTSTART;TZID=Asia/Shanghai:20260105T084500\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;BYDAY=MO\n"
        "EXDATE;TZID=Asia/Shanghai:20261207T084500"
    )
    assert [on for on, _span in seen(series)] == ["2026-11-23", "2026-11-30", "2026-12-14"]


def test_one_of_a_series_that_was_moved_lies_where_it_was_moved_to() -> None:
    series = "UID:1\nDTSTART;TZID=Asia/Shanghai:20261123T084500\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;COUNT=3"
    moved = (
        "UID:1\nRECURRENCE-ID;TZID=Asia/Shanghai:20261130T084500\n"
        "DTSTART;TZID=Asia/Shanghai:20261201T140000\nDURATION:PT30M"
    )
    assert seen(series, moved) == [("2026-11-23", (525, 555)), ("2026-12-01", (840, 870)), ("2026-12-07", (525, 555))]


def test_a_series_that_ended_is_over() -> None:
    assert seen("UID:1\nDTSTART:20260105T010000Z\nDURATION:PT30M\nRRULE:FREQ=DAILY;UNTIL=20261124T010000Z") == [
        ("2026-11-23", (540, 570)), ("2026-11-24", (540, 570)),
    ]  # fmt: skip


def test_nine_o_clock_of_a_series_stays_nine_o_clock_across_summer_time() -> None:
    # Berlin left summer time on 25 October: 9:00 there is 16:00 in Shanghai now, and was 15:00 before
    series = "UID:1\nDTSTART;TZID=Europe/Berlin:20260907T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    assert seen(series)[0] == ("2026-11-23", (960, 1020))


def test_an_event_of_whole_days_takes_each_of_them() -> None:
    assert seen("UID:1\nDTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261126") == [
        ("2026-11-24", (0, 1440)), ("2026-11-25", (0, 1440)),
    ]  # fmt: skip


def test_an_event_over_midnight_is_cut_into_its_days() -> None:
    assert seen("UID:1\nDTSTART;TZID=Asia/Shanghai:20261124T220000\nDURATION:PT4H") == [
        ("2026-11-24", (1320, 1440)), ("2026-11-25", (0, 120)),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_what_is_free_or_cancelled_takes_no_time(line: str) -> None:
    assert found(f"{ONE}\n{line}") == []


@pytest.mark.parametrize("line", ["CLASS:PRIVATE", "CLASS:CONFIDENTIAL"])
def test_of_a_private_event_only_the_time_is_taken(line: str) -> None:
    (one,) = found(f"{ONE}\n{line}")
    assert (one.span, one.title) == ((540, 630), "")


def test_what_lies_outside_the_period_is_left_out() -> None:
    assert (
        seen("UID:1\nDTSTART:20261122T010000Z\nDURATION:PT1H", "UID:2\nDTSTART:20270301T010000Z\nDURATION:PT1H") == []
    )


def test_an_event_without_an_end_takes_no_time() -> None:
    assert seen("UID:1\nDTSTART:20261124T010000Z") == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"", "no calendar file"),
        (b"PK\x03\x04 a spreadsheet", "no calendar file"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nno colon here\r\n", "cut off"),
        (b"BEGIN:VCALENDAR\r\nno colon here\r\nEND:VCALENDAR\r\n", "damaged"),
        (calendar("UID:1\nSUMMARY:Lunch"), "“Lunch” has no readable time"),
        (calendar("UID:1\nSUMMARY:Back\nDTSTART:20261124T010000Z\nDTEND:20261123T010000Z"), "no readable time"),
        (
            calendar("UID:1\nSUMMARY:Tick\nDTSTART:20200101T010000Z\nDURATION:PT1M\nRRULE:FREQ=SECONDLY"),
            "no readable time",
        ),
        (calendar("UID:1\nSUMMARY:Old\nDTSTART:18000101T010000Z\nDURATION:PT1M\nRRULE:FREQ=DAILY"), "no readable time"),
        (b"x" * (2 * 2**20 + 1), "at most 2 MB"),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence(data: bytes, why: str) -> None:
    with pytest.raises(BadCalendarError, match=why):
        read(data=data, from_on=TODAY, until_on=UNTIL, zone=ZONE)


def test_more_events_than_a_diary_holds_are_refused() -> None:
    data = calendar(*["UID:1\nDTSTART:20261124T010000Z"] * 5001)
    with pytest.raises(BadCalendarError, match="5,000"):
        read(data=data, from_on=TODAY, until_on=UNTIL, zone=ZONE)


@pytest.mark.django_db
def test_brought_again_only_what_has_changed_changes_and_what_was_typed_stays(cast: Cast) -> None:
    day, by = day_of(bank()), scope(cast.alice)
    Meeting.objects.create(staff=cast.alice, on=TODAY, from_minute=600, until_minute=660, title="Typed", source="typed")
    two = ONE.replace("UID:1", "UID:2").replace("1124", "1125")
    first = import_calendar(by=by, staff_id=cast.alice.pk, data=calendar(ONE, two), day=day)
    again = import_calendar(by=by, staff_id=cast.alice.pk, data=calendar(ONE, two), day=day)
    longer = ONE.replace("T103000", "T110000")
    third = import_calendar(by=by, staff_id=cast.alice.pk, data=calendar(longer), day=day)
    assert [(each.added, each.changed, each.removed, each.same) for each in (first, again, third)] == [
        (2, 0, 0, 0), (0, 0, 0, 2), (0, 1, 1, 0),
    ]  # fmt: skip
    assert sorted(Meeting.objects.values_list("title", "until_minute")) == [("Team meeting", 660), ("Typed", 660)]


@pytest.mark.django_db
def test_a_bad_file_changes_no_meeting(cast: Cast) -> None:
    Meeting.objects.create(staff=cast.alice, on=TODAY, from_minute=600, until_minute=660, source="ics", uid="x")
    with pytest.raises(RefusedError, match="no calendar file"):
        import_calendar(by=scope(cast.alice), staff_id=cast.alice.pk, data=b"hello", day=day_of(bank()))
    assert Meeting.objects.count() == 1


@pytest.mark.django_db
def test_an_empty_calendar_says_so(cast: Cast) -> None:
    said = import_calendar(by=scope(cast.alice), staff_id=cast.alice.pk, data=calendar(), day=day_of(bank()))
    assert said.sentence == "The file holds no meeting in the next three months."
