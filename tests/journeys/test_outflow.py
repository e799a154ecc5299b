"""Journey 2, the outflow: a large transfer out is asked about, and the new restaurant becomes an occasion."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk

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
    expect(page.locator("#memo-draft")).to_contain_text("18 Dec")
    page.keyboard.press("Enter")
    expect(page.locator(".kb-toast")).to_contain_text("Saved")
    expect(page.locator("#occasions")).to_contain_text("18 Dec")
    expect(page.locator("main")).to_contain_text("opened a restaurant")
