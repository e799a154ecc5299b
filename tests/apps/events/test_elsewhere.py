"""What an event does elsewhere: hours of a plan, a handover, a joined prospect, the night; and who sees it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from keybook.apps.customers.models import Customer
from keybook.apps.events import commands
from keybook.apps.events.commands.following import follow_join, follow_parting, settle_night
from keybook.apps.events.models import Event, Seat
from keybook.apps.events.queries import shown
from keybook.apps.handover.commands import hand_back, leave
from keybook.apps.handover.models import Handover
from keybook.apps.handover.queries import Asked, preview
from keybook.apps.people.models import Bank
from keybook.apps.plans.queries.time import times
from keybook.apps.reminders.commands import RefusedError, moment
from keybook.apps.reminders.models import Reminder
from tests.apps.events.stage import FRIDAY, draft, guest, invited, said, salon, today
from tests.apps.handover.stage import hand
from tests.cast import Cast, make_customer, make_staff, scope

DAY = dt.timedelta(days=1)


def taken(staff, on: dt.date = FRIDAY) -> list[tuple[dt.date, tuple[int, int], str]]:
    found = times(staff_ids=[staff.pk], from_on=on, until_on=on + DAY, day=today())[staff.pk]
    return [(each.on, each.span, each.title) for each in found.meetings]


class TestThePlan:
    """An open event takes hours."""

    def test_its_hours_are_the_hosts_and_those_of_who_has_a_guest(self, cast: Cast) -> None:
        event = salon(cast)
        seat = invited(event, cast.osei, cast.alice)
        hours = [(FRIDAY, (900, 1020), "Tea and markets")]
        assert (taken(cast.bob), taken(cast.alice), taken(cast.carol)) == (hours, [], [])
        said(seat, cast.alice)
        time = times(staff_ids=[cast.alice.pk], from_on=FRIDAY, until_on=FRIDAY + DAY, day=today())[cast.alice.pk]
        free = times(staff_ids=[cast.carol.pk], from_on=FRIDAY, until_on=FRIDAY + DAY, day=today())[cast.carol.pk]
        assert taken(cast.alice) == hours
        assert time.rooms[FRIDAY, "pm"] < free.rooms[FRIDAY, "pm"]

    def test_one_that_is_not_open_was_moved_or_does_not_take_place_takes_none(self, cast: Cast) -> None:
        made = commands.make_event(by=scope(cast.dora), draft=draft(cast), day=today())
        assert taken(cast.bob) == []
        commands.open_event(by=scope(cast.dora), event_id=made.id, day=today())
        moved = draft(cast, on=FRIDAY + 3 * DAY, reason="x")
        commands.change_event(by=scope(cast.dora), event_id=made.id, draft=moved, day=today())
        assert (taken(cast.bob), len(taken(cast.bob, FRIDAY + 3 * DAY))) == ([], 1)
        commands.cancel_event(by=scope(cast.dora), event_id=made.id, reason="x", day=today())
        assert taken(cast.bob, FRIDAY + 3 * DAY) == []


class TestAHandover:
    """Seats go with their customers; the guests of an event are received by somebody."""

    def test_seats_move_with_the_book_are_counted_and_come_back(self, cast: Cast) -> None:
        event = salon(cast)
        first, second = invited(event, cast.osei, cast.alice), invited(event, cast.zhang, cast.alice)
        said(first, cast.alice, companions=1)
        said(second, cast.alice)
        states = list(Seat.objects.order_by("id").values_list("id", "state", "companions", "waits_since"))
        before = preview(by=scope(cast.dora), asked=Asked(from_id=cast.alice.pk, to=(cast.bob.pk,)), day=today())
        assert before.counts["seats"] == 2
        act = hand(cast, today())
        assert Handover.objects.get(pk=act).counts["seats"] == 2
        assert set(Seat.objects.values_list("staff", flat=True)) == {cast.bob.pk}
        assert list(Seat.objects.order_by("id").values_list("id", "state", "companions", "waits_since")) == states
        hand_back(by=scope(cast.dora), handover_id=act, day=today())
        assert set(Seat.objects.values_list("staff", flat=True)) == {cast.alice.pk}
        assert Handover.objects.get(pk=act).back_counts["seats"] == 2

    def test_what_is_over_stays_with_who_looked_after_them(self, cast: Cast) -> None:
        seat = invited(salon(cast), cast.osei, cast.alice)
        Event.objects.update(state="held")
        hand(cast, today())
        seat.refresh_from_db()
        assert seat.staff_id == cast.alice.pk

    def test_the_first_who_takes_a_whole_book_receives_the_guests_until_it_goes_back(self, cast: Cast) -> None:
        event = salon(cast, host_id=cast.alice.pk)
        found = preview(by=scope(cast.dora), asked=Asked(from_id=cast.alice.pk, to=(cast.bob.pk,)), day=today())
        assert any("Bob Chen receives the guests of 1 event" in each for each in found.warnings)
        act = hand(cast, today(), leaves=True)
        event.refresh_from_db()
        assert event.host_id == cast.bob.pk
        hand_back(by=scope(cast.dora), handover_id=act, day=today())
        event.refresh_from_db()
        assert event.host_id == cast.alice.pk

    def test_who_hands_over_a_part_still_receives_and_the_head_is_told(self, cast: Cast) -> None:
        event = salon(cast, host_id=cast.alice.pk)
        asked = {"what": "chosen", "chosen": (cast.osei.pk,)}
        found = preview(
            by=scope(cast.dora), asked=Asked(from_id=cast.alice.pk, to=(cast.bob.pk,), **asked), day=today()
        )
        assert any("still receives the guests" in each for each in found.warnings)
        hand(cast, today(), **asked)
        event.refresh_from_db()
        assert event.host_id == cast.alice.pk

    def test_nobody_leaves_who_is_to_receive_guests(self, cast: Cast) -> None:
        empty = make_staff(code="nina", branch=cast.north)
        salon(cast, host_id=empty.pk)
        with pytest.raises(RefusedError, match="name another host"):
            leave(by=scope(cast.dora), staff_id=empty.pk, day=today())
        empty.refresh_from_db()
        assert empty.is_active


class TestTheNight:
    """What is over is held, who is closed gives the seat back, who has another banker is looked after by them."""

    def test_an_event_is_held_once_it_is_over(self, cast: Cast) -> None:
        event = salon(cast)
        settle_night(day=today())
        event.refresh_from_db()
        assert event.state == "open"
        Bank.objects.update(business_date=FRIDAY + DAY)
        settle_night(day=today())
        event.refresh_from_db()
        assert event.state == "held"

    def test_who_is_closed_gives_the_seat_back_and_a_new_banker_looks_after(self, cast: Cast) -> None:
        event = salon(cast, seats=1)
        gone, waits = invited(event, cast.osei, cast.alice), invited(event, cast.zhang, cast.alice)
        said(gone, cast.alice)
        said(waits, cast.alice)
        Customer.objects.filter(pk=cast.osei.pk).update(stage="closed")
        Customer.objects.filter(pk=cast.zhang.pk).update(rm=cast.bob)
        for _twice in range(2):
            settle_night(day=today())
        assert list(Seat.objects.order_by("id").values_list("state", "staff")) == [
            ("cancelled", cast.alice.pk), ("accepted", cast.bob.pk),
        ]  # fmt: skip
        assert Reminder.objects.filter(customer=cast.zhang, facts__news="up").count() == 1


class TestAJoin:
    """A prospect's seat is the customer's, and goes back with the join."""

    def test_a_seat_follows_and_comes_back(self, cast: Cast) -> None:
        seat = invited(salon(cast), make_customer(rm=cast.bob, stage="prospect", number=None), cast.bob)
        kept = follow_join(prospect_id=seat.customer_id, customer_id=cast.osei.pk)
        moved = Seat.objects.get()
        assert (moved.customer_id, moved.staff_id) == (cast.osei.pk, cast.alice.pk)
        follow_parting(prospect_id=seat.customer_id, customer_id=cast.osei.pk, said=kept)
        assert Seat.objects.get().customer_id == seat.customer_id

    def test_of_two_invitations_to_one_event_the_customers_counts(self, cast: Cast) -> None:
        event = salon(cast)
        own, double = (
            invited(event, cast.osei, cast.alice),
            invited(event, guest(cast, stage="prospect", number=None), cast.alice),
        )
        said(own, cast.alice)
        said(double, cast.alice)
        kept = follow_join(prospect_id=double.customer_id, customer_id=cast.osei.pk)
        assert list(Seat.objects.order_by("id").values_list("state", flat=True)) == ["accepted", "cancelled"]
        follow_parting(prospect_id=double.customer_id, customer_id=cast.osei.pk, said=kept)
        assert list(Seat.objects.order_by("id").values_list("state", flat=True)) == ["accepted", "invited"]


class TestWhoSees:
    """One's own guests by name, the others as numbers; elsewhere there is no such event."""

    def test_a_banker_sees_own_guests_by_name_and_all_as_numbers(self, cast: Cast) -> None:
        event = salon(cast)
        nina = make_staff(code="nina", branch=cast.north)
        hers = guest(cast, nina, name="Not Alices")
        for customer, by in ((cast.osei, cast.alice), (hers, nina)):
            said(invited(event, customer, by), by)
        found = shown.event(scope=scope(cast.alice), event_id=event.pk)
        assert found is not None
        assert (found.numbers.taken, found.numbers.free) == (2, 0)
        assert [each.customer_id for each in shown.guests(scope=scope(cast.alice), event_id=event.pk)] == [cast.osei.pk]
        assert len(shown.guests(scope=scope(cast.dora), event_id=event.pk)) == 2

    def test_another_branch_sees_no_such_event(self, cast: Cast) -> None:
        event = salon(cast)
        assert shown.event(scope=scope(cast.carol), event_id=event.pk) is None
        assert shown.events(scope=scope(cast.carol), past=False, now=moment(day=today())) == []
        assert shown.event(scope=scope(cast.mei), event_id=event.pk) is not None

    def test_an_event_above_is_for_all_branches_below(self, cast: Cast) -> None:
        made = commands.make_event(
            by=scope(cast.hugo),
            draft=draft(cast, branch_id=cast.head_office.pk, host_id=cast.hugo.pk, client_key=uuid.uuid4()),
            day=today(),
        )
        assert shown.event(scope=scope(cast.carol), event_id=made.id) is not None

    def test_the_list_asks_two_statements_however_many(self, cast: Cast, django_assert_num_queries) -> None:
        for number in range(3):
            invited(salon(cast, name=str(number), theme=str(number), seats=9), guest(cast), cast.alice)
        asking, now = scope(cast.alice), moment(day=today())
        with django_assert_num_queries(2):
            assert len(shown.events(scope=asking, past=False, now=now)) == 3
