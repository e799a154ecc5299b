"""What every contact has to mind with a few of the key customers: complaints, care, mourning, consents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from keybook.simulate.columns import Flags, Ints, dates, day_number, words
from keybook.simulate.people import People
from keybook.simulate.plan import Plan
from keybook.simulate.register import cast_rows, numbers_of, rm_code, speaks_english
from keybook.simulate.stories import NONE, Stories

STREAM = 60
YEAR = 365
COMPLAINTS = (
    (("Waited forty minutes although an appointment was made", "预约了仍等了四十分钟"),
     ("Apologised in person; the lobby calls appointments first now", "当面致歉，大堂已改为预约优先")),
    (("A transfer abroad took nine days and nobody called", "境外汇款九天才到，没人告知"), ("Fee returned, explained", "已退费并说明")),
    (("Sold a fund as if it could not fall", "推荐基金时没讲清会跌"), ("Heard together with compliance, fee returned", "会同合规复核，已退手续费")),
    (("Three calls about the same product in one week", "一周内为同一产品打了三次电话"), ("Apologised; marketing calls stopped", "已致歉，停止推介电话")),
)  # fmt: skip
CARE = (
    ("senses", ("Hard of hearing: write, or speak slowly", "听力不好：发文字，或放慢语速")),
    ("deciding", ("Decides together with her daughter: bring her in", "大事和女儿商量：请女儿一起参加")),
    ("health", ("In treatment since spring: ask first whether it suits", "春天起在治疗：先问方不方便")),
    ("fraud", ("Was called by a false police officer: confirm every transfer", "接到过冒充警察的电话：每笔转账都要核实")),
    ("senses", ("Uses a wheelchair: meet where there is no step", "使用轮椅：请选无台阶的地方")),
)  # fmt: skip
SOURCES = (
    ("Account opening form", "开户申请表"),
    ("Said in a call", "电话中告知"),
    ("Mobile bank", "手机银行"),
    ("Letter", "来信"),
)
FIRST_BOOKS = 2


def write_care(plan: Plan, people: People, stories: Stories, folder: Path) -> dict[str, int]:
    """Write what has to be minded into the history; return how many rows of each there are."""
    rng = np.random.default_rng([plan.seed, STREAM])
    until = day_number(plan.until)
    key = np.setdiff1d(np.flatnonzero(people.key & ~people.company), cast_rows(people))
    told = key[stories.story[key] > NONE]  # of whom the bank's data says something, so that Today speaks of them
    open_, minded = (_few(people, key, told, share, rng) for share in (0.006, 0.02))
    mourning = _few(people, key, key, 0.006, rng)
    settled = np.setdiff1d(key[rng.random(len(key)) < 0.02], open_)
    tables = {
        "complaint": _complaints(people, open_, settled, until, rng), "vulnerability": _minded(people, minded, until, rng),
        "mourning": _mourning(mourning, until, rng), "consent": _consents(people, key, until, rng),
    }  # fmt: skip
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return {name: int(table.num_rows) for name, table in tables.items()}


def _few(people: People, key: Ints, first: Ints, share: float, rng: np.random.Generator) -> Ints:
    """A share of the key customers, and of each of the first books at least one of these, so that those who look see one."""
    taken = set(key[rng.random(len(key)) < share].tolist())
    for book in range(FIRST_BOOKS):
        own = first[people.rm[first] == book]
        if len(own) and not taken & set(own.tolist()):
            taken.add(int(rng.choice(own)))
    return np.array(sorted(taken), dtype=np.int64)


def _said(people: People, rows: Ints, pairs: Sequence[tuple[str, str]], picks: Ints) -> pa.Array:
    """The words in the customer's language."""
    flat = [text for pair in pairs for text in pair]
    return words(flat, picks * 2 + np.where(speaks_english(people)[rows], 0, 1))


def _by(people: People, rows: Ints) -> dict[str, Any]:
    """Who it is about, and whose words these are."""
    codes = [rm_code(number) for number in range(int(people.rm.max()) + 1)]
    return {"customer": numbers_of(rows), "staff": words(codes, people.rm[rows])}


def _complaints(people: People, open_: Ints, settled: Ints, until: int, rng: np.random.Generator) -> pa.Table:
    rows = np.concatenate([open_, settled])
    done: Flags = np.arange(len(rows)) >= len(open_)
    opened = until - np.where(done, rng.integers(40, YEAR, len(rows)), rng.integers(2, 12, len(rows)))
    talk = rng.integers(0, len(COMPLAINTS), len(rows))
    outcome = _said(people, rows, [each[1] for each in COMPLAINTS], talk).to_pylist()
    return pa.table({
        **_by(people, rows), "opened_on": dates(opened), "text": _said(people, rows, [each[0] for each in COMPLAINTS], talk),
        "settled_on": dates(opened + rng.integers(3, 25, len(rows)), known=done),
        "outcome": pa.array([text if over else "" for text, over in zip(outcome, done, strict=True)], pa.string()),
    })  # fmt: skip


def _minded(people: People, rows: Ints, until: int, rng: np.random.Generator) -> pa.Table:
    """Of most the next review lies ahead, of a few it is due."""
    kind = rng.integers(0, len(CARE), len(rows))
    start = until - rng.integers(120, 2 * YEAR, len(rows))
    review = np.where(
        rng.random(len(rows)) < 0.3, until - rng.integers(0, 20, len(rows)), until + rng.integers(20, 170, len(rows))
    )
    return pa.table({
        **_by(people, rows), "kind": words([each[0] for each in CARE], kind),
        "mind": _said(people, rows, [each[1] for each in CARE], kind), "from_on": dates(start), "review_on": dates(review),
    })  # fmt: skip


def _mourning(rows: Ints, until: int, rng: np.random.Generator) -> pa.Table:
    """A hundred days, as is the custom."""
    start = until - rng.integers(5, 60, len(rows))
    return pa.table({"customer": numbers_of(rows), "from_on": dates(start), "until_on": dates(start + 100)})


def _consents(people: People, key: Ints, until: int, rng: np.random.Generator) -> pa.Table:
    """Two of three have agreed to offers and to invitations when they came; a few have taken it back, all or in part."""
    agreed, invited, back = (key[rng.random(len(key)) < share] for share in (0.66, 0.6, 0.03))
    some = key[rng.random(len(key)) < 0.02]
    rows = np.concatenate([agreed, invited, back, some])
    part = np.repeat(np.arange(4), [len(agreed), len(invited), len(back), len(some)])
    given = part < 2  # the two that give
    on = until - np.where(given, rng.integers(200, 700, len(rows)), rng.integers(5, 190, len(rows)))
    where = np.where(given, 0, rng.integers(1, len(SOURCES), len(rows)))
    return pa.table({
        **_by(people, rows), "purpose": words(["marketing", "invitation", "marketing", "marketing"], part),
        "channel": words(["", "", "", "sms"], part), "given": pa.array(given), "on": dates(on),
        "source": _said(people, rows, SOURCES, where),
    })  # fmt: skip
