"""The demo bank's past, loaded into the register."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from keybook.apps.customers.models import Complaint, Consent, Customer, HeldAway, Preference, Vulnerability
from keybook.apps.desk.demo import STEPS, NoHistoryError, load_history, settle, stand_ins
from keybook.apps.interactions.models import Interaction
from keybook.apps.ledger.models import Drawn
from keybook.apps.people.models import Bank, Deputy
from keybook.apps.reminders.models import Line, Observance, Occasion, Promise, Reminder
from keybook.simulate import simulate
from tests.cast import Cast, make_customer, make_staff

UNTIL = dt.date(2026, 11, 20)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bank")
    simulate(seed=7, customers=400, until=UNTIL, out=out)
    return out / "history"


@pytest.fixture
def published(cast: Cast, past: Path) -> Cast:
    """The bankers of the simulated bank, and its customers with a past, as the night would have published them."""
    rows = pq.read_table(past / "interaction.parquet").to_pylist()
    staff = {code: make_staff(code=code, branch=cast.north) for code in sorted({row["staff"] for row in rows})}
    for number, code in sorted({(row["customer"], row["staff"]) for row in rows}):
        make_customer(rm=staff[code], number=number, tier=cast.gold)
    Bank.objects.filter(pk=1).update(business_date=UNTIL, data_date=UNTIL)
    return cast


def test_every_contact_of_a_published_customer_is_loaded(published: Cast, past: Path):
    counts = load_history(past)
    assert counts["interaction"] == pq.read_metadata(past / "interaction.parquet").num_rows > 50
    assert Interaction.objects.filter(customer__number__startswith="C0").count() == counts["interaction"]


def test_loading_again_adds_nothing(published: Cast, past: Path):
    load_history(past)
    kept = (
        Interaction,
        Promise,
        Reminder,
        Occasion,
        Preference,
        HeldAway,
        Complaint,
        Vulnerability,
        Consent,
        Observance,
    )
    before = [model.objects.count() for model in kept]
    load_history(past)
    assert [model.objects.count() for model in kept] == before
    assert all(before)


def test_a_contact_keeps_the_hour_of_the_banks_wall_clock(published: Cast, past: Path):
    load_history(past)
    row = pq.read_table(past / "interaction.parquet").to_pylist()[0]
    stored = Interaction.objects.get(client_key=row["client_key"])
    assert stored.at == row["at"].replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))


def test_an_open_promise_is_an_open_reminder_and_one_kept_or_long_broken_is_done(published: Cast, past: Path):
    load_history(past)
    assert (
        Promise.objects.filter(state="open").count()
        == Reminder.objects.filter(kind="promise", state="open").count()
        > 0
    )
    assert (
        Promise.objects.filter(state__in=("kept", "broken")).count()
        == Reminder.objects.filter(kind="promise", state="done").count()
        > 0
    )


def test_the_last_contact_is_the_last_time_they_spoke(published: Cast, past: Path):
    load_history(past)
    for customer in Customer.objects.filter(number__startswith="C0", last_contact_on__isnull=False)[:10]:
        spoken = Interaction.objects.filter(customer=customer, outcome__in=["reached", "met"]).order_by("-at").first()
        assert spoken is not None
        assert customer.last_contact_on == spoken.at.astimezone(dt.timezone(dt.timedelta(hours=8))).date()


def test_today_shows_the_promises_once_settled(published: Cast, past: Path):
    load_history(past)
    assert settle() == Line.objects.count() > 0
    late = Promise.objects.filter(state="open", due_on__lt=UNTIL).values_list("customer_id", flat=True)
    assert set(late) <= set(Line.objects.values_list("customer_id", flat=True))


def test_once_settled_a_change_of_the_ledgers_weights_can_be_tried_on_the_past(published: Cast, past: Path):
    load_history(past)
    settle()
    stands = Customer.objects.exclude(standing="").exclude(stage="closed").count()
    assert Drawn.objects.count() == min(stands, 2_000) > 0
    assert any(
        posting[1] == "weakened"
        for postings in Drawn.objects.values_list("postings", flat=True)
        for posting in postings
    )


def test_of_the_first_book_a_complaint_is_open_somebody_mourns_and_somebody_needs_care(published: Cast, past: Path):
    load_history(past)
    first = Customer.objects.filter(rm__code="R001")
    assert first.filter(complaints__settled_on=None, complaints__isnull=False).exists()
    assert first.filter(observance__mourning_from__lte=UNTIL, observance__mourning_until__gt=UNTIL).exists()
    assert first.filter(vulnerabilities__isnull=False).exists()
    assert Consent.objects.filter(given=False).exists()


def test_customers_who_were_not_published_get_no_past(cast: Cast, past: Path):
    assert load_history(past) == dict.fromkeys([name for name, _insert in STEPS], 0)


def test_a_folder_without_a_history_is_refused(cast: Cast, tmp_path: Path):
    with pytest.raises(NoHistoryError, match=r"holds no interaction\.parquet"):
        load_history(tmp_path)


def test_half_a_history_is_refused_and_stores_nothing(published: Cast, past: Path, tmp_path: Path):
    (tmp_path / "interaction.parquet").write_bytes((past / "interaction.parquet").read_bytes())
    before = Interaction.objects.count()
    with pytest.raises(NoHistoryError, match=r"no promise\.parquet"):
        load_history(tmp_path)
    assert Interaction.objects.count() == before


def test_the_first_banker_has_one_deputy_of_the_same_branch_for_a_fortnight(published: Cast):
    assert (stand_ins(), stand_ins()) == (1, 0)
    row = Deputy.objects.get(principal__code="R001")
    assert row.deputy.branch_id == row.principal.branch_id
    assert (row.from_on, row.until_on) == (UNTIL, UNTIL + dt.timedelta(days=14))
