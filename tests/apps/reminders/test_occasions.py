"""Occasions: two reminders of one, one birthday of two calendars, silence, and one greeting whoever gives it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from keybook.apps.customers.models import Customer, Preference
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact, Noted, NotYoursError, RefusedError
from keybook.apps.reminders.models import Greeting, Line, Observance, Occasion, Reminder
from tests.cast import NOON, TODAY, make_reminder, scope

DAY = dt.timedelta(days=1)
BIRTHDAY = Noted(kind="birthday", month=11, day=26, year=1968)


def day(on=None):
    return commands.day_of(bank(), on=on)


def note(cast, noted=BIRTHDAY, on=None):
    done = commands.add_occasion(by=scope(cast.alice), customer_id=cast.zhang.pk, noted=noted, day=day(on))
    return Occasion.objects.get(pk=done.occasion_id)


def observe(cast, birthday_by="", mourning=(None, None), on=None):
    return commands.observe(
        by=scope(cast.alice), customer_id=cast.zhang.pk, birthday_by=birthday_by, mourning=mourning, day=day(on)
    )


def waiting(kind="birthday"):
    return list(Reminder.objects.filter(kind=kind, state="open"))


def greet(cast, reminder, by=None, channel="wechat", **more):
    contact = Contact(
        channel=channel, outcome="reached", at=NOON, client_key=more.pop("key", uuid.uuid4()), content="Happy birthday!"
    )
    return commands.greet(
        by=scope(by or cast.alice), customer_id=cast.zhang.pk, reminder_id=reminder.pk, contact=contact, day=day()
    )


# written down


def test_a_birthday_written_down_is_on_the_list_at_once_and_says_when_it_comes(cast):
    done = commands.add_occasion(by=scope(cast.alice), customer_id=cast.zhang.pk, noted=BIRTHDAY, day=day())
    assert done.sentence == "Kept. Next on Thu 26 Nov."
    assert [reason["kind"] for reason in Line.objects.get().reasons] == ["birthday"]
    assert Occasion.objects.get().next_on == dt.date(2026, 11, 26)


def test_one_occasion_has_a_greeting_and_a_gift_idea_each_at_its_own_time(cast):
    note(cast, replace(BIRTHDAY, month=12, day=7, lead_days=3, gift_days=14))
    assert [one.due_on for one in waiting("gift_idea")] == [dt.date(2026, 12, 7)]
    assert waiting() == []
    commands.open_occasions(day=day(dt.date(2026, 12, 4)))
    assert [one.due_on for one in waiting()] == [dt.date(2026, 12, 7)]
    commands.expire(day=day(dt.date(2026, 12, 8)))
    assert waiting("gift_idea") == []


@pytest.mark.parametrize(
    ("noted", "on"),
    [
        (replace(BIRTHDAY, month=10, day=17, calendar="lunar"), dt.date(2026, 11, 25)),
        (replace(BIRTHDAY, month=2, day=10, calendar="lunar", leap=True), dt.date(2027, 3, 17)),
        (replace(BIRTHDAY, month=10, day=30, calendar="lunar"), dt.date(2026, 12, 8)),
        (replace(BIRTHDAY, month=2, day=29), dt.date(2027, 2, 28)),
        (replace(BIRTHDAY, month=2, day=29, leap_day="mar1"), dt.date(2027, 3, 1)),
        (replace(BIRTHDAY, year=None), dt.date(2026, 11, 26)),
        (Noted(kind="exam", month=6, day=7, year=2027, yearly=False, label="Son's exam"), dt.date(2027, 6, 7)),
    ],
)
def test_every_kind_of_date_finds_its_next_day(cast, noted, on):
    assert note(cast, noted).next_on == on


def test_edited_it_moves_and_removed_its_reminder_goes(cast):
    occasion = note(cast)
    about = {"by": scope(cast.alice), "customer_id": cast.zhang.pk, "occasion_id": occasion.pk}
    commands.change_occasion(**about, noted=replace(BIRTHDAY, day=25), day=day())
    assert [(one.due_on, one.key) for one in waiting()] == [(dt.date(2026, 11, 25), "2026")]
    commands.change_occasion(**about, noted=replace(BIRTHDAY, month=12, day=24), day=day())
    assert waiting() == []
    commands.change_occasion(**about, noted=BIRTHDAY, day=day())
    assert [one.due_on for one in waiting()] == [dt.date(2026, 11, 26)]
    commands.remove_occasion(**about, day=day())
    assert waiting() == []
    assert not Line.objects.exists()


def test_a_wrong_birthday_that_has_expired_comes_back_on_the_right_day(cast):
    occasion = note(cast, on=TODAY)
    commands.expire(day=day(dt.date(2026, 12, 10)))
    commands.change_occasion(
        by=scope(cast.alice), customer_id=cast.zhang.pk, occasion_id=occasion.pk,
        noted=replace(BIRTHDAY, month=12, day=11), day=day(dt.date(2026, 12, 10)),
    )  # fmt: skip
    assert [one.due_on for one in waiting()] == [dt.date(2026, 12, 11)]


@pytest.mark.parametrize(
    ("field", "noted"),
    [
        ("day", replace(BIRTHDAY, month=2, day=30)), ("day", replace(BIRTHDAY, month=1, day=31, calendar="lunar")),
        ("day", replace(BIRTHDAY, month=13)), ("day", replace(BIRTHDAY, day=0)),
        ("day", Noted(kind="exam", month=2, day=29, year=2027, yearly=False)),
        ("lead_days", replace(BIRTHDAY, lead_days=-1)), ("lead_days", replace(BIRTHDAY, lead_days=400)),
        ("gift_days", replace(BIRTHDAY, gift_days=400)), ("gift_days", replace(BIRTHDAY, lead_days=5, gift_days=5)),
        ("label", replace(BIRTHDAY, label="x" * 10_000)), ("kind", replace(BIRTHDAY, kind="harvest")),
        ("calendar", replace(BIRTHDAY, calendar="mayan")), ("leap_day", replace(BIRTHDAY, leap_day="jun31")),
        ("year", replace(BIRTHDAY, year=1492)), ("year", Noted(kind="wedding", month=5, day=1, yearly=False)),
    ],
)  # fmt: skip
def test_what_is_no_occasion_is_refused_beside_its_field(cast, field, noted):
    with pytest.raises(RefusedError) as refusal:
        note(cast, noted)
    assert refusal.value.field == field
    assert not Occasion.objects.exists()


def test_the_same_day_is_refused_a_second_time_and_so_is_a_second_birthday_of_one_calendar(cast):
    note(cast, Noted(kind="opening", month=12, day=1))
    note(cast)
    for noted in (Noted(kind="opening", month=12, day=1), replace(BIRTHDAY, day=27)):
        with pytest.raises(RefusedError, match="noted already"):
            note(cast, noted)
    assert Occasion.objects.count() == 2


def test_a_stranger_finds_no_customer_and_compliance_may_not_write(cast):
    with pytest.raises(NotYoursError):
        commands.add_occasion(by=scope(cast.carol), customer_id=cast.zhang.pk, noted=BIRTHDAY, day=day())
    with pytest.raises(PermissionDenied):
        commands.add_occasion(by=scope(cast.mei), customer_id=cast.zhang.pk, noted=BIRTHDAY, day=day())
    about = {"by": scope(cast.alice), "customer_id": cast.zhang.pk, "occasion_id": 10**9, "day": day()}
    with pytest.raises(NotYoursError):
        commands.change_occasion(**about, noted=BIRTHDAY)
    with pytest.raises(NotYoursError):
        commands.remove_occasion(**about)


# one birthday


@pytest.fixture
def both(cast):
    """Mrs Zhang's birthday, solar by the bank and lunar by a banker: 26 and 25 November."""
    make_reminder(
        customer=cast.zhang, cause="occasion", kind="birthday", key="2026", due_on=dt.date(2026, 11, 26),
        facts={"on": "2026-11-26"},
    )  # fmt: skip
    note(cast, replace(BIRTHDAY, month=10, day=17, calendar="lunar"))
    return cast


