"""What happened with a customer and what is planned, as entries of one line of time, said in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook.apps.customers.models import Channel
from keybook.apps.desk import words
from keybook.apps.desk.queries.customer import Cause
from keybook.apps.interactions.models import Outcome
from keybook.apps.interactions.queries import Attached, Past
from keybook.core.address import own_part
from keybook.core.ledger import Weights, contact_kind
from keybook.core.reminding import promise_state
from keybook.formats import customer_name, is_chinese

CHANNEL_ICONS = {
    "call": "phone", "visit": "walk", "branch": "building-bank", "wechat": "message", "sms": "message",
    "email": "mail", "letter": "mail-opened",
}  # fmt: skip
PROMISES = {
    "open": lazy("Open"), "late": lazy("Late"), "kept": lazy("Kept"), "kept_late": lazy("Kept late"),
    "broken": lazy("Broken"), "withdrawn": lazy("Withdrawn"),
}  # fmt: skip
BAD = frozenset({"outflow_other_bank", "large_outflow", "balance_falling", "income_stopped", "below_tier"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its day, icon and words; `dot` is how it is drawn, `late_since` a promise that is late."""

    on: dt.date
    icon: str
    head: str
    text: str
    dot: str = ""
    points: int | None = None
    by: str = ""
    at: str = ""
    next_step: str = ""
    next_on: dt.date | None = None
    next_time: dt.time | None = None
    late_since: dt.date | None = None
    struck: bool = False
    contact_id: int | None = None
    staff_id: int | None = None
    closed: str = ""
    planned: bool = False
    known_to: str = ""
    attachments: tuple[Attached, ...] = ()


def contact_entry(past: Past, *, zone: str, weights: Weights) -> Entry:
    """A contact as it was logged, with its points; a corrected one is struck through and kept.

    Neither a corrected nor a confidential one is in the ledger.
    """
    at = past.at.astimezone(ZoneInfo(zone))
    channel, outcome = str(Channel(past.channel).label), str(Outcome(past.outcome).label)
    head = _("%(channel)s: %(topic)s") if past.topic else "%(channel)s"
    kind = contact_kind(channel=past.channel, outcome=past.outcome, effect=past.effect)
    counts = kind and not past.superseded and past.known_to is None
    points = weights.of(kind) if kind and counts else 0
    return Entry(
        on=at.date(), icon=CHANNEL_ICONS.get(past.channel, "note"), head=head % {"channel": channel, "topic": past.topic},
        text=past.content, dot="bad" if points < 0 else "", points=points or None, by=customer_name(past.staff_name, past.staff_name_zh, get_language())[0],
        at=_("%(outcome)s, %(time)s") % {"outcome": outcome, "time": f"{at:%H:%M}"}, next_step=past.next_step,
        next_on=past.next_on, next_time=past.next_time, struck=past.superseded, contact_id=past.id,
        staff_id=past.staff_id, known_to=_(", ").join(own_part(name=each, chinese=is_chinese(get_language())) for each in past.known_to or ()),
        attachments=past.attachments,
    )  # fmt: skip


def cause_entry(cause: Cause, *, today: dt.date) -> Entry:
    """A reason to be in touch: planned while it is open, afterwards with what became of it."""
    told = words.Told(cause.facts, cause.due_on, today, cause.currency)
    head, text = words.sentence(told, cause.kind)
    open_, late = cause.state == "open", cause.due_on < today
    broken = cause.promise == "broken"
    dot = "plan" if open_ and not late else "bad" if open_ or broken or cause.kind in BAD else ""
    on = min(cause.due_on, today) if open_ else min(cause.kept_on or cause.opens_on, today)
    closed = _promised(cause, today) if cause.cause == "promise" else _closed(cause)
    if cause.cause == "promise" and closed:
        text = _("“%(text)s”. Due %(due)s.") % {"text": told.text("text"), "due": told.due()}
    said = [text, words.moved(told) if open_ else ""]
    return Entry(
        on=on, icon=words.icon(cause.kind), head=head, text=" ".join(filter(None, said)), dot=dot, closed=closed, planned=open_,
        late_since=cause.due_on if open_ and late and cause.cause == "promise" else None,
        next_on=cause.due_on if open_ and not late and cause.cause == "signal" else None,
    )  # fmt: skip


SILENCED = {
    "mourning": lazy("Silenced: in mourning"), "do not congratulate": lazy("Silenced: does not want to be congratulated"),
    "kept by the other calendar": lazy("Kept by the other calendar"),
    "the occasion has changed": lazy("The occasion has changed"), "rolled": lazy("Rolled: the new maturity comes in its time"),
}  # fmt: skip


def _closed(cause: Cause) -> str:
    """What became of a reason that is no promise."""
    if cause.reason in SILENCED:
        return str(SILENCED[cause.reason])
    if cause.state == "dismissed" and cause.reason:
        return _("Not now, because: %(reason)s") % {"reason": cause.reason}
    states = {"done": _("Answered"), "dismissed": _("Not now"), "expired": _("Passed by")}
    return states.get(cause.state, "")


def _promised(cause: Cause, today: dt.date) -> str:
    """What became of a promise: nothing yet, kept, kept late, broken or withdrawn."""
    state = promise_state(state=cause.promise or "open", due_on=cause.due_on, closed_on=cause.kept_on, today=today)
    if state == "withdrawn" and cause.reason:
        return _("Withdrawn, because: %(reason)s") % {"reason": cause.reason}
    return "" if state in {"open", "late"} else str(PROMISES[state])


def timeline(
    *, contacts: Sequence[Past], causes: Sequence[Cause], zone: str, today: dt.date, weights: Weights,
    until: dt.date | None = None,
) -> list[Entry]:  # fmt: skip
    """All of it, the newest first: open reasons on top, closed ones no older than the oldest contact (`until`)."""
    shown = [cause for cause in causes if cause.state == "open" or cause.cause in {"signal", "promise"}]
    entries = [cause_entry(cause, today=today) for cause in shown]
    entries = [entry for entry in entries if until is None or entry.on >= until or not entry.closed]
    entries += [contact_entry(past, zone=zone, weights=weights) for past in contacts]
    return sorted(entries, key=lambda entry: (entry.planned, entry.on, entry.contact_id or 0), reverse=True)
