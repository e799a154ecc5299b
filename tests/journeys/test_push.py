"""Being told, in a real browser: the service worker shows what is pushed, and the page makes the secret address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.journeys.conftest import ARGUMENTS, Desk, open_desk, whole

pytestmark = pytest.mark.browser

SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((each) =>
    ({ title: each.title, body: each.body, url: each.data.url }))"""


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The whole browser: what has no window shows no notes."""
    browser = playwright.chromium.launch(executable_path=whole(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def told(chromium: Browser, bank: str) -> Any:
    """A banker's window that may show notes, with its service worker at work, and a way to push to it."""
    desk = open_desk(chromium, bank)
    desk.context.grant_permissions(["notifications"], origin=bank)
    desk.context.add_cookies([{"name": "django_language", "value": "en", "url": bank}])
    desk.sign_in("rm")
    desk.go("/settings/notices/")
    wire = desk.context.new_cdp_session(desk.page)
    known: list[str] = []
    wire.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(each["registrationId"] for each in event["registrations"]),
    )
    wire.send("ServiceWorker.enable")
    desk.page.evaluate("async () => { await navigator.serviceWorker.ready }")
    desk.page.wait_for_timeout(300)

    def push(data: str) -> list[dict[str, str]]:
        wire.send("ServiceWorker.deliverPushMessage", {"origin": bank, "registrationId": known[-1], "data": data})
        desk.page.wait_for_timeout(300)
        return list(desk.page.evaluate(SHOWN))

    yield desk, push
    desk.clean()
    desk.context.close()


def test_a_push_is_shown_with_its_number_and_leads_into_keybook(told: Any) -> None:
    _desk, push = told
    said = {"title": "Keybook", "body": "3 things for today", "url": "/"}
    assert push(json.dumps(said)) == [said]


def test_a_push_never_leads_elsewhere(told: Any) -> None:
    _desk, push = told
    for url in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", 7):
        assert [each["url"] for each in push(json.dumps({"title": "x", "body": "y", "url": url}))] == ["/"]


def test_a_push_that_cannot_be_read_is_not_an_error(told: Any) -> None:
    _desk, push = told
    assert [each["title"] for each in push("no json")] == ["Keybook"]


def test_the_page_offers_this_browser_and_shows_the_secret_address_once(told: Any) -> None:
    desk: Desk
    desk, _push = told
    assert desk.page.locator("[data-push] button").inner_text() == "Push to this browser"
    if desk.page.get_by_role("button", name="Take back").count():
        desk.page.get_by_role("button", name="Take back").click()
    desk.page.get_by_role("button", name="Make my calendar address").click()
    desk.page.wait_for_load_state("networkidle")
    address = desk.page.locator("#f-feed").input_value()
    assert desk.page.request.get(address).headers["content-type"].startswith("text/calendar")
    desk.go("/settings/notices/")
    assert "/calendar/" not in desk.page.content()
    desk.page.get_by_role("button", name="Take back").click()
    desk.page.wait_for_load_state("networkidle")
    assert desk.page.request.get(address).status == 404
