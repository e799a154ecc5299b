"""Which part of whose plan a page shows, as its address says it, and the page drawn from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import get_language

from keybook import formats
from keybook.apps.customers.asking import Asked
from keybook.apps.people.scope import Scope
from keybook.apps.plans import words
from keybook.apps.plans.queries import page as pages
from keybook.apps.plans.queries.page import ONE_WEEK, WEEKS_OF_A_MONTH, monday_of
from keybook.apps.plans.queries.whose import Planner, planners
from keybook.apps.reminders.commands import Day

FURTHEST = dt.timedelta(days=800)
LONGEST_ID = 19


@dataclass(frozen=True, slots=True)
class Shown:
    """A week or a month of one member of staff; `day` is the day a phone shows, `week` the one a month opens."""

    who: Planner
    people: tuple[Planner, ...]
    view: str
    monday: dt.date
    day: dt.date
    own: bool

    @property
    def weeks(self) -> int:
        """How many weeks are shown."""
        return WEEKS_OF_A_MONTH if self.view == "month" else 1

    @property
    def week(self) -> dt.date:
        """The Monday of the week a phone shows."""
        return monday_of(self.day)

    @property
    def until(self) -> dt.date:
        """The first day after what is shown."""
        return self.monday + self.weeks * ONE_WEEK

    def query(self, **other: Any) -> str:
        """The part of the address that names what is shown, with some of it changed."""
        values = {"view": self.view, "on": self.monday.isoformat(), "rm": "" if self.own else self.who.id, **other}
        return urlencode({name: value for name, value in values.items() if value})

    def href(self, **other: Any) -> str:
        """The address of a page like this one."""
        return f"{reverse('plans:plan')}?{self.query(**other)}"


def shown(*, scope: Scope, given: QueryDict, day: Day) -> Shown | None:
    """What the address asks for; None for the plans of a branch side by side. 404 for a plan out of scope."""
    people = planners(scope=scope)
    text = given.get("rm", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else 0
    if not number and (text == "all" or scope.role != "rm"):
        return None
    who = next((each for each in people if each.id == (number or scope.staff_id)), None)
    if who is None:
        raise Http404
    view = given.get("view", "")
    asked = read_day(given.get("day") or given.get("on"), day)
    return Shown(
        who, tuple(people), view if view in {"week", "month"} else "week", monday_of(asked),
        asked if given.get("day") else max(asked, day.today) if monday_of(asked) == monday_of(day.today) else asked,
        own=who.id == scope.staff_id,
    )  # fmt: skip


def read_day(text: str | None, day: Day) -> dt.date:
    """A day of an address; today for anything that is none or far away. On a weekend the week to come is meant."""
    try:
        found = dt.date.fromisoformat(text or "")
    except ValueError:
        found = day.calendar.next_workday(day.today)
    return found if abs(found - day.today) <= FURTHEST else day.today


def context_of(request: Asked, what: Shown, day: Day) -> dict[str, Any]:
    """Everything the templates of one plan need."""
    found = pages.page(scope=request.scope, staff_id=what.who.id, from_on=what.monday, weeks=what.weeks, day=day)
    last = found.weeks[-1].days[-1].on
    return {
        "what": what, "page": found, "day": day, "words": words, "place": "plan", "may": request.scope.may_log,
        "one_day": next((each for week in found.weeks for each in week.days if each.on == what.day), None),
        "titles": what.who.id in request.scope.books, "last_day": formats.day_short(last, get_language(), day.today),
        "period": words.period(what.monday, last, day.today), **of_days(),
    }  # fmt: skip


def of_days() -> dict[str, Any]:
    """The names of the weekdays, and going from one day to another."""
    names = words.weekdays()
    return {
        "weekdays": names, "weekday_names": names, "weekdays_short": words.weekdays_short(),
        "shift": lambda on, days: on + dt.timedelta(days=days), "week_day": lambda on, days: on + dt.timedelta(days=days),
    }  # fmt: skip
