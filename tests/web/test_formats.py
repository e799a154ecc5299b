from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook import formats

TODAY = date(2026, 11, 23)
amounts = st.decimals(min_value=-(10**13), max_value=10**13, places=2)


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("1800000.00", "CNY", "¥1,800,000"),
        ("-18300.5", "CNY", "−¥18,300.50"),
        ("0", "CNY", "¥0"),
        ("1204000", "USD", "US$1,204,000"),
        ("12000", "CZK", "CZK\u202f12,000"),
        ("-0.001", "CNY", "¥0"),
    ],
)
def test_exact_money_has_its_currency_its_thousands_and_cents_only_where_there_are_any(amount, currency, said):
    assert formats.money(amount, currency) == said


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        ("1800000", "¥1.8m", "180 万"),
        ("28900000", "¥28.9m", "2,890 万"),
        ("4830000", "¥4.83m", "483 万"),
        ("142000", "¥142,000", "14.2 万"),
        ("2640500", "¥2.64m", "264 万"),
        ("2641000", "¥2.64m", "264.1 万"),
        ("386200", "¥386,200", "38.6 万"),
        ("12480000", "¥12.5m", "1,248 万"),
        ("128450300", "¥128m", "1.28 亿"),
        ("1284503000", "¥1.28bn", "12.8 亿"),
        ("999999.60", "¥1m", "100 万"),
        ("99995000", "¥100m", "1 亿"),
        ("9999.60", "¥10,000", "1 万"),
        ("8200", "¥8,200", "8,200 元"),
        ("-1770000", "−¥1.77m", "−177 万"),
    ],
)
def test_short_money_is_said_as_each_language_says_it(amount, english, chinese):
    assert formats.money_short(amount, "CNY", "en") == english
    assert formats.money_short(amount, "CNY", "zh-hans") == chinese


def test_short_money_of_another_currency_names_it_in_both_languages():
    assert formats.money_short("1800000", "USD", "en") == "US$1.8m"
    assert formats.money_short("1800000", "USD", "zh-hans") == "180 万美元"


def _number(text: str) -> Decimal:
    scale = {"m": 10**6, "bn": 10**9, "万": 10**4, "亿": 10**8, "元": 1}
    bare = text.replace("¥", "").replace(",", "").replace("−", "-").replace(" ", "")
    for unit in ("bn", "m", "万", "亿", "元"):
        if bare.endswith(unit):
            return Decimal(bare.removesuffix(unit)) * scale[unit]
    return Decimal(bare)


@given(amounts)
def test_short_money_is_never_more_than_half_a_hundredth_off(amount):
    for language in ("en", "zh-hans"):
        told = _number(formats.money_short(amount, "CNY", language))
        assert abs(told - amount) <= max(abs(amount) * Decimal("0.0051"), Decimal("0.5"))


@given(amounts, amounts)
def test_of_two_amounts_the_larger_is_never_said_to_be_the_smaller(one, other):
    low, high = sorted((one, other))
    for language in ("en", "zh-hans"):
        assert _number(formats.money_short(low, "CNY", language)) <= _number(formats.money_short(high, "CNY", language))


@given(amounts)
def test_exact_money_can_be_read_back_to_the_cent(amount):
    assert _number(formats.money(amount, "CNY")) == amount


def test_dates_carry_their_year_only_when_it_is_another():
    assert formats.day(TODAY, "en", TODAY) == "Mon 23 Nov"
    assert formats.day(TODAY, "zh-hans", TODAY) == "11月23日 星期一"
    assert formats.day_short(date(2027, 2, 9), "en", TODAY) == "9 Feb 2027"
    assert formats.day_short(date(2027, 2, 9), "zh-hans", TODAY) == "2027/2/9"
    assert formats.day_short(TODAY, "zh-hans", TODAY) == "11/23"
    assert formats.day_long(TODAY, "en") == "Monday 23 November"
    assert formats.month(date(2024, 11, 1), "en", year=True) == "Nov 2024"


@pytest.mark.parametrize(
    ("days", "english", "chinese"),
    [
        (0, "Today", "今天"),
        (1, "Tomorrow", "明天"),
        (-1, "Yesterday", "昨天"),
        (3, "Thu 26 Nov", "周四 11/26"),
        (7, "30 Nov", "11/30"),
        (14, "7 Dec", "12/7"),
    ],
)
def test_a_date_is_told_from_today(days, english, chinese):
    day = TODAY + timedelta(days=days)
    assert formats.when(day, TODAY, "en") == english
    assert formats.when(day, TODAY, "zh-hans") == chinese


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_any_two_dates_can_be_told_in_both_languages(day, today):
    for language in ("en", "zh-hans"):
        assert formats.when(day, today, language)
        assert formats.ago(day, today, language)
        assert (str(day.year) in formats.day(day, language, today)) == (day.year != today.year)


def test_counts_are_told_in_words():
    assert formats.workdays_late(1, "en") == "1 workday late"
    assert formats.workdays_late(3, "en") == "3 workdays late"
    assert formats.workdays_late(1, "zh-hans") == "迟 1 个工作日"
    assert formats.workdays_late(63, "en") == "3 months late"
    assert formats.workdays_late(781, "zh-hans") == "迟一年多"
    assert formats.ago(date(2026, 11, 17), TODAY, "en") == "6 d ago"
    assert formats.ago(date(2026, 11, 17), TODAY, "zh-hans") == "6 天前"
    assert [formats.signed(n) for n in (41, 0, -14)] == ["+41", "±0", "−14"]
    assert formats.percent(92, "en") == "92\u00a0%"
    assert formats.percent("92.4", "zh-hans", 1) == "92.4%"


def test_the_name_in_the_readers_language_leads():
    assert formats.customer_name("Chen Guohua", "陈国华", "en") == ("Chen Guohua", "陈国华")
    assert formats.customer_name("Chen Guohua", "陈国华", "zh-hans") == ("陈国华", "Chen Guohua")
    assert formats.customer_name("Robert Keane", "", "zh-hans") == ("Robert Keane", "")
    assert formats.initials("Chen Guohua", "陈国华") == "陈"
    assert formats.initials("Robert Allan Keane") == "RK"
    assert formats.initials("") == ""


def test_a_name_that_may_not_be_read_shows_one_letter():
    assert formats.mask_name("刘妍") == "刘··"
    assert formats.mask_name("") == ""
