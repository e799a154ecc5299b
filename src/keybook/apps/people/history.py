"""Which changes PostgreSQL writes down by itself (django-pghistory), and what makes a change one made by hand.

Triggers keep the history, so that it lies in the same transaction as the change and no code path can forget it. The
nightly run publishes hundreds of thousands of rows whose history the dated lake keeps already; on the tables it fills,
only changes whose maker is named (`made_by`: every request that writes does) are kept.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import connection, models

M = TypeVar("M", bound=models.Model)
_BY_HAND = "COALESCE(current_setting('pghistory.context_metadata', true), '') <> ''"


_MADE_BY = "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"


def made_by(*, staff_id: int | None, request_id: uuid.UUID, page: str) -> None:
    """Name the maker of every change until the transaction ends: who, by which request, on which page.

    `pghistory.context` would send the same before each statement of the request; a request is one transaction.
    """
    maker = json.dumps({"user": staff_id, "request": str(request_id), "page": page})
    with connection.cursor() as cursor:
        cursor.execute(_MADE_BY, [str(uuid.uuid4()), maker])


def note(row: models.Model, *, event: type[models.Model], label: str) -> None:
    """Keep that something happened to this row which no column of its history shows, with the maker if one is named."""
    columns = [str(field.column) for field in event._meta.concrete_fields if not field.name.startswith("pgh_")]  # noqa: SLF001
    own = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {event._meta.db_table} ({own}, pgh_context, pgh_context_id, pgh_created_at, pgh_label,"  # noqa: SLF001
            f" pgh_obj_id) SELECT {own}, NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb,"
            " NULLIF(current_setting('pghistory.context_id', true), '')::uuid, now(), %s, id"
            f" FROM {row._meta.db_table} WHERE id = %s",  # noqa: SLF001
            [label, row.pk],
        )


class ByHand(pgtrigger.Condition):
    """SQL: the change has a named maker and, for an update, touches one of `fields`."""

    def __init__(self, *fields: str) -> None:
        self.fields = fields
        super().__init__(_BY_HAND)

    def resolve(self, model: type[models.Model]) -> str:
        """The condition with this model's columns."""
        columns = [model._meta.get_field(name).column for name in self.fields]  # type: ignore[union-attr]  # noqa: SLF001
        changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in columns)
        return f"{_BY_HAND} AND ({changed})" if changed else _BY_HAND


def edits_by_hand(
    *fields: str, inserts: bool = True, index: tuple[str, ...] = ("customer",)
) -> Callable[[type[M]], type[M]]:
    """Keep who changed these fields, for a table that the nightly run fills too; a decorator of a model."""
    trackers: list[pghistory.Tracker] = [
        pghistory.UpdateEvent(condition=ByHand(*fields)),
        pghistory.DeleteEvent(condition=ByHand()),
    ]
    if inserts:
        trackers.append(pghistory.InsertEvent(condition=ByHand()))
    return _track(*trackers, fields=[*dict.fromkeys([*index, *fields])], index=index)


def every_edit(*, exclude: tuple[str, ...] = (), index: tuple[str, ...] = ()) -> Callable[[type[M]], type[M]]:
    """Keep every insert, change and deletion, for a table that only people fill; a decorator of a model."""
    trackers = [pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()]
    return _track(*trackers, exclude=list(exclude) or None, index=index)


def _track(
    *trackers: pghistory.Tracker,
    index: tuple[str, ...],
    fields: list[str] | None = None,
    exclude: list[str] | None = None,
) -> Callable[[type[M]], type[M]]:
    """Pghistory's decorator with a plain name and an index for the look-up by customer."""

    def decorate(model: type[M]) -> type[M]:
        meta = {"indexes": [models.Index(fields=[name, "-pgh_id"]) for name in index]}
        name = f"{model.__name__}Event"
        pghistory.track(*trackers, fields=fields, exclude=exclude, meta=meta, model_name=name)(model)
        return model

    return decorate
