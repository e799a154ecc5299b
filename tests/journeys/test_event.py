"""An event from the Book to the waiting list: invited where the gate lets, answered on the phone, full, and a seat that moves up."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import UNTIL, Desk

pytestmark = pytest.mark.browser
NAME = "Porcelain evening"


def plan(desk: Desk) -> str:
    """The campaign manager plans an evening for two and opens it; its address."""
    page = desk.page
    desk.sign_in("campaign")
    desk.go("/events/new/")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("About", exact=True).fill("Porcelain")
    page.get_by_label("Where").fill("Head office")
    page.get_by_label("Day", exact=True).fill(str(dt.date.fromisoformat(UNTIL) + dt.timedelta(days=9)))
    page.get_by_label("Seats").fill("2")
    with page.expect_navigation():
        page.get_by_role("button", name="Plan the event").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Open for invitations").click()
    return re.sub(r"https?://[^/]+", "", page.url)


def invite(desk: Desk, event: str, *, count: int) -> list[str]:
    """The banker comes from the Book, sees whom the gate refuses, and ticks some of the others; their numbers."""
    page = desk.page
    desk.go("/book/")
    with page.expect_navigation():
        page.get_by_role("link", name="Invite", exact=True).click()
    with page.expect_navigation():
        page.locator(f"a[href^='{event}invite/']").click()
    boxes = page.locator("input[name=customer]:enabled")
    refused = page.locator("tr", has=page.locator("input[name=customer]:disabled"))
    expect(page.locator(".ev-sum")).to_contain_text("refused by the gate")
    expect(refused.first).to_contain_text(re.compile("Consent|complaint|mourning|minded|ended|most|not to be"))
    numbers = [str(boxes.nth(place).get_attribute("value")) for place in range(count)]
    for place in range(count):
        boxes.nth(place).check()
    page.get_by_label("Why all the same").fill("Asked about porcelain")
    with page.expect_navigation():
        page.get_by_role("button", name="Invite the ticked").click()
    expect(page.locator("[data-toast]").first).to_contain_text(f"{count} customers are to be invited")
    assert page.url.endswith(event)
    return numbers


def call(desk: Desk, number: str, reply: str) -> None:
    """Log the call with what the customer answers."""
    page = desk.page
    desk.go(f"/customers/{number}/log/?from=customer")
    page.get_by_label(re.compile(f"Invited to “{NAME}”")).select_option(reply)
    page.locator("input[name=outcome][value=reached]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Save the contact").click()


def row(page: Page, number: str):
    return page.locator("tr", has=page.locator(f"a[href='/customers/{number}/']"))


def test_from_the_book_to_a_seat_that_moves_up(desk: Desk):
    event, page = plan(desk), desk.page
    page.context.clear_cookies()
    desk.sign_in("rm")
    first, second = invite(desk, event, count=2)
    call(desk, first, "accepted:1")
    desk.go(event)
    expect(row(page, first)).to_contain_text("Comes")
    call(desk, second, "accepted")
    desk.go(event)
    expect(row(page, second)).to_contain_text("Waiting list")
    expect(row(page, second)).to_contain_text("no. 1")
    row(page, first).get_by_role("combobox").select_option("declined")
    with page.expect_navigation():
        row(page, first).get_by_role("button", name="Keep").click()
    expect(page.locator("[data-toast]").first).to_contain_text("1 party of the waiting list has a seat now")
    expect(row(page, second)).to_contain_text("Comes")
    desk.go(f"/customers/{second}/log/?from=customer")
    expect(page.locator("main")).to_contain_text(f"A seat is free at “{NAME}”")
    desk.go("/plan/time/")
    expect(page.locator("main")).to_contain_text(NAME)
