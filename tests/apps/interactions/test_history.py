"""What is read back of the contacts."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from keybook.apps.interactions import commands, queries
from keybook.apps.interactions.commands import Contact, RefusedError
from keybook.apps.interactions.models import Interaction
from keybook.apps.standards.queries import known
from tests.cast import NOON, TODAY, Cast, make_interaction, scope

SHANGHAI = "Asia/Shanghai"


def contact(**more):
    return Contact(**{"channel": "call", "outcome": "reached", "at": NOON, "client_key": uuid.uuid4(), **more})


def test_history_comes_in_pages_the_newest_first(cast: Cast):
    for days in range(7):
        make_interaction(customer=cast.zhang, staff=cast.alice, at=NOON - dt.timedelta(days=days), topic=str(days))
    page = queries.history(scope=scope(cast.alice), customer_id=cast.zhang.pk, limit=5)
    assert [each.topic for each in page.contacts] == ["0", "1", "2", "3", "4"]
    assert page.more
    rest = queries.history(scope=scope(cast.alice), customer_id=cast.zhang.pk, before=page.contacts[-1].at, limit=5)
    assert ([each.topic for each in rest.contacts], rest.more) == (["5", "6"], False)


def test_history_shows_the_corrected_and_the_correction(cast):
    first = make_interaction(customer=cast.zhang, staff=cast.alice)
    commands.correct(by=scope(cast.alice), interaction_id=first.pk, contact=contact(topic="Gold"))
    newest, oldest = queries.history(scope=scope(cast.alice), customer_id=cast.zhang.pk).contacts
    assert (newest.corrects_id, newest.topic, oldest.superseded) == (first.pk, "Gold", True)


def test_tries_are_counted_by_the_banks_hour(cast):
    make_interaction(customer=cast.zhang, staff=cast.alice, at=NOON)
    make_interaction(customer=cast.zhang, staff=cast.alice, at=NOON, outcome="not_reached")
    make_interaction(customer=cast.zhang, staff=cast.alice, at=NOON, channel="letter")
    found = queries.tries(customer_ids=[cast.zhang.pk, cast.osei.pk], zone=SHANGHAI)
    assert found[cast.zhang.pk].hours == {12: (2, 1)}
    assert cast.osei.pk not in found


def test_a_corrected_contact_no_longer_counts(cast):
    first = make_interaction(customer=cast.zhang, staff=cast.alice)
    commands.correct(by=scope(cast.alice), interaction_id=first.pk, contact=contact(outcome="not_reached"))
    found = queries.tries(customer_ids=[cast.zhang.pk], zone=SHANGHAI)
    assert sum(answered for _tried, answered in found[cast.zhang.pk].hours.values()) == 0
    assert known(customer_ids=[cast.zhang.pk], today=TODAY, zone=SHANGHAI)[0].last_contact_on is None


def test_the_last_contact_is_dated_in_the_banks_zone(cast):
    late = dt.datetime(2026, 11, 22, 17, 30, tzinfo=dt.UTC)  # half past one on Monday in Shanghai
    make_interaction(customer=cast.zhang, staff=cast.alice, at=late)
    assert known(customer_ids=[cast.zhang.pk], today=TODAY, zone=SHANGHAI)[0].last_contact_on == dt.date(2026, 11, 23)


def test_a_correction_sent_twice_is_stored_once(cast):
    first = make_interaction(customer=cast.zhang, staff=cast.alice)
    again = contact()
    one = commands.correct(by=scope(cast.alice), interaction_id=first.pk, contact=again)
    two = commands.correct(by=scope(cast.alice), interaction_id=first.pk, contact=again)
    assert (two.id, two.repeated) == (one.id, True)
    assert Interaction.objects.count() == 2


def test_a_text_too_long_to_keep_is_refused(cast):
    with pytest.raises(RefusedError, match="10,000"):
        commands.store(staff_id=cast.alice.pk, customer_id=cast.zhang.pk, contact=contact(content="长" * 10_001))
