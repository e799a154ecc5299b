"""What waits for somebody, in a few words: the sign-in page of the demo shows it beside each persona."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from keybook.apps.people.queries import Access
from keybook.apps.reminders.models import Line


def waiting(access: Access) -> str:
    """One short phrase; customers are counted within this person's own scope only."""
    scope = access.scope
    if scope.role == "admin":
        return _("People, tiers, feeds; no customers")
    if scope.everything:
        return _("Reads everything, changes nothing")
    lines = Line.objects.filter(Q(rm_id__in=scope.books) | Q(branch_id__in=scope.branches)).exclude(
        snoozed_until__gt=access.bank.business_date
    )
    counts = lines.aggregate(all=Count("id"), late=Count("id", filter=Q(group=Line.Group.LATE)))
    return _("%(all)d to contact, %(late)d late") % counts
