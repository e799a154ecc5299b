"""What the forms of the plans accept; each mistake is one sentence beside its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.forms import DATES, NO_DATE, TOO_LONG
from keybook.apps.customers.models import Channel
from keybook.apps.plans.commands.capacity import Wanted
from keybook.apps.plans.commands.entries import Where, Wish
from keybook.apps.plans.models import Absence, Half
from keybook.apps.proposals.commands import Said
from keybook.apps.proposals.forms import STALE
from keybook.core.nextbest.facts import THEMES

NO_HALF = {
    "required": _("Choose the morning or the afternoon."),
    "invalid_choice": _("Choose the morning or the afternoon."),
}
NO_NUMBER = {"required": _("Write a number."), "invalid": _("Write a whole number.")}


class WhereForm(forms.Form):
    """A half-day, as two fields or as one (2026-11-25am), and why it should lie there."""

    to = forms.RegexField(
        r"^\d{4}-\d{2}-\d{2}(am|pm)$", required=False, error_messages={"invalid": _("Choose a half-day of the list.")}
    )
    on = forms.DateField(input_formats=DATES, required=False, error_messages=NO_DATE)
    half = forms.ChoiceField(choices=Half.choices, required=False, error_messages=NO_HALF)
    place = forms.IntegerField(min_value=0, max_value=200, required=False)
    because = forms.CharField(max_length=200, required=False, error_messages=TOO_LONG)

    def clean(self) -> dict[str, Any]:
        """A half-day of the list gives both fields."""
        given = super().clean() or {}
        if given.get("to") and not given.get("on"):
            try:
                given["on"] = forms.DateField().clean(given["to"][:10])
            except forms.ValidationError:
                self.add_error("on", NO_DATE["invalid"])
            given["half"] = given["to"][10:]
        if not given.get("on") and "on" not in self.errors:
            self.add_error("on", say("Choose a day."))
        if not given.get("half") and "half" not in self.errors:
            self.add_error("half", say("Choose the morning or the afternoon."))
        return given

    @property
    def where(self) -> Where:
        """The half-day."""
        given = self.cleaned_data
        return Where(given["on"], given["half"], given["place"])


class WishForm(WhereForm):
    """A contact placed by hand."""

    channel = forms.ChoiceField(
        choices=Channel.choices,
        error_messages={
            "required": _("Choose how you will be in touch."), "invalid_choice": _("Choose one of the channels."),
        },
    )  # fmt: skip
    theme = forms.CharField(max_length=120, required=False, error_messages=TOO_LONG)
    proposal = forms.ChoiceField(choices=[(each, each) for each in THEMES], required=False, error_messages=STALE)
    client_key = forms.UUIDField(required=False, error_messages=STALE)

    def clean(self) -> dict[str, Any]:
        """What is proposed is accepted once per key."""
        given = super().clean()
        if given.get("proposal") and not given.get("client_key"):
            self.add_error(None, STALE["required"])
        return given

    def said(self) -> Said | None:
        """That what is proposed is accepted, if the contact comes from a proposal."""
        given = self.cleaned_data
        if not given["proposal"]:
            return None
        return Said(answer="accepted", theme=given["proposal"], client_key=given["client_key"])

    def wish(self) -> Wish:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        return Wish(where=self.where, channel=given["channel"], theme=given["theme"], because=given["because"])


class Clock(forms.Field):
    """A time of day as minutes from midnight: 9:30, 0930; 24:00 is the end of the day."""

    default_error_messages = {"required": _("Write a time."), "invalid": _("That is no time. Write it as 9:30.")}  # noqa: RUF012

    def to_python(self, value: Any) -> int | None:
        """The minutes; None for nothing."""
        text = str(value or "").strip().replace("：", ":").replace(".", ":")
        if not text:
            return None
        hours, _colon, minutes = text.partition(":")
        if not _colon and len(text) == 4:  # noqa: PLR2004  0930
            hours, minutes = text[:2], text[2:]
        if not (hours.isascii() and hours.isdecimal() and (minutes or "0").isascii() and (minutes or "0").isdecimal()):
            raise forms.ValidationError(self.error_messages["invalid"])
        total = int(hours[:4]) * 60 + int((minutes or "0")[:4])
        if int((minutes or "0")[:4]) >= 60 or total > 24 * 60:  # noqa: PLR2004
            raise forms.ValidationError(self.error_messages["invalid"])
        return total


class MeetingForm(forms.Form):
    """Time that is taken."""

    on = forms.DateField(input_formats=DATES, error_messages={**NO_DATE, "required": _("Choose a day.")})
    begins = Clock()
    ends = Clock()
    title = forms.CharField(max_length=120, required=False, error_messages=TOO_LONG)


class AbsenceForm(forms.Form):
    """Days on which somebody is away, both included."""

    from_on = forms.DateField(input_formats=DATES, error_messages={**NO_DATE, "required": _("Choose a day.")})
    last_on = forms.DateField(input_formats=DATES, error_messages={**NO_DATE, "required": _("Choose a day.")})
    why = forms.ChoiceField(choices=Absence.Why.choices, required=False)


WEEKDAYS = [(str(number), str(number)) for number in range(7)]


class CapacityForm(forms.Form):
    """What is kept for contacts."""

    morning_from, morning_until = Clock(), Clock()
    afternoon_from, afternoon_until = Clock(), Clock()
    morning_minutes = forms.IntegerField(min_value=0, max_value=1440, error_messages=NO_NUMBER)
    afternoon_minutes = forms.IntegerField(min_value=0, max_value=1440, error_messages=NO_NUMBER)
    travel = forms.IntegerField(min_value=0, max_value=480, error_messages=NO_NUMBER)
    weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS, coerce=int, error_messages={"required": _("Choose at least one weekday.")}
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for channel in Channel.values:
            self.fields[f"minutes_{channel}"] = forms.IntegerField(min_value=1, max_value=480, error_messages=NO_NUMBER)
            self.fields[f"cap_{channel}"] = forms.IntegerField(
                min_value=1, max_value=100, required=False, error_messages=NO_NUMBER
            )

    def wanted(self) -> Wanted:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        caps = {channel: given[f"cap_{channel}"] for channel in Channel.values if given[f"cap_{channel}"]}
        return Wanted(
            windows={
                "am": (given["morning_from"], given["morning_until"]),
                "pm": (given["afternoon_from"], given["afternoon_until"]),
            },
            kept={"am": given["morning_minutes"], "pm": given["afternoon_minutes"]},
            channels={channel: given[f"minutes_{channel}"] for channel in Channel.values}, caps=caps,
            travel=given["travel"], weekdays=tuple(given["weekdays"]),
        )  # fmt: skip


def errors_of(form: forms.Form | None) -> dict[str, str]:
    """The first sentence of each field of a form that was sent."""
    if form is None or not form.is_bound:
        return {}
    return {("all" if name == "__all__" else name): str(said[0]) for name, said in form.errors.items()}
