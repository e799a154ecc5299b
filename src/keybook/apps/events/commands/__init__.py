"""The verbs of events; every face calls these."""

from keybook.apps.events.commands.answering import Kept, answer, mark, withdraw
from keybook.apps.events.commands.inviting import Invited, invite, previewed
from keybook.apps.events.commands.making import Draft, Made, cancel_event, change_event, make_event, open_event

__all__ = [
    "Draft",
    "Invited",
    "Kept",
    "Made",
    "answer",
    "cancel_event",
    "change_event",
    "invite",
    "make_event",
    "mark",
    "open_event",
    "previewed",
    "withdraw",
]
