from __future__ import annotations

from datetime import datetime

import pytest

from keybook.calendars.lunar import lunar_table
from keybook.core.reading.chinese import every_time, times

AT = datetime(2026, 11, 27, 9, 30)
"""A Friday."""


def read(text, at=AT):
    return [
        (each.kind, each.text, *(reading.value for reading in each.readings))
        for each in times(text=text, at=at, table=lunar_table())
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("下周三下午3点", ("datetime", "下周三下午3点", "2026-12-02T15:00:00")),
        ("下个月15号到期", ("date", "下个月15号", "2026-12-15")),
        ("三个月后联系", ("date", "三个月后", "2027-02-27")),
        ("每周一下午八点", ("set", "每周一下午八点", "R/P1W")),
    ],
)
def test_a_line_is_read_as_people_mean_it(text, expected):
    assert read(text) == [expected]


def test_a_day_no_calendar_has_is_an_entity_without_a_reading():
    (found,) = times(text="2月30日", at=AT, table=None)
    assert (found.kind, found.readings, found.trouble) == ("date", (), "no_such_day")


def test_the_parts_of_a_moment_are_given_too_when_asked_for():
    kinds = {(each.kind, each.text) for each in every_time(text="明天下午5:00", at=AT, table=None)}
    assert {("date", "明天"), ("time", "下午5:00"), ("datetime", "明天下午5:00")} <= kinds
