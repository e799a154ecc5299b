"""Migrating sparingly ends in the very classes that Django would have drawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from keybook.apps.people.sparing import SparingState


def told(value: Any) -> Any:
    """A field by what it was made of, also one inside another's arguments."""
    if isinstance(value, models.Field):
        return told(value.deconstruct()[1:])
    if isinstance(value, (list, tuple)):
        return [told(each) for each in value]
    return {key: told(each) for key, each in value.items()} if isinstance(value, dict) else value


def seen(apps: Any, key: tuple[str, str]) -> dict[str, Any]:
    """Everything of a model that a migration could ask its class for."""
    model = apps.get_model(*key)
    state, meta = ModelState.from_model(model), model._meta
    return {
        "fields": {name: told(field) for name, field in state.fields.items()},
        "order": list(state.fields),
        "options": {**state.options, "indexes": meta.indexes, "constraints": meta.constraints, "triggers": None},
        "triggers": list(getattr(meta, "triggers", [])),
        "bases": state.bases,
        "from others": sorted((each.related_model._meta.label, each.field.name) for each in meta.related_objects),
        "to others": [
            (field.name, field.remote_field.model._meta.label, field.remote_field.model is apps.get_model(field.remote_field.model._meta.label))
            for field in meta.get_fields()
            if field.is_relation and field.concrete
        ],
    }  # fmt: skip


def test_after_every_migration_each_class_is_as_django_draws_it() -> None:
    graph = MigrationLoader(None).graph
    plan = [graph.nodes[key] for leaf in sorted(graph.leaf_nodes()) for key in graph.forwards_plan(leaf)]
    ours, plain = SparingState(), ProjectState()
    assert not ours.apps.get_models()
    for migration in dict.fromkeys(plan):
        ours = migration.mutate_state(ours, preserve=False)
        plain = migration.mutate_state(plain, preserve=False)
    drawn = ours.apps
    assert "apps" not in plain.__dict__  # so all are drawn now, and from the end
    assert len(ours.models) > 100
    for key in ours.models:
        assert seen(drawn, key) == seen(plain.apps, key), key


def begin() -> SparingState:
    """A banker, a customer of theirs and a note on the customer, drawn."""
    key = ("id", models.BigAutoField(primary_key=True))
    state = SparingState()
    assert state.apps is not None
    for name, fields in {
        "Banker": [],
        "Customer": [("rm", models.ForeignKey("x.Banker", models.CASCADE))],
        "Note": [("customer", models.ForeignKey("x.Customer", models.CASCADE)), ("text", models.CharField(max_length=9))],
    }.items():  # fmt: skip
        state.add_model(ModelState("x", name, [key, *fields]))
    return state


def test_an_index_and_a_new_field_leave_the_classes_around_as_they_are() -> None:
    state = begin()
    banker, note = state.apps.get_model("x.Banker"), state.apps.get_model("x.Note")
    state.add_index("x", "note", models.Index(fields=["text"], name="by_text"))
    state.add_field("x", "note", "by", models.ForeignKey("x.Banker", models.CASCADE), preserve_default=True)
    assert state.apps.get_model("x.Note") is note
    assert state.apps.get_model("x.Banker") is banker
    assert [each.name for each in note._meta.indexes] == ["by_text"]
    assert note._meta.get_field("by").remote_field.model is banker
    assert {each.field.name for each in banker._meta.related_objects} == {"rm", "by"}


@pytest.mark.parametrize("change", ["altered", "removed", "renamed", "another option"])
def test_what_changes_a_class_draws_it_and_those_around_it_anew(change: str) -> None:
    state = begin()
    note, customer = state.apps.get_model("x.Note"), state.apps.get_model("x.Customer")
    if change == "altered":
        state.alter_field("x", "note", "text", models.CharField(max_length=20), preserve_default=True)
    elif change == "removed":
        state.remove_field("x", "note", "text")
    elif change == "renamed":
        state.rename_field("x", "note", "text", "words")
    else:
        state.alter_model_options("x", "note", {"ordering": ["text"]})
    anew = state.apps.get_model("x.Note")
    assert anew is not note
    assert anew._meta.get_field("customer").remote_field.model is state.apps.get_model("x.Customer") is not customer
    assert "words" in {field.name for field in anew._meta.fields} or change != "renamed"


def test_a_copy_draws_for_itself() -> None:
    state = begin()
    copy = state.clone()
    copy.remove_field("x", "note", "text")
    assert state.apps.get_model("x.Note")._meta.get_field("text").max_length == 9
    assert [field.name for field in copy.apps.get_model("x.Note")._meta.fields] == ["id", "customer"]
