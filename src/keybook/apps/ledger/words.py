"""What the kinds of posting and the states are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

KINDS: Mapping[str, Promise | str] = {
    "met_strengthened": lazy("Met in person, strengthened"),
    "call_strengthened": lazy("Spoken by phone, strengthened"),
    "text_strengthened": lazy("Written or a message left, strengthened"),
    "spoke": lazy("Spoken, unchanged"),
    "weakened": lazy("A contact that weakened"),
    "ended": lazy("A contact that ended it"),
    "promise_kept": lazy("Promise kept"),
    "promise_late": lazy("Promise kept late"),
    "promise_broken": lazy("Promise broken"),
    "complaint_opened": lazy("Complaint"),
    "complaint_settled": lazy("Complaint settled"),
    "signal_large_inflow": lazy("Large inflow"),
    "signal_product_bought": lazy("Bought a product"),
    "signal_outflow_other_bank": lazy("Outflow to another bank"),
    "signal_balance_falling": lazy("Assets falling"),
    "signal_income_stopped": lazy("Income stopped coming in"),
    "signal_dormant": lazy("No sign of life"),
    "signal_below_tier": lazy("Below the tier"),
    "money_in": lazy("Net new money in a month"),
    "money_out": lazy("Net outflow in a month"),
}
BRIEF: Mapping[str, Promise | str] = {
    "met_strengthened": lazy("Met"), "call_strengthened": lazy("Call"), "text_strengthened": lazy("Message"),
    "spoke": lazy("Spoken"), "weakened": lazy("Weakened"), "ended": lazy("Ended"), "promise_kept": lazy("Kept"),
    "promise_late": lazy("Promise late"), "promise_broken": lazy("Promise broken"), "complaint_opened": lazy("Complaint"),
    "complaint_settled": lazy("Complaint settled"), "signal_large_inflow": lazy("Large inflow"),
    "signal_product_bought": lazy("Bought"), "signal_outflow_other_bank": lazy("To another bank"),
    "signal_balance_falling": lazy("Assets falling"), "signal_income_stopped": lazy("Income stopped"),
    "signal_dormant": lazy("No sign of life"), "signal_below_tier": lazy("Below the tier"),
    "money_in": lazy("Money in"), "money_out": lazy("Money out"),
}  # fmt: skip
STATES: Mapping[str, Promise | str] = {
    "growing": lazy("Growing"), "steady": lazy("Steady"), "cooling": lazy("Cooling"), "at_risk": lazy("At risk"),
    "ended": lazy("Ended"), "": lazy("Not known yet"),
}  # fmt: skip
GROUPS: tuple[tuple[Promise | str, tuple[str, ...]], ...] = (
    (lazy("Contacts"), ("met_strengthened", "call_strengthened", "text_strengthened", "spoke", "weakened", "ended")),
    (lazy("Promises"), ("promise_kept", "promise_late", "promise_broken")),
    (lazy("Complaints"), ("complaint_settled", "complaint_opened")),
    (
        lazy("Signals"),
        ("signal_large_inflow", "signal_product_bought", "signal_outflow_other_bank", "signal_balance_falling",
         "signal_income_stopped", "signal_dormant", "signal_below_tier"),
    ),
    (lazy("Money"), ("money_in", "money_out")),
)  # fmt: skip


def kind(code: str, times: int = 0) -> str:
    """A kind of posting in words; money says how much moved, or that it counts by the tenth."""
    name = str(KINDS[code])
    if code not in {"money_in", "money_out"}:
        return name
    if not times:
        return _("%(what)s, each tenth") % {"what": name}
    return _("%(what)s: %(percent)s %% or more") % {"what": name, "percent": 10 * times}


def brief(code: str) -> str:
    """A kind of posting in a word or two, for the curve."""
    return str(BRIEF[code])


def state(code: str) -> str:
    """A state in words."""
    return str(STATES.get(code, code))
