"""Row-level security on its own: with every filter of ours left out, PostgreSQL still shows the scope and nothing else."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from keybook import database
from keybook.apps.audit.models import View
from keybook.apps.customers.models import Customer, Household, Preference, SearchKey
from keybook.apps.customers.queries import visible_to
from keybook.apps.interactions.models import Interaction
from keybook.apps.people import row_security
from keybook.apps.people.history import made_by
from keybook.apps.people.models import Share, Staff
from keybook.apps.people.queries import access_of, close_rows
from keybook.apps.reminders.models import Line, Promise, Reminder
from tests.cast import NOON, TODAY, Cast, make_customer, make_interaction, make_line, make_reminder, scope

UNBOUND = {
    "people_bank", "people_branch", "people_staff", "people_deputy", "people_share", "people_staffevent",
    "people_deputyevent", "people_shareevent", "customers_tier", "customers_tierevent", "feeds_feedfile",
    "feeds_signalrule", "feeds_signalruleevent", "feeds_nightstep", "audit_refusal", "reminders_habitrate", "gifts_limitset",
    "reminders_rule", "reminders_ruleevent", "reminders_greeting", "reminders_greetingevent",
    "gifts_limitsetevent", "ledger_weights", "ledger_weightsevent", "ledger_learning", "ledger_drawn",
    "people_bookcap", "people_bookcapevent", "handover_neglectrule", "handover_neglectruleevent",
    "notices_feed", "notices_pushkey", "notices_moved",  # hashes, a sealed key, numbers of rows
}  # fmt: skip
OURS = (
    "people_", "customers_", "feeds_", "interactions_", "reminders_", "gifts_", "memos_", "pocket_", "notices_",
    "audit_", "desk_", "plans_", "ledger_", "handover_", "team_", "proposals_",
)  # fmt: skip


class Editor:
    """What a migration is handed, as far as the role needs it."""

    connection = connection


@contextmanager
def as_role(staff: Staff | None) -> Iterator[None]:
    """What follows runs as the web server's role, for this member of staff or for nobody."""
    close_rows()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE keybook_web")
        if staff is not None:
            access_of(staff_id=staff.pk)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("RESET ROLE")
                close_rows()


def test_a_promise_made_in_confidence_is_hidden_from_a_colleague_and_so_is_its_history(cast: Cast) -> None:
    contact = make_interaction(customer=cast.zhang, staff=cast.alice, confidential=True)
    made = Promise.objects.create(
        customer=cast.zhang, staff=cast.alice, text="Secret", due_on=contact.at.date(), made_in=contact
    )
    with connection.cursor() as cursor:
        made_by(staff_id=cast.alice.pk, request_id=uuid.uuid4(), page="x")
        cursor.execute("UPDATE reminders_promise SET text = 'More secret' WHERE id = %s", [made.pk])

    def known(staff: Staff) -> tuple[int, int]:
        with as_role(staff), connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM reminders_promise), (SELECT count(*) FROM reminders_promiseevent)"
            )
            found: tuple[int, int] = cursor.fetchone()
            return found

    assert known(cast.alice) == (1, 1)
    assert known(cast.dora) == (0, 0)


def seen(staff: Staff | None) -> set[int]:
    """The customers PostgreSQL shows without any filter of ours."""
    with as_role(staff):
        return set(Customer.objects.values_list("pk", flat=True))


@pytest.fixture
def rows(cast: Cast) -> Cast:
    """A row of every kind for Alice's Mrs Zhang and Carol's Mr Liu."""
    for customer, staff in ((cast.zhang, cast.alice), (cast.liu, cast.carol)):
        contact = make_interaction(customer=customer, staff=staff)
        make_reminder(customer=customer)
        make_line(customer=customer)
        Promise.objects.create(customer=customer, staff=staff, text="Call back", due_on=TODAY, made_in=contact)
        Preference.objects.create(customer=customer)
        View.objects.create(staff=staff, customer_id=customer.pk, at=NOON, page="customer", request_id=uuid.uuid4())
        SearchKey.objects.create(
            customer=customer, key="k", weight=0, rm_id=customer.rm_id, branch_id=customer.branch_id
        )
        customer.household = Household.objects.create(name=customer.name)
        customer.save()
    return cast


def test_each_role_sees_its_customers_only(cast: Cast) -> None:
    zhang, osei, liu = cast.zhang.pk, cast.osei.pk, cast.liu.pk
    alone = make_customer(rm=None, branch=cast.south).pk
    assert seen(cast.alice) == {zhang, osei}
    assert seen(cast.bob) == {zhang, osei}
    assert seen(cast.carol) == {liu}
    assert seen(cast.dora) == {zhang, osei}
    assert seen(cast.leo) == {zhang, osei}
    assert seen(cast.hugo) == seen(cast.mei) == {zhang, osei, liu, alone}


def test_nobody_and_the_administrator_may_not_see_a_single_customer(cast: Cast) -> None:
    assert seen(None) == set()
    assert seen(cast.ada) == set()


def test_a_share_shows_one_more_customer(cast: Cast) -> None:
    Share.objects.create(customer_id=cast.liu.pk, staff=cast.alice)
    assert seen(cast.alice) == {cast.zhang.pk, cast.osei.pk, cast.liu.pk}


@pytest.mark.parametrize("model", [Interaction, Reminder, Line, Promise, Preference, View, SearchKey])
def test_what_belongs_to_a_strangers_customer_is_not_shown(rows: Cast, model: type) -> None:
    assert model.objects.count() == 2
    with as_role(rows.alice):
        assert list(model.objects.values_list("customer_id", flat=True)) == [rows.zhang.pk]
    with as_role(None):
        assert not model.objects.exists()
    with as_role(rows.mei):
        assert model.objects.count() == 2


