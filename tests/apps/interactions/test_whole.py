"""The night's columns say of every customer what is read of one: who spoke when, who was tried, how rates come about."""

import datetime as dt
import uuid
from collections import defaultdict

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keybook.apps.customers.models import Channel, Customer
from keybook.apps.interactions.models import Interaction, Outcome
from keybook.apps.interactions.queries import CELLS as COUNT
from keybook.apps.interactions.queries import TRIED as ONE_BY_ONE
from keybook.apps.interactions.queries import tried_values, tries
from keybook.apps.interactions.whole import CELLS, all_contacts, all_tried, shares, spoken, tries_of
from tests.cast import NOON, TODAY, Cast

ZONE = "Asia/Shanghai"
SINCE = TODAY - dt.timedelta(days=60)
ago = st.sampled_from([0, 7, 14, 44, 58]).map(lambda days: days * 24) | st.integers(
    0, 90 * 24
)  # hours; some at the edges
contacts = st.lists(
    st.tuples(
        st.sampled_from(["zhang", "osei", "liu"]), ago, st.sampled_from(Channel.values),
        st.sampled_from(Outcome.values), st.integers(0, 9),
    ),
    max_size=40,
)  # fmt: skip


def made(cast: Cast, told) -> list[int]:
    Interaction.objects.all().delete()
    Interaction.objects.bulk_create(
        Interaction(
            customer=getattr(cast, name), staff=cast.alice, at=NOON - dt.timedelta(hours=hours), channel=channel,
            outcome=outcome, superseded=odd == 0, confidential=odd == 1, client_key=uuid.uuid4(),
        )
        for name, hours, channel, outcome, odd in told
    )  # fmt: skip
    return [cast.zhang.pk, cast.osei.pk, cast.liu.pk]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contacts)
def test_the_columns_tell_what_the_statements_tell(cast: Cast, told):
    ids = made(cast, told)
    tried = all_tried(zone=ZONE, since=SINCE)
    assert tries_of(tried=tried, customer_ids=ids) == tries(customer_ids=ids, zone=ZONE)
    bank, tiers = counted_by_statements(ids)
    of = {
        customer.pk: customer.tier.code
        for customer in Customer.objects.filter(tier__isnull=False).select_related("tier")
    }
    for habit in CELLS:
        found = shares(tried=tried, tiers=of, habit=habit)
        assert found.bank == bank[habit]
        assert {code: rates for code, rates in found.tiers.items() if rates} == tiers[habit]
        assert (found.tries, found.answers, found.squares) == summed(ids, tiers[habit], habit)[:3]
        assert found.spread == pytest.approx(summed(ids, tiers[habit], habit)[3])


def rows_of(ids):
    statement = COUNT.format(tried=ONE_BY_ONE.format(whose="customer_id = ANY(%(ids)s) AND at >= %(since)s"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT o.*, t.code FROM ({statement}) o JOIN customers_customer c ON c.id = o.customer_id "
            "JOIN customers_tier t ON t.id = c.tier_id", {**tried_values(ZONE), "ids": ids, "since": SINCE},
        )  # fmt: skip
        return cursor.fetchall()


def counted_by_statements(ids):
    bank, tiers = defaultdict(dict), defaultdict(lambda: defaultdict(dict))
    for _customer, habit, cell, times, answered, code in rows_of(ids):
        for of in (bank[habit], tiers[habit][code]):
            before = of.get(cell, (0, 0))
            of[cell] = (before[0] + times, before[1] + answered)
    return bank, tiers


def summed(ids, tiers, habit):
    """N, k, Σn² and S over customers and cells, term by term."""
    found = [0, 0, 0, 0.0]
    for _customer, name, cell, times, answered, code in rows_of(ids):
        if name != habit:
            continue
        rate = tiers[code][cell][1] / tiers[code][cell][0]
        if 0 < rate < 1:
            terms = (times, answered, times**2, (answered - times * rate) ** 2 / (rate * (1 - rate)))
            found = [total + term for total, term in zip(found, terms, strict=True)]
    return tuple(found)


def test_we_spoke_when_they_answered_and_nobody_had_to_keep_it_to_themselves(cast: Cast):
    made(cast, [("zhang", 30, "call", "reached", 5), ("zhang", 6, "letter", "met", 5), ("zhang", 2, "sms", "left_message", 5),
                ("osei", 2, "call", "reached", 1), ("liu", 2, "call", "reached", 0)])  # fmt: skip
    found = spoken(contacts=all_contacts(zone=ZONE))
    assert {key: sorted(days) for key, days in found.items()} == {
        cast.zhang.pk: [
            ("call", TODAY - dt.timedelta(days=1)),
            ("letter", TODAY),
        ]
    }
