"""Correcting a contact from the Customer page: who is offered it, what stays of the original."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client

from keybook.apps.audit.models import View
from keybook.apps.interactions.models import Interaction
from tests import cast as who
from tests.cast import Cast


def link(contact: Interaction) -> str:
    return f"/customers/{contact.customer_id}/contacts/{contact.pk}/correct/"


def tabs(client: Client, contact: Interaction) -> str:
    """The overview and the timeline of the customer."""
    parts = ("", "timeline/")
    return "".join(client.get(f"/customers/{contact.customer_id}/{part}").content.decode() for part in parts)


def test_who_logged_a_contact_finds_the_way_to_correct_it_on_both_tabs(cast: Cast) -> None:
    contact = who.make_interaction(customer=cast.zhang, staff=cast.alice)
    assert tabs(who.as_web(cast.alice), contact).count(link(contact)) == 2


def test_the_form_shows_what_was_logged_and_the_look_is_recorded(cast: Cast) -> None:
    contact = who.make_interaction(customer=cast.zhang, staff=cast.alice, content="Wants a cheaper loan.")
    shown = who.as_web(cast.alice).get(link(contact)).content.decode()
    assert shown.count("Wants a cheaper loan.") == 2  # as it was, and in the field to be changed
    assert View.objects.filter(customer_id=cast.zhang.pk, page="correct").count() == 1


def test_a_correction_stands_beside_the_original_which_offers_no_second_one(cast: Cast) -> None:
    contact = who.make_interaction(customer=cast.zhang, staff=cast.alice, content="Wants a cheaper loan.")
    client = who.as_web(cast.alice)
    typed = {
        "channel": "call",
        "outcome": "reached",
        "content": "Wants a dearer flat.",
        "client_key": str(uuid.uuid4()),
    }
    assert client.post(link(contact), typed).status_code == 302
    correction = Interaction.objects.get(corrects=contact)
    shown = tabs(client, contact)
    assert shown.count("Wants a cheaper loan.") == shown.count("Wants a dearer flat.") == 2
    assert link(contact) not in shown
    assert shown.count(link(correction)) == 2
    assert correction.at == contact.at


@pytest.mark.parametrize("colleague", ["bob", "mei"])
def test_nobody_else_is_offered_the_correction(cast: Cast, colleague: str) -> None:
    contact = who.make_interaction(customer=cast.zhang, staff=cast.alice)
    assert link(contact) not in tabs(who.as_web(getattr(cast, colleague)), contact)


def test_a_day_that_has_not_come_is_refused_and_what_was_typed_stays(cast: Cast) -> None:
    contact = who.make_interaction(customer=cast.zhang, staff=cast.alice)
    typed = {
        "channel": "call", "outcome": "reached", "content": "Typed with care.", "client_key": str(uuid.uuid4()),
        "on": (dt.date(2026, 11, 23) + dt.timedelta(days=9)).isoformat(),
    }  # fmt: skip
    answer = who.as_web(cast.alice).post(link(contact), typed)
    assert answer.status_code == 422
    assert "Typed with care." in answer.content.decode()
    assert not Interaction.objects.filter(corrects=contact).exists()
