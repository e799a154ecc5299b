"""The small grammar of the memorandum: what it promises of every line, and the questions it asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keybook.core.memo import Draft
from keybook.core.memo_draft import LONGEST, Setting, draft, language_of
from keybook.core.workdays import WorkCalendar
from keybook.phones import UnknownRegionError, known

AT = dt.datetime(2026, 11, 23, 10, 32)
CALENDAR = WorkCalendar(holidays=frozenset({date(2026, 12, 25), date(2027, 1, 1)}))
WORDS = st.sampled_from([
    "张先生 ", "Mr Zhang ", "王丽华女士", "13800138000", "138001380", "45万", "三四十万", "$20k", "定期", "工行", "海港银行", "another bank", "八月底到期",
    "matures in three months", "2月30日", "下周三", " next Wed ", "提醒他", "call him", "明天", "打电话", "微信", "来网点", "生日八月初五", " birthday ", "八月五",
    "提前三天", "存了2026", "新店开业", "不满", "🎉", "مرحبا", "，", "。", " ", "\n", " 15/8 ", " 3/4/2027 ", "一", "点",
])  # fmt: skip


def asked(line: Draft) -> set[str]:
    return {question.code for question in line.questions}


def whole(line: Draft) -> bool:
    """Every part is a slice of the original, every question is about a part that is there."""
    slices = all(line.original[one.start : one.start + one.length] == one.text and one.text for one in line.parts)
    places = all(one.part is None or 0 <= one.part < len(line.parts) for one in line.questions)
    links = all(one.of is None or 0 <= one.of < len(line.parts) for one in line.parts)
    return slices and places and links


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_a_draft_that_keeps_the_original(text: str) -> None:
    line = draft(text=text, at=AT)
    assert line.original == text
    assert whole(line)


@settings(max_examples=120, deadline=None)
@given(words=st.lists(WORDS, max_size=14), language=st.sampled_from(["zh", "en", None]))
def test_any_row_of_a_bankers_words_is_a_draft_and_what_has_two_readings_is_asked(
    words: list[str], language: str | None
) -> None:
    line = draft(text="".join(words), at=AT, language=language, setting=Setting(calendar=CALENDAR))  # type: ignore[arg-type]
    assert whole(line)
    about = {question.part for question in line.questions}
    doubtful = [place for place, one in enumerate(line.parts) if len(one.choices) > 1]
    assert set(doubtful) <= about


@settings(max_examples=60, deadline=None)
@given(amount=st.integers(1, 9_999), unit=st.sampled_from([("万", 10**4), ("亿", 10**8), ("k", 1000), ("千元", 1000)]))
def test_an_amount_is_read_as_it_is_written(amount: int, unit: tuple[str, int]) -> None:
    line = draft(text=f"张先生 存了 {amount}{unit[0]} 定期", at=AT)
    assert [one.choices[0].value for one in line.all("money")] == [str(amount * unit[1])]


@settings(max_examples=60, deadline=None)
@given(day=st.dates(date(2026, 11, 24), date(2035, 12, 31)))
def test_a_day_to_come_is_read_as_it_is_written_and_moved_only_off_days_without_work(day: date) -> None:
    line = draft(text=f"张先生 {day.year}年{day.month}月{day.day}日 回电", at=AT, setting=Setting(calendar=CALENDAR))
    [choice] = line.all("promise")[0].choices
    assert choice.value == day.isoformat()
    assert bool(choice.moved) is not CALENDAR.is_workday(day)
    assert not choice.moved or CALENDAR.is_workday(date.fromisoformat(choice.moved))


def test_a_promise_on_a_sunday_or_a_holiday_says_where_it_moves_and_why() -> None:
    setting = Setting(calendar=CALENDAR)
    for text, moved, why in (
        ("12月6日 回电 张先生", "2026-12-07", "weekend"),
        ("call Mr Zhang on 25 December 2026", "2026-12-28", "holiday"),
    ):
        [choice] = draft(text=text, at=AT, setting=setting).all("promise")[0].choices
        assert (choice.moved, choice.why) == (moved, why)


def test_the_walk_in_of_the_first_journey_is_understood() -> None:
    line = draft(text="张先生 13800138000 八月底定期到期 45万 提醒他", at=AT)
    assert (line.sure("name"), line.sure("phone"), line.sure("money")) == ("张先生", "13800138000", "450000")
    assert (line.sure("product"), line.sure("maturity"), line.sure("promise")) == (
        "term_deposit",
        "2027-08-31",
        "2027-08-31",
    )
    assert line.questions == ()


def test_money_at_another_bank_is_evidence_said_today_with_its_bank_and_maturity() -> None:
    line = draft(text="王女士 工行有20万定期，三个月后到期", at=AT)
    [away] = line.held_away
    assert (away.source, away.on, away.confidence) == ("said", date(2026, 11, 23), "likely")
    assert away.money is not None
    assert away.maturity is not None
    assert line.parts[away.money].role == "held_away"
    assert line.parts[away.institution].choices[0].value == "ICBC"
    assert line.parts[away.maturity].choices[0].value == "2027-02-23"


def test_an_unknown_bank_is_asked_about_and_its_evidence_is_unsure() -> None:
    line = draft(text="张先生 另一家银行有30万", at=AT)
    assert "which_institution" in asked(line)
    assert line.held_away[0].confidence == "unsure"


def test_a_sisters_phone_is_never_taken_for_the_customers() -> None:
    line = draft(text="刘女士 13800136621 her sister 13700137712 想开户", at=AT)
    assert [(one.choices[0].value, one.role) for one in line.all("phone")] == [
        ("13800136621", "customer"),
        ("13700137712", "other"),
    ]
    assert "which_phone" not in asked(line)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("张先生 2月30日到期", "no_such_day"), ("张先生 存了2026", "amount_or_year"), ("张先生 13800138000 13900139000", "which_phone"),
        ("张先生 1380013800", "phone_digits"), ("Mr Zhang 138..., CD of 450k", "phone_digits"), ("张先生 三四十万", "which_amount"), ("张先生 生日八月五", "which_calendar"),
        ("next Wed call Mr Silva", "which_day"), ("张先生 下周到期", "which_day"), ("王女士 到期 12月1日或者12月10日", "which_date"),
        ("张先生 李女士 定期", "which_name"), ("明天回电", "who"), ("张先生 回电", "when"), ("the weather", "unread"),
        ("张先生 去别的银行存了50万", "which_institution"), ("Mr Costa 2/3/2027 maturity", "which_day"), ("周一回电张先生", "which_day"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_asked_and_never_guessed(text: str, code: str) -> None:
    assert code in asked(draft(text=text, at=AT))


def test_a_phone_with_a_typo_is_kept_as_typed_and_has_no_value() -> None:
    [phone] = draft(text="Mr Zhang 1380013800", at=AT, setting=Setting(known=known("CN"))).all("phone")
    assert (phone.text, phone.choices, phone.trouble) == ("1380013800", (), "digits")


def test_a_document_is_kept_whole_and_not_read_beyond_its_beginning() -> None:
    text = "张先生 " + "很长 " * 4000 + "45万"
    line = draft(text=text, at=AT)
    assert line.original == text
    assert "too_long" in asked(line)
    assert all(one.start < LONGEST for one in line.parts)


@pytest.mark.parametrize("text", ["", "🎉🎂💰" * 50, "مرحبا بالعالم", "\u202e תודה", "    \n\t"])
def test_a_text_without_facts_is_a_draft_without_parts_that_asks(text: str) -> None:
    line = draft(text=text, at=AT)
    assert line.parts == ()
    assert asked(line) == {"unread"}


def test_what_is_done_is_no_promise_and_what_must_not_be_done_neither() -> None:
    assert draft(text="张先生打电话说不续了", at=AT).all("promise") == ()
    assert draft(text="Mr Zhang, don't call him", at=AT).all("promise") == ()
    assert draft(text="张先生 不要打给他", at=AT).all("promise") == ()
    assert draft(text="Mr Ng called yesterday, 2026-11-20", at=AT).all("promise") == ()
    assert draft(text="张先生 上周三 回电", at=AT).all("promise")[0].choices == ()


def test_a_promise_some_days_ahead_is_counted_from_what_falls_due() -> None:
    for text, day in (
        ("张先生 12月31日到期 提前一个月打电话给他", "2026-11-30"),
        ("Mr Ng due 31 March 2027, call him a month before", "2027-02-28"),
    ):
        assert draft(text=text, at=AT).all("promise")[0].choices[0].value == day


def test_half_a_month_ahead_is_fifteen_days_and_before_without_a_length_is_asked() -> None:
    line = draft(text="赵总 信托明年3月20号到期，让我提前半个月联系他", at=AT)
    assert line.all("promise")[0].choices[0].value == "2027-03-05"
    for text in ("赵总 3月20号到期 提前联系他", "Mr Ng due 31 March 2027, call him in advance"):
        assert "which_day" in asked(draft(text=text, at=AT))


def test_a_day_behind_a_full_stop_is_never_taken_for_the_promise_before_it() -> None:
    line = draft(text="Mr Gupta complained that nobody called back on the 15th; call him first thing tomorrow", at=AT)
    assert line.all("promise")[0].choices[0].value == "2026-11-24"


def test_of_two_maturities_none_is_dropped_in_silence() -> None:
    assert "which_date" in asked(draft(text="Mr Smith: 2 CDs of $50,000 each maturing Jan 5 and Feb 9", at=AT))


def test_two_promises_of_two_kinds_are_both_kept() -> None:
    line = draft(text="张先生 明天发方案 下周五见面", at=AT)
    assert [(one.role, one.choices[0].value) for one in line.all("promise")] == [
        ("send", "2026-11-24"),
        ("meet", "2026-12-04"),
    ]


def test_two_calls_on_two_days_are_both_kept() -> None:
    line = draft(text="张先生 明天回电 下周五再打", at=AT)
    assert [one.choices[0].value for one in line.all("promise")] == ["2026-11-24", "2026-12-04"]


def test_a_day_far_from_a_channel_does_not_make_it_a_promise() -> None:
    line = draft(text="微信说 孩子的事情都已经安排好了大家放心吧 12月8号 张先生", at=AT)
    assert line.all("promise") == ()
    assert line.sure("channel") == "wechat"


def test_a_phone_before_a_currency_is_no_amount() -> None:
    line = draft(text="wu tai tai 9123 4567 HKD 2M at BOCHK", at=AT)
    assert [one.choices[0].value for one in line.all("money")] == ["2000000"]
    assert line.sure("phone") == "91234567"


def test_a_dollar_is_the_homes_where_home_has_one() -> None:
    assert draft(text="Mr Ng $20k", at=AT, setting=Setting(currency="SGD")).all("money")[0].choices[0].unit == "SGD"
    assert draft(text="Mr Ng $20k", at=AT).all("money")[0].choices[0].unit == "USD"
    assert draft(text="Mr Ng £20k", at=AT).all("money")[0].choices[0].unit == "GBP"


def test_the_language_is_that_of_most_of_the_text() -> None:
    assert language_of("刘女士 CD 到期 ICBC 80万") == "zh"
    assert language_of("call 张先生 about the term deposit tomorrow") == "en"
    assert language_of("") == "en"


def test_sure_is_nothing_where_there_are_two() -> None:
    line = draft(text="张先生 20万 30万", at=AT)
    assert line.sure("money") is None
    assert replace(line, parts=()).sure("money") is None


def test_phones_are_known_by_their_country_and_an_unknown_country_is_refused() -> None:
    here = known("CN")
    assert here("13800138000") == "+8613800138000"
    assert here("008613800138000") == "+8613800138000"
    assert here("+442083661177x12") == "+442083661177x12"
    assert here("123") == ""
    assert here("1") == ""
    with pytest.raises(UnknownRegionError, match="No phone numbers are known"):
        known("XX")


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("老王 存了5万", "name", ["老王"]), ("客户李娜 问基金", "name", ["李娜"]), ("Robert Keane called", "name", ["Robert Keane"]), ("张小明总 到访", "name", []),
        ("Mr Ng due 29/2", "maturity", ["2028-02-29"]), ("下午 张先生 来电", "channel", ["call"]), ("Mr Ng pays 3 million for 2 funds", "money", ["3000000"]),
        ("张先生 1亿 存在我行", "money", ["100000000"]), ("提醒我 明天 张先生", "reminder", ["2026-11-24"]), ("张先生 腊月初八 生日", "occasion", ["12-08"]),
    ],
)  # fmt: skip
def test_what_is_said_is_read(text: str, kind: str, values: list[str]) -> None:
    found = draft(text=text, at=AT).all(kind)  # type: ignore[arg-type]
    assert [one.choices[0].value for one in found] == values


@pytest.mark.parametrize("text", ["Mr Ng due 29/2/2027", "张先生 到期日 13-45"])
def test_figures_that_are_no_day_are_asked_about(text: str) -> None:
    line = draft(text=text, at=AT)
    assert "no_such_day" in asked(line)
    assert all(one.choices == () for one in line.all("maturity"))


def test_a_lunar_month_has_no_thirty_fifth() -> None:
    assert draft(text="张先生 农历八月35 生日", at=AT).all("occasion")[0].choices == ()


@pytest.mark.parametrize(
    ("line", "topics"),
    [
        ("王女士投诉转账手续费太高", ("complaint", "transfer", "fee")), ("Mrs Li complained about the fees", ("complaint", "fee")),
        ("陈总问利率，想续存定期", ("rate", "renewal", "term_deposit")), ("Mr Ito asked for the interest rate of a loan", ("rate", "loan")),
        ("李总新店12月8日开业，想代发工资", ("opening", "salary")), ("her birthday is 4 July, wants to study abroad", ("birthday", "study")),
        ("客户要赎回基金买房", ("redemption", "fund", "property")), ("Mr Wu retires in June, wants an annuity", ("retirement", "insurance")),
    ],
)  # fmt: skip
def test_what_was_spoken_of_is_read_in_the_words_banks_use(line: str, topics: tuple[str, ...]) -> None:
    assert set(draft(text=line, at=AT).topics()) == set(topics)


@pytest.mark.parametrize(
    "line", ["今天下雨", "Mr Cruz has no interest in it", "她很喜欢喝茶", "Ms Kowalska lives next to a cafe"]
)
def test_what_nobody_spoke_of_is_not_guessed(line: str) -> None:
    assert draft(text=line, at=AT).topics() == ()
