"""Every route of the URL map, as everyone, by every method: what the table in web/access.py says, and no byte changed.

The cases are generated from the URL map: a new route fails here until it has a rule.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from keybook.apps.campaigns.models import Campaign, Target
from keybook.apps.customers.models import Complaint, Match, Relation, Vulnerability
from keybook.apps.events.models import Event, Seat
from keybook.apps.gifts.models import Gift
from keybook.apps.handover.models import Handover, Move, Offer, Wish
from keybook.apps.interactions.models import Attachment
from keybook.apps.notices.commands.feed import make_feed
from keybook.apps.people import queries
from keybook.apps.people.models import Deputy
from keybook.apps.plans.models import Absence, Entry, Meeting, Plan, Unplaced
from keybook.apps.pocket.models import File, Note
from keybook.apps.reminders.models import Occasion, Promise
from keybook.apps.standards.models import Standard, StandardException
from keybook.web.access import READERS, RULES, Rule
from tests.cast import NOON, TODAY, Cast, as_web, make_cast, make_interaction, make_line, make_reminder

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
VISITORS = ("nobody", "alice", "bob", "carol", "dora", "mei", "leo", "ada")
STRANGERS = {"carol"}
FREE = {"django_session", "audit_refusal"}  # a session is renewed, a refusal written down
ASIDE = ("django_migrations", "procrastinate_", "pghistory_", "auth_", "django_content_type")
NEEDS_A_FACTOR = {"mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_deactivate_totp"}  # none on the stage
ITS_AUTHORS_ALONE = {"pocket:file"}  # 404 for everyone else, colleagues and heads too
HIDDEN_HERE = {"people:demo"}  # 404 under the test's host name: tests/apps/people/test_signing_in.py


def walk(resolver: URLResolver, space: str = "", before: str = "") -> Iterator[tuple[str, str]]:
    """Every route with its name and its pattern."""
    for item in resolver.url_patterns:
        if isinstance(item, URLPattern):
            yield f"{space}{item.name}", f"{before}{item.pattern}"
        else:
            inner = f"{space}{item.namespace}:" if item.namespace else space
            yield from walk(item, inner, f"{before}{item.pattern}")


ROUTES = dict(walk(get_resolver()))


@dataclass(frozen=True)
class Scene:
    """Everyone, and something of Alice's behind every kind of address."""

    cast: Cast
    stage: dict[str, int | str]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """Stored once for all these tests, in a transaction around theirs: each takes back what it has done itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        yield Scene(cast, set_stage(cast))
        transaction.set_rollback(True)


@pytest.fixture
def cast(scene: Scene, db: None) -> Cast:
    """Everyone of tests/cast.py."""
    return scene.cast


@pytest.fixture
def stage(scene: Scene, db: None) -> dict[str, int | str]:
    """What stands for each part of an address."""
    cache.clear()
    return scene.stage


def set_stage(cast: Cast) -> dict[str, int | str]:
    """Something of Alice's behind every kind of address."""
    make_reminder(customer=cast.zhang)
    occasion = Occasion.objects.create(customer=cast.zhang, kind="birthday", month=11, day=26, next_on=TODAY)
    greeting = make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026", occasion=occasion)
    promise = Promise.objects.create(customer=cast.zhang, staff=cast.alice, text="Send the terms", due_on=TODAY)
    make_line(customer=cast.zhang)
    make_line(customer=cast.liu)
    contact = make_interaction(customer=cast.zhang, staff=cast.alice)
    photo = Attachment.objects.create(
        interaction=contact, staff=cast.alice, media_type="image/png", size=1, data=b"x", client_key=uuid.uuid4()
    )
    gift = Gift.objects.create(
        customer=cast.zhang, text="Orchids", category="flowers", value=1, currency="CNY", on="2026-11-26",
        state="to_approve", asked_by=cast.alice, edited_by=cast.alice, client_key=uuid.uuid4(),
    )  # fmt: skip
    relation = Relation.objects.create(
        customer=cast.zhang, other=cast.osei, role="owner", other_role="partner", source="banker"
    )
    match = Match.objects.create(prospect=cast.osei, customer=cast.zhang, why="phone", found_on=TODAY)
    note = Note.objects.create(
        staff=cast.alice, client_key=uuid.uuid4(), kind="memo", digest="x", written_at=NOON, received_at=NOON,
        text="x", state="waiting",
    )  # fmt: skip
    file = File.objects.create(note=note, staff=cast.alice, client_key=uuid.uuid4(), media_type="image/png", data=b"x")
    plan = Plan.objects.create(staff=cast.alice, from_on=TODAY, until_on="2026-12-23", made_on=TODAY, state="made")
    entry = Entry.objects.create(
        plan=plan, customer=cast.zhang, staff=cast.alice, on="2026-11-25", half="am", channel="call", minutes=20,
        cause="standard", task="standard:1",
    )  # fmt: skip
    left = Unplaced.objects.create(
        plan=plan, customer=cast.osei, cause="standard", task="standard:2", channel="call", minutes=20, code="full"
    )
    meeting = Meeting.objects.create(staff=cast.alice, on=TODAY, from_minute=600, until_minute=660, source="typed")
    absence = Absence.objects.create(staff=cast.alice, from_on="2026-12-01", until_on="2026-12-02")
    excepted = StandardException.objects.create(
        customer=cast.zhang, kind="pause", from_on=TODAY, until_on="2026-12-02", reason="Mourning", given_by=cast.alice
    )
    handover = Handover.objects.create(
        from_staff=cast.alice, by=cast.dora, on=TODAY, until_on="2026-12-23", what="all", customers=1, rule_version="x",
        client_key=uuid.uuid4(), counts=dict.fromkeys(("promises", "entries", "reminders", "campaign", "gifts", "introduced"), 0),
    )  # fmt: skip
    Move.objects.create(handover=handover, customer=cast.zhang, from_staff=cast.alice, to_staff=cast.bob)
    offer = Offer.objects.create(
        customer=cast.zhang, rm=cast.alice, raised_on=TODAY, answer_by=TODAY, code="overdue", rule_version="x",
        facts={"late_from": "2026-09-01", "days": 83, "missed": 0, "every_days": 30},
    )  # fmt: skip
    campaign = Campaign.objects.create(
        name="Salon", theme="Tea", branch=cast.north, from_on=TODAY, until_on="2026-12-23", channels=["call"], currency="CNY",
        made_by=cast.dora, made_on=TODAY, client_key=uuid.uuid4(), state="running", launched_by=cast.dora, launched_on=TODAY,
    )  # fmt: skip
    target = Target.objects.create(campaign=campaign, customer=cast.zhang, rank=1, group="contact", stake=1, worth=1)
    event = Event.objects.create(
        name="Salon", theme="Tea", place="North", branch=cast.north, starts_at="2026-12-04T07:00Z", ends_at="2026-12-04T09:00Z",
        seats=9, host=cast.bob, state="open", currency="CNY", made_by=cast.dora, made_on=TODAY, client_key=uuid.uuid4(),
    )  # fmt: skip
    seat = Seat.objects.create(
        event=event, customer=cast.zhang, staff=cast.alice, invited_by=cast.alice, invited_on=TODAY, channel="call"
    )
    wish = Wish.objects.create(staff=cast.alice, reason="x", asked_on=TODAY)
    complaint = Complaint.objects.create(customer=cast.zhang, text="Waited", opened_on=TODAY, opened_by=cast.alice)
    mind = Vulnerability.objects.create(
        customer=cast.zhang, mind="Hard of hearing", kind="senses", from_on=TODAY, review_on="2027-03-01", by=cast.alice
    )
    return {
        "complaint_id": complaint.pk, "mind_id": mind.pk, "standard_id": Standard.objects.get(tier=cast.gold).pk, "exception_id": excepted.pk,
        "handover_id": handover.pk, "offer_id": offer.pk, "wish_id": wish.pk, "staff_id": cast.alice.pk,
        "entry_id": entry.pk, "unplaced_id": left.pk, "meeting_id": meeting.pk, "absence_id": absence.pk,
        "campaign_id": campaign.pk, "target_id": target.pk, "event_id": event.pk, "seat_id": seat.pk, "kind": "gift", "waiting_id": gift.pk,
        "note_id": note.pk, "file_id": file.pk, "customer_id": cast.zhang.pk, "interaction_id": contact.pk, "relation_id": relation.pk, "place": 1,
        "promise_id": promise.pk, "occasion_id": occasion.pk, "reminder_id": greeting.pk,
        "deputy_id": Deputy.objects.get().pk, "tail": 1, "attachment_id": photo.pk, "gift_id": gift.pk,
        "number": 1, "token": make_feed(staff=cast.alice, amounts=False, at=NOON), "channel_id": 1, "match_id": match.pk,
    }  # fmt: skip


