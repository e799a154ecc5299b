"""The branch head's team: a number opens its customers, and the list leaves as a file for a purpose."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import open_desk

pytestmark = pytest.mark.browser


def test_a_head_opens_a_number_and_takes_the_list_along(chromium: Browser, bank: str) -> None:
    desk = open_desk(chromium, bank)
    desk.sign_in("head")
    page = desk.page
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", level=1, name="Team")).to_be_visible()
    cell = page.locator("table.tm tbody tr:first-child td.h a").first
    said = re.findall(r"\d+", cell.inner_text())
    count = int(said[1])  # "93 % 3 of 44" opens the 3, "100 % all 9" the 9
    cell.click()
    expect(page.locator("[data-count]")).to_have_attribute("data-count", str(count))
    assert page.locator("table.tm-rows tbody tr").count() == min(count, 50)
    assert desk.axe() == []
    page.get_by_label("What is it for?").fill("Letters for the year's end")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    with open(waiting.value.path(), encoding="utf-8-sig", newline="") as held:  # noqa: PTH123  Playwright's own path
        rows = list(csv.reader(held))
    assert len(rows) == count + 1
    page.locator("table.tm-rows a.name").first.click()
    expect(page.locator("h1")).to_contain_text(rows[1][0])
    desk.clean()
    desk.context.close()
