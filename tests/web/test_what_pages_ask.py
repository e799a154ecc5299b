"""What the pages of planned contact ask the database: twelve statements at most, no more for many."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keybook.apps.customers.models import Assignment, Complaint, Customer, Vulnerability
from keybook.apps.events.models import Event, Seat
from keybook.apps.gifts.models import Gift
from keybook.apps.handover.models import Handover, Move, Offer, Wish
from keybook.apps.people.queries import bank
from keybook.apps.plans.models import Absence, Meeting, Plan, Unplaced
from keybook.apps.proposals.commands import propose_all
from keybook.apps.reminders.commands import day_of
from keybook.apps.reminders.models import Promise
from keybook.apps.standards.models import Standard, StandardException
from tests.apps.plans.stage import make_entry
from tests.cast import NOON, TODAY, Cast, as_web, make_customer, make_interaction, make_line, make_reminder

MOST = 12
MANY = 8
DAY = dt.timedelta(days=1)
MACHINERY = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET LOCAL", "RESET", "SELECT SET_CONFIG")
PAGES = {
    "alice": (
        "/", "/customers/{zhang}/", "/customers/{zhang}/timeline/", "/plan/", "/plan/?view=month", "/plan/time/", "/next/", "/gifts/", "/handover/offers/", "/customers/{zhang}/plan/",
        "/customers/{zhang}/gate/", "/customers/{zhang}/care/", "/customers/{zhang}/next/", "/customers/{zhang}/standard/",
        "/events/", "/events/{event}/", "/events/{event}/invite/",
    ),
    "dora": (
        "/team/", "/team/customers/", "/team/approvals/", "/handover/", "/handover/{bob}/", "/handover/past/", "/handover/acts/{act}/",
        "/handover/ledger/", "/handover/offers/", "/next/", "/next/results/", "/plan/", "/plan/?rm={alice}", "/events/{event}/", "/events/{event}/change/",
    ),
    "ada": (
        "/settings/standards/", "/settings/ledger/", "/settings/ledger/learned/", "/settings/gate/", "/settings/books/",
        "/settings/capacity/", "/settings/gifts/",
    ),
}  # fmt: skip


@pytest.fixture
def act(cast: Cast) -> Handover:
    return Handover.objects.create(
        from_staff=cast.alice, by=cast.dora, on=TODAY, until_on="2026-12-23", what="all", customers=1, rule_version="x",
        client_key=uuid.uuid4(), counts=dict.fromkeys(("promises", "entries", "reminders", "campaign", "gifts", "introduced"), 0),
    )  # fmt: skip


def more(cast: Cast, act: Handover, plan: Plan, number: int) -> None:
    """One customer more in every list, one row more of everything that customer Zhang has."""
    customer = make_customer(rm=cast.alice, tier=cast.gold, late_from=TODAY - 9 * DAY, health=-number)
    Assignment.objects.create(customer=customer, staff=cast.alice, from_on=TODAY - 90 * DAY, cause="rule")
    make_line(customer=customer)
    Unplaced.objects.create(plan=plan, customer=customer, cause="standard", channel="call", minutes=20, code="full")
    Move.objects.create(handover=act, customer=customer, from_staff=cast.alice, to_staff=cast.bob)
    Offer.objects.create(
        customer=customer, rm=cast.alice, raised_on=TODAY, answer_by=TODAY, code="overdue", rule_version="x",
        facts={"late_from": "2026-09-01", "days": 83, "missed": 0, "every_days": 30},
    )  # fmt: skip
    Wish.objects.create(
        staff=cast.alice, reason="x", asked_on=TODAY, state="refused", answered_by=cast.dora, answered_on=TODAY
    )
    Standard.objects.create(
        tier=cast.gold, number=number + 9, from_on=TODAY - (number + 9) * DAY, every_days=30, channels=["call"]
    )
    Meeting.objects.create(staff=cast.alice, on=TODAY + DAY, from_minute=600 + number, until_minute=660, source="typed")
    Absence.objects.create(
        staff=cast.alice, from_on=TODAY + (30 + 2 * number) * DAY, until_on=TODAY + (31 + 2 * number) * DAY
    )
    for whose in (customer, cast.zhang):
        make_entry(customer=whose, staff=cast.alice, plan=plan, on=TODAY + number * DAY)
        make_interaction(customer=whose, staff=cast.bob, topic="Deposit")
        make_reminder(customer=whose, kind="large_inflow", cause="signal", key=f"s{number}", stake=50_000)
        Promise.objects.create(customer=whose, staff=cast.alice, text="Call", due_on=TODAY)
        Complaint.objects.create(customer=whose, text="Waited", opened_on=TODAY, opened_by=cast.alice)
        Vulnerability.objects.create(
            customer=whose, mind="Hard of hearing", kind="senses", from_on=TODAY, review_on="2027-03-01", by=cast.alice
        )
        Gift.objects.create(
            customer=whose, text="Orchids", category="flowers", value=1, currency="CNY", on="2026-11-26",
            state="to_approve", asked_by=cast.alice, edited_by=cast.alice, client_key=uuid.uuid4(),
        )  # fmt: skip
        start = TODAY + 40 * number * DAY
        StandardException.objects.create(
            customer=whose, kind="pause", from_on=start, until_on=start + 9 * DAY, reason="Ill", given_by=cast.alice
        )


def asked(cast: Cast, who: str, address: str) -> list[str]:
    """The page's own statements, the session's and the reader's included, at the second look."""
    browser = as_web(cast.staff[who])
    browser.get(address)
    with CaptureQueriesContext(connection) as ran:
        assert browser.get(address).status_code == 200
    found = [query["sql"].lstrip() for query in ran]
    return [sql for sql in found if not sql.upper().startswith(MACHINERY)]


