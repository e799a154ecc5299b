"""Promises, occasions and greetings on the Customer page and for programs."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keybook.apps.customers.models import Holding, Preference
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.models import Greeting, Occasion, Promise, Reminder, Rule
from tests import cast as who
from tests.cast import TODAY, Cast, scope

DAY = dt.timedelta(days=1)
BIRTHDAY = {"kind": "birthday", "calendar": "solar", "month": "11", "day": "26", "lead_days": "3"}


def text_of(answer: Any) -> str:
    """What is read on the page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def post(cast: Cast, path: str, given: dict[str, Any], by: str = "alice") -> Any:
    return who.as_web(cast.staff[by]).post(f"/customers/{cast.zhang.pk}/{path}", given)


def page(cast: Cast, path: str = "", by: str = "alice") -> str:
    return text_of(who.as_web(cast.staff[by]).get(f"/customers/{cast.zhang.pk}/{path}"))


# promises


def test_a_promise_is_made_changed_and_withdrawn_on_the_page(cast: Cast) -> None:
    assert post(cast, "promises/", {"text": "Call her", "on": "2026-11-28"}).status_code == 302
    made = Promise.objects.get()
    shown = page(cast)
    assert "Call her" in shown
    assert "Moved from Sat 28 Nov to Mon 30 Nov: not a workday." in shown
    refused = post(cast, f"promises/{made.pk}/", {"text": "Call her", "on": "2026-12-01", "direction": "forward"})
    assert refused.status_code == 422
    assert "Say why it moves" in text_of(refused)
    assert 'value="2026-12-01"' in refused.content.decode()
    post(
        cast,
        f"promises/{made.pk}/",
        {"text": "Call her", "on": "2026-12-01", "direction": "forward", "reason": "Travels"},
    )
    assert "Travels" in page(cast)
    post(cast, f"promises/{made.pk}/withdraw/", {"reason": "Not wanted"})
    assert Promise.objects.get().state == "withdrawn"
    assert "Withdrawn, because: Not wanted" in page(cast, "timeline/")


def test_a_promise_hangs_on_a_maturity_chosen_from_the_list(cast: Cast) -> None:
    Holding.objects.create(
        customer=cast.zhang, number="D1", kind="term_deposit", name="Term deposit", currency="CNY", balance=450_000,
        matures_on=dt.date(2026, 12, 9), as_of=TODAY,
    )  # fmt: skip
    assert "Term deposit matures Wed 9 Dec" in page(cast, "promises/")
    post(cast, "promises/", {"text": "Call", "hangs": "holding:D1", "lead_days": "3"})
    assert Promise.objects.get().due_on == dt.date(2026, 12, 4)
    assert "3 days before the maturity on Wed 9 Dec; moves with it." in page(cast)
    assert (
        "selected"
        in who.as_web(cast.alice)
        .get(f"/customers/{cast.zhang.pk}/promises/{Promise.objects.get().pk}/")
        .content.decode()
    )


def test_kept_late_and_broken_are_seen_on_the_timeline_and_todays_rail(cast: Cast) -> None:
    by, day = scope(cast.alice), commands.day_of(bank())
    made = [
        commands.make_promise(
            by=by, customer_id=cast.zhang.pk, said=commands.Said(text=text, on=TODAY), day=day
        ).promise_id
        for text in ("One", "Two", "Three", "Four")
    ]
    commands.keep_promise(by=by, customer_id=cast.zhang.pk, promise_id=made[0], day=day)
    later = commands.day_of(bank(), on=TODAY + 2 * DAY)
    commands.keep_promise(by=by, customer_id=cast.zhang.pk, promise_id=made[1], day=later)
    Promise.objects.filter(pk=made[2]).update(state="broken", closed_on=TODAY)
    Promise.objects.filter(pk=made[3]).update(due_on=TODAY - DAY)
    Reminder.objects.filter(promise_id=made[3]).update(due_on=TODAY - DAY)
    shown = page(cast, "timeline/")
    for said in ("Kept", "Kept late", "Broken", "Late since"):
        assert said in shown
    rail = text_of(who.as_web(cast.alice).get("/"))
    assert "Three Broken" in rail
    assert "1 workday late" in rail


