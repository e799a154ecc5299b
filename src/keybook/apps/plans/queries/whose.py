"""Whose plans somebody may see and make: their own, those they stand in for, those of their branch."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from keybook.apps.people.models import Role, Staff
from keybook.apps.people.scope import Scope

KEEPERS = (Role.RM.value, Role.HEAD.value)


@dataclass(frozen=True, slots=True)
class Planner:
    """One member of staff who has a plan."""

    id: int
    name: str
    name_zh: str
    role: str
    branch: str
    branch_zh: str


def planners(*, scope: Scope) -> list[Planner]:
    """Who plans contacts and whose plan this scope may see, by name."""
    staff = Staff.objects.filter(role__in=KEEPERS, is_active=True)
    if not scope.everything:
        staff = staff.filter(Q(pk__in=scope.books) | Q(branch_id__in=scope.branches))
    rows = staff.order_by("name", "id").values_list("id", "name", "name_zh", "role", "branch__name", "branch__name_zh")
    return [Planner(*row) for row in rows]


def may_see(*, scope: Scope, staff_id: int) -> bool:
    """Whether the plan of this member of staff is inside the scope."""
    if staff_id in scope.books:
        return True
    return any(each.id == staff_id for each in planners(scope=scope))
