"""The hours and days a form offers."""

from __future__ import annotations

from django.utils.dates import WEEKDAYS_ABBR


def hours() -> list[tuple[int, str]]:
    """The hours of a day as clocks show them."""
    return [(hour, f"{hour:02}:00") for hour in range(24)]


def days() -> list[tuple[int, str]]:
    """The days of a week from Monday on."""
    return [(number, str(name)) for number, name in sorted(WEEKDAYS_ABBR.items())]
