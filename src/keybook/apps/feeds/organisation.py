"""The bank's branches and staff, as its files tell them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from keybook.apps.people.models import Branch, Staff


def publish_organisation(*, lake: Path, date: dt.date) -> dict[str, int]:
    """Make branches and staff follow the newest files up to the date; who is in no file stays."""
    branches = _publish_branches(_rows(lake, "branch", date))
    return {"branches": branches, "staff": _publish_staff(_rows(lake, "staff", date))}


def _rows(lake: Path, feed: str, date: dt.date) -> list[dict[str, Any]]:
    """The newest row of every code, by code."""
    import pyarrow.parquet as pq  # stays out of the web workers

    from keybook.lake.store import checked_files

    newest: dict[str, dict[str, Any]] = {}
    for path in checked_files(lake, feed, date):
        newest |= {row["code"]: row for row in pq.read_table(path).to_pylist()}
    return [newest[code] for code in sorted(newest)]


def _publish_branches(rows: list[dict[str, Any]]) -> int:
    """Store branches, parents before children, with their paths; gives how many changed."""
    known = {branch.code: branch for branch in Branch.objects.all()}
    waiting, changed = {row["code"]: row for row in rows}, 0
    while waiting:
        ready = [row for row in waiting.values() if row["parent"] not in waiting or row["parent"] == row["code"]]
        for row in ready or list(waiting.values()):  # a circle is broken rather than waited for
            del waiting[row["code"]]
            changed += _store_branch(row, known)
    return changed


def _store_branch(row: dict[str, Any], known: dict[str, Branch]) -> bool:
    branch = known.get(row["code"]) or Branch(code=row["code"])
    before = (branch.name, branch.name_zh, branch.parent_id, branch.district, branch.path)
    parent = known.get(row["parent"] or "") if row["parent"] != row["code"] else None
    branch.name, branch.name_zh = row["name"][:120], (row["name_zh"] or "")[:120]
    branch.district, branch.parent = (row["district"] or "")[:80], parent
    if branch.pk is None:
        branch.save()
    branch.path = f"{parent.path if parent else '/'}{branch.pk}/"
    known[branch.code] = branch
    if (branch.name, branch.name_zh, branch.parent_id, branch.district, branch.path) == before:
        return False
    branch.save()
    return True


def _publish_staff(rows: list[dict[str, Any]]) -> int:
    """Store staff by code; a new member has no password that works; gives how many changed."""
    branches = dict(Branch.objects.values_list("code", "id"))
    known = {staff.code: staff for staff in Staff.objects.all()}
    changed = 0
    for row in rows:
        if row["branch"] not in branches:
            continue
        staff = known.get(row["code"]) or Staff(code=row["code"], password=make_password(None))
        told = {
            "name": row["name"][:120], "name_zh": (row["name_zh"] or "")[:60], "role": row["role"],
            "branch_id": branches[row["branch"]], "email": (row["email"] or "")[:254],
        }  # fmt: skip
        if staff.pk and all(getattr(staff, name) == value for name, value in told.items()):
            continue
        for name, value in told.items():
            setattr(staff, name, value)
        staff.save()
        changed += 1
    return changed
