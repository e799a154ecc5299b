"""The reader's language and theme, and the pages of an error."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import translation

from keybook.web import filters
from tests.cast import Cast, as_web

pytestmark = pytest.mark.django_db


def test_a_choice_of_language_and_theme_is_kept_for_who_is_signed_in(cast: Cast):
    client = as_web(cast.alice)
    client.post("/look/", {"language": "zh-hans", "next": "/book/"})
    answer = client.post("/look/", {"theme": "dark", "next": "/book/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/book/"
    cast.alice.refresh_from_db()
    assert (cast.alice.language, cast.alice.theme) == ("zh-hans", "dark")


def test_who_is_not_signed_in_has_the_choice_in_cookies(cast: Cast):
    answer = Client().post("/look/", {"language": "zh-hans"})
    assert answer.cookies["django_language"].value == "zh-hans"
    answer = Client().post("/look/", {"theme": "dark"})
    assert answer.cookies["theme"].value == "dark"
    assert answer.cookies["theme"]["httponly"]


def test_what_is_chosen_in_settings_is_kept_for_the_page_before_the_next_sign_in_too(cast: Cast):
    answer = as_web(cast.alice).post("/settings/me/", {"language": "zh-hans", "theme": "dark"})
    assert (answer.cookies["django_language"].value, answer.cookies["theme"].value) == ("zh-hans", "dark")


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_the_way_back_never_leads_to_another_host(cast: Cast, away: str):
    assert Client().post("/look/", {"theme": "dark", "next": away})["Location"] == "/"


@pytest.mark.parametrize("value", ["", "sepia", "../../etc/passwd", "<script>"])
def test_an_unknown_theme_or_language_is_refused_and_nothing_is_kept(cast: Cast, value: str):
    client = as_web(cast.alice)
    answer = client.post("/look/", {"theme": value, "language": value})
    assert "theme" not in answer.cookies
    assert "django_language" not in answer.cookies
    cast.alice.refresh_from_db()
    assert (cast.alice.language, cast.alice.theme) == ("en", "auto")


def test_looking_at_the_address_changes_nothing_and_is_refused(cast: Cast):
    assert Client().get("/look/").status_code == 405


def test_a_page_that_is_not_there_says_so_with_the_requests_number_and_not_what_was_asked(cast: Cast):
    answer = as_web(cast.alice).get("/no/such/page-of-13800138000")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "There is no such page here" in text
    assert "13800138000" not in text
    assert answer["X-Request-ID"] in text


def test_a_form_without_its_token_is_refused_with_a_sentence(cast: Cast):
    answer = Client(enforce_csrf_checks=True).post("/look/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The database refuses every connection and every statement; what was tried is written down."""
    tried: list[str] = []

    def refuse(*_args: object, **_more: object) -> None:
        tried.append("asked")
        raise OperationalError("connection refused")

    for name in ("connect", "ensure_connection", "cursor", "_cursor"):
        monkeypatch.setattr(connection, name, refuse)
    return tried


SAYS = {"en": "Something broke on our side", "zh-Hans": "我们这边出了问题"}


@pytest.mark.parametrize(
    ("cookie", "accepts", "says"),
    [
        ("zh-hans", "en", "zh-Hans"),
        ("en", "zh-CN,zh;q=0.9", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("", "de", "en"),
        ("tlh", "zh-CN", "zh-Hans"),
    ],
)
def test_without_a_database_the_error_speaks_as_the_cookie_or_the_browser_says_and_asks_nothing(
    refused: list[str], cookie: str, accepts: str, says: str
):
    client = Client(raise_request_exception=False, headers={"accept-language": accepts})
    client.cookies["sessionid"] = "a-session-nobody-can-read-now"
    client.cookies["theme"] = "dark"
    if cookie:
        client.cookies["django_language"] = cookie
    answer = client.get("/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert f'lang="{says}" data-bs-theme="dark"' in text
    assert SAYS[says] in text
    assert len(refused) == 1  # the request's own first touch; the page of the error makes none


@pytest.mark.parametrize(
    ("language", "word", "rule", "label"),
    [
        ("en", "Lakeside", "gifts/1, as installed", {"WeChat": "WeChat", "E-mail": "e-mail", "Call": "call", "": ""}),
        ("zh-hans", "湖滨", "gifts/1，出厂设置", {"微信": "微信", "电话": "电话"}),
    ],
)
def test_words_the_bank_writes_twice_are_read_once_and_a_label_stands_as_a_sentence_wants_it(
    language: str, word: str, rule: str, label: dict[str, str]
):
    with translation.override(language):
        assert filters.own_part("Lakeside 湖滨") == word
        assert filters.own_part("Lakeside") == "Lakeside"
        assert filters.own_rule("gifts/1, as installed") == rule
        assert filters.own_rule("gifts/2") == "gifts/2"
        assert {one: filters.in_a_sentence(one) for one in label} == label
