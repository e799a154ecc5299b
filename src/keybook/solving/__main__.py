"""The solver's own process: one problem as JSON on standard input, its answer as JSON on standard output."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict

from keybook.solving.search import solve


def main() -> int:
    """Solve what is asked; 1 when nothing was found."""
    asked = json.load(sys.stdin)
    # HiGHS now and then writes a line of its own to standard output: it goes to standard error, the answer alone out.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # On a busy machine the start has taken a good part of the time; a quarter is left in any case.
    left = max(asked["seconds"] - (time.time() - asked["asked_at"]), asked["seconds"] / 4)
    found = solve(asked["problem"], seconds=left, gap=asked["gap"])
    if found is None:
        return 1
    with answer:
        json.dump(asdict(found), answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
