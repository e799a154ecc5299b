"""Answer a proposal: accept it, put it off to a day, or reject it with a reason; learned from at once."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Customer
from keybook.apps.customers.queries import visible_to
from keybook.apps.interactions.commands import AlreadyUsedError, used_once
from keybook.apps.people.scope import Scope
from keybook.apps.proposals.commands.proposing import propose
from keybook.apps.proposals.models import Answer, Answered, Proposal, Reason
from keybook.apps.reminders.commands import NotYoursError, RefusedError
from keybook.apps.reminders.queries import Day
from keybook.core.nextbest.resting import LONGEST_LATER, rests_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a banker says to the proposal of a theme: accepted, later until a day, or rejected with a reason.

    `until_on` of one that is accepted is the day it is planned for.
    """

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
        if not _same(known, by, customer_id, said):
            raise AlreadyUsedError
        return Kept(_("Already saved."), repeated=True)
    proposal = Proposal.objects.filter(customer_id=customer_id).first()
    if proposal is None or proposal.theme != said.theme:
        raise RefusedError("", _("Not saved: something else is proposed by now. Look again."))
    _check(said, day)
    until = rests_until(answer=said.answer, reason=said.reason, until=said.until_on, today=day.today)
    with used_once():
        Answer.objects.create(
            customer_id=customer_id, staff_id=by.staff_id, rm_id=customer.rm_id, branch_id=customer.branch_id,
            tier_code=customer.tier.code if customer.tier else "", on=day.today, kind=proposal.kind, theme=proposal.theme,
            channel=proposal.channel, worth=proposal.worth, currency=proposal.currency, answer=said.answer,
            reason=_reason(said), words=said.words.strip(), silent_until=until, client_key=said.client_key,
            rule_version=proposal.rule_version,
        )  # fmt: skip
    propose(customer_ids=[customer_id], day=day)
    return Kept(_sentence(said, until, day), channel=proposal.channel)


def _same(known: Answer, by: Scope, customer_id: int, said: Said) -> bool:
    """Whether what is said now is what was kept under this key: the same form sent twice, and not another one."""
    until = said.until_on if said.answer == Answered.LATER else known.silent_until
    kept = (known.customer_id, known.staff_id, known.answer, known.theme, known.reason, known.words, known.silent_until)
    return kept == (customer_id, by.staff_id, said.answer, said.theme, _reason(said), said.words.strip(), until)


def _reason(said: Said) -> str:
    return said.reason if said.answer == Answered.REJECTED else ""


def _check(said: Said, day: Day) -> None:
    """Refuse what says too little, with the field that is wrong."""
    if said.answer == Answered.ACCEPTED:
        return
    if said.answer == Answered.LATER:
        if said.until_on is None or said.until_on <= day.today:
            raise RefusedError("until_on", _("Choose a day after today."))
        if said.until_on - day.today > LONGEST_LATER:
            raise RefusedError("until_on", _("That is more than half a year away: reject it, with the reason."))
        return
    if said.answer != Answered.REJECTED:
        raise RefusedError("answer", _("Accept it, put it off, or reject it."))
    if said.reason not in Reason.values:
        raise RefusedError("reason", _("Choose why: the next proposals learn from it."))
    if said.reason == Reason.OTHER and not said.words.strip():
        raise RefusedError("words", _("Write the reason in a few words."))


def _sentence(said: Said, until: dt.date, day: Day) -> str:
    if said.answer == Answered.ACCEPTED:
        if said.until_on is not None:
            return _("Accepted, and planned.")
        return _("Accepted. Log the contact once you have spoken.")
    if said.answer == Answered.LATER:
        return _("Put off until %(date)s.") % {"date": day.say(until)}
    return _("Rejected. Not proposed again before %(date)s.") % {"date": day.say(until)}
