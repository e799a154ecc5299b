"""What every template must keep: no inline style or script, every word through gettext, every macro escapes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from django.utils import translation

import keybook.web
from keybook.apps.desk import faces, timeline, words
from keybook.web import messages

ROOT = Path(__file__).parents[2]
FOLDER = Path(keybook.web.__file__).parent / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
READ_ALOUD = re.compile(r"\b(?:aria-label|placeholder|title|alt|data-offline|data-refused)=\"([^\"]*)\"")
NOT_WORDS = {"Keybook", "English", "简体中文", "kbd", "CSV", "AUM", "NNM", "ID"}


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[A-Za-z]{3,}|[\u4e00-\u9fff]+", text) if word not in NOT_WORDS]


def bare_text(source: str) -> list[str]:
    """Words a reader sees that no gettext call translates."""
    source = JINJA.sub("\x00", source)
    found = [word for told in READ_ALOUD.findall(source) for word in _words(told.replace("\x00", " "))]
    source = re.sub(r"<(svg|script|style|title)\b.*?</\1>", " ", source, flags=re.DOTALL)
    source = re.sub(r"\s[\w-]+=\"[^\"]*\"", " ", source)  # attributes that a macro adds to a tag of another
    source = re.sub(r"&amp;\w+=", " ", source)  # names in an address
    seen = TAG.sub(" ", source).replace("\x00", " ")
    seen = re.sub(r"<kbd>.*?</kbd>|&\w+;", " ", seen)
    return found + _words(seen)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_word_of_a_template_goes_through_gettext(path):
    source = re.sub(r"<kbd[^>]*>.*?</kbd>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    assert bare_text(source) == []


def test_the_scan_sees_bare_words():
    assert bare_text('<p title="Hello there">Not {{ _("this") }} said</p>') == ["Hello", "there", "Not", "said"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_template_holds_inline_style_or_script_or_another_host(path):
    source = path.read_text("utf-8")
    if path.name == "mail.html":  # a mail is under no policy, and links no sheet: its style comes with it, nothing else
        source = re.sub(r"<style>.*?</style>", "", source, flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=\s*[\"']|javascript:", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", source)
    assert "hx-on" not in source
    assert not re.search(r"hx-(?:vals|trigger)=[\"'][^\"']*(?:js:|\[)", source)


def test_every_text_has_its_chinese():
    assert messages.problems(messages.read(messages.PO), messages.extract()) == []


def test_a_text_without_chinese_and_one_with_other_placeholders_are_refused():
    said = messages.empty()
    said.add("Saved: %(name)s.")
    said.add("Kept.")
    known = messages.empty()
    known.add("Saved: %(name)s.", "已保存。")
    problems = messages.problems(known, said)
    assert len(problems) == 2
    assert "placeholders" in problems[0]
    assert "No Chinese" in problems[1]


def test_every_template_compiles():
    for path in TEMPLATES:
        engines.all()[0].get_template(str(path.relative_to(FOLDER)))


def _render(source: str, **context: object) -> str:
    head = '{% import "components/ui.html" as ui %}{% import "components/form.html" as form %}'
    return engines.all()[0].env.from_string(head + source).render(**context)


def test_what_a_customer_is_called_cannot_become_markup():
    nasty = '"><script>alert(1)</script>'
    for source in (
        "{{ ui.name(x, x, '/1/') }}", "{{ ui.chip(x, 'phone', title=x) }}", "{{ ui.avatar(x) }}", "{{ ui.toast(x) }}",
        "{{ form.field('a', x, x, error=x, help=x) }}", "{{ form.area('a', x, x) }}", "{{ ui.btn(x, title=x) }}",
        "{{ form.select('a', x, [(x, x)], x) }}", "{{ ui.tier(x, x) }}",
    ):  # fmt: skip
        told = _render(source, x=nasty)
        assert "<script>" not in told, source
        assert 'value=""><' not in told, source


def test_a_field_keeps_what_was_typed_and_says_what_is_wrong_beside_it():
    told = _render("{{ form.field('amount', 'Amount', '4,50', error='Is this 450?') }}")
    assert 'value="4,50"' in told
    assert 'aria-invalid="true"' in told
    assert 'id="f-amount-error"' in told
    assert "Is this 450?" in told


def test_parts_speak_the_readers_language():
    with translation.override("zh-hans"):
        assert "180 万" in _render("{{ ui.money_short('1800000') }}")
        assert _render("{{ ui.name('Chen Guohua', '陈国华') }}").startswith('<span class="name">陈国华')
        assert "样本不足" in _render("{{ ui.hours_said([[1, 1]], 10) }}")


def test_every_icon_that_is_named_is_in_the_sprite():
    known = set(re.findall(r'id="i-([a-z-]+)"', (ROOT / "frontend" / "sprite.svg").read_text("utf-8")))
    named = {*words.ICONS.values(), *faces.CHANNEL_ICONS.values(), *timeline.CHANNEL_ICONS.values()}
    for path in TEMPLATES:
        source = path.read_text("utf-8")
        named |= set(re.findall(r"(?:icon(?:_btn)?\(\"|icon=\"|#i-)([a-z][a-z-]+)", source))
    assert named - known == set()
