"""The ways in which a verb of the day can be refused."""

from __future__ import annotations

from keybook.apps.interactions.commands import RefusedError

__all__ = ["NotYoursError", "RefusedError"]


class NotYoursError(Exception):
    """There is no such customer for this member of staff; a face answers 404 and says no more."""