def test_of_two_calendars_the_lunar_birthday_is_greeted_unless_the_customer_says_otherwise(both):
    assert [one.facts.get("lunar") for one in waiting()] == ["10-17"]
    observe(both, birthday_by="solar")
    assert [one.facts.get("lunar") for one in waiting()] == [None]
    observe(both, birthday_by="lunar")
    assert [one.facts.get("lunar") for one in waiting()] == ["10-17"]


def test_who_was_greeted_by_one_calendar_is_not_greeted_by_the_other(both):
    greet(both, waiting()[0])
    observe(both, birthday_by="solar")
    commands.open_occasions(day=day(TODAY + 3 * DAY))
    assert waiting() == []


def test_the_banks_birthday_and_the_same_one_written_down_are_one(cast):
    make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026", facts={"on": "2026-11-26"})
    note(cast)
    commands.open_occasions(day=day())
    assert len(waiting()) == 1
    assert Reminder.objects.filter(kind="birthday").count() == 1


def test_removed_and_written_down_anew_it_is_not_greeted_twice(cast):
    occasion = note(cast)
    greet(cast, waiting()[0])
    commands.remove_occasion(by=scope(cast.alice), customer_id=cast.zhang.pk, occasion_id=occasion.pk, day=day())
    note(cast)
    assert waiting() == []


