"""What the desk's forms accept; each mistake is one sentence beside its field, and what was typed stays."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel
from keybook.apps.interactions.commands import LONGEST
from keybook.apps.interactions.models import Effect, Outcome
from keybook.apps.reminders.commands import Contact, Day, moment

NO_DATE = _("That is no date. Write it as 2026-11-27.")
NO_TIME = _("That is no time. Write it as 15:00.")
LONGEST_ID = 19  # digits of the largest id
DATES = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"]


class LogForm(forms.Form):
    """One contact, as it is typed."""

    channel = forms.ChoiceField(
        choices=Channel.choices,
        error_messages={
            "required": _("Choose how you were in touch."),
            "invalid_choice": _("Choose one of the channels."),
        },
    )
    outcome = forms.ChoiceField(
        choices=Outcome.choices,
        error_messages={"required": _("Choose how it went."), "invalid_choice": _("Choose one of the four outcomes.")},
    )
    effect = forms.ChoiceField(
        choices=Effect.choices, required=False, error_messages={"invalid_choice": _("Choose one of the four effects.")}
    )
    topic = forms.CharField(
        required=False,
        max_length=120,
        error_messages={"max_length": _("At most 120 characters: the rest belongs below.")},
    )
    content = forms.CharField(
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": _("At most 10,000 characters can be kept: it has %(show_value)d.")},
    )
    next_step = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": _("At most 200 characters: say it shorter.")}
    )
    next_on = forms.DateField(required=False, input_formats=DATES, error_messages={"invalid": NO_DATE})
    next_time = forms.TimeField(required=False, error_messages={"invalid": NO_TIME})
    on = forms.DateField(required=False, input_formats=DATES, error_messages={"invalid": NO_DATE})
    client_key = forms.UUIDField(error_messages={"required": _("Open a new form."), "invalid": _("Open a new form.")})
    closes = forms.TypedMultipleChoiceField(required=False, coerce=int)
    asked = forms.BooleanField(required=False)
    confidential = forms.BooleanField(required=False)
    named = forms.TypedMultipleChoiceField(required=False, coerce=int)
    reply = forms.Field(required=False)  # where the sentence about an answer stands
    fate = forms.Field(required=False)  # where the sentence about a deposit's fate stands
    attached = forms.Field(required=False)  # where the sentence about a file stands; the bytes come with the request

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.chosen = _ids(data, "closes")
        for name, choices in (("closes", self.chosen), ("named", _ids(data, "named"))):
            field: Any = self.fields[name]
            field.choices = choices

        self.fates = _fates(data)
        self.replies = _replies(data)

    @property
    def answered(self) -> tuple[int, ...] | None:
        """The reminders the banker ticked; None when the form did not ask."""
        return tuple(self.cleaned_data["closes"]) if self.cleaned_data["asked"] else None

    def contact(self, *, day: Day) -> Contact:
        """The contact typed; without a day of its own it is now, by the clock, on the business date."""
        given = self.cleaned_data
        return Contact(
            channel=given["channel"], outcome=given["outcome"], effect=given["effect"] or Effect.UNCHANGED.value,
            topic=given["topic"], content=given["content"], next_step=given["next_step"], next_on=given["next_on"],
            next_time=given["next_time"], at=moment(on=given["on"], day=day), client_key=given["client_key"],
            named=tuple(given["named"]) if given["confidential"] else None, replies=self.replies,
        )  # fmt: skip


def _fates(data: Any) -> list[tuple[str, str]]:
    """What became of which deposit, where the banker has said it."""
    names = [name for name in data or () if name.startswith("fate:")]
    return [(name.removeprefix("fate:"), data[name]) for name in names if data[name]]


def _replies(data: Any) -> tuple[tuple[int, str], ...]:
    """What was answered to which invitation, where the banker has said it."""
    names = [name for name in data or () if name.startswith("reply:")]
    known = [(name.removeprefix("reply:"), data[name]) for name in names if data[name]]
    return tuple(
        (int(each), said) for each, said in known if each.isascii() and each.isdecimal() and len(each) < LONGEST_ID
    )


def _ids(data: Any, name: str) -> list[tuple[str, str]]:
    """The ids ticked under this name, as choices of themselves; what is no id is left out."""
    given = data.getlist(name) if hasattr(data, "getlist") else []
    return [(each, each) for each in given if each.isascii() and each.isdecimal() and len(each) < LONGEST_ID]


def new_key() -> uuid.UUID:
    """A key for one form, so that sending it twice stores it once."""
    return uuid.uuid4()


class DateForm(forms.Form):
    """A day to come."""

    until = forms.DateField(input_formats=DATES, error_messages={"required": _("Choose a day."), "invalid": NO_DATE})


class ReasonForm(forms.Form):
    """Why not now: one of the usual reasons, or a few words."""

    reason = forms.CharField(
        max_length=200,
        required=False,
        error_messages={"max_length": _("At most 200 characters: the rest belongs into a contact.")},
    )
    usual = forms.CharField(max_length=200, required=False)


class ColleagueForm(forms.Form):
    """One of the deputies."""

    to = forms.IntegerField(error_messages={"required": _("Choose a colleague."), "invalid": _("Choose a colleague.")})
