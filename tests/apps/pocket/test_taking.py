"""What the server takes from a phone: each note once for ever, in order, as the person who wrote it, or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from keybook.apps.interactions.models import Attachment, Interaction
from keybook.apps.people.models import Staff
from keybook.apps.pocket.models import File, Note
from keybook.apps.reminders.models import Promise
from tests.cast import Cast, as_web
from tests.security.test_every_route import FREE, Watch

FRIDAY = "2026-11-27"


def memo(author: Staff, **more: Any) -> dict[str, Any]:
    values = {"key": str(uuid.uuid4()), "author": author.pk, "kind": "memo", "at": ago(60), "text": "张先生 45万 到期"}
    return {**values, **more}


def contact(author: Staff, customer: int, *, next_on: str | None = None, **more: Any) -> dict[str, Any]:
    what = {"channel": "call", "outcome": "reached", "content": "Likes the new rate.", "next_on": next_on}
    values = {"key": str(uuid.uuid4()), "author": author.pk, "kind": "contact", "at": ago(60), "customer": customer}
    return {**values, "seen": ago(120), "contact": what, **more}


def ago(seconds: float) -> str:
    return (timezone.now() - dt.timedelta(seconds=seconds)).isoformat()


def send(browser: Client, *items: dict[str, Any]) -> list[dict[str, Any]]:
    answer = browser.post("/api/pocket/items", {"items": items}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()["answers"]


def statuses(answers: list[dict[str, Any]]) -> list[int]:
    return [answer["status"] for answer in answers]


def test_a_memo_from_a_phone_waits_for_one_key_of_its_author(cast: Cast) -> None:
    browser = as_web(cast.alice)
    assert statuses(send(browser, memo(cast.alice))) == [201]
    assert "张先生 45万 到期" in browser.get("/pocket/notes/").content.decode()
    note = Note.objects.get()
    assert (note.state, note.text) == ("waiting", "张先生 45万 到期")
    browser.post(f"/pocket/notes/{note.pk}/", {"verb": "confirm"})
    note.refresh_from_db()
    assert note.state == "done"
    assert note.settled_at is not None
    assert browser.post(f"/pocket/notes/{note.pk}/", {"verb": "drop"}).status_code == 404


def test_a_contact_from_a_phone_is_logged_as_the_page_logs_it(cast: Cast) -> None:
    [answer] = send(as_web(cast.alice), contact(cast.alice, cast.zhang.pk, next_on=FRIDAY))
    row = Interaction.objects.get()
    assert (answer["status"], answer["id"], row.staff_id) == (201, row.pk, cast.alice.pk)
    assert row.content == "Likes the new rate."
    assert Promise.objects.get().due_on == dt.date(2026, 11, 27)


def test_what_is_sent_again_is_stored_once_and_answered_as_before(cast: Cast) -> None:
    browser, one = as_web(cast.alice), contact(cast.alice, cast.zhang.pk)
    [first], [again] = send(browser, one), send(browser, one)
    assert (first["status"], again["status"]) == (201, 200)
    assert first["id"] == again["id"]
    assert Interaction.objects.count() == Note.objects.count() == 1


def test_the_same_note_twice_in_one_sending_is_stored_once(cast: Cast) -> None:
    one = memo(cast.alice)
    assert statuses(send(as_web(cast.alice), one, one)) == [201, 200]
    assert Note.objects.count() == 1


def test_a_key_may_not_come_back_with_another_text(cast: Cast) -> None:
    browser, one = as_web(cast.alice), memo(cast.alice)
    send(browser, one)
    watch = Watch()
    assert statuses(send(browser, {**one, "text": "Something else"})) == [409]
    assert watch.changed() <= FREE


def test_a_key_of_somebody_else_says_nothing_of_their_note(cast: Cast) -> None:
    one, browser = memo(cast.alice), as_web(cast.dora)
    send(as_web(cast.alice), one)
    watch = Watch()
    [answer] = send(browser, {**one, "author": cast.dora.pk})
    assert answer["status"] == 409
    assert "张" not in json.dumps(answer, ensure_ascii=False)
    assert watch.changed() <= FREE


def test_nothing_is_taken_under_the_name_of_another(cast: Cast) -> None:
    browser, given = as_web(cast.bob), [memo(cast.alice), contact(cast.alice, cast.zhang.pk)]
    watch = Watch()
    assert statuses(send(browser, *given)) == [403, 403]
    assert watch.changed() <= FREE


def test_a_strangers_customer_is_refused_like_one_that_does_not_exist(cast: Cast) -> None:
    browser = as_web(cast.carol)
    watch = Watch()
    real, false = send(browser, contact(cast.carol, cast.zhang.pk), contact(cast.carol, 999_999_999))
    assert (real["status"], false["status"]) == (404, 404)
    assert real["sentence"] == false["sentence"]
    assert real["now"] is false["now"] is None
    assert watch.changed() <= FREE


def test_one_refused_note_does_not_hold_back_the_others(cast: Cast) -> None:
    given = [
        memo(cast.alice), contact(cast.alice, cast.liu.pk), {"key": "no"}, contact(cast.alice, cast.zhang.pk),
    ]  # fmt: skip
    assert statuses(send(as_web(cast.alice), *given)) == [201, 404, 422, 201]
    assert Interaction.objects.get().customer_id == cast.zhang.pk


def test_after_a_refusal_later_notes_on_the_same_customer_wait(cast: Cast) -> None:
    past = contact(cast.alice, cast.zhang.pk, next_on="2026-11-01")
    later = contact(cast.alice, cast.zhang.pk)
    other = contact(cast.alice, cast.osei.pk)
    assert statuses(send(as_web(cast.alice), past, later, other)) == [422, 424, 201]
    assert Interaction.objects.get().customer_id == cast.osei.pk


def test_notes_are_stored_in_the_order_they_were_written(cast: Cast) -> None:
    given = [contact(cast.alice, cast.zhang.pk, next_on=FRIDAY) for _ in range(6)]
    assert statuses(send(as_web(cast.alice), *given)) == [201] * 6
    kept = [str(key) for key in Interaction.objects.order_by("id").values_list("client_key", flat=True)]
    assert kept == [one["key"] for one in given]


def log(browser: Client, customer: int, **more: Any) -> None:
    form = {"channel": "call", "outcome": "reached", "client_key": str(uuid.uuid4()), **more}
    assert browser.post(f"/customers/{customer}/log/", form).status_code in {200, 302}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_next_date_that_a_colleague_has_changed_shows_both_versions(cast: Cast) -> None:
    mine = contact(cast.alice, cast.zhang.pk, next_on=FRIDAY, seen=ago(1))
    log(as_web(cast.bob), cast.zhang.pk, next_step="Send the brochure", next_on="2026-11-26")
    [answer] = send(as_web(cast.alice), mine)
    assert answer["status"] == 412
    assert "Bob Chen" in answer["sentence"]
    assert answer["now"]["promises"] == [["Send the brochure", "2026-11-26"]]
    assert not Interaction.objects.filter(staff=cast.alice).exists()
    [answer] = send(as_web(cast.alice), {**mine, "seen": timezone.now().isoformat()})
    assert answer["status"] == 201
    assert Promise.objects.filter(state="open").count() in {1, 2}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_contact_without_a_next_date_hangs_on_no_promise_of_another(cast: Cast) -> None:
    mine = contact(cast.alice, cast.zhang.pk, seen=ago(1))
    log(as_web(cast.bob), cast.zhang.pk, next_step="Send the brochure", next_on="2026-11-26")
    assert statuses(send(as_web(cast.alice), mine)) == [201]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_customer_handed_to_another_banker_is_not_written_to_unasked(cast: Cast) -> None:
    note = contact(cast.dora, cast.zhang.pk, seen=ago(1))
    gone = contact(cast.alice, cast.zhang.pk, seen=ago(1))
    as_web(cast.dora).post(f"/customers/{cast.zhang.pk}/banker/", {"to": cast.bob.pk})
    cast.zhang.refresh_from_db()
    assert cast.zhang.rm_id == cast.bob.pk
    [answer] = send(as_web(cast.dora), note)
    assert (answer["status"], answer["now"]["banker"]) == (412, "Bob Chen")
    assert statuses(send(as_web(cast.alice), gone)) == [404]
    assert not Interaction.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_contact_corrected_in_the_meantime_is_not_corrected_again(cast: Cast) -> None:
    browser = as_web(cast.alice)
    [first] = send(browser, contact(cast.alice, cast.zhang.pk))
    what = {"channel": "call", "outcome": "met", "content": "It was she who called."}
    correction = contact(cast.alice, cast.zhang.pk, kind="correct", about=first["id"], contact=what)
    as_web(cast.dora).post(
        f"/customers/{cast.zhang.pk}/contacts/{first['id']}/correct/",
        {"channel": "visit", "outcome": "met", "content": "A visit.", "client_key": str(uuid.uuid4())},
    )
    [answer] = send(browser, correction)
    assert (answer["status"], answer["now"]["contact"]["content"]) == (412, "A visit.")
    assert not Interaction.objects.filter(content="It was she who called.").exists()


def test_a_correction_from_a_phone_is_a_correction(cast: Cast) -> None:
    browser = as_web(cast.alice)
    [first] = send(browser, contact(cast.alice, cast.zhang.pk))
    what = {"channel": "call", "outcome": "not_reached"}
    correction = contact(cast.alice, cast.zhang.pk, kind="correct", about=first["id"], contact=what)
    assert statuses(send(browser, correction)) == [201]
    assert Interaction.objects.get(outcome="not_reached").corrects_id == first["id"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_ones_own_phone_changed_a_moment_ago_is_no_conflict(cast: Cast) -> None:
    browser, seen = as_web(cast.alice), ago(5)
    for _ in range(2):
        assert statuses(send(browser, contact(cast.alice, cast.zhang.pk, next_on=FRIDAY, seen=seen))) == [201]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_form_that_had_arrived_before_its_answer_was_lost_is_not_stored_again(cast: Cast) -> None:
    browser, key = as_web(cast.alice), str(uuid.uuid4())
    seen = ago(1)
    log(browser, cast.zhang.pk, client_key=key, next_step="Call", next_on=FRIDAY)
    one = contact(cast.alice, cast.zhang.pk, next_on=FRIDAY, key=key, seen=seen)
    assert statuses(send(browser, one)) == [201]
    assert Interaction.objects.count() == Promise.objects.count() == 1


def test_a_phone_whose_clock_is_wrong_logs_nothing_in_the_future(cast: Cast) -> None:
    send(as_web(cast.alice), contact(cast.alice, cast.zhang.pk, at=ago(-7200)))
    moment = Interaction.objects.get().at
    assert moment.astimezone(dt.UTC).date() <= dt.date(2026, 11, 23)


@pytest.mark.parametrize("role", ["mei", "leo", "ada"])
def test_who_may_not_write_sends_nothing(cast: Cast, role: str) -> None:
    who = cast.staff[role]
    browser, given = as_web(who), {"items": [memo(who)]}
    watch = Watch()
    answer = browser.post("/api/pocket/items", given, content_type="application/json")
    assert answer.status_code == 403
    assert watch.changed() <= FREE


def test_without_a_sign_in_nothing_is_taken_and_the_phone_is_told(cast: Cast) -> None:
    watch = Watch()
    assert as_web().get("/api/pocket/me").status_code == 401
    given = {"items": [memo(cast.alice)]}
    assert as_web().post("/api/pocket/items", given, content_type="application/json").status_code == 401
    assert watch.changed() <= FREE


def test_without_the_header_of_the_pages_nothing_is_taken(cast: Cast) -> None:
    browser = as_web(cast.alice, csrf=True)
    token = browser.get("/api/pocket/me").json()["csrf"]
    body, kind = json.dumps({"items": [memo(cast.alice)]}), "application/json"
    assert browser.post("/api/pocket/items", body, content_type=kind).status_code == 403
    assert browser.post("/api/pocket/items", body, content_type="text/plain").status_code == 403
    assert not Note.objects.exists()
    answer = browser.post("/api/pocket/items", body, content_type=kind, headers={"X-CSRFToken": token})
    assert answer.status_code == 200
    assert Note.objects.count() == 1


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"items": 1}', '{"items": null}', "nonsense", '{"items": ' + "[" * 100 + "]" * 100 + "}"]
)
def test_nonsense_is_told_that_it_cannot_be_read_and_changes_nothing(cast: Cast, body: str) -> None:
    browser = as_web(cast.alice)
    watch = Watch()
    answer = browser.post("/api/pocket/items", body, content_type="application/json")
    assert answer.status_code == 422 or statuses(answer.json()["answers"]) == [422]
    assert watch.changed() <= FREE


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""}, {"text": "x" * 10_001}, {"at": "2026-11-23T10:00"}, {"key": "1"}, {"kind": "delete"},
        {"customer": -1}, {"staff": 1}, {"contact": {"channel": "call", "outcome": "reached"}},
    ],
)  # fmt: skip
def test_a_note_with_a_wrong_part_is_refused_alone(cast: Cast, wrong: dict[str, Any]) -> None:
    assert statuses(send(as_web(cast.alice), memo(cast.alice, **wrong), memo(cast.alice))) == [422, 201]
    assert Note.objects.count() == 1


def test_too_many_or_too_much_is_refused_whole(cast: Cast) -> None:
    browser = as_web(cast.alice)
    watch = Watch()
    many = {"items": [memo(cast.alice) for _ in range(51)]}
    assert browser.post("/api/pocket/items", many, content_type="application/json").status_code == 422
    much = {"items": [memo(cast.alice, text="x" * 9_000) for _ in range(50)], "more": "x" * 2_000_000}
    assert browser.post("/api/pocket/items", much, content_type="application/json").status_code == 413
    assert watch.changed() <= FREE


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def picture(data: bytes = PNG) -> tuple[dict[str, str], bytes]:
    return {"key": str(uuid.uuid4()), "sha256": hashlib.sha256(data).hexdigest()}, data


def send_files(browser: Client, item: dict[str, Any], *files: tuple[dict[str, str], bytes]) -> dict[str, Any]:
    whole = {**item, "files": [told for told, _data in files]}
    parts: dict[str, Any] = {told["key"]: SimpleUploadedFile("x.svg", data, "text/html") for told, data in files}
    answer = browser.post("/api/pocket/items", {"items": json.dumps({"items": [whole]}), **parts})
    assert answer.status_code == 200, answer.content
    return answer.json()["answers"][0]


def test_a_photo_of_a_contact_becomes_its_attachment_once(cast: Cast) -> None:
    browser, one, photo = as_web(cast.alice), contact(cast.alice, cast.zhang.pk), picture()
    first, again = send_files(browser, one, photo), send_files(browser, one, photo)
    assert (first["status"], again["status"]) == (201, 200)
    row = Attachment.objects.get()
    assert (row.interaction_id, row.media_type, bytes(row.data)) == (first["id"], "image/png", PNG)


def test_a_photo_of_a_memo_waits_with_it_and_goes_to_its_contact(cast: Cast) -> None:
    browser, one = as_web(cast.alice), memo(cast.alice)
    assert send_files(browser, one, picture())["status"] == 201
    note, kept = Note.objects.get(), File.objects.get()
    assert f"/pocket/files/{kept.pk}/" in browser.get("/pocket/notes/").content.decode()
    answer = browser.get(f"/pocket/files/{kept.pk}/")
    assert (answer.content, answer["Content-Type"], answer["X-Content-Type-Options"]) == (PNG, "image/png", "nosniff")
    browser.post(f"/pocket/notes/{note.pk}/", {"verb": "confirm"})
    assert File.objects.count() == 1  # the memo has to become a contact first
    log(browser, cast.zhang.pk, client_key=one["key"])
    browser.post(f"/pocket/notes/{note.pk}/", {"verb": "confirm"})
    assert (File.objects.count(), Attachment.objects.get().media_type) == (0, "image/png")
    note.refresh_from_db()
    assert note.state == "done"


def test_a_memo_that_has_become_a_contact_waits_no_more(cast: Cast) -> None:
    browser, one = as_web(cast.alice), memo(cast.alice)
    send(browser, one)
    log(browser, cast.zhang.pk, client_key=one["key"])
    assert "张先生 45万" not in browser.get("/pocket/notes/").content.decode()


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"<html>", b"MZ"])
def test_what_is_no_photo_and_no_voice_is_refused_with_its_note(cast: Cast, data: bytes) -> None:
    browser = as_web(cast.alice)
    watch = Watch()
    for one in (memo(cast.alice), contact(cast.alice, cast.zhang.pk)):
        assert send_files(browser, one, picture(data))["status"] == 422
    assert watch.changed() <= FREE


def test_a_file_that_was_cut_on_the_way_is_refused_with_its_note(cast: Cast) -> None:
    browser, (told, data) = as_web(cast.alice), picture()
    watch = Watch()
    assert send_files(browser, memo(cast.alice), (told, data[:-1]))["status"] == 422
    answer = send(browser, memo(cast.alice, files=[told]))
    assert statuses(answer) == [422]
    assert watch.changed() <= FREE


def test_a_file_under_the_key_of_anothers_is_refused_and_says_nothing(cast: Cast) -> None:
    photo = picture()
    send_files(as_web(cast.alice), memo(cast.alice), photo)
    browser = as_web(cast.carol)
    watch = Watch()
    assert send_files(browser, memo(cast.carol), photo)["status"] == 422
    assert send_files(as_web(cast.alice), memo(cast.alice), photo)["status"] == 422
    assert watch.changed() <= {*FREE, "people_staff"}


def test_nobody_sees_the_photo_of_anothers_memo(cast: Cast) -> None:
    send_files(as_web(cast.alice), memo(cast.alice), picture())
    for who in (cast.bob, cast.dora, cast.carol):
        assert as_web(who).get(f"/pocket/files/{File.objects.get().pk}/").status_code == 404


def test_a_contact_in_confidence_stays_so_from_a_phone(cast: Cast) -> None:
    what = {"channel": "call", "outcome": "reached", "content": "A divorce.", "named": []}
    send(as_web(cast.alice), contact(cast.alice, cast.zhang.pk, contact=what))
    assert Interaction.objects.get().confidential
    assert "A divorce." not in as_web(cast.dora).get(f"/customers/{cast.zhang.pk}/timeline/").content.decode()


def test_nobody_reads_or_settles_the_memo_of_another(cast: Cast) -> None:
    send(as_web(cast.alice), memo(cast.alice))
    note = Note.objects.get()
    for who in (cast.bob, cast.dora, cast.carol):
        browser = as_web(who)
        assert "张先生" not in browser.get("/pocket/notes/").content.decode()
        assert browser.post(f"/pocket/notes/{note.pk}/", {"verb": "confirm"}).status_code == 404
    note.refresh_from_db()
    assert note.state == "waiting"
