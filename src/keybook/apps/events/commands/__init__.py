"""The verbs of events; every face calls these."""

from keybook.apps.events.commands.answering import Answer, Kept, answer, mark, withdraw
from keybook.apps.events.commands.inviting import Invited, invite
from keybook.apps.events.commands.making import (
    Draft,
    Made,
    cancel_event,
    change_event,
    make_event,
    may_make,
    open_event,
)

__all__ = [
    "Answer",
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
    "may_make",
    "open_event",
    "withdraw",
]
