"""How a customer can be reached: the truth behind every contact of the history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keybook.simulate.columns import Floats, Ints, pick
from keybook.simulate.people import People


@dataclass(frozen=True, slots=True)
class Habits:
    """The truth about how a customer can be reached: the best hour, how often they answer, the channel they like."""

    peak: Ints
    answers: Floats
    channel: Ints

    def likelihood(self, customer: Ints, hour: Ints) -> Floats:
        """How likely the customer answers a call at that hour."""
        near = np.exp(-(((hour - self.peak[customer]) / 1.6) ** 2))
        return np.clip(self.answers[customer] * (0.35 + 0.75 * near), 0.03, 0.97)


def make_habits(people: People, rng: np.random.Generator) -> Habits:
    """Draw the habits: the employed answer at noon or in the evening, the retired in the morning."""
    n = people.size
    by_work = np.array([12.5, 10.0, 15.5, 14.0, 10.5])[people.work]
    peak = np.clip(np.rint(by_work + rng.normal(0, 1.8, n)), 9, 17).astype(np.int64)
    weights = [0.5, 0.06, 0.08, 0.24, 0.03, 0.09]
    return Habits(peak=peak, answers=rng.beta(7, 2.5, n), channel=pick(rng, weights, n))
