"""Each signal, worked out by hand: raised at its threshold, not just under it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from keybook.core.address import own_part
from keybook.lake.engines import DuckEngine
from keybook.lake.policy import PolicyError, SignalPolicy, with_rules
from keybook.lake.signals import RULES
from tests.lake.small_bank import DAY, SmallBank, ago, evening, previous


@pytest.fixture
def engine():
    with DuckEngine(memory="500MB", threads=1) as duck:
        yield duck


@pytest.fixture
def bank(tmp_path):
    return SmallBank(tmp_path)


@pytest.fixture
def raised(engine, bank):
    """The signals of a kind as dictionaries, and their evidence."""

    def run(kind: str, **options):
        result = RULES[kind](evening(engine, bank, **options))
        run.evidence = engine.fetch(result.evidence).to_pylist()
        return engine.fetch(result.signals).to_pylist()

    return run


def test_a_deposit_that_matures_in_thirty_days_is_raised(bank, raised):
    bank.customer()
    bank.holding("D1", "K1", "term_deposit", amount=50_000, matures_on=ago(-30), rate="0.021", name="One year")
    bank.holding("D2", "K1", "term_deposit", amount=50_000, matures_on=ago(-31))
    bank.holding("D3", "K1", "term_deposit", amount="49999.99", matures_on=ago(-10))
    [one] = raised("deposit_maturing")
    assert one["key"] == "D1|2026-07-30"
    assert (one["deadline"], one["opens_on"], one["stake"]) == (ago(-30), DAY, Decimal("50000.00"))
    assert (one["fact_amount"], one["fact_matures_on"]) == (Decimal("50000.00"), "2026-07-30")
    assert raised.evidence[0]["row"] == "D1"


def test_a_large_inflow_is_raised_at_the_threshold_and_not_a_cent_under(bank, raised):
    bank.customer()
    number = bank.move("A-K1", 200_000, ago(13), counterparty="Somebody")
    bank.move("A-K1", "199999.99", ago(1))
    bank.move("A-K1", 900_000, ago(14))
    bank.move("A-K1", 900_000, ago(1), "redemption")
    [one] = raised("large_inflow")
    assert (one["key"], one["stake"], one["fact_counterparty"]) == (number, Decimal("200000.00"), "Somebody")
    assert [row["row"] for row in raised.evidence] == [number]


def test_a_large_outflow_to_a_named_bank_is_not_raised_twice(bank, raised):
    bank.customer()
    number = bank.move("A-K1", -200_000, ago(3))
    bank.move("A-K1", -200_000, ago(3), counterparty_bank="Eastgate Bank")
    bank.move("A-K1", "-199999.99", ago(3))
    [one] = raised("large_outflow")
    assert (one["key"], one["fact_amount"]) == (number, Decimal("200000.00"))


def test_outflows_to_one_other_bank_add_up_within_a_month(bank, raised):
    bank.customer()
    bank.move("A-K1", -60_000, ago(2), counterparty_bank="Eastgate Bank")
    bank.move("A-K1", -40_000, ago(9), counterparty_bank="Eastgate Bank")
    bank.move("A-K1", "-99999.99", ago(9), counterparty_bank="Harbour Bank")
    [one] = raised("outflow_other_bank")
    assert one["key"] == "Eastgate Bank|2026-06-01"
    assert (one["fact_amount"], one["fact_count"], one["fact_booked_on"]) == (Decimal("100000.00"), 2, "2026-06-28")
    assert sum(row["amount"] for row in raised.evidence) == -100_000


def test_a_balance_that_fell_by_a_third_is_raised(bank, raised):
    bank.customer("K1", cash=700_000)
    bank.move("A-K1", -300_000, ago(50))
    bank.customer("K2", cash=700_100)
    bank.move("A-K2", -299_900, ago(50))
    [one] = raised("balance_falling")
    assert (one["customer"], one["key"], one["fact_percent"]) == ("K1", "2026-06-01", 30)
    assert (one["fact_before"], one["fact_now"], one["stake"]) == (1_000_000, 700_000, 300_000)
    assert [row["amount"] for row in sorted(raised.evidence, key=lambda row: row["date"])] == [1_000_000, 700_000]


def test_a_salary_that_stays_away_is_raised_after_forty_five_days(bank, raised):
    for who, last in (("K1", 46), ("K2", 45)):
        bank.customer(who)
        for month in range(4):
            bank.move(f"A-{who}", 20_000, ago(last + 30 * month), "salary")
    bank.customer("K3")
    for month in range(3):
        bank.move("A-K3", 20_000, ago(60 + 30 * month), "salary")
    [one] = raised("income_stopped")
    assert (one["customer"], one["key"]) == ("K1", f"A-K1|{ago(46)}")
    assert (one["fact_kind"], one["fact_amount"], one["stake"]) == ("salary", 20_000, 240_000)
    assert len(raised.evidence) == 4


def test_cash_above_three_months_of_need_is_idle(bank, raised):
    bank.customer("K1", cash=500_000, need=100_000)
    bank.customer("K2", cash=500_000, need="100000.01")
    bank.customer("K3", cash=500_000)
    bank.move("A-K3", 500_000, ago(5))
    [one] = raised("idle_cash")
    assert (one["customer"], one["fact_amount"], one["fact_days"]) == ("K1", 200_000, 90)


def test_half_a_year_without_a_sign_of_life_is_dormant(bank, raised):
    for who, days in (("K1", 180), ("K2", 179), ("K3", 300)):
        bank.customer(who)
        bank.move(f"A-{who}", -10, ago(days))
    bank.move("A-K1", 5, ago(2), "interest")
    bank.add("channel_event", customer="K3", at=dt.datetime(2026, 6, 1, 9), channel="mobile", action="login")
    [one] = raised("dormant")
    assert (one["customer"], one["key"], one["fact_days"]) == ("K1", str(ago(180)), 180)


def test_a_risk_profile_is_raised_thirty_days_before_it_ends(bank, raised):
    for who, days in (("K1", -30), ("K2", -31), ("K3", 30)):
        bank.customer(who)
        bank.add("risk_profile", customer=who, level="C3", assessed_on=ago(300), valid_until=ago(days))
    [one] = raised("risk_profile_expiring")
    assert (one["customer"], one["deadline"], one["fact_level"]) == ("K1", ago(-30), "C3")


def test_five_percent_short_of_the_next_tier_is_near(bank, raised):
    bank.customer("K1", cash=950_000)
    bank.customer("K2", cash=949_999)
    [one] = raised("near_next_tier")
    assert (one["customer"], one["key"], one["fact_short"]) == ("K1", "platinum|2026-06-01", 50_000)


def test_assets_below_the_entry_of_the_tier_held_are_raised(bank, raised):
    bank.customer("K1", cash=899_999)
    bank.customer("K2", cash=1_000_000)
    bank.customer("K3", cash=950_000)
    [one] = raised("below_tier", before=previous(K1="platinum", K2="platinum", K3="platinum"))
    assert (one["customer"], one["fact_tier"], one["fact_short"]) == ("K1", "platinum", 100_001)


def test_who_is_kept_by_hysteresis_is_told_only_in_the_month_of_the_fall(bank, raised):
    bank.customer("K1", cash=950_000)
    bank.move("A-K1", -100_000, ago(10))
    [one] = raised("below_tier", before=previous(K1="platinum"))
    assert (one["fact_tier"], one["fact_short"]) == ("platinum", 50_000)


def test_the_first_large_deposit_of_a_small_customer_is_raised(bank, raised):
    for who in ("S1", "S2", "S3"):
        bank.customer(who, cash=150_000)
    first = bank.move("A-S1", 100_000, ago(13))
    bank.move("A-S2", "99999.99", ago(3))
    bank.move("A-S3", 100_000, ago(90))
    bank.move("A-S3", 100_000, ago(3))
    bank.customer("K1")
    bank.move("A-K1", 100_000, ago(3))
    [one] = raised("potential_key")
    assert (one["customer"], one["key"], one["stake"]) == ("S1", first, 100_000)


def test_a_loan_closed_within_thirty_days_is_raised(bank, raised):
    bank.customer()
    bank.holding("L1", "K1", "loan", amount=80_000, closed_on=ago(29))
    bank.holding("L2", "K1", "loan", amount=80_000, closed_on=ago(30))
    bank.holding("L3", "K1", "loan", amount="49999.99", closed_on=ago(2))
    [one] = raised("loan_paid_off")
    assert (one["key"], one["fact_paid_on"], one["stake"]) == ("L1", str(ago(29)), 80_000)


@pytest.mark.parametrize(("born", "on"), [((1970, 7, 7), "2026-07-07"), ((1970, 6, 30), "2026-06-30")])
def test_a_birthday_is_raised_a_week_ahead(bank, raised, born, on):
    bank.customer("K1", born_on=dt.date(*born))
    bank.customer("K2", born_on=dt.date(1970, 7, 8))
    bank.customer("K3", born_on=dt.date(1970, 7, 1), lunar_birthday="05-17")
    [one] = raised("birthday")
    assert (one["customer"], one["key"], one["fact_on"], one["fact_age"]) == ("K1", "2026", on, 56)


def test_a_product_bought_within_a_fortnight_is_raised(bank, raised):
    bank.customer()
    bank.holding("F1", "K1", "fund", amount=20_000, opened_on=ago(13), name="Steady")
    bank.holding("F2", "K1", "fund", amount=20_000, opened_on=ago(14))
    bank.holding("F3", "K1", "fund", amount="19999.99", opened_on=ago(2))
    [one] = raised("product_bought")
    assert (one["key"], one["fact_name"], one["fact_bought_on"]) == ("F1", "Steady", str(ago(13)))


def test_a_product_with_two_names_is_told_by_both_and_its_reader_shown_the_own_part(bank, raised):
    bank.customer()
    bank.add("product", code="P1", name="Steady", name_zh="稳健", kind="fund", risk="R2", currency="CNY")
    bank.holding("F1", "K1", "fund", amount=20_000, opened_on=ago(13), product="P1")
    [one] = raised("product_bought")
    assert one["fact_name"] == "Steady 稳健"
    assert own_part(name=one["fact_name"], chinese=True) == "稳健"
    assert own_part(name=one["fact_name"], chinese=False) == "Steady"


@pytest.mark.parametrize("kind", [kind for kind in RULES if kind != "potential_key"])
def test_a_small_customer_may_not_flood_the_list(bank, raised, kind):
    bank.customer("S1", cash=100_000, born_on=dt.date(1970, 7, 1))
    bank.move("A-S1", 250_000, ago(3))
    bank.move("A-S1", -250_000, ago(3), counterparty_bank="Eastgate Bank")
    assert raised(kind) == []


def test_a_threshold_of_an_administrator_replaces_the_default(bank, raised):
    bank.customer()
    bank.move("A-K1", 5_000, ago(3))
    policy = with_rules(SignalPolicy(), {"large_inflow": {"amount": "5000"}}, frozenset())
    assert len(raised("large_inflow", policy=policy)) == 1


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"full_moon": {}}, "There is no signal called full_moon."),
        ({"dormant": {"moons": 3}}, "The signal dormant has no setting moons."),
        ({"dormant": {"days": "many"}}, "dormant_days is 'many', which is no number."),
        ({"dormant": {"days": -1}}, "whole number from 0 up"),
        ({"dormant": {"days": 1.5}}, "whole number from 0 up"),
    ],
)
def test_a_wrong_threshold_is_refused(rules, sentence):
    with pytest.raises(PolicyError, match=sentence):
        with_rules(SignalPolicy(), rules, frozenset())
