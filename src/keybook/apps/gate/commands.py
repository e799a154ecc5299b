"""The verbs around the gate: complaints, what to mind, consents, going ahead, and the bank's own numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Channel, Complaint, Consent, ConsentFor, Preference, Tier, Vulnerability
from keybook.apps.gate.models import GoAhead, RuleSet
from keybook.apps.gate.queries.answers import Asking, answers, honest, is_zone
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, restate
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.core.gate import CAPPED, Rules, RulesError

SETTERS = frozenset({"head", "admin"})
LONG, SHORT = 500, 200
FURTHEST_REVIEW = dt.timedelta(days=731)


@transaction.atomic
def open_complaint(*, by: Scope, customer_id: int, text: str, day: Day) -> int:
    """Write a complaint down: from now on nobody sells to the customer until it is settled."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    said = _text(text, LONG, "complaint", _("Write what the customer complained about."))
    row = Complaint.objects.create(customer_id=customer_id, opened_on=day.today, text=said, opened_by_id=by.staff_id)
    restate(customer_ids=[customer_id], day=day)
    return row.pk


@transaction.atomic
def settle_complaint(*, by: Scope, customer_id: int, complaint_id: int, outcome: str, day: Day) -> None:
    """Close a complaint with what came of it; settled already, it stays as it was settled."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    row = Complaint.objects.filter(pk=complaint_id, customer_id=customer_id).first()
    if row is None:
        raise NotYoursError
    if row.settled_on is not None:
        return
    said = _text(outcome, LONG, "outcome", _("Write what came of it."))
    Complaint.objects.filter(pk=complaint_id).update(settled_on=day.today, settled_by_id=by.staff_id, outcome=said)
    restate(customer_ids=[customer_id], day=day)


@dataclass(frozen=True, slots=True)
class Minded:
    """What everybody has to mind with a customer, of which sort, when it is asked about again, and until when it holds."""

    what: str
    kind: str
    review_on: dt.date | None
    until_on: dt.date | None = None


@transaction.atomic
def mind(*, by: Scope, customer_id: int, minded: Minded, day: Day) -> int:
    """Write down what everybody has to mind with this customer, until a day or for good."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    said = _text(minded.what, SHORT, "mind", _("Write what is to be minded."))
    if minded.kind not in Vulnerability.Kind.values:
        raise RefusedError("kind", _("Choose what sort of care it asks for."))
    review_on = _review(minded.review_on, day)
    if minded.until_on is not None and minded.until_on <= day.today:
        raise RefusedError("until_on", _("That day has passed. Choose a day to come, or none."))
    row = Vulnerability.objects.create(
        customer_id=customer_id, mind=said, kind=minded.kind, from_on=day.today, review_on=review_on,
        until_on=minded.until_on, by_id=by.staff_id,
    )  # fmt: skip
    return row.pk


@transaction.atomic
def still_mind(*, by: Scope, customer_id: int, vulnerability_id: int, review_on: dt.date | None, day: Day) -> None:
    """Somebody has asked and it still is so: it is asked about again on another day."""
    row = _minded(by, customer_id, vulnerability_id)
    if row.until_on is not None and row.until_on <= day.today:
        raise RefusedError("all", _("It is not minded any more. Write it down anew."))
    row.review_on = _review(review_on, day)
    row.save(update_fields=["review_on"])


@transaction.atomic
def mind_no_more(*, by: Scope, customer_id: int, vulnerability_id: int, day: Day) -> None:
    """It need not be minded any more, from today; that it was stays in the history."""
    row = _minded(by, customer_id, vulnerability_id)
    if row.until_on is None or row.until_on > day.today:
        row.until_on = day.today
        row.save(update_fields=["until_on"])


def _minded(by: Scope, customer_id: int, vulnerability_id: int) -> Vulnerability:
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    row = Vulnerability.objects.filter(pk=vulnerability_id, customer_id=customer_id).first()
    if row is None:
        raise NotYoursError
    return row


def _review(on: dt.date | None, day: Day) -> dt.date:
    """The day of a review; what must be minded is asked about again within two years."""
    if on is None or not day.today < on <= day.today + FURTHEST_REVIEW:
        raise RefusedError(
            "review_on", _("Choose the day on which you ask again whether it still is so, within two years.")
        )
    return on


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer said to contacts of one purpose, by one channel or (empty) by all, and where they said it."""

    purpose: str
    channel: str
    given: bool
    source: str


@transaction.atomic
def set_consent(*, by: Scope, customer_id: int, said: Said, day: Day) -> int:
    """Write a consent down, given or withdrawn; earlier words stay readable, the last one holds."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    if said.purpose not in ConsentFor.values:
        raise RefusedError("purpose", _("Choose what the contacts are for."))
    if said.channel and said.channel not in Channel.values:
        raise RefusedError("channel", _("Choose a channel, or all of them."))
    where = _text(said.source, SHORT, "source", _("Write where it was said: a form, a call, a letter."))
    row = Consent.objects.create(
        customer_id=customer_id, purpose=said.purpose, channel=said.channel, given=said.given, on=day.today, source=where,
        by_id=by.staff_id,
    )  # fmt: skip
    return row.pk


