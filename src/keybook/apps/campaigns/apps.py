"""The Django configuration of this app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keybook.apps.interactions.commands import Contact
    from keybook.apps.reminders.queries import Day


class CampaignsConfig(AppConfig):
    """Whom a campaign contacts, the task of each contact, and what came of it."""

    name = "keybook.apps.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """Hear of contacts, of joined prospects and of the night, so that targets follow what is so."""
        from keybook.apps.memos.commands.joining import joined
        from keybook.apps.memos.commands.parting import parted
        from keybook.apps.reminders.commands import contact_corrected, contact_logged
        from keybook.apps.reminders.nightly import night_opened

        contact_logged.connect(on_logged, dispatch_uid="campaigns.logged")
        contact_corrected.connect(on_corrected, dispatch_uid="campaigns.corrected")
        joined.connect(on_joined, dispatch_uid="campaigns.joined")
        parted.connect(on_parted, dispatch_uid="campaigns.parted")
        night_opened.connect(on_night, dispatch_uid="campaigns.night")


def on_logged(*, contact: Contact, interaction_id: int, closed: Sequence[int], day: Day, **_more: Any) -> None:
    """The task is done, and the contact says with what result."""
    from keybook.apps.campaigns.commands.hearing import hear_contact

    hear_contact(contact=contact, interaction_id=interaction_id, closed=closed, day=day)


def on_corrected(*, contact: Contact | None, interaction_id: int | None, instead_of: int, **_more: Any) -> None:
    """It was another contact, or none."""
    from keybook.apps.campaigns.commands.hearing import hear_correction

    hear_correction(contact=contact, interaction_id=interaction_id, instead_of=instead_of)


def on_joined(*, prospect_id: int, customer_id: int, **_more: Any) -> dict[str, list[int]]:
    """The prospect's targets are the customer's; what has moved is kept with the join."""
    from keybook.apps.campaigns.commands.hearing import hear_join

    return hear_join(prospect_id=prospect_id, customer_id=customer_id)


def on_parted(*, prospect_id: int, customer_id: int, said: Any, **_more: Any) -> None:
    """They are the prospect's again."""
    from keybook.apps.campaigns.commands.hearing import hear_parting

    hear_parting(prospect_id=prospect_id, customer_id=customer_id, said=said)


def on_night(*, day: Day, **_more: Any) -> None:
    """What is over ends."""
    from keybook.apps.campaigns.commands.ending import end_over

    end_over(day=day)
