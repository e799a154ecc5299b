"""Put the next best contact into the plan: it is accepted and placed in one act, or neither."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from keybook.apps.customers.models import Customer
from keybook.apps.people.scope import Scope
from keybook.apps.plans.commands.entries import Kept, Wish, entry_by_hand, place
from keybook.apps.plans.models import Entry
from keybook.apps.plans.queries.whose import may_see
from keybook.apps.proposals.commands import Said, answer
from keybook.apps.proposals.models import Proposal
from keybook.apps.reminders.commands import Day
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.apps.reminders.models import Reminder


@transaction.atomic
def plan_proposal(*, by: Scope, customer_id: int, said: Said, wish: Wish, day: Day) -> Kept:
    """Accept what is proposed and place it on a half-day of whose customer it is, once per key of the sender.

    Refused as an answer or a placing is; a half-day that asks for a reason keeps the proposal unanswered. The contact is the
    one of the reminder behind it: planning does not place that a second time.
    """
    by.require_log()
    customer = lock_customer(by=by, customer_id=customer_id)
    proposal = Proposal.objects.filter(customer_id=customer_id).select_related("reminder").first()
    kept = answer(
        by=by, customer_id=customer_id, said=replace(said, answer="accepted", until_on=wish.where.on), day=day
    )  # fmt: skip
    if kept.repeated or proposal is None:
        return Kept(0, kept.sentence)
    entry = entry_by_hand(
        by=by, staff_id=whose_plan(by=by, customer=customer), customer_id=customer_id, wish=wish, day=day
    )
    entry.due_on, entry.value = proposal.due_on, proposal.value
    _follow(entry, proposal.reminder)
    return replace(place(by=by, entry=entry, customer=customer, wish=wish, day=day), undo="")


def whose_plan(*, by: Scope, customer: Customer) -> int:
    """On whose plan a contact with this customer goes: their banker's where the scope reaches it, else one's own."""
    theirs = customer.rm_id
    return theirs if theirs and may_see(scope=by, staff_id=theirs) else by.staff_id


def _follow(entry: Entry, reminder: Reminder | None) -> None:
    """Make it the contact of the reminder it comes from, as planning would name it."""
    if reminder is None:
        entry.cause = "signal"
        return
    entry.cause, entry.reminder_id = reminder.cause, reminder.pk
    entry.promise_id, entry.occasion_id = reminder.promise_id, reminder.occasion_id
    is_standard = reminder.cause == "standard"
    entry.task = f"standard:{reminder.customer_id}" if is_standard else f"reminder:{reminder.pk}"
