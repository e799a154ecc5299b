"""Neglected customers: found each night, offered to the branch, answered by their banker, decided by the head."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.queries import visible_to
from keybook.apps.handover.commands.moving import hand_over_one
from keybook.apps.handover.models import Offer
from keybook.apps.handover.queries.offers import neglect_rule
from keybook.apps.people.models import Role
from keybook.apps.people.scope import Scope
from keybook.apps.people.spoken import spoken
from keybook.apps.people.telling import notify
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError
from keybook.apps.standards.queries import EXCEPTED, IN_FORCE
from keybook.core.neglect import Rule, Standing, answer_by, neglect, rests_after

FURTHEST = dt.timedelta(days=60)
LONGEST = 300
# Whom a pause or an absence excuses has no day to be late from: `late_from` knows every exception.
LATE = f"""
    SELECT c.id, c.rm_id, c.late_from, c.last_contact_on, COALESCE(exc.every_days, std.every_days),
        (SELECT max(o.rests_until) FROM handover_offer o WHERE o.customer_id = c.id)
    FROM customers_customer c JOIN people_staff s ON s.id = c.rm_id AND s.is_active
    {IN_FORCE} {EXCEPTED}
    WHERE c.stage = 'customer' AND c.late_from <= %(today)s AND COALESCE(exc.every_days, std.every_days) IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM handover_offer o WHERE o.customer_id = c.id AND (
          o.state IN ('raised', 'answered') OR o.raised_on >= %(today)s))
    ORDER BY c.id"""
# Spoken to since, moved, closed, or late no more: nothing is left to decide.
OVER = """
    UPDATE handover_offer o SET state = 'lapsed' FROM customers_customer c
    WHERE c.id = o.customer_id AND o.state IN ('raised', 'answered') AND (
        c.rm_id IS DISTINCT FROM o.rm_id OR c.stage <> 'customer' OR c.late_from IS NULL OR c.late_from > %(today)s)"""


@transaction.atomic
def raise_offers(*, day: Day) -> dict[str, int]:
    """Offer back who counts as neglected by the rule of the day, and let lapse what is no longer so.

    Idempotent by the business date: a repeat of the night finds every one of them offered. One notice tells each banker
    how many; nobody is moved.
    """
    rule = neglect_rule(day.today)
    with connection.cursor() as cursor:
        cursor.execute(OVER, {"today": day.today})
        lapsed = cursor.rowcount
        cursor.execute(LATE, {"today": day.today})
        made = [offer for row in cursor.fetchall() if (offer := _offer(row, rule, day)) is not None]
    Offer.objects.bulk_create(made)
    for rm_id, count in Counter(offer.rm_id for offer in made).items():
        notify(staff_ids=[rm_id], kind="neglect", key=f"neglect|{day.today}|{count}", on=day.today)
    return {"offered": len(made), "lapsed offers": lapsed}


def _offer(row: tuple[Any, ...], rule: Rule, day: Day) -> Offer | None:
    customer_id, rm_id, late_from, last_on, every, rests = row
    found = neglect(standing=Standing(late_from, last_on, every, rests), rule=rule, today=day.today)
    if found is None:
        return None
    facts = {
        "late_from": late_from.isoformat(), "last_contact_on": last_on.isoformat() if last_on else "",
        "every_days": every, "days": found.days, "missed": found.missed,
    }  # fmt: skip
    return Offer(
        customer_id=customer_id, rm_id=rm_id, raised_on=day.today, code=found.code, facts=facts,
        answer_by=answer_by(today=day.today, rule=rule, calendar=day.calendar), rule_version=found.rule_version,
        data_date=day.data_date,
    )  # fmt: skip


@transaction.atomic
def answer(*, by: Scope, offer_id: int, reason: str, promised_on: dt.date | None, day: Day) -> str:
    """The banker (or their deputy) says why, and by which day they will have spoken."""
    by.require_log()
    offer = _open(by, offer_id)
    if offer.rm_id not in by.books:
        raise NotYoursError
    if offer.state != Offer.State.RAISED:
        raise RefusedError("", _("This was answered already: the head of the branch decides."))
    reason = _tidy(reason)
    if promised_on is None or promised_on <= day.today:
        raise RefusedError("promised_on", _("Choose a day after today."))
    if promised_on - day.today > FURTHEST:
        raise RefusedError("promised_on", _("Within 60 days at the latest: that is what the customer is offered for."))
    Offer.objects.filter(pk=offer_id).update(
        state=Offer.State.ANSWERED,
        reason=reason,
        promised_on=promised_on,
        answered_by=by.staff_id,
        answered_on=day.today,
    )
    return _("Answered. The head of the branch decides.")


@transaction.atomic
def let_stay(*, by: Scope, offer_id: int, reason: str, day: Day) -> str:
    """The head lets the customer stay; until the promised day, or the rule's days of rest, they are not offered again."""
    offer = _to_decide(by, offer_id, day)
    rests = offer.promised_on or rests_after(today=day.today, rule=neglect_rule(day.today))
    _decide(offer, by, day, state=Offer.State.KEPT, decision=_tidy(reason), rests_until=rests)
    return _("%(name)s stays; not offered again before %(day)s.") % {
        "name": spoken(offer.customer), "day": day.say(rests)
    }  # fmt: skip


@transaction.atomic
def reassign(*, by: Scope, offer_id: int, to_id: int, reason: str, day: Day) -> str:
    """The head gives the customer to somebody with room, by the same act as every other handover."""
    offer = _to_decide(by, offer_id, day)
    done = hand_over_one(by=by, customer_id=offer.customer_id, to_id=to_id, day=day)
    _decide(offer, by, day, state=Offer.State.MOVED, decision=_tidy(reason), rests_until=None)
    return done.sentence


def _open(by: Scope, offer_id: int) -> Offer:
    """The offer, held until the transaction ends, of a customer inside the scope."""
    offer = (
        Offer.objects.select_for_update(of=("self",)).select_related("customer")
        .filter(pk=offer_id, customer__in=visible_to(by)).first()
    )  # fmt: skip
    if offer is None:
        raise NotYoursError
    if offer.state not in {Offer.State.RAISED, Offer.State.ANSWERED}:
        raise RefusedError("", _("It is no longer so: “%(state)s”.") % {"state": Offer.State(offer.state).label})
    return offer


def _to_decide(by: Scope, offer_id: int, day: Day) -> Offer:
    by.require_log()
    offer = _open(by, offer_id)
    if by.role != Role.HEAD:
        raise PermissionDenied(_("The head of the branch decides on this."))
    if offer.customer.branch_id not in by.branches:
        raise NotYoursError
    if offer.rm_id == by.staff_id:
        raise RefusedError("", _("Decided by another: the customer is in your own book."))
    if offer.state == Offer.State.RAISED and day.today <= offer.answer_by:
        raise RefusedError("", _("The banker may answer until %(day)s.") % {"day": day.say(offer.answer_by)})
    return offer


def _decide(
    offer: Offer, by: Scope, day: Day, *, state: str, decision: str, rests_until: dt.date | None
) -> None:  # fmt: skip
    Offer.objects.filter(pk=offer.pk).update(
        state=state, decision=decision, decided_by=by.staff_id, decided_on=day.today, rests_until=rests_until
    )


def _tidy(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise RefusedError("reason", _("Say why in a few words: it stays with the customer."))
    if len(reason) > LONGEST:
        raise RefusedError("reason", _("At most 300 characters: say it shorter."))
    return reason
