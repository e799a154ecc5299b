"""The Django configuration of this app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class GateConfig(AppConfig):
    """Whether, how and when a customer may be contacted now: one answer for people, plans and campaigns."""

    name = "keybook.apps.gate"
    label = "gate"

    def ready(self) -> None:
        """Hear of contacts and of joined prospects, so that a reason to go ahead stands with what became of it."""
        from keybook.apps.memos.commands.joining import joined
        from keybook.apps.reminders.commands import contact_corrected, contact_logged

        contact_logged.connect(on_logged, dispatch_uid="gate.logged")
        contact_corrected.connect(on_corrected, dispatch_uid="gate.corrected")
        joined.connect(on_joined, dispatch_uid="gate.joined")


def on_logged(*, contact: Any, interaction_id: int, day: Any, **_more: Any) -> None:
    """The contact somebody went ahead with has taken place."""
    from keybook.apps.gate.commands import became

    became(interaction_id=interaction_id, on=day.at(contact.at))


def on_corrected(*, interaction_id: int | None, instead_of: int, **_more: Any) -> None:
    """It was another contact."""
    from keybook.apps.gate.commands import follow_correction

    follow_correction(interaction_id=interaction_id, instead_of=instead_of)


def on_joined(*, prospect_id: int, customer_id: int, **_more: Any) -> None:
    """What was kept of the prospect is the customer's."""
    from keybook.apps.gate.commands import follow_join

    follow_join(prospect_id=prospect_id, customer_id=customer_id)
