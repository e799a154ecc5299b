"""The pocket in a real browser: installed, opened without a line, written in, sent once, refused, wiped."""

from __future__ import annotations

import base64
import os
import re
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from bench import pocket as schedules
from tests.journeys.conftest import ARGUMENTS, Desk, Served, open_desk

pytestmark = pytest.mark.browser

IN_PAGE, TABS, SERVERS = 54, 5, 1
WAITING = "keybook.pocket.rows().then(rows => rows.length)"
NOTHING_WRONG = {"lost": 0, "left": 0, "twice": 0, "out of order": 0, "under another name": 0}


@pytest.fixture
def phone(chromium: Browser, bank: Served) -> Iterator[Desk]:
    """A phone of 390 pixels whose owner has signed in once with a line."""
    desk = open_desk(chromium, bank, width=390, height=844)
    desk.sign_in("rm")
    until(desk, "navigator.serviceWorker.controller !== null")
    yield desk
    assert desk.violations() == []
    assert desk.hosts <= {desk.bank.removeprefix("http://")}
    desk.context.close()


def cut(desk: Desk) -> None:
    desk.context.set_offline(True)


def mend(desk: Desk) -> None:
    desk.context.set_offline(False)


def without_a_line(desk: Desk, path: str = "/") -> Page:
    """A page opened without a line, by its address, as from the home screen."""
    cut(desk)
    desk.page.goto(desk.bank + path)
    return desk.page


def write(page: Page, text: str) -> None:
    page.get_by_label("What was said").fill(text)
    page.get_by_role("button", name="Save on this device").click()
    expect(page.locator("#shell-said")).to_contain_text("Kept on this device")


def rows(desk: Desk) -> int:
    return int(desk.page.evaluate(WAITING))


def sent(desk: Desk) -> None:
    """Nothing waits any more."""
    until(desk, f"{WAITING}.then(n => n === 0)")


def until(desk: Desk, said: str, patience: float = 10) -> None:
    """Ask the page until it says yes; Playwright's own waiting would want eval, which the content policy forbids."""
    end = time.monotonic() + patience
    while not desk.page.evaluate(said):
        assert time.monotonic() < end, said
        desk.page.wait_for_timeout(50)


def test_the_browser_finds_nothing_that_keeps_the_site_from_being_installed(
    playwright: Playwright, bank: Served, tmp_path
):
    # a profile on the disk: a private window is never offered the installation
    context = playwright.chromium.launch_persistent_context(
        str(tmp_path), executable_path=os.environ.get("KEYBOOK_CHROMIUM"), args=ARGUMENTS
    )
    page = context.pages[0]
    page.goto(f"{bank}/accounts/login/")
    wire = context.new_cdp_session(page)
    told: Any = wire.send("Page.getAppManifest")
    assert told["errors"] == []
    assert told["url"].startswith(f"{bank}/manifest.webmanifest")
    assert wire.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert page.locator("meta[name=theme-color]").count() == 2
    context.close()


def test_only_shared_files_and_the_page_that_knows_nobody_are_ever_kept(phone: Desk):
    for path in ("/", "/book/", "/settings/me/", "/search?q=a", "/pocket/notes/", "/api/pocket/me"):
        phone.go(path)
    customer = phone.page.evaluate("fetch('/').then(r => r.text()).then(t => /customers\\/(\\d+)\\//.exec(t)[1])")
    phone.go(f"/customers/{customer}/")
    name = phone.page.locator("h1").inner_text()
    kept = phone.page.evaluate(
        """(async () => { const all = []; for (const name of await caches.keys()) { const cache = await caches.open(name);
        for (const request of await cache.keys()) { const one = await cache.match(request);
        all.push([new URL(request.url).pathname, await one.text()]); } } return all; })()"""
    )
    assert len(kept) == 7
    assert all(
        path == "/pocket/" or re.fullmatch(r"/static/keybook/[\w-]+\.[0-9a-f]{10}\.\w+", path) for path, _ in kept
    )
    for path, text in kept:
        assert path.endswith((".js", ".woff2")) or ("csrfmiddlewaretoken" not in text and name not in text)


