"""The Django configuration of this app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from keybook.apps.reminders.queries import Day
    from keybook.core.gate import Past


class PlansConfig(AppConfig):
    """Contacts placed on days, within the capacity of those who make them."""

    name = "keybook.apps.plans"
    label = "plans"

    def ready(self) -> None:
        """Hear of contacts, of joined prospects and of the night, so that what is planned follows what is so."""
        from keybook.apps.gate.planned import SOURCES
        from keybook.apps.memos.commands.joining import joined
        from keybook.apps.memos.commands.parting import parted
        from keybook.apps.reminders.commands import contact_corrected, contact_logged
        from keybook.apps.reminders.nightly import night_opened

        contact_logged.connect(on_logged, dispatch_uid="plans.logged")
        contact_corrected.connect(on_changed, dispatch_uid="plans.corrected")
        joined.connect(on_joined, dispatch_uid="plans.joined")
        parted.connect(on_parted, dispatch_uid="plans.parted")
        night_opened.connect(on_night, dispatch_uid="plans.night")
        if planned not in SOURCES:
            SOURCES.append(planned)


def planned(*, customer_ids: Sequence[int], by_id: int, day: Day) -> Mapping[int, Sequence[Past]]:
    """What is planned, for the gate to speak of before somebody else is in touch."""
    from keybook.apps.plans.queries.gates import ahead_of

    return ahead_of(customer_ids=customer_ids, by_id=by_id, day=day)


def on_logged(*, sender: Any, signal: Any, **said: Any) -> None:
    """The planned contact is done."""
    from keybook.apps.plans.commands.becoming import become
    from keybook.apps.proposals.commands import follow_contact

    del sender, signal
    if become(**said):  # what was planned stood against proposing anything
        follow_contact(customer_id=said["customer_id"], contact=said["contact"], day=said["day"])


def on_changed(*, sender: Any, signal: Any, day: Any, **said: Any) -> None:
    """It was another contact, or none."""
    from keybook.apps.plans.commands.becoming import become_again
    from keybook.apps.proposals.commands import follow_correction

    del sender, signal
    become_again(**said)
    follow_correction(interaction_id=said["instead_of"], day=day)


def on_joined(*, prospect_id: int, customer_id: int, **_more: Any) -> dict[str, list[int]]:
    """What was planned with the prospect is planned with the customer; what it was, is kept with the join."""
    from keybook.apps.plans.commands.settling import follow_join

    return follow_join(prospect_id=prospect_id, customer_id=customer_id)


def on_parted(*, prospect_id: int, customer_id: int, said: Any, **_more: Any) -> None:
    """What was planned with the prospect is the prospect's again."""
    from keybook.apps.plans.commands.settling import follow_parting

    follow_parting(prospect_id=prospect_id, customer_id=customer_id, said=said)


def on_night(**_more: Any) -> None:
    """What nothing asks for any more is taken out."""
    from keybook.apps.plans.commands.settling import settle_entries

    settle_entries()
