"""Rows as a CSV or Excel file; nothing in it is a formula, whatever a customer is called."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

Cell = str | int | Decimal | date | None
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ENDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


def harmless(value: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers and dates stay themselves."""
    if not isinstance(value, str):
        return value
    text = value.translate(CONTROLS)
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(STARTS) or text.startswith(STARTS) else text


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The file with the mark by which Excel knows its letters."""
    held = io.StringIO()
    written = csv.writer(held)
    written.writerows([[harmless(cell) for cell in row] for row in [list(heads), *rows]])
    return held.getvalue().encode("utf-8-sig")


def as_xlsx(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The file; every text a text, whatever it begins with."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Keybook")
    for row in [list(heads), *rows]:
        sheet.append([harmless(cell) for cell in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


WRITE = {"csv": as_csv, "xlsx": as_xlsx}
