"""What the forms of the contact standards accept; each mistake is one sentence beside its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.forms import DATES, NO_DATE, TOO_LONG
from keybook.apps.customers.models import Channel
from keybook.apps.standards.commands import USUAL_CHANNELS, Draft, Wanted
from keybook.apps.standards.models import Basis, Kind, Standard
from keybook.apps.standards.queries import TierStandard
from keybook.core.standards import MOST_DAYS, MOST_GRACE, MOST_VISITS

DAYS = {
    "invalid": _("Write the days as a whole number, or nothing for no standard."),
    "min_value": _("A contact every 1 to 730 days can be kept, not every 0."),
    "max_value": _("A contact every 1 to 730 days can be kept, not every 0."),
}
GRACE = dict.fromkeys(("invalid", "required", "min_value", "max_value"), _("Grace lasts 0 to 90 days."))
VISITS = dict.fromkeys(("invalid", "required", "min_value", "max_value"), _("Ask for 0 to 52 visits a year."))
COUNTING = {"required": _("Choose at least one channel that counts."), "invalid_choice": _("There is no such channel.")}
PARTS = ("every_days", "grace_days", "visits_a_year", "basis", "channels")


class StandardsForm(forms.Form):
    """The table of the tiers: what each should ask from a day on, and why."""

    from_on = forms.DateField(required=False, input_formats=DATES, error_messages=NO_DATE)
    reason = forms.CharField(required=False, max_length=300, error_messages=TOO_LONG)

    def __init__(self, *args: Any, tiers: Sequence[TierStandard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tiers = tiers
        for each in tiers:
            for part, field in _fields().items():
                self.fields[f"{part}-{each.tier.pk}"] = field

    def drafts(self, *, tomorrow: dt.date) -> list[Draft]:
        """A version for each tier of which something is different."""
        found = []
        for each in self.tiers:
            asked = {part: self.cleaned_data[f"{part}-{each.tier.pk}"] for part in PARTS}
            if differs(asked, last_of(each)):
                day = self.cleaned_data["from_on"] or tomorrow
                found.append(Draft(each.tier.pk, day, self.cleaned_data["reason"], **asked))
        return found


def _fields() -> dict[str, forms.Field]:
    return {
        "every_days": forms.IntegerField(required=False, min_value=1, max_value=MOST_DAYS, error_messages=DAYS),
        "grace_days": forms.IntegerField(min_value=0, max_value=MOST_GRACE, error_messages=GRACE),
        "visits_a_year": forms.IntegerField(min_value=0, max_value=MOST_VISITS, error_messages=VISITS),
        "basis": forms.ChoiceField(choices=Basis.choices),
        "channels": forms.MultipleChoiceField(choices=Channel.choices, error_messages=COUNTING),
    }


def last_of(each: TierStandard) -> Standard | None:
    """The newest version of a tier, begun or to come: what a new one is compared with."""
    return each.rows[-1] if each.rows else None


def values_of(each: TierStandard) -> dict[str, Any]:
    """What stands in the fields of a tier at first."""
    last = last_of(each)
    if last is None:
        usual = [str(channel) for channel in USUAL_CHANNELS]
        return {
            "every_days": None,
            "grace_days": 5,
            "visits_a_year": 0,
            "basis": Basis.CONTACT.value,
            "channels": usual,
        }
    return {part: getattr(last, part) for part in PARTS}


def differs(asked: dict[str, Any], last: Standard | None) -> bool:
    """Whether this is another standard than the newest one; without days nothing else matters."""
    if asked["every_days"] is None or last is None or last.every_days is None:
        return bool(asked["every_days"] != (last.every_days if last else None))
    plain = any(asked[part] != getattr(last, part) for part in PARTS[:-1])
    return plain or set(asked["channels"]) != set(last.channels)


class ExceptionForm(forms.Form):
    """An exception of one customer: what, from when, until when, why."""

    kind = forms.ChoiceField(choices=Kind.choices, error_messages={"required": _("Choose what is to be different.")})
    every_days = forms.IntegerField(required=False, error_messages=DAYS)
    channels = forms.MultipleChoiceField(choices=Channel.choices, required=False, error_messages=COUNTING)
    from_on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)
    until_on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)
    reason = forms.CharField(required=False, max_length=300, error_messages=TOO_LONG)

    def wanted(self) -> Wanted:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        return Wanted(
            given["kind"], given["from_on"], given["until_on"], given["reason"], given["every_days"],
            tuple(given["channels"]),
        )  # fmt: skip


def first_errors(errors: Iterable[tuple[str, Sequence[Any]]]) -> dict[str, str]:
    """The first sentence of each field."""
    return {name: str(found[0]) for name, found in errors}
