"""Journey 6, its first half: a manager makes a campaign and launches it; the banker has it on Today, plans it, logs it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Desk, open_desk

pytestmark = pytest.mark.browser


def choose(desk: Desk) -> None:
    """The manager ticks three customers of one banker in the Book and writes the campaign down."""
    page = desk.page
    desk.go("/book/?tier=gold")
    chen = page.locator("select[name=rm] option", has_text="Chen Jing").get_attribute("value")
    desk.go(f"/book/?tier=gold&rm={chen}&pick=1")
    for box in page.locator("input[name=customer]").all()[:3]:
        box.check()
    page.get_by_role("button", name="Campaign for the ticked").click()
    expect(page.get_by_text("3 customers chosen by hand")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Lantern evening")
    page.get_by_label("Theme of the campaign").fill("Lantern riddles")
    page.get_by_label("The contacts are").select_option("service")
    page.get_by_label("Sentence to open with, in English").fill("We hold a lantern evening in February.")
    page.get_by_label("Held out, percent").fill("0")
    page.get_by_role("button", name="Draft, and see whom").click()


def test_a_manager_launches_a_campaign_and_the_banker_plans_and_logs_it(desk: Desk, chromium: Browser):
    banker = open_desk(chromium, desk.bank)
    banker.enter("R001")

    desk.enter("M001")
    choose(desk)
    page = desk.page

    # what it would do is said before it is done
    expect(page.get_by_text("draft, nobody is contacted")).to_be_visible()
    launch = page.get_by_role("button", name=re.compile(r"Launch: \d contact"))
    count = int(re.findall(r"\d+", launch.inner_text())[0])
    assert 1 <= count <= 3
    page.get_by_role("link", name="See each of them").click()
    rows = page.locator(".cp-rows tbody tr")
    expect(rows).to_have_count(3)
    contacted = rows.filter(has_text="Would be contacted").first
    name = contacted.locator("a.name")
    number = re.findall(r"/customers/(\d+)/", str(name.get_attribute("href")))[0]
    assert desk.axe() == []
    page.get_by_role("navigation", name="Lantern evening").get_by_role("link", name="The campaign").click()
    page.get_by_role("button", name=re.compile(r"Launch: \d contact")).click()
    expect(page.locator(".kb-toast")).to_contain_text("Launched:")
    here = page.url

    # the banker: on the customer's page it is a reason, the plan places it, and logging answers it
    today = banker.page
    banker.go(f"/customers/{number}/")
    expect(today.locator("main")).to_contain_text("Lantern evening")
    banker.go("/plan/")
    today.get_by_role("button", name=re.compile("Plan my month")).first.click()
    expect(today.locator(".kb-toast")).to_contain_text("planned")
    banker.go(f"/customers/{number}/log/?from=customer&channel=call")
    today.locator("input[name=outcome][value=reached]").check()
    with today.expect_navigation():
        today.get_by_role("button", name="Save the contact").click()
    banker.go(here.replace(desk.bank, "") + "targets/")
    row = today.locator(".cp-rows tbody tr", has=today.locator(f"a[href*='/customers/{number}/']"))
    expect(row).to_contain_text("Reached")
    row.get_by_role("button", name="Interested").click()
    expect(today.locator(".kb-toast")).to_contain_text("Kept: interested.")

    # the manager reads it
    page.goto(here + "progress/")
    done = page.locator(".cp-progress tbody tr", has_text="Chen Jing").locator("td")
    assert [done.nth(each).inner_text() for each in (1, 2, 4)] == [str(count), "1", "1"]
    assert desk.violations() == []
    banker.context.close()
