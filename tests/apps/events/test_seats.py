"""Seats: never more than there are, given back to who waits first, and told to whoever looks after them."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from keybook.apps.customers.book import Ask
from keybook.apps.customers.models import Customer
from keybook.apps.events import commands
from keybook.apps.events.models import Event, Seat
from keybook.apps.events.queries.asking import Preview, preview
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.models import Bank, Staff
from keybook.apps.reminders.commands import Contact, NotYoursError, RefusedError, correct_contact, log_contact, moment
from keybook.apps.reminders.models import Line, Reminder
from tests.apps.events.stage import FRIDAY, agreed, draft, guest, invited, said, salon, today
from tests.cast import TODAY, Cast, make_interaction, scope

CALL = {"channel": "call", "outcome": "reached", "topic": "Salon"}


def contact(**more) -> Contact:
    return Contact(**{**CALL, "at": moment(day=today()), "client_key": uuid.uuid4(), **more})


def previewed(event: Event, by: Staff, channel: str) -> Preview:
    found = preview(scope=scope(by), event_id=event.pk, ask=Ask(), channel=channel, day=today())
    assert found is not None
    return found


@pytest.fixture
def event(cast: Cast) -> Event:
    return salon(cast)


class TestInviting:
    """The one gate is asked first."""

    def test_an_invitation_is_a_task_on_the_bankers_list(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.osei, cast.dora)
        reminder = seat.reminder
        assert (seat.state, seat.staff_id, seat.invited_by_id) == ("invited", cast.alice.pk, cast.dora.pk)
        assert (reminder.cause, reminder.kind, reminder.due_on, reminder.expires_on) == (
            "campaign", "invitation", FRIDAY - dt.timedelta(days=1), FRIDAY,
        )  # fmt: skip
        assert (reminder.facts["label"], reminder.facts["on"], reminder.facts["at"]) == (
            "Tea and markets",
            "2026-12-04",
            "15:00",
        )
        assert Line.objects.get(customer=cast.osei).rm_id == cast.alice.pk

    def test_whom_the_gate_refuses_is_not_invited_and_the_preview_said_so(self, cast: Cast, event: Event) -> None:
        agreed(cast.osei, cast.zhang)
        Customer.objects.filter(pk=cast.zhang.pk).update(standing="ended")
        ids = [cast.osei.pk, cast.zhang.pk]
        found = previewed(event, cast.alice, "call")
        assert {each: one.kind for each, one in found.asked.items()} == {cast.osei.pk: "free", cast.zhang.pk: "refused"}
        assert (found.count("free"), found.count("refused")) == (1, 1)
        done = commands.invite(by=scope(cast.alice), event_id=event.pk, customer_ids=ids, channel="call", day=today())
        assert (done.invited, done.refused) == ((cast.osei.pk,), (cast.zhang.pk,))
        assert not Seat.objects.filter(customer=cast.zhang).exists()
        assert not Reminder.objects.filter(customer=cast.zhang).exists()

    def test_where_the_gate_warns_nobody_is_invited_without_a_reason(self, cast: Cast, event: Event) -> None:
        asked = {
            "by": scope(cast.alice),
            "event_id": event.pk,
            "customer_ids": [cast.osei.pk],
            "channel": "call",
            "day": today(),
        }
        with pytest.raises(RefusedError, match="why it is right"):
            commands.invite(**asked)
        assert not Seat.objects.exists()
        commands.invite(**asked, because="Asked for it himself")
        assert Seat.objects.get().because == "Asked for it himself"

    def test_invitations_fill_their_cap_over_all_events(self, cast: Cast, event: Event) -> None:
        """Two in thirty days are allowed: one spoken of, one on the list; the third is refused."""
        for place, name in enumerate(("A", "B")):
            seat = invited(salon(cast, name=name, theme=name), cast.osei, cast.alice)
            if not place:
                log_contact(
                    by=scope(cast.alice),
                    customer_id=cast.osei.pk,
                    contact=contact(),
                    closes=[seat.reminder_id],
                    day=today(),
                )
                Interaction.objects.update(at=moment(day=today()) - dt.timedelta(days=9))
        done = commands.invite(
            by=scope(cast.alice),
            event_id=event.pk,
            customer_ids=[cast.osei.pk],
            channel="letter",
            because="x",
            day=today(),
        )
        assert done.refused == (cast.osei.pk,)

    def test_a_theme_a_colleague_spoke_of_lately_warns(self, cast: Cast, event: Event) -> None:
        agreed(cast.osei)
        make_interaction(
            customer=cast.osei,
            staff=cast.bob,
            topic="Markets in December",
            at=moment(day=today()) - dt.timedelta(days=10),
        )
        found = previewed(event, cast.alice, "letter").asked[cast.osei.pk]
        assert [each.code for each in found.verdict.reasons] == ["repeated"]

    def test_nobody_is_invited_to_what_is_not_open_or_over(self, cast: Cast) -> None:
        made = commands.make_event(by=scope(cast.dora), draft=draft(cast), day=today())
        with pytest.raises(RefusedError, match="not open yet"):
            invited(Event.objects.get(pk=made.id), cast.osei, cast.alice)
        assert not Seat.objects.exists()

    def test_a_strangers_customer_is_not_invited_nor_his_event_seen(self, cast: Cast, event: Event) -> None:
        asked = {"channel": "call", "because": "x", "day": today()}
        for by, customer in ((cast.alice, cast.liu), (cast.carol, cast.liu)):
            with pytest.raises(NotYoursError):
                commands.invite(by=scope(by), event_id=event.pk, customer_ids=[customer.pk], **asked)
        with pytest.raises(PermissionDenied):
            commands.invite(by=scope(cast.mei), event_id=event.pk, customer_ids=[cast.osei.pk], **asked)
        assert not Seat.objects.exists()


class TestAnswering:
    """Who accepts has a seat or a place in the line."""

    def test_the_last_seat_is_given_once_and_the_next_waits(self, cast: Cast, event: Event) -> None:
        first, second = invited(event, cast.osei, cast.alice), invited(event, cast.zhang, cast.alice)
        assert said(first, cast.alice, companions=1).state == "accepted"
        kept = said(second, cast.alice)
        assert (kept.state, "number 1" in kept.sentence) == ("waiting", True)

    def test_a_seat_given_back_goes_to_who_waits_first_even_of_another_branch(self, cast: Cast) -> None:
        event = salon_of_all(cast)
        taken = invited(event, cast.osei, cast.alice)
        waits = [invited(event, cast.liu, cast.carol), invited(event, cast.zhang, cast.alice)]
        said(taken, cast.alice, companions=1)
        assert [said(waits[0], cast.carol).state, said(waits[1], cast.alice, companions=1).state] == ["waiting"] * 2
        assert said(taken, cast.alice, "declined").moved_up == 1
        assert list(Seat.objects.order_by("id").values_list("state", flat=True)) == ["declined", "accepted", "waiting"]
        told = Reminder.objects.get(customer=cast.liu, state="open")
        assert (told.cause, told.kind, told.facts["news"], told.facts["purpose"]) == (
            "campaign",
            "invitation",
            "up",
            "service",
        )
        assert Line.objects.get(customer=cast.liu).rm_id == cast.carol.pk

    def test_a_party_that_grows_keeps_its_seats_and_is_refused_more_than_there_are(
        self, cast: Cast, event: Event
    ) -> None:
        seat = invited(event, cast.osei, cast.alice)
        said(seat, cast.alice)
        with pytest.raises(RefusedError, match="not so many"):
            said(seat, cast.alice, companions=2)
        seat.refresh_from_db()
        assert (seat.state, seat.companions) == ("accepted", 0)

    @pytest.mark.parametrize("companions", [-1, 6])
    def test_more_than_five_companions_are_refused(self, cast: Cast, event: Event, companions: int) -> None:
        seat = invited(event, cast.osei, cast.alice)
        with pytest.raises(RefusedError, match="Five"):
            said(seat, cast.alice, companions=companions)

    def test_a_stranger_or_a_reader_answers_for_nobody(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.osei, cast.alice)
        with pytest.raises(NotYoursError):
            said(seat, cast.carol)
        with pytest.raises(PermissionDenied):
            said(seat, cast.mei)
        seat.refresh_from_db()
        assert seat.state == "invited"

    def test_a_contact_from_the_line_fills_the_seat(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.osei, cast.alice)
        done = log_contact(
            by=scope(cast.alice), customer_id=cast.osei.pk, day=today(), closes=[seat.reminder_id],
            contact=contact(replies=((seat.reminder_id, "accepted:1"),)),
        )  # fmt: skip
        seat.refresh_from_db()
        assert (seat.state, seat.companions) == ("accepted", 1)
        assert seat.told_in_id == seat.answered_in_id == done.interaction_id
        assert Reminder.objects.get(pk=seat.reminder_id).state == "done"

    def test_a_contact_without_an_answer_says_that_they_were_told(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.osei, cast.alice)
        done = log_contact(by=scope(cast.alice), customer_id=cast.osei.pk, day=today(), contact=contact())
        seat.refresh_from_db()
        assert (seat.state, seat.told_in_id) == ("invited", done.interaction_id)

    def test_nobody_answers_who_was_not_reached(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.osei, cast.alice)
        for wrong in ({"outcome": "no_answer"}, {"named": ()}):
            with pytest.raises(RefusedError):
                log_contact(
                    by=scope(cast.alice), customer_id=cast.osei.pk, day=today(),
                    contact=contact(replies=((seat.reminder_id, "accepted"),), **wrong),
                )  # fmt: skip
        seat.refresh_from_db()
        assert (seat.state, Interaction.objects.count()) == ("invited", 0)

    def test_an_answer_to_somebody_elses_invitation_is_refused(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.zhang, cast.alice)
        with pytest.raises(RefusedError, match="no answer any more"):
            log_contact(
                by=scope(cast.alice), customer_id=cast.osei.pk, day=today(),
                contact=contact(replies=((seat.reminder_id, "accepted"),)),
            )  # fmt: skip
        seat.refresh_from_db()
        assert seat.state == "invited"

    def test_the_invitation_stands_with_the_contact_as_it_was_corrected(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.osei, cast.alice)
        done = log_contact(by=scope(cast.alice), customer_id=cast.osei.pk, day=today(), contact=contact())
        right = correct_contact(
            by=scope(cast.alice), interaction_id=done.interaction_id, contact=contact(), day=today()
        )
        seat.refresh_from_db()
        assert seat.told_in_id == right.interaction_id

    def test_a_withdrawn_invitation_leaves_the_list(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.osei, cast.alice)
        commands.withdraw(by=scope(cast.dora), seat_id=seat.pk, day=today())
        assert not Line.objects.filter(customer=cast.osei).exists()
        assert invited(event, cast.osei, cast.alice).state == "invited"  # and can be invited anew


class TestTheDay:
    """Who came is written down from the day on."""

    def test_who_came_is_marked_on_the_day_and_not_before(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.osei, cast.alice)
        said(seat, cast.alice)
        with pytest.raises(RefusedError, match="from the day"):
            commands.mark(by=scope(cast.alice), seat_id=seat.pk, state="came", day=today())
        Bank.objects.update(business_date=FRIDAY)
        assert commands.mark(by=scope(cast.alice), seat_id=seat.pk, state="absent", day=today()).state == "absent"
        assert commands.mark(by=scope(cast.alice), seat_id=seat.pk, state="came", day=today()).state == "came"

    def test_nobody_is_marked_as_anything_else(self, cast: Cast, event: Event) -> None:
        seat = invited(event, cast.osei, cast.alice)
        with pytest.raises(RefusedError, match="whether they came"):
            commands.mark(by=scope(cast.alice), seat_id=seat.pk, state="accepted", day=today())


class TestChanging:
    """What changes is told to who knows of it."""

    def test_a_cancelled_event_frees_everybody_and_puts_a_line_where_somebody_knows(
        self, cast: Cast, event: Event
    ) -> None:
        told, untold = invited(event, cast.osei, cast.alice), invited(event, cast.zhang, cast.alice)
        said(told, cast.alice)
        made = commands.cancel_event(by=scope(cast.dora), event_id=event.pk, reason="The speaker is ill", day=today())
        assert "1 guest" in made.sentence
        assert set(Seat.objects.values_list("state", flat=True)) == {"cancelled"}
        assert Reminder.objects.get(customer=cast.osei, state="open").facts["reason"] == "The speaker is ill"
        assert not Reminder.objects.filter(customer=untold.customer, state="open").exists()

    def test_without_a_reason_it_is_neither_cancelled_nor_moved(self, cast: Cast, event: Event) -> None:
        with pytest.raises(RefusedError, match="Say why"):
            commands.cancel_event(by=scope(cast.dora), event_id=event.pk, reason=" ", day=today())
        with pytest.raises(RefusedError, match="Say why"):
            commands.change_event(by=scope(cast.dora), event_id=event.pk, draft=draft(cast, place="Hotel"), day=today())
        event.refresh_from_db()
        assert (event.state, event.place) == ("open", "North, second floor")

    def test_a_moved_event_is_told_and_its_tasks_move_along(self, cast: Cast, event: Event) -> None:
        told, untold = invited(event, cast.osei, cast.alice), invited(event, cast.zhang, cast.alice)
        said(told, cast.alice)
        later = FRIDAY + dt.timedelta(days=3)
        commands.change_event(
            by=scope(cast.dora), event_id=event.pk, draft=draft(cast, on=later, reason="The hall is taken"), day=today()
        )
        assert Reminder.objects.get(customer=cast.osei, state="open").facts["news"] == "moved"
        task = Reminder.objects.get(pk=untold.reminder_id)
        assert (task.state, task.due_on, task.facts["on"]) == ("open", FRIDAY, later.isoformat())

    def test_a_larger_room_lets_the_waiting_in_and_a_smaller_one_takes_nobodys_seat(
        self, cast: Cast, event: Event
    ) -> None:
        first, second = invited(event, cast.osei, cast.alice), invited(event, cast.zhang, cast.alice)
        said(first, cast.alice, companions=1)
        said(second, cast.alice)
        commands.change_event(by=scope(cast.dora), event_id=event.pk, draft=draft(cast, seats=3), day=today())
        second.refresh_from_db()
        assert second.state == "accepted"
        with pytest.raises(RefusedError, match="3 seats are taken"):
            commands.change_event(by=scope(cast.dora), event_id=event.pk, draft=draft(cast, seats=2), day=today())

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"on": TODAY - dt.timedelta(days=1)}, "on"), ({"on": TODAY + dt.timedelta(days=800)}, "on"),
            ({"until_time": dt.time(15)}, "until_time"), ({"seats": 0}, "seats"), ({"campaign_id": 9}, "campaign"),
        ],
    )  # fmt: skip
    def test_an_event_that_cannot_be_is_refused_beside_its_field(self, cast: Cast, wrong: dict, field: str) -> None:
        with pytest.raises(RefusedError) as refusal:
            commands.make_event(by=scope(cast.dora), draft=draft(cast, **wrong), day=today())
        assert (refusal.value.field, Event.objects.count()) == (field, 0)

    def test_a_banker_makes_no_event_and_a_head_none_elsewhere(self, cast: Cast) -> None:
        for by in (cast.alice, cast.mei):
            with pytest.raises(PermissionDenied):
                commands.make_event(by=scope(by), draft=draft(cast), day=today())
        with pytest.raises(PermissionDenied):
            commands.make_event(by=scope(cast.dora), draft=draft(cast, branch_id=cast.south.pk), day=today())
        with pytest.raises(RefusedError, match="who receives"):
            commands.make_event(by=scope(cast.dora), draft=draft(cast, host_id=cast.carol.pk), day=today())
        assert not Event.objects.exists()

    def test_sent_twice_it_is_made_once(self, cast: Cast) -> None:
        twice = draft(cast)
        ids = {commands.make_event(by=scope(cast.dora), draft=twice, day=today()).id for _time in range(2)}
        assert len(ids) == Event.objects.count() == 1


def salon_of_all(cast: Cast) -> Event:
    """One of the head office: bankers of both branches invite."""
    made = commands.make_event(
        by=scope(cast.hugo), draft=draft(cast, branch_id=cast.head_office.pk, host_id=cast.hugo.pk), day=today()
    )
    commands.open_event(by=scope(cast.hugo), event_id=made.id, day=today())
    assert guest
    return Event.objects.get(pk=made.id)
