"""Exceptions of one customer: given with a reason and an end, never overlapping, ended, and what follows at once."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from keybook.apps.customers.models import Customer
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact, NotYoursError, RefusedError
from keybook.apps.reminders.models import Line, Reminder
from keybook.apps.standards.commands import Wanted
from keybook.apps.standards.models import Standard, StandardException, StandardExceptionEvent
from keybook.apps.standards.queries import explained
from tests.cast import NOON, TODAY, Cast, as_web, make_interaction, scope

DAY = dt.timedelta(days=1)


def day(on=None):
    return commands.day_of(bank(), on=on)


def wanted(kind="rhythm", start=0, length=30, **more):
    values = {"reason": "The trust is being set up", "every_days": 7 if kind == "rhythm" else None}
    return Wanted(kind, TODAY + start * DAY, TODAY + (start + length) * DAY, **{**values, **more})


def give(cast: Cast, by="alice", customer=None, **more):
    return commands.give_exception(
        by=scope(cast.staff[by]), customer_id=(customer or cast.zhang).pk, wanted=wanted(**more), day=day()
    )


def end(cast: Cast, row, by="alice", on=None):
    return commands.end_exception(
        by=scope(cast.staff[by]), customer_id=row.customer_id, exception_id=row.pk, day=day(on)
    )


def log(cast: Cast, customer, **more):
    values = {"channel": "call", "outcome": "reached", "at": NOON, "client_key": uuid.uuid4()}
    return commands.log_contact(
        by=scope(customer.rm), customer_id=customer.pk, contact=Contact(**{**values, **more}), closes=None, day=day()
    )


def spoke(customer, days, **more):
    return make_interaction(customer=customer, staff=customer.rm, at=NOON - days * DAY, **more)


def due(customer):
    customer.refresh_from_db()
    return customer.next_due_on


@pytest.fixture
def listed(cast: Cast):
    """Mrs Zhang has been due for a while and is on the list."""
    spoke(cast.zhang, 60)
    commands.restate_all(day=day())
    commands.open_standards(day=day())
    commands.rank_all(day=day())
    assert Line.objects.filter(customer=cast.zhang).exists()
    return cast


def test_another_rhythm_moves_the_next_contact_at_once(cast: Cast):
    """Every 30 days, spoken to yesterday: 29 left of 30, so of 7 there are 7: Mon 30 November."""
    spoke(cast.zhang, 1)
    assert "30 Nov" in give(cast)
    assert due(cast.zhang) == dt.date(2026, 11, 30)
    row = StandardException.objects.get()
    assert (row.given_by, row.reason, row.until_on) == (cast.alice, "The trust is being set up", TODAY + 30 * DAY)


def test_a_pause_takes_the_customer_off_the_list_and_its_end_puts_them_back(listed: Cast):
    assert "Nothing is due" in give(listed, kind="pause")
    assert due(listed.zhang) is None
    assert not Line.objects.filter(customer=listed.zhang).exists()
    end(listed, StandardException.objects.get())
    assert due(listed.zhang) < TODAY
    assert Line.objects.filter(customer=listed.zhang).exists()
    assert Reminder.objects.filter(customer=listed.zhang, kind="standard", state="open").count() == 1


def test_due_while_away_waits_for_the_return(listed: Cast):
    """Due on 23 October already: only who falls due while away waits; so she stays. Mr Osei, due on Friday, waits."""
    give(listed, kind="away")
    assert due(listed.zhang) < TODAY
    spoke(listed.osei, 87)
    commands.restate_all(day=day())
    assert TODAY <= due(listed.osei) < TODAY + 30 * DAY
    give(listed, kind="away", customer=listed.osei)
    assert due(listed.osei) == dt.date(2026, 12, 23)


def test_only_by_letter_a_call_leaves_the_standard_open_and_a_letter_settles_it(listed: Cast):
    give(listed, kind="only", channels=("letter",))
    commands.open_standards(day=day())
    log(listed, listed.zhang)
    assert Reminder.objects.get(customer=listed.zhang, kind="standard").state == "open"
    assert due(listed.zhang) <= TODAY
    log(listed, listed.zhang, channel="letter")
    assert Reminder.objects.get(customer=listed.zhang, kind="standard").state == "done"
    assert due(listed.zhang) > TODAY


def test_a_contact_by_a_channel_that_does_not_count_keeps_the_standard_on_the_list(listed: Cast):
    Standard.objects.filter(tier=listed.private).update(channels=["call", "visit"])
    done = log(listed, listed.zhang, channel="sms")
    assert Reminder.objects.get(customer=listed.zhang, kind="standard").state == "open"
    assert done.sentence.endswith("The contact standard stays due: it counts Call, Visit.")
    listed.zhang.refresh_from_db()
    assert listed.zhang.last_contact_on == TODAY  # we spoke, and it does not count


def test_a_standard_that_counts_no_message_is_not_answered_by_a_proposal_to_send_one(listed: Cast):
    for days in (10, 20, 30):
        make_interaction(customer=listed.zhang, staff=listed.alice, channel="sms", at=NOON - days * DAY)
    commands.refresh_lines(customer_ids=[listed.zhang.pk], day=day())
    assert Line.objects.get(customer=listed.zhang).channel == "sms"
    Standard.objects.filter(tier=listed.private).update(channels=["call", "visit"])
    commands.refresh_lines(customer_ids=[listed.zhang.pk], day=day())
    assert Line.objects.get(customer=listed.zhang).channel == "call"


def test_a_contact_corrected_to_not_reached_opens_the_standard_again_in_the_night(listed: Cast):
    logged = log(listed, listed.zhang)
    assert due(listed.zhang) > TODAY
    contact = Contact(channel="call", outcome="not_reached", at=NOON, client_key=uuid.uuid4())
    commands.correct_contact(by=scope(listed.alice), interaction_id=logged.interaction_id, contact=contact, day=day())
    assert due(listed.zhang) < TODAY
    commands.open_standards(day=day())
    assert Reminder.objects.get(customer=listed.zhang, kind="standard").state == "open"


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"every_days": 0}, "every_days", "not every 0"),
        ({"every_days": None}, "every_days", "1 to 730"),
        ({"kind": "only"}, "channels", "at least one channel"),
        ({"kind": "holiday"}, "kind", "what is to be different"),
        ({"reason": "  "}, "reason", "Say why"),
        ({"start": -1}, "from_on", "has passed"),
        ({"kind": "away", "start": -31, "length": 40}, "from_on", "has passed"),
        ({"kind": "away", "start": -9, "length": 9}, "until_on", "has passed"),
        ({"length": 0}, "until_on", "end after the first day"),
        ({"length": 800}, "until_on", "two years"),
    ],
)
def test_what_cannot_hold_is_refused_and_nothing_is_stored(cast: Cast, more, field, sentence):
    with pytest.raises(RefusedError, match=sentence) as refused:
        give(cast, **more)
    assert refused.value.field == field
    assert not StandardException.objects.exists()


def test_exceptions_do_not_overlap_and_the_sentence_names_the_other(cast: Cast):
    give(cast)
    with pytest.raises(RefusedError, match=r"Another rhythm.*2026-11-23 until 2026-12-23"):
        give(cast, kind="pause", start=29)
    give(cast, kind="pause", start=30)
    give(cast, kind="away", start=5)
    with pytest.raises(RefusedError, match="Customer away"):
        give(cast, kind="away", start=34)
    assert StandardException.objects.count() == 3


@pytest.mark.parametrize("kind", ["rhythm", "away"])
def test_the_database_holds_no_overlap_either(cast: Cast, kind):
    give(cast, kind=kind)
    row = StandardException.objects.get()
    row.pk, row.from_on, row.until_on = None, TODAY + 29 * DAY, TODAY + 40 * DAY
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        row.save(force_insert=True)
    row.customer = cast.osei
    row.save(force_insert=True)


@pytest.mark.parametrize("changed", [{"reason": ""}, {"every_days": 0}, {"every_days": None}, {"kind": "only"}])
def test_the_database_holds_no_exception_that_cannot_hold(cast: Cast, changed):
    give(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandardException.objects.update(**changed)


def test_a_customer_without_a_standard_needs_no_exception_but_may_be_away(cast: Cast):
    Customer.objects.filter(pk=cast.zhang.pk).update(tier=cast.mass)
    with pytest.raises(RefusedError, match="nothing to except from"):
        give(cast)
    give(cast, kind="away")


def test_a_stranger_neither_gives_nor_ends(cast: Cast):
    give(cast)
    row = StandardException.objects.get()
    for act in (lambda: give(cast, by="carol", start=40), lambda: end(cast, row, by="carol")):
        with pytest.raises(NotYoursError):
            act()
    assert list(StandardException.objects.values_list("until_on", flat=True)) == [TODAY + 30 * DAY]


@pytest.mark.parametrize("who", ["mei", "leo", "ada"])
def test_only_bankers_and_heads_give_exceptions(cast: Cast, who):
    with pytest.raises(PermissionDenied):
        give(cast, by=who)
    assert not StandardException.objects.exists()


def test_ended_early_it_ends_today_with_a_name_and_one_to_come_is_taken_back(cast: Cast):
    give(cast)
    give(cast, kind="pause", start=30)
    first, second = StandardException.objects.order_by("from_on")
    later = TODAY + 3 * DAY
    end(cast, first, by="dora", on=later)
    first.refresh_from_db()
    assert (first.until_on, first.ended_by) == (later, cast.dora)
    with pytest.raises(RefusedError, match="ended already"):
        end(cast, first, on=later)
    end(cast, second, on=later)
    assert StandardException.objects.count() == 1
    labels = StandardExceptionEvent.objects.filter(id=second.pk).order_by("pgh_id").values_list("pgh_label", flat=True)
    assert list(labels) == ["insert", "delete"]


def test_an_exception_that_does_not_exist_cannot_be_ended(cast: Cast):
    with pytest.raises(NotYoursError):
        commands.end_exception(by=scope(cast.alice), customer_id=cast.zhang.pk, exception_id=99, day=day())


# faces


def page_of(customer):
    return f"/customers/{customer.pk}/standard/"


def typed(**more):
    values = {
        "kind": "rhythm", "every_days": "7", "from_on": TODAY.isoformat(),
        "until_on": (TODAY + 30 * DAY).isoformat(), "reason": "The trust is being set up",
    }  # fmt: skip
    return {**values, **more}


def test_the_page_says_where_the_next_date_comes_from(cast: Cast):
    spoke(cast.zhang, 10)
    commands.restate_all(day=day())
    head = as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/").content.decode()
    assert "Every 30 days by Private standard v1" in head
    assert "by Alice Wang" in head
    page = as_web(cast.alice).get(page_of(cast.zhang)).content.decode()
    assert "Last contact that counts: Call" in page
    assert "every 30 days, 5 days of grace" in page


def test_the_page_gives_and_ends_an_exception(cast: Cast):
    web = as_web(cast.alice)
    page = web.post(page_of(cast.zhang), typed(), follow=True).content.decode()
    assert "Kept: the exception." in page
    assert "Exception until" in page
    row = StandardException.objects.get()
    page = web.post(f"{page_of(cast.zhang)}{row.pk}/end/", follow=True).content.decode()
    assert "Ended: the exception." in page
    assert not StandardException.objects.exists()
    assert web.post(f"{page_of(cast.zhang)}{row.pk}/end/").status_code == 404


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(cast: Cast):
    page = as_web(cast.alice).post(page_of(cast.zhang), typed(every_days="0", reason="Mourning at home"))
    assert page.status_code == 422
    assert "not every 0" in page.content.decode()
    assert "Mourning at home" in page.content.decode()
    assert as_web(cast.alice).post(page_of(cast.zhang), {"kind": "rhythm"}).status_code == 422
    assert not StandardException.objects.exists()


def test_an_exception_that_ended_stays_ended_on_the_page(cast: Cast):
    give(cast)
    StandardException.objects.update(from_on=TODAY - 9 * DAY, until_on=TODAY)
    row = StandardException.objects.get()
    assert (
        "ended already" in as_web(cast.alice).post(f"{page_of(cast.zhang)}{row.pk}/end/", follow=True).content.decode()
    )


@pytest.mark.parametrize("kind", ["pause", "only", "away", "rhythm"])
def test_every_kind_is_told_in_words_on_page_and_head_and_to_compliance(cast: Cast, kind):
    spoke(cast.zhang, 25)
    give(cast, kind=kind, channels=("letter",) if kind in {"only", "rhythm"} else ())
    for url in (page_of(cast.zhang), f"/customers/{cast.zhang.pk}/", "/settings/standards/"):
        assert as_web(cast.mei).get(url).status_code == 200
    page = as_web(cast.mei).get(page_of(cast.zhang)).content.decode()
    assert {"pause": "no contact by standard", "only": "only by Letter", "away": "away, due on the return",
            "rhythm": "every 7 days, by Letter"}[kind] in page  # fmt: skip
    assert "Give the exception" not in page


def test_a_stranger_finds_no_page(cast: Cast):
    assert as_web(cast.carol).get(page_of(cast.zhang)).status_code == 404
    assert as_web(cast.carol).post(page_of(cast.zhang), typed()).status_code == 404
    assert not StandardException.objects.exists()


def test_a_stranger_reads_no_exception_in_the_settings(cast: Cast):
    give(cast)
    assert "The trust is being set up" in as_web(cast.alice).get("/settings/standards/").content.decode()
    assert "The trust is being set up" not in as_web(cast.carol).get("/settings/standards/").content.decode()


def test_programs_read_give_and_end(cast: Cast):
    web, url = as_web(cast.alice), f"/api/v1/customers/{cast.zhang.pk}/exceptions"
    spoke(cast.zhang, 10)
    asked = {"kind": "pause", "from_on": TODAY.isoformat(), "until_on": (TODAY + DAY).isoformat(), "reason": "Mourning"}
    made = web.post(url, asked, content_type="application/json")
    assert (made.status_code, "Nothing is due" in made.json()["sentence"]) == (201, True)
    told = web.get(url).json()
    assert (told["next_contact"], told["standard"], told["exceptions"][0]["given_by"]) == (
        None,
        "private 1",
        "Alice Wang",
    )
    again = web.post(url, asked, content_type="application/json")
    assert (again.status_code, "overlaps" in again.json()["detail"]) == (422, True)
    assert web.delete(f"{url}/{told['exceptions'][0]['id']}").status_code == 200
    assert web.get(url).json()["next_contact"]["why"] == "contact"


def test_what_is_known_of_nobody_is_explained_too(cast: Cast):
    found = explained(customer_id=cast.zhang.pk, today=TODAY, zone=day().zone, calendar=day().calendar)
    assert (found.due.why, found.last, found.visit) == ("opened", None, None)
    Customer.objects.filter(pk=cast.zhang.pk).update(stage="closed")
    found = explained(customer_id=cast.zhang.pk, today=TODAY, zone=day().zone, calendar=day().calendar)
    assert found.due is None