def _event(cast: Cast, number: int) -> Event:
    return Event.objects.create(
        name=f"Salon {number}", theme="Tea", place="North", branch=cast.north, starts_at="2026-12-04T07:00Z", ends_at="2026-12-04T09:00Z",
        seats=9, host=cast.bob, state="open", currency="CNY", made_by=cast.dora, made_on=TODAY, client_key=uuid.uuid4(),
    )  # fmt: skip


def _seat(event: Event, customer: Customer, state: str) -> None:
    Seat.objects.create(
        event=event, customer=customer, staff_id=customer.rm_id, invited_by_id=customer.rm_id, invited_on=TODAY, channel="call",
        state=state, waits_since=NOON if state == "waiting" else None,
    )  # fmt: skip


@pytest.mark.parametrize("who", PAGES)
def test_a_page_asks_twelve_times_at_most_and_no_more_often_for_many(cast: Cast, act: Handover, who: str) -> None:
    plan = Plan.objects.create(staff=cast.alice, from_on=TODAY, until_on="2026-12-23", made_on=TODAY, state="made")
    places = {"zhang": cast.zhang.pk, "bob": cast.bob.pk, "alice": cast.alice.pk, "act": act.pk}
    event = _event(cast, 0)
    places["event"] = event.pk
    counts: list[dict[str, list[str]]] = []
    for rows in (1, MANY):
        for number in range(len(counts), rows):
            more(cast, act, plan, number)
            _event(cast, number + 1)
            guest = make_customer(rm=cast.alice)
            for state in ("accepted", "waiting"):
                _seat(event, guest if state == "accepted" else make_customer(rm=cast.alice), state)
        propose_all(day=day_of(bank()))
        counts.append({page: asked(cast, who, page.format(**places)) for page in PAGES[who]})
    few, many = counts
    grown = {page: (len(few[page]), len(many[page])) for page in few if len(few[page]) != len(many[page])}
    assert grown == {}
    assert {page: len(sql) for page, sql in many.items() if len(sql) > MOST} == {}
