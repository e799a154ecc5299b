"""The verbs of the RM's day and of the night; every face calls these."""

from keybook.apps.interactions.commands import Contact
from keybook.apps.reminders.commands.contacts import (
    Logged,
    contact_corrected,
    contact_logged,
    correct_contact,
    log_contact,
    reply_given,
)
from keybook.apps.reminders.commands.exceptions import end_exception, give_exception
from keybook.apps.reminders.commands.keeping import (
    Kept,
    Noted,
    add_occasion,
    change_occasion,
    greet,
    observe,
    remove_occasion,
    settle_days,
)
from keybook.apps.reminders.commands.lines import Done, dismiss, hand_over, snooze, take_back, undo
from keybook.apps.reminders.commands.occasions import open_occasions
from keybook.apps.reminders.commands.opening import break_promises, close_rolled, expire, open_standards, place_signals
from keybook.apps.reminders.commands.promises import (
    Promised,
    Said,
    change_promise,
    keep_promise,
    make_promise,
    move_promises,
    weigh_promises,
    withdraw_promise,
)
from keybook.apps.reminders.commands.ranking import rank_all, refresh_lines
from keybook.apps.reminders.commands.refusals import NotYoursError, RefusedError
from keybook.apps.reminders.commands.rules import set_greeting, set_rule
from keybook.apps.reminders.commands.sampling import draw_sample
from keybook.apps.reminders.commands.standing import restate, restate_all
from keybook.apps.reminders.queries import Day, day_of, moment

__all__ = [
    "Contact",
    "Day",
    "Done",
    "Kept",
    "Logged",
    "NotYoursError",
    "Noted",
    "Promised",
    "RefusedError",
    "Said",
    "add_occasion",
    "break_promises",
    "change_occasion",
    "change_promise",
    "close_rolled",
    "contact_corrected",
    "contact_logged",
    "correct_contact",
    "day_of",
    "dismiss",
    "draw_sample",
    "end_exception",
    "expire",
    "give_exception",
    "greet",
    "hand_over",
    "keep_promise",
    "log_contact",
    "make_promise",
    "moment",
    "move_promises",
    "observe",
    "open_occasions",
    "open_standards",
    "place_signals",
    "rank_all",
    "refresh_lines",
    "remove_occasion",
    "reply_given",
    "restate",
    "restate_all",
    "set_greeting",
    "set_rule",
    "settle_days",
    "snooze",
    "take_back",
    "undo",
    "weigh_promises",
    "withdraw_promise",
]  # fmt: skip
