"""The numbers of the team: worked by hand, equal to the rows behind them, and to what is decided anew for the same day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keybook.apps.customers.models import Assignment, BalanceMonth, Customer
from keybook.apps.people.scope import Scope
from keybook.apps.standards.models import Standard
from keybook.apps.team.asking import KINDS, SORTS, AskRefusedError
from keybook.apps.team.queries import looked as looking
from keybook.apps.team.queries.looked import COLUMNS, Sums, looked, opened
from keybook.apps.team.queries.then import stood_then
from keybook.core.newmoney import net_new, window
from tests.apps.team.stage import a_bank, a_story, ask, assign, at, days_ago, money, promised, settle, spoke
from tests.cast import TODAY, Cast, make_customer, make_interaction, scope

pytestmark = pytest.mark.django_db
EVERYTHING = Scope(staff_id=0, role="compliance", everything=True)


def test_the_numbers_of_a_banker_worked_by_hand(cast: Cast) -> None:
    """Zhang: due 10 days ago + 30; Osei: 200 days ago + 90 is long late. Kept 1; late: one kept a day late, one open; broken 1.

    Contacts since 23 August: Zhang's of 10 and of 50 days ago. Money: +600,000 - 80,000.
    """
    day = a_story(cast)
    found = looked(scope=scope(cast.alice), ask=ask(), day=day)
    [book] = found.books
    assert book.all == Sums(
        total=2, late=1, at_risk=0, kept=1, kept_late=2, broken=1, contacts=2, counted=2, money=Decimal(520_000)
    )
    assert book.tiers[cast.gold.pk].late == 1
    assert (book.all.coverage.percent, book.all.promises) == (50, 4)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("on", [0, 25, 120])
def test_every_number_equals_the_rows_behind_it(cast: Cast, kind: str, on: int) -> None:
    day = a_bank(cast)
    what = ask(on=days_ago(on), kind=kind)
    for staff in (cast.dora, cast.hugo, cast.mei, cast.alice):
        for book in looked(scope=scope(staff), ask=what, day=day).books:
            behind = opened(scope=scope(staff), ask=what.but(rm=book.rm_id or 0), day=day)
            _equal(kind, book.all, behind)
            for tier in (cast.gold, cast.platinum, cast.private):
                behind = opened(scope=scope(staff), ask=what.but(rm=book.rm_id or 0, tier=tier.code), day=day)
                _equal(kind, book.tiers.get(tier.pk, Sums()), behind)


def _equal(kind: str, sums: Sums, behind: looking.Opened) -> None:
    counts = {"all": sums.total, "inside": sums.total - sums.late, "late": sums.late, "at_risk": sums.at_risk}
    if kind in counts:
        assert (behind.count, len(behind.rows)) == (counts[kind], counts[kind])
    else:
        assert behind.sum == getattr(sums, kind)
        assert sum(getattr(row, kind) or 0 for row in behind.rows) == behind.sum
        assert kind != "money" or behind.count == sums.counted


HISTORY = st.lists(
    st.tuples(
        st.integers(0, 300), st.sampled_from(["call", "visit", "email"]), st.sampled_from(["reached", "not_reached"]),
        st.sampled_from(["unchanged", "strengthened", "weakened"]), st.booleans(),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=st.lists(HISTORY, min_size=1, max_size=3), moved=st.integers(0, 200), rose=st.integers(0, 200))
def test_as_of_today_decided_anew_equals_what_is_stored(
    cast: Cast, histories: list[list[tuple[int, str, str, str, bool]]], moved: int, rose: int
) -> None:
    ids = []
    for number, history in enumerate(histories):
        one = make_customer(rm=cast.alice, tier=cast.platinum, tier_before=cast.gold, tier_since=days_ago(rose))
        if moved:
            assign(one, cast.bob, until_on=days_ago(moved))
        assign(one, cast.alice, from_on=days_ago(moved))
        for days, channel, outcome, effect, confidential in history:
            spoke(one, cast.bob, days, channel=channel, outcome=outcome, effect=effect, confidential=confidential)
        money(one, m08=100_000, m09=100_000 * (number + 1))
        ids.append(one.pk)
    day = settle(cast)
    values = {"today": TODAY, "tiers": [cast.platinum.pk], "ids": ids}
    then = stood_then(where={"scope": "c.id = ANY(%(ids)s)", "which": ""}, values=values, day=day)
    stored = Customer.objects.filter(pk__in=ids).order_by("id").values_list(*COLUMNS)
    assert [tuple(getattr(each, name) for name in COLUMNS) for each in then] == list(stored)


def test_a_day_that_has_passed_is_what_was_stored_on_that_day(cast: Cast) -> None:
    """The bank runs on until today; asked for the day before the last contacts, it answers as it would have then."""
    day = a_bank(cast)
    then = days_ago(40)
    before = looked(scope=EVERYTHING, ask=ask(on=then), day=day)
    for customer in Customer.objects.exclude(tier=None):
        spoke(customer, cast.alice, 39, effect="strengthened")
        promised(customer, cast.alice, due=38, state="kept", closed=38)
    settle(cast)
    after = looked(scope=EVERYTHING, ask=ask(on=then), day=day)
    assert [(book.rm_id, book.tiers) for book in after.books] == [(book.rm_id, book.tiers) for book in before.books]
    assert looked(scope=EVERYTHING, ask=ask(), day=day).all.late < before.all.total


def test_a_contact_of_that_very_day_counts_and_one_of_the_next_does_not(cast: Cast) -> None:
    assign(cast.zhang, cast.alice)
    make_interaction(customer=cast.zhang, staff=cast.alice, at=at(days_ago(60)) + dt.timedelta(hours=11, minutes=59))
    day = settle(cast)
    what = ask(tier="private", kind="contacts", months=12)
    assert opened(scope=scope(cast.alice), ask=what.but(on=days_ago(61)), day=day).sum == 0
    assert opened(scope=scope(cast.alice), ask=what.but(on=days_ago(60)), day=day).sum == 1
    [row] = opened(scope=scope(cast.alice), ask=what.but(on=days_ago(60)), day=day).rows
    assert row.last_contact_on == days_ago(60)


def test_whose_the_customer_was_follows_from_the_assignment_ledger(cast: Cast) -> None:
    assign(cast.zhang, cast.bob, until_on=days_ago(30))
    assign(cast.zhang, cast.alice, from_on=days_ago(30))
    day = settle(cast)
    for on, whose in ((31, cast.bob), (30, cast.alice), (1, cast.alice)):
        books = looked(scope=scope(cast.dora), ask=ask(on=days_ago(on), tier="private"), day=day).books
        assert [book.rm_id for book in books] == [whose.pk], on


@pytest.mark.parametrize(("cause", "known"), [("feed", True), ("rule", False), ("handover", False)])
def test_before_the_first_assignment_whoever_the_banks_data_named_had_them_else_nobody(
    cast: Cast, cause: str, *, known: bool
) -> None:
    assign(cast.zhang, cast.alice, from_on=days_ago(10))
    Assignment.objects.update(cause=cause)
    day = settle(cast)
    [book] = looked(scope=scope(cast.dora), ask=ask(on=days_ago(11), tier="private"), day=day).books
    assert book.rm_id == (cast.alice.pk if known else None)
    assert opened(scope=scope(cast.dora), ask=ask(on=days_ago(11), rm=0, tier="private"), day=day).count == (not known)


def test_between_two_assignments_nobody_had_them(cast: Cast) -> None:
    assign(cast.zhang, cast.bob, until_on=days_ago(30))
    assign(cast.zhang, cast.alice, from_on=days_ago(10))
    day = settle(cast)
    for on, whose in ((31, cast.bob.pk), (30, None), (11, None), (10, cast.alice.pk)):
        books = looked(scope=scope(cast.dora), ask=ask(on=days_ago(on), tier="private"), day=day).books
        assert [book.rm_id for book in books] == [whose], on


def test_the_tier_is_the_one_of_that_day_one_step_back(cast: Cast) -> None:
    Customer.objects.filter(pk=cast.zhang.pk).update(tier_before=cast.platinum, tier_since=days_ago(20))
    assign(cast.zhang, cast.alice)
    day = settle(cast)
    found = looked(scope=scope(cast.alice), ask=ask(on=days_ago(21)), day=day)
    assert set(found.by_tier) == {cast.platinum.pk, cast.gold.pk}
    assert set(looked(scope=scope(cast.alice), ask=ask(on=days_ago(20)), day=day).by_tier) == {
        cast.private.pk, cast.gold.pk,
    }  # fmt: skip


def test_the_standard_is_the_version_in_force_on_that_day(cast: Cast) -> None:
    assign(cast.zhang, cast.alice)
    spoke(cast.zhang, cast.alice, 100)
    Standard.objects.create(
        tier=cast.private, number=2, from_on=days_ago(50), every_days=365, grace_days=5, channels=["call"]
    )
    day = settle(cast)
    # by 30 days and 5 of grace late since the 36th day; from the 50th day ago on it stays due and late
    late = ask(kind="late", tier="private")
    assert opened(scope=scope(cast.alice), ask=late.but(on=days_ago(60)), day=day).count == 1
    assert opened(scope=scope(cast.alice), ask=late.but(on=days_ago(70)), day=day).count == 0


def test_the_money_is_the_rule_of_the_core(cast: Cast) -> None:
    day = a_bank(cast)
    new = make_customer(rm=cast.alice, tier=cast.gold, opened_on=dt.date(2026, 9, 1))
    old = make_customer(rm=cast.alice, tier=cast.gold)
    money(new, m10=70_000)
    money(old, m10=70_000)
    over = window(on=TODAY, months=3)
    rows = {row.id: row.money for row in opened(scope=EVERYTHING, ask=ask(), day=day).rows}
    for one in Customer.objects.filter(pk__in=rows):
        months = dict(BalanceMonth.objects.filter(customer=one).values_list("month", "aum"))
        expected = net_new(
            before=months.get(over.base), after=months.get(over.last), opened_on=one.opened_on, over=over
        )
        assert rows[one.pk] == expected
    assert (rows[new.pk], rows[old.pk]) == (70_000, None)


def test_a_confidential_contact_and_the_promise_made_in_it_change_no_number(cast: Cast) -> None:
    day = a_story(cast)
    before = looked(scope=scope(cast.dora), ask=ask(), day=day).all
    secret = make_interaction(customer=cast.zhang, staff=cast.alice, confidential=True)
    promised(cast.zhang, cast.alice, due=2, state="broken", closed=1)
    type(cast.zhang.promises.last()).objects.filter(state="broken", closed_on=days_ago(1)).update(made_in=secret)
    for reader in (cast.alice, cast.dora):
        assert looked(scope=scope(reader), ask=ask(tier="private"), day=day).all.contacts == 2
    assert looked(scope=scope(cast.dora), ask=ask(), day=day).all == before


def test_a_customer_in_a_pause_is_not_late(cast: Cast) -> None:
    Customer.objects.filter(pk=cast.osei.pk).update(late_from=None, next_due_on=None)
    day = a_story(cast)
    Customer.objects.filter(pk=cast.osei.pk).update(late_from=None, next_due_on=None)
    assert looked(scope=scope(cast.alice), ask=ask(), day=day).all.late == 0


def test_a_banker_sees_the_own_book_and_not_one_a_colleague_shared_from(cast: Cast) -> None:
    day = a_story(cast)
    shared = Scope(staff_id=cast.carol.pk, role="rm", books=(cast.carol.pk,), customers=(cast.zhang.pk,))
    assert [book.rm_id for book in looked(scope=shared, ask=ask(), day=day).books] == [cast.carol.pk]


def test_a_head_asks_for_a_branch_and_gets_all_below_it_and_nothing_beside_it(cast: Cast) -> None:
    day = a_story(cast)
    for branch, bankers in ((cast.head_office, 2), (cast.north, 1), (cast.south, 1)):
        assert len(looked(scope=scope(cast.hugo), ask=ask(branch=branch.pk), day=day).books) == bankers
    assert looked(scope=scope(cast.dora), ask=ask(branch=cast.south.pk), day=day).books == ()
    assert looked(scope=scope(cast.dora), ask=ask(branch=999_999), day=day).books == ()


@pytest.mark.parametrize("sort", sorted([*SORTS, *(f"-{name}" for name in SORTS)]))
def test_each_order_shows_everybody_once(cast: Cast, sort: str) -> None:
    day = a_bank(cast)
    rows = opened(scope=EVERYTHING, ask=ask(sort=sort), day=day).rows
    assert len({row.id for row in rows}) == len(rows) == 15


def test_too_many_to_decide_anew_are_refused_and_today_is_not(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    day = a_bank(cast)
    monkeypatch.setitem(looking._run.__kwdefaults__, "most", 3)
    with pytest.raises(AskRefusedError, match="15 customers are too many"):
        looked(scope=EVERYTHING, ask=ask(on=days_ago(1)), day=day)
    assert looked(scope=EVERYTHING, ask=ask(), day=day).all.total == 15


def test_row_security_alone_keeps_the_numbers_inside_the_scope(cast: Cast) -> None:
    from keybook.apps.people.queries import access_of

    day = a_story(cast)
    access_of(staff_id=cast.dora.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE keybook_web")
    try:
        for on in (0, 5):
            found = looked(scope=EVERYTHING, ask=ask(on=days_ago(on)), day=day)
            assert [book.rm_id for book in found.books] == [cast.alice.pk]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    assert Assignment.objects.count() == 3
