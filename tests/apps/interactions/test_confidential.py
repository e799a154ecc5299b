"""A confidential contact is for its author and the colleagues it names; for everybody else it does not exist."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection, transaction

from keybook import database
from keybook.apps.audit.queries import changes_of
from keybook.apps.customers.models import Customer
from keybook.apps.customers.queries import who_sees
from keybook.apps.interactions import queries
from keybook.apps.interactions.commands import Contact, RefusedError
from keybook.apps.interactions.models import Interaction, Participant
from keybook.apps.people.models import Share
from keybook.apps.people.queries import access_of, bank, close_rows
from keybook.apps.reminders import commands
from keybook.apps.reminders.models import Line, Promise, Reminder
from tests.cast import NOON, TODAY, Cast, as_web, make_reminder, scope

SECRET = "She is getting divorced and asks that nobody hears of it."
OTHERS = ("bob", "dora", "hugo", "mei")


@pytest.fixture
def day(cast: Cast):
    return commands.day_of(bank())


def contact(**more):
    values = {
        "channel": "visit", "outcome": "met", "at": NOON, "client_key": uuid.uuid4(), "topic": "Private", "content": SECRET,
        "effect": "strengthened", "named": (),
    }  # fmt: skip
    return Contact(**{**values, **more})


def log(cast: Cast, day, **more):
    return commands.log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=contact(**more), day=day)


def seen_by(staff) -> int:
    """How many contacts PostgreSQL shows this person, every filter of ours left out."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {database.WEB_ROLE}")
        access_of(staff_id=staff.pk)
        cursor.execute("SELECT count(*) FROM interactions_interaction")
        count = cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
        close_rows()
    return count


def test_its_author_reads_it_in_the_history_with_who_may_know(cast: Cast, day) -> None:
    log(cast, day, named=(cast.dora.pk,))
    past = queries.history(scope=scope(cast.alice), customer_id=cast.zhang.pk).contacts[0]
    assert (past.content, past.known_to) == (SECRET, ("Alice Wang 王爱丽", "Dora Schmidt"))


def test_a_colleague_it_names_reads_it(cast: Cast, day) -> None:
    log(cast, day, named=(cast.dora.pk,))
    assert queries.history(scope=scope(cast.dora), customer_id=cast.zhang.pk).contacts[0].content == SECRET
    assert seen_by(cast.dora) == 1


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_finds_it_in_the_history_not_even_the_branch_head_or_compliance(cast: Cast, day, name) -> None:
    log(cast, day)
    assert queries.history(scope=scope(cast.staff[name]), customer_id=cast.zhang.pk).contacts == ()


@pytest.mark.parametrize("name", OTHERS)
def test_without_our_filter_row_security_alone_hides_it(cast: Cast, day, name) -> None:
    log(cast, day)
    assert (seen_by(cast.staff[name]), seen_by(cast.alice)) == (0, 1)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("page", ["", "timeline/", "access/"])
def test_no_page_of_the_customer_says_a_word_of_it_to_others(cast: Cast, day, name, page) -> None:
    answer = as_web(cast.staff[name]).get(f"/customers/{cast.zhang.pk}/{page}")
    before = (answer.status_code, answer.content.count(b"<article"), answer.content.count(b"tl-"))
    done = log(cast, day)
    answer = as_web(cast.staff[name]).get(f"/customers/{cast.zhang.pk}/{page}")
    assert (answer.status_code, answer.content.count(b"<article"), answer.content.count(b"tl-")) == before
    assert b"divorced" not in answer.content
    assert f"contacts/{done.interaction_id}/".encode() not in answer.content


def test_its_author_sees_it_on_the_page_with_a_lock(cast: Cast, day) -> None:
    log(cast, day)
    page = as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/").content.decode()
    assert SECRET in page
    assert "In confidence: Alice Wang" in page


def test_it_changes_no_number_that_others_see(cast: Cast, day) -> None:
    make_reminder(customer=cast.zhang)
    commands.refresh_lines(customer_ids=[cast.zhang.pk], day=day)
    rows = Customer.objects.filter(pk=cast.zhang.pk), Line.objects.all(), Reminder.objects.all()
    before = [list(each.values()) for each in rows]
    log(cast, day)
    commands.restate_all(day=day)
    commands.rank_all(day=day)
    after = [list(each.values()) for each in rows]
    plain = ("next_due_on", "late_from", "rule_version")  # the night writes its rule's version for everybody
    for row in (*before[0], *after[0]):
        for name in plain:
            row.pop(name)
    assert after == before
    assert queries.tries(customer_ids=[cast.zhang.pk], zone=day.zone) == {}


