"""Opening sentences: what is said, in both languages, and what may never be."""

import re
from datetime import date, timedelta
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.address import address, own_part, surname
from keybook.core.openings import AMOUNTS, DATES, Opening, Tongue, choose, date_text, say, template_code
from keybook.core.ranking import KIND_POINTS, Reason
from keybook.core.sentences import CHINESE, ENGLISH

TODAY = date(2026, 11, 23)
FACTS = {
    "bank": "Eastgate Bank", "amount": "1800000.00", "booked_on": "2026-11-20", "matures_on": "2026-11-26",
    "last_on": "2026-10-05", "days": "18", "valid_until": "2026-11-30", "short": "142000.00", "paid_on": "2026-11-20",
    "on": "2026-11-25", "name": "Steady Income 90", "bought_on": "2026-11-20", "last_contact_on": "2026-10-13",
}  # fmt: skip
SECRETS = {"text": "he drinks", "counterparty": "Wang Wu", "label": "second wife", "percent": "40", "holding": "H1"}
KINDS = sorted({*KIND_POINTS, "other", "something new"})
facts = st.dictionaries(st.sampled_from(sorted(FACTS)), st.sampled_from([*FACTS.values(), "", "NaN", "{x}", "30 Feb"]))


def reason(kind, due_on=TODAY, /, **known):
    return Reason("signal", kind, due_on, TODAY, Decimal(0), FACTS | known)


PROMISE = Reason("promise", "promise", date(2026, 11, 20), date(2026, 11, 20), facts={"text": "send him the fees"})


def spoken(*reasons, name="Chen Guohua", language="en", sex="m", **more):
    return say(reasons=reasons, name=name, language=language, sex=sex, today=TODAY, **more)


def test_a_late_promise_comes_first_and_the_outflow_is_named_beside_it():
    assert spoken(PROMISE, reason("outflow_other_bank")) == (
        "Hello Mr Chen. I promised to come back to you by Friday 20 November; it took longer, and that is on me. "
        "Also, I saw that ¥1.8m went to Eastgate Bank. May I tell you now?"
    )


def test_the_same_is_said_in_chinese_as_a_person_would_say_it():
    found = spoken(PROMISE, reason("outflow_other_bank", bank="东门银行"), name="陈国华", language="zh-hans")
    assert found == (
        "陈先生，您好。之前答应 11月20日前给您答复，我这边迟了，向您致歉。"
        "另外，看到您有 180 万转到了东门银行。现在跟您说一下，方便吗？"
    )


def test_a_maturing_deposit_is_a_fact_and_a_question():
    assert spoken(reason("deposit_maturing"), sex="f", name="Margaret Thornbury-Castellanos") == (
        "Hello Ms Thornbury-Castellanos. Your term deposit of ¥1.8m matures on Thursday 26 November. "
        "What do you have in mind for it?"
    )


@pytest.mark.parametrize(
    ("kind", "known", "code"),
    [
        ("deposit_maturing", {"matures_on": "2026-11-20"}, "deposit_matured"),
        ("deposit_maturing", {"matures_on": "2026-11-23"}, "deposit_maturing"),
        ("birthday", {"on": "2026-11-23"}, "birthday"),
        ("birthday", {"on": "2026-11-25"}, "birthday_ahead"),
        ("birthday", {"on": "2026-11-20"}, "birthday_past"),
        ("birthday", {"on": "?"}, "birthday"),
        ("opening", {"on": "2026-11-20"}, "opening_past"),
        ("risk_profile_expiring", {"valid_until": "2026-11-01"}, "risk_profile_expired"),
        ("income_stopped", {"kind": "salary"}, "salary_stopped"),
        ("income_stopped", {"kind": "pension"}, "pension_stopped"),
        ("income_stopped", {"kind": "rent"}, "income_stopped"),
        ("standard", {"last_contact_on": ""}, "first_contact"),
        ("standard", {}, "standard"),
        ("something new", {}, "plain"),
    ],
)
def test_the_sentence_fits_the_day_and_the_kind(kind, known, code):
    assert template_code(reason=reason(kind, **known), today=TODAY) == code


