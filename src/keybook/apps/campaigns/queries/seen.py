"""Which campaigns somebody sees, and which they may change."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from keybook.apps.campaigns.models import Campaign, Target
from keybook.apps.customers.queries import scope_filter
from keybook.apps.people.models import Branch, Role
from keybook.apps.people.scope import Scope

MAKERS = frozenset({Role.HEAD.value, Role.CAMPAIGN.value})
"""Who makes and launches campaigns, in their branch and below it."""


def visible_campaigns(scope: Scope) -> QuerySet[Campaign]:
    """Every campaign of a branch inside the scope, and every one with a target inside it."""
    rows = Campaign.objects.select_related("branch", "made_by", "launched_by", "ended_by")
    inside = scope_filter(scope, prefix="customer__")
    if inside is None:
        return rows
    own = Target.objects.filter(inside, campaign_id=OuterRef("pk"))
    return rows.filter(Q(branch_id__in=scope.branches) | Exists(own))


def campaign_of(*, scope: Scope, campaign_id: int) -> Campaign | None:
    """One campaign; None for one outside the scope."""
    return visible_campaigns(scope).filter(pk=campaign_id).first()


def may_change(*, scope: Scope, campaign: Campaign) -> bool:
    """Whether this person drafts, launches and ends it: a campaign manager or a head, in their branches."""
    return scope.role in MAKERS and campaign.branch_id in scope.branches


def of_branch(*, scope: Scope, campaign: Campaign) -> Scope:
    """The part of a scope that a campaign of this branch chooses from: the branch and those below it."""
    rows = Branch.objects.filter(path__startswith=campaign.branch.path).order_by("path").values_list("id", flat=True)
    inside = tuple(each for each in rows if scope.everything or each in scope.branches)
    return replace(scope, everything=False, books=(), branches=inside, customers=())
