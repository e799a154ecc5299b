"""How long a memorandum takes to be read and understood, and how long hostile ones do."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from bench.report import ROOT, Row, keep

AT = dt.datetime(2026, 11, 23, 10, 32)  # noqa: DTZ001  the wall clock of the set
HOSTILE = (
    "1" * 10_000,
    "一二" * 5_000,
    "1 " * 5_000,
    "one and " * 1_200,
    "20万 " * 2_500,
    "$5 " * 3_000,
    "8月到期" * 2_500,
    "💰" * 10_000,
    "tomorrow call " * 700,
)


def measure() -> list[Row]:
    """Draft each of the two hundred lines three times in a warm process; start the command once in a new one."""
    from keybook.calendars import lunar_table
    from keybook.core.memo_draft import Setting, draft

    setting = Setting(table=lunar_table())
    lines = [json.loads(line)["text"] for line in (ROOT / "tests" / "core" / "memo_set.jsonl").read_text().splitlines()]
    for line in lines[:20]:
        draft(text=line, at=AT, setting=setting)
    times = sorted(_seconds(partial(draft, text=line, at=AT, setting=setting)) for line in lines * 3)
    worst = max(_seconds(partial(draft, text=text, at=AT, setting=setting)) for text in HOSTILE)
    p95 = times[int(len(times) * 0.95)]
    chinese = _seconds(partial(_command, "zh", "张先生 13800138000 八月底定期到期 45万 提醒他"))
    english = _seconds(partial(_command, "en", "Mr Zhang's deposit of 450k matures end of August"))
    rows = [
        Row(f"a memo understood, {len(lines)} lines, median / p95 / worst",
            f"{statistics.median(times) * 1000:.1f} / {p95 * 1000:.1f} / {times[-1] * 1000:.1f} ms", "< 20 ms", "5 ms", well=p95 < 0.020),
        Row(f"the worst of {len(HOSTILE)} hostile texts of 10,000 characters", f"{worst:.2f} s", "", "1 s"),
        Row("keybook memo read, a new process, Chinese / English", f"{chinese:.2f} / {english:.2f} s", "", "0.5 s"),
    ]  # fmt: skip
    keep("memo", rows)
    return rows


def _seconds(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def _command(language: str, text: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "keybook", "memo", "read", "--lang", language, "--json", text],
        check=True,
        capture_output=True,
    )
