"""The time that was said stays with the promise: from the line to Today, the calendar, the digest, the plan."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import icalendar
import pytest
from django.test import Client
from django.utils import translation

from keybook.apps.interactions.models import Interaction
from keybook.apps.notices.commands.feed import make_feed
from keybook.apps.notices.queries.telling import digest
from keybook.apps.people.queries import access_of, bank
from keybook.apps.plans.queries.tasks import tasks
from keybook.apps.reminders.commands import (
    Contact,
    RefusedError,
    Said,
    change_promise,
    day_of,
    log_contact,
    make_promise,
)
from keybook.apps.reminders.models import Promise, Reminder
from tests.apps.memos.test_page import draft, fields, typed
from tests.cast import NOON, TODAY, Cast, as_web, scope

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + dt.timedelta(days=1)
THREE = dt.time(15)


def day(on=None):
    return day_of(bank(), on=on)


def call(cast: Cast, **more):
    """Alice promises Mrs Zhang a call tomorrow at three."""
    contact = Contact(
        channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4(), next_step="Call", next_on=TOMORROW,
        next_time=THREE, **more,
    )  # fmt: skip
    return log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=contact, day=day())


@pytest.mark.parametrize("line", ["{} 13800138000 明天下午三点打电话", "{} 13800138000, call her tomorrow at 3 pm"])
def test_the_time_of_the_line_is_the_time_of_the_promise(cast: Cast, line: str):
    typed(as_web(cast.alice), line.format(cast.zhang.name), customer=str(cast.zhang.pk))
    made, contact = Promise.objects.get(), Interaction.objects.get()
    assert (made.due_on, made.due_time, made.text) == (TOMORROW, THREE, "Call")
    assert (contact.next_on, contact.next_time) == (TOMORROW, THREE)
    assert Reminder.objects.get(promise=made).facts["time"] == "15:00"


def test_three_in_the_night_or_in_the_afternoon_is_asked_and_kept_as_chosen(cast: Cast):
    browser, line = as_web(cast.alice), "Mrs Li 13900139002 called, call her tomorrow at 3"
    html = draft(browser, line).content.decode()
    assert 'value="2026-11-24T03:00"' in html
    assert 'value="2026-11-24T15:00"' in html
    assert fields(html)["promise_time"] == ""
    assert typed(browser, line).status_code == 422
    assert typed(browser, line, promise_on="2026-11-24T15:00").status_code == 200
    assert Promise.objects.get().due_time == THREE


def test_a_part_of_the_day_is_no_time(cast: Cast):
    typed(as_web(cast.alice), "王总 13900139003 周五上午给他打电话")
    assert Promise.objects.get().due_time is None


def test_what_is_no_time_is_said_beside_it_and_nothing_is_saved(cast: Cast):
    refused = typed(as_web(cast.alice), "王总 13900139003 周五给他打电话", promise_time="half past")
    assert refused.status_code == 422
    assert "That is no time" in refused.content.decode()
    assert not Promise.objects.exists()


def test_a_time_without_a_day_is_refused(cast: Cast):
    contact = Contact(channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4(), next_time=THREE)
    with pytest.raises(RefusedError) as refusal:
        log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=contact, day=day())
    assert refusal.value.field == "next_on"
    assert not Interaction.objects.exists()


def test_the_toast_and_the_list_say_the_time(cast: Cast):
    assert "at 15:00" in call(cast).sentence
    Reminder.objects.update(opens_on=TODAY)
    from keybook.apps.reminders.commands import refresh_lines

    refresh_lines(customer_ids=[cast.zhang.pk], day=day())
    page = as_web(cast.alice).get("/").content.decode()
    assert "15:00 · Call" in page
    assert '<span class="num">15:00</span>' in page


def test_the_calendar_has_it_at_its_time_with_an_alarm_ahead(cast: Cast):
    call(cast)
    answer = Client().get(f"/calendar/{make_feed(staff=cast.alice, amounts=False, at=NOON)}.ics")
    (entry,) = [
        each for each in icalendar.Calendar.from_ical(answer.content).walk("VEVENT") if "promise" in str(each["UID"])
    ]
    assert entry.decoded("DTSTART") == dt.datetime(2026, 11, 24, 7, 0, tzinfo=dt.UTC)  # 15:00 in Shanghai
    assert [each.decoded("TRIGGER") for each in entry.walk("VALARM")] == [dt.timedelta(minutes=-15)]


def test_the_morning_names_the_time(cast: Cast):
    call(cast)
    Promise.objects.update(due_on=TODAY)
    with translation.override("en"):
        lines = [line for part in digest(access=access_of(staff_id=cast.alice.pk)) for line in part.lines]
    assert any("15:00 · Call" in line for line in lines)


@pytest.mark.parametrize(("time", "hour"), [(THREE, 15), (dt.time(9, 30), 9)])
def test_the_plan_wants_it_in_its_half_of_the_day(cast: Cast, time, hour):
    make_promise(
        by=scope(cast.alice), customer_id=cast.zhang.pk, said=Said(text="Call", on=TOMORROW, time=time), day=day()
    )
    wanted = tasks(staff_ids=[cast.alice.pk], until_on=TODAY + dt.timedelta(days=9), day=day())[cast.alice.pk]
    assert [(each.hour, each.asked) for each in wanted if each.cause == "promise"] == [(hour, True)]


def test_programs_give_and_read_the_time(cast: Cast):
    browser, address = as_web(cast.alice), f"/api/v1/customers/{cast.zhang.pk}/promises"
    body = {"text": "Call", "on": TOMORROW.isoformat(), "time": "15:00"}
    assert browser.post(address, json.dumps(body), content_type="application/json").status_code == 201
    assert browser.get(address).json()[0]["due_time"] == "15:00"
    bad = browser.post(address, json.dumps({**body, "time": "25:00"}), content_type="application/json")
    assert bad.status_code == 422
    assert Promise.objects.count() == 1


def test_another_time_of_the_same_day_needs_no_reason_and_the_calendar_counts_it(cast: Cast):
    call(cast)
    made = Promise.objects.get()
    said = Said(text="Call", on=TOMORROW, time=dt.time(10))
    change_promise(by=scope(cast.alice), customer_id=cast.zhang.pk, promise_id=made.pk, said=said, reason="", day=day())
    made.refresh_from_db()
    assert made.due_time == dt.time(10)
    assert Reminder.objects.get(promise=made).facts["time"] == "10:00"
    answer = Client().get(f"/calendar/{make_feed(staff=cast.alice, amounts=False, at=NOON)}.ics").content.decode()
    assert "SEQUENCE:1" in answer


def test_the_forms_of_the_customer_carry_the_time(cast: Cast):
    browser = as_web(cast.alice)
    call(cast)
    made = Promise.objects.get()
    assert 'value="15:00"' in browser.get(f"/customers/{cast.zhang.pk}/promises/{made.pk}/").content.decode()
    assert (
        'value="15:00"'
        in browser.get(f"/customers/{cast.zhang.pk}/contacts/{made.made_in_id}/correct/").content.decode()
    )
    form = {
        "channel": "call", "outcome": "reached", "client_key": str(uuid.uuid4()), "next_step": "Meet",
        "next_on": TOMORROW.isoformat(), "next_time": "09:15",
    }  # fmt: skip
    assert browser.post(f"/customers/{cast.zhang.pk}/log/", form).status_code == 302
    assert Promise.objects.get(text="Meet").due_time == dt.time(9, 15)
    refused = browser.post(
        f"/customers/{cast.zhang.pk}/log/", {**form, "client_key": str(uuid.uuid4()), "next_time": "9"}
    )
    assert refused.status_code == 422
