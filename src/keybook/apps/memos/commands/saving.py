"""A confirmed memo becomes a contact, a promise, evidence and days that matter, in one transaction, once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core import signing
from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.commands import Evidence, NotSavedError, add_held_away, create_prospect
from keybook.apps.customers.models import Customer, HeldAway
from keybook.apps.customers.names import phone_digits
from keybook.apps.interactions.commands import LONGEST, used_once
from keybook.apps.memos.models import Memo
from keybook.apps.people.models import Staff
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import (
    Contact,
    Day,
    Logged,
    Noted,
    RefusedError,
    add_occasion,
    log_contact,
    refresh_lines,
    weigh_promises,
)
from keybook.apps.reminders.models import Promise

SALT = "keybook.memo.undo"
LONGEST_LEAD = 365
NEW, REFER = "new", "refer"
CONTACT_FIELDS = {"content": "text", "next_on": "promise_on", "next_step": "promise_step", "on": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A memo as its writer confirmed it; `customer` is an id, `new`, or `refer` for one of another banker's."""

    client_key: uuid.UUID
    text: str
    at: dt.datetime
    customer: str
    channel: str
    outcome: str
    effect: str = "unchanged"
    topic: str = ""
    name: str = ""
    phone: str = ""
    phone_doubt: bool = False
    language: str = "en"
    promise_step: str = ""
    promise_on: dt.date | None = None
    promise_time: dt.time | None = None
    evidence: tuple[Evidence, ...] = ()
    occasions: tuple[Noted, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    def contact(self) -> Contact:
        """The contact it says took place; the line is its content, word for word."""
        return Contact(
            channel=self.channel, outcome=self.outcome, at=self.at, client_key=self.client_key, topic=self.topic,
            content=self.text, effect=self.effect, next_step=self.promise_step if self.promise_on else "",
            next_on=self.promise_on, next_time=self.promise_time if self.promise_on else None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saved:
    """What was done: the toast's sentence, the memo, the customer, and the token that takes it back for a minute."""

    sentence: str
    memo_id: int
    customer_id: int | None
    undo: str = ""
    repeated: bool = False
    became: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
def save(*, by: Scope, writer: Staff, memo: Confirmed, day: Day) -> Saved:
    """Store the memo and everything it says, once per `client_key`; whatever is refused leaves nothing behind."""
    by.require_log()
    _check_text(memo.text)
    with connection.cursor() as cursor:  # two sendings of one form follow one another
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [str(memo.client_key)])
    known = Memo.objects.filter(client_key=memo.client_key, staff_id=by.staff_id).first()
    if known is not None:
        return Saved(_("Already saved."), known.pk, known.customer_id, repeated=True, became=known.became)
    if memo.customer == REFER:
        return _refer(by, writer, memo, day)
    made = memo.customer == NEW
    customer_id = _prospect(by, writer, memo, day) if made else _number(memo.customer)
    held = _evidence(by, customer_id, memo, day)
    logged = _log(by, customer_id, memo, day)
    promise_id = _hang(logged, memo, held)
    if promise_id and held:
        _weigh(customer_id, memo, day)
    noted = _occasions(by, customer_id, memo, day)
    if made:
        _birthday(customer_id, memo)
    became = {
        "made": made, "interaction": logged.interaction_id, "promise": promise_id, "held_away": [one.pk for one in held],
        "occasions": noted, "closed": list(logged.closed),
    }  # fmt: skip
    stored = _store(by, memo, customer_id, became)
    token = signing.dumps({"memo": stored.pk, "by": by.staff_id}, salt=SALT)
    return Saved(logged.sentence, stored.pk, customer_id, token, became=became)


def _check_text(text: str) -> None:
    if not text.strip():
        raise RefusedError("text", _("Write what was said."))
    if len(text) > LONGEST:
        raise RefusedError("text", _("At most 10,000 characters can be kept."))
    if "\0" in text:
        raise RefusedError("text", _("The text holds characters that cannot be kept."))


def _store(by: Scope, memo: Confirmed, customer_id: int | None, became: Mapping[str, object]) -> Memo:
    with used_once():
        return Memo.objects.create(
            staff_id=by.staff_id, customer_id=customer_id, text=memo.text, language=memo.language, written_at=memo.at,
            confirmed=dict(memo.fields), became=dict(became), client_key=memo.client_key,
        )  # fmt: skip


def _number(customer: str) -> int:
    if not (customer.isascii() and customer.isdecimal() and len(customer) < 19):  # noqa: PLR2004  digits of the largest id
        raise RefusedError("customer", _("Say who it is about."))
    return int(customer)


@contextmanager
def _beside(fields: Mapping[str, str]) -> Iterator[None]:
    """Put a refusal of another command beside the field of this form."""
    try:
        yield
    except NotSavedError as refusal:
        raise RefusedError(fields.get(refusal.field, refusal.field), str(refusal)) from refusal
    except RefusedError as refusal:
        refusal.field = fields.get(refusal.field, refusal.field)
        raise


def _prospect(by: Scope, writer: Staff, memo: Confirmed, day: Day) -> int:
    with _beside({}):
        made = create_prospect(
            scope=by, by=writer, today=day.today, name=memo.name, phone=memo.phone, doubt=memo.phone_doubt
        )
    return made.pk


def _evidence(by: Scope, customer_id: int, memo: Confirmed, day: Day) -> list[HeldAway]:
    held = []
    for place, each in enumerate(memo.evidence):
        names = ("institution", "amount", "confidence", "matures_on", "source", "seen_on")
        with _beside({name: f"away{place}_{name}" for name in names}):
            held.append(add_held_away(scope=by, customer_id=customer_id, today=day.today, evidence=each))
    return held


def _log(by: Scope, customer_id: int, memo: Confirmed, day: Day) -> Logged:
    if memo.promise_step and memo.promise_on is None:
        raise RefusedError("promise_on", _("Write the day by which it is due."))
    with _beside(CONTACT_FIELDS):
        return log_contact(by=by, customer_id=customer_id, contact=memo.contact(), day=day)


def _hang(logged: Logged, memo: Confirmed, held: list[HeldAway]) -> int | None:
    """Let the promise follow the maturity it is about: when that date changes, the call moves."""
    if memo.promise_on is None:
        return None
    made = Promise.objects.filter(made_in_id=logged.interaction_id)
    for each in held:
        lead = (each.matures_on - memo.promise_on).days if each.matures_on else -1
        if 0 <= lead <= LONGEST_LEAD:
            made.update(hangs_on="held_away", hangs_ref=str(each.pk), hung_on=each.matures_on, lead_days=lead)
            break
    return made.values_list("pk", flat=True).first()


def _weigh(customer_id: int, memo: Confirmed, day: Day) -> None:
    """Put the money it is about on the promise; on the list already, its line is ranked anew."""
    weigh_promises(customer_ids=[customer_id])
    if memo.promise_on and memo.promise_on <= day.today:
        refresh_lines(customer_ids=[customer_id], day=day)


def _occasions(by: Scope, customer_id: int, memo: Confirmed, day: Day) -> list[int]:
    noted = []
    for place, each in enumerate(memo.occasions):
        names = ("kind", "month", "day", "year", "calendar", "leap", "label")
        with _beside(dict.fromkeys(names, f"day{place}_on")):
            noted.append(add_occasion(by=by, customer_id=customer_id, noted=each, day=day).occasion_id)
    return noted


def _birthday(customer_id: int, memo: Confirmed) -> None:
    """A prospect's full birthday goes to the register, so that the bank's own customer can be known again by it."""
    for each in memo.occasions:
        if each.kind == "birthday" and each.calendar == "solar" and each.year:
            born_on = dt.date(each.year, each.month, each.day)
            Customer.objects.filter(pk=customer_id).update(born_on=born_on)


def _refer(by: Scope, writer: Staff, memo: Confirmed, day: Day) -> Saved:
    """Send the line to the banker of a customer outside the scope; nothing of that customer comes back."""
    due = day.calendar.next_workday(day.today + dt.timedelta(days=1))
    said = memo.text.replace(memo.phone, "····") if memo.phone else memo.text
    words = _("Referred by %(name)s: %(text)s") % {"name": writer.name, "text": " ".join(said.split())}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT keybook_refer(%s, %s, %s, %s)", [phone_digits(memo.phone), words[:200], due, memo.client_key]
        )
        if not cursor.fetchone()[0]:
            raise RefusedError("customer", _("Not referred: read the line again, then choose."))
    stored = _store(by, memo, None, {"referred": True})
    return Saved(
        _("Referred. Their banker finds it on the list of %(date)s.") % {"date": day.say(due)}, stored.pk, None
    )
