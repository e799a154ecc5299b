"""The verbs of the contact standards: set a version from a day to come, withdraw it before; give and end an exception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Channel, Tier
from keybook.apps.people.scope import Scope
from keybook.apps.standards.models import INSTALLED_ON, Basis, Kind, Standard, StandardException
from keybook.apps.standards.queries import excepted_of, terms_today
from keybook.core.standards import MOST_DAYS, MOST_GRACE, MOST_VISITS, Excepted, StandardError, Terms, overlapping

SETTERS = frozenset({"head", "admin"})
USUAL_CHANNELS = (Channel.CALL, Channel.VISIT, Channel.BRANCH, Channel.WECHAT)
FURTHEST = dt.timedelta(days=730)
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('contact standards', 0))"


class NotKeptError(ValueError):
    """A standard or an exception that cannot be stored; `field` is what has to change."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of a tier's standard as somebody proposes it; without `every_days` the tier has none from then on."""

    tier_id: int
    from_on: dt.date
    reason: str
    every_days: int | None
    grace_days: int = 5
    basis: str = Basis.CONTACT.value
    channels: Sequence[str] = USUAL_CHANNELS
    visits_a_year: int = 0

    def terms(self) -> Terms | None:
        """What it asks; NotKeptError says which part cannot be."""
        if self.every_days is None:
            return None
        channels = frozenset(str(each) for each in self.channels)
        try:
            return Terms(self.every_days, self.grace_days, str(self.basis), channels, self.visits_a_year)
        except StandardError as error:
            raise NotKeptError(error.field, _WRONG[error.field]()) from error


@dataclass(frozen=True, slots=True)
class Wanted:
    """An exception as somebody asks for it, up to, not on, `until_on`."""

    kind: str
    from_on: dt.date
    until_on: dt.date
    reason: str
    every_days: int | None = None
    channels: Sequence[str] = ()

    def excepted(self) -> Excepted:
        """What it changes; NotKeptError says which part cannot be."""
        days = self.every_days if self.kind == Kind.RHYTHM else None
        named = frozenset(self.channels) if self.kind in {Kind.RHYTHM, Kind.ONLY} else frozenset[str]()
        try:
            return Excepted(self.kind, self.from_on, self.until_on, days, named)
        except StandardError as error:
            raise NotKeptError(error.field, _WRONG[error.field]()) from error


_WRONG = {
    "every_days": lambda: _("A contact every 1 to %(most)s days can be kept, not every 0.") % {"most": MOST_DAYS},
    "grace_days": lambda: _("Grace lasts 0 to %(most)s days.") % {"most": MOST_GRACE},
    "visits_a_year": lambda: _("Ask for 0 to %(most)s visits a year.") % {"most": MOST_VISITS},
    "basis": lambda: _("It is counted from the last contact or from the due date."),
    "channels": lambda: _("Choose at least one channel that counts."),
    "kind": lambda: _("Choose what is to be different."),
    "until_on": lambda: _("Choose an end after the first day."),
}


def install_standard(*, tier_id: int, every_days: int | None, grace_days: int) -> None:
    """Give a tier that never had a standard its first version; what people have set since is theirs to change."""
    if every_days is None or Standard.objects.filter(tier_id=tier_id).exists():
        return
    Standard.objects.create(
        tier_id=tier_id, number=1, from_on=INSTALLED_ON, every_days=every_days, grace_days=grace_days,
        channels=list(USUAL_CHANNELS),
    )  # fmt: skip


