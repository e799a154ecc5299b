"""Signing in by password, and by one click on the demo's own machine only."""

from __future__ import annotations

import pytest
from django.test import Client

from keybook.apps.people.models import Staff
from tests.cast import PASSWORD, Cast, as_web

LOCAL = {"HTTP_HOST": "127.0.0.1:8000"}
LOGIN = "/accounts/login/"


def test_the_staff_number_and_password_sign_in(cast: Cast) -> None:
    browser = as_web()
    answer = browser.post(LOGIN, {"login": "alice", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.session["_auth_user_id"] == str(cast.alice.pk)


def test_the_session_gets_a_new_name_at_sign_in(cast: Cast) -> None:
    browser = as_web()
    browser.get(LOGIN)
    browser.session["x"] = 1
    before = browser.session.session_key
    browser.post(LOGIN, {"login": "alice", "password": PASSWORD})
    assert browser.session.session_key != before


def test_a_wrong_password_is_refused_and_the_number_kept(cast: Cast) -> None:
    answer = as_web().post(LOGIN, {"login": "alice", "password": "wrong"})
    assert answer.status_code == 200
    assert 'value="alice"' in answer.content.decode()
    assert "wrong" not in answer.content.decode()


def test_an_unknown_number_is_refused_in_the_same_words(cast: Cast) -> None:
    pages = [
        as_web().post(LOGIN, {"login": code, "password": "wrong"}).content.decode().split("<main")[1]
        for code in ("alice", "nobody")
    ]
    known, unknown = (page.replace("alice", "").replace("nobody", "") for page in pages)
    import re

    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub("", known) == token.sub("", unknown)


def test_someone_who_left_may_not_sign_in(cast: Cast) -> None:
    Staff.objects.filter(pk=cast.alice.pk).update(is_active=False)
    browser = as_web()
    browser.post(LOGIN, {"login": "alice", "password": PASSWORD})
    assert browser.get("/settings/me/").status_code == 302


def test_a_session_ends_at_once_when_its_owner_leaves(cast: Cast) -> None:
    browser = as_web(cast.alice)
    assert browser.get("/settings/me/").status_code == 200
    Staff.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert browser.get("/settings/me/").status_code == 302


def test_a_session_ends_when_the_password_changes(cast: Cast) -> None:
    browser = as_web(cast.alice)
    cast.alice.set_password("another long password")
    cast.alice.save()
    assert browser.get("/settings/me/").status_code == 302


def test_signing_out_needs_a_post_and_ends_the_session(cast: Cast) -> None:
    browser = as_web(cast.alice)
    browser.post("/accounts/logout/")
    assert browser.get("/settings/me/").status_code == 302


def test_nobody_may_sign_up(cast: Cast) -> None:
    assert as_web().get("/accounts/signup/").status_code == 404
    assert as_web().post("/accounts/signup/", {"username": "x", "password1": PASSWORD}).status_code == 404
    assert Staff.objects.count() == 8


def test_many_wrong_passwords_are_refused_for_a_while(cast: Cast, settings: object) -> None:
    from django.core.cache import cache

    cache.clear()
    browser = as_web()
    for _ in range(6):
        browser.post(LOGIN, {"login": "carol", "password": "wrong"})
    assert browser.post(LOGIN, {"login": "carol", "password": PASSWORD}).status_code != 302
    cache.clear()


def test_one_click_signs_in_on_the_demos_own_machine(cast: Cast) -> None:
    browser = as_web()
    page = browser.get(LOGIN, **LOCAL).content.decode()
    assert "Alice Wang" in page
    answer = browser.post("/sign-in/demo", {"code": "mei"}, **LOCAL)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.session["_auth_user_id"] == str(cast.mei.pk)


@pytest.mark.parametrize(
    "where",
    [
        {"HTTP_HOST": "testserver"},
        {**LOCAL, "REMOTE_ADDR": "10.0.0.7"},
        {**LOCAL, "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {**LOCAL, "HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_one_click_is_refused_from_anywhere_else(cast: Cast, where: dict[str, str]) -> None:
    browser = as_web()
    assert browser.post("/sign-in/demo", {"code": "mei"}, **where).status_code == 404
    assert "_auth_user_id" not in browser.session
    assert "Alice Wang" not in browser.get(LOGIN, **where).content.decode()


def test_one_click_is_refused_outside_demo_mode(cast: Cast, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert as_web().post("/sign-in/demo", {"code": "mei"}, **LOCAL).status_code == 404


def test_one_click_as_an_unknown_person_is_refused(cast: Cast) -> None:
    assert as_web().post("/sign-in/demo", {"code": "zzz"}, **LOCAL).status_code == 404


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_may_not_lead_to_another_host(cast: Cast, after: str) -> None:
    answer = as_web().post(LOGIN, {"login": "alice", "password": PASSWORD, "next": after})
    assert "evil" not in answer["Location"]
    demo = as_web().post("/sign-in/demo", {"code": "alice", "next": after}, **LOCAL)
    assert demo["Location"] == "/"


def test_the_second_factor_page_is_there(cast: Cast) -> None:
    assert as_web(cast.alice).get("/accounts/2fa/").status_code == 200


def test_an_anonymous_visitor_is_sent_to_sign_in_and_back(cast: Cast) -> None:
    answer = Client().get("/settings/me/?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/settings/me/%3Fx%3D1")