def test_its_promise_stands_on_its_authors_list_alone(cast: Cast, day) -> None:
    done = log(cast, day, next_step="Bring the papers", next_on=TODAY + dt.timedelta(days=5))
    assert done.promised_on == TODAY + dt.timedelta(days=7)  # Saturday is no workday
    assert Promise.objects.get().text == "Bring the papers"
    assert not Reminder.objects.exists()
    assert b"Bring the papers" in as_web(cast.alice).get("/").content
    assert b"Bring the papers" not in as_web(cast.dora).get("/?rm=all").content


def test_a_stranger_may_not_open_it_for_correction_and_nothing_changes(cast: Cast, day) -> None:
    done = log(cast, day)
    where = f"/customers/{cast.zhang.pk}/contacts/{done.interaction_id}/correct/"
    for name in OTHERS[:3]:
        assert as_web(cast.staff[name]).get(where).status_code == 404
        form = {"channel": "call", "outcome": "reached", "client_key": str(uuid.uuid4()), "content": "x"}
        assert as_web(cast.staff[name]).post(where, form).status_code == 404
    assert Interaction.objects.count() == 1


def test_corrected_it_stays_confidential_for_the_same_people(cast: Cast, day) -> None:
    done = log(cast, day, named=(cast.dora.pk,))
    again = contact(content="Corrected.", named=None)
    commands.correct_contact(by=scope(cast.dora), interaction_id=done.interaction_id, contact=again, day=day)
    newer = Interaction.objects.get(corrects=done.interaction_id)
    assert newer.confidential
    assert set(newer.participants.values_list("staff_id", flat=True)) == {cast.alice.pk}
    assert (seen_by(cast.alice), seen_by(cast.dora), seen_by(cast.bob)) == (2, 2, 0)


def test_who_does_not_see_the_customer_cannot_be_named_and_nothing_is_stored(cast: Cast, day) -> None:
    with pytest.raises(RefusedError, match="who see this customer") as refused:
        log(cast, day, named=(cast.carol.pk,))
    assert refused.value.field == "named"
    assert not Interaction.objects.exists()


def test_a_former_colleague_it_named_sees_it_no_longer_than_the_customer(cast: Cast, day) -> None:
    Share.objects.create(customer_id=cast.zhang.pk, staff=cast.carol)
    log(cast, day, named=(cast.carol.pk,))
    assert seen_by(cast.carol) == 1
    Share.objects.all().delete()
    assert seen_by(cast.carol) == 0


def test_those_who_can_be_named_are_exactly_those_whose_scope_covers_the_customer(cast: Cast) -> None:
    Share.objects.create(customer_id=cast.liu.pk, staff=cast.bob, until_on=TODAY + dt.timedelta(days=1))
    for customer in (cast.zhang, cast.osei, cast.liu):
        covering = {
            staff.pk
            for staff in cast.staff.values()
            if scope(staff).covers(customer_id=customer.pk, rm_id=customer.rm_id, branch_id=customer.branch_id)
        }
        assert {row[0] for row in who_sees(customer_id=customer.pk, on=TODAY)} == covering


def test_the_form_logs_in_confidence_and_the_api_too(cast: Cast) -> None:
    form = {
        "channel": "call", "outcome": "reached", "content": SECRET, "client_key": str(uuid.uuid4()), "from": "customer",
        "confidential": "on", "named": [str(cast.dora.pk)],
    }  # fmt: skip
    assert as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/log/", form).status_code == 302
    body = {"client_key": str(uuid.uuid4()), "channel": "call", "outcome": "reached", "named": []}
    where = f"/api/v1/customers/{cast.zhang.pk}/contacts"
    assert as_web(cast.alice).post(where, body, content_type="application/json").status_code == 201
    assert list(Interaction.objects.order_by("id").values_list("confidential", flat=True)) == [True, True]
    assert list(Participant.objects.values_list("staff_id", flat=True)) == [cast.dora.pk]


def test_the_history_of_changes_does_not_betray_it(cast: Cast) -> None:
    form = {
        "channel": "call", "outcome": "reached", "client_key": str(uuid.uuid4()), "confidential": "on", "from": "customer",
    }  # fmt: skip
    as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/log/", form)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {database.WEB_ROLE}")
        access_of(staff_id=cast.mei.pk)
        seen = changes_of(customer_id=cast.zhang.pk)
        cursor.execute("RESET ROLE")
        close_rows()
    assert [change for change in seen if change.what == "interaction"] == []
