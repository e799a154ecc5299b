"""Journey 1, the walk-in: typed while the customer stands there, kept, reminded of on a workday, logged with its fate."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Desk, Served, open_desk, run_night, served_bank

pytestmark = pytest.mark.browser
LINE = "张先生 13800138000 八月底定期到期 45万 提醒他"
ENGLISH = "Mr Zhang 13700137000, CD of 450k matures end of August, call him"

RECOGNISER = """
window.SpeechRecognition = class {
  constructor() { window.heard = this; }
  start() { this.on = true; }
  stop() { if (this.on) { this.on = false; setTimeout(() => this.onend()); } }
  say(...guesses) {
    for (const guess of guesses) this.onresult({ results: [[{ transcript: guess }]] });
  }
  fail(error) { this.onerror({ error }); }
};
"""


@pytest.fixture(scope="module")
def august_bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A bank of its own whose last day is in August, so that the nights up to the maturity can be run."""
    with served_bank(tmp_path_factory.mktemp("august"), until="2026-08-20", customers="1000") as bank:
        yield bank


@pytest.fixture
def august(chromium: Browser, august_bank: Served) -> Iterator[Desk]:
    """A window on that bank."""
    opened = open_desk(chromium, august_bank)
    yield opened
    opened.clean()
    opened.context.close()


def answer_what_is_late(desk: Desk) -> None:
    """Log a call for every line we are late with, as their banker does through the JSON face."""
    ids = desk.page.evaluate(
        """async () => {
          const headers = {"Content-Type": "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value};
          const late = (await (await fetch("/api/v1/today?limit=100")).json()).lines.filter((line) => line.group === "a_late");
          for (const line of late) {
            const body = JSON.stringify({channel: "call", outcome: "reached", content: "x", client_key: crypto.randomUUID()});
            const answer = await fetch(`/api/v1/customers/${line.customer.id}/contacts`, {method: "POST", headers, body});
            if (!answer.ok) throw new Error(await answer.text());
          }
          return late.length;
        }"""
    )
    assert ids > 0


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


def test_what_is_dictated_is_read_like_what_is_typed(chromium: Browser, bank: str):
    """The browser's recogniser is stood in for: headless Chromium has none. Everything behind it is real."""
    desk = open_desk(chromium, bank)
    desk.context.add_init_script(RECOGNISER)
    desk.sign_in("rm")
    desk.go("/memo/")
    page = desk.page
    box, button = page.locator("[data-memo-text]"), page.locator("[data-dictate]")
    box.fill("王女士")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.evaluate("heard.say('13512345678 八月底', '13512345678 八月底到期 45万 提醒她')")
    expect(box).to_have_value("王女士 13512345678 八月底到期 45万 提醒她")
    expect(page.locator("#memo-draft")).to_contain_text("¥450,000")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(box).to_be_focused()
    assert page.evaluate("heard.lang") == "en-GB"
    desk.clean()
    desk.context.close()


def test_a_microphone_that_is_refused_is_told_and_loses_nothing(chromium: Browser, bank: str):
    desk = open_desk(chromium, bank)
    desk.context.add_init_script(RECOGNISER)
    desk.sign_in("rm")
    desk.go("/memo/")
    page = desk.page
    page.locator("[data-memo-text]").fill("王女士 13512345678")
    page.locator("[data-dictate]").click()
    page.evaluate("heard.fail('not-allowed')")
    expect(page.locator(".kb-toast")).to_contain_text("may not use the microphone")
    expect(page.locator("[data-dictate]")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-memo-text]")).to_have_value("王女士 13512345678")
    desk.clean()
    desk.context.close()


def test_without_a_recogniser_no_microphone_is_offered(chromium: Browser, bank: str):
    desk = open_desk(chromium, bank)
    desk.context.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition;")
    desk.sign_in("rm")
    desk.go("/memo/")
    expect(desk.page.locator("[data-dictate]")).to_be_hidden()
    desk.context.close()


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


def test_on_its_day_after_the_nights_between_the_promise_tops_today_with_its_money(august: Desk, august_bank: Served):
    desk, page = august, august.page
    desk.sign_in("rm")
    desk.go("/")
    page.locator("[data-memo-text]").fill(LINE)
    expect(page.locator("#memo-draft")).to_contain_text("¥450,000")
    page.locator("[data-memo-save]").click()
    expect(page.locator(".kb-toast")).to_contain_text("Mon 31 Aug")
    customer = page.locator("#memo-draft a").get_attribute("href").strip("/").split("/")[1]
    desk.go("/")
    expect(page.locator(f"#line-{customer}")).to_have_count(0)
    for night in ("2026-08-28", "2026-08-31"):
        run_night(august_bank, night)
    desk.go("/")
    answer_what_is_late(desk)
    desk.go("/")
    first = page.locator("[data-line]").first
    expect(first).to_have_id(f"line-{customer}")
    expect(first).to_contain_text("¥450,000")
    expect(page.locator(".td-h").first).to_contain_text("Promised for today")
    expect(page.locator(".td-open")).to_contain_text("45 万的资金 8月31日到期")
    page.keyboard.press("e")
    form = page.locator(f"#log-{customer}")
    form.locator("label.pick:has([value=reached])").click()
    form.locator("select[name^='fate:']").first.select_option("moved_in")
    form.get_by_role("button", name="Save the contact").click()
    expect(page.locator(".kb-toast")).to_contain_text("Saved")
    desk.go("/")
    expect(page.locator(f"#line-{customer}")).to_have_count(0)


def test_what_is_promised_for_today_is_on_today_at_once_and_the_call_tells_what_became_of_the_money(desk: Desk):
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
