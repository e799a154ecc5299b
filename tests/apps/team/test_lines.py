"""What each night keeps of the team, and the lines drawn from it."""

from __future__ import annotations

import datetime as dt

import pytest

from keybook.apps.people.scope import Scope
from keybook.apps.team.commands import keeping
from keybook.apps.team.commands.keeping import keep_anew, keep_day
from keybook.apps.team.models import Snapshot
from keybook.apps.team.queries.lines import month_ends, points
from keybook.apps.team.queries.looked import looked
from tests.apps.team.stage import a_bank, a_story, ask, days_ago
from tests.apps.team.test_pages import text
from tests.cast import TODAY, Cast, as_web, scope

pytestmark = pytest.mark.django_db
EVERYTHING = Scope(staff_id=0, role="compliance", everything=True)
D = dt.date


def rows() -> list[tuple[object, ...]]:
    return list(
        Snapshot.objects.order_by("on", "branch", "rm", "tier").values_list("on", "rm", "tier", "late", "money")
    )


def test_the_ends_of_months_that_had_ended() -> None:
    ends = month_ends(until=D(2026, 11, 23))
    assert (ends[0], ends[-1], len(ends)) == (D(2025, 11, 30), D(2026, 10, 31), 12)
    assert month_ends(until=D(2026, 11, 30))[-1] == D(2026, 11, 30)
    assert D(2024, 2, 29) in month_ends(until=D(2024, 3, 1))


def test_a_night_keeps_the_day_and_the_months_no_night_has_kept_and_a_repeat_changes_nothing(cast: Cast) -> None:
    day = a_bank(cast)
    assert keep_day(day=day) == {"kept": 15, "ends of months": 12}
    before = rows()
    assert {row[0] for row in before} == {*month_ends(until=TODAY), TODAY}
    assert keep_day(day=day) == {"kept": 15, "ends of months": 0}
    assert rows() == before


def test_a_night_decides_no_more_customers_anew_than_it_has_time_for_the_newest_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = a_bank(cast)
    monkeypatch.setattr(keeping, "WORK", 40)
    assert keep_day(day=day)["ends of months"] == 2
    assert {row[0] for row in rows()} == {TODAY, D(2026, 10, 31), D(2026, 9, 30)}
    assert keep_day(day=day)["ends of months"] == 2
    assert D(2026, 7, 31) in {row[0] for row in rows()}


def test_old_days_are_thinned_to_the_ends_of_months(cast: Cast) -> None:
    day = a_story(cast)
    for on in (days_ago(101), days_ago(99), D(2025, 3, 31)):
        Snapshot.objects.create(
            on=on, branch=cast.north, rm=cast.alice, tier=cast.gold, total=1, late=0, at_risk=0, kept=0, kept_late=0,
            broken=0, contacts=0, counted=0,
        )  # fmt: skip
    keep_day(day=day)
    kept = {row[0] for row in rows()}
    assert {days_ago(99), D(2025, 3, 31)} <= kept
    assert days_ago(101) not in kept


def test_a_line_is_what_the_page_says_of_each_of_its_days(cast: Cast) -> None:
    day = a_bank(cast)
    keep_day(day=day)
    for staff in (cast.hugo, cast.mei, cast.dora):
        for more in ({}, {"tier": "gold"}, {"rm": cast.bob.pk}, {"branch": cast.north.pk}):
            for point in points(scope=scope(staff), ask=ask(**more)):
                assert point.sums == looked(scope=scope(staff), ask=ask(on=point.on, **more), day=day).all


def test_a_line_holds_nothing_of_other_branches_and_other_bankers(cast: Cast) -> None:
    day = a_bank(cast)
    keep_day(day=day)
    every = points(scope=EVERYTHING, ask=ask())[-1].sums.total
    assert every == 15
    assert points(scope=scope(cast.dora), ask=ask())[-1].sums.total == 10
    assert points(scope=scope(cast.carol), ask=ask())[-1].sums.total == 5
    assert points(scope=scope(cast.carol), ask=ask(rm=cast.alice.pk)) == []
    assert points(scope=scope(cast.dora), ask=ask(branch=cast.south.pk)) == []
    assert points(scope=EVERYTHING, ask=ask(rm=0)) == []


def test_the_page_draws_the_lines_once_two_days_are_kept(cast: Cast) -> None:
    day = a_bank(cast)
    assert "Over time" not in text(as_web(cast.dora).get("/team/"))
    keep_day(day=day)
    assert "Over time" in text(as_web(cast.dora).get("/team/"))
    assert as_web(cast.dora).get("/team/").content.count(b'class="spark"') == 4


def test_a_bank_told_its_past_later_keeps_its_days_anew(cast: Cast) -> None:
    keep_day(day=a_story(cast))
    before = rows()
    day = a_bank(cast)
    keep_anew(day=day)
    assert len(rows()) > len(before)
    assert {row[0] for row in rows()} == {row[0] for row in before}


def test_the_web_server_writes_no_snapshot(cast: Cast) -> None:
    from django.db import connection
    from django.db.utils import ProgrammingError

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE keybook_web")
    with pytest.raises(ProgrammingError, match="permission denied"):
        Snapshot.objects.all().delete()
