"""Writing in the register: prospects, preferences, relations, evidence of assets elsewhere, views of colleagues."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from keybook.apps.customers.models import (
    Assignment,
    Channel,
    Confidence,
    Customer,
    HeldAway,
    Preference,
    Relation,
    Stage,
)
from keybook.apps.customers.queries import visible_to
from keybook.apps.customers.search import refresh_search_keys
from keybook.apps.people.models import Role, Share, Staff
from keybook.apps.people.scope import Scope

NAME_LENGTH = 160
FEWEST_DIGITS = 5
MOST_DIGITS = 15  # ITU-T E.164
LAST_HOUR = 24
EVIDENCE_DAYS = {Confidence.SURE: 365, Confidence.LIKELY: 240, Confidence.UNSURE: 180}
ROLES = {  # what one is to the other, and the other way round
    "wife": "husband", "husband": "wife", "partner": "partner", "parent": "child", "child": "parent",
    "sibling": "sibling", "grandparent": "grandchild", "grandchild": "grandparent", "relative": "relative",
    "friend": "friend", "owner": "company", "company": "owner", "director": "company", "employee": "employer",
    "employer": "employee", "business_partner": "business_partner", "guarantor": "borrower", "borrower": "guarantor",
}  # fmt: skip
AT_HOME = frozenset({"wife", "husband", "partner", "parent", "child"})


class NotSavedError(ValueError):
    """Nothing was changed: `field` is what to correct, the sentence says how."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def writable(*, scope: Scope, customer_id: int) -> Customer:
    """The customer, locked for a change: 404 outside the scope, refused to roles that change nothing."""
    if not visible_to(scope).filter(pk=customer_id).exists():
        raise Http404
    scope.require_write()
    return Customer.objects.select_for_update(of=("self",)).get(pk=customer_id)


@transaction.atomic
def create_prospect(*, scope: Scope, by: Staff, today: dt.date, name: str, phone: str, doubt: bool = False) -> Customer:
    """Store somebody the bank has no account for yet, in the writer's own book.

    A phone in `doubt` is kept as it was typed, and marked; it has to have figures all the same.
    """
    scope.require_write()
    if by.role not in {Role.RM, Role.HEAD}:
        raise PermissionDenied(_("A prospect is written down by who will look after them."))
    name, phone = _name(name), _doubtful(phone) if doubt else _phone(phone)
    chinese = bool(re.search(r"[\u3400-\u9fff]", name))
    customer = Customer.objects.create(
        stage=Stage.PROSPECT, name=name, name_zh=name if chinese else "", phone=phone, branch_id=by.branch_id, rm=by,
        language="zh-hans" if chinese else "en", phone_doubt=doubt,
    )  # fmt: skip
    Assignment.objects.create(customer=customer, staff=by, from_on=today, cause="capture", by=by)
    refresh_search_keys([customer.pk])
    return customer


def _name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise NotSavedError("name", _("A name is needed."))
    if len(tidy) > NAME_LENGTH:
        raise NotSavedError("name", _("A name has at most 160 characters."))
    if any(not char.isprintable() for char in tidy):
        raise NotSavedError("name", _("The name holds characters that cannot be shown."))
    return tidy


def _phone(phone: str) -> str:
    tidy = " ".join(phone.split())
    digits = sum(char.isdigit() for char in tidy)
    if not digits:
        raise NotSavedError("phone", _("A phone number is needed."))
    if not re.fullmatch(r"\+?[0-9 ()./-]+", tidy) or len(tidy) > 40:  # noqa: PLR2004 - the column's width
        raise NotSavedError("phone", _("A phone number has digits, spaces and a leading +."))
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        raise NotSavedError(
            "phone", _("The phone number has %(count)s digits; 5 to 15 are possible.") % {"count": digits}
        )
    return tidy


def _doubtful(phone: str) -> str:
    tidy = " ".join(phone.split())
    if not any(char.isdigit() for char in tidy) or not tidy.isprintable():
        raise NotSavedError("phone", _("A phone number is needed."))
    if len(tidy) > 40:  # noqa: PLR2004 - the column's width
        raise NotSavedError("phone", _("A phone number has at most 40 characters."))
    return tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Liking:
    """How a customer likes to be contacted, as the form gives it."""

    channels: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    hour_from: int | None = None
    hour_until: int | None = None
    topics: str = ""
    avoid: str = ""
    no_congratulation: bool = False


@transaction.atomic
def set_preference(*, scope: Scope, customer_id: int, liking: Liking) -> Preference:
    """Store how this customer likes to be contacted, in place of what was known."""
    customer = writable(scope=scope, customer_id=customer_id)
    _check(liking)
    preference, _made = Preference.objects.update_or_create(
        customer=customer,
        defaults={
            "channels": list(liking.channels), "never": list(liking.never), "hour_from": liking.hour_from,
            "hour_until": liking.hour_until, "topics": liking.topics, "avoid": liking.avoid,
            "no_congratulation": liking.no_congratulation,
        },
    )  # fmt: skip
    return preference


def _check(liking: Liking) -> None:
    known = set(Channel.values)
    if not set(liking.channels) <= known:
        raise NotSavedError("channels", _("There is no such channel."))
    if not set(liking.never) <= known:
        raise NotSavedError("never", _("There is no such channel."))
    if set(liking.channels) & set(liking.never):
        raise NotSavedError("never", _("A channel cannot be both liked and never wanted."))
    if (liking.hour_from is None) != (liking.hour_until is None):
        raise NotSavedError("hour_until", _("Give both hours, or none."))
    if liking.hour_from is not None and liking.hour_until is not None:
        if not 0 <= liking.hour_from < LAST_HOUR or not 0 < liking.hour_until <= LAST_HOUR:
            raise NotSavedError("hour_from", _("Hours go from 0 to 24."))
        if liking.hour_until <= liking.hour_from:
            raise NotSavedError("hour_until", _("The later hour comes second."))
    for field in ("topics", "avoid"):
        if len(getattr(liking, field)) > 200:  # noqa: PLR2004 - the column's width
            raise NotSavedError(field, _("At most 200 characters can be kept."))


