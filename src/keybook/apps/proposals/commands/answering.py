"""Answer a proposal: accept it, put it off to a day, or reject it with a reason; learned from at once."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Customer
from keybook.apps.customers.queries import visible_to
from keybook.apps.people.scope import Scope
from keybook.apps.proposals.commands.proposing import propose
from keybook.apps.proposals.models import Answer, Answered, Proposal, Reason
from keybook.apps.reminders.commands import NotYoursError, RefusedError
from keybook.apps.reminders.queries import Day

LONGEST_LATER = dt.timedelta(days=180)
ACCEPTED_FOR = dt.timedelta(days=7)  # the contact is expected within; if none comes, the theme is proposed again
SILENT = {
    Reason.NOT_TRUE: 30, Reason.KNOWN: 14, Reason.NO_INTEREST: 90, Reason.UNSUITABLE: 90, Reason.TOO_OFTEN: 30,
    Reason.OTHER: 30,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a banker says to the proposal of a theme: accepted, later until a day, or rejected with a reason."""

    answer: str
    theme: str
    client_key: uuid.UUID
    reason: str = ""
    words: str = ""
    until_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The sentence of what was done; the channel to use when it was accepted."""

    sentence: str
    repeated: bool = False
    channel: str = ""


@transaction.atomic
def answer(*, by: Scope, customer_id: int, said: Said, day: Day) -> Kept:
    """Keep the answer once per `client_key`, and decide anew what is next for this customer.

    Refused when the proposal is no longer the one that was shown.
    """
    by.require_log()
    if not visible_to(by).filter(pk=customer_id).exists():
        raise NotYoursError
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).select_related("tier").get(pk=customer_id)
    known = Answer.objects.filter(client_key=said.client_key).first()
    if known is not None:
        if (known.customer_id, known.staff_id) != (customer_id, by.staff_id):
            raise RefusedError("", _("Not saved: this form was already used. Open a new one."))
        return Kept(_("Already saved."), repeated=True)
    proposal = Proposal.objects.filter(customer_id=customer_id).first()
    if proposal is None or proposal.theme != said.theme:
        raise RefusedError("", _("Not saved: something else is proposed by now. Look again."))
    until = _until(said, day)
    Answer.objects.create(
        customer_id=customer_id, staff_id=by.staff_id, rm_id=customer.rm_id, branch_id=customer.branch_id,
        tier_code=customer.tier.code if customer.tier else "", on=day.today, kind=proposal.kind, theme=proposal.theme,
        channel=proposal.channel, worth=proposal.worth, currency=proposal.currency, answer=said.answer,
        reason=said.reason if said.answer == Answered.REJECTED else "", words=said.words.strip(), silent_until=until,
        client_key=said.client_key, rule_version=proposal.rule_version,
    )  # fmt: skip
    propose(customer_ids=[customer_id], day=day)
    return Kept(_sentence(said, until, day), channel=proposal.channel)


def _until(said: Said, day: Day) -> dt.date:
    """Up to which day the theme rests; refused with the field that is wrong."""
    if said.answer == Answered.ACCEPTED:
        return day.today + ACCEPTED_FOR
    if said.answer == Answered.LATER:
        if said.until_on is None or said.until_on <= day.today:
            raise RefusedError("until_on", _("Choose a day after today."))
        if said.until_on - day.today > LONGEST_LATER:
            raise RefusedError("until_on", _("That is more than half a year away: reject it, with the reason."))
        return said.until_on
    if said.answer != Answered.REJECTED:
        raise RefusedError("answer", _("Accept it, put it off, or reject it."))
    if said.reason not in Reason.values:
        raise RefusedError("reason", _("Choose why: the next proposals learn from it."))
    if said.reason == Reason.OTHER and not said.words.strip():
        raise RefusedError("words", _("Write the reason in a few words."))
    return day.today + dt.timedelta(days=SILENT[Reason(said.reason)])


def _sentence(said: Said, until: dt.date, day: Day) -> str:
    if said.answer == Answered.ACCEPTED:
        return _("Accepted. Log the contact once you have spoken.")
    if said.answer == Answered.LATER:
        return _("Put off until %(date)s.") % {"date": day.say(until)}
    return _("Rejected. Not proposed again before %(date)s.") % {"date": day.say(until)}
