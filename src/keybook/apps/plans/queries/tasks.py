"""What wants a place in the plans of some members of staff: reminders, contacts due by standard, and what lies already."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from keybook.apps.people.planned import planned
from keybook.apps.reminders.queries import Day
from keybook.core.gate import SELLING

TOGETHER = dt.timedelta(days=7)
BEFORE_DUE = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Task:
    """One contact that wants a place between two days; what comes due within a week of it is spoken about as well.

    `asked` says that the hour is the customer's own wish; `relationship` is all they hold with us. A campaign says what
    it is for, what about and how long it takes.
    """

    key: str
    customer_id: int
    cause: str
    from_on: dt.date
    due_on: dt.date
    late_from: dt.date | None
    value: Decimal
    channel: str
    hour: int | None
    district: str
    asked: bool = False
    relationship: Decimal = Decimal(0)
    reminder_id: int | None = None
    promise_id: int | None = None
    occasion_id: int | None = None
    kind: str = ""
    purpose: str = ""
    theme: str = ""
    minutes: int | None = None
    also: tuple[int, ...] = ()


DUE = """
    SELECT c.rm_id, 'reminder:' || r.id, c.id, r.cause, r.opens_on, r.due_on,
        CASE WHEN r.cause = 'promise' THEN r.due_on + 1 END, r.stake, p.channels, p.never, l.channel, l.hour,
        COALESCE(extract(hour FROM o.due_time)::int, p.hour_from), c.district, c.aum, r.id, r.promise_id, r.occasion_id, r.kind,
        CASE WHEN r.cause = 'campaign' THEN r.facts END
    FROM reminders_reminder r JOIN customers_customer c ON c.id = r.customer_id
    LEFT JOIN reminders_promise o ON o.id = r.promise_id
    LEFT JOIN customers_preference p ON p.customer_id = c.id LEFT JOIN reminders_line l ON l.customer_id = c.id
    WHERE c.rm_id = ANY(%(staff)s) AND c.stage <> 'closed' AND r.state = 'open' AND r.opens_on < %(until)s
        AND r.due_on < %(until)s AND r.kind NOT IN ('gift_idea', 'memorial') AND r.cause <> 'standard'
    UNION ALL
    SELECT c.rm_id, 'standard:' || c.id, c.id, 'standard', c.next_due_on - %(lead)s, c.next_due_on, c.late_from, 0,
        p.channels, p.never, l.channel, l.hour, p.hour_from, c.district, c.aum,
        (SELECT r.id FROM reminders_reminder r WHERE r.customer_id = c.id AND r.cause = 'standard' AND r.state = 'open'
         ORDER BY r.id DESC LIMIT 1), NULL, NULL, '', NULL
    FROM customers_customer c
    LEFT JOIN customers_preference p ON p.customer_id = c.id LEFT JOIN reminders_line l ON l.customer_id = c.id
    WHERE c.rm_id = ANY(%(staff)s) AND c.stage <> 'closed' AND c.next_due_on < %(until)s
    UNION ALL
    SELECT c.rm_id, 'visit:' || c.id, c.id, 'visit', c.visit_due_on - 2 * %(lead)s, c.visit_due_on, c.visit_due_on + 1, 0,
        ARRAY['visit']::varchar[], p.never, NULL, l.hour, p.hour_from, c.district, c.aum, NULL, NULL, NULL, '', NULL
    FROM customers_customer c
    LEFT JOIN customers_preference p ON p.customer_id = c.id LEFT JOIN reminders_line l ON l.customer_id = c.id
    WHERE c.rm_id = ANY(%(staff)s) AND c.stage <> 'closed' AND c.visit_due_on < %(until)s
        AND NOT COALESCE('visit' = ANY(p.never), false)
    ORDER BY 1, 3, 6, 2"""


def tasks(*, staff_ids: Sequence[int], until_on: dt.date, day: Day) -> dict[int, list[Task]]:
    """What wants a place before that day, by member of staff; one statement. A customer's reasons of one week are one."""
    del day
    values = {"staff": list(staff_ids), "until": until_on, "lead": BEFORE_DUE.days}
    found: dict[int, list[Task]] = defaultdict(list)
    with planned() as cursor:
        cursor.execute(DUE, values)
        for staff_id, key, customer_id, cause, opens_on, due_on, late_from, stake, *rest in cursor.fetchall():
            likes, never, usual, hour, asked, district, aum, *ids, campaign = rest
            one = Task(
                key, customer_id, cause, opens_on, due_on, late_from, stake, channel_of(likes, never, usual),
                asked if asked is not None else hour, district or "", asked is not None, aum, *ids,
            )  # fmt: skip
            if campaign:
                one = _of_campaign(one, json.loads(campaign) if isinstance(campaign, str) else campaign, never)
            before = found[staff_id][-1] if found[staff_id] else None
            if before is not None and before.customer_id == customer_id and _is_one_contact(before, one):
                found[staff_id][-1] = _together(before, one)
            else:
                found[staff_id].append(one)
    return found


def _is_one_contact(first: Task, second: Task) -> bool:
    """Whether two reasons of a customer are spoken about at once: due within a week of one another, and neither sells.

    An invitation is its own contact: what the gate refuses of it must not ride along with what it lets pass.
    """
    return second.due_on - first.due_on <= TOGETHER and not SELLING & {first.purpose, second.purpose}


def _of_campaign(task: Task, facts: Mapping[str, Any], never: Sequence[str] | None) -> Task:
    """The contact as its campaign wants it: by the channel chosen at its launch, if they have not refused it since."""
    chosen = str(facts.get("channel") or "")
    return replace(
        task, purpose=facts.get("purpose", ""), theme=facts.get("theme", ""), minutes=facts.get("minutes"),
        channel=chosen if chosen and chosen not in (never or ()) else task.channel,
    )  # fmt: skip


def _together(first: Task, second: Task) -> Task:
    """Two reasons of one week as one contact; where one of them asks for a visit, it is a visit."""
    also = (*first.also, *((second.reminder_id,) if second.reminder_id else ()))
    both = replace(
        first,
        value=first.value + second.value,
        also=also,
        minutes=_longest(first.minutes, second.minutes),
        theme=first.theme or second.theme,
    )
    if second.cause != "visit":
        return both
    return replace(both, key=second.key, cause="visit", kind="", channel=second.channel)


def _longest(*minutes: int | None) -> int | None:
    """The longest of those that say how long they take."""
    return max((each for each in minutes if each is not None), default=None)


def channel_of(likes: Sequence[str] | None, never: Sequence[str] | None, usual: str | None) -> str:
    """The channel the customer asked for, else the one they answer, else a call; never one they refused. Empty: none is left."""
    order = [*(likes or ()), *([usual] if usual else ()), "call", "wechat", "email", "letter", "visit"]
    return next((each for each in order if each not in (never or ())), "")
