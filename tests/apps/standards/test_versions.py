"""The standards by version: tried before they are set, set from a day to come with a reason, withdrawn before it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction

from keybook.apps.customers.models import Customer
from keybook.apps.feeds.nightly import USUAL_TIERS, ladder
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands as reminders
from keybook.apps.standards import commands, queries
from keybook.apps.standards.commands import Draft, NotKeptError
from keybook.apps.standards.models import Standard, StandardEvent
from keybook.apps.standards.preview import preview
from keybook.core.standards import CHANNELS
from keybook.database import WEB_ROLE
from tests.cast import NOON, TODAY, Cast, as_web, make_customer, make_interaction, scope

PAGE = "/settings/standards/"
DAY = dt.timedelta(days=1)
TOMORROW = TODAY + DAY


def draft(cast: Cast, tier="platinum", **more):
    values = {
        "tier_id": getattr(cast, tier).pk, "from_on": TOMORROW, "reason": "Closer to our best", "every_days": 45,
        "channels": CHANNELS,
    }  # fmt: skip
    return Draft(**{**values, **more})


def put(cast: Cast, by="ada", **more):
    return commands.set_standard(by=scope(cast.staff[by]), draft=draft(cast, **more), today=TODAY)


def tried(cast: Cast, **more):
    day = reminders.day_of(bank())
    return preview(draft=draft(cast, **more), today=TODAY, zone=day.zone, calendar=day.calendar)


def spoke(customer, days, **more):
    return make_interaction(customer=customer, staff=customer.rm, at=NOON - days * DAY, **more)


def form(cast: Cast, act="set", **more):
    values = {"act": act, "from_on": TOMORROW.isoformat(), "reason": "Closer to our best"}
    for tier, days in ((cast.mass, ""), (cast.gold, "90"), (cast.platinum, "60"), (cast.private, "30")):
        values |= {
            f"every_days-{tier.pk}": days, f"grace_days-{tier.pk}": "5", f"visits_a_year-{tier.pk}": "0",
            f"basis-{tier.pk}": "contact", f"channels-{tier.pk}": list(CHANNELS),
        }  # fmt: skip
    return {**values, **more}


@pytest.mark.parametrize("who", ["ada", "dora", "hugo"])
def test_a_head_or_an_administrator_sets_a_version_from_tomorrow(cast: Cast, who):
    kept = put(cast, by=who)
    assert (kept.number, kept.set_by.code) == (2, who)
    platinum = {each.tier.code: each for each in queries.tier_standards(today=TODAY)}["platinum"]
    assert platinum.now.every_days == 60
    platinum = {each.tier.code: each for each in queries.tier_standards(today=TOMORROW)}["platinum"]
    assert platinum.now == kept


@pytest.mark.parametrize("who", ["alice", "mei", "leo"])
def test_nobody_else_sets_a_standard(cast: Cast, who):
    with pytest.raises(PermissionDenied):
        put(cast, by=who)
    assert Standard.objects.count() == 3


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"every_days": 0}, "every_days"), ({"every_days": 731}, "every_days"), ({"grace_days": 91}, "grace_days"),
        ({"visits_a_year": 53}, "visits_a_year"), ({"channels": ()}, "channels"), ({"channels": ("pigeon",)}, "channels"),
        ({"basis": "moon"}, "basis"), ({"from_on": TODAY}, "from_on"), ({"from_on": TODAY + 731 * DAY}, "from_on"),
        ({"reason": "  "}, "reason"), ({"tier_id": 0}, "tier_id"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_nothing_is_stored(cast: Cast, more, field):
    with pytest.raises(NotKeptError) as refused:
        put(cast, **more)
    assert refused.value.field == field
    assert Standard.objects.count() == 3


def test_two_versions_of_a_tier_do_not_begin_on_one_day(cast: Cast):
    put(cast)
    with pytest.raises(NotKeptError, match="begins on that day"):
        put(cast, every_days=40)
    put(cast, tier="gold")
    assert Standard.objects.count() == 5


def test_the_last_standard_cannot_be_ended(cast: Cast):
    for tier in ("gold", "platinum"):
        put(cast, tier=tier, every_days=None)
    with pytest.raises(NotKeptError, match="One tier must keep"):
        put(cast, tier="private", every_days=None)


def test_a_version_to_come_is_withdrawn_and_one_that_holds_is_not(cast: Cast):
    kept = put(cast)
    with pytest.raises(PermissionDenied):
        commands.withdraw_standard(by=scope(cast.alice), standard_id=kept.pk, today=TODAY)
    with pytest.raises(NotKeptError, match="holds already"):
        commands.withdraw_standard(by=scope(cast.ada), standard_id=kept.pk, today=TOMORROW)
    assert "version 2" in commands.withdraw_standard(by=scope(cast.ada), standard_id=kept.pk, today=TODAY)
    with pytest.raises(NotKeptError, match="no such version"):
        commands.withdraw_standard(by=scope(cast.ada), standard_id=kept.pk, today=TODAY)
    assert [row.pgh_label for row in StandardEvent.objects.filter(id=kept.pk).order_by("pgh_id")] == [
        "insert",
        "delete",
    ]


@pytest.mark.parametrize(
    "changed", [{"every_days": 0}, {"every_days": 731}, {"grace_days": 91}, {"visits_a_year": 53}, {"channels": []}]
)
def test_the_database_holds_no_standard_that_cannot_be_kept(cast: Cast, changed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.filter(tier=cast.gold).update(**changed)


def test_the_web_server_may_not_change_a_version(cast: Cast):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {WEB_ROLE}")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("UPDATE standards_standard SET every_days = 1")
        cursor.execute("RESET ROLE")


def test_key_is_the_tier_whose_standard_holds_on_the_day(cast: Cast):
    put(cast, tier="mass", every_days=180)
    put(cast, tier="gold", every_days=None)
    assert [rung.key for rung in ladder(TODAY)] == [False, True, True, True]
    assert [rung.key for rung in ladder(TOMORROW)] == [True, False, True, True]


def test_what_is_installed_holds_in_a_bank_whose_data_end_in_1994(cast: Cast):
    assert [rung.key for rung in ladder(dt.date(1994, 3, 31))] == [rung.key for rung in ladder(TODAY)]


@pytest.mark.django_db
def test_a_bank_without_tiers_gets_the_usual_ones_with_their_standards():
    assert [rung.key for rung in ladder(TODAY)] == [False, True, True, True]
    stored = {row.tier.code: row.every_days for row in Standard.objects.select_related("tier")}
    assert stored == {code: days for code, *_more, days, _grace in USUAL_TIERS if days}


def test_what_people_have_set_is_not_overwritten_by_a_load(cast: Cast):
    commands.install_standard(tier_id=cast.gold.pk, every_days=7, grace_days=1)
    assert Standard.objects.get(tier=cast.gold).every_days == 90


def test_the_night_a_stricter_version_begins_nobody_becomes_overdue(cast: Cast):
    """Every 60 days: spoken to 50 days ago, 10 left of 60: of 20 days 4, that is Fri 27 November."""
    near = make_customer(rm=cast.alice, tier=cast.platinum)
    late = make_customer(rm=cast.alice, tier=cast.platinum)
    spoke(near, 50)
    spoke(late, 62)
    put(cast, every_days=20)
    for on in (TODAY, TOMORROW):
        reminders.restate_all(day=reminders.day_of(bank(), on=on))
        rows = {each.pk: each for each in Customer.objects.all()}
        assert rows[late.pk].late_from > TODAY
    assert rows[near.pk].next_due_on == dt.date(2026, 11, 27)
    assert rows[late.pk].next_due_on == dt.date(2026, 11, 20)  # was due: keeps its day


def test_the_preview_counts_what_the_night_then_does(cast: Cast):
    for days in (1, 10, 30, 50, 58, 66, 100):
        spoke(make_customer(rm=cast.alice, tier=cast.platinum), days)
    reminders.restate_all(day=reminders.day_of(bank()))
    before = dict(Customer.objects.filter(tier=cast.platinum).values_list("pk", "next_due_on"))
    told = tried(cast, every_days=20)
    put(cast, every_days=20)
    reminders.restate_all(day=reminders.day_of(bank(), on=TOMORROW))
    after = dict(Customer.objects.filter(tier=cast.platinum).values_list("pk", "next_due_on"))
    assert told.earlier == sum(after[each] < before[each] for each in before)
    assert told.first_on == min(after[each] for each in before if after[each] < before[each])
    assert (told.becomes_overdue, told.looked_at, told.of) == (0, 8, 8)
    assert told.outside == Customer.objects.filter(tier=cast.platinum, late_from__lte=TOMORROW).count()
    assert {load.name: load.earlier for load in told.loads}["Alice Wang"] == told.earlier


def test_the_preview_tells_of_a_tier_that_gains_or_loses_its_standard_and_of_a_looser_one(cast: Cast):
    spoke(make_customer(rm=cast.alice, tier=cast.mass), 400)
    spoke(make_customer(rm=cast.alice, tier=cast.platinum), 80)
    assert tried(cast, tier="mass", every_days=100).begins == 1
    assert tried(cast, every_days=None).ends == 2
    looser = tried(cast, every_days=120)
    assert (looser.relieved, looser.earlier) == (1, 0)
    assert looser.later >= 1


def test_the_preview_counts_all_customers_whoever_asks_and_changes_no_scope(cast: Cast):
    page = as_web(cast.ada).post(PAGE, form(cast, "try", **{f"every_days-{cast.platinum.pk}": "45"}))
    assert page.status_code == 200
    assert "Nobody becomes overdue" in page.content.decode()
    assert "1 customer" in page.content.decode()
    assert "Liu Yang" not in page.content.decode()
    assert as_web(cast.alice).get(f"/customers/{cast.liu.pk}/").status_code == 404


def test_the_page_sets_a_version_for_each_tier_that_differs(cast: Cast):
    web = as_web(cast.dora)
    page = web.post(PAGE, form(cast, **{f"every_days-{cast.platinum.pk}": "45", f"visits_a_year-{cast.gold.pk}": "1"}))
    assert page.status_code == 302
    assert sorted(Standard.objects.filter(number=2).values_list("tier__code", "every_days", "visits_a_year")) == [
        ("gold", 90, 1), ("platinum", 45, 0),
    ]  # fmt: skip
    assert "to come" in web.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "Nothing is different"),
        ({"every": "0"}, "1 to 730 days"),
        ({"every": "often"}, "whole number"),
        ({"every": "45", "reason": ""}, "Say why"),
        ({"every": "45", "from_on": TODAY.isoformat()}, "tomorrow or later"),
        ({"every": "45", "from_on": "soon"}, "no date"),
        ({"every": "45", "channels": []}, "at least one channel"),
    ],
)
def test_the_page_says_what_is_wrong_keeps_what_was_typed_and_stores_nothing(cast: Cast, more, sentence):
    pk = cast.platinum.pk
    named = {"every": f"every_days-{pk}", "channels": f"channels-{pk}"}
    page = as_web(cast.ada).post(PAGE, form(cast, **{named.get(name, name): value for name, value in more.items()}))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert Standard.objects.count() == 3


def test_all_read_the_standards_and_only_setters_have_a_form(cast: Cast):
    for who in cast.staff.values():
        page = as_web(who).get(PAGE).content.decode()
        assert "every 60 days" in page
        assert ('value="set"' in page) == (who.role in {"head", "admin"})


def test_the_page_withdraws_and_says_why_it_cannot(cast: Cast):
    kept, web = put(cast), as_web(cast.ada)
    assert "Withdrawn" in web.post(f"{PAGE}{kept.pk}/withdraw/", follow=True).content.decode()
    held = Standard.objects.get(tier=cast.gold)
    assert "holds already" in web.post(f"{PAGE}{held.pk}/withdraw/", follow=True).content.decode()
    assert Standard.objects.count() == 3


def test_programs_read_try_set_and_withdraw(cast: Cast):
    web = as_web(cast.ada)
    wanted = {"tier": "platinum", "from_on": TOMORROW.isoformat(), "reason": "Closer", "every_days": 45}
    tried_out = web.post("/api/v1/standards/preview", wanted, content_type="application/json")
    assert (tried_out.status_code, tried_out.json()["becomes_overdue"]) == (200, 0)
    made = web.post("/api/v1/standards", wanted, content_type="application/json")
    assert (made.status_code, made.json()["number"]) == (201, 2)
    listed = {(each["tier"], each["number"]): each["holds"] for each in web.get("/api/v1/standards").json()}
    assert listed["platinum", 1] is True
    assert listed["platinum", 2] is False
    assert web.delete(f"/api/v1/standards/{made.json()['id']}").status_code == 200
    refused = web.post("/api/v1/standards", {**wanted, "every_days": 0}, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "body/every_days")
    strange = web.post("/api/v1/standards", {**wanted, "tier": "tin"}, content_type="application/json")
    assert strange.status_code == 422
    assert Standard.objects.count() == 3
