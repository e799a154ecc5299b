"""What a logged contact answers."""

from __future__ import annotations

SPOKE = frozenset({"reached", "met"})


def answers(*, outcome: str, cause: str) -> bool:
    """Whether a contact with this outcome settles a reminder with this cause.

    Having spoken settles every cause. A message left settles a greeting and nothing else: a maturing deposit or a
    promise still wants an answer. Not having reached anyone settles nothing.
    """
    return outcome in SPOKE or (outcome == "left_message" and cause == "occasion")
