"""What the forms of promises, occasions, mourning and greetings accept; what was typed stays beside each sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel
from keybook.apps.desk.forms import DATES, NO_DATE, NO_TIME
from keybook.apps.interactions.commands import LONGEST
from keybook.apps.reminders.commands import Noted, Said
from keybook.apps.reminders.commands.keeping import KINDS

NO_LEAD = {"invalid": _("0 to 365 days ahead are possible.")}
NO_NUMBER = {"invalid": _("Write a whole number."), "required": _("Write a whole number.")}
DATE_ERRORS = {"invalid": NO_DATE, "required": _("Choose a day.")}
SHORTER = {
    "max_length": _("At most 200 characters: say it shorter."),
    "required": _("Say why in a few words: it stays with the promise."),
}


class PromiseForm(forms.Form):
    """A promise: words, and a day or a date of the customer's."""

    text = forms.CharField(
        max_length=200, error_messages={**SHORTER, "required": _("Write in a few words what is promised.")}
    )
    hangs = forms.CharField(required=False, max_length=80)
    on = forms.DateField(required=False, input_formats=DATES, error_messages=DATE_ERRORS)
    time = forms.TimeField(required=False, error_messages={"invalid": NO_TIME})
    lead_days = forms.IntegerField(required=False, error_messages=NO_LEAD)
    direction = forms.CharField(required=False, max_length=8)
    reason = forms.CharField(required=False, max_length=200, error_messages=SHORTER)

    def said(self) -> Said:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        kind, _colon, ref = given["hangs"].partition(":")
        return Said(
            text=given["text"], on=None if kind else given["on"], time=given["time"], hangs_on=kind, hangs_ref=ref,
            lead_days=given["lead_days"] if kind else None, direction=given["direction"],
        )  # fmt: skip


class WithdrawForm(forms.Form):
    """Why a promise is taken back."""

    reason = forms.CharField(max_length=200, error_messages=SHORTER)


class OccasionForm(forms.Form):
    """A day that matters: which, by which calendar, how long before."""

    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in sorted(KINDS)],
        error_messages={
            "required": _("Choose what kind of day it is."),
            "invalid_choice": _("Choose what kind of day it is."),
        },
    )
    label = forms.CharField(
        required=False, max_length=120, error_messages={"max_length": _("At most 120 characters can be kept.")}
    )
    calendar = forms.ChoiceField(
        choices=[("solar", ""), ("lunar", "")],
        error_messages={
            "required": _("Choose one of the two calendars."),
            "invalid_choice": _("Choose one of the two calendars."),
        },
    )
    month = forms.IntegerField(error_messages=NO_NUMBER)
    day = forms.IntegerField(error_messages=NO_NUMBER)
    leap = forms.BooleanField(required=False)
    leap_day = forms.ChoiceField(choices=[("feb28", ""), ("mar1", "")], required=False)
    year = forms.IntegerField(required=False, error_messages=NO_NUMBER)
    once = forms.BooleanField(required=False)
    lead_days = forms.IntegerField(error_messages={**NO_LEAD, "required": _("0 to 365 days ahead are possible.")})
    gift_days = forms.IntegerField(required=False, error_messages=NO_LEAD)

    def noted(self) -> Noted:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        same = ("kind", "label", "calendar", "month", "day", "leap", "year", "lead_days", "gift_days")
        return Noted(
            **{name: given[name] for name in same}, leap_day=given["leap_day"] or "feb28", yearly=not given["once"]
        )


class ObservanceForm(forms.Form):
    """By which calendar the birthday is kept, and a time of mourning."""

    birthday_by = forms.CharField(required=False, max_length=5)
    mourning_from = forms.DateField(required=False, input_formats=DATES, error_messages=DATE_ERRORS)
    mourning_until = forms.DateField(required=False, input_formats=DATES, error_messages=DATE_ERRORS)


class GreetForm(forms.Form):
    """A greeting as it is sent or said."""

    channel = forms.ChoiceField(
        choices=Channel.choices,
        error_messages={
            "required": _("Choose how you were in touch."),
            "invalid_choice": _("Choose one of the channels."),
        },
    )
    content = forms.CharField(
        max_length=LONGEST,
        error_messages={
            "required": _("Write the greeting."),
            "max_length": _("At most 10,000 characters can be kept: it has %(show_value)d."),
        },
    )
    client_key = forms.UUIDField(error_messages={"required": _("Open a new form."), "invalid": _("Open a new form.")})


def typed(form: forms.Form) -> dict[str, Any]:
    """What stands in each field: as it was typed, else what is known."""
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def errors(form: forms.Form) -> dict[str, str]:
    """The first sentence of each field; what belongs to no field stands under `all`."""
    found = {name: str(said[0]) for name, said in form.errors.items()} if form.is_bound else {}
    if "__all__" in found:
        found["all"] = found.pop("__all__")
    return found