def test_a_promise_made_in_confidence_is_not_on_a_colleagues_page(cast: Cast) -> None:
    contact = commands.Contact(
        channel="call", outcome="reached", at=who.NOON, client_key=uuid.uuid4(), next_step="Secret matter",
        next_on=TODAY, named=(),
    )  # fmt: skip
    commands.log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=contact, day=commands.day_of(bank()))
    assert "Secret matter" in page(cast)
    assert "Secret matter" not in page(cast, by="dora")
    assert (
        "Secret matter" not in who.as_web(cast.dora).get(f"/api/v1/customers/{cast.zhang.pk}/promises").content.decode()
    )


# occasions


def test_an_occasion_is_noted_changed_and_removed_on_the_page(cast: Cast) -> None:
    assert post(cast, "occasions/", {**BIRTHDAY, "gift_days": "14"}).status_code == 302
    made = Occasion.objects.get()
    shown = page(cast)
    assert "3 days ahead, a gift 14 days" in shown
    assert (
        post(cast, f"occasions/{made.pk}/", {**BIRTHDAY, "calendar": "lunar", "month": "10", "day": "17"}).status_code
        == 302
    )
    assert "lunar 10/17" in page(cast)
    assert "农历十月十七" in _in_chinese(cast)
    assert post(cast, f"occasions/{made.pk}/remove/", {}).status_code == 302
    assert not Occasion.objects.exists()


def _in_chinese(cast: Cast) -> str:
    cast.alice.language = "zh-hans"
    cast.alice.save(update_fields=["language"])
    return page(cast)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"month": "2", "day": "30"}, "There is no such day in that month."),
        ({"calendar": "lunar", "month": "1", "day": "31"}, "There is no such day in that month."),
        ({"lead_days": "-1"}, "0 to 365 days ahead are possible."),
        ({"lead_days": "400"}, "0 to 365 days ahead are possible."),
        ({"lead_days": "soon"}, "0 to 365 days ahead are possible."),
        ({"label": "x" * 10_000}, "At most 120 characters can be kept."),
        ({"month": ""}, "Write a whole number."),
    ],
)
def test_a_day_that_is_none_is_refused_beside_its_field_and_stays_typed(cast: Cast, given: Any, said: str) -> None:
    answer = post(cast, "occasions/", {**BIRTHDAY, **given})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'value="{next(iter(given.values()))}"' in answer.content.decode() or "calendar" in given
    assert not Occasion.objects.exists()


def test_mourning_is_said_where_the_greeting_would_have_stood(cast: Cast) -> None:
    post(cast, "occasions/", BIRTHDAY)
    assert "Greet" in page(cast)
    post(cast, "keeping/", {"mourning_from": "2026-11-20", "mourning_until": "2026-12-20"})
    shown = page(cast)
    assert "In mourning until Sun 20 Dec: no greeting, no gift idea, no word of an occasion." in shown
    assert (
        f"/customers/{cast.zhang.pk}/greet/"
        not in who.as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/").content.decode()
    )
    assert "Silenced: in mourning" not in shown  # the timeline holds contacts, promises and signals
    refused = post(cast, "keeping/", {"mourning_from": "2026-12-20", "mourning_until": "2026-12-01"})
    assert refused.status_code == 422
    assert "The end comes after the beginning." in text_of(refused)


def test_do_not_congratulate_set_on_the_page_takes_the_greeting_away_at_once(cast: Cast) -> None:
    post(cast, "occasions/", BIRTHDAY)
    post(cast, "likes/", {"no_congratulation": "on"})
    assert Reminder.objects.get().reason == "do not congratulate"
    assert "Does not want to be congratulated: no greeting, no gift idea." in page(cast)


