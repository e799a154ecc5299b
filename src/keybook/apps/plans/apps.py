"""The Django configuration of this app."""

from typing import Any

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Contacts placed on days, within the capacity of those who make them."""

    name = "keybook.apps.plans"
    label = "plans"

    def ready(self) -> None:
        """Hear of contacts, so that what was planned becomes what was done."""
        from keybook.apps.reminders.commands import contact_corrected, contact_logged

        contact_logged.connect(on_logged, dispatch_uid="plans.logged")
        contact_corrected.connect(on_corrected, dispatch_uid="plans.corrected")


def on_logged(*, sender: Any, signal: Any, **said: Any) -> None:
    """The planned contact is done."""
    from keybook.apps.plans.commands.becoming import become

    del sender, signal
    become(**said)


def on_corrected(*, sender: Any, signal: Any, day: Any, **said: Any) -> None:
    """It was another contact, or none."""
    from keybook.apps.plans.commands.becoming import become_again

    del sender, signal, day
    become_again(**said)
