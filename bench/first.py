"""What a browser fetches for a page with an empty cache, and from whom."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from bench import banks, pages, serving
from bench.report import Row, keep


def measure() -> list[Row]:
    """Open each page in a new Chromium profile and count what comes over the wire."""
    home = banks.build(banks.LARGE)
    os.environ |= {"KEYBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "keybook.settings.demo"}
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's library runs a loop in this thread
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    banker = pages.sign_in()[0]
    paths = {
        "sign-in": "/accounts/login/",
        "Today": "/",
        "Customer": f"/customers/{banker.customers[0]}/",
        "Book": "/book/",
    }
    rows, strange = [], 0
    with serving.keybook(home), sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=os.environ.get("KEYBOOK_CHROMIUM") or None)
        for name, path in paths.items():
            size, count, others = _open(browser, banker.cookie if name != "sign-in" else "", path)
            strange += others
            rows.append(Row(f"first load of {name}, compressed", f"{size / 1024:.0f} KB in {count} requests", "< 300 KB",
                            "150 KB", well=size < 300 * 1024))  # fmt: skip
        browser.close()
    rows.append(Row("requests to other hosts", str(strange), "none", "none", well=strange == 0))
    keep("first", rows)
    return rows


def _open(browser: Any, cookie: str, path: str) -> tuple[int, int, int]:
    """Bytes, requests and requests to other hosts of one page."""
    context = browser.new_context()
    base = f"http://127.0.0.1:{serving.PORT}"
    if cookie:
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": base}])
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    asked: list[str] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    page.goto(base + path, wait_until="networkidle")
    context.close()
    others = [url for url in asked if urlsplit(url).hostname not in {"127.0.0.1", None} and url.startswith("http")]
    return int(sum(sizes)), len(asked), len(others)
