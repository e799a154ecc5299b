"""Who is signed in, found together with what they may see, in one statement."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from keybook.apps.people import queries
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
