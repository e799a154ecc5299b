"""What somebody types of a campaign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from keybook.apps.campaigns.commands import Draft
from keybook.apps.campaigns.models import Campaign, Purpose
from keybook.apps.customers.models import Channel
from keybook.core.campaigns import CHANNELS

NEEDED = {"required": lazy("Say it in a few words.")}
DAY = {"required": lazy("Choose a day."), "invalid": lazy("Write a day as 2026-12-31.")}
NUMBER = {"invalid": lazy("Write a whole number."), "min_value": lazy("Write a whole number."), "max_value": lazy("That is too many.")}  # fmt: skip
AMOUNT = {"invalid": lazy("Write an amount, as 5000 or 5000.50."), "min_value": lazy("An amount is zero or more.")}
ASKS = ("view", "tier", "health", "standing", "rm", "text")
"""The parts of the Book's address that a campaign chooses by."""


class CampaignForm(forms.Form):
    """A campaign as it is written down; the last day is its last, not the first after it."""

    name = forms.CharField(max_length=80, error_messages=NEEDED)
    theme = forms.CharField(max_length=80, error_messages=NEEDED)
    purpose = forms.ChoiceField(choices=Purpose.choices)
    branch_id = forms.TypedChoiceField(coerce=int, error_messages={"required": lazy("Choose a branch that is yours."), "invalid_choice": lazy("Choose a branch that is yours.")})  # fmt: skip
    from_on = forms.DateField(error_messages=DAY)
    last_on = forms.DateField(error_messages=DAY)
    channel_1 = forms.ChoiceField(error_messages={"required": lazy("Choose at least one channel.")})
    channel_2 = forms.ChoiceField(required=False)
    channel_3 = forms.ChoiceField(required=False)
    minutes = forms.IntegerField(required=False, min_value=1, max_value=480, error_messages=NUMBER)
    per_day = forms.IntegerField(required=False, min_value=1, max_value=100, error_messages=NUMBER)
    budget = forms.DecimalField(required=False, min_value=0, max_digits=16, decimal_places=2, error_messages=AMOUNT)
    cost = forms.DecimalField(required=False, min_value=0, max_digits=10, decimal_places=2, error_messages=AMOUNT)
    holdout_percent = forms.IntegerField(required=False, min_value=0, max_value=50, error_messages={**NUMBER, "max_value": lazy("Between 0 and 50 percent can be held out.")})  # fmt: skip
    opening_en = forms.CharField(max_length=240, required=False)
    opening_zh = forms.CharField(max_length=240, required=False)

    def __init__(self, data: Any = None, *, branches: Sequence[int] = ()) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["branch_id"].choices = [(each, str(each)) for each in branches]
        for number in (1, 2, 3):
            fields[f"channel_{number}"].choices = [(each, Channel(each).label) for each in CHANNELS]

    def draft(self) -> Draft:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        channels = [given[f"channel_{number}"] for number in (1, 2, 3)]
        ask = {name: self.data[f"ask_{name}"] for name in ASKS if self.data.get(f"ask_{name}")}
        chosen = [each for each in self.data.get("chosen", "").split(",") if each.isascii() and each.isdecimal()]
        return Draft(
            name=given["name"], theme=given["theme"], purpose=given["purpose"], branch_id=given["branch_id"],
            from_on=given["from_on"], until_on=given["last_on"] + dt.timedelta(days=1),
            channels=tuple(dict.fromkeys(each for each in channels if each)), minutes=given["minutes"],
            per_day=given["per_day"], budget=given["budget"], cost=given["cost"] or Decimal(0),
            holdout_percent=given["holdout_percent"] or 0, opening_en=given["opening_en"], opening_zh=given["opening_zh"],
            ask=ask, chosen=tuple(int(each) for each in chosen if len(each) < 18),  # noqa: PLR2004  a number of ours
        )  # fmt: skip


def typed(campaign: Campaign) -> dict[str, Any]:
    """A stored campaign as its form shows it."""
    channels = dict(enumerate(campaign.channels, 1))
    return {
        "name": campaign.name, "theme": campaign.theme, "purpose": campaign.purpose, "branch_id": campaign.branch_id,
        "from_on": campaign.from_on.isoformat(), "last_on": campaign.last_on.isoformat(),
        **{f"channel_{number}": channels.get(number, "") for number in (1, 2, 3)}, "minutes": campaign.minutes or "",
        "per_day": campaign.per_day or "", "budget": "" if campaign.budget is None else f"{campaign.budget:f}",
        "cost": f"{campaign.cost:f}", "holdout_percent": campaign.holdout_percent, "opening_en": campaign.opening_en,
        "opening_zh": campaign.opening_zh, **{f"ask_{name}": value for name, value in campaign.ask.items()},
        "chosen": ",".join(map(str, campaign.chosen)),
    }  # fmt: skip


def errors_of(form: forms.Form | None) -> dict[str, str]:
    """The first sentence of each field of a form that was sent."""
    if form is None or not form.is_bound:
        return {}
    return {("all" if name == "__all__" else name): str(said[0]) for name, said in form.errors.items()}