@transaction.atomic
def add_relation(*, scope: Scope, customer_id: int, other_id: int, role: str) -> Relation:
    """Store that this customer is `role` to the other; both must be inside the scope."""
    customer = writable(scope=scope, customer_id=customer_id)
    if role not in ROLES:
        raise NotSavedError("role", _("There is no such relation."))
    if other_id == customer_id:
        raise NotSavedError("other", _("Nobody is related to themselves."))
    other = visible_to(scope).filter(pk=other_id).first()
    if other is None:
        raise NotSavedError("other", _("Choose a customer of yours."))
    known = Relation.objects.filter(customer=customer, other=other) | Relation.objects.filter(
        customer=other, other=customer
    )
    if known.exists():
        raise NotSavedError("other", _("These two are related already."))
    return Relation.objects.create(
        customer=customer, other=other, role=role, other_role=ROLES[role], household=role in AT_HOME, source="banker"
    )


@transaction.atomic
def remove_relation(*, scope: Scope, customer_id: int, relation_id: int) -> None:
    """Take away a relation a banker has added; the bank's own are corrected by the bank's data."""
    customer = writable(scope=scope, customer_id=customer_id)
    ends = Relation.objects.filter(customer=customer) | Relation.objects.filter(other=customer)
    relation = ends.filter(pk=relation_id).first()
    if relation is None:
        raise Http404
    if relation.source != "banker":
        raise NotSavedError("", _("This relation comes from the bank's data and is corrected there."))
    relation.delete()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What somebody learned about an asset at another bank."""

    institution: str
    confidence: str
    seen_on: dt.date
    kind: str = ""
    amount: Decimal | None = None
    detail: str = ""
    source: str = "said"
    matures_on: dt.date | None = None
    currency: str = ""  # empty: the customer's own


@transaction.atomic
def add_held_away(*, scope: Scope, customer_id: int, today: dt.date, evidence: Evidence) -> HeldAway:
    """Store evidence of an asset elsewhere; it expires after a time that depends on how sure it is, or at maturity."""
    customer = writable(scope=scope, customer_id=customer_id)
    institution = " ".join(evidence.institution.split())
    _check_evidence(evidence, institution=institution, today=today)
    lasts = dt.timedelta(days=EVIDENCE_DAYS[Confidence(evidence.confidence)])
    key = "|".join(["said", institution.lower(), evidence.kind, str(evidence.amount or ""), f"{evidence.seen_on}"])
    values = {
        "institution": institution, "kind": evidence.kind, "amount": evidence.amount, "currency": evidence.currency or customer.currency,
        "source": evidence.source, "detail": evidence.detail, "confidence": evidence.confidence,
        "seen_on": evidence.seen_on, "matures_on": evidence.matures_on,
        "expires_on": evidence.matures_on or evidence.seen_on + lasts,
    }  # fmt: skip
    held, _made = HeldAway.objects.get_or_create(customer=customer, key=key[:120], defaults=values)
    return held


def _check_evidence(evidence: Evidence, *, institution: str, today: dt.date) -> None:
    if not institution:
        raise NotSavedError("institution", _("Which bank is it?"))
    if len(institution) > 120 or len(evidence.detail) > 200:  # noqa: PLR2004 - the columns' widths
        raise NotSavedError("institution", _("At most 120 characters for the bank and 200 for the detail can be kept."))
    if evidence.amount is not None and not 0 < evidence.amount < Decimal(10) ** 13:
        raise NotSavedError("amount", _("An amount is more than 0."))
    if evidence.confidence not in Confidence.values:
        raise NotSavedError("confidence", _("Say how sure you are."))
    if evidence.source not in {"said", "other"}:
        raise NotSavedError("source", _("Say how you know."))
    if evidence.seen_on > today:
        raise NotSavedError("seen_on", _("What is known was learned today or before."))
    if evidence.matures_on is not None and evidence.matures_on < evidence.seen_on:
        raise NotSavedError("matures_on", _("It cannot fall due before it was seen."))


@transaction.atomic
def share(*, scope: Scope, customer_id: int, with_id: int, until_on: dt.date | None, today: dt.date) -> Share:
    """Show the customer to one more colleague, up to, not on, `until_on`."""
    customer = writable(scope=scope, customer_id=customer_id)
    if customer.rm_id not in scope.books and customer.branch_id not in scope.branches:
        raise PermissionDenied(_("Only who looks after a customer shares them."))
    if (
        with_id == scope.staff_id
        or not Staff.objects.filter(pk=with_id, is_active=True, role__in=(Role.RM, Role.HEAD)).exists()
    ):
        raise NotSavedError("with", _("Choose a colleague who looks after customers."))
    if until_on is not None and until_on <= today:
        raise NotSavedError("until_on", _("Choose a day after today."))
    try:
        shown, _made = Share.objects.update_or_create(
            customer_id=customer.pk, staff_id=with_id, defaults={"until_on": until_on}
        )
    except IntegrityError as error:
        raise NotSavedError("with", _("It was shared at the same moment; look again.")) from error
    return shown
