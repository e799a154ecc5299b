"""What the forms of the next best contact accept; each mistake is one sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.forms import DATES, NO_DATE, TOO_LONG
from keybook.apps.proposals.commands import Said
from keybook.apps.proposals.models import Answered, Reason
from keybook.core.nextbest.facts import THEMES

STALE = {
    "required": _("Open the page anew."),
    "invalid": _("Open the page anew."),
    "invalid_choice": _("Open the page anew."),
}


class AnswerForm(forms.Form):
    """What a banker says to a proposal."""

    answer = forms.ChoiceField(choices=Answered.choices, error_messages=STALE)
    theme = forms.ChoiceField(choices=[(each, each) for each in THEMES], error_messages=STALE)
    client_key = forms.UUIDField(error_messages=STALE)
    reason = forms.ChoiceField(choices=Reason.choices, required=False, error_messages=STALE)
    words = forms.CharField(max_length=200, required=False, error_messages=TOO_LONG)
    until_on = forms.DateField(input_formats=DATES, required=False, error_messages=NO_DATE)

    def said(self) -> Said:
        """It as the command takes it."""
        return Said(**self.cleaned_data)


class ReportForm(forms.Form):
    """Which answers a report counts."""

    since = forms.DateField(input_formats=DATES, required=False, error_messages=NO_DATE)
    on = forms.DateField(input_formats=DATES, required=False, error_messages=NO_DATE)
    branch = forms.IntegerField(required=False, min_value=1)
    rm = forms.IntegerField(required=False, min_value=1)
    theme = forms.ChoiceField(choices=[(each, each) for each in THEMES], required=False)
    answer = forms.ChoiceField(choices=Answered.choices, required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def clean(self) -> dict[str, Any]:
        """A period ends on its first day or after it."""
        given = super().clean() or {}
        if given.get("since") and given.get("on") and given["on"] < given["since"]:
            self.add_error("on", _("The last day lies before the first one."))
        return given
