"""The verbs of the register of gifts: ask, change, decide, give, decline; one transaction each."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Customer
from keybook.apps.customers.queries import visible_to
from keybook.apps.gifts.models import Gift, LimitSet, Official, State
from keybook.apps.gifts.queries import Weighing, earlier, weigh
from keybook.apps.interactions.commands import AlreadyUsedError, used_once
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Contact, Day, NotYoursError, RefusedError, log_contact
from keybook.core.gifts import Verdict, is_cash, may_decide, repeated

FURTHEST = dt.timedelta(days=400)
OPEN = (State.IDEA, State.TO_APPROVE, State.PLANNED, State.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A gift as somebody asks for it; `again` says that a repetition is meant."""

    text: str
    category: str
    value: Decimal
    on: dt.date
    occasion: str = ""
    why: str = ""
    state: str = State.PLANNED.value
    again: bool = False
    client_key: uuid.UUID


@dataclass(frozen=True, slots=True)
class Kept:
    """What asking did: the gift, where it stands now, what the limits say, and the sentence for the toast."""

    id: int
    state: str
    verdict: Verdict | None
    sentence: str


@transaction.atomic
def ask(*, by: Scope, customer_id: int, wish: Wish, day: Day) -> Kept:
    """Put a gift into the register: an idea, one to be given, or one that was received, once per `client_key`.

    Above a limit it waits for a second person. Money is refused; a repetition is, unless it is meant.
    """
    customer = _customer(by, customer_id)
    known = Gift.objects.filter(client_key=wish.client_key, customer_id=customer_id, asked_by_id=by.staff_id).first()
    if known is not None:
        return Kept(known.pk, known.state, None, _("Already saved."))
    if Gift.objects.filter(client_key=wish.client_key).exists():
        raise AlreadyUsedError
    _checked(wish, day)
    _hold(customer, by.staff_id)
    state, found = _weighed(customer, by.staff_id, wish, without=0)
    with used_once():
        gift = Gift.objects.create(
            customer_id=customer_id, asked_by_id=by.staff_id, edited_by_id=by.staff_id, state=state,
            client_key=wish.client_key, currency=day.currency, **_columns(wish, found),
        )  # fmt: skip
    return Kept(gift.pk, state, found, _said(state, wish))


@transaction.atomic
def change(*, by: Scope, gift_id: int, wish: Wish, day: Day) -> Kept:
    """Change a gift that has not been given yet; a decision made on what it was before no longer holds."""
    gift, customer = _gift(by, gift_id)
    _still(gift, OPEN)
    _checked(wish, day)
    _hold(customer, gift.asked_by_id)
    state, found = _weighed(customer, gift.asked_by_id, wish, without=gift_id)
    Gift.objects.filter(pk=gift_id).update(
        edited_by_id=by.staff_id, state=state, decided_by=None, decided_at=None, decision="", **_columns(wish, found)
    )
    return Kept(gift_id, state, found, _said(state, wish))


@transaction.atomic
def decide(*, by: Scope, gift_id: int, approve: bool, reason: str) -> Kept:
    """Approve or refuse a gift above a limit: the branch head, who neither asked for it nor changed it last."""
    gift, _customer_row = _gift(by, gift_id)
    if by.role != "head":
        raise PermissionDenied(_("A branch head decides on gifts above a limit."))
    if not may_decide(staff_id=by.staff_id, asked_by=gift.asked_by_id, edited_by=gift.edited_by_id):
        raise RefusedError("", _("Decided by another: you asked for it or changed it last."))
    _still(gift, (State.TO_APPROVE,))
    reason = " ".join(reason.split())
    if not reason:
        raise RefusedError("reason", _("Say why in a few words: it stays with the gift."))
    state = State.PLANNED if approve else State.REFUSED
    Gift.objects.filter(pk=gift_id).update(
        state=state, decided_by_id=by.staff_id, decided_at=timezone.now(), decision=reason[:300]
    )
    said = _("Approved: %(gift)s.") if approve else _("Refused: %(gift)s.")
    return Kept(gift_id, state, None, said % {"gift": gift.text})


@transaction.atomic
def give(*, by: Scope, gift_id: int, contact: Contact, day: Day) -> Kept:
    """Hand a planned gift over: the contact in which it was given is logged, and the limits are asked once more."""
    gift, customer = _gift(by, gift_id)
    if gift.state == State.GIVEN:
        return Kept(gift_id, gift.state, None, _("Already saved."))
    _still(gift, (State.PLANNED,))
    _hold(customer, gift.asked_by_id)
    on = day.at(contact.at)
    found = weigh(asked=Weighing(gift.customer_id, gift.asked_by_id, gift.value, on, gift_id))
    if found.needs_second and gift.decided_by_id is None:
        raise RefusedError(
            "", _("Since it was planned, others have used up the limit: change the gift to ask for approval.")
        )
    logged = log_contact(by=by, customer_id=gift.customer_id, contact=contact, closes=(), day=day)
    Gift.objects.filter(pk=gift_id).update(state=State.GIVEN, on=on, given_in_id=logged.interaction_id)
    return Kept(gift_id, State.GIVEN, found, _("Given: %(gift)s. The contact is logged.") % {"gift": gift.text})


@transaction.atomic
def decline(*, by: Scope, gift_id: int, reason: str) -> Kept:
    """Write down that the customer declined a gift, or gave it back."""
    gift, _customer_row = _gift(by, gift_id)
    if gift.state == State.DECLINED:
        return Kept(gift_id, gift.state, None, _("Already saved."))
    _still(gift, (State.PLANNED, State.GIVEN))
    Gift.objects.filter(pk=gift_id).update(
        state=State.DECLINED, edited_by_id=by.staff_id, decided_by=None, decided_at=None,
        why=(" ".join(reason.split()) or gift.why)[:300],
    )  # fmt: skip
    return Kept(gift_id, State.DECLINED, None, _("Declined: %(gift)s.") % {"gift": gift.text})


