"""Three campaigns for the demo bank: one that has ended, one that runs, one that is still a draft."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from keybook.apps.campaigns.commands import Draft, draft, launch
from keybook.apps.campaigns.commands.ending import end_over
from keybook.apps.campaigns.models import Campaign
from keybook.apps.people.models import Staff
from keybook.apps.people.queries import scope_of
from keybook.apps.reminders.commands import Day

MAKER = "M001"
SPACE = uuid.UUID("6f1c0d5e-6d0e-4c58-9a53-6b0a3b1c7a11")
# What the simulated bankers spoke of while the campaign ran is taken for its contacts: the effect says how it went.
FOLLOW = """
    WITH spoken AS (
        SELECT DISTINCT ON (t.id) t.id AS target_id, t.reminder_id, i.id AS contact_id, i.staff_id,
            (i.at AT TIME ZONE b.time_zone)::date AS on_, i.effect
        FROM campaigns_target t JOIN interactions_interaction i ON i.customer_id = t.customer_id CROSS JOIN people_bank b
        WHERE t.campaign_id = %(campaign)s AND t.reminder_id IS NOT NULL AND i.outcome IN ('reached', 'met')
          AND NOT i.superseded AND NOT i.confidential
          AND (i.at AT TIME ZONE b.time_zone)::date BETWEEN %(from_on)s AND %(last_on)s
        ORDER BY t.id, i.at, i.id
    ), closed AS (
        UPDATE reminders_reminder r SET state = 'done', closed_on = s.on_, closed_in_id = s.contact_id, closed_by_id = s.staff_id
        FROM spoken s WHERE r.id = s.reminder_id AND r.state = 'open'
    )
    UPDATE campaigns_target t SET interaction_id = s.contact_id, result_on = s.on_,
        result = CASE s.effect WHEN 'strengthened' THEN 'interested' WHEN 'weakened' THEN 'declined' ELSE 'reached' END
    FROM spoken s WHERE t.id = s.target_id"""


def seed(*, day: Day) -> int:
    """Draft them, launch two as of days that have passed, and follow what was spoken since; give how many are new."""
    maker = Staff.objects.select_related("branch").filter(code=MAKER, is_active=True).first()
    if maker is None or Campaign.objects.exists():
        return 0
    for name, ago, days, terms in PLANS:
        with transaction.atomic():
            _make(maker, (name, ago, days), terms, day)
    return len(PLANS)


def _make(maker: Staff, what: tuple[str, int, int], terms: Mapping[str, Any], day: Day) -> None:
    name, ago, days = what
    from_on = day.calendar.next_workday(day.today - dt.timedelta(days=ago))
    then_on = min(from_on, day.today)
    then = replace(day, today=then_on, data_date=then_on)
    wanted = Draft(
        name=name, branch_id=maker.branch_id, from_on=from_on, until_on=from_on + dt.timedelta(days=days), **terms
    )
    by = scope_of(maker)
    row = draft(by=by, wanted=wanted, client_key=uuid.uuid5(SPACE, name), day=then)
    if ago < 0:
        return
    launch(by=by, campaign_id=row.pk, day=then)
    last_on = min(row.last_on, day.today - dt.timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"campaign": row.pk, "from_on": from_on, "last_on": last_on})
    end_over(day=replace(day, today=row.until_on) if row.until_on <= day.today else day)


PLANS: tuple[tuple[str, int, int, Mapping[str, Any]], ...] = (
    (
        "Mid-autumn evening 中秋茶会", 75, 32,
        {
            "theme": "Mid-autumn tea 中秋茶", "channels": ("call", "wechat"), "holdout_percent": 20, "budget": Decimal(12_000),
            "cost": Decimal(150), "ask": {"tier": "platinum"}, "per_day": 2,
            "opening_en": "We invite you to a tea evening at mid-autumn.", "opening_zh": "中秋茶会，诚邀您来坐坐。",
        },
    ),
    (
        "Porcelain salon 瓷器品鉴会", 7, 26,
        {
            "theme": "An evening of porcelain 瓷器之夜", "channels": ("call", "wechat", "letter"), "holdout_percent": 10,
            "budget": Decimal(9_000), "cost": Decimal(150), "minutes": 15, "per_day": 1, "ask": {"tier": "private"},
            "opening_en": "In December we hold an evening of porcelain and would like to have you there.",
            "opening_zh": "十二月我们办一场瓷器品鉴会，想请您来。",
        },
    ),
    (
        "Term deposits for spring 开春定存", -14, 30,
        {
            "theme": "New rates for twelve months 一年期新利率", "purpose": "marketing", "channels": ("wechat", "call"),
            "holdout_percent": 10, "budget": Decimal(6_000), "cost": Decimal(40), "ask": {"tier": "gold", "view": "silent"},
            "per_day": 3, "opening_en": "From January we have a new rate for twelve months.",
            "opening_zh": "一月起，一年期存款有新利率。",
        },
    ),
)  # fmt: skip
