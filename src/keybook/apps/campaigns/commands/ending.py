"""End a campaign, early or by its time: its open tasks close, what was logged stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.campaigns.commands.drafting import own
from keybook.apps.campaigns.models import Campaign
from keybook.apps.people.scope import Scope
from keybook.apps.plans.commands.settling import settle_entries
from keybook.apps.reminders.commands import Day, RefusedError, refresh_lines

CLOSE = """
    UPDATE reminders_reminder r SET state = 'expired', closed_on = %(today)s, closed_by_id = %(by)s, reason = %(reason)s
    FROM campaigns_target t WHERE t.campaign_id = %(campaign)s AND r.id = t.reminder_id AND r.state = 'open'
    RETURNING r.customer_id"""
OVER = """
    UPDATE campaigns_campaign SET state = 'ended', ended_on = %(today)s
    WHERE state = 'running' AND until_on <= %(today)s"""
# What the end of its campaign or of its customer leaves open; the tasks' own last day has expired the most of them.
LEFT_OPEN = """
    UPDATE reminders_reminder r SET state = 'expired', closed_on = %(today)s
    FROM campaigns_target t, campaigns_campaign k, customers_customer c
    WHERE r.id = t.reminder_id AND r.state = 'open' AND k.id = t.campaign_id AND c.id = r.customer_id
      AND (k.state <> 'running' OR c.stage = 'closed')"""


@transaction.atomic
def end(*, by: Scope, campaign_id: int, reason: str, day: Day) -> str:
    """End a running campaign now, or cancel a draft, with the reason; its open tasks are taken off every list."""
    row = own(by=by, campaign_id=campaign_id)
    if row.state not in {Campaign.State.DRAFT, Campaign.State.RUNNING}:
        raise RefusedError("", _("This campaign is over already."))
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise RefusedError("reason", _("Say why in a few words: it stays with the campaign."))
    was_draft = row.state == Campaign.State.DRAFT
    row.state = Campaign.State.CANCELLED if was_draft else Campaign.State.ENDED
    row.ended_by_id, row.ended_on, row.reason = by.staff_id, day.today, reason
    row.save()
    if was_draft:
        return _("Cancelled. Nobody was contacted.")
    values: dict[str, Any] = {"campaign": row.pk, "today": day.today, "by": by.staff_id, "reason": "campaign ended"}
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, values)
        customers = [found[0] for found in cursor.fetchall()]
    settle_entries()
    refresh_lines(customer_ids=customers, day=day)
    sentence = ngettext("Ended: %(count)s open task is off the lists.", "Ended: %(count)s open tasks are off the lists.", len(customers))  # fmt: skip
    return sentence % {"count": len(customers)}


@transaction.atomic
def end_over(*, day: Day) -> Mapping[str, int]:
    """End the campaigns whose time is over, and the tasks nobody can do any more; done twice it does nothing more."""
    with connection.cursor() as cursor:
        cursor.execute(OVER, {"today": day.today})
        ended = int(cursor.rowcount)
        cursor.execute(LEFT_OPEN, {"today": day.today})
        return {"ended": ended, "closed": int(cursor.rowcount)}
