"""Meetings, absences and capacity: what they leave for contacts, who may set them, and what cannot be."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from keybook.apps.people.queries import bank
from keybook.apps.plans.commands import capacity, meetings
from keybook.apps.plans.models import Absence, Capacity, Meeting
from keybook.apps.plans.queries.time import times
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of
from tests.apps.plans.stage import SATURDAY, TOMORROW
from tests.cast import TODAY, Cast, scope

pytestmark = pytest.mark.django_db
NEXT_WEEK = TODAY + dt.timedelta(days=7)
USUAL = capacity.Wanted(
    windows={"am": (540, 720), "pm": (840, 1020)}, kept={"am": 90, "pm": 60}, channels={"call": 15}, caps={"call": 8},
    travel=20, weekdays=(0, 1, 2, 3, 4),
)  # fmt: skip


@pytest.fixture
def day(cast: Cast) -> Day:
    return day_of(bank())


def rooms(cast: Cast, day: Day) -> dict[tuple[dt.date, str], int]:
    found = times(staff_ids=[cast.alice.pk], from_on=TODAY, until_on=NEXT_WEEK, day=day)
    return dict(found[cast.alice.pk].rooms)  # type: ignore[arg-type]


def test_without_a_word_of_the_bank_two_hours_of_each_half_day_are_kept(cast: Cast, day: Day) -> None:
    found = rooms(cast, day)
    assert found[TODAY, "am"] == found[TODAY, "pm"] == 120
    assert found[SATURDAY, "am"] == 0


def test_the_banks_usual_holds_until_somebody_keeps_their_own(cast: Cast, day: Day) -> None:
    capacity.set_capacity(by=scope(cast.dora), staff_id=None, wanted=USUAL)
    assert rooms(cast, day)[TODAY, "am"] == 90
    capacity.set_capacity(by=scope(cast.alice), staff_id=cast.alice.pk, wanted=replace(USUAL, kept={"am": 30, "pm": 0}))
    assert (rooms(cast, day)[TODAY, "am"], rooms(cast, day)[TODAY, "pm"]) == (30, 0)
    capacity.use_the_banks(by=scope(cast.alice), staff_id=cast.alice.pk)
    assert rooms(cast, day)[TODAY, "am"] == 90


def test_set_twice_there_is_one_usual(cast: Cast) -> None:
    for _again in range(2):
        capacity.set_capacity(by=scope(cast.dora), staff_id=None, wanted=USUAL)
    assert Capacity.objects.filter(staff=None).count() == 1


def test_an_rm_does_not_set_the_banks_usual(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        capacity.set_capacity(by=scope(cast.alice), staff_id=None, wanted=USUAL)


def test_a_stranger_does_not_set_anothers_capacity(cast: Cast) -> None:
    with pytest.raises(NotYoursError):
        capacity.set_capacity(by=scope(cast.carol), staff_id=cast.alice.pk, wanted=USUAL)
    with pytest.raises(NotYoursError):
        capacity.use_the_banks(by=scope(cast.carol), staff_id=cast.alice.pk)
    assert not Capacity.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"windows": {"am": (720, 540), "pm": (840, 1020)}}, "morning_until"),
        ({"windows": {"am": (540, 900), "pm": (840, 1020)}}, "afternoon_from"),
        ({"windows": {"am": (540, 720), "pm": (840, 1500)}}, "afternoon_until"),
        ({"kept": {"am": 181, "pm": 60}}, "morning_minutes"),
        ({"kept": {"am": 90, "pm": -1}}, "afternoon_minutes"),
        ({"channels": {"call": 0}}, "minutes_call"),
        ({"channels": {"pigeon": 10}}, "minutes_pigeon"),
        ({"caps": {"call": 0}}, "cap_call"),
        ({"travel": 500}, "travel"),
        ({"weekdays": ()}, "weekdays"),
        ({"weekdays": (0, 7)}, "weekdays"),
    ],
)
def test_what_no_capacity_can_be_is_refused_at_its_field(cast: Cast, changed: dict[str, object], field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        capacity.set_capacity(by=scope(cast.alice), staff_id=cast.alice.pk, wanted=replace(USUAL, **changed))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not Capacity.objects.exists()


def test_a_meeting_takes_its_share_and_removed_gives_it_back(cast: Cast, day: Day) -> None:
    meetings.add_meeting(
        by=scope(cast.alice), staff_id=cast.alice.pk, on=TOMORROW, span=(600, 660), title=" Board  meeting ", day=day
    )
    row = Meeting.objects.get()
    assert row.title == "Board meeting"
    assert rooms(cast, day)[TOMORROW, "am"] == 88  # 120 · 165 / 225
    meetings.remove_meeting(by=scope(cast.alice), meeting_id=row.pk)
    assert rooms(cast, day)[TOMORROW, "am"] == 120


@pytest.mark.parametrize(
    ("on", "span", "field"),
    [
        (TODAY - dt.timedelta(days=1), (600, 660), "on"),
        (TODAY + dt.timedelta(days=500), (600, 660), "on"),
        (TOMORROW, (660, 600), "until"),
        (TOMORROW, (600, 600), "until"),
        (TOMORROW, (600, 1441), "until"),
    ],
)
def test_such_a_meeting_cannot_be(cast: Cast, day: Day, on: dt.date, span: tuple[int, int], field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        meetings.add_meeting(by=scope(cast.alice), staff_id=cast.alice.pk, on=on, span=span, title="", day=day)
    assert refused.value.field == field


def test_forty_meetings_are_the_most_for_a_day(cast: Cast, day: Day) -> None:
    Meeting.objects.bulk_create(
        Meeting(staff=cast.alice, on=TOMORROW, from_minute=600, until_minute=601, source="typed") for _each in range(40)
    )
    with pytest.raises(RefusedError, match="Forty"):
        meetings.add_meeting(
            by=scope(cast.alice), staff_id=cast.alice.pk, on=TOMORROW, span=(600, 660), title="", day=day
        )


def test_a_stranger_touches_nobodys_time(cast: Cast, day: Day) -> None:
    meeting = Meeting.objects.create(staff=cast.alice, on=TOMORROW, from_minute=600, until_minute=660, source="typed")
    absence = Absence.objects.create(staff=cast.alice, from_on=TOMORROW, until_on=NEXT_WEEK)
    by = scope(cast.carol)
    with pytest.raises(NotYoursError):
        meetings.remove_meeting(by=by, meeting_id=meeting.pk)
    with pytest.raises(NotYoursError):
        capacity.remove_absence(by=by, absence_id=absence.pk)
    with pytest.raises(NotYoursError):
        meetings.add_meeting(by=by, staff_id=cast.alice.pk, on=TOMORROW, span=(1, 2), title="", day=day)
    with pytest.raises(NotYoursError):
        capacity.add_absence(by=by, staff_id=cast.alice.pk, from_on=TOMORROW, last_on=TOMORROW, why="leave", day=day)
    with pytest.raises(NotYoursError):
        meetings.import_calendar(by=by, staff_id=cast.alice.pk, data=b"", day=day)
    assert (Meeting.objects.count(), Absence.objects.count()) == (1, 1)


def test_on_days_of_leave_there_is_no_room_and_both_days_count(cast: Cast, day: Day) -> None:
    last = TOMORROW + dt.timedelta(days=1)
    capacity.add_absence(
        by=scope(cast.alice), staff_id=cast.alice.pk, from_on=TOMORROW, last_on=last, why="leave", day=day
    )
    found = rooms(cast, day)
    assert (found[TOMORROW, "am"], found[last, "pm"], found[last + dt.timedelta(days=1), "am"]) == (0, 0, 120)
    capacity.remove_absence(by=scope(cast.dora), absence_id=Absence.objects.get().pk)
    assert rooms(cast, day)[TOMORROW, "am"] == 120


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TOMORROW, TODAY, "last_on"),
        (TODAY - dt.timedelta(days=5), TODAY - dt.timedelta(days=4), "last_on"),
        (TODAY, TODAY + dt.timedelta(days=500), "last_on"),
        (NEXT_WEEK, NEXT_WEEK, "from_on"),
    ],
)
def test_such_days_of_absence_cannot_be(cast: Cast, day: Day, first: dt.date, last: dt.date, field: str) -> None:
    Absence.objects.create(staff=cast.alice, from_on=NEXT_WEEK, until_on=NEXT_WEEK + dt.timedelta(days=3))
    with pytest.raises(RefusedError) as refused:
        capacity.add_absence(
            by=scope(cast.alice), staff_id=cast.alice.pk, from_on=first, last_on=last, why="leave", day=day
        )
    assert refused.value.field == field
