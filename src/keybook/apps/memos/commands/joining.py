"""Joining a prospect to the customer the bank has brought: the history moves, the prospect stays, closed, as a pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from keybook.apps.customers.models import (
    Assignment,
    Complaint,
    Consent,
    Customer,
    Fate,
    HeldAway,
    Match,
    Preference,
    Relation,
    SearchKey,
    Stage,
    Vulnerability,
)
from keybook.apps.gifts.models import Gift, Official
from keybook.apps.memos.commands.moved import before_joining, moved_by_joining
from keybook.apps.people.models import Share
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, restate, settle_days
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.apps.reminders.commands.ranking import drop_line
from keybook.apps.reminders.models import Observance, Occasion, Promise, Reminder

# What becomes of every table that names a customer; tests/apps/memos/test_joining.py fails when one is missing here.
MOVED = {
    "interactions", "memos", "promises", "occasions", "reminders", "held_away", "fates", "preference", "observance",
    "relations_out", "relations_in", "gifts", "offices", "entries", "campaign_targets", "event_seats",
    "complaints", "consents", "vulnerabilities",
}  # fmt: skip
STAYS = {
    "matches", "matches_in", "assignments", "search_keys", "line", "holdings", "months", "joined_from", "referrals",
    "standard_exceptions",  # a prospect has no tier, so no standard to except from
    "handovers", "offers", "proposal", "proposal_answers",  # of the book and the standard a prospect was in
}  # fmt: skip

# Sent with `prospect_id` and `customer_id` in the transaction that joins them, for the apps above to hear; what a hearer
# gives back, a mapping of plain values, is kept with the join and handed to it again when the join is taken back.
joined = Signal()


def refuse(*, by: Scope, match_id: int, day: Day) -> str:
    """Remember that these two are not the same person; they are not offered again."""
    with transaction.atomic():
        match = _offered(by, match_id)
        _settle(match, by, day, Match.State.REFUSED)
    return _("Noted: not the same person. They are not offered again.")


@transaction.atomic
def join(*, by: Scope, match_id: int, day: Day) -> Customer:
    """Move the prospect's history to the bank's customer and close the prospect, in one transaction, recorded."""
    match = _offered(by, match_id)
    prospect_id, customer_id = match.prospect_id, match.customer_id
    for each in sorted((prospect_id, customer_id)):
        lock_customer(by=by, customer_id=each)
    before = before_joining(prospect_id=prospect_id, customer_id=customer_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT keybook_move_history(%s, %s)", [prospect_id, customer_id])
    _move_days(prospect_id, customer_id)
    _move_knowledge(prospect_id, customer_id)
    _move_people(prospect_id, customer_id)
    heard: list[Any] = joined.send(sender=join, prospect_id=prospect_id, customer_id=customer_id)
    _close(prospect_id, customer_id, day)
    match.moved = moved_by_joining(
        before=before, prospect_id=prospect_id, customer_id=customer_id, others=[said for _who, said in heard if said]
    )
    Match.objects.filter(prospect_id=prospect_id, state=Match.State.OFFERED).exclude(pk=match_id).delete()
    _settle(match, by, day, Match.State.JOINED)
    restate(customer_ids=[customer_id], day=day)
    settle_days(customer_id=customer_id, day=day)
    return Customer.objects.get(pk=customer_id)


def _offered(by: Scope, match_id: int) -> Match:
    by.require_log()
    match = Match.objects.select_for_update().filter(pk=match_id).first()
    if match is None:
        raise NotYoursError
    for each in (match.prospect_id, match.customer_id):
        lock_customer(by=by, customer_id=each)
    if match.state != Match.State.OFFERED:
        raise RefusedError("", _("This has been settled already."))
    return match


def _settle(match: Match, by: Scope, day: Day, state: str) -> None:
    match.state, match.settled_by_id, match.settled_on = state, by.staff_id, day.today
    match.save(update_fields=["state", "settled_by", "settled_on", "moved"])


def _move(model: type[Model], prospect_id: int, customer_id: int, same: Callable[[Model], Q] | None = None) -> None:
    """Give the prospect's rows to the customer, but those that say what is known of the customer already."""
    for row in model._default_manager.filter(customer_id=prospect_id):  # noqa: SLF001
        if same is None or not model._default_manager.filter(same(row), customer_id=customer_id).exists():  # noqa: SLF001
            model._default_manager.filter(pk=row.pk).update(customer_id=customer_id)  # noqa: SLF001


def _move_days(prospect_id: int, customer_id: int) -> None:
    _move(Promise, prospect_id, customer_id)
    _move(Occasion, prospect_id, customer_id, lambda row: Q(**{
        name: getattr(row, name) for name in ("kind", "calendar", "month", "day", "leap", "label")
    }))  # fmt: skip
    _move(Reminder, prospect_id, customer_id, lambda row: Q(kind=row.kind, key=row.key))  # type: ignore[attr-defined]
    _move(Observance, prospect_id, customer_id, lambda _row: Q())


def _move_knowledge(prospect_id: int, customer_id: int) -> None:
    _move(HeldAway, prospect_id, customer_id, lambda row: Q(key=row.key))  # type: ignore[attr-defined]
    _move(
        Fate,
        prospect_id,
        customer_id,
        lambda row: Q(**{name: getattr(row, name) for name in ("place", "ref", "matured_on")}),
    )
    _move(Preference, prospect_id, customer_id, lambda _row: Q())
    for model in (
        Complaint,
        Vulnerability,
        Consent,
    ):  # of consents the last word holds, whoever of the two it was said as
        _move(model, prospect_id, customer_id)


def _move_people(prospect_id: int, customer_id: int) -> None:
    """Relations at both ends, gifts with the limits of an office, and who else was shown the prospect."""
    _move(Gift, prospect_id, customer_id)
    _move(Official, prospect_id, customer_id, lambda _row: Q())
    for end, other in (("customer_id", "other_id"), ("other_id", "customer_id")):
        known = Relation.objects.filter(**{end: customer_id}).values(other)
        mine = Relation.objects.filter(**{end: prospect_id}).exclude(**{other: customer_id})
        mine.exclude(**{f"{other}__in": known}).update(**{end: customer_id})
    _move(Share, prospect_id, customer_id, lambda row: Q(staff_id=row.staff_id))  # type: ignore[attr-defined]


def _close(prospect_id: int, customer_id: int, day: Day) -> None:
    """The prospect's row stays, closed, and says where the history went; it leaves the book, the list and the search."""
    home = Customer.objects.filter(pk=prospect_id).values("household_id")[:1]
    Customer.objects.filter(pk=customer_id, household__isnull=True).update(household_id=home)
    lunar = Customer.objects.filter(pk=prospect_id).values("lunar_birthday")[:1]
    Customer.objects.filter(pk=customer_id, lunar_birthday="").update(lunar_birthday=lunar)
    Customer.objects.filter(pk=prospect_id).update(
        stage=Stage.CLOSED,
        joined_to_id=customer_id,
        health=0,
        standing="",
        next_due_on=None,
        late_from=None,
        visit_due_on=None,
    )
    Assignment.objects.filter(customer_id=prospect_id, until_on__isnull=True).update(until_on=day.today)
    SearchKey.objects.filter(customer_id=prospect_id).delete()
    Reminder.objects.filter(customer_id=prospect_id, state="open").update(
        state="dismissed", reason="joined", closed_on=day.today
    )
    drop_line(customer_id=prospect_id)
