"""Settings of the test-suite: a private PostgreSQL of its own, in KEYBOOK_TEST_HOME."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("KEYBOOK_HOME", os.environ.get("KEYBOOK_TEST_HOME", str(Path(".test-home").absolute())))

from keybook.settings.base import *  # noqa: F403
from keybook.settings.base import databases

SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEMO = True
DICTATION = True
DATABASE_ASSUME_ROLE = True  # requests step down to the web role, so that row-level security binds in every test
DATABASES = databases(os.environ.get("DATABASE_URL"), as_web=False, durable=False)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
