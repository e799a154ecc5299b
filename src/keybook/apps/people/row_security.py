"""The web server's role in PostgreSQL and the policies that bind it; migrations of every app call these.

A policy compares a row's own columns with four settings of the running transaction, which `people.queries.access_of`
fills. The settings stand in sub-selects, so that PostgreSQL reads them once a statement and not once a row; a setting
that is missing or empty shows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, ProgrammingError, transaction
from psycopg import errors, sql

from keybook.database import WEB_ROLE

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HOW_TO = (
    "The database user {user} may not create roles. Let an administrator of the server run once: "
    "CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS; and give it a password, then migrate again."
)

_ALL = "(SELECT current_setting('keybook.everything', true)) = 'on'"


def _among(column: str, setting: str) -> str:
    """SQL: whether this column is in the list that one of the settings holds."""
    return f"{column} = ANY ((SELECT NULLIF(current_setting('keybook.{setting}', true), '')::bigint[])::bigint[])"


def on_columns(*, rm: str = "rm_id", branch: str = "branch_id", customer: str = "id") -> str:
    """SQL: whether a row that carries RM, branch and customer itself is inside the scope."""
    return " OR ".join([_ALL, _among(rm, "books"), _among(branch, "branches"), _among(customer, "customers")])


def on_branch(column: str = "branch_id") -> str:
    """SQL: whether a row belongs to a branch inside the scope."""
    return f"{_ALL} OR {_among(column, 'branches')}"


def on_customer(column: str = "customer_id") -> str:
    """SQL: whether the customer a row belongs to is inside the scope; the customer's own policy decides."""
    return f"EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = {column})"


def on_staff(column: str = "staff_id") -> str:
    """SQL: whether a row belongs to somebody whose book or whose branch is inside the scope."""
    branch = _among("s.branch_id", "branches")
    return f"{_ALL} OR {_among(column, 'books')} OR EXISTS (SELECT 1 FROM people_staff s WHERE s.id = {column} AND {branch})"


def policies(*, table: str, inside: str, append_only: bool = False) -> str:
    """SQL that binds a table: nobody reads or writes a row for which `inside` is false.

    An append-only table is written by triggers on rows that were checked already: any insert passes, no change does.
    """
    web = WEB_ROLE
    lines = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"]
    if append_only:
        lines += [
            f"CREATE POLICY scope_read ON {table} FOR SELECT TO {web} USING ({inside});",
            f"CREATE POLICY scope_append ON {table} FOR INSERT TO {web} WITH CHECK (true);",
            f"REVOKE UPDATE, DELETE ON {table} FROM {web};",
        ]
    else:
        lines.append(f"CREATE POLICY scope ON {table} TO {web} USING ({inside}) WITH CHECK ({inside});")
    return "\n".join(lines)


def unbind(*, table: str) -> str:
    """SQL that takes the policies off again, for a migration that goes back."""
    names = ("scope", "scope_read", "scope_append")
    drops = "\n".join(f"DROP POLICY IF EXISTS {name} ON {table};" for name in names)
    return f"{drops}\nALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"


def make_role(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the web server's role unless it exists, and let it use the tables of this schema, now and later.

    Raises RuntimeError with one sentence for the administrator when this user may not create roles.
    """
    role = sql.Identifier(WEB_ROLE)
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [WEB_ROLE])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("SELECT current_user, rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
            user, may_create = cursor.fetchone()
            if not may_create:
                raise RuntimeError(HOW_TO.format(user=user, role=WEB_ROLE))
            _create(role, editor)
        elif found[0]:
            raise RuntimeError(f"The role {WEB_ROLE} bypasses row-level security: ALTER ROLE {WEB_ROLE} NOBYPASSRLS.")
        for statement in _GRANTS:
            cursor.execute(sql.SQL(statement).format(role=role))


def _create(role: sql.Identifier, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the role; if another database of the same server has just done so, that is as good.

    Roles belong to the whole server, and PostgreSQL's locks of our own to one database: two that migrate at once can
    both find no role. The second waits for the first and is then told that it exists.
    """
    statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(role)
    try:
        with transaction.atomic(using=editor.connection.alias), editor.connection.cursor() as cursor:
            cursor.execute(statement)
    except (IntegrityError, ProgrammingError) as error:
        if not isinstance(error.__cause__, (errors.UniqueViolation, errors.DuplicateObject)):
            raise


_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)


def take_away(*, table: str, rights: str = "INSERT, UPDATE, DELETE") -> str:
    """SQL that takes rights on a table from the web server."""
    return f"REVOKE {rights} ON {table} FROM {WEB_ROLE};"
