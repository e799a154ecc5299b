"""Health and state as they are stored: gathered from every table, equal to an independent recomputation."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keybook.apps.customers.models import BalanceMonth, Complaint, Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.ledger.models import Drawn, Weights
from keybook.apps.people.models import Staff
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact
from keybook.apps.reminders.models import Promise, Reminder
from keybook.apps.reminders.postings import health_of, postings
from keybook.core.ledger import DEFAULT
from tests.cast import NOON, TODAY, Cast, make_customer, make_interaction, make_reminder, scope
from tests.core.test_ledger import slow_stand
from tests.core.test_ledger import weights as weighing

DAY = dt.timedelta(days=1)


def day(on=None):
    return commands.day_of(bank(), on=on)


def stored(customer: Customer) -> tuple[int, str]:
    customer.refresh_from_db()
    return customer.health, customer.standing


def contact(customer, staff, days=0, **more):
    return make_interaction(customer=customer, staff=staff, at=NOON - days * DAY, **more)


def promise(customer, staff, *, days, late=0, state="kept"):
    closed = TODAY - days * DAY
    return Promise.objects.create(
        customer=customer, staff=staff, text="Call", due_on=closed - late * DAY, state=state, closed_on=closed
    )


def month(customer, first, amount):
    return BalanceMonth.objects.create(customer=customer, month=first, aum=Decimal(amount))


def complaint(customer, staff, *, days, settled=None):
    opened = TODAY - days * DAY
    done = {} if settled is None else {"settled_on": opened + settled * DAY, "settled_by": staff, "outcome": "Heard"}
    return Complaint.objects.create(customer=customer, opened_by=staff, opened_on=opened, text="Waited", **done)


def restated(customer, on=TODAY):
    commands.restate(customer_ids=[customer.pk], day=day(on))
    return stored(customer)


def test_a_visit_a_call_and_a_letter_are_worth_what_the_rule_says(cast: Cast):
    """9 + 7 + 4 = 20, all today: up by 20, growing."""
    contact(cast.zhang, cast.alice, channel="visit", outcome="met", effect="strengthened")
    contact(cast.zhang, cast.alice, channel="call", outcome="reached", effect="strengthened")
    contact(cast.zhang, cast.alice, channel="letter", outcome="left_message", effect="strengthened")
    assert restated(cast.zhang) == (20, "growing")


def test_a_try_that_reached_nobody_moves_nothing(cast: Cast):
    contact(cast.zhang, cast.alice, outcome="not_reached", effect="strengthened")
    assert restated(cast.zhang) == (0, "")


def test_signals_and_months_of_money_are_posted(cast: Cast):
    """An outflow to another bank today −8, a deposit maturing 0; in October 3 tenths out, −9 · 2^(−23/180) = −8.2."""
    make_reminder(customer=cast.zhang, kind="outflow_other_bank", opens_on=TODAY)
    make_reminder(customer=cast.zhang, kind="deposit_maturing", opens_on=TODAY)
    month(cast.zhang, dt.date(2026, 9, 1), 2_000_000)
    month(cast.zhang, dt.date(2026, 10, 1), 1_300_000)
    month(cast.zhang, dt.date(2026, 11, 1), 100_000)  # to date: the month has not ended
    assert restated(cast.zhang) == (-16, "cooling")


def test_a_complaint_is_posted_when_it_is_made_and_when_it_is_settled(cast: Cast):
    """Made half a year ago −14 / 2 = −7; settled 80 days ago 7 · 2^(−80/180) = 5.1: −1.9 together."""
    complaint(cast.zhang, cast.alice, days=180, settled=100)
    complaint(cast.osei, cast.alice, days=180)
    assert [restated(cast.zhang)[0], restated(cast.osei)[0]] == [-2, -7]


def test_a_signal_that_is_answered_or_expired_stays_in_the_ledger(cast: Cast):
    raised = make_reminder(customer=cast.zhang, kind="dormant", opens_on=TODAY - 180 * DAY)
    assert restated(cast.zhang) == (-3, "steady")
    for state in ("done", "dismissed", "expired"):
        Reminder.objects.filter(pk=raised.pk).update(state=state)
        assert restated(cast.zhang) == (-3, "steady")


def test_each_contact_logged_stores_health_and_state(cast: Cast):
    for _ in range(2):
        commands.log_contact(
            by=scope(cast.alice), customer_id=cast.zhang.pk, closes=None, day=day(),
            contact=Contact(channel="visit", outcome="met", at=NOON, client_key=uuid.uuid4(), effect="strengthened"),
        )  # fmt: skip
    assert stored(cast.zhang) == (18, "growing")


def test_the_night_lets_a_relationship_cool_by_itself(cast: Cast):
    """34 points sixty days on are 34 · 2^(−1/3) = 27.0: down by 7, steady; one point of start more and it cools."""
    for _ in range(2):
        contact(cast.zhang, cast.alice, channel="visit", outcome="met", effect="strengthened")
        contact(cast.zhang, cast.alice, effect="strengthened")
    restated(cast.zhang)
    contact(cast.zhang, cast.alice, channel="sms", outcome="left_message", effect="strengthened")
    commands.restate_all(day=day(TODAY + 60 * DAY))
    assert stored(cast.zhang) == (29, "steady")
    promise(cast.zhang, cast.alice, days=0)
    commands.restate_all(day=day(TODAY + 60 * DAY))
    assert stored(cast.zhang) == (31, "cooling")


def test_a_closed_customer_has_ended_and_a_joined_prospect_has_no_state(cast: Cast):
    Customer.objects.filter(pk=cast.zhang.pk).update(stage="closed")
    Customer.objects.filter(pk=cast.osei.pk).update(stage="closed", joined_to=cast.liu)
    commands.restate_all(day=day())
    assert stored(cast.zhang)[1] == "ended"
    assert stored(cast.osei)[1] == ""
    assert commands.restate_all(day=day()) == 0


def test_a_confidential_contact_and_its_promise_are_not_posted(cast: Cast):
    secret = contact(cast.zhang, cast.alice, effect="weakened", confidential=True)
    kept = promise(cast.zhang, cast.alice, days=3, late=1)
    Promise.objects.filter(pk=kept.pk).update(made_in=secret)
    assert restated(cast.zhang) == (0, "")
    assert postings(customer_ids=[cast.zhang.pk], day=day()) == {}


def test_a_corrected_contact_is_not_posted(cast: Cast):
    contact(cast.zhang, cast.alice, effect="ended", superseded=True)
    assert restated(cast.zhang) == (0, "")


def test_another_customers_postings_stay_with_them(cast: Cast):
    contact(cast.osei, cast.alice, effect="weakened")
    assert restated(cast.zhang) == (0, "")


def own_weights(from_on, number=1, half_life_days=180, **points):
    return Weights.objects.create(
        number=number, from_on=from_on, points={**DEFAULT.points, **points}, half_life_days=half_life_days,
        reason="Tried", set_by=Staff.objects.get(code="ada"),
    )  # fmt: skip


def test_weights_hold_from_their_day_and_not_before(cast: Cast):
    contact(cast.zhang, cast.alice, effect="strengthened")
    own_weights(TODAY + DAY, call_strengthened=20)
    assert restated(cast.zhang) == (7, "steady")
    assert restated(cast.zhang, TODAY + DAY) == (20, "growing")
    cast.zhang.refresh_from_db()
    assert cast.zhang.rule_version.endswith("ledger/2.1")


def test_the_newest_weights_that_have_begun_hold(cast: Cast):
    contact(cast.zhang, cast.alice, effect="strengthened")
    own_weights(TODAY - 9 * DAY, number=1, call_strengthened=20)
    own_weights(TODAY - 3 * DAY, number=2, call_strengthened=11)
    assert restated(cast.zhang)[0] == 11


def test_contacts_that_changed_nothing_count_once_the_weights_say_so(cast: Cast):
    contact(cast.zhang, cast.alice)
    assert restated(cast.zhang) == (0, "")
    own_weights(TODAY, spoke=2)
    assert restated(cast.zhang) == (2, "steady")


def test_weights_of_an_older_keybook_take_new_kinds_as_installed(cast: Cast):
    row = own_weights(TODAY, call_strengthened=20)
    Weights.objects.filter(pk=row.pk).delete()
    row.pk, row.points = None, {"call_strengthened": 20}
    row.save()
    contact(cast.zhang, cast.alice, effect="strengthened")
    contact(cast.zhang, cast.alice, effect="weakened")
    assert restated(cast.zhang)[0] == 6


def test_the_trend_looks_back_on_what_today_has_forgotten(cast: Cast):
    """Half-life 30: what is 280 days old is forgotten after 240, but was 220 old 60 days ago.

    120 · −14 · 2^(−220/30) = −10.4 then; a call today: from −10 to 7, growing. Read too short, it would be from 0: steady.
    """
    own_weights(TODAY - 300 * DAY, half_life_days=30)
    old = {"customer": cast.zhang, "staff": cast.alice, "at": NOON - 280 * DAY, "channel": "call", "outcome": "reached"}
    Interaction.objects.bulk_create(Interaction(**old, effect="weakened", client_key=uuid.uuid4()) for _ in range(120))
    contact(cast.zhang, cast.alice, effect="strengthened")
    assert restated(cast.zhang) == (7, "growing")


def test_reading_the_ledger_of_a_customer_is_one_statement(cast: Cast):
    contact(cast.zhang, cast.alice, effect="strengthened")
    today = day()
    with CaptureQueriesContext(connection) as asked:
        health_of(customer_id=cast.zhang.pk, day=today)
    assert len(asked) == 1


@pytest.mark.parametrize("number", [1, 60])
def test_restating_is_three_statements_whatever_the_number(cast: Cast, number):
    ids = [make_customer(rm=cast.alice, tier=cast.gold).pk for _ in range(number)]
    for customer_id in ids:
        contact(Customer(pk=customer_id), cast.alice, effect="strengthened")
    today = day()
    with CaptureQueriesContext(connection) as asked:
        commands.restate(customer_ids=ids, day=today)
    assert len(asked) == 3


def test_the_night_draws_a_sample_without_names(cast: Cast):
    contact(cast.zhang, cast.alice, 40, effect="strengthened")
    commands.restate_all(day=day())
    assert commands.draw_sample(day=day()) == 1
    drawn = Drawn.objects.get()
    assert (drawn.postings, drawn.of) == ([[40, "call_strengthened", 1]], 1)
    assert not {field.name for field in Drawn._meta.fields} & {"customer", "number", "name"}


def test_drawing_again_replaces_the_sample(cast: Cast):
    contact(cast.zhang, cast.alice, effect="strengthened")
    commands.restate_all(day=day())
    assert [commands.draw_sample(day=day()) for _ in range(2)] == [1, 1]
    assert Drawn.objects.count() == 1


contacts = st.tuples(
    st.integers(0, 1900), st.sampled_from(["call", "visit", "branch", "wechat", "letter"]),
    st.sampled_from(["reached", "not_reached", "left_message", "met"]),
    st.sampled_from(["strengthened", "unchanged", "weakened", "ended"]), st.booleans(), st.booleans(),
)  # fmt: skip
promises = st.tuples(st.integers(0, 1900), st.integers(-3, 9), st.sampled_from(["kept", "broken"]))
signals = st.tuples(
    st.integers(-20, 1900),
    st.sampled_from(["outflow_other_bank", "dormant", "large_inflow", "birthday", "large_outflow", "balance_falling"]),
)
complaints = st.tuples(st.integers(0, 1900), st.one_of(st.none(), st.integers(0, 200)))
assets = st.lists(st.integers(0, 3_000_000), max_size=70)


def reference(history, half_life, on):
    """What was drawn, posted by a second reading of the rule: plain comparisons, no code of the core or the query."""
    from keybook.core.ledger import Posting  # a value, without a rule in it

    said, promised, raised, money, complained = history
    entries = []
    for days, channel, outcome, effect, gone, secret in said:
        if gone or secret or outcome == "not_reached" or effect == "unchanged":
            continue
        if effect == "strengthened":
            face = outcome == "met" or (outcome == "reached" and channel in ("visit", "branch"))
            voice = outcome == "reached" and channel == "call"
            kind = "met_strengthened" if face else "call_strengthened" if voice else "text_strengthened"
        else:
            kind = effect
        entries.append(Posting(TODAY - days * DAY, kind))
    for days, late, state in promised:
        kind = "promise_broken" if state == "broken" else "promise_late" if late > 0 else "promise_kept"
        entries.append(Posting(TODAY - days * DAY, kind))
    silent = {"birthday", "large_outflow"}
    entries += [Posting(TODAY - days * DAY, f"signal_{kind}") for days, kind in raised if kind not in silent]
    for days, settled in complained:
        entries.append(Posting(TODAY - days * DAY, "complaint_opened"))
        if settled is not None:
            entries.append(Posting(TODAY + (settled - days) * DAY, "complaint_settled"))
    for place in range(1, len(money)):
        had, has = money[place - 1], money[place]
        year, at = divmod(2026 * 12 + 10 - (len(money) - 1 - place), 12)
        end = (dt.date(year, at + 1, 28) + 4 * DAY).replace(day=1) - DAY
        base = max(100_000, had)
        tenths = sum(1 for tenth in (1, 2, 3) if abs(has - had) * 10 >= tenth * base)
        if tenths:
            entries.append(Posting(end, "money_in" if has > had else "money_out", tenths))
    return slow_stand([each for each in entries if each.on <= on], on, weighing(half_life_days=half_life))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.tuples(
        st.lists(contacts, max_size=14), st.lists(promises, max_size=6), st.lists(signals, max_size=6), assets,
        st.lists(complaints, max_size=4),
    ),
    st.sampled_from([30, 90, 180]), st.sampled_from([0, 1, 33, 200]),
)  # fmt: skip
def test_stored_health_and_state_equal_a_recomputation(cast, history, half_life, ahead):
    said, promised, raised, money, complained = history
    for model in (Promise, Interaction, Reminder, BalanceMonth, Weights, Complaint):
        model.objects.all().delete()
    own_weights(TODAY - 900 * DAY, half_life_days=half_life)
    for days, channel, outcome, effect, gone, secret in said:
        contact(
            cast.zhang, cast.alice, days, channel=channel, outcome=outcome, effect=effect, superseded=gone,
            confidential=secret,
        )  # fmt: skip
    for days, late, state in promised:
        promise(cast.zhang, cast.alice, days=days, late=late, state=state)
    for days, kind in raised:
        make_reminder(customer=cast.zhang, kind=kind, opens_on=TODAY - days * DAY)
    for days, settled in complained:
        complaint(cast.zhang, cast.alice, days=days, settled=settled)
    for place, amount in enumerate(money):
        year, at = divmod(2026 * 12 + 10 - (len(money) - 1 - place), 12)
        month(cast.zhang, dt.date(year, at + 1, 1), amount)
    found = restated(cast.zhang, TODAY + ahead * DAY)
    expected = reference(history, half_life, TODAY + ahead * DAY)
    assert found == (expected.balance, expected.state)
    Customer.objects.filter(pk=cast.zhang.pk).update(health=99, standing="steady")
    commands.restate_all(day=day(TODAY + ahead * DAY))  # the night sums columns: it must come to the same
    assert stored(cast.zhang) == found
