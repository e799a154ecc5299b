"""The verbs of the RM's day and of the night; every face calls these."""

from keybook.apps.interactions.commands import Contact
from keybook.apps.reminders.commands.contacts import Logged, correct_contact, log_contact
from keybook.apps.reminders.commands.lines import Done, dismiss, hand_over, snooze, take_back, undo
from keybook.apps.reminders.commands.opening import break_promises, expire, open_occasions, open_standards
from keybook.apps.reminders.commands.ranking import rank_all, refresh_lines
from keybook.apps.reminders.commands.refusals import NotYoursError, RefusedError
from keybook.apps.reminders.commands.standing import restate, restate_all
from keybook.apps.reminders.queries import Day, day_of

__all__ = [
    "Contact", "Day", "Done", "Logged", "NotYoursError", "RefusedError", "break_promises", "correct_contact", "day_of",
    "dismiss", "expire", "hand_over", "log_contact", "open_occasions", "open_standards", "rank_all", "refresh_lines",
    "restate", "restate_all", "snooze", "take_back", "undo",
]  # fmt: skip
