"""The Django configuration of this app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from keybook.apps.interactions.commands import Contact
    from keybook.apps.reminders.queries import Day


class ProposalsConfig(AppConfig):
    """The next best contact: what is proposed, why, and what became of it."""

    name = "keybook.apps.proposals"
    label = "proposals"

    def ready(self) -> None:
        """Decide each night once everybody's day is ranked, and anew for whom a contact was logged."""
        from keybook.apps.reminders import nightly
        from keybook.apps.reminders.commands import contact_corrected, contact_logged

        if ("next best", _propose) not in nightly.LATER:
            nightly.LATER.append(("next best", _propose))
        contact_logged.connect(on_contact, dispatch_uid="proposals.logged")
        contact_corrected.connect(on_corrected, dispatch_uid="proposals.corrected")


def _propose(*, day: Day) -> Mapping[str, int]:
    from keybook.apps.people.beside import READERS
    from keybook.apps.proposals.commands import propose_all

    return propose_all(day=day, readers=READERS)


def on_contact(*, customer_id: int, contact: Contact, day: Day, **_more: Any) -> None:
    """What was spoken of is no longer proposed."""
    from keybook.apps.proposals.commands import follow_contact

    follow_contact(customer_id=customer_id, contact=contact, day=day)


def on_corrected(*, interaction_id: int, day: Day, **_more: Any) -> None:
    """It was another contact, or none."""
    from keybook.apps.proposals.commands import follow_correction

    follow_correction(interaction_id=interaction_id, day=day)
