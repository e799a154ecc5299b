"""What is typed around the gate: a complaint, what to mind, a consent, a reason to go ahead, the bank's numbers."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DATES = ["%Y-%m-%d"]
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
    """The numbers of the gate from a day on; caps as lines “[tier] channel or purpose: most/days, most/days”."""

    from_on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)
    quiet_from = forms.IntegerField(min_value=0, max_value=24)
    quiet_until = forms.IntegerField(min_value=0, max_value=24)
    same_days = forms.IntegerField(min_value=0, max_value=365)
    lately_days = forms.IntegerField(min_value=0, max_value=365)
    caps = forms.CharField(max_length=2000)
    reason = forms.CharField(max_length=300)

    def clean_caps(self) -> dict[str, Any]:
        """The lines as {channel: [[days, most], …]}."""
        found: dict[str, list[list[int]]] = {}
        for line in self.cleaned_data["caps"].splitlines():
            name, _colon, rest = line.partition(":")
            if not line.strip():
                continue
            try:
                pairs = [[int(part) for part in each.split("/")] for each in rest.split(",")]
                found[" ".join(name.split())] = [[days, most] for most, days in pairs]
            except ValueError:
                raise forms.ValidationError(
                    _("“%(line)s” cannot be read. Write it as “call: 2/1, 3/7”: two in one day, three in seven."),
                    params={"line": line},
                ) from None
        return found


def caps_as_lines(caps: Any) -> str:
    """The caps as they are typed."""
    plain = json.loads(json.dumps({name: list(map(list, pairs)) for name, pairs in caps.items()}))
    return "\n".join(f"{name}: " + ", ".join(f"{most}/{days}" for days, most in pairs) for name, pairs in plain.items())