def test_without_a_line_the_site_opens_takes_a_memo_and_sends_it_when_there_is_one(phone: Desk):
    page = without_a_line(phone)
    expect(page.locator("#pocket")).to_contain_text("No line.")
    write(page, "Mr Zhang 13800138000, CD of 450k matures end of August, call him")
    expect(page.locator("#pocket")).to_contain_text("No line. 1 waits, and will be sent.")
    write(page, "张先生 45万 八月底到期")
    expect(page.locator("#pocket")).to_contain_text("No line. 2 wait, and will be sent.")
    page.reload()
    expect(page.locator("#shell-list li")).to_have_count(2)
    mend(phone)
    sent(phone)
    phone.go("/pocket/notes/")
    text = page.locator("main").inner_text()
    assert text.index("CD of 450k") < text.index("八月底到期")
    page.keyboard.press("e")
    page.wait_for_url("**/memo/")
    assert page.locator("[name=text]").first.input_value()


def test_what_waits_is_sealed_under_a_key_that_cannot_be_taken_out(phone: Desk):
    write(without_a_line(phone), "PLAIN WORDS 13800138000")
    found = phone.page.evaluate(
        """new Promise((resolve) => { indexedDB.open("keybook-pocket").onsuccess = (event) => {
        const deed = event.target.result.transaction(["notes", "keys", "state"]); const all = {};
        for (const name of ["notes", "keys", "state"]) deed.objectStore(name).getAll().onsuccess = (e) => { all[name] = e.target.result; };
        deed.oncomplete = async () => { const row = all.notes[0]; const { key } = all.keys[0];
        resolve({ fields: Object.keys(row).sort(), sealed: new TextDecoder().decode(row.data), extractable: key.extractable,
        exported: await crypto.subtle.exportKey("raw", key).then(() => true, () => false), algorithm: key.algorithm,
        state: JSON.stringify(all.state) }); }; }; })"""
    )
    assert found["fields"] == ["asked", "at", "data", "iv", "key", "seq", "staff"]
    assert "PLAIN" not in found["sealed"]
    assert (found["extractable"], found["exported"]) == (False, False)
    assert found["algorithm"] == {"name": "AES-GCM", "length": 256}
    assert not re.search(r"[一-鿿]|name_zh|phone", found["state"])


def opened(desk: Desk) -> str:
    """The address of the customer whose line is open."""
    return (desk.page.locator(".td-row.cur a.name").first.get_attribute("href") or "").split("?")[0]


def test_an_open_line_takes_an_outcome_and_a_next_date_without_a_line(phone: Desk):
    address = opened(phone)
    cut(phone)
    page = phone.page
    page.locator("[data-line] [hx-get*='/log/']").first.click()
    page.wait_for_url("**/pocket/#c=*")
    assert page.get_by_label("About whom").input_value() == ""
    page.get_by_label("About whom").fill("W.")
    page.locator("label.pick:has([value=reached])").click()
    page.get_by_label("Next step").fill("Bring the offline table")
    page.get_by_label("By", exact=True).fill("2026-12-04")
    write(page, "Decides after the holidays, said offline.")
    mend(phone)
    sent(phone)
    phone.go(f"{address}timeline/")
    assert "Decides after the holidays, said offline." in page.locator("main").inner_text()
    assert "Bring the offline table" in page.locator("main").inner_text()


def test_a_form_that_is_open_when_the_line_drops_is_kept_and_logged_once(phone: Desk):
    address, page, said = opened(phone), phone.page, f"Left word in the lift, {uuid.uuid4()}."
    page.get_by_role("link", name="Log a contact").first.click()
    form = page.locator("form.log-form")
    form.locator("label.pick:has([value=left_message])").click()
    form.get_by_label("What was said").fill(said)
    page.route("**/log/*", lambda route: (route.fetch(), route.abort()))  # it arrives, its answer is lost
    form.get_by_role("button", name="Save the contact").click()
    expect(page.locator("main")).to_contain_text("Kept on this device")
    page.unroute("**/log/*")
    page.evaluate("dispatchEvent(new Event('online'))")
    sent(phone)
    phone.go(f"{address}timeline/")
    assert page.locator("main").inner_text().count(said) == 1


