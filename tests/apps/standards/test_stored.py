"""The stored due dates equal a recomputation from scratch, whatever happened; an independent account in the test."""

from __future__ import annotations

import datetime as dt
import uuid

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keybook.apps.customers.models import Assignment, Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact
from keybook.apps.standards.models import Standard, StandardException
from keybook.core.cadence import Asked, Past
from keybook.core.standards import CHANNELS, Excepted, Terms, Version, overlapping
from tests.cast import TODAY, Cast, make_customer, make_interaction, scope
from tests.core.test_cadence import told

DAY = dt.timedelta(days=1)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
ago = st.integers(0, 200)
contacts = st.tuples(
    ago, st.sampled_from(CHANNELS), st.sampled_from(["reached", "met", "not_reached", "left_message"]), st.booleans()
)
versions = st.tuples(
    st.integers(1, 200), st.none() | st.integers(1, 90), st.integers(0, 15), st.sampled_from(["contact", "due"]),
    st.sets(st.sampled_from(CHANNELS), min_size=1),
)  # fmt: skip
exceptions = st.tuples(
    st.sampled_from(["rhythm", "only", "pause", "away"]), st.integers(-150, 20), st.integers(1, 60), st.integers(1, 30),
    st.sampled_from(CHANNELS),
)  # fmt: skip
histories = st.fixed_dictionaries(
    {
        "contacts": st.lists(contacts, max_size=8), "versions": st.lists(versions, max_size=2, unique_by=lambda each: each[0]),
        "exceptions": st.lists(exceptions, max_size=3), "tier_since": st.none() | ago, "theirs_since": st.none() | ago,
        "corrected": st.integers(0, 7), "then": st.sampled_from(["reached", "not_reached"]), "later": st.integers(0, 40),
    }
)  # fmt: skip


def day(on=None):
    return commands.day_of(bank(), on=on)


def noon(days):
    return dt.datetime.combine(TODAY - days * DAY, dt.time(12), SHANGHAI)


def live(cast: Cast, told_of) -> Customer:
    """A customer with this history, as it would have come about; each of them of a tier of their own."""
    Standard.objects.filter(tier=cast.platinum).delete()
    Standard.objects.create(
        tier=cast.platinum, number=1, from_on=dt.date(2020, 1, 1), every_days=60, channels=list(CHANNELS)
    )
    for place, (begun, every, grace, basis, counting) in enumerate(sorted(told_of["versions"], key=lambda v: -v[0])):
        Standard.objects.create(
            tier=cast.platinum, number=place + 2, from_on=TODAY - begun * DAY, every_days=every, grace_days=grace,
            basis=basis, channels=sorted(counting),
        )  # fmt: skip
    since = told_of["tier_since"]
    customer = make_customer(
        rm=cast.alice, tier=cast.platinum, tier_since=None if since is None else TODAY - since * DAY
    )
    if told_of["theirs_since"] is not None:
        start = TODAY - told_of["theirs_since"] * DAY
        Assignment.objects.create(customer=customer, staff=cast.alice, from_on=start, cause="rule")
    for days, channel, outcome, confidential in told_of["contacts"]:
        make_interaction(
            customer=customer,
            staff=cast.alice,
            at=noon(days),
            channel=channel,
            outcome=outcome,
            confidential=confidential,
        )
    held: list[Excepted] = []
    for kind, start, length, every, channel in told_of["exceptions"]:
        begun = TODAY + start * DAY
        excepted = Excepted(
            kind, begun, begun + length * DAY, every if kind == "rhythm" else None,
            frozenset({channel}) if kind == "only" else frozenset(),
        )  # fmt: skip
        if overlapping(wanted=excepted, known=held) is None:
            held.append(excepted)
            StandardException.objects.create(
                customer=customer, kind=kind, from_on=begun, until_on=excepted.until_on, every_days=excepted.every_days,
                channels=sorted(excepted.channels), reason="As asked", given_by=cast.alice,
            )  # fmt: skip
    return customer


def account(customer: Customer, today: dt.date):
    """Everything of the customer's, read without the statement under test, told day by day."""
    spoken = tuple(
        (each.channel, each.at.astimezone(SHANGHAI).date())
        for each in Interaction.objects.filter(customer=customer, superseded=False, confidential=False)
        if each.outcome in {"reached", "met"}
    )
    theirs = Assignment.objects.filter(customer=customer, until_on=None).values_list("from_on", flat=True).first()
    held = []
    for row in Standard.objects.filter(tier_id=customer.tier_id, from_on__lte=today).order_by("from_on"):
        terms = Terms(row.every_days, row.grace_days, row.basis, frozenset(row.channels)) if row.every_days else None
        held.append(Version(row.number, row.from_on, terms))
    excepted = tuple(
        Excepted(row.kind, row.from_on, row.until_on, row.every_days, frozenset(row.channels))
        for row in StandardException.objects.filter(customer=customer)
    )
    past = Past(spoken, customer.tier_since, theirs, customer.opened_on)
    found = told(past, Asked(tuple(held), excepted), day().calendar, today)
    return found or (None, None), max((on for _channel, on in spoken), default=None)


