"""What one member of staff may see and do on one day, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

WRITERS = frozenset({"rm", "head", "campaign"})


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows one member of staff sees: by book, by branch, by share, or everything.

    A customer is inside when `everything` is true, or its RM is in `books`, or its branch in `branches`, or its id in
    `customers`. Row-level security in PostgreSQL holds the same four values for the running transaction.
    """

    staff_id: int
    role: str
    everything: bool = False
    books: tuple[int, ...] = ()
    branches: tuple[int, ...] = ()
    customers: tuple[int, ...] = ()

    @property
    def may_write(self) -> bool:
        """Whether this role may change anything about a customer; compliance, lobby and administrators may not."""
        return self.role in WRITERS

    @property
    def may_log(self) -> bool:
        """Whether this role may log a contact, and snooze, hand over or dismiss a line."""
        return self.role in {"rm", "head"}

    @property
    def sees_customers(self) -> bool:
        """Whether any customer can be inside at all."""
        return self.everything or bool(self.books or self.branches or self.customers)

    def covers(self, *, customer_id: int, rm_id: int | None, branch_id: int) -> bool:
        """Whether a customer with this RM and branch is inside."""
        return self.everything or rm_id in self.books or branch_id in self.branches or customer_id in self.customers

    def require_write(self) -> None:
        """Raise PermissionDenied with one sentence unless this role may change customers."""
        if not self.may_write:
            raise PermissionDenied(_("Your role reads customers and changes nothing."))

    def require_log(self) -> None:
        """Raise PermissionDenied with one sentence unless this role may log contacts."""
        if not self.may_log:
            raise PermissionDenied(_("Contacts are logged by relationship managers and branch heads."))


NOBODY = Scope(staff_id=0, role="")
