"""The Chinese texts: `python -m keybook.web.messages extract | merge | compile | check`.

extract lists what is said in English; merge writes django.po from it, from what it held and from parts/*.po;
compile makes the .mo; check says what lacks its Chinese or changes a placeholder, and exits 1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES"
PARTS = PACKAGE / "locale" / "zh_Hans" / "parts"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("web/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {
    "web/templates/**.html": {
        "extensions": "jinja2.ext.i18n,jinja2.ext.loopcontrols", "trimmed": "true", "newstyle_gettext": "true",
        "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false",
    }
}  # fmt: skip
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None, "lazy": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
HEADER = "# Keybook in 简体中文. Written, not translated: see the words of the design.\n"


def empty() -> Catalog:
    """A catalogue of Keybook with nothing in it."""
    return Catalog(
        locale="zh_Hans_CN", domain="django", project="Keybook", version="1", header_comment=HEADER.strip(), fuzzy=False,
        last_translator="Keybook", language_team="Keybook", msgid_bugs_address="-",
    )  # fmt: skip


def extract() -> Catalog:
    """Everything the product says in English."""
    catalog = empty()
    found = extract_from_dir(PACKAGE, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",))
    for name, _line, message, _comments, context in found:
        if name.startswith("core/"):
            continue
        catalog.add(message, None, [(name, 0)], context=context)
    return catalog


def read(path: Path) -> Catalog:
    """A catalogue from its file, an empty one when there is none."""
    if not path.exists():
        return empty()
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN", domain="django")


def messages(catalog: Catalog) -> Iterator[Message]:
    """Its messages without the header."""
    return (message for message in catalog if message.id)


def english(message: Message) -> str:
    """The English text, the singular where there are two."""
    return str(message.id if isinstance(message.id, str) else message.id[0])


def chinese(message: Message) -> str:
    """The Chinese text; Chinese has no plural, so there is one."""
    text = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
    return str(text or "")


def merge() -> Catalog:
    """What is said, each with its Chinese: from the parts where they have it, else from django.po."""
    known: dict[tuple[str, str | None], str] = {}
    for path in [PO, *sorted(PARTS.glob("*.po"))]:
        for message in messages(read(path)):
            if chinese(message):
                known[english(message), message.context] = chinese(message)
    catalog = extract()
    for message in messages(catalog):
        text = known.get((english(message), message.context), "")
        message.string = text if isinstance(message.id, str) else (text,)
        message.locations = sorted({(name, 0) for name, _ in message.locations})
    return catalog


def save(catalog: Catalog) -> None:
    """Write django.po, aside first."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    aside = PO.with_suffix(".new")
    with aside.open("wb") as file:
        write_po(
            file, catalog, width=0, sort_output=True, omit_header=False, include_lineno=False, ignore_obsolete=True
        )
    text = re.sub(r'^"(POT-Creation|PO-Revision)-Date:.*\n', "", aside.read_text("utf-8"), flags=re.MULTILINE)
    aside.write_text(text, "utf-8")
    aside.replace(PO)


def compile_texts() -> Path:
    """Write django.mo from django.po."""
    MO.parent.mkdir(parents=True, exist_ok=True)
    aside = MO.with_suffix(".new")
    with aside.open("wb") as file:
        write_mo(file, read(PO))
    aside.replace(MO)
    return MO


def problems(catalog: Catalog, said: Catalog) -> list[str]:
    """One sentence for each text without Chinese, and for each whose placeholders differ."""
    known = {(english(message), message.context): message for message in messages(catalog)}
    found: list[str] = []
    for message in messages(said):
        mine = known.get((english(message), message.context))
        text = chinese(mine) if mine else ""
        where = message.locations[0][0] if message.locations else ""
        if not text:
            found.append(f"No Chinese for {english(message)!r} ({where}).")
        elif not holds_same(message, text):
            found.append(f"Other placeholders in the Chinese of {english(message)!r} ({where}).")
    return found


def holds_same(message: Message, text: str) -> bool:
    """Whether the Chinese has the placeholders of the English plural, or of its only form."""
    forms = [message.id] if isinstance(message.id, str) else list(message.id)
    return any(sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(text)) for form in forms)


def say(text: str) -> None:
    """One line to whoever called."""
    sys.stdout.write(f"{text}\n")


def main(arguments: list[str]) -> int:
    """Do what was asked; 2 and one sentence when it is not known."""
    asked = arguments[0] if arguments else ""
    if asked == "extract":
        for message in messages(extract()):
            say(english(message))
    elif asked == "merge":
        save(merge())
        compile_texts()
    elif asked == "compile":
        compile_texts()
    elif asked == "check":
        found = problems(read(PO), extract())
        say("\n".join(found) or "Every text has its Chinese.")
        return 1 if found else 0
    else:
        sys.stderr.write("Say one of: extract, merge, compile, check.\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
