"""The rules by which reminders are placed and the greetings' words: the bank's own where it has any, else the core's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from keybook.apps.reminders.models import Greeting, Rule
from keybook.core import reminding
from keybook.core.workdays import Direction


@dataclass(frozen=True, slots=True)
class Rules:
    """How each kind is placed, and how many workdays late a promise is broken."""

    placing: Mapping[reminding.Kind, reminding.Rule]
    broken_after: int = reminding.BROKEN_AFTER


def rules_of() -> Rules:
    """The rules in force, in one statement."""
    found = dict(reminding.DEFAULTS)
    patience = reminding.BROKEN_AFTER
    for kind, lead_days, direction, broken_after in Rule.objects.values_list(
        "kind", "lead_days", "direction", "broken_after"
    ):
        if kind in found:
            found[kind] = reminding.Rule(lead_days, cast("Direction", direction))
            patience = broken_after or patience
    return Rules(MappingProxyType(found), patience)


def own_greetings() -> dict[tuple[str, str], str]:
    """The bank's own words, by kind and language."""
    return {(kind, language): text for kind, language, text in Greeting.objects.values_list("kind", "language", "text")}
