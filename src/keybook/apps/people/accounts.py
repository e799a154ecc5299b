"""Accounts of staff: making one by hand before a feed names it, and giving it a password."""

from __future__ import annotations

import uuid

from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import ngettext_lazy

from keybook.apps.people.history import made_by, note
from keybook.apps.people.models import Branch, Role, Staff

# Django's own Chinese lacks this sentence of its password rules; named here, it is in ours.
TOO_SHORT = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)


class AccountRefusedError(ValueError):
    """An account was not made or not changed; the sentence says why and what to do instead."""


def account_of(*, code: str) -> Staff:
    """The active member of staff of this code, whatever its case; AccountRefusedError when there is none."""
    staff = Staff.objects.filter(code__iexact=code.strip()).first()
    if staff is None:
        raise AccountRefusedError(
            f"There is no staff number {code}. Add it with keybook staff add, or load the staff feed."
        )
    if not staff.is_active:
        raise AccountRefusedError(f"{staff.code} has left the bank; an account that is closed gets no password.")
    return staff


@transaction.atomic
def keep_password(*, staff: Staff, password: str) -> None:
    """Store a new password and, in the same transaction, that it was changed: when and by whom, never what."""
    staff.set_password(password)
    staff.save(update_fields=["password"])
    note(staff, event=apps.get_model("people", "StaffEvent"), label="password")


@transaction.atomic
def give_password(*, code: str, password: str, page: str) -> Staff:
    """Give a member of staff a password that passes the bank's rules; AccountRefusedError with the first that it breaks."""
    staff = account_of(code=code)
    try:
        validate_password(password, staff)
    except ValidationError as weak:
        raise AccountRefusedError(f"Not changed: {weak.messages[0]}") from weak
    _by_hand(page)
    keep_password(staff=staff, password=password)
    return staff


@transaction.atomic
def add_staff(*, code: str, name: str, role: str, branch: str, language: str, page: str) -> Staff:
    """Add a member of staff without a password; on an empty register the branch named is made, as the top one.

    AccountRefusedError when the code is taken or a value is none that Keybook knows.
    """
    staff = Staff(code=code.strip(), name=" ".join(name.split()), role=role, language=language)
    staff.set_unusable_password()
    if Staff.objects.filter(code__iexact=staff.code).exists():
        raise AccountRefusedError(
            f"The staff number {staff.code} is taken. Give it a password with keybook staff password."
        )
    _known(role, list(Role.values), "role")
    _known(language, ["en", "zh-hans"], "language")
    _by_hand(page)
    staff.branch = _branch(branch.strip())
    try:
        staff.full_clean(exclude=["password"])
    except ValidationError as odd:
        field, sentences = next(iter(odd.message_dict.items()))
        raise AccountRefusedError(f"Not added: {field}: {sentences[0]}") from odd
    staff.save()
    return staff


def _by_hand(page: str) -> None:
    """Name the maker for the history: nobody who signed in, but the command."""
    made_by(staff_id=None, request_id=uuid.uuid4(), page=page)


def _known(value: str, choices: list[str], what: str) -> None:
    if value not in choices:
        raise AccountRefusedError(f"There is no {what} “{value}”. Use one of {', '.join(choices)}.")


def _branch(code: str) -> Branch:
    """The branch of this code; the first one of all is made, and the branch feed names it later."""
    found = Branch.objects.filter(code=code).first()
    if found:
        return found
    known = list(Branch.objects.order_by("code").values_list("code", flat=True)[:10])
    if known or not 0 < len(code) <= 32:  # noqa: PLR2004  the length of the column
        there = f"There are {', '.join(known)}." if known else "Name one of at most 32 characters."
        raise AccountRefusedError(f"There is no branch “{code}”. {there}")
    top = Branch.objects.create(code=code, name=code, path="/")
    top.path = f"/{top.pk}/"
    top.save(update_fields=["path"])
    return top
