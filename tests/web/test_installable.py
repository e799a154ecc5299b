"""The files of the installed app: everybody's, and with nothing in them of anybody."""

from __future__ import annotations

import re

import pytest

from keybook.web import assets
from tests.cast import Cast, as_web


@pytest.mark.parametrize(("language", "word"), [("en", "notebook"), ("zh-hans", "手册")])
def test_the_manifest_names_the_app_in_the_readers_language(cast: Cast, language: str, word: str) -> None:
    answer = as_web().get(f"/manifest.webmanifest?lang={language}")
    told = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert word in told["name"]
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} >= {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip


def test_every_icon_is_a_picture_of_the_size_it_says(cast: Cast) -> None:
    for icon in as_web().get("/manifest.webmanifest").json()["icons"]:
        data = (assets.FOLDER / icon["src"].removeprefix(assets.PREFIX)).read_bytes()
        if icon["type"] == "image/png":
            width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
            assert (data[:8], f"{width}x{height}") == (b"\x89PNG\r\n\x1a\n", icon["sizes"])


def test_the_worker_may_serve_the_whole_site_and_is_never_kept(cast: Cast) -> None:
    answer = as_web().get("/sw.js")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert "self.KEYBOOK" in answer.content.decode()


def test_the_worker_is_told_of_nothing_but_shared_files_and_the_page_without_a_line(cast: Cast) -> None:
    script = as_web(cast.alice).get("/sw.js").content.decode()
    told = script.splitlines()[0]
    kept = re.findall(r'"(/[^"]*)"', told)
    assert all(path.startswith(("/static/keybook/", "/pocket/?lang=")) for path in kept)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_without_a_line_is_the_same_for_everybody_and_knows_nobody(cast: Cast, language: str) -> None:
    pages = {as_web(who).get(f"/pocket/?lang={language}").content for who in (None, cast.alice, cast.mei)}
    assert len(pages) == 1
    text = pages.pop().decode()
    for secret in ("Alice", "王爱丽", "Zhang", "张伟", "csrf", "X-CSRFToken", "data-pocket="):
        assert secret not in text
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in text


def test_a_foreign_language_is_not_repeated(cast: Cast) -> None:
    answer = as_web().get('/pocket/?lang="><script>alert(1)</script>')
    assert answer.status_code == 200
    assert "alert(1)" not in answer.content.decode()


def test_the_policy_allows_our_own_worker_and_manifest_alone(cast: Cast) -> None:
    policy = as_web().get("/pocket/")["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
    assert "unsafe" not in policy