def test_a_promise_or_a_day_of_another_customer_is_not_found(cast: Cast) -> None:
    post(cast, "promises/", {"text": "Call", "on": "2026-11-30"})
    post(cast, "occasions/", BIRTHDAY)
    ids = {"promises": Promise.objects.get().pk, "occasions": Occasion.objects.get().pk}
    ids["greet"] = Reminder.objects.get(cause="occasion").pk
    client = who.as_web(cast.alice)
    for what, pk in ids.items():
        assert client.get(f"/customers/{cast.osei.pk}/{what}/{pk}/").status_code == 404
    assert client.post(f"/customers/{cast.osei.pk}/occasions/{ids['occasions']}/remove/").status_code == 404
    assert client.post(f"/customers/{cast.osei.pk}/promises/{ids['promises']}/keep/").status_code == 404


# greetings


@pytest.fixture
def greeting(cast: Cast) -> Reminder:
    Preference.objects.create(customer=cast.zhang, channels=["wechat"], hour_from=10, hour_until=11)
    post(cast, "occasions/", BIRTHDAY)
    return Reminder.objects.get()


def test_a_greeting_offers_words_in_their_language_by_their_channel_at_their_hour(
    cast: Cast, greeting: Reminder
) -> None:
    answer = who.as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/greet/{greeting.pk}/")
    assert "张女士，生日快乐！" in answer.content.decode()
    assert "王爱丽敬贺" in answer.content.decode()
    shown = text_of(answer)
    assert "WeChat 10–11 as they said" in shown


def test_greeted_by_one_the_other_reads_by_whom_and_when(cast: Cast, greeting: Reminder) -> None:
    words = {"channel": "wechat", "content": "生日快乐", "client_key": str(uuid.uuid4())}
    assert post(cast, f"greet/{greeting.pk}/", words).status_code == 302
    second = post(cast, f"greet/{greeting.pk}/", {**words, "client_key": str(uuid.uuid4())}, by="dora")
    assert second.status_code == 422
    assert "Alice Wang greeted on Mon 23 Nov (WeChat). Once is enough." in text_of(second)
    assert Interaction.objects.count() == 1
    assert "Greeted by Alice Wang on Mon 23 Nov, WeChat." in page(cast, by="dora")


def test_the_line_of_today_leads_to_the_words(cast: Cast, greeting: Reminder) -> None:
    answer = who.as_web(cast.alice).get(f"/today/{cast.zhang.pk}/", headers={"HX-Request": "true"})
    assert f"/customers/{cast.zhang.pk}/greet/{greeting.pk}/" in answer.content.decode()


def test_a_greeting_too_long_or_empty_is_refused(cast: Cast, greeting: Reminder) -> None:
    for content in ("", "x" * 10_001):
        answer = post(
            cast, f"greet/{greeting.pk}/", {"channel": "call", "content": content, "client_key": str(uuid.uuid4())}
        )
        assert answer.status_code == 422
    assert not Interaction.objects.exists()


# settings


def test_head_and_administrator_set_rules_and_words(cast: Cast) -> None:
    client = who.as_web(cast.ada)
    assert client.get("/settings/reminders/").status_code == 200
    assert client.get("/settings/greetings/").status_code == 200
    client.post("/settings/reminders/", {"kind": "promise", "direction": "back", "broken_after": "5"})
    assert Rule.objects.values_list("direction", "broken_after").get() == ("back", 5)
    client.post("/settings/greetings/", {"kind": "birthday", "language": "en", "text": "Dear {name}, all the best!"})
    assert Greeting.objects.get().text == "Dear {name}, all the best!"
    assert 'value="5"' in client.get("/settings/reminders/").content.decode()


