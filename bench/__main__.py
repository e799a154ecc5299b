"""`python -m bench [part …]`: measure, print the table, write docs/bench.md."""

from __future__ import annotations

import importlib
import sys
import traceback

from bench import report

USUAL = (
    "night", "care", "team", "plan", "intake", "berka", "pages", "first", "notices", "demo", "pocket", "memo", "handover",
)  # fmt: skip


def main(parts: list[str]) -> int:
    """Measure the parts named (all, when none is) and give 0, or 2 on a part that does not exist or fails."""
    strange = [part for part in parts if part not in report.PARTS]
    if strange:
        print(f"There is no part {strange[0]}; the parts are {', '.join(report.PARTS)}.", file=sys.stderr)
        return 2
    failed = 0
    for part in parts or USUAL:
        print(f"measuring {part}", file=sys.stderr, flush=True)
        try:
            importlib.import_module(f"bench.{part}").measure()
        except Exception:  # noqa: BLE001  one part that fails must not hide the others
            traceback.print_exc()
            failed = 2
    report.show()
    report.write()
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