def test_the_page_without_a_line_takes_no_outcome_for_a_customer_that_was_not_open(phone: Desk):
    page = without_a_line(phone, "/customers/999999/")
    expect(page.locator("#shell-contact")).to_be_hidden()
    page = without_a_line(phone, "/pocket/#c=1")
    expect(page.locator("#shell-contact")).to_be_hidden()


def test_a_photo_taken_without_a_line_is_kept_smaller_and_sent_with_its_memo(phone: Desk):
    page = without_a_line(phone)
    drawn = page.evaluate(
        """(async () => { const canvas = new OffscreenCanvas(3000, 1500); canvas.getContext("2d").fillRect(0, 0, 900, 900);
        const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
        return btoa(bytes.reduce((all, one) => all + String.fromCharCode(one), "")); })()"""
    )
    picture = {"name": "IMG_1.png", "mimeType": "image/png", "buffer": base64.b64decode(drawn)}
    page.locator("#shell-photo").set_input_files([picture])
    expect(page.locator("#shell-files li")).to_contain_text("Photo")
    write(page, "The certificate she showed me")
    mend(phone)
    sent(phone)
    phone.go("/pocket/notes/")
    row = page.locator("li", has_text="The certificate she showed me").last
    address = row.locator("img").get_attribute("src")
    size = page.evaluate(
        "(src) => fetch(src).then((a) => a.blob()).then(createImageBitmap).then((p) => [p.width, p.height])", address
    )
    assert size == [2000, 1000]


def test_a_voice_note_recorded_without_a_line_is_sent_with_its_memo(playwright: Playwright, bank: Served):
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    path = os.environ.get("KEYBOOK_CHROMIUM")
    browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *fake])
    desk = open_desk(browser, bank, width=390, height=844, permissions=["microphone"])
    desk.sign_in("rm")
    until(desk, "navigator.serviceWorker.controller !== null")
    page = without_a_line(desk)
    page.get_by_role("button", name="Record a voice note").click()
    expect(page.locator("#shell-said")).to_contain_text("Recording")
    page.wait_for_timeout(1200)
    page.get_by_role("button", name="Record a voice note").click()
    expect(page.locator("#shell-files li")).to_contain_text("Voice note")
    write(page, "Her own words")
    mend(desk)
    sent(desk)
    desk.go("/pocket/notes/")
    expect(page.locator("li", has_text="Her own words").last).to_contain_text("1 voice note")
    browser.close()


def test_an_ended_sign_in_leaves_everything_waiting_until_its_author_is_back(phone: Desk):
    write(without_a_line(phone), "Written before the sign-in ended")
    phone.context.clear_cookies()
    mend(phone)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("#pocket")).to_contain_text("Sign in again: 1 waits on this device.")
    assert rows(phone) == 1
    phone.sign_in("rm")
    sent(phone)


def test_nothing_is_sent_under_the_name_of_the_next_to_sign_in_and_they_are_told(phone: Desk):
    write(without_a_line(phone), "Only mine to send")
    phone.context.clear_cookies()
    mend(phone)
    phone.sign_in("head")
    expect(phone.page.locator("#pocket")).to_contain_text(
        "1 of somebody else waits here. It is sent only when they sign in."
    )
    assert rows(phone) == 1
    phone.go("/pocket/notes/")
    assert "Only mine to send" not in phone.page.locator("main").inner_text()
    phone.go("/pocket/")
    expect(phone.page.locator("#shell-list li")).to_have_count(0)
    phone.context.clear_cookies()
    phone.sign_in("rm")
    sent(phone)
    phone.go("/pocket/notes/")
    assert "Only mine to send" in phone.page.locator("main").inner_text()


