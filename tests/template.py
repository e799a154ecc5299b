"""The database every test database is a copy of: migrated once for one state of the migrations, not once a worker."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.core.management import call_command
from django.db import connection

import keybook

SOURCE = Path(keybook.__file__).parent
FROM = (
    "apps/*/migrations/*.py", "apps/people/row_security.py", "apps/people/sparing.py", "database.py", "settings/base.py",
)  # fmt: skip
LOCK = 7_204_001


def state() -> str:
    """A fingerprint of everything a fresh database follows from: our migrations and the libraries that bring their own."""
    found = hashlib.sha256()
    for pattern in FROM:
        for path in sorted(SOURCE.glob(pattern)):
            found.update(path.relative_to(SOURCE).as_posix().encode())
            found.update(path.read_bytes())
    lock = SOURCE.parent.parent / "requirements.lock"
    found.update(lock.read_bytes() if lock.exists() else b"")
    return found.hexdigest()[:16]


def make() -> str:
    """The template's name; made by the first of the workers that ask, while the others wait."""
    name = f"keybook_template_{state()}"
    own = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'keybook_template_%%'")
            found = {row[0] for row in cursor.fetchall()}
            if name not in found:
                for old in found:
                    cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
                half = f"{name}_half"
                cursor.execute(f'CREATE DATABASE "{half}"')
                _migrate(half)
                cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
            connection.settings_dict["NAME"] = own
    return name


def _migrate(name: str) -> None:
    """Bring an empty database up to date."""
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    finally:
        connection.close()
