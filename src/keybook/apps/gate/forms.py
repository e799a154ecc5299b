"""What is typed around the gate: a complaint, what to mind, a consent, a reason to go ahead, the bank's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keybook.core.gate import CAPPED

DATES = ["%Y-%m-%d"]
CAP = "cap:"
LONGEST = 60
NO_DATE = {"invalid": _("Write the day as 2026-12-31.")}


class PartForm(forms.Form):
    """One of the parts of the page; each field belongs to one of them."""

    text = forms.CharField(required=False, max_length=500)
    complaint = forms.IntegerField(required=False)
    mind = forms.IntegerField(required=False)
    kind = forms.CharField(required=False, max_length=8)
    review_on = forms.DateField(required=False, input_formats=DATES, error_messages=NO_DATE)
    until_on = forms.DateField(required=False, input_formats=DATES, error_messages=NO_DATE)
    purpose = forms.CharField(required=False, max_length=10)
    channel = forms.CharField(required=False, max_length=8)
    given = forms.ChoiceField(required=False, choices=[("yes", ""), ("no", "")])


class RulesForm(forms.Form):
    """The numbers of the gate from a day on; a cap as “most/days, most/days”, in a field of its own for what it counts."""

    from_on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)
    quiet_from = forms.IntegerField(min_value=0, max_value=24)
    quiet_until = forms.IntegerField(min_value=0, max_value=24)
    same_days = forms.IntegerField(min_value=0, max_value=365)
    lately_days = forms.IntegerField(min_value=0, max_value=365)
    reason = forms.CharField(max_length=300)

    def clean(self) -> dict[str, Any]:
        """The fields, and the caps as {what is counted: [[days, most], …]}; an empty field caps nothing."""
        found: dict[str, list[list[int]]] = {}
        named = {key.removeprefix(CAP): key for key in self.data if key.startswith(CAP)}
        if new := " ".join(part for part in (self.data.get("new_tier", ""), self.data.get("new_of", "")) if part):
            named[new] = "new_cap"
        for name, key in named.items():
            text = str(self.data.get(key, "")).strip()[:LONGEST]
            if text and (pairs := self._pairs(key, text)):
                found[name] = pairs
        return {**self.cleaned_data, "caps": found}

    def _pairs(self, key: str, text: str) -> list[list[int]]:
        try:
            pairs = [[int(part) for part in each.split("/")] for each in text.split(",")]
            return [[days, most] for most, days in pairs]
        except ValueError:
            self.fields[key] = forms.CharField(required=False)  # its refusal stands beside it
            said = _("“%(text)s” cannot be read. Write 2/1, 3/7: two in one day, three in seven.")
            self.add_error(key, forms.ValidationError(said, params={"text": text}))
            return []


def caps_as_fields(caps: Mapping[str, Any]) -> dict[str, str]:
    """The caps as they are typed, by the names of their fields; what has no cap is empty."""
    typed = {name: ", ".join(f"{most}/{days}" for days, most in pairs) for name, pairs in caps.items()}
    return {f"{CAP}{name}": typed.get(name, "") for name in (*CAPPED, *(each for each in typed if each not in CAPPED))}
