"""Journey 3, solar and lunar: reminded ahead, greeted by the liked channel and hour, once, and never against a wish."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Desk, open_desk

pytestmark = pytest.mark.browser


def birthdays(desk: Desk) -> dict[str, int]:
    """Customers of this book whose birthday comes within two weeks, with their numbers."""
    desk.go("/book/?view=birthday")
    links = desk.page.locator("table a.name").evaluate_all("all => all.map(a => [a.textContent, a.pathname])")
    return {name: int(path.strip("/").split("/")[1]) for name, path in links}


def line(desk: Desk, customer: int) -> str:
    """What Today says of a customer, opened; nothing when they are not on the list."""
    answer = desk.page.request.get(f"{desk.bank}/today/{customer}/", headers={"HX-Request": "true"})
    return answer.text() if answer.ok else ""


@pytest.fixture
def banker(chromium: Browser, bank: str) -> tuple[Desk, dict[str, int]]:
    """The RM of the demo with birthdays ahead on their list, and those customers."""
    for code in ("R001", "R002"):
        desk = open_desk(chromium, bank)
        desk.enter(code)
        ahead = birthdays(desk)
        if any("Birthday" in line(desk, customer) for customer in ahead.values()):
            return desk, ahead
        desk.context.close()
    pytest.fail("No persona of the demo bank has a birthday ahead.")


def test_a_birthday_is_on_the_list_ahead_with_its_channel_and_a_greeting(banker):
    desk, ahead = banker
    said = [told for customer in ahead.values() if "Birthday" in (told := line(desk, customer))]
    assert said
    for told in said:
        assert re.search(r"Birthday (on|today|tomorrow|\w{3} \d)", told)
        assert re.search(r"Call|WeChat|E-mail|Text message|Visit|At the branch|Letter", told)
    assert any(re.search(r"happy birthday|many happy returns|生日快乐", told, re.IGNORECASE) for told in said)
    desk.context.close()


def test_who_does_not_want_to_be_congratulated_is_not_on_the_list_for_it(banker):
    desk, ahead = banker
    quiet = [customer for customer in ahead.values() if "Birthday" in line(desk, customer)][-1]
    desk.go(f"/customers/{quiet}/likes/")
    desk.page.get_by_label(re.compile("congratulated")).check()
    desk.page.get_by_role("button", name="Keep").click()
    expect(desk.page.locator("body")).to_contain_text("Does not want to be congratulated")
    assert "Birthday" not in line(desk, quiet)
    desk.context.close()


def test_greeted_once_it_is_gone_for_everyone(banker, chromium: Browser, bank: str):
    desk, ahead = banker
    due = next(
        customer
        for customer in ahead.values()
        if "Birthday" in (told := line(desk, customer)) and re.search(r"生日快乐|happy birthday", told, re.IGNORECASE)
    )
    page = desk.page
    desk.go(f"/today/{due}/")
    page.locator(f"#line-{due}").get_by_role("link", name="Log a contact").click()
    form = page.locator(f"#log-{due}")
    form.locator("label.pick:has([value=reached])").click()
    form.get_by_label("Topic").fill("Congratulations")
    form.locator("details > summary").click()
    form.get_by_label(re.compile("[Bb]irthday")).check()
    form.get_by_role("button", name="Save the contact").click()
    expect(page.locator(".kb-toast")).to_contain_text("Saved")
    assert "Birthday" not in line(desk, due)
    head = open_desk(chromium, bank)
    head.sign_in("head")
    assert "Birthday" not in line(head, due)
    head.clean()
    desk.clean()
    head.context.close()
    desk.context.close()


# the lunar birthday


@pytest.fixture
def lunar(chromium: Browser, bank: str) -> tuple[Desk, list[int]]:
    """The first RM of the demo, and people of the book whose birthday is not near: nobody has greeted them."""
    desk = open_desk(chromium, bank)
    desk.enter("R001")
    near = set(birthdays(desk).values())
    desk.go("/book/")
    paths = desk.page.locator("table a.name").evaluate_all("all => all.map(a => a.pathname)")
    people = []
    for path in paths:
        customer = int(path.strip("/").split("/")[1])
        page = desk.page.request.get(f"{desk.bank}/customers/{customer}/").text()
        if customer not in near and "from the bank’s data" in page and "no greeting" not in page:
            people.append(customer)
        if len(people) == 2:
            break
    return desk, people


def note_lunar_birthday(desk: Desk, customer: int) -> None:
    """Write down the 17th of the 10th lunar month, 25 November 2026, as a banker does."""
    desk.go(f"/customers/{customer}/occasions/")
    page = desk.page
    page.locator("input[name=calendar][value=lunar]").check()
    page.get_by_label("Month", exact=True).fill("10")
    page.get_by_label("Day", exact=True).fill("17")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("body")).to_contain_text("Next on Wed 25 Nov")


def test_a_lunar_birthday_is_greeted_once_by_the_liked_channel_at_the_liked_hour(lunar, chromium: Browser, bank: str):
    desk, people = lunar
    customer, page = people[0], desk.page
    desk.go(f"/customers/{customer}/likes/")
    page.locator("#likes-wechat").check()
    page.get_by_label("Best from (hour)").fill("10")
    page.get_by_label("until (hour)").fill("11")
    page.get_by_role("button", name="Keep").click()
    note_lunar_birthday(desk, customer)
    told = line(desk, customer)
    assert re.search(r"Lunar birthday Wed 25 Nov", told)
    assert "WeChat" in told
    assert "10–11" in told
    desk.go(f"/customers/{customer}/")
    greet = page.get_by_role("link", name="Greet", exact=True)
    where = greet.get_attribute("href")
    greet.click()
    expect(page.locator(".gr-how")).to_contain_text("WeChat")
    expect(page.locator(".gr-how")).to_contain_text("10–11")
    expect(page.get_by_label("What to say")).to_have_value(re.compile("happy birthday|生日快乐", re.IGNORECASE))
    head = open_desk(chromium, bank)
    head.sign_in("head")
    head.go(str(where))
    page.get_by_role("button", name="Greeted").click()
    expect(page.locator("#occasions")).to_contain_text("Greeted by")
    head.page.get_by_role("button", name="Greeted").click()
    expect(head.page.locator("body")).to_contain_text("Once is enough.")
    assert "birthday" not in line(head, customer).lower()
    for one in (head, desk):
        one.clean()
        one.context.close()


def test_a_lunar_birthday_of_who_does_not_want_to_be_congratulated_is_silent_and_says_so(lunar):
    desk, people = lunar
    customer, page = people[1], desk.page
    note_lunar_birthday(desk, customer)
    assert "Lunar birthday" in line(desk, customer)
    desk.go(f"/customers/{customer}/likes/")
    page.get_by_label(re.compile("congratulated")).check()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#occasions")).to_contain_text("Does not want to be congratulated: no greeting, no gift idea.")
    expect(page.get_by_role("link", name="Greet", exact=True)).to_have_count(0)
    assert "birthday" not in line(desk, customer).lower()
    desk.clean()
    desk.context.close()