def address(pattern: str, stage: dict[str, int | str]) -> str:
    """The pattern with what is on the stage."""
    filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(stage[found[1]]), re.sub(r"\(\?P.*?\)", "x-1", pattern))
    return "/" + filled.replace("^", "").replace("$", "").replace("+)", "")


def tables() -> list[str]:
    """Every table of ours that a request could change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall() if not name.startswith(ASIDE)]


def bytes_of(names: Iterable[str]) -> dict[str, str]:
    """A hash of each of these tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {name} t"
                for name in names
            )
        )
        return dict(cursor.fetchall())


class Watch:
    """Which tables changed since it last looked.

    PostgreSQL counts the rows that the running transaction has written; only of tables whose count has moved (it moves
    too for what was taken back) are the bytes themselves compared.
    """

    COUNTS = """
        SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
        WHERE schemaname = 'public' AND n_tup_ins + n_tup_upd + n_tup_del > 0"""

    def __init__(self) -> None:
        self.names = set(tables())
        self.bytes = bytes_of(self.names)
        self.counts = self._counts()

    def changed(self) -> set[str]:
        """The tables that are not as they were when this was asked before."""
        counts = self._counts()
        moved = {name for name, count in counts.items() if count != self.counts.get(name)}
        if not moved:
            return set()
        found, self.counts = bytes_of(moved), counts
        changed = {name for name in moved if found[name] != self.bytes[name]}
        self.bytes |= found
        return changed

    def _counts(self) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(self.COUNTS)
            return {name: count for name, count in cursor.fetchall() if name in self.names}


