"""The Django configuration of this app."""

from typing import Any

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Contacts placed on days, within the capacity of those who make them."""

    name = "keybook.apps.plans"
    label = "plans"

    def ready(self) -> None:
        """Hear of contacts, of joined prospects and of the night, so that what is planned follows what is so."""
        from keybook.apps.memos.commands.joining import joined
        from keybook.apps.reminders.commands import contact_corrected, contact_logged
        from keybook.apps.reminders.nightly import night_opened

        contact_logged.connect(on_logged, dispatch_uid="plans.logged")
        contact_corrected.connect(on_corrected, dispatch_uid="plans.corrected")
        joined.connect(on_joined, dispatch_uid="plans.joined")
        night_opened.connect(on_night, dispatch_uid="plans.night")


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


def on_joined(*, prospect_id: int, customer_id: int, **_more: Any) -> None:
    """What was planned with the prospect is planned with the customer."""
    from keybook.apps.plans.commands.settling import follow_join

    follow_join(prospect_id=prospect_id, customer_id=customer_id)


def on_night(**_more: Any) -> None:
    """What nothing asks for any more is taken out."""
    from keybook.apps.plans.commands.settling import settle_entries

    settle_entries()
