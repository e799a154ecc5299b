"""A plain day: sign in, Today, open, log, next; by mouse, by keyboard alone, and with what goes wrong."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk

pytestmark = pytest.mark.browser


def opened(desk: Desk) -> str:
    """The name on the opened line."""
    return desk.page.locator(".td-row.cur a.name").first.inner_text()


def waiting(desk: Desk) -> int:
    """How many are still to contact, as the page's head says."""
    return int(desk.page.locator("#today-sum b").first.inner_text().replace(",", ""))


def test_an_rm_signs_in_opens_the_first_line_logs_it_and_the_next_opens(desk: Desk):
    desk.sign_in("rm")
    page = desk.page
    expect(page).to_have_title(re.compile("Today"))
    first, before = opened(desk), waiting(desk)
    assert page.locator(".td-open .kb-quote").inner_text()
    assert "First because" in page.locator(".td-open").inner_text()
    page.get_by_role("link", name="Log a contact").first.click()
    form = page.locator("form.log-form")
    form.locator("label.pick:has([value=reached])").click()
    form.get_by_label("Topic").fill("Term deposit")
    form.get_by_label("What was said").fill("Will decide after the holidays.")
    form.get_by_label("Channel").select_option("call")  # counts for every standard
    form.locator("details > summary").first.click()
    for reason in form.locator("input[name=closes]").all():
        reason.check()
    form.get_by_role("button", name="Save the contact").click()
    expect(page.locator(".kb-toast")).to_contain_text("Saved")
    expect(page.locator(".td-row a.name", has_text=first)).to_have_count(0)
    assert opened(desk) != first
    assert waiting(desk) == before - 1


def test_a_next_step_with_a_date_is_a_promise_in_the_customers_history(desk: Desk):
    desk.sign_in("rm")
    page = desk.page
    link = page.locator(".td-row.cur a.name").first.get_attribute("href") or ""
    page.get_by_role("link", name="Log a contact").first.click()
    form = page.locator("form.log-form")
    form.locator("label.pick:has([value=reached])").click()
    form.get_by_label("Next step").fill("Send the table of rates")
    form.get_by_label("By", exact=True).fill("2026-12-04")
    form.get_by_role("button", name="Save the contact").click()
    expect(page.locator(".kb-toast")).to_contain_text("Send the table of rates")
    desk.go(link.split("?")[0] + "timeline/")
    assert "Send the table of rates" in page.locator("main").inner_text()


def test_a_contact_without_an_outcome_is_refused_beside_the_field_and_what_was_typed_stays(desk: Desk):
    desk.sign_in("rm")
    page = desk.page
    before = waiting(desk)
    page.get_by_role("link", name="Log a contact").first.click()
    form = page.locator("form.log-form")
    form.get_by_label("Topic").fill("Fees")
    form.get_by_role("button", name="Save the contact").click()
    expect(page.locator(".td-open .invalid-feedback").first).to_be_visible()
    expect(page.locator("form.log-form").get_by_label("Topic")).to_have_value("Fees")
    assert waiting(desk) == before


def test_a_line_is_put_off_and_brought_back_by_undo(desk: Desk):
    desk.sign_in("rm")
    page = desk.page
    first, before = opened(desk), waiting(desk)
    page.keyboard.press("s")
    page.get_by_role("button", name="In a week").first.click()
    expect(page.locator(".td-row a.name", has_text=first)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".kb-toast")).to_contain_text("back as before")
    desk.go("/")
    assert waiting(desk) == before
    assert opened(desk) == first


def test_the_whole_contact_is_logged_by_keyboard_alone(desk: Desk):
    desk.sign_in("rm")
    page = desk.page
    before = waiting(desk)
    page.keyboard.press("j")
    # on to a line with one reason, to be called: logged as it is offered, nothing of it is left
    simple = page.locator("[data-row]:focus:has(.why .kb-chip:only-child):has(.how:has-text('Call'))")
    for _step in range(20):
        page.keyboard.press("j")
        if simple.count():
            break
    expect(simple).to_have_count(1)
    chosen = page.locator("[data-line]:has([data-row]:focus)").get_attribute("id")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{chosen} .td-open")).to_be_visible()
    expect(page.locator(".td-open")).to_have_count(1)  # the one that was open has made room
    page.keyboard.press("e")
    expect(page.locator("form.log-form")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("form.log-form input[name=outcome]").first).to_be_checked()
    page.locator("form.log-form input[name=outcome]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kb-toast")).to_contain_text("Saved")
    expect(page.locator("#today-sum b").first).to_have_text(str(before - 1))


def test_a_customer_is_found_by_initials_from_any_page(desk: Desk):
    desk.sign_in("rm")
    desk.go("/book/")
    page = desk.page
    page.keyboard.press("/")
    page.keyboard.type("cgh", delay=20)
    hit = page.locator("#found li a").first
    expect(hit).to_contain_text("Chen Guohua")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_contain_text("Chen Guohua")


def test_letters_do_nothing_while_one_types_and_when_they_are_switched_off(desk: Desk):
    desk.sign_in("rm")
    page = desk.page
    page.keyboard.press("/")
    page.keyboard.type("gb")
    assert page.url.endswith(":" + desk.bank.rsplit(":", 1)[1] + "/")
    desk.go("/settings/me/")
    page.get_by_label(re.compile("Single-letter keys")).uncheck()
    page.get_by_role("button", name="Keep").first.click()
    page.wait_for_load_state("networkidle")
    try:
        page.keyboard.press("g")
        page.keyboard.press("b")
        page.wait_for_timeout(300)
        assert "/settings/" in page.url
    finally:
        desk.go("/settings/me/")
        page.get_by_label(re.compile("Single-letter keys")).check()
        page.get_by_role("button", name="Keep").first.click()
        page.wait_for_load_state("networkidle")


def test_without_script_the_day_works_too(chromium, bank):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{bank}/accounts/login/")
    page.locator("[data-role=rm] button.persona").first.click()
    page.get_by_role("link", name="Log a contact").first.click()
    form = page.locator("form.log-form")
    form.locator("input[name=outcome]").first.check(force=True)
    form.get_by_role("button", name="Save the contact").click()
    assert "Saved" in page.locator("body").inner_text()
    context.close()
