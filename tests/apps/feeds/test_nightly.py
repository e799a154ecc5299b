"""The night from checked files to Today, repeated, corrected, and killed with SIGKILL in the middle."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from decimal import Decimal

import pytest
from django.db import connection

from keybook import database
from keybook.apps.customers.models import Assignment, BalanceMonth, Customer, HeldAway, Holding, Relation, Tier
from keybook.apps.feeds.models import NightStep, SignalRule
from keybook.apps.feeds.nightly import NightRefusedError
from keybook.apps.people.models import Bank, Branch, Staff
from keybook.apps.reminders.models import Line, Reminder
from keybook.apps.reminders.nightly import run_night
from keybook.lake.policy import PolicyError
from keybook.lake.snapshot import NoDataError
from tests.lake.small_bank import DAY, SmallBank, ago, all_situations, put

TABLES = {
    "customer": """SELECT c.number, c.kind, c.name, c.tier_since, c.aum, c.aum_change, c.need, c.risk_level, c.risk_until,
        c.next_due_on, c.health, c.stage, t.code, b.code, f.code, s.code,
        (SELECT string_agg(m.number, ',' ORDER BY m.number) FROM customers_customer m WHERE m.household_id = c.household_id)
        FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id JOIN people_branch b ON b.id = c.branch_id
        LEFT JOIN customers_tier f ON f.id = c.tier_before_id LEFT JOIN people_staff s ON s.id = c.rm_id""",
    "assignment": """SELECT c.number, s.code, a.from_on, a.until_on, a.cause FROM customers_assignment a
        JOIN customers_customer c ON c.id = a.customer_id JOIN people_staff s ON s.id = a.staff_id""",
    "holding": "SELECT number, kind, balance, name, name_zh, risk, as_of, rate, matures_on FROM customers_holding",
    "month": "SELECT c.number, m.month, m.aum FROM customers_balancemonth m JOIN customers_customer c ON c.id = m.customer_id",
    "relation": """SELECT c.number, o.number, r.role, r.other_role, r.household FROM customers_relation r
        JOIN customers_customer c ON c.id = r.customer_id JOIN customers_customer o ON o.id = r.other_id""",
    "away": """SELECT c.number, h.key, h.amount, h.confidence, h.seen_on, h.expires_on FROM customers_heldaway h
        JOIN customers_customer c ON c.id = h.customer_id""",
    "search": "SELECT c.number, k.key, k.weight FROM customers_searchkey k JOIN customers_customer c ON c.id = k.customer_id",
    "reminder": """SELECT c.number, r.cause, r.kind, r.key, r.opens_on, r.due_on, r.expires_on, r.stake, r.facts::text,
        r.evidence::text, r.state, r.data_date FROM reminders_reminder r JOIN customers_customer c ON c.id = r.customer_id""",
    "line": """SELECT c.number, l.date, l.group, l.priority, l.due_on, l.stake, l.opening, l.channel
        FROM reminders_line l JOIN customers_customer c ON c.id = l.customer_id""",
    "bank": "SELECT business_date, data_date FROM people_bank",
}  # fmt: skip


def dump() -> dict[str, list[tuple]]:
    """Everything the night stores, by the names of things rather than by their numbers."""
    with connection.cursor() as cursor:
        result = {}
        for name, query in TABLES.items():
            cursor.execute(query)
            result[name] = sorted(cursor.fetchall(), key=str)
    return result


@pytest.fixture
def bank(tmp_path, settings):
    """The small bank of tests/lake, loaded for DAY."""
    settings.LAKE = tmp_path / "lake"
    bank = SmallBank(settings.LAKE)
    bank.organisation()
    all_situations(bank)
    bank.write()
    return bank


def steps_of(night) -> dict[str, dict[str, int]]:
    return {step.step: dict(step.counts) for step in night}


@pytest.mark.django_db
def test_a_night_fills_the_register_and_today(bank):
    counts = steps_of(run_night(date=DAY))
    assert counts["features"] == {"customers": 8, "key": 6}
    assert set(Customer.objects.values_list("number", flat=True)) == {"K1", "K2", "K3", "K4", "K5", "S1", "S2", "S3"}
    assert Customer.objects.get(number="K1").aum == Decimal("890000.00")
    assert Customer.objects.get(number="K2").aum == Decimal("700000.00")
    assert Customer.objects.get(number="S2").tier.code == "gold"
    assert Line.objects.filter(customer__number="K1").exists()
    assert (Bank.objects.get().business_date, Bank.objects.get().data_date) == (DAY, DAY)
    maturing = Reminder.objects.get(kind="deposit_maturing")
    assert maturing.facts["amount"] == "300000.00"
    assert maturing.evidence[0]["row"] == "D1"
    assert Branch.objects.get(code="B1").path.startswith(Branch.objects.get(code="HQ").path)


@pytest.mark.django_db
def test_monthly_assets_end_with_the_assets_of_today(bank):
    run_night(date=DAY)
    months = dict(BalanceMonth.objects.filter(customer__number="K2").values_list("month", "aum"))
    assert months[dt.date(2026, 6, 1)] == Customer.objects.get(number="K2").aum
    assert months[dt.date(2026, 5, 1)] == Decimal("1200000.00")
    assert len(months) == 24
    told = dict(BalanceMonth.objects.filter(customer__number="S2").values_list("month", "aum"))
    assert told[dt.date(2026, 5, 1)] == Decimal("430000.00")


@pytest.mark.django_db
def test_the_smallest_book_of_the_branch_gets_the_next_customer_and_a_wife_goes_with_her_husband(bank):
    run_night(date=DAY)
    books = Assignment.objects.filter(cause="rule").values_list("staff__code", flat=True)
    assert sorted(books) == ["rm1", "rm1", "rm1", "rm1", "rm2", "rm2", "rm2"]
    wife, husband = Customer.objects.get(number="S3"), Customer.objects.get(number="K1")
    assert (wife.rm_id, wife.household_id) == (husband.rm_id, husband.household_id)
    assert Relation.objects.get().role == "wife"
    assert Assignment.objects.get(customer=wife).cause == "household"


@pytest.mark.django_db
def test_a_standing_order_to_another_bank_is_evidence(bank):
    run_night(date=DAY)
    order = HeldAway.objects.get(key="order|O1")
    assert (order.institution, order.kind, order.amount, order.source) == ("YZ", "savings", None, "order")
    transfer = HeldAway.objects.get(source="transfer")
    assert (transfer.institution, transfer.amount) == ("Eastgate Bank", 300_000)


@pytest.mark.django_db
def test_the_same_night_again_changes_nothing(bank):
    run_night(date=DAY)
    before = dump()
    again = run_night(date=DAY)
    assert all(step.seconds == 0 for step in again)
    assert dump() == before


@pytest.mark.django_db
def test_the_next_night_without_news_touches_no_register_row(bank):
    run_night(date=DAY)
    counts = steps_of(run_night(date=DAY + dt.timedelta(days=1)))
    assert counts["held_away"] == {"new": 0, "changed": 0, "gone": 0}
    assert (counts["customers"]["relations"], counts["customers"]["households"]) == (0, 0)
    assert counts["holdings"] == {"new": 0, "changed": 0, "gone": 0}
    assert counts["customers"]["search keys"] == 0
    assert counts["customers"]["assigned"] == 0


@pytest.mark.django_db
def test_a_corrected_file_for_the_same_date_is_followed(bank):
    run_night(date=DAY)
    row = {
        "number": "A-K4",
        "customer": "K4",
        "kind": "current",
        "currency": "CNY",
        "balance": 10,
        "opened_on": ago(900),
    }
    bank.rows["holding"] = [row if one["number"] == "A-K4" else one for one in bank.rows["holding"]]
    bank.write()
    run_night(date=DAY)
    assert Customer.objects.get(number="K4").aum == 10
    assert Customer.objects.get(number="K4").tier.code == "mass"


@pytest.mark.django_db
def test_a_dismissed_signal_is_never_opened_again(bank):
    run_night(date=DAY)
    Reminder.objects.filter(kind="deposit_maturing").update(state="dismissed", reason="renewed by phone")
    run_night(date=DAY + dt.timedelta(days=1))
    assert Reminder.objects.get(kind="deposit_maturing").state == "dismissed"


@pytest.mark.django_db
def test_a_condition_that_holds_no_more_expires(bank):
    run_night(date=DAY)
    assert Reminder.objects.get(kind="idle_cash", customer__number="K1").state == "open"
    row = {"number": "A-K1", "customer": "K1", "kind": "current", "currency": "CNY", "balance": 160_000}
    put(bank.lake, "holding", [row], date=DAY + dt.timedelta(days=1))
    run_night(date=DAY + dt.timedelta(days=1))
    assert Reminder.objects.filter(kind="idle_cash", customer__number="K1", state="open").count() == 0


@pytest.mark.django_db
def test_a_customer_handed_over_by_a_person_stays_with_the_new_banker(bank):
    run_night(date=DAY)
    customer, banker = Customer.objects.get(number="K1"), Staff.objects.get(code="rm3")
    Assignment.objects.filter(customer=customer).update(until_on=DAY)
    Assignment.objects.create(customer=customer, staff=banker, from_on=DAY, cause="handover", by=banker)
    Customer.objects.filter(pk=customer.pk).update(rm=banker)
    told = {"number": "K1", "kind": "person", "branch": "B1", "name": "K1", "rm": "rm1", "need": 50_000}
    put(bank.lake, "customer", [told], date=DAY + dt.timedelta(days=1))
    run_night(date=DAY + dt.timedelta(days=1))
    assert Customer.objects.get(number="K1").rm == banker


@pytest.mark.django_db
def test_who_falls_through_the_lower_threshold_loses_the_tier_and_is_told(bank):
    run_night(date=DAY)
    tomorrow = DAY + dt.timedelta(days=1)
    put(bank.lake, "transaction", [{"number": "T99999", "holding": "A-K4", "booked_on": tomorrow, "amount": -350_000,
                                    "kind": "transfer", "balance_after": 250_000}], date=tomorrow)  # fmt: skip
    run_night(date=tomorrow)
    customer = Customer.objects.get(number="K4")
    assert (customer.tier.code, customer.tier_before.code, customer.tier_since) == ("mass", "gold", tomorrow)
    assert Reminder.objects.get(customer=customer, kind="below_tier").facts == {"tier": "gold", "short": "50000.00"}


@pytest.mark.django_db
def test_a_signal_switched_off_by_an_administrator_is_not_raised(bank):
    SignalRule.objects.create(kind="birthday", on=False)
    run_night(date=DAY)
    assert not Reminder.objects.filter(kind="birthday").exists()


@pytest.mark.django_db
def test_a_night_before_the_business_date_is_refused(bank):
    run_night(date=DAY)
    with pytest.raises(NightRefusedError, match="business date is 2026-06-30"):
        run_night(date=ago(1))


@pytest.mark.django_db
def test_a_night_without_any_data_is_refused(tmp_path, settings):
    settings.LAKE = tmp_path
    with pytest.raises(NoDataError, match="load the bank's files first"):
        run_night(date=DAY)
    assert Bank.objects.get(pk=1).business_date is None


@pytest.mark.django_db
def test_a_threshold_that_is_no_number_stops_the_night_before_it_starts(bank):
    SignalRule.objects.create(kind="dormant", settings={"days": "soon"})
    with pytest.raises(PolicyError, match="dormant_days"):
        run_night(date=DAY)
    assert not NightStep.objects.exists()


@pytest.mark.django_db
def test_tiers_of_which_none_is_key_are_refused(bank):
    Tier.objects.create(code="mass", name="Mass", rank=0, enter_at=0, leave_at=0)
    with pytest.raises(NightRefusedError, match="contact standard"):
        run_night(date=DAY)


NIGHT = """
import datetime as dt, sys
import django
django.setup()
from django.conf import settings
from keybook.apps.reminders.nightly import run_night
settings.LAKE = sys.argv[1]
def say(what, done=0, total=None):
    print(what, int(done), flush=True)