def expected(rule: Rule, route: str, method: str, visitor: str, role: str) -> set[int] | None:
    """The statuses the table promises; None where anyone inside is answered."""
    refusals = [
        (rule.closed or (route in HIDDEN_HERE and method in rule.methods), {404}),
        (not rule.allows(method), {405}),
        (rule.open, None),
        (visitor == "nobody", {302, 401}),
        (method != "GET" and role not in rule.writers, {403}),
        (role not in rule.readers and bool(rule.elsewhere), {302}),
        (role not in rule.readers, {404} if rule.customer and role not in READERS else {403}),
        # the API reads the body before it looks: an empty one is refused in the same way for any customer
        (rule.customer and visitor in STRANGERS, {404, 422} if route.startswith("api:") and method != "GET" else {404}),
    ]
    return next((statuses for holds, statuses in refusals if holds), None)


def test_every_route_has_a_rule() -> None:
    assert sorted(set(ROUTES) - set(RULES)) == []


def test_every_rule_has_a_route() -> None:
    assert sorted(set(RULES) - set(ROUTES)) == []


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_route(route: str, cast: Cast, stage: dict[str, int | str]) -> None:
    rule, where = RULES[route], address(ROUTES[route], stage) + ("?q=zz" if route.endswith("search") else "")
    browsers: dict[str, Client] = {name: as_web(cast.staff.get(name)) for name in VISITORS}
    watch = Watch()
    for visitor, browser in browsers.items():
        role = cast.staff[visitor].role if visitor in cast.staff else ""
        for method in METHODS if visitor == "alice" else ("GET", "POST"):
            promised = expected(rule, route, method, visitor, role)
            if promised is None and method != "GET":
                continue  # what is allowed to write has its own tests
            case = f"{method} {route} as {visitor}"
            answer = browser.generic(method, where)
            assert watch.changed() - (FREE if promised else {*FREE, "audit_view"}) == set(), f"{case} changed rows"
            if promised is None:
                fine = {200, 302, 404} if route in NEEDS_A_FACTOR | ITS_AUTHORS_ALONE else {200, 302}
                assert answer.status_code in fine, f"{case}: {answer.status_code}"
            else:
                assert answer.status_code in promised, f"{case}: {answer.status_code}, not {promised}"


