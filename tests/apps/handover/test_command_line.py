"""The handover on the command line: the page's verb, by a head who is named."""

from __future__ import annotations

import json

import pytest

from keybook.apps.customers.models import Customer
from keybook.apps.people.models import Staff
from keybook.operate.handover import NotHandedOverError, Order, show
from tests.apps.handover.stage import furnish, owned
from tests.cast import Cast


@pytest.fixture(autouse=True)
def day(cast: Cast):
    return furnish(cast)


def order(**more):
    return Order(**{"giver": "alice", "takers": ("BOB",), "by": "dora", "leaves": False, "dry_run": False, **more})


def test_a_dry_run_says_the_numbers_and_changes_nothing(cast: Cast, capsys) -> None:
    before = owned()
    show(order(dry_run=True), as_json=True)
    assert json.loads(capsys.readouterr().out)["customers"] == 2
    show(order(dry_run=True), as_json=False)
    assert "alice → bob: 2 customers" in capsys.readouterr().out
    show(order(dry_run=True, takers=("carol",)), as_json=False)
    assert "not possible" in capsys.readouterr().out
    assert owned() == before


def test_it_hands_over_and_ends_the_access(cast: Cast, capsys) -> None:
    show(order(leaves=True), as_json=False)
    assert "now looked after by" in capsys.readouterr().out
    assert Customer.objects.filter(rm=cast.bob).count() == 2
    assert not Staff.objects.get(pk=cast.alice.pk).is_active


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"giver": "nobody"}, "no staff number"), ({"giver": "carol"}, "not dora"), ({"takers": ("alice",)}, "themselves"),
     ({"by": "bob", "giver": "bob"}, "not bob")],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence_and_nothing_changes(more, sentence, cast: Cast) -> None:
    before = owned()
    with pytest.raises(NotHandedOverError, match=sentence):
        show(order(**more), as_json=False)
    assert owned() == before


def test_a_head_who_has_left_hands_nothing_over(cast: Cast) -> None:
    Staff.objects.filter(pk=cast.dora.pk).update(is_active=False)
    with pytest.raises(NotHandedOverError, match="left the bank"):
        show(order(), as_json=False)
