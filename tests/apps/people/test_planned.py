"""Reads whose plan PostgreSQL keeps: the same rows, the same scope, the same transaction."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from keybook import database
from keybook.apps.desk.queries.customer import head_of
from keybook.apps.people.models import Branch
from keybook.apps.people.planned import one_transaction, planned
from keybook.apps.people.queries import access_of, bank, scope_of
from keybook.apps.reminders.postings import health_of
from keybook.apps.reminders.queries import day_of, habits_of
from tests.cast import Cast

ENOUGH = 8  # more often than PostgreSQL needs to settle on one plan for all
COUNT = "SELECT count(*) FROM customers_customer WHERE stage = %s"


def test_a_kept_plan_sees_what_its_own_transaction_wrote(db) -> None:
    Branch.objects.create(code="N", name="New", path="/1/")
    with planned() as cursor:
        cursor.execute("SELECT name FROM people_branch WHERE code = %(code)s", {"code": "N"})
        assert cursor.fetchone() == ("New",)


def test_a_kept_plan_never_shows_the_next_reader_what_the_last_one_might_see(cast: Cast) -> None:
    seen = {}
    for staff in (cast.alice, cast.carol, cast.alice):
        with transaction.atomic(), connection.cursor() as role:
            role.execute(f"SET LOCAL ROLE {database.WEB_ROLE}")
            access_of(staff_id=staff.pk)
            for _ in range(ENOUGH):
                with planned() as cursor:
                    cursor.execute(COUNT, ["customer"])
                    seen.setdefault(staff.code, set()).add(cursor.fetchone()[0])
            role.execute("RESET ROLE")
    assert all(len(counts) == 1 for counts in seen.values())
    assert seen[cast.alice.code] != seen[cast.carol.code]


def test_a_planned_read_is_counted_like_any_other(db) -> None:
    with CaptureQueriesContext(connection) as counted, planned() as cursor:
        cursor.execute(COUNT, ["customer"])
    assert len(counted) == 1


def test_a_wrong_statement_is_refused_as_djangos_own_error(db) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), planned() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")


def _open_a_branch_and_fail() -> None:
    with one_transaction():
        Branch.objects.create(code="N", name="New", path="/1/")
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_a_verb_that_fails_in_a_transaction_of_its_own_nothing_stays() -> None:
    with pytest.raises(ZeroDivisionError):
        _open_a_branch_and_fail()
    assert not Branch.objects.filter(code="N").exists()


def test_a_verb_inside_a_transaction_shares_it_and_adds_no_statement(db) -> None:
    with CaptureQueriesContext(connection) as captured, one_transaction():
        pass
    assert not captured.captured_queries


def test_the_plan_of_a_page_is_made_once_a_connection_and_kept(cast: Cast) -> None:
    day = day_of(bank())
    for _time in range(ENOUGH):
        head_of(scope=scope_of(cast.alice), customer_id=cast.zhang.pk)
        health_of(customer_id=cast.zhang.pk, day=day)
        habits_of(customer_id=cast.zhang.pk, day=day)
        scope_of(cast.alice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE generic_plans > 0")
        kept = [" ".join(statement.split()) for (statement,) in cursor.fetchall()]
    beginnings = (
        "SELECT c.id, c.number, c.kind", "WITH w AS MATERIALIZED", "SELECT 'who' AS what", "SELECT a.everything",
    )  # fmt: skip
    assert [start for start in beginnings if not any(statement.startswith(start) for statement in kept)] == []


def test_a_statement_that_nobody_asked_to_keep_is_not_kept(cast: Cast) -> None:
    with connection.cursor() as cursor:
        for _time in range(ENOUGH):
            cursor.execute("SELECT name FROM people_staff WHERE id = %s", [cast.alice.pk])
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT name FROM people_staff%%'", []
        )
        assert cursor.fetchone() == (0,)
