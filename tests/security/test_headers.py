"""What the browser is told with every answer, and what a log line never says."""

from __future__ import annotations

import logging
import sys

import pytest

from keybook.logs import Discreet
from tests.cast import Cast, as_web


@pytest.mark.parametrize("address", ["/accounts/login/", "/settings/me/", "/nothing/here", "/accounts/signup/"])
def test_every_answer_carries_the_policy(cast: Cast, address: str) -> None:
    answer = as_web(cast.alice).get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert len(answer["X-Request-ID"]) == 36


def test_a_signed_in_page_is_not_kept_by_the_browser(cast: Cast) -> None:
    assert "no-store" in as_web(cast.alice).get("/settings/me/")["Cache-Control"]


def test_a_forged_request_id_is_not_believed(cast: Cast) -> None:
    answer = as_web(cast.alice).get("/settings/me/", HTTP_X_REQUEST_ID="mine")
    assert answer["X-Request-ID"] != "mine"


def test_the_page_speaks_the_readers_language(cast: Cast) -> None:
    cast.alice.language = "zh-hans"
    cast.alice.save()
    assert 'lang="zh' in as_web(cast.alice).get("/settings/me/").content.decode()
    assert 'lang="zh' in as_web().get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="zh-CN,zh").content.decode()


def test_a_foreign_theme_is_refused(cast: Cast) -> None:
    browser = as_web()
    browser.cookies["theme"] = '"><script>'
    assert "<script>alert" not in browser.get("/accounts/login/").content.decode()


def said(message: str, error: BaseException | None = None) -> str:
    """The line a log gets."""
    kept: tuple[object, ...] | None = None
    try:
        if error:
            raise error
    except ValueError:
        kept = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "f", 1, message, (), kept)  # type: ignore[arg-type]
    return Discreet().format(record)


def test_a_log_line_may_not_repeat_the_value_an_error_met() -> None:
    text = said("Internal Server Error: /book/", ValueError("13800138000 is no number"))
    assert "13800138000" not in text
    assert "ValueError" in text
    assert "test_headers.py" in text


def test_a_log_line_may_not_repeat_a_query() -> None:
    assert "Zhang" not in said("Not Found: /search?q=Zhang")


def test_no_text_may_forge_a_log_line() -> None:
    assert said("one\n2026-01-01 ERROR forged\x1b[31m").count("\n") == 0