def test_a_lunar_birthday_the_bank_writes_wrongly_is_passed_over_for_the_solar_one(cast):
    Customer.objects.filter(pk=cast.zhang.pk).update(lunar_birthday="13-40")
    commands.open_occasions(day=day())
    assert [one.due_on for one in waiting()] == [dt.date(2026, 11, 26)]


def test_how_long_before_a_birthday_the_bank_knows_one_is_reminded_is_the_banks_own_rule(cast):
    Customer.objects.filter(pk=cast.zhang.pk).update(lunar_birthday="10-22")  # 30 November
    assert commands.open_occasions(day=day()) == 0
    commands.set_rule(by=scope(cast.dora), kind="greeting", lead_days=10, direction="back")
    assert commands.open_occasions(day=day()) == 1


# silence


def test_mourning_stops_greeting_gift_and_line_and_afterwards_what_lies_ahead_comes_back(cast):
    note(cast, replace(BIRTHDAY, gift_days=14))
    note(cast, Noted(kind="memorial", month=11, day=24))
    assert Reminder.objects.filter(state="open").count() == 3
    said = observe(cast, mourning=(TODAY, TODAY + 2 * DAY))
    assert "Nothing is greeted" in said
    assert {one.reason for one in Reminder.objects.all()} == {"mourning"}
    assert not Line.objects.exists()
    commands.open_occasions(day=day(TODAY + DAY))
    assert not Reminder.objects.filter(state="open").exists()
    commands.open_occasions(day=day(TODAY + 2 * DAY))
    assert {one.kind for one in Reminder.objects.filter(state="open")} == {"birthday", "gift_idea", "memorial"}


def test_mourning_ended_early_brings_it_back_at_once(cast):
    note(cast)
    observe(cast, mourning=(TODAY, None))
    assert waiting() == []
    observe(cast)
    assert len(waiting()) == 1


def test_a_line_ranked_in_mourning_says_nothing_of_the_occasion(cast):
    make_reminder(customer=cast.zhang)
    make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026", facts={"on": "2026-11-26"})
    Observance.objects.create(customer=cast.zhang, mourning_from=TODAY)
    commands.rank_all(day=day())
    line = Line.objects.get()
    assert [reason["kind"] for reason in line.reasons] == ["deposit_maturing"]
    assert "生日" not in line.opening


def test_who_does_not_want_to_be_congratulated_keeps_the_memorial_day_alone(cast):
    note(cast, replace(BIRTHDAY, gift_days=14))
    note(cast, Noted(kind="wedding", month=11, day=25))
    note(cast, Noted(kind="memorial", month=11, day=24))
    Preference.objects.create(customer=cast.zhang, no_congratulation=True)
    commands.open_occasions(day=day())
    assert [one.kind for one in Reminder.objects.filter(state="open")] == ["memorial"]
    Preference.objects.update(no_congratulation=False)
    commands.settle_days(customer_id=cast.zhang.pk, day=day())
    assert Reminder.objects.filter(state="open").count() == 4


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("mourning_until", {"mourning": (TODAY, TODAY)}), ("mourning_until", {"mourning": (TODAY, TODAY - DAY)}),
        ("mourning_until", {"mourning": (TODAY, TODAY + 1200 * DAY)}), ("mourning_from", {"mourning": (None, TODAY)}),
        ("birthday_by", {"birthday_by": "mayan"}),
    ],
)  # fmt: skip
def test_a_mourning_that_cannot_be_is_refused(cast, field, given):
    with pytest.raises(RefusedError) as refusal:
        observe(cast, **given)
    assert refusal.value.field == field
    assert not Observance.objects.exists()


