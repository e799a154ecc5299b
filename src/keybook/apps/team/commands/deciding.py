"""Answer what waits for a second person, by the verb of the app it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keybook.apps.gifts.commands import decide as decide_gift
from keybook.apps.handover.commands.offers import let_stay
from keybook.apps.handover.commands.wishes import answer_wish
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import NotYoursError
from keybook.apps.reminders.queries import Day


@dataclass(frozen=True, slots=True)
class Answer:
    """What the second person says, and why."""

    yes: bool
    reason: str


def answer(*, by: Scope, kind: str, waiting_id: int, said: Answer, day: Day) -> str:
    """Approve or refuse, and give the sentence of it. Who may and what is refused, the verb itself knows."""
    verb = VERBS.get(kind)
    if verb is None:
        raise NotYoursError
    return verb(by, waiting_id, said, day)


def _gift(by: Scope, gift_id: int, said: Answer, _day: Day) -> str:
    return decide_gift(by=by, gift_id=gift_id, approve=said.yes, reason=said.reason).sentence


def _offer(by: Scope, offer_id: int, said: Answer, day: Day) -> str:
    """Only staying is decided here: who gets the customer instead is chosen at the handover."""
    if not said.yes:
        raise NotYoursError
    return let_stay(by=by, offer_id=offer_id, reason=said.reason, day=day)


def _wish(by: Scope, wish_id: int, said: Answer, day: Day) -> str:
    return answer_wish(by=by, wish_id=wish_id, done=said.yes, text=said.reason, day=day)


VERBS: Mapping[str, Callable[[Scope, int, Answer, Day], str]] = {"gift": _gift, "offer": _offer, "wish": _wish}