def leave(desk: Desk) -> None:
    desk.page.evaluate("document.querySelector('form[action=\"/accounts/logout/\"]').requestSubmit()")


def test_signing_out_warns_of_what_waits_and_then_wipes_it_with_its_key(phone: Desk):
    page = phone.page
    cut(phone)
    page.evaluate("keybook.pocket.keep({ kind: 'memo', text: 'x' })")
    until(phone, f"{WAITING}.then(n => n === 1)")
    leave(phone)
    expect(page.locator("#pocket-leave")).to_contain_text("1 is not sent yet. Signing out wipes it from this device.")
    page.get_by_role("button", name="Stay signed in").click()
    assert rows(phone) == 1
    leave(phone)
    page.context.set_offline(False)
    page.route("**/api/pocket/*", lambda route: route.abort())
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out and wipe").click()
    page.wait_for_load_state("networkidle")
    left = page.evaluate(
        """new Promise((resolve) => { indexedDB.open("keybook-pocket").onsuccess = (event) => {
        const deed = event.target.result.transaction(["notes", "keys", "state"]); const all = {};
        for (const name of ["notes", "keys"]) deed.objectStore(name).count().onsuccess = (e) => { all[name] = e.target.result; };
        deed.objectStore("state").get("owner").onsuccess = (e) => { all.owner = e.target.result ?? null; };
        deed.oncomplete = () => resolve(all); }; })"""
    )
    assert left == {"notes": 0, "keys": 0, "owner": None}
    page = without_a_line(phone)
    expect(page.locator("#shell-said")).to_contain_text("Sign in once with a line")
    assert page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('seen-'))") == []


def test_after_a_day_it_is_wiped_and_only_how_many_there_were_is_told(phone: Desk):
    write(without_a_line(phone), "Too old tomorrow")
    old = "new Date(Date.now() - 24.1 * 3600e3).toISOString()"
    phone.page.evaluate(f"keybook.pocket.keep({{ kind: 'memo', text: 'Too old today', at: {old} }})")
    phone.page.reload()
    expect(phone.page.locator("#pocket")).to_contain_text("1 was wiped unsent: it had waited for 24 hours.")
    expect(phone.page.locator("#shell-list li")).to_have_count(1)
    assert "Too old today" not in phone.page.locator("main").inner_text()
    phone.page.get_by_role("button", name="Noted").click()
    expect(phone.page.locator("#pocket")).to_contain_text("No line. 1 waits")


