"""Before a contact: the gate warns, the banker goes ahead with a reason and logs; it refuses; and it says when it was not asked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk

pytestmark = pytest.mark.browser


def opened(desk: Desk) -> str:
    """The first line of Today, open; its customer's number in addresses."""
    desk.sign_in("rm")
    line = desk.page.locator(".td-line:has(.td-open)").first
    expect(line.locator("[data-gate]")).to_have_count(1)
    return str(line.get_attribute("data-line"))


def log(desk: Desk, number: str, *, channel: str, topic: str) -> None:
    """Open the form of this customer, choose how and about what."""
    page = desk.page
    desk.go(f"/customers/{number}/log/?from=customer")
    page.locator(f"#channel-{number}").select_option(channel)
    page.locator(f"#topic-{number}").fill(topic)
    page.locator(f"#topic-{number}").blur()


def test_a_warning_is_gone_ahead_with_by_a_reason_that_stands_with_the_logged_contact(desk: Desk):
    number, page = opened(desk), desk.page
    for wait in ("Sent the terms", "She asked for the terms again"):
        log(desk, number, channel="email", topic="Terms")
        said = page.locator(f"#gate-{number}")
        if wait != "Sent the terms":
            expect(said).to_have_attribute("data-gate", "warns")
            expect(said).to_contain_text("Spoken to on")
            said.get_by_text("Go ahead, because").click()
            said.get_by_role("button", name="Keep").click()
            expect(said).to_contain_text("few words")
            said.get_by_label("Why it is right all the same").fill(wait)
            said.get_by_role("button", name="Keep").click()
            expect(said).to_contain_text(f"you go ahead, because: {wait}")
        page.locator("input[name=outcome][value=reached]").check()
        with page.expect_navigation():
            page.get_by_role("button", name="Save the contact").click()
    desk.go(f"/customers/{number}/care/")
    kept = page.locator("li", has_text="She asked for the terms again")
    expect(kept).to_contain_text("spoken to lately")
    expect(kept.get_by_role("link")).to_have_text("Reached")


def test_what_the_gate_refuses_is_not_gone_ahead_with(desk: Desk):
    number, page = opened(desk), desk.page
    desk.go(f"/customers/{number}/care/")
    part = page.locator("form", has=page.locator("input[name=part][value=consent]"))
    part.get_by_label("For", exact=True).select_option("service")
    part.get_by_label("Channel", exact=True).select_option("letter")
    part.get_by_label("Said", exact=True).select_option("no")
    part.get_by_label("Where it was said").fill("At the counter")
    with page.expect_navigation():
        part.get_by_role("button", name="Write it down").click()
    log(desk, number, channel="letter", topic="")
    said = page.locator(f"#gate-{number}")
    expect(said).to_have_attribute("data-gate", "refused")
    expect(said).to_contain_text("Consent withdrawn")
    expect(said.get_by_text("Go ahead, because")).to_have_count(0)


def test_a_gate_that_could_not_be_asked_says_so_and_is_asked_again(desk: Desk):
    number, page = opened(desk), desk.page
    page.route(re.compile(r"/gate/\?"), lambda route: route.fulfill(status=500, body="Broken"))
    desk.go(f"/customers/{number}/")
    place = page.locator(f"#gate-{number}")
    expect(place.get_by_role("alert")).to_contain_text("could not be asked")
    page.unroute(re.compile(r"/gate/\?"))
    place.get_by_role("button", name="Ask again").click()
    expect(page.locator(f"#gate-{number}[data-gate]")).to_have_count(1)
    desk.errors.clear()  # the failure was meant
