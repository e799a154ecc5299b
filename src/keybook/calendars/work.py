"""The workdays of a country: China's from the State Council's yearly notices, others from public holidays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from keybook.core.workdays import WorkCalendar

CHINA = "CN"
FIRST_YEAR, LAST_YEAR = 1990, 2060


class UnknownCalendarError(ValueError):
    """No public holidays are known for this country."""


@lru_cache(maxsize=8)
def workdays(country: str, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> WorkCalendar:
    """The work calendar of a country (ISO 3166-1 alpha-2), both years included, made once in a process.

    China's make-up days are only known once a year's notice is out, usually in November of the year before; the
    years beyond follow the public holidays alone, until `chinesecalendar` is upgraded.
    """
    years = range(first_year, last_year + 1)
    if country == CHINA:
        return _china(years)
    return WorkCalendar(holidays=frozenset(_public(country, years)))


def _china(years: range) -> WorkCalendar:
    from chinese_calendar.constants import holidays, workdays

    noticed = {day.year for day in holidays}
    other = _public(CHINA, [year for year in years if year not in noticed])
    return WorkCalendar(
        holidays=frozenset({*(day for day in holidays if day.year in years), *other}),
        makeup=frozenset(day for day in workdays if day.year in years),
    )


def _public(country: str, years: Iterable[int]) -> set[date]:
    from holidays import country_holidays

    wanted = list(years)
    if not wanted:
        return set()
    try:
        return set(country_holidays(country, years=wanted))
    except NotImplementedError:
        raise UnknownCalendarError(f"No public holidays are known for the country {country!r}.") from None
