"""The thresholds of the signals as one value, with the defaults of the demo bank in yuan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation

KINDS = (
    "deposit_maturing", "large_inflow", "large_outflow", "outflow_other_bank", "balance_falling", "income_stopped",
    "idle_cash", "dormant", "risk_profile_expiring", "near_next_tier", "below_tier", "potential_key", "loan_paid_off",
    "birthday", "product_bought",
)  # fmt: skip
LASTING = frozenset({"balance_falling", "income_stopped", "idle_cash", "dormant", "near_next_tier", "below_tier"})
"""Signals that are a condition, not an event: they end when the condition does."""


class PolicyError(ValueError):
    """A threshold names no known setting or is no number; the sentence says which."""


@dataclass(frozen=True, slots=True)
class SignalPolicy:
    """Every threshold, named kind_setting: `days` back or ahead, `amount` in the bank's currency, `percent` 0–100."""

    version: str = "signals/1"
    off: frozenset[str] = frozenset()
    deposit_maturing_days: int = 30
    deposit_maturing_amount: Decimal = Decimal(50_000)
    large_inflow_days: int = 14
    large_inflow_amount: Decimal = Decimal(200_000)
    large_outflow_days: int = 14
    large_outflow_amount: Decimal = Decimal(200_000)
    outflow_other_bank_days: int = 21
    outflow_other_bank_amount: Decimal = Decimal(100_000)
    balance_falling_percent: int = 30
    balance_falling_amount: Decimal = Decimal(100_000)
    income_stopped_days: int = 45
    income_stopped_times: int = 4
    income_stopped_amount: Decimal = Decimal(3_000)
    idle_cash_amount: Decimal = Decimal(200_000)
    dormant_days: int = 180
    risk_profile_expiring_days: int = 30
    near_next_tier_percent: int = 5
    below_tier_days: int = 30
    potential_key_days: int = 14
    potential_key_amount: Decimal = Decimal(100_000)
    loan_paid_off_days: int = 30
    loan_paid_off_amount: Decimal = Decimal(50_000)
    birthday_days: int = 7
    product_bought_days: int = 14
    product_bought_amount: Decimal = Decimal(20_000)


def with_rules(policy: SignalPolicy, rules: Mapping[str, Mapping[str, object]], off: frozenset[str]) -> SignalPolicy:
    """The policy with the settings {kind: {"days": 30, "amount": "50000"}} put in; PolicyError for what is unknown."""
    types = {field.name: field.type for field in fields(SignalPolicy)}
    for kind in [*rules, *off]:
        if kind not in KINDS:
            raise PolicyError(f"There is no signal called {kind}.")
    changes: dict[str, int | Decimal] = {}
    for kind, settings in rules.items():
        for setting, value in settings.items():
            name = f"{kind}_{setting}"
            if name not in types:
                raise PolicyError(f"The signal {kind} has no setting {setting}.")
            changes[name] = _number(name, value, whole=types[name] == "int")
    return replace(policy, off=policy.off | off, **changes)  # type: ignore[arg-type]


def _number(name: str, value: object, *, whole: bool) -> int | Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise PolicyError(f"{name} is {value!r}, which is no number.") from error
    if not number.is_finite() or number < 0 or (whole and number != int(number)):
        raise PolicyError(f"{name} is {value!r}; it must be a {'whole ' if whole else ''}number from 0 up.")
    return int(number) if whole else number
