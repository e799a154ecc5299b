"""Journey 2, the outflow: it is asked about, the new restaurant becomes an occasion, a gift within limits is given.

Above the limit another decides; the timeline and the relationship ledger show what was given.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Desk, open_desk

pytestmark = pytest.mark.browser


def outflow(desk: Desk) -> str:
    """The address of a customer whose line on Today speaks of money that left."""
    for code in ("R001", "R002"):
        desk.enter(code)
        lines = desk.page.locator(".td-row", has_text=re.compile(r"\bout\b")).locator("a.name")
        if lines.count():
            return str(lines.first.get_attribute("href")).split("?", maxsplit=1)[0]
    pytest.fail("No persona of the demo bank has an outflow on Today.")


def test_asked_about_an_outflow_the_new_restaurant_becomes_an_occasion(desk: Desk):
    address = outflow(desk)
    page = desk.page
    desk.go(address)
    page.keyboard.press("m")
    box = page.locator("#memo-over [data-memo-text]")
    expect(box).to_be_focused()
    page.keyboard.type("Called: opened a restaurant, opening on 18 December", delay=5)
    expect(page.locator("#memo-draft")).to_contain_text("Opening")
    expect(page.locator("#memo-draft")).to_contain_text(
        "“18 December”"
    )  # of the whole line: only what is drawn is saved
    page.keyboard.press("Enter")
    expect(page.locator(".kb-toast")).to_contain_text("Saved")
    expect(page.locator("#occasions")).to_contain_text("18 Dec")
    expect(page.locator("main")).to_contain_text("opened a restaurant")


def wish(desk: Desk, address: str, text: str, value: str, kind: str, why: str = "") -> None:
    """Ask for a gift for the opening."""
    page = desk.page
    desk.go(address)
    page.get_by_role("link", name="Gift", exact=True).click()
    page.get_by_label("Gift", exact=True).fill(text)
    page.get_by_label("Value", exact=True).fill(value)
    page.get_by_label("Kind", exact=True).select_option(label=kind)
    page.get_by_label("Occasion", exact=True).fill("Opening")
    expect(page.locator("#gift-meters")).to_contain_text("This customer, within a year")
    if why:
        page.get_by_label("Why, if above a limit").fill(why)
    page.get_by_role("button", name="Plan the gift").click()
    expect(page.locator("h1")).to_contain_text(text)


def test_a_gift_within_the_limits_is_given_and_the_ledger_shows_it(desk: Desk):
    address = outflow(desk)
    page = desk.page
    wish(desk, address, "Orchids", "268", "Flowers")
    expect(page.locator(".kb-toast")).to_contain_text("Planned")
    page.get_by_label("The relationship").select_option(label="Strengthened")
    page.get_by_role("button", name=re.compile("Given")).click()
    expect(page.locator(".kb-toast")).to_contain_text("Given")
    desk.go(address)
    given = page.locator("li:not(.gt-list > li)", has_text="Gift: Orchids").first
    expect(given).to_contain_text("+9")


def test_above_the_limit_the_banker_cannot_give_and_another_person_decides(desk: Desk, chromium: Browser, bank: str):
    address = outflow(desk)
    page = desk.page
    wish(desk, address, "Calligraphy in a frame", "1280", "For the home", why="The opening of her third restaurant")
    expect(page.locator(".kb-toast")).to_contain_text("second person")
    expect(page.get_by_role("button", name=re.compile("Given|Approve"))).to_have_count(0)
    head = open_desk(chromium, bank)
    head.sign_in("head")
    head.go("/gifts/?view=waiting")
    head.page.get_by_role("link", name=re.compile(".")).filter(has=head.page.locator(".name")).first.click()
    head.page.get_by_label("Why yes, or why no").fill("A long relationship")
    head.page.get_by_role("button", name=re.compile("Approve")).click()
    expect(head.page.locator(".kb-toast")).to_contain_text("Approved")
    head.clean()
    head.context.close()
    page.reload()
    page.get_by_role("button", name=re.compile("Given")).click()
    expect(page.locator(".kb-toast")).to_contain_text("Given")
