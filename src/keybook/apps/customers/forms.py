"""What the forms of a customer accept; each mistake is one sentence beside its field, and what was typed stays."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.commands import ROLES, Evidence, Liking
from keybook.apps.customers.models import Channel, Confidence

DATES = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"]
NO_DATE = {"invalid": _("That is no date. Write it as 2026-11-27."), "required": _("A date is needed.")}
NO_HOUR = {
    "invalid": _("An hour is a whole number from 0 to 24."), "min_value": _("Hours go from 0 to 24."),
    "max_value": _("Hours go from 0 to 24."),
}  # fmt: skip
TOO_LONG = {"max_length": _("At most %(limit_value)d characters can be kept.")}
UNITS = {"万": 10_000, "亿": 100_000_000, "k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}


class AmountField(forms.CharField):
    """An amount as bankers type it: 1,800,000, 45万, 1.8m, ¥600 000."""

    def clean(self, value: Any) -> Decimal | None:
        """The amount, none when nothing was typed."""
        text = re.sub(r"[\s,，'¥￥]", "", str(super().clean(value) or "")).lower()
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,15}(?:\.\d{1,4})?)(万|亿|k|m|bn)?", text)
        if found is None:
            raise ValidationError(_("That is no amount. Write it as 1,800,000 or 180万."))
        return (Decimal(found[1]) * UNITS.get(found[2], 1)).quantize(Decimal("0.01"))


class PreferenceForm(forms.Form):
    """How a customer likes to be contacted."""

    channels = forms.MultipleChoiceField(choices=Channel.choices, required=False)
    never = forms.MultipleChoiceField(choices=Channel.choices, required=False)
    hour_from = forms.IntegerField(required=False, min_value=0, max_value=24, error_messages=NO_HOUR)
    hour_until = forms.IntegerField(required=False, min_value=0, max_value=24, error_messages=NO_HOUR)
    topics = forms.CharField(required=False, max_length=200, error_messages=TOO_LONG)
    avoid = forms.CharField(required=False, max_length=200, error_messages=TOO_LONG)
    no_congratulation = forms.BooleanField(required=False)

    def liking(self) -> Liking:
        """What was typed, as the command takes it."""
        values = self.cleaned_data
        return Liking(
            channels=tuple(values["channels"]), never=tuple(values["never"]), hour_from=values["hour_from"],
            hour_until=values["hour_until"], topics=values["topics"], avoid=values["avoid"],
            no_congratulation=values["no_congratulation"],
        )  # fmt: skip


class AwayForm(forms.Form):
    """What somebody learned about an asset at another bank."""

    institution = forms.CharField(max_length=120, error_messages={"required": _("Which bank is it?"), **TOO_LONG})
    kind = forms.CharField(required=False, max_length=16)
    amount = AmountField(required=False)
    source = forms.ChoiceField(
        choices=[("said", ""), ("other", "")], error_messages={"required": _("Say how you know.")}
    )
    detail = forms.CharField(required=False, max_length=200, error_messages=TOO_LONG)
    confidence = forms.ChoiceField(choices=Confidence.choices, error_messages={"required": _("Say how sure you are.")})
    seen_on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)
    matures_on = forms.DateField(required=False, input_formats=DATES, error_messages=NO_DATE)

    def evidence(self) -> Evidence:
        """What was typed, as the command takes it."""
        return Evidence(**self.cleaned_data)


class RelationForm(forms.Form):
    """Who belongs to a customer, and what the customer is to them."""

    role = forms.ChoiceField(
        choices=[(role, role) for role in ROLES], error_messages={"required": _("Say what they are to each other.")}
    )
    other = forms.CharField(max_length=60, error_messages={"required": _("Choose who it is.")})


class AssignForm(forms.Form):
    """Who looks after the customer from today."""

    to = forms.IntegerField(error_messages={"required": _("Choose who it is."), "invalid": _("Choose who it is.")})
