"""Journey 8, second half: an RM leaves, the book is handed over in one act with nothing lost, and is handed back."""

from __future__ import annotations

import re
import subprocess

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import KEYBOOK, Desk, _environment, open_desk

pytestmark = pytest.mark.browser
NAMES = {"R801": "Wu Xin", "R802": "Irina Sokolova"}
BRANCH = "B01"  # Lakeside, where Chen Jing works


@pytest.fixture(scope="module")
def colleagues(bank) -> list[str]:
    """Two more bankers at Lakeside, added as an administrator adds them."""
    if bank.home is None:
        pytest.skip("A server that runs already gets no colleagues.")
    for code, name in NAMES.items():
        command = [KEYBOOK, "staff", "add", code, "--name", name, "--role", "rm", "--branch", BRANCH]
        done = subprocess.run(command, env=_environment(bank.home), capture_output=True, text=True, check=False)
        assert done.returncode == 0 or "is taken" in done.stderr, done.stderr
    return list(NAMES.values())


def numbers(desk: Desk) -> dict[str, int]:
    """What moves, by the words beside it; before equals after in every line."""
    found = {}
    for row in desk.page.locator(".ho-moves tbody tr").all():
        name, before, after, same = [cell.inner_text().strip() for cell in row.locator("td").all()]
        assert (before, same) == (after, "=")
        found[name] = int(before.replace(",", ""))
    return found


def open_draft(desk: Desk) -> None:
    """The head of the branch, signed in, opens the draft for Chen Jing's book."""
    desk.go("/handover/")
    row = desk.page.locator(".ho-books tr", has_text="Chen Jing")
    expect(row).to_be_visible()
    row.get_by_role("link", name=re.compile("Hand over")).click()
    expect(desk.page.locator("h1")).to_contain_text("Chen Jing")
    expect(desk.page.get_by_text("draft, nothing has moved")).to_be_visible()


@pytest.mark.usefixtures("colleagues")
def test_a_leavers_book_is_handed_over_in_one_act_and_handed_back(desk: Desk, chromium: Browser):
    other = open_desk(chromium, desk.bank)
    other.enter("R001")
    other.go("/book/")
    expect(other.page.locator("h1")).to_contain_text("Book")

    desk.enter("H001")
    desk.go("/team/")
    page = desk.page
    expect(page.locator("header .sum")).to_contain_text("in standard")
    expect(page.locator("header .sum")).to_contain_text("at risk")
    expect(page.locator("main tr", has_text="Chen Jing").first).to_be_visible()
    open_draft(desk)
    before = numbers(desk)
    assert before["Customers"] > 100
    assert before["Without an RM"] == 0
    for name in NAMES.values():
        expect(page.get_by_label(name)).to_be_checked()
    with page.expect_response(lambda answer: "/handover/" in answer.url and answer.request.method == "GET"):
        page.get_by_label(re.compile("leaves: access ends")).check()
    expect(page.get_by_role("button", name=f"Hand over {before['Customers']}")).to_be_enabled()
    page.get_by_label("Why", exact=True).fill("Chen Jing leaves the bank")
    page.get_by_role("button", name=f"Hand over {before['Customers']}").click()
    expect(page.locator("#back")).to_contain_text(f"{before['Customers']} customers go back to Chen Jing")
    expect(page.locator("main")).to_contain_text(f"{before['Open promises']} promises")
    assert desk.axe() == []

    other.page.goto(desk.bank + "/book/")  # the leaver is outside at the next click
    expect(other.page).to_have_url(re.compile("/accounts/login/"))

    desk.go("/handover/")
    expect(page.locator("header .sum")).to_contain_text(f"{before['Customers']} customers")
    expect(page.locator(".ho-books tr", has_text="Chen Jing")).to_have_count(0)

    page.get_by_role("link", name="Past handovers").first.click()
    page.get_by_role("link", name="Chen Jing").first.click()
    page.get_by_role("button", name=f"Hand back {before['Customers']}").click()
    expect(page.locator("#back")).to_contain_text("Handed back on")

    open_draft(desk)
    assert numbers(desk) == before
    other.enter("R001")
    other.go("/book/")
    expect(other.page.locator("h1")).to_contain_text("Book")
    desk.clean()
    other.clean()
    other.context.close()


@pytest.mark.usefixtures("colleagues")
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_of_handover_is_clean(bank, chromium: Browser, width: int):
    desk = open_desk(chromium, bank, width=width)
    desk.enter("H001")
    for path in ("/handover/", "/handover/past/", "/handover/ledger/", "/handover/offers/", "/settings/books/"):
        desk.go(path)
        assert desk.axe() == [], path
        assert desk.overflow() == 0, path
    open_draft(desk)
    assert desk.axe() == []
    assert desk.overflow() == 0
    desk.clean()
    desk.context.close()


@pytest.mark.usefixtures("colleagues")
def test_a_banker_asks_and_hands_nothing_over(desk: Desk, chromium: Browser):
    desk.enter("R001")
    desk.go("/handover/")
    expect(desk.page.get_by_role("link", name=re.compile("Hand over"))).to_have_count(0)
    desk.page.get_by_label("Which, and why").fill("The customers of Harbour Road")
    desk.page.get_by_role("button", name="Ask").click()
    expect(desk.page.locator(".kb-toast")).to_contain_text("Asked")
    head = open_desk(chromium, desk.bank)
    head.enter("H001")
    head.go("/handover/")
    expect(head.page.locator("main")).to_contain_text("The customers of Harbour Road")
    head.clean()
    head.context.close()
