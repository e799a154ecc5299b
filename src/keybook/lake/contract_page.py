"""Renders the contract and the mapping into docs/operate/feeds.md: `python -m keybook.lake.contract_page > that file`."""

from __future__ import annotations

import sys

from keybook.lake.contract import FEEDS, Column, Feed
from keybook.lake.mapping import CONVERTERS

TYPES = {
    "text": "text, kept as written, {limit} characters at most",
    "code": "code, outer blanks taken off, {limit} characters at most",
    "date": "date, YYYY-MM-DD",
    "datetime": "time, YYYY-MM-DD HH:MM:SS in the bank's own clock",
    "money": "money, a point and at most two decimals",
    "rate": "rate, a fraction of one a year (2.1 % is 0.021)",
    "int": "whole number",
    "bool": "true or false (also yes/no, 1/0, 是/否)",
    "currency": "currency, three letters of ISO 4217",
}

OPENING = """\
# The bank's files

*Written by `python -m keybook.lake.contract_page` from `lake/contract.py`; a test holds the two together. Do not edit.*

A bank sends dated files, one kind of row (a *feed*) in each: CSV, XLSX (the first sheet) or Parquet.

    keybook feed load FOLDER                       files named after the feeds below
    keybook feed load FOLDER --map mapping.toml    a bank's own files, renamed and converted by a mapping

**Names and dates.** Without a mapping a file is called `transaction_2026-03-31.csv`, or lies in a folder named after the
feed. The business date is the last date in its path (2026-03-31 or 20260331); without one it is the mapping's `date`,
or the day of the first load. A file for a date ahead of today is kept aside as a whole, and is tried again when it is loaded next.

**CSV.** The delimiter (`,` `;` tab `|`), a byte-order mark, line ends and the encoding (UTF-8, UTF-16, GB 18030 with GBK,
Windows Latin) are found; a mapping may state delimiter and encoding. Values may be quoted, with line ends inside.
Column names are compared without regard to case and outer blanks. Columns nobody knows are named in the summary and ignored.

**State and event.** A *state* feed says how things are: the newest file on or before a day wins, row by row, by the key.
An *event* feed only adds: the union of all files, each key once.

**Every row counts.** Rows in = loaded + kept aside, always. What is kept aside lies in `lake/rejected/<feed>/date=…/` as a CSV of
the bank's own columns and texts, with `keybook_row` (the row as a spreadsheet counts, the header is row 1) and
`keybook_reason`. A value that a spreadsheet would run as a formula has an apostrophe put in front there. Mend the rows in the
source and send the file again.

**Again and corrected.** A file is known by feed, date and name. The same content again changes nothing. Another content under
the same three replaces the earlier file. Of two rows with the same key in one file the first is loaded, the others are kept aside.
Rows kept aside because they refer to something unknown are tried again at every load. A file that cannot be read, or of which
no row may be loaded, never takes the place of a good one.

**References.** A column marked *in feed.column* must name something that is loaded already or comes in the same load, whatever the order of the files.
"""

MAPPING = """\
## How to write a mapping

A mapping is a TOML file. `mappings/berka.toml` loads a whole bank and is the example to copy. What is not understood is refused
with the file's name and the key.

```toml
date = "2026-03-31"          # business date of files whose path has none

[format]                     # for all files; an entry [[file]] may say otherwise
dates = "%d.%m.%Y"           # strptime: %Y %m %d %y %H %M %S …
decimal = ","                # 1.234,56
thousands = "."
encoding = "cp1250"          # when it should not be found out
delimiter = ";"

[bank]                       # stored when the mapping is loaded, like [[tiers]] and [signals]
name = "Our Bank"
currency = "EUR"
time_zone = "Europe/Vienna"
calendar = "AT"              # country whose public holidays count

[[tiers]]                    # from the lowest up; a tier with standard_days makes its customers key customers
code = "gold"
name = "Gold"
enter_at = 50000             # assets to enter
leave_at = 45000             # and to leave
standard_days = 60           # contact at least so often: its first standard, changed in Settings from then on
grace_days = 10

[signals]                    # thresholds; on = false turns one off
large_inflow = { amount = "30000", days = 14 }

[[rows.staff]]               # rows spelt out, in the contract's columns
code = "rm-1"
name = "Jana Novak"
role = "rm"
branch = "B1"

[[file]]                     # one entry for every kind of file; several may make one feed
feed = "transaction"
path = "postings*.csv"       # matched from the right: name, or folder/name
[file.columns]               # leave the table out if the file has the contract's own names
number = "posting_id"                                            # take a column
holding = { from = "account", prefix = "A" }                     # … and put something in front
text = { template = "{purpose} {remark}" }                       # several columns into one
channel = { value = "branch" }                                   # the same for every row
kind = { from = "code", map = { "S1" = "salary" }, otherwise = "other" }   # "" for otherwise: nothing
amount = { from = "amt", sign = { from = "dc", negative = ["D"] } }        # minus when another column says so
booked_on = { from = "day", dates = "%y%m%d" }
```

More for a column: `first = [ {…}, {…} ]` (the first that gives a value), `when = { status = ["A", "B"] }` (only in those rows),
`plus_months = "duration"` (a date and so many months of another column), `decimal`, `thousands`,
`look_up = { file = "owners.csv", key = "account", take = "customer", where = { type = "OWNER" } }` (from another file of the folder),
and `read`, one of the converters {converters}: birth numbers are the Czech and Slovak ones, YYMMDD with 50 added to a woman's month.

## The feeds
"""


def page() -> str:
    """The whole page as Markdown."""
    converters = ", ".join(f"`{name}`" for name in CONVERTERS)
    parts = [OPENING, MAPPING.replace("{converters}", converters), *(_feed(feed) for feed in FEEDS.values())]
    return "\n".join(parts)


def _feed(feed: Feed) -> str:
    key = ", ".join(f"`{name}`" for name in feed.key)
    head = f"### {feed.name}\n\n{feed.help} *{feed.mode.capitalize()}* feed; key {key}.\n"
    rows = "\n".join(_row(column) for column in feed.columns)
    return f"{head}\n| column | needed | what it is | meaning |\n|---|---|---|---|\n{rows}\n"


def _row(column: Column) -> str:
    facts = [TYPES[column.type].format(limit=column.limit)]
    if column.choices:
        facts = ["one of " + ", ".join(f"`{choice}`" for choice in column.choices)]
    if column.refers:
        facts.append(f"in `{column.refers}`")
    if column.default is not None:
        facts.append(f"`{column.default}` if empty")
    if column.minimum is not None:
        facts.append(f"at least {column.minimum}")
    if column.past:
        facts.append("not after the file's date")
    return f"| `{column.name}` | {'yes' if column.required else ''} | {'; '.join(facts)} | {column.help} |"


if __name__ == "__main__":
    sys.stdout.write(page())