@transaction.atomic
def set_standard(*, by: Scope, draft: Draft, today: dt.date) -> Standard:
    """Set a version of a tier's standard from a day to come; refused with the field that has to change.

    The night before that day decides every due date anew, so that no date hangs between two versions.
    """
    _may_set(by)
    if not Tier.objects.filter(pk=draft.tier_id).exists():
        raise NotKeptError("tier_id", _("There is no such tier."))
    terms = draft.terms()
    if draft.from_on <= today:
        raise NotKeptError("from_on", _("Choose tomorrow or later: the night before decides every due date anew."))
    if draft.from_on - today > FURTHEST:
        raise NotKeptError("from_on", _("That is more than two years away. Check the year."))
    reason = " ".join(draft.reason.split())[:300]
    if not reason:
        raise NotKeptError("reason", _("Say why in a few words: it stays with the version."))
    with connection.cursor() as cursor:  # two who set at once get two numbers, or the second is told
        cursor.execute(LOCK)
    own = Standard.objects.filter(tier_id=draft.tier_id)
    if own.filter(from_on=draft.from_on).exists():
        raise NotKeptError(
            "from_on", _("Another version begins on that day. Choose another day, or withdraw that one.")
        )
    _one_tier_stays_key(draft)
    return Standard.objects.create(
        tier_id=draft.tier_id, number=(own.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
        from_on=draft.from_on, every_days=draft.every_days, grace_days=draft.grace_days if terms else 0,
        basis=draft.basis, channels=sorted({str(each) for each in draft.channels}) or list(USUAL_CHANNELS),
        visits_a_year=draft.visits_a_year if terms else 0, reason=reason, set_by_id=by.staff_id,
    )  # fmt: skip


def refuse_nothing(drafts: Sequence[Draft]) -> None:
    """Say that nothing was changed, where nothing was."""
    if not drafts:
        raise NotKeptError("", _("Nothing is different from what holds: change a number first."))


@transaction.atomic
def set_standards(*, by: Scope, drafts: Sequence[Draft], today: dt.date) -> list[Standard]:
    """Set versions of several tiers, all or none."""
    refuse_nothing(drafts)
    return [set_standard(by=by, draft=draft, today=today) for draft in drafts]


def _one_tier_stays_key(draft: Draft) -> None:
    """Without any standard nobody would be a key customer, and the night could not run."""
    if draft.every_days is not None:
        return
    last = Standard.objects.exclude(tier_id=draft.tier_id).order_by("tier_id", "-from_on").distinct("tier_id")
    if not any(row.every_days is not None and row.from_on <= draft.from_on for row in last):
        raise NotKeptError("every_days", _("One tier must keep a standard: without any, nobody is a key customer."))


@transaction.atomic
def withdraw_standard(*, by: Scope, standard_id: int, today: dt.date) -> str:
    """Take a version back that has not begun; one that has stays in the history for good."""
    _may_set(by)
    row = Standard.objects.select_related("tier").filter(pk=standard_id).first()
    if row is None:
        raise NotKeptError("", _("There is no such version any more."))
    if row.from_on <= today:
        raise NotKeptError("", _("That version holds already: set a newer one instead."))
    row.delete()
    return _("Withdrawn: version %(number)s of %(tier)s.") % {"number": row.number, "tier": row.tier.name}


def _may_set(by: Scope) -> None:
    if by.role not in SETTERS:
        raise PermissionDenied(_("A branch head or an administrator sets the standards."))


BACKDATED = dt.timedelta(days=30)  # an absence that has begun may be told later


def store_exception(*, by: Scope, customer_id: int, wanted: Wanted, today: dt.date) -> StandardException:
    """Store an exception of a customer whose row the caller has locked; refused with the field that has to change."""
    excepted = wanted.excepted()
    _in_time(excepted, today)
    reason = " ".join(wanted.reason.split())[:300]
    if not reason:
        raise NotKeptError("reason", _("Say why in a few words: it stays with the exception."))
    if excepted.kind != Kind.AWAY and terms_today(customer_id=customer_id, day=excepted.from_on) is None:
        raise NotKeptError(
            "kind", _("No contact standard holds for this customer on that day: there is nothing to except from.")
        )
    rows = StandardException.objects.filter(customer_id=customer_id, until_on__gt=excepted.from_on)
    clash = overlapping(wanted=excepted, known=[excepted_of(row) for row in rows])
    if clash is not None:
        raise NotKeptError("from_on", _overlaps(clash))
    return StandardException.objects.create(
        customer_id=customer_id, kind=excepted.kind, from_on=excepted.from_on, until_on=excepted.until_on,
        every_days=excepted.every_days, channels=sorted(excepted.channels), reason=reason, given_by_id=by.staff_id,
    )  # fmt: skip


def _in_time(wanted: Excepted, today: dt.date) -> None:
    earliest = today - BACKDATED if wanted.kind == Kind.AWAY else today
    if wanted.from_on < earliest:
        raise NotKeptError("from_on", _("That day has passed. Choose today or later."))
    if wanted.until_on <= today:
        raise NotKeptError("until_on", _("That end has passed. Choose tomorrow or later."))
    if wanted.until_on - today > FURTHEST:
        raise NotKeptError("until_on", _("That is more than two years away. Check the year."))


def _overlaps(clash: Excepted) -> str:
    values = {
        "what": str(Kind(clash.kind).label),
        "from": clash.from_on.isoformat(),
        "until": clash.until_on.isoformat(),
    }
    return _("It overlaps “%(what)s” from %(from)s until %(until)s: end that one first, or choose other days.") % values


def stop_exception(*, by: Scope, row: StandardException, today: dt.date) -> None:
    """End an exception today; one that has not begun, or begins today, goes altogether and stays in the history."""
    if row.until_on <= today:
        raise NotKeptError("", _("That exception has ended already."))
    if row.from_on >= today:
        row.delete()
        return
    row.until_on, row.ended_by_id = today, by.staff_id
    row.save(update_fields=["until_on", "ended_by"])
