"""What may be shown of a phone, an identity number or an e-mail address without an unmask: enough to know it again.

Never more than the first three and last four characters of a phone, the first and last of an identity number, the
first of an e-mail's name. At least four characters always stay hidden, so a short value shows less, down to nothing.
"""

from __future__ import annotations

HIDDEN = "····"
FEWEST_HIDDEN = 4
PHONE_SHOWN = (3, 4)
ID_SHOWN = (1, 1)
MAINLAND, MAINLAND_DIGITS = "86", 13


def phone(*, number: str) -> str:
    """138 ···· 8000, +44 ···· 0958; of a short number its end alone, of a very short one nothing.

    A mainland mobile reads the same with and without +86, as people there say it.
    """
    digits = "".join(each for each in number if each.isdigit())
    if not digits:
        return ""
    plus = "+" if number.strip().startswith("+") else ""
    if plus and digits.startswith(MAINLAND) and len(digits) == MAINLAND_DIGITS:
        plus, digits = "", digits[len(MAINLAND) :]
    first, last = (2, PHONE_SHOWN[1]) if plus else PHONE_SHOWN
    if not _may_show(digits, first + last):
        first, last = (0, 2) if _may_show(digits, 2) else (0, 0)
    start = f"{plus}{digits[:first]} " if first else ""
    end = f" {digits[-last:]}" if last else ""
    return f"{start}{HIDDEN}{end}"


def id_number(*, number: str) -> str:
    """3····7: the first and the last character, if at least four are hidden between them."""
    text = number.strip()
    if not text:
        return ""
    if not _may_show(text, sum(ID_SHOWN)):
        return HIDDEN
    return f"{text[0]}{HIDDEN}{text[-1]}"


def email(*, address: str) -> str:
    """a····@example.com: the domain, and the first letter of the name when the name is long enough to hide the rest."""
    name, at, domain = address.strip().partition("@")
    if not at:
        return HIDDEN if name else ""
    first = name[0] if len(name) > 1 else ""
    return f"{first}{HIDDEN}@{domain}"


def _may_show(text: str, count: int) -> bool:
    return len(text) - count >= FEWEST_HIDDEN
