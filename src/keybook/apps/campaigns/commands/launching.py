"""Launch a campaign: freeze its targets and give each contact its task, in one transaction and once."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.campaigns.commands.drafting import own, refused
from keybook.apps.campaigns.models import Campaign, Target
from keybook.apps.campaigns.queries.choosing import Chosen, TooManyError, belief_json, choose_for, verdict_json
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Day, RefusedError, refresh_lines
from keybook.core import campaigns

KIND = "campaign"
# Same customer, kind and campaign: same task, never twice. What the task says of its campaign lies in its facts, so that
# Today, the plan, the digest and the gate need not know this app.
TASKS = """
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, expires_on, stake, currency, facts,
        evidence, rule_version, data_date, state, reason)
    SELECT t.customer_id, 'campaign', 'campaign', %(key)s, x.opens_on, %(due_on)s, %(last_on)s, t.stake, %(currency)s,
        jsonb_strip_nulls(jsonb_build_object('campaign', k.id, 'label', k.name, 'theme', k.theme, 'purpose', k.purpose,
            'minutes', k.minutes, 'channel', t.channel, 'opening_en', NULLIF(k.opening_en, ''),
            'opening_zh', NULLIF(k.opening_zh, ''))),
        '[]', %(version)s, %(data_date)s, 'open', ''
    FROM campaigns_target t JOIN campaigns_campaign k ON k.id = t.campaign_id
    JOIN unnest(%(customers)s::bigint[], %(opens)s::date[]) AS x (customer_id, opens_on) ON x.customer_id = t.customer_id
    WHERE t.campaign_id = %(campaign)s AND t."group" = 'contact'
    ON CONFLICT (customer_id, kind, key) DO NOTHING"""
LINK = """
    UPDATE campaigns_target t SET reminder_id = r.id FROM reminders_reminder r
    WHERE t.campaign_id = %(campaign)s AND t."group" = 'contact' AND r.customer_id = t.customer_id
      AND r.kind = 'campaign' AND r.key = %(key)s"""


@transaction.atomic
def launch(*, by: Scope, campaign_id: int, day: Day, seal: str = "") -> str:
    """Freeze the targets and open the tasks; with the `seal` of a preview only if that still holds.

    Done again it says so and does nothing. RefusedError says why it cannot run; nothing is half done.
    """
    row = own(by=by, campaign_id=campaign_id)
    if row.state == Campaign.State.RUNNING:
        return _("Already done.")
    if row.state != Campaign.State.DRAFT:
        raise RefusedError("", _("This campaign is over: draft another."))
    found = chosen_for(by=by, campaign=row, day=day)
    if not found.choice.groups["contact"]:
        raise RefusedError("", _("Nobody would be contacted: choose other customers, channels or days."))
    if seal and seal != found.seal:
        raise RefusedError("", _("Something has changed since this preview: look at it again. Nothing was launched."))
    row.state, row.launched_by_id, row.launched_on = Campaign.State.RUNNING, by.staff_id, day.today
    row.rule_version, row.data_date = campaigns.RULE_VERSION, day.data_date
    row.save()
    Target.objects.bulk_create([_target(row, each, found) for each in found.choice.targets], batch_size=1000)
    _open(row, found, day)
    return _said(found)


def chosen_for(*, by: Scope, campaign: Campaign, day: Day) -> Chosen:
    """Whom it would contact today; RefusedError with the sentence for who must act."""
    try:
        return choose_for(scope=by, campaign=campaign, day=day)
    except campaigns.TermsError as error:
        raise refused(error) from error
    except TooManyError as error:
        raise RefusedError(
            "ask", _("%(count)s customers are too many: narrow the filters down.") % {"count": error}
        ) from error


def _target(row: Campaign, each: campaigns.Target, found: Chosen) -> Target:
    one, hour = each.candidate, found.hours.get(each.candidate.customer)
    way = one.way
    evidence = {"channel": belief_json(way.best)} if way else {}
    if hour is not None:
        evidence["hour"] = belief_json(hour)
    return Target(
        campaign=row, customer_id=one.customer, rank=each.rank, group=each.group, code=each.code, stake=one.stake,
        worth=one.worth, channel=way.channel if way else "", hour=hour.cell if hour else None, evidence=evidence,
        gate=verdict_json(one.verdict), gate_version=one.verdict.rule_version,
    )  # fmt: skip


def _open(row: Campaign, found: Chosen, day: Day) -> None:
    """Open the tasks, tie them to their targets, and rank anew whom they are due with already."""
    tasks = [(each.candidate.customer, each.opens_on) for each in found.choice.targets if each.opens_on]
    values: dict[str, Any] = {
        "campaign": row.pk, "key": str(row.pk), "due_on": found.choice.due_on, "last_on": row.last_on,
        "currency": row.currency, "version": campaigns.RULE_VERSION, "data_date": day.data_date,
        "customers": [customer for customer, _on in tasks], "opens": [on for _customer, on in tasks],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TASKS, values)
        cursor.execute(LINK, values)
    refresh_lines(customer_ids=[customer for customer, on in tasks if on <= day.today], day=day)


def _said(found: Chosen) -> str:
    groups = found.choice.groups
    contacts = ngettext(
        "Launched: %(count)s contact, %(held)s held out, %(left)s left out.",
        "Launched: %(count)s contacts, %(held)s held out, %(left)s left out.",
        groups["contact"],
    )
    return contacts % {"count": groups["contact"], "held": groups["holdout"], "left": groups["left_out"]}
