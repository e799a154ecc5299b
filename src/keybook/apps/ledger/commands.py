"""The verbs of the ledger's settings: try a change of weights, set it from a day on, take it back before that day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.ledger.models import Drawn, Learning
from keybook.apps.ledger.models import Weights as Stored
from keybook.apps.ledger.queries import weights_on
from keybook.apps.people.scope import Scope
from keybook.core.ledger import BAD, GOOD, HALF_LIVES, MOST_POINTS, Posting, Weights, WeightsError, stand
from keybook.core.shares import wilson

SETTERS = frozenset({"head", "admin"})
FURTHEST = dt.timedelta(days=400)
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('weights of the relationship ledger', 0))"


class NotSetError(ValueError):
    """A version of the weights that cannot be set; `field` is what has to change."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Draft:
    """Weights as somebody proposes them, from a day on, with the reason; `learned_id` names the run they came from."""

    points: Mapping[str, int]
    half_life_days: int
    from_on: dt.date
    reason: str
    learned_id: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change of weights would do to the customers of the sample, and so, about, to all.

    `moves` counts (state before, state after); `low` and `high` are the 95 % interval for the share that changes.
    """

    drawn: int
    of: int
    changed: int
    moves: Mapping[tuple[str, str], int]
    before: Mapping[str, int]
    after: Mapping[str, int]

    @property
    def about(self) -> int:
        """How many of all customers would change their state."""
        return round(self.changed * self.of / self.drawn) if self.drawn else 0

    @property
    def interval(self) -> tuple[int, int]:
        """Between how many and how many (Wilson's interval, 95 %); the number itself when all were looked at."""
        if self.drawn == self.of:
            return self.changed, self.changed
        share = wilson(hits=self.changed, of=self.drawn)
        return floor(share.low * self.of), ceil(share.high * self.of)


def preview(*, points: Mapping[str, int], half_life_days: int, today: dt.date) -> Preview:
    """Try these weights on the sample the last night has drawn, against those that hold today."""
    now, then = weights_on(today), _weights(points, half_life_days)
    rows = list(Drawn.objects.values_list("postings", "of"))
    moves: Counter[tuple[str, str]] = Counter()
    for kept, _of in rows:
        postings = [Posting(today - dt.timedelta(days=days), kind, times) for days, kind, times in kept]
        one, other = (stand(postings=postings, today=today, weights=each).state for each in (now, then))
        moves[one, other] += 1
    before, after = Counter[str](), Counter[str]()
    for (one, other), count in moves.items():
        before[one] += count
        after[other] += count
    changed = sum(count for (one, other), count in moves.items() if one != other)
    return Preview(len(rows), rows[0][1] if rows else 0, changed, moves, before, after)


@transaction.atomic
def set_weights(*, by: Scope, draft: Draft, today: dt.date) -> Stored:
    """Set a new version of the weights from a day to come; refused with the field that has to change.

    The night before that day decides every customer's health and state anew, so that no number hangs between two
    versions.
    """
    _may_set(by)
    _weights(draft.points, draft.half_life_days)
    if draft.from_on <= today:
        raise NotSetError("from_on", _("Choose tomorrow or later: the night before decides everybody anew."))
    if draft.from_on - today > FURTHEST:
        raise NotSetError("from_on", _("That is more than a year away. Check the year."))
    reason = " ".join(draft.reason.split())[:300]
    if not reason:
        raise NotSetError("reason", _("Say why in a few words: it stays with the version."))
    with connection.cursor() as cursor:  # two who set at once get two numbers, or the second is told
        cursor.execute(LOCK)
    if Stored.objects.filter(from_on=draft.from_on).exists():
        raise NotSetError("from_on", _("Another version begins on that day. Choose another day, or withdraw that one."))
    if draft.learned_id is not None and not Learning.objects.filter(pk=draft.learned_id).exists():
        raise NotSetError("", _("That suggestion no longer exists. Open the page anew."))
    last = Stored.objects.order_by("-number").values_list("number", flat=True).first() or 0
    return Stored.objects.create(
        number=last + 1, from_on=draft.from_on, points=dict(draft.points), half_life_days=draft.half_life_days,
        reason=reason, set_by_id=by.staff_id, learned_id=draft.learned_id,
    )  # fmt: skip


@transaction.atomic
def withdraw_weights(*, by: Scope, number: int, today: dt.date) -> str:
    """Take a version back that has not begun; one that has stays in the history for good."""
    _may_set(by)
    row = Stored.objects.filter(number=number).first()
    if row is None:
        raise NotSetError("", _("There is no such version any more."))
    if row.from_on <= today:
        raise NotSetError("", _("That version holds already: set a newer one instead."))
    row.delete()
    return _("Withdrawn: version %(number)s.") % {"number": number}


def _may_set(by: Scope) -> None:
    if by.role not in SETTERS:
        raise PermissionDenied(_("A branch head or an administrator sets the weights."))


def _weights(points: Mapping[str, Any], half_life_days: int) -> Weights:
    """The weights as a value, or the sentence that says which one cannot be."""
    try:
        return Weights(dict(points), half_life_days)
    except WeightsError as error:
        raise NotSetError(error.kind, _wrong(error.kind, points)) from error


def _wrong(kind: str, points: Mapping[str, Any]) -> str:
    if kind == "half_life":
        return _("Points halve in %(low)s to %(high)s days.") % {"low": HALF_LIVES[0], "high": HALF_LIVES[1]}
    if kind not in points or kind not in {**GOOD, **BAD}:
        return _("Every kind needs its points, and no other.")
    if abs(points[kind]) > MOST_POINTS:
        return _("A posting is worth %(most)s points at most.") % {"most": MOST_POINTS}
    return _("What is good for a relationship cannot cost points, nor what is bad earn any.")


def keep_sample(*, rows: Sequence[Sequence[tuple[int, str, int]]], of: int) -> int:
    """Replace the nameless sample by what the night has drawn."""
    with transaction.atomic():
        Drawn.objects.all().delete()
        Drawn.objects.bulk_create([Drawn(postings=[list(each) for each in postings], of=of) for postings in rows])
    return len(rows)


def keep_learning(*, until: dt.date, model_version: str, facts: Mapping[str, Any]) -> Learning:
    """Store one run of the learned model; it changes no weights."""
    return Learning.objects.create(until_on=until, model_version=model_version, facts=dict(facts))
