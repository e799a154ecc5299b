"""What the form of the weights accepts; each mistake is one sentence beside its field."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.forms import DATES, NO_DATE, TOO_LONG
from keybook.apps.ledger.commands import Draft
from keybook.core.ledger import HALF_LIVES, KINDS, MOST_POINTS

WHOLE = {"required": _("Write a whole number, 0 for none."), "invalid": _("Write a whole number, 0 for none.")}
BOUNDS = {
    "min_value": _("A posting is worth %(limit_value)s points at the least."),
    "max_value": _("A posting is worth %(limit_value)s points at most."),
}


class WeightsForm(forms.Form):
    """The points of every kind, the half-life, the day it holds from, and why."""

    half_life_days = forms.IntegerField(
        min_value=HALF_LIVES[0], max_value=HALF_LIVES[1],
        error_messages={
            "required": _("Write the days in which points halve."), "invalid": _("Write the days in which points halve."),
            "min_value": _("Points halve in 30 to 720 days."), "max_value": _("Points halve in 30 to 720 days."),
        },
    )  # fmt: skip
    from_on = forms.DateField(required=False, input_formats=DATES, error_messages=NO_DATE)
    reason = forms.CharField(required=False, max_length=300, error_messages=TOO_LONG)
    learned = forms.IntegerField(required=False, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            self.fields[kind] = forms.IntegerField(
                min_value=-MOST_POINTS, max_value=MOST_POINTS, error_messages={**WHOLE, **BOUNDS}
            )

    def points(self) -> dict[str, int]:
        """The points by kind."""
        return {kind: self.cleaned_data[kind] for kind in KINDS}

    def draft(self, *, tomorrow: dt.date) -> Draft:
        """The version it describes, from tomorrow where no day is named."""
        values = self.cleaned_data
        return Draft(
            self.points(), values["half_life_days"], values["from_on"] or tomorrow, values["reason"], values["learned"]
        )
