"""Keep how the books stand each night, and decide anew the ends of months that no night has kept."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import Sum

from keybook.apps.people.scope import Scope
from keybook.apps.reminders.queries import Day
from keybook.apps.team.asking import Ask
from keybook.apps.team.models import Snapshot
from keybook.apps.team.queries.lines import month_ends
from keybook.apps.team.queries.looked import sums_of_books

BANK = Scope(staff_id=0, role="", everything=True)
WORK = 30_000  # customers decided anew in one night: some ten seconds
DAYS = dt.timedelta(days=100)  # for so long every day is kept, afterwards the ends of months
THIN = """
    DELETE FROM team_snapshot
    WHERE "on" < %s AND "on" <> (date_trunc('month', "on") + interval '1 month - 1 day')::date"""


def keep_day(*, day: Day) -> dict[str, int]:
    """Keep the day, and as many ends of months as a night has time for, the newest first; a repeat changes nothing."""
    kept = _keep(day.today, day)
    work, filled = WORK, 0
    for on in reversed(month_ends(until=day.today)):
        if Snapshot.objects.filter(on=on).exists():
            continue
        if work < kept:
            break
        work -= max(_keep(on, day), kept)
        filled += 1
    with connection.cursor() as cursor:
        cursor.execute(THIN, [day.today - DAYS])
    return {"kept": kept, "ends of months": filled}


@transaction.atomic
def keep_anew(*, day: Day) -> dict[str, int]:
    """Forget what was kept and keep it anew: for a bank whose past was told after its first night."""
    Snapshot.objects.all().delete()
    return keep_day(day=day)


@transaction.atomic
def _keep(on: dt.date, day: Day) -> int:
    """Keep how the books stood on a day in place of what was kept of it; gives how many customers that is."""
    rows = [
        Snapshot(
            on=on, branch_id=branch_id, rm_id=rm_id, tier_id=tier_id, total=sums.total, late=sums.late,
            at_risk=sums.at_risk, kept=sums.kept, kept_late=sums.kept_late, broken=sums.broken, contacts=sums.contacts,
            counted=sums.counted, money=sums.money,
        )
        for branch_id, rm_id, tier_id, sums in sums_of_books(scope=BANK, ask=Ask(on=on, today=day.today), day=day)
    ]  # fmt: skip
    Snapshot.objects.filter(on=on).delete()
    Snapshot.objects.bulk_create(rows, batch_size=2_000)
    return int(Snapshot.objects.filter(on=on).aggregate(all=Sum("total"))["all"] or 0)
