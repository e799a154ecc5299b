"""Who knows of time that is taken: the apps above the plans enter their part of the statement here when they are ready."""

from __future__ import annotations

PARTS: list[str] = []
"""SQL that gives (staff, number, begins at, ends at, title, source) of the members of staff `%(staff)s`, of whatever lies
between `%(begins)s` and `%(ends)s`; added to the statement that reads meetings, so that a plan asks no more often."""
