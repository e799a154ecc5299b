"""The verbs around the gate: complaints, what to mind, consents, going ahead, and the bank's own numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Channel, Complaint, Consent, ConsentFor, Preference, Vulnerability
from keybook.apps.gate.models import GoAhead, RuleSet
from keybook.apps.gate.queries.answers import Asking, answers, honest, is_zone
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, restate
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.core.gate import Rules, RulesError

SETTERS = frozenset({"head", "admin"})
LONG, SHORT = 500, 200


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


@transaction.atomic
def mind(*, by: Scope, customer_id: int, what: str, until_on: dt.date | None, day: Day) -> int:
    """Write down what everybody has to mind with this customer, until a day or for good."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    said = _text(what, SHORT, "mind", _("Write what is to be minded."))
    if until_on is not None and until_on <= day.today:
        raise RefusedError("until_on", _("That day has passed. Choose a day to come, or none."))
    row = Vulnerability.objects.create(
        customer_id=customer_id, mind=said, from_on=day.today, until_on=until_on, by_id=by.staff_id
    )
    return row.pk


@transaction.atomic
def mind_no_more(*, by: Scope, customer_id: int, vulnerability_id: int, day: Day) -> None:
    """It need not be minded any more, from today; that it was stays in the history."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    rows = Vulnerability.objects.filter(pk=vulnerability_id, customer_id=customer_id)
    if not rows.exists():
        raise NotYoursError
    rows.exclude(until_on__lte=day.today).update(until_on=day.today)


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
    """Keep that somebody makes a contact the gate warned of, and why; one it refuses cannot be gone ahead with."""
    by.require_log()
    lock_customer(by=by, customer_id=asking.customer_id)
    (verdict,) = answers(by_id=by.staff_id, asked=[honest(asking)], day=day)
    if verdict.answer == "refused":
        raise RefusedError("because", _("The gate refuses this contact: choose another way or day."))
    said = _text(because, SHORT, "because", _("Say in a few words why it is right all the same."))
    row = GoAhead.objects.create(
        customer_id=asking.customer_id, staff_id=by.staff_id, on=day.today, channel=asking.proposal.channel,
        codes=[each.code for each in verdict.reasons], because=said, rule_version=verdict.rule_version,
    )  # fmt: skip
    return row.pk


@transaction.atomic
def set_rules(*, by: Scope, values: dict[str, Any], from_on: dt.date, reason: str, day: Day) -> int:
    """Set the numbers of the gate from a day to come; the earlier ones stay readable."""
    if by.role not in SETTERS:
        raise PermissionDenied(_("Branch heads and administrators set the rules of the gate."))
    if from_on <= day.today:
        raise RefusedError("from_on", _("Choose a day to come: rules change overnight."))
    said = _text(reason, 300, "reason", _("Say why, for those who read it later."))
    try:
        Rules(
            caps={name: tuple(map(tuple, pairs)) for name, pairs in values["caps"].items()},
            **{name: values[name] for name in ("quiet_from", "quiet_until", "same_days", "lately_days")},
        )
    except RulesError as error:
        raise RefusedError("caps", str(error)) from error
    row, _made = RuleSet.objects.update_or_create(
        from_on=from_on, defaults={**values, "reason": said, "set_by_id": by.staff_id}
    )
    return row.pk


def _text(text: str, most: int, field: str, missing: str) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise RefusedError(field, missing)
    if len(tidy) > most:
        raise RefusedError(field, _("At most %(most)s characters: say it shorter.") % {"most": most})
    return tidy
