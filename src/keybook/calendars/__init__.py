"""Fills the core's calendar values from public libraries: public holidays, make-up days, the Chinese calendar."""

from __future__ import annotations

from keybook.calendars.lunar import lunar_table
from keybook.calendars.work import UnknownCalendarError, workdays

__all__ = ["UnknownCalendarError", "lunar_table", "workdays"]
