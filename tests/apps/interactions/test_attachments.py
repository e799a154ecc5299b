"""Photos and voice notes to a contact."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from keybook.apps.audit.models import View
from keybook.apps.interactions.attachments import LARGEST, MOST, attach, attachment
from keybook.apps.interactions.commands import RefusedError
from keybook.apps.interactions.models import Attachment, Interaction
from keybook.apps.interactions.queries import history
from tests.cast import Cast, as_web, make_interaction, scope

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
OGG = b"OggS" + b"\x00" * 40


@pytest.fixture
def called(cast: Cast) -> Interaction:
    return make_interaction(customer=cast.zhang, staff=cast.alice)


def form(**more):
    return {"channel": "call", "outcome": "reached", "client_key": str(uuid.uuid4()), "from": "customer", **more}


def test_a_photo_sent_with_the_contact_is_kept_and_shown(cast: Cast) -> None:
    where = f"/customers/{cast.zhang.pk}/log/"
    files = [SimpleUploadedFile("../shop.png", PNG, "text/html"), SimpleUploadedFile("note", OGG)]
    assert as_web(cast.alice).post(where, form(attached=files)).status_code == 302
    past = history(scope=scope(cast.alice), customer_id=cast.zhang.pk).contacts[0]
    assert [each.media_type for each in past.attachments] == ["image/png", "audio/ogg"]
    page = as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/").content.decode()
    assert f"attachments/{past.attachments[0].id}/" in page


def test_it_is_served_as_what_it_is_and_the_look_is_recorded(cast: Cast, called: Interaction) -> None:
    kept = attach(by=scope(cast.alice), interaction_id=called.pk, data=PNG, client_key=uuid.uuid4())
    answer = as_web(cast.dora).get(f"/customers/{cast.zhang.pk}/attachments/{kept}/")
    assert (answer.content, answer["Content-Type"], answer["X-Content-Type-Options"]) == (PNG, "image/png", "nosniff")
    assert View.objects.filter(page="attachment", staff_id=cast.dora.pk, customer_id=cast.zhang.pk).exists()


def test_sent_twice_it_is_kept_once(cast: Cast, called: Interaction) -> None:
    key = uuid.uuid4()
    first = attach(by=scope(cast.alice), interaction_id=called.pk, data=PNG, client_key=key)
    assert attach(by=scope(cast.alice), interaction_id=called.pk, data=PNG, client_key=key) == first
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    "data", [b"", b"<svg onload=alert(1)>", b"<html>", b"%PDF-1.7", b"\xff\xd8\xff" + b"0" * LARGEST]
)
def test_what_is_no_photo_or_too_large_is_refused_with_the_whole_contact(cast: Cast, data: bytes) -> None:
    files = [SimpleUploadedFile("shop.png", data, "image/png")]
    answer = as_web(cast.alice).post(
        f"/customers/{cast.zhang.pk}/log/", form(attached=files, content="Kept in the form")
    )
    assert answer.status_code == 422
    assert b"Kept in the form" in answer.content
    assert not Interaction.objects.exists()
    assert not Attachment.objects.exists()


def test_only_who_logged_the_contact_adds_to_it(cast: Cast, called: Interaction) -> None:
    for staff in (cast.bob, cast.dora):
        with pytest.raises(RefusedError, match="who logged"):
            attach(by=scope(staff), interaction_id=called.pk, data=PNG, client_key=uuid.uuid4())
    assert not Attachment.objects.exists()


def test_a_seventh_is_refused(cast: Cast, called: Interaction) -> None:
    for _each in range(MOST):
        attach(by=scope(cast.alice), interaction_id=called.pk, data=PNG, client_key=uuid.uuid4())
    with pytest.raises(RefusedError, match="Six"):
        attach(by=scope(cast.alice), interaction_id=called.pk, data=PNG, client_key=uuid.uuid4())


def test_a_key_used_for_another_contact_is_refused(cast: Cast, called: Interaction) -> None:
    key, other = uuid.uuid4(), make_interaction(customer=cast.osei, staff=cast.alice)
    attach(by=scope(cast.alice), interaction_id=other.pk, data=PNG, client_key=key)
    with pytest.raises(RefusedError, match="already used"):
        attach(by=scope(cast.alice), interaction_id=called.pk, data=PNG, client_key=key)


def test_the_photo_of_a_confidential_contact_is_not_found_by_others(cast: Cast) -> None:
    called = make_interaction(customer=cast.zhang, staff=cast.alice, confidential=True)
    kept = attach(by=scope(cast.alice), interaction_id=called.pk, data=PNG, client_key=uuid.uuid4())
    where = f"/customers/{cast.zhang.pk}/attachments/{kept}/"
    assert as_web(cast.alice).get(where).status_code == 200
    assert [as_web(staff).get(where).status_code for staff in (cast.bob, cast.dora, cast.mei)] == [404, 404, 404]


def test_the_photo_of_one_customer_is_not_found_under_another(cast: Cast, called: Interaction) -> None:
    kept = attach(by=scope(cast.alice), interaction_id=called.pk, data=PNG, client_key=uuid.uuid4())
    assert attachment(scope=scope(cast.alice), customer_id=cast.osei.pk, attachment_id=kept) is None