@transaction.atomic
def set_zone(*, by: Scope, customer_id: int, zone: str) -> None:
    """Write down in which time zone a customer lives (Europe/Zurich); empty for the bank's own."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    if zone and not is_zone(zone):
        raise RefusedError("zone", _("No such time zone is known. Write it as Europe/Zurich."))
    Preference.objects.update_or_create(customer_id=customer_id, defaults={"zone": zone})


@transaction.atomic
def go_ahead(*, by: Scope, asking: Asking, because: str, day: Day) -> int:
    """Keep that somebody makes a contact the gate warned of, and why; one it refuses cannot be gone ahead with.

    Where nothing speaks against the contact there is nothing to go ahead of, and nothing is kept.
    """
    by.require_log()
    lock_customer(by=by, customer_id=asking.customer_id)
    (verdict,) = answers(by_id=by.staff_id, asked=[honest(asking)], day=day)
    if verdict.answer == "refused":
        raise RefusedError("because", _("The gate refuses this contact: choose another way or day."))
    if verdict.answer == "allowed":
        raise RefusedError("because", _("Nothing speaks against this contact: it needs no reason."))
    said = _text(because, SHORT, "because", _("Say in a few words why it is right all the same."))
    row = GoAhead.objects.create(
        customer_id=asking.customer_id, staff_id=by.staff_id, on=day.today, channel=asking.proposal.channel,
        codes=[each.code for each in verdict.reasons], because=said, rule_version=verdict.rule_version,
    )  # fmt: skip
    return row.pk


# In one statement, so that logging waits for no more than this.
BECAME = """
    UPDATE gate_goahead SET interaction_id = %(contact)s WHERE id = (
        SELECT g.id FROM gate_goahead g JOIN interactions_interaction i ON i.id = %(contact)s
        WHERE g.customer_id = i.customer_id AND g.staff_id = i.staff_id AND g.channel = i.channel AND g."on" = %(on)s
            AND g.interaction_id IS NULL
        ORDER BY g.id DESC LIMIT 1)"""


def became(*, interaction_id: int, on: dt.date) -> None:
    """Tie a logged contact to the reason for which its author went ahead with it, by this channel on this day."""
    with planned() as cursor:
        cursor.execute(BECAME, {"contact": interaction_id, "on": on})


def follow_correction(*, interaction_id: int | None, instead_of: int) -> None:
    """The reason stands with the contact as it was corrected; with none when it was taken back."""
    GoAhead.objects.filter(interaction_id=instead_of).update(interaction_id=interaction_id)


def follow_join(*, prospect_id: int, customer_id: int) -> None:
    """What was gone ahead with for the prospect was for the customer."""
    GoAhead.objects.filter(customer_id=prospect_id).update(customer_id=customer_id)


@transaction.atomic
def set_rules(*, by: Scope, values: dict[str, Any], from_on: dt.date, reason: str, day: Day) -> int:
    """Set the numbers of the gate from a day to come; the earlier ones stay readable."""
    if by.role not in SETTERS:
        raise PermissionDenied(_("Branch heads and administrators set the rules of the gate."))
    if from_on <= day.today:
        raise RefusedError("from_on", _("Choose a day to come: rules change overnight."))
    said = _text(reason, 300, "reason", _("Say why, for those who read it later."))
    tiers = set(Tier.objects.values_list("code", flat=True))
    if unknown := next((name for name in values["caps"] if not _can_be_capped(name, tiers)), None):
        raise RefusedError("caps", _("Nothing can be capped by the name “%(name)s”.") % {"name": unknown})
    try:
        Rules(
            caps={name: tuple(map(tuple, pairs)) for name, pairs in values["caps"].items()},
            **{name: values[name] for name in ("quiet_from", "quiet_until", "same_days", "lately_days")},
        )
    except RulesError as error:
        raise RefusedError("caps", _("A cap counts one day or more, and allows none or more.")) from error
    row, _made = RuleSet.objects.update_or_create(
        from_on=from_on, defaults={**values, "reason": said, "set_by_id": by.staff_id}
    )
    return row.pk


def _can_be_capped(name: str, tiers: Collection[str]) -> bool:
    tier, _space, rest = name.rpartition(" ")
    return rest in CAPPED and (not tier or tier in tiers)


def _text(text: str, most: int, field: str, missing: str) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise RefusedError(field, missing)
    if len(tidy) > most:
        raise RefusedError(field, _("At most %(most)s characters: say it shorter.") % {"most": most})
    return tidy
