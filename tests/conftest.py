"""What every test may ask for."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.cast import Cast, make_cast

# How fast an example runs says more of the machine than of Keybook; timings belong to the bench.
settings.register_profile("keybook", deadline=None)
settings.load_profile("keybook")


@pytest.fixture
def cast(db: None) -> Cast:
    """Everyone of tests/cast.py, stored; see there for the story."""
    return make_cast()
