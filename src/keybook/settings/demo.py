"""Settings of the demo: this machine only, one click per persona, its own key, the private PostgreSQL."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from keybook.settings.base import *  # noqa: F403
from keybook.settings.base import AS_WEB, HOME, databases


def key_kept_in(file: Path) -> str:
    """The key of this demo, made at the first start and readable by this user only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(64))
    return file.read_text().strip()


DEMO = True
DICTATION = True
SECRET_KEY = key_kept_in(HOME / "demo.key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DATABASES = databases(os.environ.get("DATABASE_URL"), as_web=AS_WEB)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # the demo sends nothing: its mails lie in a folder
EMAIL_FILE_PATH = HOME / "mail"
