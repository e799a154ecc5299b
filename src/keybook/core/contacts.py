"""What a logged contact answers."""

from __future__ import annotations

from datetime import date

SPOKE = frozenset({"reached", "met"})


def answers(*, outcome: str, cause: str) -> bool:
    """Whether a contact with this outcome can settle a reminder with this cause.

    Having spoken settles every cause. A message left settles a greeting and nothing else: a maturing deposit or a
    promise still wants an answer. Not having reached anyone settles nothing.
    """
    return outcome in SPOKE or (outcome == "left_message" and cause == "occasion")


def meant(*, cause: str, due_on: date, today: date, alone: bool) -> bool:
    """Whether a contact today is taken to be about this reminder unless the banker says otherwise.

    Everything open is, but for an occasion still to come when there was another reason: it will be wished on its day.
    """
    return alone or cause != "occasion" or due_on <= today


WRITTEN = frozenset({"wechat", "sms", "email", "letter"})
IN_PERSON = frozenset({"visit", "branch"})


def is_made(*, outcome: str, channel: str) -> bool:
    """Whether a contact was made, as a plan means it: one has spoken, or what was to be sent was sent.

    A call that nobody answered was not, nor was one that left a message: it stays planned.
    """
    return outcome in SPOKE or (outcome == "left_message" and channel in WRITTEN)
