"""What became of a deposit that fell due: told with the contact, once for each maturity."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from keybook.apps.customers.models import Fate, HeldAway
from keybook.apps.interactions.models import Interaction
from tests.cast import TODAY, Cast, as_web


@pytest.fixture
def away(cast: Cast) -> HeldAway:
    """Mrs Zhang's deposit at Harbour Bank, due on Friday."""
    return HeldAway.objects.create(
        customer=cast.zhang, institution="Harbour Bank", amount=Decimal(450000), currency="CNY", source="said",
        confidence="likely", seen_on=TODAY, matures_on=dt.date(2026, 11, 27), expires_on=dt.date(2026, 11, 27), key="k",
    )  # fmt: skip


def log(cast: Cast, who, **more):
    sent = {"channel": "call", "outcome": "reached", "client_key": str(uuid.uuid4()), "from": "customer", **more}
    return as_web(who).post(f"/customers/{cast.zhang.pk}/log/", sent)


def key(away: HeldAway) -> str:
    return f"fate:held_away:{away.pk}:2026-11-27"


def test_the_form_asks_what_became_of_it_and_keeps_the_answer(cast: Cast, away: HeldAway):
    assert "Harbour Bank" in as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/log/").content.decode()
    assert log(cast, cast.alice, **{key(away): "moved_in"}).status_code == 302
    told = Fate.objects.get()
    assert (told.fate, told.amount, told.by_id, told.place) == ("moved_in", 450000, cast.alice.pk, "held_away")


def test_told_again_the_newer_one_holds(cast: Cast, away: HeldAway):
    log(cast, cast.alice, **{key(away): "rolled"})
    log(cast, cast.alice, **{key(away): "moved_out"})
    assert Fate.objects.get().fate == "moved_out"


def test_not_said_it_is_not_stored(cast: Cast, away: HeldAway):
    log(cast, cast.alice, **{key(away): ""})
    assert not Fate.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("", "eaten"), ("fate:held_away:999:2026-11-27", "rolled"), ("fate:x", "rolled")]
)
def test_what_cannot_be_is_refused_and_nothing_is_logged(cast: Cast, away: HeldAway, name, value):
    assert log(cast, cast.alice, **{name or key(away): value}).status_code == 422
    assert not (Fate.objects.exists() or Interaction.objects.exists())  # noqa: PT018


def test_a_stranger_tells_nothing(cast: Cast, away: HeldAway):
    assert log(cast, cast.carol, **{key(away): "rolled"}).status_code == 404
    assert not Fate.objects.exists()