def test_without_a_reason_it_is_a_plain_greeting():
    assert spoken() == "Hello Mr Chen. I wanted to hear how you are. Is there something I can do for you?"


def test_a_second_reason_that_may_only_be_said_alone_is_left_out():
    assert choose(reasons=[PROMISE, reason("below_tier")], tongue=Tongue("en", "CNY", TODAY)) == Opening(
        "promise_late", {"due_on": "Friday 20 November"}
    )


def test_a_first_reason_that_may_only_be_said_alone_is():
    assert "+" not in choose(reasons=[reason("dormant"), PROMISE], tongue=Tongue("en", "CNY", TODAY)).template_code


def test_two_deposits_are_not_said_twice():
    first, second = reason("deposit_maturing"), reason("deposit_maturing", amount="5.00")
    assert choose(reasons=[first, second], tongue=Tongue("en", "CNY", TODAY)).template_code == "deposit_maturing"


def test_the_two_facts_of_a_pair_keep_their_own_amounts():
    found = spoken(reason("deposit_maturing"), reason("large_inflow", amount="400000"))
    assert "Your term deposit of ¥1.8m" in found
    assert "Also, ¥400,000 came in" in found


def test_a_reason_whose_facts_cannot_be_read_gives_way_to_the_next():
    assert spoken(reason("large_inflow", amount="a lot"), reason("dormant")).startswith(
        "Hello Mr Chen. It has been a while"
    )
    assert spoken(reason("large_inflow", amount="NaN")).startswith("Hello Mr Chen. I wanted to hear")


def test_a_bank_nobody_named_may_not_be_said():
    assert "None" not in spoken(reason("outflow_other_bank", bank=None))


def test_a_company_is_greeted_by_its_name():
    assert spoken(name="Jinhe Foods Co., Ltd.", sex="").startswith("Hello Jinhe Foods Co., Ltd. I wanted")
    assert spoken(name="金禾食品有限公司", sex="", language="zh").startswith("金禾食品有限公司，您好。")
    assert spoken(name="", sex="").startswith("Hello. ")
    assert spoken(name=" ", sex="f", language="zh").startswith("您好。")


def test_amounts_are_in_the_banks_currency():
    assert "CZK 1.8m" in spoken(reason("deposit_maturing"), currency="CZK")
    assert "180 万克朗" in spoken(reason("deposit_maturing"), currency="CZK", language="zh", name="陈国华")
    assert " 850 元" in spoken(reason("large_inflow", amount="850"), language="zh", name="陈国华")
    assert "180 万" in spoken(reason("large_inflow"), language="zh", name="陈国华")


def test_a_day_of_another_year_is_said_with_its_year():
    day = date(2025, 1, 5)
    assert date_text(day=day, today=TODAY, chinese=False) == "5 January 2025"
    assert date_text(day=day, today=TODAY, chinese=True) == "2025年1月5日"


@pytest.mark.parametrize(
    ("name", "sex", "english", "chinese"),
    [
        ("Chen Guohua", "m", "Mr Chen", "Chen先生"),
        ("Robert Keane", "m", "Mr Keane", "Keane先生"),
        ("Gulnur Abdurehim", "f", "Ms Abdurehim", "Abdurehim女士"),
        ("陈国华", "m", "Mr 陈", "陈先生"),
        ("欧阳秀文", "f", "Ms 欧阳", "欧阳女士"),
        ("古丽努尔·阿卜杜热依木", "f", "Ms 古丽努尔", "古丽努尔女士"),
        ("Cher", "f", "Ms Cher", "Cher女士"),
        ("金禾食品有限公司", "", "金禾食品有限公司", "金禾食品有限公司"),
        ("Siobhán O'Neill", "f", "Ms O'Neill", "O'Neill女士"),
        ("Client 2397", "m", "", ""),
        ("", "m", "", ""),
    ],
)
def test_a_customer_is_addressed_by_title_and_surname(name, sex, english, chinese):
    assert address(name=name, sex=sex, chinese=False) == english
    assert address(name=name, sex=sex, chinese=True) == chinese


def test_nobody_has_no_surname():
    assert surname(name="") == ""


