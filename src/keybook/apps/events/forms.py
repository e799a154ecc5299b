"""What the forms of events accept; each mistake is one sentence beside its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.forms import DATES, NO_DATE, TOO_LONG, AmountField
from keybook.apps.events.commands import Draft

NO_TIME = {"required": _("Write the hour."), "invalid": _("That is no time. Write it as 15:00.")}
SEATS = _("1 to 5,000 seats are possible.")


class EventForm(forms.Form):
    """An event, as it is typed."""

    name = forms.CharField(max_length=80, error_messages={"required": _("Write what it is called."), **TOO_LONG})
    theme = forms.CharField(max_length=80, error_messages={"required": _("Write what it is about."), **TOO_LONG})
    place = forms.CharField(max_length=120, error_messages={"required": _("Write where it is."), **TOO_LONG})
    branch = forms.IntegerField(error_messages={"required": _("Choose a branch."), "invalid": _("Choose a branch.")})
    on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)
    until_on = forms.DateField(required=False, input_formats=DATES, error_messages=NO_DATE)
    from_time = forms.TimeField(error_messages=NO_TIME)
    until_time = forms.TimeField(error_messages=NO_TIME)
    seats = forms.IntegerField(
        min_value=1, max_value=5_000,
        error_messages={"required": SEATS, "invalid": SEATS, "min_value": SEATS, "max_value": SEATS},
    )  # fmt: skip
    host = forms.IntegerField(
        error_messages={
            "required": _("Choose who receives the guests."),
            "invalid": _("Choose who receives the guests."),
        }
    )
    campaign = forms.IntegerField(
        required=False, error_messages={"invalid": _("Choose a campaign of your branches, or none.")}
    )
    note = forms.CharField(required=False, max_length=1000, error_messages=TOO_LONG)
    budget = AmountField(required=False)
    cost = AmountField(required=False)
    reason = forms.CharField(required=False, max_length=200, error_messages=TOO_LONG)
    client_key = forms.UUIDField(error_messages={"required": _("Open a new form."), "invalid": _("Open a new form.")})

    def draft(self) -> Draft:
        """What was typed, as the command takes it."""
        given: dict[str, Any] = dict(self.cleaned_data)
        return Draft(
            branch_id=given.pop("branch"), host_id=given.pop("host"), campaign_id=given.pop("campaign"), **given
        )