def test_a_household_is_seen_through_its_members_only(rows: Cast) -> None:
    with as_role(rows.carol):
        assert [home.name for home in Household.objects.all()] == ["Liu Yang"]


def test_a_stranger_may_not_change_or_delete_a_row(rows: Cast) -> None:
    with as_role(rows.carol):
        assert Customer.objects.filter(pk=rows.zhang.pk).update(name="Taken") == 0
        assert Reminder.objects.filter(customer_id=rows.zhang.pk).update(reason="x") == 0
        assert Preference.objects.filter(customer_id=rows.zhang.pk).delete()[0] == 0


def test_a_row_may_not_be_written_for_a_strangers_customer(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), as_role(cast.carol):
        make_interaction(customer=cast.zhang, staff=cast.carol)
    with pytest.raises(ProgrammingError, match="row-level security"), as_role(cast.carol):
        Customer.objects.filter(pk=cast.liu.pk).update(rm=cast.alice)


def test_an_rm_may_enter_a_prospect_into_the_own_book_only(cast: Cast) -> None:
    with as_role(cast.alice):
        assert make_customer(rm=cast.alice, number=None, stage="prospect").pk
    with pytest.raises(ProgrammingError, match="row-level security"), as_role(cast.alice):
        make_customer(rm=cast.carol, number=None, stage="prospect")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_view SET why = 'x'", "DELETE FROM audit_view", "DELETE FROM audit_refusal",
        "SELECT * FROM audit_refusal", "UPDATE people_bank SET name = 'x'", "DELETE FROM interactions_interaction",
        "UPDATE interactions_interaction SET content = 'x'", "DELETE FROM customers_customerevent",
        "DELETE FROM customers_holding", "TRUNCATE audit_view", "ALTER TABLE audit_view ADD x int",
        "DELETE FROM feeds_nightstep", "UPDATE people_staffevent SET role = 'admin'",
        "SET ROLE postgres", "ALTER ROLE keybook_web BYPASSRLS",
    ],
)  # fmt: skip
def test_the_web_server_may_not(cast: Cast, statement: str) -> None:
    where = connection.settings_dict

    assert where["USER"] != "keybook_web"
    with (
        psycopg.connect(
            dbname=where["NAME"], user="keybook_web", host=where["HOST"], port=where["PORT"] or None
        ) as web,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        web.execute(statement)


def test_history_may_not_be_changed_even_by_the_owner(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="append_only"), connection.cursor() as cursor:
        cursor.execute("UPDATE people_staffevent SET name = 'x'")


def test_every_table_of_ours_is_bound_or_listed_as_free_of_customers(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = {name: bound for name, bound in cursor.fetchall() if name.startswith(OURS)}
    assert {name for name, bound in tables.items() if not bound} == UNBOUND & set(tables)


def test_the_web_role_may_not_bypass_row_security(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'keybook_web'"
        )
        assert cursor.fetchone() == (False, False, False, False)


def test_the_role_is_made_once_with_no_power(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_security, "WEB_ROLE", "keybook_other")
    for _ in range(2):
        row_security.make_role(None, Editor())
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'keybook_other'")
        assert cursor.fetchone() == (False, True)


def test_two_who_migrate_at_once_on_one_server_are_both_served(db: None) -> None:
    entry = {key: str(value) for key, value in connection.settings_dict.items()}
    address = database.Address(entry["NAME"], entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"])
    with database.connect(address, "postgres") as other:
        other.execute("BEGIN")
        other.execute("CREATE ROLE keybook_raced LOGIN")
        commit = threading.Timer(0.5, lambda: other.execute("COMMIT"))
        commit.start()
        try:
            row_security._create(sql.Identifier("keybook_raced"), Editor())
            with connection.cursor() as cursor:  # and the transaction of the migration goes on
                cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'keybook_raced'")
                assert cursor.fetchone() == (1,)
        finally:
            commit.join()
            other.execute("DROP ROLE keybook_raced")


def test_an_owner_who_may_not_make_roles_is_told_what_to_do(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_security, "WEB_ROLE", "keybook_other")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE keybook_web")
    with pytest.raises(RuntimeError, match="CREATE ROLE keybook_other LOGIN NOSUPERUSER NOBYPASSRLS"):
        row_security.make_role(None, Editor())


def test_a_role_that_bypasses_row_security_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_security, "WEB_ROLE", connection.settings_dict["USER"])
    with pytest.raises(RuntimeError, match="NOBYPASSRLS"):
        row_security.make_role(None, Editor())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_filter_and_policies_show_the_same_customers(cast: Cast, data: st.DataObject) -> None:
    owners = st.sampled_from([cast.alice, cast.bob, cast.carol, cast.dora, None])
    with transaction.atomic():
        for _ in range(data.draw(st.integers(0, 6))):
            make_customer(rm=data.draw(owners), branch=data.draw(st.sampled_from([cast.north, cast.south])))
        everyone = list(Customer.objects.values_list("pk", "rm_id", "branch_id"))
        shared = data.draw(st.lists(st.sampled_from(everyone), unique=True, max_size=3))
        for pk, _rm, _branch in shared:
            Share.objects.create(customer_id=pk, staff=cast.carol)
        staff = data.draw(st.sampled_from(list(cast.staff.values())))
        seen_by = scope(staff)
        expected = {pk for pk, rm, branch in everyone if seen_by.covers(customer_id=pk, rm_id=rm, branch_id=branch)}
        assert set(visible_to(seen_by).values_list("pk", flat=True)) == expected
        assert seen(staff) == expected
        transaction.set_rollback(True)
