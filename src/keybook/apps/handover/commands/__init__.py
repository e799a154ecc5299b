"""The verbs of handover: hand over, hand back, set caps and the rule of neglect, answer and decide on what is offered back."""

from keybook.apps.handover.commands.access import reopen_access
from keybook.apps.handover.commands.back import hand_back, preview_back
from keybook.apps.handover.commands.moving import hand_over, hand_over_one, leave
from keybook.apps.handover.commands.offers import answer, let_stay, raise_offers, reassign
from keybook.apps.handover.commands.settings import set_cap, set_neglect_rule
from keybook.apps.handover.commands.wishes import answer_wish, wish

__all__ = [
    "answer", "answer_wish", "hand_back", "hand_over", "hand_over_one", "leave", "let_stay", "preview_back", "raise_offers", "reassign",
    "reopen_access", "set_cap", "set_neglect_rule", "wish",
]  # fmt: skip