def test_both_languages_have_the_same_sentences_with_the_same_fields():
    def fields(text):
        return {field for _, field, _, _ in Formatter().parse(text) if field}

    assert set(ENGLISH) == set(CHINESE)
    for code, sentence in ENGLISH.items():
        assert fields(sentence.fact) == fields(CHINESE[code].fact), code
        assert bool(sentence.also) == bool(CHINESE[code].also), code
        assert fields(sentence.also) <= fields(sentence.fact) | fields(sentence.also) <= {
            *AMOUNTS, *DATES, "bank", "name", "days", "opening", "event_name",
        }, code  # fmt: skip


def test_every_kind_of_the_scorecard_has_a_sentence_of_its_own():
    for kind in KIND_POINTS:
        assert template_code(reason=reason(kind), today=TODAY) != "plain", kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bankers_private_note_may_not_be_spoken(kind, language):
    found = spoken(reason(kind, **SECRETS), name="Chen Guohua", language=language)
    assert not any(secret in found for secret in SECRETS.values() if not secret.isdigit())


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_may_not_threaten_or_reproach(kind):
    found = spoken(reason(kind)) + spoken(reason(kind), language="zh", name="陈国华")
    assert not re.search(r"\b(lose|why did|penalt|must|last chance|unfortunately|should have)", found, re.IGNORECASE)
    assert not re.search("失去|必须|为什么|否则|最后机会|降级|你", found)


@pytest.mark.parametrize("code", sorted(ENGLISH))
def test_every_sentence_asks_one_question(code):
    assert ENGLISH[code].ask.count("?") == 1
    assert ENGLISH[code].ask.endswith("?")
    assert "?" not in ENGLISH[code].fact + ENGLISH[code].also
    assert CHINESE[code].ask.endswith("？")


def test_a_field_typed_by_somebody_may_not_become_a_template():
    assert "{today}" in spoken(reason("product_bought", name="{today}"))


@given(
    st.lists(st.builds(Reason, st.just("signal"), st.sampled_from(KINDS), st.dates(TODAY, TODAY + timedelta(30)),
                       st.just(TODAY), st.just(Decimal(0)), facts), max_size=4),
    st.text(max_size=20), st.sampled_from(["m", "f", ""]), st.sampled_from(["en", "zh-hans", "fr"]),
)  # fmt: skip
def test_whatever_is_known_there_is_something_whole_to_say(reasons, name, sex, language):
    found = say(reasons=reasons, name=name.replace("{", ""), language=language, sex=sex, today=TODAY)
    assert found.endswith(("?", "？"))
    assert "  " not in found


@pytest.mark.parametrize("name", ["Client 12163", "12163", "C0012163", "客户12163", "Customer #7"])
def test_a_number_in_place_of_a_name_is_not_greeted(name):
    assert spoken(reason("standard"), name=name).startswith("Hello. ")
    assert spoken(reason("standard"), name=name, language="zh").startswith("您好。")


@pytest.mark.parametrize("name", ["Meridian Bank 子午银行", "子午银行 Meridian Bank"])
def test_a_name_given_twice_is_said_in_the_language_of_the_sentence(name):
    assert "to Meridian Bank, most" in spoken(reason("outflow_other_bank", bank=name))
    assert "转到了子午银行，最近" in spoken(reason("outflow_other_bank", bank=name), language="zh", name="陈国华")


@pytest.mark.parametrize("name", ["东门银行", "Eastgate Bank", "ICBC 工商银行 Ltd", "平安 90天 A款", ""])
def test_a_name_given_once_is_left_whole(name):
    assert own_part(name=name, chinese=True) == own_part(name=name, chinese=False) == name


def test_a_campaign_opens_with_its_own_sentence_in_the_customers_language_whole_and_else_with_the_usual():
    long = "We hold an evening of porcelain in the old town hall in December, with tea and a guide from the museum."
    one = reason("campaign", opening_en=long)
    assert say(reasons=[one], name="Kwame Osei", language="en", sex="m", today=TODAY).startswith(
        f"Hello Mr Osei. {long} "
    )
    assert "有一个活动想邀请您" in say(reasons=[one], name="张伟", language="zh", sex="f", today=TODAY)
