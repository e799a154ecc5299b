"""A handover on the command line: the same verb as on the page, by a branch head who is named, as text or as JSON."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keybook.apps.handover.queries import Asked


class NotHandedOverError(Exception):
    """Nothing was handed over; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Order:
    """From whom, to whom (staff numbers), by which head, and whether it is only counted."""

    giver: str
    takers: tuple[str, ...]
    by: str
    leaves: bool
    dry_run: bool


def show(order: Order, *, as_json: bool) -> None:
    """Hand a whole book over evenly, or count what would move, and print it on standard output."""
    from django.core.exceptions import PermissionDenied
    from django.db import transaction

    from keybook.apps.handover import commands, queries
    from keybook.apps.handover.api import said
    from keybook.apps.people.acting import as_seen_by
    from keybook.apps.people.history import made_by
    from keybook.apps.people.queries import bank
    from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of

    head, asked = _staff(order.by), _asked(order)
    with transaction.atomic(), as_seen_by(staff_id=head) as access:
        if access is None:
            raise NotHandedOverError(f"{order.by} has left the bank.")
        made_by(staff_id=head, request_id=uuid.uuid4(), page="keybook handover")
        day = day_of(bank())
        try:
            found = queries.preview(by=access.scope, asked=asked, day=day)
            answer = said(found)
            if not order.dry_run:
                done = commands.hand_over(
                    by=access.scope, asked=asked, client_key=uuid.uuid4(), day=day, seal=found.seal
                )
                answer |= {"id": done.handover_id, "sentence": done.sentence}
        except (RefusedError, PermissionDenied) as refusal:
            raise NotHandedOverError(str(refusal)) from refusal
        except NotYoursError as refusal:
            raise NotHandedOverError(f"{order.giver} works at a branch that is not {order.by}’s.") from refusal
    if as_json:
        print(json.dumps(answer, ensure_ascii=False, indent=2, default=str))  # noqa: T201  the face is stdout
        return
    for taker in answer["takers"]:
        print(f"{answer['from']} → {taker['code']}: {taker['given']} customers")  # noqa: T201
    counts = ", ".join(f"{count} {name}" for name, count in answer["counts"].items())
    print(f"{answer['customers']} customers, {counts}")  # noqa: T201
    for against in answer["refusals"]:
        print(f"not possible: {against['detail']}")  # noqa: T201
    print("Nothing has moved: this was a dry run." if order.dry_run else answer["sentence"])  # noqa: T201


def _staff(code: str) -> int:
    """The id of this staff number, whatever its case; NotHandedOverError when there is none."""
    from keybook.apps.people.models import Staff

    found = Staff.objects.filter(code__iexact=code.strip()).values_list("pk", flat=True).first()
    if found is None:
        raise NotHandedOverError(f"There is no staff number {code}.")
    return int(found)


def _asked(order: Order) -> Asked:
    """The order as the verb takes it: the whole book, evenly."""
    from keybook.apps.handover.queries import Asked

    takers = tuple(_staff(code) for code in order.takers)
    return Asked(from_id=_staff(order.giver), to=takers, leaves=order.leaves)