@transaction.atomic
def set_office(*, by: Scope, customer_id: int, office: str, day: Day) -> str:
    """Write down that the customer holds a public office from today, or (empty) that they no longer do."""
    _customer(by, customer_id)
    office = " ".join(office.split())[:120]
    Official.objects.filter(customer_id=customer_id, until_on=None, from_on=day.today).delete()
    Official.objects.filter(customer_id=customer_id, until_on=None).update(until_on=day.today)
    if not office:
        return _("No public office: the usual limits hold.")
    Official.objects.create(customer_id=customer_id, office=office, from_on=day.today)
    return _("Kept: %(office)s. Every gift needs a second person.") % {"office": office}


@transaction.atomic
def set_limits(*, by: Scope, limits: dict[str, Decimal], from_on: dt.date, today: dt.date) -> str:
    """Set the bank's limits from a day on, today or later; gifts already given keep the limits of their day."""
    if by.role != "admin":
        raise PermissionDenied(_("Administrators set the limits."))
    if from_on < today:
        raise RefusedError("from_on", _("That day has passed. Choose today or later."))
    wrong = next((name for name, amount in limits.items() if amount < 0), None)
    if wrong:
        raise RefusedError(wrong, _("A limit is zero or more."))
    if not limits["per_gift"] <= limits["per_customer"] <= limits["per_household"]:
        raise RefusedError(
            "per_household", _("One gift, then the customer, then the household: each at least the one before.")
        )
    LimitSet.objects.update_or_create(from_on=from_on, defaults=limits)
    return _("The limits hold from that day.")


def _customer(by: Scope, customer_id: int) -> Customer:
    by.require_log()
    found = visible_to(by).filter(pk=customer_id).first()
    if found is None:
        raise NotYoursError
    return found


def _gift(by: Scope, gift_id: int) -> tuple[Gift, Customer]:
    """The gift, held until the transaction ends, and its customer; both inside the scope."""
    by.require_log()
    gift = Gift.objects.select_for_update().filter(pk=gift_id, customer__in=visible_to(by)).first()
    if gift is None:
        raise NotYoursError
    return gift, Customer.objects.get(pk=gift.customer_id)


def _still(gift: Gift, states: tuple[State, ...]) -> None:
    """Refuse a verb that comes too late: somebody has decided, given or changed it in the meantime."""
    if gift.state not in states:
        raise RefusedError(
            "", _("It is no longer so: the gift is now “%(state)s”.") % {"state": State(gift.state).label}
        )


def _checked(wish: Wish, day: Day) -> None:
    """Refuse what cannot be a gift, with the field that has to change."""
    if is_cash(text=f"{wish.text} {wish.occasion}", category=wish.category):
        raise RefusedError("text", _("Money, cards and vouchers are no gift. Choose something else."))
    if wish.value <= 0:
        raise RefusedError("value", _("Write what it costs."))
    if wish.on < day.today and wish.state != State.RECEIVED:
        raise RefusedError("on", _("That day has passed. Choose today or later."))
    if wish.on > day.today and wish.state == State.RECEIVED:
        raise RefusedError("on", _("It is written down once it has been received."))
    if wish.on - day.today > FURTHEST:
        raise RefusedError("on", _("That is more than a year away. Keep it as an idea nearer the day."))


def _weighed(customer: Customer, banker_id: int, wish: Wish, *, without: int) -> tuple[str, Verdict]:
    """The state it takes and what the limits say; refused for a repetition nobody meant, or an excess without a reason."""
    found = weigh(asked=Weighing(customer.pk, banker_id, wish.value, wish.on, without))
    if wish.state in {State.IDEA, State.RECEIVED}:
        return wish.state, found
    past = earlier(customer_id=customer.pk, on=wish.on, without=without)
    same = repeated(text=wish.text, category=wish.category, occasion=wish.occasion, on=wish.on, earlier=past)
    if same is not None and not wish.again:
        raise RefusedError(
            "again",
            _("They had “%(gift)s” on %(date)s. Choose another, or say that it is meant.")
            % {"gift": same.text, "date": same.on.isoformat()},
        )
    if found.needs_second and not wish.why:
        raise RefusedError("why", _("Above a limit: say why, a second person decides."))
    return (State.TO_APPROVE if found.needs_second else State.PLANNED), found


def _columns(wish: Wish, found: Verdict) -> dict[str, Any]:
    return {
        "text": wish.text, "category": wish.category, "value": wish.value, "on": wish.on, "occasion": wish.occasion,
        "why": wish.why, "over": found.over[0].over if found.over else 0, "rule_version": found.rule_version,
    }  # fmt: skip


def _hold(customer: Customer, banker_id: int) -> None:
    """Let gifts that share a limit follow one another, so that two below it do not pass it together."""
    home = customer.household_id or -customer.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('gifts of home', %s))", [home])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('gifts by banker', %s))", [banker_id])


def _said(state: str, wish: Wish) -> str:
    """The toast: where the gift stands now."""
    sentences = {
        State.IDEA: _("Kept as an idea: %(gift)s."), State.RECEIVED: _("Kept: received %(gift)s."),
        State.TO_APPROVE: _("Waits for a second person: %(gift)s."), State.PLANNED: _("Planned: %(gift)s."),
    }  # fmt: skip
    return sentences[State(state)] % {"gift": wish.text}