def test_a_wrong_rule_and_an_unknown_field_are_refused_beside_what_was_typed(cast: Cast) -> None:
    client = who.as_web(cast.dora)
    for given in (
        {"kind": "greeting", "direction": "back", "lead_days": "400"},
        {"kind": "greeting", "direction": "back", "lead_days": "x"},
    ):
        answer = client.post("/settings/reminders/", given)
        assert answer.status_code == 422
        assert f'value="{given["lead_days"]}"' in answer.content.decode()
    answer = client.post("/settings/greetings/", {"kind": "birthday", "language": "en", "text": "Dear {age}"})
    assert answer.status_code == 422
    assert "There is no field {age}. These exist: {name}, {banker}, {bank}, {date}, {label}." in text_of(answer)
    assert "Dear {age}" in text_of(answer)
    assert not Rule.objects.exists()
    assert not Greeting.objects.exists()


# for programs


def test_programs_promise_note_and_greet_by_the_same_commands(cast: Cast) -> None:
    client, base = who.as_web(cast.alice), f"/api/v1/customers/{cast.zhang.pk}"

    def send(verb: str, path: str, given: Any) -> Any:
        return getattr(client, verb)(f"{base}/{path}", given, content_type="application/json")

    made = send("post", "promises", {"text": "Call", "on": "2026-11-28"})
    assert (made.status_code, made.json()["due_on"], made.json()["moved_from"]) == (201, "2026-11-30", "2026-11-28")
    promise = made.json()["promise_id"]
    moved = send("patch", f"promises/{promise}", {"text": "Call", "on": "2026-12-01", "reason": "Travels"})
    assert moved.json()["due_on"] == "2026-12-01"
    assert send("post", f"promises/{promise}/close", {"how": "keep"}).status_code == 200
    second = send("post", "promises", {"text": "Write", "on": "2026-12-01"}).json()["promise_id"]
    assert send("post", f"promises/{second}/close", {"how": "withdraw", "reason": "No"}).status_code == 200
    assert [one["state"] for one in client.get(f"{base}/promises").json()] == ["withdrawn", "kept"]
    noted = send("post", "occasions", {"kind": "birthday", "month": 11, "day": 26})
    assert noted.status_code == 201
    day = noted.json()["occasion_id"]
    assert send("patch", f"occasions/{day}", {"kind": "birthday", "month": 11, "day": 25}).status_code == 200
    known = client.get(f"{base}/occasions").json()
    assert (known["occasions"][0]["next_on"], known["reminders"][0]["state"]) == ("2026-11-25", "open")
    words = {"channel": "sms", "content": "Happy birthday", "client_key": str(uuid.uuid4())}
    assert send("post", f"greet/{known['reminders'][0]['id']}", words).status_code == 201
    assert send("put", "keeping", {"birthday_by": "solar"}).json()["sentence"] == "Kept."
    assert send("delete", f"occasions/{day}", {}).status_code == 200


def test_a_program_is_refused_with_the_field(cast: Cast) -> None:
    client, base = who.as_web(cast.alice), f"/api/v1/customers/{cast.zhang.pk}"
    answer = client.post(
        f"{base}/occasions", {"kind": "birthday", "month": 2, "day": 30}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "body/day", "detail": "There is no such day in that month."}]
    assert not Occasion.objects.exists()


# statements


def test_the_page_asks_as_much_of_many_days_as_of_none(cast: Cast) -> None:
    client = who.as_web(cast.alice)

    def asked() -> int:
        client.get(f"/customers/{cast.zhang.pk}/")
        with CaptureQueriesContext(connection) as found:
            client.get(f"/customers/{cast.zhang.pk}/")
        return len(found)

    few = asked()
    for number in range(1, 26):
        Promise.objects.create(customer=cast.zhang, staff=cast.alice, text=f"No. {number}", due_on=TODAY)
        Occasion.objects.create(customer=cast.zhang, kind="opening", month=12, day=number)
    assert asked() == few
