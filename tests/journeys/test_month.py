"""The month: planned in one click, moved with the half-day's answer in the target, logged, seen by the branch head."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import Desk, open_desk

pytestmark = pytest.mark.browser
CALENDAR = ".wk5"


def plan(desk: Desk) -> None:
    """Plan the month from the week of today."""
    desk.go("/plan/")
    desk.page.get_by_role("button", name="Plan my month").click()
    expect(desk.page.locator(".kb-toast")).to_contain_text("planned", timeout=60_000)


def entries(desk: Desk) -> Locator:
    """The contacts of the week that may be moved."""
    return desk.page.locator(f"{CALENDAR} [data-entry][data-move]")


def slot_of(entry: Locator) -> str:
    """The half-day in which a contact lies."""
    return entry.locator("xpath=ancestor::*[@data-cell]").get_attribute("data-cell") or ""


def hold(desk: Desk, entry: Locator) -> None:
    """Take a contact up with the mouse, and wait until every half-day has answered."""
    entry.scroll_into_view_if_needed()
    box = entry.bounding_box()
    assert box is not None
    desk.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    desk.page.mouse.down()
    desk.page.mouse.move(box["x"] + box["width"] / 2 + 14, box["y"] + box["height"] / 2 + 14, steps=4)
    expect(desk.page.locator(f"{CALENDAR} .drop").first).to_be_visible()


def put(desk: Desk, cell: Locator) -> None:
    """Let go of it over a half-day."""
    box = cell.bounding_box()
    assert box is not None
    desk.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    expect(cell).to_have_class(re.compile("over"))
    desk.page.mouse.up()


def test_every_key_customer_has_a_next_contact_within_standard_once_the_month_is_planned_in_one_click(desk: Desk):
    desk.sign_in("rm")
    plan(desk)
    page = desk.page
    desk.go("/plan/?view=month")
    assert int(page.locator("#plan-sum b").first.inner_text()) > 0
    rows = page.locator(".td-cover .num").all_inner_texts()
    assert rows
    inside, total = (sum(int(row.split("/")[part]) for row in rows) for part in (0, 1))
    assert inside >= 0.9 * total, rows
    overfull = page.locator(".pl-grid .pl-day .d span.late")
    expect(overfull).to_have_count(0)  # within capacity on every day
    desk.clean()


def test_a_contact_is_dragged_to_another_day_with_the_answer_in_the_target_and_put_back_by_undo(desk: Desk):
    desk.sign_in("rm")
    plan(desk)
    desk.go("/plan/?on=2026-11-30")  # a week with room
    page = desk.page
    entry = entries(desk).first
    name, before = entry.locator(".pl-name").inner_text(), slot_of(entry)
    hold(desk, entry)
    free = page.locator(f"{CALENDAR} [data-cell].says-fits").last
    target = free.get_attribute("data-cell")
    expect(free.locator(".drop")).to_contain_text(re.compile(r"Fits, \d+ min left"))
    put(desk, free)
    expect(page.locator(".kb-toast")).to_contain_text(name)
    moved = page.locator(f'{CALENDAR} [data-cell="{target}"] [data-entry]', has_text=name)
    expect(moved).to_have_count(1)
    expect(moved).to_have_class(re.compile("fix"))  # planning leaves it there
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f'{CALENDAR} [data-cell="{before}"] [data-entry]', has_text=name)).to_have_count(1)
    desk.clean()


def test_a_half_day_that_is_full_says_so_asks_for_a_reason_and_offers_the_next(desk: Desk):
    desk.sign_in("rm")
    plan(desk)
    page = desk.page
    page.set_viewport_size({"width": 1440, "height": 2600})  # the whole week in sight, however full it is
    entry = entries(desk).last
    name, before = entry.locator(".pl-name").inner_text(), slot_of(entry)
    hold(desk, entry)
    full = page.locator(f"{CALENDAR} [data-cell].today.says-asks", has_text="Full: ").first
    expect(full.locator(".drop")).to_contain_text(re.compile("Full: "))
    asked = full.get_attribute("data-cell")
    put(desk, full)
    card = page.locator("#hand .pl-card")
    expect(card).to_contain_text("Say why it is worth it")
    expect(card.get_by_role("button", name=re.compile("^Put on"))).to_be_visible()
    expect(page.locator(f'{CALENDAR} [data-cell="{before}"] [data-entry]', has_text=name)).to_have_count(1)
    card.get_by_label("Put here, because…").fill("Leaves for the airport at noon")
    card.get_by_role("button", name="Put here").click()
    expect(page.locator(f'{CALENDAR} [data-cell="{asked}"] [data-entry]', has_text=name)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f'{CALENDAR} [data-cell="{before}"] [data-entry]', has_text=name)).to_have_count(1)
    desk.clean()


@pytest.mark.parametrize("part", [0.02, 0.5, 0.985])
def test_where_the_pointer_lets_go_counts_between_the_rows_and_over_the_bar_too(desk: Desk, part: float):
    """A row that could not follow the pointer stayed in the half-day it had crossed before, and was put there."""
    desk.sign_in("rm")
    plan(desk)
    page = desk.page
    page.set_viewport_size({"width": 1440, "height": 2600})
    entry = entries(desk).last
    name, before = entry.locator(".pl-name").inner_text(), slot_of(entry)
    hold(desk, entry)
    today = page.locator(f"{CALENDAR} [data-cell].today").first
    box = today.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * part, steps=8)
    expect(page.locator(f"{CALENDAR} [data-cell].over")).to_have_attribute(
        "data-cell", today.get_attribute("data-cell") or ""
    )
    rail = page.locator("aside").last.bounding_box()
    assert rail is not None
    page.mouse.move(rail["x"] + rail["width"] / 2, rail["y"] + rail["height"] + 200, steps=8)
    expect(page.locator(f"{CALENDAR} [data-cell].over")).to_have_count(0)
    page.mouse.up()  # beside the calendar nothing is moved
    expect(page.locator(f"{CALENDAR} .drop")).to_have_count(0)
    expect(page.locator(f'{CALENDAR} [data-cell="{before}"] [data-entry]', has_text=name)).to_have_count(1)
    desk.clean()


def test_by_keys_alone_a_contact_is_taken_up_carried_and_put(desk: Desk):
    desk.sign_in("rm")
    plan(desk)
    desk.go("/plan/?on=2026-11-30")
    page = desk.page
    entry = entries(desk).first
    name, before = entry.locator(".pl-name").inner_text(), slot_of(entry)
    entry.locator(".pl-name").focus()
    page.keyboard.press(".")
    expect(page.locator(f"{CALENDAR} [data-cell].over .drop")).to_be_visible()
    expect(page.locator("#pl-say")).not_to_be_empty()  # the half-day's answer is spoken
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator(f"{CALENDAR} .drop")).to_have_count(0)
    expect(page.locator(f'{CALENDAR} [data-cell="{before}"] [data-entry]', has_text=name)).to_have_count(1)
    page.keyboard.press(".")
    expect(page.locator(f"{CALENDAR} [data-cell].over .drop")).to_be_visible()
    for _step in range(9):  # on to the first half-day that has room and asks nothing
        page.keyboard.press("ArrowRight")
        if page.locator(f"{CALENDAR} [data-cell].over.says-fits").count():
            break
    target = page.locator(f"{CALENDAR} [data-cell].over").get_attribute("data-cell")
    page.keyboard.press("Enter")
    expect(page.locator(f'{CALENDAR} [data-cell="{target}"] [data-entry]', has_text=name)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    desk.clean()


def test_what_is_logged_is_done_and_the_branch_head_sees_it(desk: Desk, chromium: Browser, bank: str):
    desk.sign_in("rm")
    plan(desk)
    page = desk.page
    today = page.locator(f"{CALENDAR} .hd.today [data-entry][data-move]").first
    name = today.locator(".pl-name").inner_text()
    today.locator(".pl-name").click()
    page.locator("#hand").get_by_role("link", name="Log the contact").click()
    form = page.locator("form.log-form")
    form.locator("label.pick:has([value=reached])").click()
    form.get_by_role("button", name="Save the contact").click()
    expect(page).to_have_url(re.compile("/plan/"))
    expect(page.locator(f"{CALENDAR} .pl-it.done", has_text=name)).to_have_count(1)
    whose = page.locator(".kb-me .w5").first.inner_text()
    head = open_desk(chromium, bank)
    head.sign_in("head")
    head.go("/plan/")
    row = head.page.locator("table.pl-heat a.name").filter(has_text=re.compile("|".join(whose.rsplit(" ", 1))))
    row.first.click()
    head.page.get_by_role("link", name="Week", exact=True).click()
    expect(head.page.locator(f"{CALENDAR} .pl-it.done", has_text=name)).to_have_count(1)
    head.clean()
    head.context.close()


def test_on_a_phone_a_day_is_a_list_and_a_contact_is_moved_from_its_card(desk: Desk):
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.sign_in("rm")
    plan(desk)
    desk.go("/plan/?on=2026-11-30")
    page = desk.page
    expect(page.locator(".wk5")).to_be_hidden()
    page.locator(".strip a").first.click()
    line = page.locator(".pl-phone a.ag-s:not(.done)").first
    name = line.locator("b").inner_text()
    line.click()
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".kb-toast")).to_contain_text(name)
    page.get_by_role("button", name="Undo").click()
    assert desk.overflow() <= 0
    desk.clean()
