"""The doctor: one line per thing that must be right, with the way out when it is not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRESQL = 15
LEAST_FREE_GB = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what to do if not."""

    what: str
    well: bool
    says: str


def examine() -> Iterator[Finding]:
    """Look at everything in turn; a check that cannot run is a finding, not a crash."""
    checks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("Python", _python),
        ("disk", _disk),
        ("database", _database),
        ("row security", _row_security),
        ("tables", _tables),
        ("bank data", _bank_data),
        ("assets", _assets),
        ("mail", _mail),
        ("outbound", _outbound),
    )
    for name, check in checks:
        try:
            yield check()
        except Exception as error:  # noqa: BLE001  the doctor reports whatever goes wrong and goes on
            yield Finding(name, False, f"{type(error).__name__}: {error}")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= OLDEST_PYTHON, f"{version}; 3.11 or newer is needed")


def _disk() -> Finding:
    from django.conf import settings

    free = shutil.disk_usage(settings.HOME).free / 2**30
    return Finding(
        "disk", free > LEAST_FREE_GB, f"{free:.0f} GB free in {settings.HOME}; keep {LEAST_FREE_GB} GB or more"
    )


def _database() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = str(cursor.fetchone()[0])
    return Finding(
        "database", int(version.partition(".")[0]) >= OLDEST_POSTGRESQL, f"PostgreSQL {version}; 15 or newer is needed"
    )


def _row_security() -> Finding:
    from django.db import connection

    from keybook.database import WEB_ROLE

    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [WEB_ROLE])
        role = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
        tables = cursor.fetchone()[0]
    if role is None:
        return Finding("row security", False, f"the role {WEB_ROLE} is missing; run keybook migrate")
    return Finding("row security", not role[0] and tables > 0, f"{WEB_ROLE} is bound by policies on {tables} tables")


def _tables() -> Finding:
    from keybook.operate.server import pending_migrations

    pending = pending_migrations()
    return Finding(
        "tables", not pending, "up to date" if not pending else f"{len(pending)} to apply; run keybook migrate"
    )


def _bank_data() -> Finding:
    from keybook.apps.people.models import Bank

    bank = Bank.objects.first()
    if bank is None or bank.business_date is None:
        return Finding("bank data", False, "no nightly run yet; load feeds, then run keybook nightly --date")
    return Finding("bank data", True, f"business date {bank.business_date}, data of {bank.data_date}")


def _assets() -> Finding:
    from django.contrib.staticfiles import finders

    found = finders.find("keybook") is not None
    return Finding("assets", found, "built" if found else "not built; run make assets")


def _mail() -> Finding:
    """Whether mail can be sent: the server is asked for its greeting, and nothing is sent."""
    from django.conf import settings
    from django.core.mail import get_connection

    from keybook.outbound import RefusedError
    from keybook.settings.mail import GUARDED, NOT_SET

    if settings.EMAIL_BACKEND == NOT_SET:
        return Finding("mail", False, "not set up: digests wait; set KEYBOOK_EMAIL_URL, see docs/operate/mail.md")
    if settings.EMAIL_BACKEND != GUARDED:
        return Finding(
            "mail", True, f"nothing is sent; mails are written to {getattr(settings, 'EMAIL_FILE_PATH', 'a folder')}"
        )
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        connection = get_connection()
        connection.open()
        connection.close()
    except RefusedError as error:
        return Finding(
            "mail", False, f"{where}: {error} Add {where} to KEYBOOK_OUTBOUND_ALLOW if it is the bank's own."
        )
    except Exception as error:  # noqa: BLE001  a certificate, a password, a name: whatever it is, it stands here
        return Finding("mail", False, f"{where} does not take mail ({type(error).__name__}); digests wait")
    return Finding("mail", True, f"{where} answers, from {settings.DEFAULT_FROM_EMAIL}")


def _outbound() -> Finding:
    """Whether the list of the bank's own hosts can be read, and that proxies are not used."""
    from keybook import outbound

    try:
        allowed = outbound.allowance()
    except ValueError as error:
        return Finding("outbound", False, str(error))
    said = f"the open internet by https, and {len(allowed.hosts) + len(allowed.networks)} hosts or networks of the bank"
    proxies = outbound.proxies_said()
    return Finding("outbound", True, said + (f"; {', '.join(proxies)} is not used" if proxies else ""))
