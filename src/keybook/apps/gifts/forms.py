"""What the forms of the register of gifts accept; each mistake is one sentence beside its field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.forms import DATES, NO_DATE, TOO_LONG, AmountField
from keybook.apps.gifts.commands import Wish
from keybook.apps.gifts.models import Category, State
from keybook.apps.reminders.commands import Contact, Day, moment

WISHED = (State.PLANNED.value, State.IDEA.value, State.RECEIVED.value)


class GiftForm(forms.Form):
    """One gift, as it is typed."""

    text = forms.CharField(max_length=120, error_messages={"required": _("Write what it is."), **TOO_LONG})
    category = forms.ChoiceField(
        choices=Category.choices,
        error_messages={
            "required": _("Choose what kind of thing it is."),
            "invalid_choice": _("Choose one of the kinds."),
        },
    )
    value = AmountField(error_messages={"required": _("Write what it costs.")})
    on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)
    occasion = forms.CharField(required=False, max_length=80, error_messages=TOO_LONG)
    why = forms.CharField(required=False, max_length=300, error_messages=TOO_LONG)
    state = forms.ChoiceField(choices=[(each, each) for each in WISHED], required=False)
    again = forms.BooleanField(required=False)
    client_key = forms.UUIDField(error_messages={"required": _("Open a new form."), "invalid": _("Open a new form.")})

    def wish(self) -> Wish:
        """What was typed, as the command takes it."""
        given = {**self.cleaned_data, "state": self.cleaned_data["state"] or State.PLANNED.value}
        return Wish(**given)


class ReasonForm(forms.Form):
    """Why a second person says yes or no."""

    reason = forms.CharField(max_length=300, required=False, error_messages=TOO_LONG)


class GivenForm(forms.Form):
    """How a gift was handed over."""

    channel = forms.ChoiceField(choices=[("visit", ""), ("branch", ""), ("letter", "")])
    effect = forms.ChoiceField(choices=[("unchanged", ""), ("strengthened", ""), ("weakened", "")])
    content = forms.CharField(required=False, max_length=1000)
    client_key = forms.UUIDField()

    def contact(self, *, gift: str, day: Day) -> Contact:
        """The contact it was given in, now."""
        values = self.cleaned_data
        return Contact(
            channel=values["channel"], outcome="met" if values["channel"] != "letter" else "left_message",
            at=moment(day=day), client_key=values["client_key"], topic=gettext("Gift: %(gift)s") % {"gift": gift},
            content=values["content"], effect=values["effect"],
        )  # fmt: skip


class LimitsForm(forms.Form):
    """The bank's limits from a day on."""

    per_gift = AmountField(error_messages={"required": _("Write an amount, zero at the least.")})
    per_customer = AmountField(error_messages={"required": _("Write an amount, zero at the least.")})
    per_household = AmountField(error_messages={"required": _("Write an amount, zero at the least.")})
    per_banker = AmountField(error_messages={"required": _("Write an amount, zero at the least.")})
    from_on = forms.DateField(input_formats=DATES, error_messages=NO_DATE)

    def limits(self) -> dict[str, Decimal]:
        """The four amounts by name."""
        given: dict[str, Any] = self.cleaned_data
        return {name: given[name] for name in ("per_gift", "per_customer", "per_household", "per_banker")}
