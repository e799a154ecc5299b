"""Journey 1, the walk-in: typed while the customer stands there, kept, reminded of on a workday, logged with its fate."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Desk, open_desk

pytestmark = pytest.mark.browser
LINE = "张先生 13800138000 八月底定期到期 45万 提醒他"
ENGLISH = "Mr Zhang 13700137000, CD of 450k matures end of August, call him"


@pytest.fixture
def phone(chromium: Browser, bank: str):
    """The RM's phone, 390 px wide."""
    opened = open_desk(chromium, bank, width=390, height=844)
    opened.sign_in("rm")
    yield opened
    opened.clean()
    opened.context.close()


def test_a_walk_in_takes_four_interactions_and_less_than_thirty_seconds(phone: Desk):
    page, began, interactions = phone.page, time.monotonic(), 0
    page.locator(".kb-tabbar a.memo").click()
    interactions += 1
    box = page.locator("[data-memo-text]")
    expect(box).to_be_visible()
    box.click()
    interactions += 1
    page.keyboard.type(LINE, delay=20)
    interactions += 1
    save = page.locator("[data-memo-save]")
    expect(page.locator("#memo-draft")).to_contain_text("¥450,000")
    expect(page.locator("#memo-mirror mark")).to_have_count(6)
    assert phone.overflow() <= 0
    assert phone.axe() == []
    save.click()
    interactions += 1
    expect(page.locator(".kb-toast")).to_contain_text("Tue 31 Aug 2027")
    assert interactions <= 4
    assert time.monotonic() - began < 30
    assert box.input_value() == ""
    page.locator("#memo-draft a").click()
    expect(page.locator("main")).to_contain_text("张先生")
    expect(page.locator("main")).to_contain_text("¥450,000")
    expect(page.locator("#promises")).to_contain_text("31 Aug 2027")


def test_the_same_in_english_over_the_book_with_keys_alone(desk: Desk):
    desk.sign_in("rm")
    desk.go("/book/")
    page = desk.page
    page.keyboard.press("m")
    box = page.locator("#memo-over [data-memo-text]")
    expect(box).to_be_focused()
    page.keyboard.type(ENGLISH, delay=5)
    expect(page.locator("#memo-draft")).to_contain_text("¥450,000")
    assert desk.axe() == []
    page.keyboard.press("Enter")
    expect(page.locator(".kb-toast")).to_contain_text("31 Aug 2027")
    expect(page.locator("#memo-over")).to_be_hidden()
    page.locator(".kb-toast button").click()
    expect(page.locator(".kb-toast")).to_contain_text("Undone")
    expect(page.locator("[data-memo-text]")).to_have_value(ENGLISH)


def test_on_its_day_the_promise_tops_today_and_the_call_tells_what_became_of_the_money(desk: Desk):
    desk.sign_in("rm")
    desk.go("/")
    page = desk.page
    page.locator("[data-memo-text]").fill("李女士 13600139988 今天到访 海港银行定期 45万 11月27日到期 今天给她打电话")
    expect(page.locator("#memo-draft")).to_contain_text("¥450,000")
    page.locator("[data-memo-save]").click()
    expect(page.locator(".kb-toast")).to_contain_text("Saved")
    link = page.locator("#memo-draft a").get_attribute("href")
    customer = link.strip("/").split("/")[1]
    desk.go("/")
    expect(page.locator(f"#line-{customer}")).to_be_visible()
    desk.go(f"/customers/{customer}/log/?from=customer")
    form = page.locator(f"#log-{customer}")
    form.locator("label.pick:has([value=reached])").click()
    form.get_by_label("海港银行").select_option("moved_in")
    form.get_by_role("button", name="Save the contact").click()
    expect(page.locator(".kb-toast")).to_contain_text("Saved")
    desk.go("/")
    expect(page.locator(f"#line-{customer}")).to_have_count(0)


def test_what_is_typed_survives_a_page_that_goes_away(desk: Desk):
    desk.sign_in("rm")
    desk.go("/memo/")
    page = desk.page
    page.locator("[data-memo-text]").fill("王女士 13512345678 想买")
    desk.go("/book/")
    desk.go("/memo/")
    expect(page.locator("[data-memo-text]")).to_have_value("王女士 13512345678 想买")


def test_two_readings_are_chosen_with_a_key(desk: Desk):
    desk.sign_in("rm")
    desk.go("/memo/")
    page = desk.page
    page.locator("[data-memo-text]").fill("Ms Novak 13511112222 walked in, call her next Wed")
    expect(page.locator(".memo-ask .pick")).to_have_count(3)
    expect(page.locator("#memo-mirror mark.two-r")).to_have_count(1)
    page.locator("[data-memo-text]").press("Enter")
    expect(page.locator("#memo-draft")).to_contain_text("Choose a reading")
    expect(page.locator(".memo-ask fieldset")).to_be_focused()
    page.locator(".memo-ask fieldset").press("2")
    page.keyboard.press("Enter")
    expect(page.locator(".kb-toast")).to_contain_text("2 Dec")
