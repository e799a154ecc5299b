"""The gates on size: functions, files, and the share of tests that are refusals."""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

FUNCTION_LINES = 80
FILE_LINES = 500
CORE_MEDIAN = 8
REFUSALS = 0.20
REFUSAL = re.compile(
    r"refus|reject|may_not|must_not|cannot|never|does_not|is_not|are_not|not_found|404|403|405|forbid|invalid|wrong|bad_|"
    r"unknown|without_|nobody|no_one|stranger|denied|outside|missing|hidden|kept_aside|quarantin|expired|nothing|unsafe|only_"
)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the name and the number of lines of every function in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield node.name, (node.end_lineno or start) - start + 1


def code_lines(path: Path) -> list[int]:
    """Return the lengths of the functions of a file without their docstrings."""
    lengths = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            lengths.append((node.end_lineno or 0) - first.lineno + 1)
    return lengths


def faults() -> Iterator[str]:
    """Yield one sentence for each gate that does not hold."""
    sources = [path for path in Path("src").rglob("*.py") if "migrations" not in path.parts]
    for path in [*sources, *Path("bench").rglob("*.py"), *Path("scripts").rglob("*.py")]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            yield f"{path} has {lines} lines; {FILE_LINES} is the most."
        for name, length in functions(path):
            if length > FUNCTION_LINES:
                yield f"{path}: {name} has {length} lines; {FUNCTION_LINES} is the most."
    core = [length for path in Path("src/keybook/core").rglob("*.py") for length in code_lines(path)]
    median = statistics.median(core) if core else 0
    if median > CORE_MEDIAN:
        yield f"The median core function has {median} lines; {CORE_MEDIAN} is the most."
    tests = [
        name for path in Path("tests").rglob("test_*.py") for name, _ in functions(path) if name.startswith("test_")
    ]
    refusals = [name for name in tests if REFUSAL.search(name)]
    share = len(refusals) / max(1, len(tests))
    print(f"core functions: median {median} lines; tests: {len(tests)}, of them refusals {len(refusals)} ({share:.0%})")
    if share < REFUSALS:
        yield f"Only {share:.0%} of the tests are refusals; {REFUSALS:.0%} is the least."


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found))
    sys.exit(bool(found))