run_night(date=dt.date.fromisoformat(sys.argv[2]), progress=say)
"""


def killed_at(step: str, lake) -> bool:
    """Run the night in a process of its own and kill it when the step begins; whether it was still running."""
    entry = connection.settings_dict
    address = database.Address(
        str(entry["NAME"]), str(entry["USER"]), str(entry["PASSWORD"]), str(entry["HOST"]), str(entry["PORT"])
    )
    environment = {**os.environ, "DATABASE_URL": database.url_of(address, name=str(entry["NAME"]))}
    process = subprocess.Popen(
        [sys.executable, "-c", NIGHT, str(lake), str(DAY)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.split() == [step, "0"]:
            process.send_signal(signal.SIGKILL)
            break
    process.stdout.close()
    return process.wait() == -signal.SIGKILL


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ',') FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename ~ '^(customers|reminders|feeds|people|interactions)_'"
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_night_killed_again_and_again_ends_as_if_it_had_not_been(bank, settings, tmp_path):
    run_night(date=DAY)
    expected = dump()
    empty()
    settings.LAKE = tmp_path / "killed" / "lake"
    again = SmallBank(settings.LAKE)
    again.organisation()
    all_situations(again)
    again.write()
    for step in ("features", "prepare", "customers", "months", "reminders", "rank"):
        assert killed_at(step, settings.LAKE), step
    assert NightStep.objects.filter(step="rank", finished_at__isnull=False).count() == 0
    run_night(date=DAY)
    assert dump() == expected
    assert Holding.objects.count() == len(expected["holding"])