def stored(customer: Customer):
    customer.refresh_from_db()
    return (customer.next_due_on, customer.late_from), customer.last_contact_on


@given(histories)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stored_due_dates_equal_the_account_after_every_act(cast: Cast, history):
    customer = live(cast, history)
    commands.restate(customer_ids=[customer.pk], day=day())
    assert stored(customer) == account(customer, TODAY)
    logged = commands.log_contact(
        by=scope(cast.alice), customer_id=customer.pk, closes=None, day=day(),
        contact=Contact(channel="call", outcome="reached", at=noon(0), client_key=uuid.uuid4()),
    )  # fmt: skip
    assert stored(customer) == account(customer, TODAY)
    own = list(Interaction.objects.filter(customer=customer, superseded=False, staff=cast.alice).order_by("at", "id"))
    chosen = own[history["corrected"] % len(own)]
    commands.correct_contact(
        by=scope(cast.alice), interaction_id=chosen.pk, day=day(),
        contact=Contact(channel="visit", outcome=history["then"], at=chosen.at, client_key=uuid.uuid4()),
    )  # fmt: skip
    assert stored(customer) == account(customer, TODAY)
    running = StandardException.objects.filter(customer=customer, until_on__gt=TODAY).first()
    if running is not None:
        commands.end_exception(by=scope(cast.alice), customer_id=customer.pk, exception_id=running.pk, day=day())
        assert stored(customer) == account(customer, TODAY)
    later = TODAY + history["later"] * DAY
    commands.restate_all(day=day(later))
    assert stored(customer) == account(customer, later)
    assert commands.restate_all(day=day(later)) == 0
    assert logged.interaction_id


def test_a_confidential_contact_changes_no_due_date(cast: Cast):
    make_interaction(customer=cast.zhang, staff=cast.alice, at=noon(20))
    commands.restate_all(day=day())
    before = stored(cast.zhang)
    make_interaction(
        customer=cast.zhang, staff=cast.alice, at=noon(1), channel="visit", outcome="met", confidential=True
    )
    commands.restate_all(day=day())
    assert stored(cast.zhang) == before == account(cast.zhang, TODAY)


def test_the_last_message_inside_an_exception_counts_though_a_later_one_outside_does_not(cast: Cast):
    """Called 70 days ago; only messages counted from 60 to 10 days ago, one 50 days ago: due 20 days ago, and kept."""
    Standard.objects.filter(tier=cast.private).update(channels=["call"])
    StandardException.objects.create(
        customer=cast.zhang, kind="only", from_on=TODAY - 60 * DAY, until_on=TODAY - 10 * DAY, channels=["sms"],
        reason="At sea", given_by=cast.alice,
    )  # fmt: skip
    make_interaction(customer=cast.zhang, staff=cast.alice, at=noon(70))
    for days in (50, 5):
        make_interaction(customer=cast.zhang, staff=cast.alice, at=noon(days), channel="sms")
    commands.restate_all(day=day())
    assert stored(cast.zhang)[0][0] == dt.date(2026, 11, 3)
    assert stored(cast.zhang) == account(cast.zhang, TODAY)


def test_whoever_of_us_spoke_it_counts(cast: Cast):
    make_interaction(customer=cast.zhang, staff=cast.carol, at=noon(2))
    commands.restate_all(day=day())
    assert stored(cast.zhang)[0][0] == dt.date(2026, 12, 21)


def test_the_visit_that_is_due_is_stored(cast: Cast):
    Standard.objects.filter(tier=cast.private).update(visits_a_year=2)
    make_interaction(customer=cast.zhang, staff=cast.alice, at=noon(100), channel="visit", outcome="met")
    commands.restate_all(day=day())
    cast.zhang.refresh_from_db()
    assert cast.zhang.visit_due_on == dt.date(2027, 2, 12)  # 182 days after 15 August: Sat 13 February


def test_a_closed_customer_has_nothing_due(cast: Cast):
    commands.restate_all(day=day())
    Customer.objects.filter(pk=cast.zhang.pk).update(stage="closed")
    commands.restate(customer_ids=[cast.zhang.pk], day=day())
    assert stored(cast.zhang)[0] == (None, None)
