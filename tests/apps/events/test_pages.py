"""The pages of events and the face for programs: who does what there, and what a refusal says."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from keybook.apps.customers.models import Customer
from keybook.apps.events.models import Event, Seat
from keybook.apps.interactions.models import Interaction
from tests.apps.events.stage import FRIDAY, agreed, guest, invited, said, salon
from tests.cast import TODAY, Cast, as_web, make_staff

TYPED = {
    "name": "Tea and markets", "theme": "Markets", "place": "North", "on": FRIDAY.isoformat(), "from_time": "15:00",
    "until_time": "17:00", "seats": "12",
}  # fmt: skip


def typed(cast: Cast, **more: str) -> dict[str, str]:
    return {**TYPED, "branch": str(cast.north.pk), "host": str(cast.bob.pk), "client_key": str(uuid.uuid4()), **more}


def text(answer) -> str:
    return answer.content.decode()


def test_a_head_plans_opens_changes_and_cancels(cast: Cast) -> None:
    browser = as_web(cast.dora)
    made = browser.post("/events/new/", typed(cast))
    assert made.status_code == 302
    event = Event.objects.get()
    assert (event.state, event.starts_at) == ("planned", dt.datetime(2026, 12, 4, 7, tzinfo=dt.UTC))
    browser.post(f"/events/{event.pk}/open/")
    assert "Sat 5 Dec" in text(
        browser.post(f"/events/{event.pk}/change/", typed(cast, on="2026-12-05", reason="x"), follow=True)
    )
    browser.post(f"/events/{event.pk}/cancel/", {"reason": "The speaker is ill"})
    event.refresh_from_db()
    assert (event.state, event.reason) == ("cancelled", "The speaker is ill")
    assert "The speaker is ill" in text(browser.get(f"/events/{event.pk}/"))
    assert "Tea and markets" in text(browser.get("/events/?view=past"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seats": "0"}, "1 to 5,000 seats"), ({"until_time": "14:00"}, "ends after it begins"), ({"on": "never"}, "no date"),
        ({"name": ""}, "what it is called"), ({"host": "9"}, "who receives"), ({"on": "2026-11-01"}, "has passed"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_says_why_and_keeps_what_was_typed(cast: Cast, wrong: dict, sentence: str) -> None:
    answer = as_web(cast.dora).post("/events/new/", typed(cast, theme="Kept as typed", **wrong))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "Kept as typed" in text(answer)
    assert not Event.objects.exists()


def test_a_head_of_another_branch_finds_no_event_and_changes_none(cast: Cast) -> None:
    event = salon(cast)
    other = make_staff(code="otto", role="head", branch=cast.south)
    browser = as_web(other)
    for address in ("", "change/", "invite/"):
        assert browser.get(f"/events/{event.pk}/{address}").status_code == 404
    for address in ("cancel/", "open/", "change/"):
        assert browser.post(f"/events/{event.pk}/{address}", typed(cast, reason="x")).status_code in {404, 422}
    event.refresh_from_db()
    assert event.state == "open"


def test_a_head_below_reads_an_event_above_and_may_not_change_it(cast: Cast) -> None:
    event = salon(cast)
    Event.objects.update(branch=cast.head_office)
    browser = as_web(cast.dora)
    assert browser.get(f"/events/{event.pk}/").status_code == 200
    assert browser.get(f"/events/{event.pk}/change/").status_code == 403
    assert browser.post(f"/events/{event.pk}/cancel/", {"reason": "x"}).status_code == 403
    event.refresh_from_db()
    assert event.state == "open"


def test_the_page_to_invite_says_what_the_gate_says_and_invites_the_ticked(cast: Cast) -> None:
    event = salon(cast)
    agreed(cast.osei, cast.zhang)
    Customer.objects.filter(pk=cast.zhang.pk).update(standing="ended")
    browser = as_web(cast.alice)
    page = text(browser.get(f"/events/{event.pk}/invite/"))
    assert "1 free to invite" in page
    assert "1 refused by the gate" in page
    assert "The relationship has ended." in page
    nobody = browser.post(f"/events/{event.pk}/invite/", {"channel": "call"})
    assert (nobody.status_code, "Choose whom to invite" in text(nobody)) == (422, True)
    answer = browser.post(
        f"/events/{event.pk}/invite/", {"channel": "call", "customer": [cast.osei.pk, cast.zhang.pk]}, follow=True
    )
    assert "The gate refused 1." in text(answer)
    assert Seat.objects.get().customer_id == cast.osei.pk


def test_from_the_book_one_chooses_the_event_and_keeps_the_filter(cast: Cast) -> None:
    event = salon(cast)
    browser = as_web(cast.alice)
    assert "/events/?choose=&amp;tier=gold" in text(browser.get("/book/?tier=gold"))
    assert f"/events/{event.pk}/invite/?tier=gold" in text(browser.get("/events/?choose=&tier=gold"))


def test_the_log_form_asks_what_they_say_and_the_seat_is_theirs(cast: Cast) -> None:
    seat = invited(salon(cast), cast.osei, cast.alice)
    browser = as_web(cast.alice)
    assert f'name="reply:{seat.reminder_id}"' in text(browser.get(f"/customers/{cast.osei.pk}/log/"))
    form = {
        "channel": "call", "outcome": "reached", "client_key": str(uuid.uuid4()), "from": "customer",
        f"reply:{seat.reminder_id}": "accepted:1",
    }  # fmt: skip
    wrong = browser.post(f"/customers/{cast.osei.pk}/log/", {**form, "outcome": "not_reached"})
    assert (wrong.status_code, "when you have spoken" in text(wrong)) == (422, True)
    assert not Interaction.objects.exists()
    assert browser.post(f"/customers/{cast.osei.pk}/log/", form).status_code == 302
    seat.refresh_from_db()
    assert (seat.state, seat.companions) == ("accepted", 1)


def test_an_answer_on_the_events_page_and_a_refusal_in_words(cast: Cast) -> None:
    event = salon(cast)
    seat = invited(event, cast.osei, cast.alice)
    browser = as_web(cast.alice)
    assert "1 seat is kept" in text(
        browser.post(f"/events/{event.pk}/seats/{seat.pk}/", {"act": "accepted"}, follow=True)
    )
    early = browser.post(f"/events/{event.pk}/seats/{seat.pk}/", {"act": "came"})
    assert (early.status_code, "from the day of the event" in text(early)) == (422, True)
    nothing = browser.post(f"/events/{event.pk}/seats/{seat.pk}/", {"act": ""})
    assert (nothing.status_code, "whether they come" in text(nothing)) == (422, True)
    browser.post(f"/events/{event.pk}/seats/{seat.pk}/", {"act": "withdrawn"})
    seat.refresh_from_db()
    assert seat.state == "cancelled"


def test_colleagues_guests_are_a_number_on_the_page(cast: Cast) -> None:
    event = salon(cast)
    nina = make_staff(code="nina", branch=cast.north)
    said(invited(event, guest(cast, nina, name="Secret Guest"), nina), nina)
    page = text(as_web(cast.alice).get(f"/events/{event.pk}/"))
    assert "Secret Guest" not in page
    assert "and 1 of colleagues" in page
    assert "Secret Guest" in text(as_web(cast.dora).get(f"/events/{event.pk}/"))


def test_programs_do_the_same(cast: Cast) -> None:
    head, banker = as_web(cast.dora), as_web(cast.alice)

    def post(browser, where: str, values: dict):
        return browser.post(f"/api/v1/events{where}", values, content_type="application/json")

    typed_in = {
        "name": "Tea", "theme": "Markets", "place": "North", "branch_id": cast.north.pk, "on": FRIDAY.isoformat(),
        "from_time": "15:00", "until_time": "17:00", "seats": 3, "host_id": cast.bob.pk, "client_key": str(uuid.uuid4()),
    }  # fmt: skip
    number = post(head, "", typed_in).json()["id"]
    assert post(head, f"/{number}/open", {}).status_code == 200
    agreed(cast.osei)
    done = post(banker, f"/{number}/invitations", {"customers": [cast.osei.pk], "channel": "call"}).json()
    assert done["invited"] == [cast.osei.pk]
    seat = Seat.objects.get()
    assert (
        post(banker, f"/{number}/seats/{seat.pk}", {"reply": "accepted", "companions": 2}).json()["state"] == "accepted"
    )
    found = banker.get(f"/api/v1/events/{number}").json()
    assert (found["taken"], found["free"], found["guests"][0]["customer_id"]) == (3, 0, cast.osei.pk)
    assert [each["id"] for each in banker.get("/api/v1/events").json()["events"]] == [number]
    moved = {**typed_in, "on": (FRIDAY + dt.timedelta(days=3)).isoformat(), "reason": "Hall"}
    assert head.put(f"/api/v1/events/{number}", moved, content_type="application/json").status_code == 200
    assert post(head, f"/{number}/cancel", {"reason": "No speaker"}).status_code == 200
    assert TODAY < FRIDAY
    refused = post(banker, f"/{number}/seats/{seat.pk}", {"reply": "declined"})
    assert (refused.status_code, Seat.objects.get().state) == (422, "cancelled")


def test_an_answer_comes_with_a_logged_contact_of_a_program(cast: Cast) -> None:
    seat = invited(salon(cast), cast.osei, cast.alice)
    contact = {
        "client_key": str(uuid.uuid4()),
        "channel": "call",
        "outcome": "reached",
        "replies": {str(seat.reminder_id): "declined"},
    }
    answer = as_web(cast.alice).post(
        f"/api/v1/customers/{cast.osei.pk}/contacts", contact, content_type="application/json"
    )
    seat.refresh_from_db()
    assert (answer.status_code, seat.state) == (201, "declined")
