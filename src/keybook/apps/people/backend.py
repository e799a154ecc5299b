"""Who is signed in, found together with what they may see, in one statement; and that nobody signs up."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from keybook.apps.people import accounts, queries
from keybook.apps.people.models import Staff


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's sign-in; a session's member of staff comes with `staff.access`."""

    def get_user(self, user_id: int) -> Staff | None:
        """The active member of staff of a session, with branch and access, or None."""
        access = queries.access_of(staff_id=int(user_id))
        if access is None:
            return None
        access.staff.access = access  # type: ignore[attr-defined]
        return access.staff


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by an administrator."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The staff number or the password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        del request
        return False

    def set_password(self, user: Staff, password: str) -> None:
        """The same act as the command's: the change leaves its trace."""
        accounts.keep_password(staff=user, password=password)