def test_a_refused_note_shows_both_versions_and_waits_for_its_author(chromium: Browser, phone: Desk):
    address, page = opened(phone), phone.page
    number = re.search(r"\d+", address)
    assert number
    cut(phone)
    page.goto(f"{phone.bank}/pocket/#c={number[0]}")
    page.get_by_label("About whom").fill("Z.")
    page.locator("label.pick:has([value=reached])").click()
    page.get_by_label("Next step").fill("Mine: call again")
    page.get_by_label("By", exact=True).fill("2026-12-07")
    write(page, "Mine")
    head = open_desk(chromium, phone.bank)
    head.sign_in("head")
    head.go(f"{address}log/")
    form = head.page.locator("form.log-form")
    form.locator("label.pick:has([value=reached])").click()
    form.get_by_label("Next step").fill("Theirs: visit")
    form.get_by_label("By", exact=True).fill("2026-12-02")
    form.get_by_role("button", name="Save the contact").click()
    head.page.wait_for_load_state("networkidle")
    head.context.close()
    mend(phone)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#pocket")).to_contain_text("1 was not taken: decide what becomes of it.")
    refused = page.locator("#shell-list li")
    expect(refused).to_contain_text("has changed the next dates")
    expect(refused).to_contain_text("Mine: call again")
    expect(refused).to_contain_text("Theirs: visit")
    page.reload()
    expect(page.locator("#shell-list li")).to_contain_text("Theirs: visit")
    assert rows(phone) == 1
    page.get_by_role("button", name="Send mine as well").click()
    sent(phone)


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("zh-hans", "light"), ("zh-hans", "dark")])
def test_without_a_line_the_page_keeps_the_language_and_theme_of_its_owner(
    chromium: Browser, bank: Served, language: str, scheme: str
):
    desk = open_desk(chromium, bank, width=390, height=844)
    desk.sign_in("rm")
    until(desk, "navigator.serviceWorker.controller !== null")
    try:
        for field, value in (("language", language), ("theme", scheme)):
            desk.page.evaluate(
                """([field, value]) => fetch("/look/", { method: "POST", body: new URLSearchParams({ [field]: value }),
                headers: { "X-CSRFToken": /csrftoken=([^;]+)/.exec(document.cookie)[1] } })""",
                [field, value],
            )
        desk.go("/")
        page = without_a_line(desk)
        html = page.locator("html")
        expect(html).to_have_attribute("data-bs-theme", scheme)
        expect(html).to_have_attribute("lang", "zh-Hans" if language == "zh-hans" else "en")
        assert desk.axe() == []
        assert desk.overflow() <= 0
    finally:
        mend(desk)
        desk.go("/")  # the page without a line loads anew by itself: what it asks meanwhile is cut off
        for field, value in (("language", "en"), ("theme", "auto")):
            desk.page.evaluate(
                """([field, value]) => fetch("/look/", { method: "POST", body: new URLSearchParams({ [field]: value }),
                headers: { "X-CSRFToken": /csrftoken=([^;]+)/.exec(document.cookie)[1] } })""",
                [field, value],
            )
        desk.context.close()


@pytest.fixture
def upgrading(bank: Served) -> Iterator[dict[str, Any]]:
    """A server in front of the bank's that can hand out the worker of a newer version."""
    said = {"version": ""}

    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with urllib.request.urlopen(bank + self.path, timeout=20) as answer:  # noqa: S310
                body = answer.read()
                if self.path == "/sw.js" and said["version"]:
                    body = re.sub(rb'"version": "\w+"', f'"version": "{said["version"]}"'.encode(), body)
                self.send_response(200)
                for name in ("Content-Type", "Service-Worker-Allowed", "Cache-Control"):
                    if answer.headers.get(name):
                        self.send_header(name, answer.headers[name])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Front) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {"url": f"http://127.0.0.1:{server.server_port}", "said": said}
        server.shutdown()


def test_a_new_version_takes_over_and_the_old_files_go(chromium: Browser, upgrading: dict[str, Any]):
    desk = open_desk(chromium, upgrading["url"], width=390, height=844)
    desk.go("/pocket/")
    desk.page.evaluate("navigator.serviceWorker.register('/sw.js')")
    until(desk, "navigator.serviceWorker.controller !== null")
    first = desk.page.evaluate("caches.keys()")
    assert len(first) == 1
    upgrading["said"]["version"] = "ffffffffffff"
    desk.page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    until(desk, "caches.keys().then((all) => all.join() === 'keybook-ffffffffffff')")
    page = without_a_line(desk)
    expect(page.locator("#shell-form")).to_be_visible()
    desk.context.close()


def test_sixty_random_schedules_lose_nothing_double_nothing_and_mix_up_nobody(chromium: Browser, bank: Served):
    if bank.home is None:
        pytest.skip("The bank's folder is not known: say KEYBOOK_JOURNEY_HOME.")
    from tests.journeys.conftest import _free_port

    server = schedules.Server(bank.home, port=_free_port())
    server.start()
    try:
        found = schedules.schedules(chromium, server, (IN_PAGE, TABS, SERVERS), seed=7)
    finally:
        server.stop()
    assert found["schedules"] == IN_PAGE + TABS + SERVERS
    assert found["notes"] > 150
    assert {name: found[name] for name in NOTHING_WRONG} == NOTHING_WRONG
