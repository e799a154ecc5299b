"""What Chinese text may and may not become, whatever is in it; the worked examples are in test_chinese_examples.py."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keybook.calendars.lunar import lunar_table
from keybook.core.occasions import LunarMonth, LunarTable
from keybook.core.reading import read_every
from keybook.core.reading.chinese import every_time, times
from keybook.core.reading.entity import Entity

AT = datetime(2026, 11, 27, 9, 30)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("2月30日到期", "no_such_day"),
        ("2019年2月29日", "no_such_day"),
        ("2027-02-29", "no_such_day"),
        ("29/2/2027", "no_such_day"),
        ("31/6", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("45/45/2018", "no_such_day"),
        ("13月5日", "no_such_day"),
        ("5月32日", "no_such_day"),
        ("2025年13月", "no_such_day"),
        ("四月第五个周一到周日", "no_such_day"),
        ("2026年10月1日，星期五", "weekday_differs"),
        ("2026年8月15日到2026年8月10日", "ends_before_it_begins"),
    ],
)
def test_what_no_calendar_has_is_not_read_but_said(text, trouble):
    found = [each for each in every_time(text=text, at=AT, table=lunar_table()) if each.trouble == trouble]
    assert found
    assert trouble == "weekday_differs" or not found[0].readings


def test_a_weekday_that_fits_belongs_to_its_day():
    (found,) = times(text="10月1号（周四）", at=AT, table=None)
    assert (found.text, found.trouble) == ("10月1号（周四）", "")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12/11", {"2026-12-11", "2025-12-11", "2027-11-12", "2026-11-12"}),
        ("15/8", {"2027-08-15", "2026-08-15"}),
        ("8/15", {"2027-08-15", "2026-08-15"}),
        ("12.31到期", {"2026-12-31", "2025-12-31"}),
        ("3-7-2017", {"2017-07-03", "2017-03-07"}),
        ("12-11-10", {"2012-11-10", "2010-11-12", "2010-12-11"}),
        ("05/05/71", {"1971-05-05"}),
        ("八月十五", {"2027-09-15", "2026-09-25", "2027-08-15", "2026-08-15"}),
        ("明后天", {"2026-11-28", "2026-11-29"}),
    ],
)
def test_a_text_that_can_be_read_twice_is_read_twice(text, values):
    (found,) = times(text=text, at=AT, table=lunar_table())
    assert {reading.value for reading in found.readings} == values


@pytest.mark.parametrize(
    "text",
    [
        "13800138000", "利率2.25", "45万", "8月15万", "2000万", "1499只是一个数字", "3号楼", "5号柜台", "第1时", "张国庆女士", "60岁",
        "90后", "一万", "13/13", "0/0", "1-2-3-4", "45.45", "十五年代", "几天", "", "😀" * 50, "مرحبا", "第60周", "0755-23-45", "20261301", "还款15月",
    ],
)  # fmt: skip
def test_what_is_no_time_is_not_taken_for_one(text):
    assert not [each for each in every_time(text=text, at=AT, table=lunar_table()) if each.kind.startswith("date")]


def test_without_a_chinese_calendar_its_days_are_read_only_as_they_stand():
    for text in ("春节", "农历八月初五", "大年三十", "除夕", "腊月"):
        (found,) = times(text=text, at=AT, table=None)
        assert "lunar" not in {reading.calendar for reading in found.readings}
        assert found.readings


def test_a_chinese_calendar_that_ends_gives_no_day_beyond_it():
    short = LunarTable([LunarMonth(2026, 1, False, date(2026, 2, 17), 30)])
    (found,) = times(text="春节", at=AT, table=short)
    assert [reading.value for reading in found.readings if reading.calendar == "lunar"] == ["2026-02-17"]


def test_a_leap_month_is_kept_in_the_year_that_has_it():
    (found,) = times(text="2025年闰六月初三", at=AT, table=lunar_table())
    assert found.readings[0].value == "2025-07-27"


def test_around_a_year_that_is_no_leap_year_29_february_is_eight_years_apart():
    (found,) = times(text="2月29日", at=datetime(2097, 5, 1), table=None)
    assert [reading.value for reading in found.readings] == ["2104-02-29", "2096-02-29"]


def test_the_parts_of_a_moment_are_given_too_when_asked_for():
    found = {(each.kind, each.text) for each in every_time(text="明天下午5:00", at=AT, table=None)}
    assert {("date", "明天"), ("time", "下午5:00"), ("datetime", "明天下午5:00")} <= found


@pytest.mark.parametrize("text", ["2010-01-29", "2010 01 29", "12/1", "10/1/2018-10/7/2018", "17:55:23-18:33:02"])
def test_figures_alone_are_read_as_days_and_hours_and_never_as_a_phone(text):
    found = read_every(text=text, language="zh", at=AT)
    assert any(each.text == text and each.readings for each in found if each.kind in {"date", "daterange", "timerange"})
    assert not [each for each in found if each.kind == "phone"]


def test_a_line_with_three_dates_and_two_phones_gives_the_three_dates():
    text = "张先生13800138000，13900139000，八月底定期到期45万，下周三下午回访，12.31前答复"
    assert [each.text for each in times(text=text, at=AT, table=lunar_table())] == ["八月底", "下周三下午", "12.31前"]


@pytest.mark.parametrize("at", [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59), datetime(1900, 2, 28)])
def test_at_the_ends_of_time_nothing_is_raised(at):
    text = "大前天 三年后 过去十年 农历正月初一 下个月 周三 2月29日 去年八月底 除夕 晚上12点到明天 9999年12月31日 0001年1月1日 明晚12点 前1周 现在到八点"
    for each in every_time(text=text, at=at, table=lunar_table()):
        assert isinstance(each, Entity)


WORDS = st.sampled_from([
    *"年月日号周天点时分秒半初一二三十百零正腊农历上下前后今明昨早晚从到至和每隔第差个 -/.:~,T0123456789", "星期", "礼拜", "下午", "晚上", "之间", "之前", "以后",
    "春节", "除夕", "清明", "五一", "世纪", "年代", "季度", "年底", "月底", "小时", "分钟", "最后", "现在", "为止", "2018", "一刻", "😀",
])  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=20).map("".join)))
def test_no_text_raises_and_every_entity_is_its_slice(text):
    for found in (times, every_time):
        for each in found(text=text, at=AT, table=lunar_table()):
            assert each.text == text[each.start : each.end]
            assert each.length > 0
            assert all(reading.value for reading in each.readings)


@settings(deadline=None, max_examples=100)
@given(st.dates(date(1900, 3, 1), date(2099, 12, 31)))
def test_a_written_day_is_that_day_in_every_way_of_writing_it(day):
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}号",
    ):
        (found,) = times(text=text, at=AT, table=None)
        assert [reading.value for reading in found.readings] == [day.isoformat()]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 600), st.dates(date(1950, 1, 1), date(2040, 1, 1)))
def test_so_many_days_later_is_that_many_days_later(days, today):
    (found,) = times(text=f"{days}天后", at=datetime(today.year, today.month, today.day), table=None)
    assert (date.fromisoformat(found.readings[0].value) - today).days == days


def test_the_entities_of_a_line_do_not_overlap_unless_two_kinds_fit_one_stretch():
    text = "18年开户，下周三下午3点到5点，3-5天内，国庆后八月底前"
    places = [(each.start, each.end) for each in times(text=text, at=AT, table=lunar_table())]
    assert all(a == b or a[1] <= b[0] for a, b in pairwise(places))


HOSTILE = (
    "1",
    "一",
    "十",
    "上",
    " ",
    "1 ",
    "1-",
    "1:",
    "三天",
    "2018年",
    "三月到",
    "3点到",
    "今天后",
    "第",
    "每",
    "初一",
    "到今",
    "1年多",
    "从",
    "20180101",
)


@pytest.mark.parametrize("part", HOSTILE)
def test_a_hostile_text_ten_times_as_long_takes_about_ten_times_as_long(part):
    def cost(length: int) -> float:
        start = process_time()
        times(text=(part * length)[:length], at=AT, table=lunar_table())
        return process_time() - start

    cost(100)  # a hundred times, were it the square; a machine at work elsewhere may be wrong once, not three times
    assert any(cost(10_000) < 40 * max(cost(1_000), 0.005) for _time in range(3))
