"""The Django configuration of this app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Who is invited to what, who comes, and who waits for a seat."""

    name = "keybook.apps.events"
    label = "events"

    def ready(self) -> None:
        """Hear of contacts, of joined prospects and of the night; say when an event takes somebody's time."""
        from keybook.apps.events.queries.hours import HOURS
        from keybook.apps.memos.commands.joining import joined
        from keybook.apps.memos.commands.parting import parted
        from keybook.apps.plans.busy import PARTS
        from keybook.apps.reminders.commands import contact_corrected, contact_logged, reply_given
        from keybook.apps.reminders.nightly import night_opened

        reply_given.connect(on_reply, dispatch_uid="events.reply")
        contact_logged.connect(on_logged, dispatch_uid="events.logged")
        contact_corrected.connect(on_corrected, dispatch_uid="events.corrected")
        joined.connect(on_joined, dispatch_uid="events.joined")
        parted.connect(on_parted, dispatch_uid="events.parted")
        night_opened.connect(on_night, dispatch_uid="events.night")
        if HOURS not in PARTS:
            PARTS.append(HOURS)


def on_reply(*, customer_id: int, reminder_ids: Sequence[int], **_more: Any) -> None:
    """Somebody answers an invitation: the event is held before the customer."""
    from keybook.apps.events.commands.following import hold_asked

    hold_asked(customer_id=customer_id, reminder_ids=reminder_ids)


def on_logged(*, sender: Any, signal: Any, **said: Any) -> None:
    """The contact invited somebody, and may have brought their answer."""
    from keybook.apps.events.commands.following import told

    del sender, signal
    told(**said)


def on_corrected(*, interaction_id: int | None, instead_of: int, **_more: Any) -> None:
    """It was another contact, or none."""
    from keybook.apps.events.commands.following import told_otherwise

    told_otherwise(interaction_id=interaction_id, instead_of=instead_of)


def on_joined(*, prospect_id: int, customer_id: int, **_more: Any) -> dict[str, list[int]]:
    """The prospect's seats are the customer's; which they were is kept with the join."""
    from keybook.apps.events.commands.following import follow_join

    return follow_join(prospect_id=prospect_id, customer_id=customer_id)


def on_parted(*, prospect_id: int, customer_id: int, said: Any, **_more: Any) -> None:
    """The prospect's seats are the prospect's again."""
    from keybook.apps.events.commands.following import follow_parting

    follow_parting(prospect_id=prospect_id, customer_id=customer_id, said=said)


def on_night(*, day: Any, **_more: Any) -> None:
    """What is over is held, who has left gives the seat back, and who changed bankers is looked after by the new one."""
    from keybook.apps.events.commands.following import settle_night

    settle_night(day=day)
