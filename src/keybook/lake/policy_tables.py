"""The tables [bank], [[tiers]] and [signals] of a mapping: what the bank decides, checked before anything is stored."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from keybook.lake.policy import PolicyError, SignalPolicy, with_rules


class MappingError(ValueError):
    """A mapping file that cannot be followed; the sentence names the file and the key."""


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier as the mapping states it; see `customers.Tier`."""

    code: str
    name: str
    name_zh: str
    rank: int
    enter_at: Decimal
    leave_at: Decimal
    standard_days: int | None
    grace_days: int


@dataclass(frozen=True, slots=True)
class BankPolicy:
    """What a mapping says of the bank itself; empty parts leave what is stored alone."""

    bank: tuple[tuple[str, str], ...] = ()
    tiers: tuple[TierRow, ...] = ()
    rules: tuple[tuple[str, dict[str, Any]], ...] = ()
    off: frozenset[str] = frozenset()


def read_policy(name: str, table: Mapping[str, Any]) -> BankPolicy:
    """The policy tables of a mapping; MappingError for an unknown key or a value that cannot be."""
    bank = _bank(name, table.get("bank", {}))
    tiers = tuple(_tier(name, number, row) for number, row in enumerate(table.get("tiers", []), 1))
    if [tier.rank for tier in tiers] != sorted({tier.rank for tier in tiers}):
        raise MappingError(f"{name}: tiers: write them from the lowest rank up, each rank once.")
    rules, off = {}, set()
    for kind, settings in table.get("signals", {}).items():
        if not isinstance(settings, dict):
            raise MappingError(f"{name}: signals.{kind}: write the thresholds as a table.")
        rules[kind] = {key: value for key, value in settings.items() if key != "on"}
        if settings.get("on", True) is False:
            off.add(kind)
    try:
        with_rules(SignalPolicy(), rules, frozenset(off))
    except PolicyError as error:
        raise MappingError(f"{name}: signals: {error}") from error
    return BankPolicy(bank=bank, tiers=tiers, rules=tuple(rules.items()), off=frozenset(off))


def _bank(name: str, table: Any) -> tuple[tuple[str, str], ...]:
    known = ("name", "name_zh", "currency", "time_zone", "calendar")
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise MappingError(f"{name}: bank: write each of {', '.join(known)} as a text.")
    for key in table:
        if key not in known:
            raise MappingError(f"{name}: bank: there is no key {key!r}; known are {', '.join(known)}.")
    for key, size in (("currency", 3), ("calendar", 2)):
        code = table.get(key, "X" * size)
        if len(code) != size or not (code.isascii() and code.isalpha() and code.isupper()):
            raise MappingError(f"{name}: bank.{key}: {code!r} is not a code of {size} capital letters.")
    if "time_zone" in table and table["time_zone"] not in zoneinfo.available_timezones():
        raise MappingError(f"{name}: bank.time_zone: there is no time zone {table['time_zone']!r}.")
    return tuple(table.items())


def _tier(name: str, number: int, row: Any) -> TierRow:
    known = {"code", "name", "name_zh", "rank", "enter_at", "leave_at", "standard_days", "grace_days"}
    if not isinstance(row, dict) or not {"code", "name", "enter_at"} <= set(row) <= known:
        raise MappingError(
            f"{name}: tier {number}: it needs code, name and enter_at and may have {', '.join(sorted(known))}."
        )
    try:
        enter = Decimal(str(row["enter_at"]))
        leave = Decimal(str(row.get("leave_at", row["enter_at"])))
        days = row.get("standard_days")
        tier = TierRow(
            code=str(row["code"]),
            name=str(row["name"]),
            name_zh=str(row.get("name_zh", "")),
            rank=int(row.get("rank", number - 1)),
            enter_at=enter,
            leave_at=leave,
            standard_days=None if days is None else int(days),
            grace_days=int(row.get("grace_days", 5)),
        )
    except (InvalidOperation, ValueError, TypeError) as error:
        raise MappingError(f"{name}: tier {number}: {error or 'a value is not a number'}.") from error
    if not tier.enter_at.is_finite() or leave > enter:
        raise MappingError(f"{name}: tier {number}: leave_at may not be above enter_at.")
    return tier
