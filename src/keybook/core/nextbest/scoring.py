"""What a contact is worth: value at stake × the chance that it helps × urgency, in money.

* **Value at stake**, in the bank's currency: the money the signal is about. Where there is none, or the whole relationship is
  meant, a share of the assets here, as the table says: what a missed contact of this theme puts in doubt. A judgement.
* **Chance that it helps**: the chance that they answer by this channel (`core.habits`) × the chance that the theme is taken up. The
  second is learned: each proposal accepted is an answer, each rejected one a try in vain. It starts even; the bank, the
  tier and the banker are each lent twenty imagined tries by the level above, the customer themself only two, so that their own no
  weighs most: even after one no it is (0.5·2 + 0) / 3 = 0.33.
* **Urgency**, from 0 to 1: 1 on the deadline and after it; every 14 days before it half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from keybook.core.habits import EVEN_RATE, NONE, Belief, Rate
from keybook.core.nextbest.facts import Candidate, Customer, Way

SHARES: Mapping[str, Decimal] = MappingProxyType(
    {
        "promise": Decimal("0.05"), "dormant": Decimal("0.05"), "below_tier": Decimal("0.05"),
        "standard": Decimal("0.02"), "risk_profile": Decimal("0.02"), "occasion": Decimal("0.01"),
        "campaign": Decimal("0.02"), "product_bought": Decimal("0.02"),
    }
)  # fmt: skip
USUAL_SHARE = Decimal("0.02")
OF_RELATIONSHIP = frozenset({"dormant", "below_tier", "standard", "risk_profile", "occasion"})
LEVEL_TRIES, OWN_TRIES = 20.0, 2.0
HALF_DAYS = 14
WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Taken:
    """How often a theme was taken up at one level above the customer, for every level from the bank down."""

    levels: Sequence[Rate] = ()
    own: Rate = NONE


@dataclass(frozen=True, slots=True)
class Score:
    """The factors and their product; `share` is none where the stake itself is the value."""

    value: Decimal
    share: Decimal | None
    answer: Belief
    taken: Belief
    urgency: float

    @property
    def chance(self) -> float:
        """The chance that the contact helps."""
        return self.answer.mean * self.taken.mean

    @property
    def worth(self) -> Decimal:
        """Value × chance × urgency, in whole units of the currency."""
        return (self.value * Decimal(self.chance * self.urgency)).quantize(WHOLE, ROUND_HALF_UP)


def score(*, customer: Customer, candidate: Candidate, way: Way, taken: Taken, today: date) -> Score:
    """The score of speaking of this theme by this channel."""
    value, share = value_of(customer=customer, candidate=candidate)
    return Score(value, share, way.answer, taken_up(taken=taken), urgency(due_on=candidate.due_on, today=today))


def value_of(*, customer: Customer, candidate: Candidate) -> tuple[Decimal, Decimal | None]:
    """The money at stake, and the share of the assets it is where it is one."""
    if candidate.stake > 0 and candidate.theme not in OF_RELATIONSHIP:
        return candidate.stake, None
    share = SHARES.get(candidate.theme, USUAL_SHARE)
    return max(customer.aum, Decimal(0)) * share, share


def taken_up(*, taken: Taken) -> Belief:
    """How likely the theme is taken up: even, then the bank, the tier, the banker, the customer."""
    rate = EVEN_RATE
    for level in taken.levels:
        rate = Belief(*level, rate, LEVEL_TRIES).mean
    return Belief(*taken.own, rate, OWN_TRIES)


def urgency(*, due_on: date, today: date) -> float:
    """1 on the deadline and after it, every 14 days before it half."""
    return float(0.5 ** (max((due_on - today).days, 0) / HALF_DAYS))
