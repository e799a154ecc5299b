"""What every test may ask for."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests import template
from tests.cast import Cast, make_cast

# Workers of a test run share the cores: threads of one that wait for each other, spinning, take them from the rest.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# How fast an example runs says more of the machine than of Keybook; timings belong to the bench.
settings.register_profile("keybook", deadline=None)
settings.load_profile("keybook")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Let every test database be a copy of one that is migrated already."""
    from django.db import connection

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.settings_dict["TEST"]["TEMPLATE"] = template.make()


@pytest.fixture
def cast(db: None) -> Cast:
    """Everyone of tests/cast.py, stored; see there for the story."""
    return make_cast()
