"""Dates, times, lengths and repetitions in Chinese text, each with every way to read it.

`times` gives what a reader of the line would see: at each place the largest entity. `every_time` gives the parts
inside them too: the day of a moment, the two ends of a range. Pure: the text, the moment it was written and the Chinese
calendar go in. Without a calendar, days of the Chinese one are read only as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from keybook.core.occasions import LunarTable
from keybook.core.reading.chinese_clock import TIME_RULES
from keybook.core.reading.chinese_days import DAY_RULES
from keybook.core.reading.chinese_durations import DURATION_RULES
from keybook.core.reading.chinese_holidays import HOLIDAY_RULES
from keybook.core.reading.chinese_joins import joined
from keybook.core.reading.chinese_numbers import folded
from keybook.core.reading.chinese_periods import PERIOD_RULES
from keybook.core.reading.chinese_sets import NOW_RULES, SET_RULES
from keybook.core.reading.chinese_values import Moment, Piece
from keybook.core.reading.entity import Entity

RULES = (*DAY_RULES, *HOLIDAY_RULES, *PERIOD_RULES, *TIME_RULES, *DURATION_RULES, *SET_RULES, *NOW_RULES)


def times(*, text: str, at: datetime, table: LunarTable | None) -> tuple[Entity, ...]:
    """The entities of a text in its order, at each place the largest; two that fit the same stretch are both given."""
    found = _pieces(text, at, table)
    taken = bytearray(len(text))
    kept: dict[tuple[int, int], list[Piece]] = {}
    for piece in sorted(found, key=lambda piece: (-piece.length, piece.start)):
        place = (piece.start, piece.end)
        if place in kept:
            kept[place].append(piece)
        elif not any(taken[piece.start : piece.end]):
            kept[place] = [piece]
            taken[piece.start : piece.end] = b"\x01" * piece.length
    return _entities((piece for pieces in kept.values() for piece in pieces), text)


def every_time(*, text: str, at: datetime, table: LunarTable | None) -> tuple[Entity, ...]:
    """Every entity of a text, with those inside larger ones: for `keybook memo read` and the specifications."""
    return _entities(_pieces(text, at, table), text)


def _entities(pieces: Iterable[Piece], text: str) -> tuple[Entity, ...]:
    ordered = sorted(pieces, key=lambda piece: (piece.start, -piece.length))
    return tuple(_trimmed(piece.entity(text)) for piece in ordered)


def _trimmed(entity: Entity) -> Entity:
    """Without the space a rule took along: 13800138000 2点 is a phone, and an hour that begins at its figure."""
    text = entity.text.strip()
    start = entity.start + len(entity.text) - len(entity.text.lstrip())
    return replace(entity, start=start, length=len(text), text=text)


def _pieces(text: str, at: datetime, table: LunarTable | None) -> list[Piece]:
    moment, plain = Moment(at.replace(tzinfo=None), table), folded(text)
    found = [piece for rule in RULES for piece in rule.pieces(plain, moment)]
    made = joined(_largest(found, len(plain)), plain, moment)
    return list({(piece.kind, piece.start, piece.end): piece for piece in reversed(made) if not piece.joint}.values())


def _largest(pieces: list[Piece], length: int) -> list[Piece]:
    """Without those that overlap a larger one of their kind or lie inside a larger one of another."""
    owners: list[Piece | None] = [None] * length
    by_kind: dict[str, bytearray] = {}
    kept = []
    for piece in sorted(pieces, key=lambda piece: -piece.length):
        taken = by_kind.setdefault(piece.kind, bytearray(length))
        owner = owners[piece.start]
        inside = owner and not piece.joint and owner is owners[piece.end - 1] and owner.length > piece.length
        if inside or any(taken[piece.start : piece.end]):
            continue
        kept.append(piece)
        for place in range(piece.start, piece.end):
            taken[place] = 1
            owners[place] = owners[place] or piece
    return kept