# greeting


def test_a_greeting_is_a_contact_that_settles_its_occasion(cast):
    note(cast)
    done = greet(cast, waiting()[0])
    assert done.closed
    contact = Interaction.objects.get()
    assert (contact.channel, contact.outcome, contact.content) == ("wechat", "left_message", "Happy birthday!")
    assert not Line.objects.exists()


def test_a_greeting_spoken_is_a_contact_reached(cast):
    note(cast)
    greet(cast, waiting()[0], channel="call")
    assert Interaction.objects.get().outcome == "reached"


def test_the_second_is_told_who_greeted_when_and_how(cast):
    note(cast)
    reminder = waiting()[0]
    greet(cast, reminder)
    with pytest.raises(RefusedError, match=r"Alice Wang greeted on Mon 23 Nov \(WeChat\)"):
        greet(cast, reminder, by=cast.dora)
    assert Interaction.objects.count() == 1


def test_who_logs_a_contact_for_a_greeting_already_given_is_told_so_and_the_contact_is_kept(cast):
    note(cast)
    reminder = waiting()[0]
    greet(cast, reminder)
    contact = Contact(channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4())
    done = commands.log_contact(
        by=scope(cast.dora), customer_id=cast.zhang.pk, contact=contact, closes=[reminder.pk], day=day()
    )
    assert done.sentence == "Saved: Zhang Wei. Alice Wang had greeted already, on Mon 23 Nov."
    assert Interaction.objects.count() == 2


def test_the_same_greeting_sent_twice_is_stored_once(cast):
    note(cast)
    reminder, key = waiting()[0], uuid.uuid4()
    greet(cast, reminder, key=key)
    assert greet(cast, reminder, key=key).repeated
    assert Interaction.objects.count() == 1


def test_in_mourning_a_greeting_is_refused_with_the_reason(cast):
    note(cast)
    reminder = waiting()[0]
    observe(cast, mourning=(TODAY, None))
    with pytest.raises(RefusedError, match="mourns"):
        greet(cast, reminder)
    assert not Interaction.objects.exists()


def test_an_empty_greeting_is_refused(cast):
    note(cast)
    contact = Contact(channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4(), content="  ")
    with pytest.raises(RefusedError) as refusal:
        commands.greet(
            by=scope(cast.alice), customer_id=cast.zhang.pk, reminder_id=waiting()[0].pk, contact=contact, day=day()
        )
    assert refusal.value.field == "content"
    assert len(waiting()) == 1


def test_a_memorial_day_is_never_congratulated_and_a_gift_idea_is_no_greeting(cast):
    note(cast, Noted(kind="memorial", month=11, day=24))
    note(cast, replace(BIRTHDAY, gift_days=14))
    for kind in ("memorial", "gift_idea"):
        with pytest.raises(NotYoursError):
            greet(cast, waiting(kind)[0])
    assert not Interaction.objects.exists()


# the words


def test_the_banks_own_words_are_kept_and_an_empty_text_brings_ours_back(cast):
    commands.set_greeting(by=scope(cast.ada), kind="birthday", language="zh", text="{name}，生日快乐！")
    assert Greeting.objects.get().text == "{name}，生日快乐！"
    commands.set_greeting(by=scope(cast.ada), kind="birthday", language="zh", text=" ")
    assert not Greeting.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [("Dear {surname}", "no field {surname}"), ("x" * 1001, "1,000 characters"), ("Dear {name", "brace stands alone")],
)
def test_a_greeting_with_an_unknown_field_is_refused_with_a_sentence(cast, text, said):
    with pytest.raises(RefusedError, match=said):
        commands.set_greeting(by=scope(cast.ada), kind="birthday", language="en", text=text)
    with pytest.raises(RefusedError, match="no such greeting"):
        commands.set_greeting(by=scope(cast.ada), kind="memorial", language="en", text="Hi")
    assert not Greeting.objects.exists()
