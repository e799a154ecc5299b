"""The Django configuration of this app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from keybook.apps.reminders.queries import Day


class TeamConfig(AppConfig):
    """How well a branch looks after its customers, by banker and tier, and what waits for approval."""

    name = "keybook.apps.team"
    label = "team"

    def ready(self) -> None:
        """Keep how the books stand each night, once everything is decided."""
        from keybook.apps.reminders import nightly

        if ("team", _keep) not in nightly.LATER:
            nightly.LATER.append(("team", _keep))


def _keep(*, day: Day) -> Mapping[str, int]:
    """Keep the day."""
    from keybook.apps.team.commands.keeping import keep_day

    return keep_day(day=day)
