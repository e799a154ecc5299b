"""The Django configuration of this app."""

import datetime as dt
from typing import Any

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Promises, occasions and signals; the ranked list of whom to contact."""

    name = "keybook.apps.reminders"
    label = "reminders"

    def ready(self) -> None:
        """Hear when a deputy goes, so that nothing stays on a list nobody reads."""
        from keybook.apps.people.commands import deputy_ended

        deputy_ended.connect(give_back, dispatch_uid="reminders.give_back")


def give_back(*, today: dt.date, **_more: Any) -> None:
    """Bring the lines handed to the deputy back to their banker."""
    from keybook.apps.reminders.commands import take_back

    take_back(today=today)
