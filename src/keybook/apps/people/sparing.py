"""Migrations that do not draw half of all models anew for each index, field or trigger.

Django keeps, while it migrates, a class for every model, and after each operation draws that model and all around it
anew: near a table of staff that is nearly every model, seven hundred times over, and nine tenths of the time an empty
database takes to get its tables. But what changes only for the database changes no class; a new field joins a class
that is there as it does at every start of the program; and a new model, which nobody names yet, changes no other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

FOR_THE_DATABASE = frozenset({"indexes", "constraints", "triggers"})
Fields = tuple[tuple[str, Any], ...]
Forwards = Callable[..., ProjectState]


def fields_of(state: ModelState) -> Fields:
    """The fields of a model, in their order."""
    return tuple(state.fields.items())


def rest_of(state: ModelState) -> tuple[Any, ...]:
    """What the class of a model follows from beside its fields, without what only its table has."""
    options = {name: value for name, value in state.options.items() if name not in FOR_THE_DATABASE}
    return state.bases, tuple(state.managers), options


class SparingState(ProjectState):
    """The state of all models on the way forward; draws those around a model anew only when its class is another."""

    def __init__(self, models: Any = None, real_apps: Any = None) -> None:
        super().__init__(models, real_apps)
        self.drawn: dict[tuple[str, str], tuple[Fields, tuple[Any, ...]]] = {}

    @classmethod
    def of(cls, plain: ProjectState) -> SparingState:
        """The same state, with the classes that it has drawn."""
        ours = cls(plain.models, plain.real_apps)
        ours.is_delayed = plain.is_delayed
        if "apps" in plain.__dict__:
            ours.apps = plain.apps
        return ours

    def clone(self) -> SparingState:
        """An equal state that shares the classes, as Django's own does."""
        copied = self.of(super().clone())
        copied.drawn = dict(self.drawn)
        return copied

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Bring the class of this model up to date."""
        if "apps" not in self.__dict__:
            return
        key = app_label, model_name.lower()
        state = self.models[key]
        fields, rest = fields_of(state), rest_of(state)
        drawn = self.apps.all_models[app_label].get(key[1])
        before, rest_before = self.drawn.get(key, ((), None))
        if drawn is None:
            self.apps.render_multiple([state])
        elif rest == rest_before and fields[: len(before)] == before:
            for name, field in fields[len(before) :]:
                drawn.add_to_class(name, field.clone())
            for name in FOR_THE_DATABASE & state.options.keys():
                setattr(drawn._meta, name, list(state.options[name]))  # noqa: SLF001  as Django draws it
        else:
            super().reload_model(app_label, model_name)  # all around it: nothing may go on pointing at the old class
            self.is_delayed = True  # before Python of a migration is run, and at the end, all are drawn in their order
        self.drawn[key] = fields, rest


class SparingExecutor(MigrationExecutor):
    """Django's executor, sparing on the way forward."""

    def _migrate_all_forwards(
        self, state: ProjectState, plan: Sequence[tuple[Migration, bool]], *more: Any, **how: Any
    ) -> ProjectState:
        forwards: Forwards = super()._migrate_all_forwards  # type: ignore[misc]  # the stubs leave it out
        return forwards(SparingState.of(state), plan, *more, **how)
