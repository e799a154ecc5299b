"""What the forms of handover accept: a draft of an act from an address or a form, and the small forms beside it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.forms import DATES, NO_DATE, TOO_LONG
from keybook.apps.handover.models import What
from keybook.apps.handover.queries import Asked, Introduction
from keybook.core.books import RULES

MOST_CHOSEN = 2_000
MOST_TAKERS = 30
USUAL_DAYS = 10


def number(text: str | None) -> int:
    """A whole number as it stands in an address; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else 0  # noqa: PLR2004


def numbers(texts: Sequence[str], most: int) -> tuple[int, ...]:
    """The whole numbers among these, also several in one, each once."""
    found = [number(part) for text in texts for part in text.split(",")]
    return tuple(dict.fromkeys(each for each in found if each))[:most]


def draft_of(sent: QueryDict, *, staff_id: int) -> Asked:
    """The handover as the fields say it; what is strange is refused by the verb, in words."""
    rule = sent.get("rule", "evenly")
    what = sent.get("what", What.ALL.value)
    return Asked(
        from_id=staff_id, to=numbers(sent.getlist("to"), MOST_TAKERS), what=what,
        which=tuple(sent.getlist("tier" if what == What.TIER else "district"))[:60] if what != What.CHOSEN else (),
        chosen=numbers(sent.getlist("chosen"), MOST_CHOSEN), rule=rule if rule in RULES else "evenly",
        named=_named(sent, rule), leaves=sent.get("leaves") == "on", introduction=_introduction(sent),
    )  # fmt: skip


def _named(sent: QueryDict, rule: str) -> Mapping[str, int]:
    """Who takes which tier or district: fields named for-tier-private, for-district-Lakeside."""
    start = f"for-{rule}-"
    given = {name[len(start) :]: number(str(sent[name])) for name in sent if name.startswith(start)}
    return {name: staff_id for name, staff_id in given.items() if staff_id}


def _introduction(sent: QueryDict) -> Introduction:
    kinds = {name[6:]: str(sent[name]) for name in sent if name.startswith("intro-") and sent[name]}
    texts = {kind: str(sent[f"text_{kind}"]) for kind in ("call", "letter") if f"text_{kind}" in sent}
    return Introduction(kinds=kinds, within=number(sent.get("within")) if "within" in sent else USUAL_DAYS, texts=texts)


def key_of(sent: QueryDict) -> uuid.UUID:
    """The form's own number, or a new one."""
    try:
        return uuid.UUID(sent.get("client_key", ""))
    except ValueError:
        return uuid.uuid4()


class AnswerForm(forms.Form):
    """Why a customer stays, and by when they will have been spoken to."""

    reason = forms.CharField(max_length=300, required=False, error_messages=TOO_LONG)
    promised_on = forms.DateField(input_formats=DATES, required=False, error_messages=NO_DATE)


class DecisionForm(forms.Form):
    """What the head says, and to whom the customer goes if not staying."""

    reason = forms.CharField(max_length=300, required=False, error_messages=TOO_LONG)
    to = forms.IntegerField(required=False, min_value=1, error_messages={"invalid": _("Choose a colleague.")})


class CapForm(forms.Form):
    """A cap from a day on."""

    staff = forms.IntegerField(required=False, min_value=1)
    most = forms.IntegerField(required=False, error_messages={"invalid": _("A cap is a whole number, 1 or more.")})
    from_on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)


class RuleForm(forms.Form):
    """The rule of neglect from a day on."""

    days = forms.IntegerField()
    missed = forms.IntegerField()
    answer_workdays = forms.IntegerField()
    rest_days = forms.IntegerField()
    from_on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for field in self.fields.values():
            field.error_messages.setdefault("required", _("Write a number."))
            field.error_messages["invalid"] = field.error_messages.get("invalid", _("Write a number."))


def errors_of(form: forms.Form) -> dict[str, str]:
    """The first sentence of each field."""
    return {name: str(found[0]) for name, found in form.errors.items()}
