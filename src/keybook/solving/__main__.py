"""The solver's own process: one problem as JSON on standard input, its answer as JSON on standard output."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from keybook.solving.model import solve


def main() -> int:
    """Solve what is asked; 1 when nothing was found."""
    asked = json.load(sys.stdin)
    found = solve(asked["problem"], seconds=asked["seconds"], gap=asked["gap"])
    if found is None:
        return 1
    json.dump(asdict(found), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