@pytest.mark.parametrize(
    "route", sorted(name for name, rule in RULES.items() if "POST" in rule.methods and not rule.by_token)
)
def test_without_its_token_a_form_is_refused(route: str, cast: Cast, stage: dict[str, int | str]) -> None:
    browser = as_web(cast.alice, csrf=True)
    watch = Watch()
    assert browser.post(address(ROUTES[route], stage)).status_code == 403
    assert watch.changed() <= FREE


@pytest.mark.parametrize(
    "route", sorted(name for name, rule in RULES.items() if rule.customer and "GET" in rule.methods)
)
def test_a_stranger_may_not_tell_a_customer_from_one_that_does_not_exist(
    route: str, cast: Cast, stage: dict[str, int | str]
) -> None:
    browser = as_web(cast.carol)
    real = browser.get(address(ROUTES[route], stage))
    false = browser.get(address(ROUTES[route], {**stage, "customer_id": 999_999_999}))
    assert (real.status_code, false.status_code) == (404, 404)
    mask = re.compile(rb"[0-9a-f-]{36}|[A-Za-z0-9]{64}")  # the request's number, the form's token
    assert mask.sub(b"", real.content) == mask.sub(b"", false.content)


@pytest.mark.parametrize(
    "route",
    sorted(
        name
        for name, rule in RULES.items()
        if rule.customer and "customer_id" in ROUTES.get(name, "") and "POST" in rule.methods
    ),
)
def test_a_stranger_who_writes_is_refused_and_no_byte_changes(
    route: str, cast: Cast, stage: dict[str, int | str]
) -> None:
    form = {
        "channel": "call", "outcome": "reached", "content": "x", "until": "2026-12-01", "reason": "none", "name": "x",
        "to": cast.carol.pk, "institution": "x", "field": "phone", "why": "x",
        "client_key": "6f1f1a34-3f6b-4c3e-9a53-0c8d5b0f7a11",
    }  # fmt: skip
    kind = {"content_type": "application/json"} if route.startswith("api:") else {}
    browser = as_web(cast.carol)
    watch = Watch()
    assert browser.post(address(ROUTES[route], stage), form, **kind).status_code == 404
    assert watch.changed() <= FREE


CUSTOMER_PAGES = sorted(name for name, rule in RULES.items() if rule.customer and "GET" in rule.methods)


@pytest.mark.parametrize("route", CUSTOMER_PAGES)
def test_without_row_security_our_own_filter_alone_refuses_a_stranger(
    route: str, cast: Cast, stage: dict[str, int | str], settings: pytest.FixtureRequest
) -> None:
    settings.DATABASE_ASSUME_ROLE = False  # type: ignore[attr-defined]
    assert as_web(cast.carol).get(address(ROUTES[route], stage)).status_code == 404


@pytest.mark.parametrize("route", CUSTOMER_PAGES)
def test_without_our_own_filter_row_security_alone_refuses_a_stranger(
    route: str, cast: Cast, stage: dict[str, int | str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = queries._read
    monkeypatch.setattr(
        queries, "_read", lambda row: replace(reading(row), scope=replace(reading(row).scope, everything=True))
    )
    assert as_web(cast.carol).get(address(ROUTES[route], stage)).status_code == 404
