"""Every page, in both themes, both languages, wide and narrow: nothing for axe, no sideways scroll, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import OF_COLOURS, Desk, open_desk

pytestmark = pytest.mark.browser

PAGES = {
    "rm": (
        "/", "/book/", "/book/?view=late", "/book/?text=zzzz", "/customers/new", "/search?q=a", "/care/", "/memo/", "/same/", "/gifts/",
        "/plan/", "/plan/?view=month", "/plan/time/", "/campaigns/", "/campaigns/2/", "/campaigns/2/targets/", "/campaigns/2/progress/", "/events/", "/events/2/", "/events/2/invite/", "/next/", "/team/", "/team/customers/?kind=late", "/handover/",
        "/handover/offers/", "/pocket/notes/", "/settings/me/", "/settings/notices/", "/settings/notices/history/",
        "/settings/standards/", "/settings/gate/", "/settings/ledger/", "/settings/ledger/learned/", "/settings/books/",
        "/settings/feeds/", "/no/such/page",
        "customer", "customer timeline", "customer holdings", "customer household", "customer access", "customer log",
        "customer next", "customer standard", "customer care", "customer gate", "customer plan", "customer gifts/new",
        "customer promises", "customer occasions", "customer likes",
    ),
    "head": (
        "/", "/campaigns/new/", "/events/new/", "/events/2/", "/book/?pick=1", "/team/", "/team/approvals/", "/plan/", "/next/results/", "/handover/", "hand", "/handover/past/",
        "/handover/ledger/", "/settings/standards/", "/settings/gate/", "/settings/ledger/", "/settings/books/",
        "/settings/capacity/", "/settings/reminders/", "/settings/greetings/", "/settings/gifts/",
    ),
    "admin": ("/settings/feeds/",),
}  # fmt: skip
EVERY = [pytest.param(role, page, id=f"{role} {page}") for role, pages in PAGES.items() for page in pages]
WINDOWS = {"wide": (1440, 900), "phone": (390, 844)}
WIDTHS = (320, 360, 390, 600, 761, 900, 1024, 1181, 1440, 1920)
MOST_BYTES = 300_000


@dataclass
class Readers:
    """One window for each role, opened when it is first asked for; the system of all of them is light, or dark."""

    chromium: Browser
    bank: str
    theme: str
    desks: dict[str, Desk] = field(default_factory=dict)

    def of(self, role: str) -> Desk:
        """The window of who has this role, signed in."""
        if role not in self.desks:
            desk = self.desks[role] = open_desk(self.chromium, self.bank, color_scheme=self.theme)
            desk.sign_in(role)
        return self.desks[role]


@pytest.fixture(scope="module", params=["light", "dark"])
def readers(chromium: Browser, bank: str, request: pytest.FixtureRequest) -> Iterator[Readers]:
    """Everybody whose pages are looked at."""
    found = Readers(chromium, bank, request.param)
    yield found
    for desk in found.desks.values():
        desk.context.close()


def address(desk: Desk, page: str) -> str:
    """The address of a page; for a customer's, of the first one in the Book; to hand over, of the first banker."""
    if page.startswith("/"):
        return page
    if page == "hand":
        desk.go("/handover/")
        return desk.page.locator("main a[href]").evaluate_all(
            "all => all.map((each) => each.getAttribute('href')).find((each) => /^\\/handover\\/\\d+\\/$/.test(each))"
        )
    if not desk.first:
        desk.go("/book/")
        desk.first = (desk.page.locator("table a.name").first.get_attribute("href") or "").split("?")[0]
    return desk.first if page == "customer" else f"{desk.first}{page.split()[1]}/"


def windows(theme: str, page: str) -> list[tuple[int, int]]:
    """Where axe looks: light in both; dark, where only the colours differ, at these in one, turn about over the pages."""
    both = list(WINDOWS.values())
    return both if theme == "light" else [both[len(page) % len(both)]]


@pytest.mark.parametrize(("role", "page"), EVERY)
def test_axe_finds_nothing_on_any_page_in_either_theme_wide_or_narrow_and_none_scrolls_sideways(
    readers: Readers, role: str, page: str
):
    reader = readers.of(role)
    path = address(reader, page)
    reader.page.set_viewport_size({"width": 1440, "height": 900})
    reader.go(path)
    for width, height in windows(readers.theme, page):
        reader.page.set_viewport_size({"width": width, "height": height})
        rules = () if readers.theme == "light" else OF_COLOURS
        assert reader.axe(*rules) == [], f"{path} at {width}"
    for width in WIDTHS if readers.theme == "light" else ():  # a theme changes colours, not widths
        reader.page.set_viewport_size({"width": width, "height": 900})
        assert reader.overflow() <= 0, f"{path} at {width}"
    reader.clean()


def test_the_sign_in_page_is_clean_in_both_themes_wide_and_narrow(chromium: Browser, bank: str):
    for scheme in ("light", "dark"):
        for width, height in WINDOWS.values():
            desk = open_desk(chromium, bank, color_scheme=scheme, width=width, height=height)
            desk.go("/accounts/login/")
            assert desk.axe() == []
            assert desk.overflow() <= 0
            desk.clean()
            desk.context.close()


@pytest.mark.parametrize("path", ["/accounts/login/", "/", "/book/", "/plan/?view=month", "/next/"])
def test_the_first_load_of_a_page_is_small_and_from_here_alone(chromium: Browser, bank: str, path: str):
    desk = open_desk(chromium, bank)
    if path != "/accounts/login/":
        desk.sign_in("rm")
        state = desk.context.storage_state()
        desk.context.close()
        desk = open_desk(chromium, bank, storage_state=state)
    sizes: list[int] = []
    desk.page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    desk.go(path)
    assert 0 < sum(sizes) < MOST_BYTES
    desk.clean()
    desk.context.close()


def test_in_chinese_every_page_speaks_chinese(chromium: Browser, bank: str):
    desk = open_desk(chromium, bank)
    desk.sign_in("rm")
    desk.page.locator(".kb-foot > summary").click()
    desk.page.get_by_role("button", name="简体中文").click()
    try:
        for page in ("/", "/book/", "/settings/me/"):
            desk.go(page)
            assert desk.page.locator("html").get_attribute("lang") == "zh-Hans"
            text = desk.page.locator(".kb-side").inner_text()
            assert "今天" in text
            assert "Today" not in text
        assert desk.overflow() <= 0
        desk.clean()
    finally:
        desk.page.locator(".kb-foot > summary").click()
        desk.page.get_by_role("button", name="English").click()
        desk.context.close()
