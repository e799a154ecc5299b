"""Everything the bank's data says is worth a contact, with its stake, its deadline and its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from keybook.lake.policy import KINDS
from keybook.lake.signals import holdings, movements, standing
from keybook.lake.signals.shape import EVIDENCE, SIGNAL, Evening, Raised, look

RULES: dict[str, Callable[[Evening], Raised]] = {
    "deposit_maturing": holdings.deposit_maturing,
    "large_inflow": movements.large_inflow,
    "large_outflow": movements.large_outflow,
    "outflow_other_bank": movements.outflow_other_bank,
    "balance_falling": standing.balance_falling,
    "income_stopped": movements.income_stopped,
    "idle_cash": standing.idle_cash,
    "dormant": movements.dormant,
    "risk_profile_expiring": standing.risk_profile_expiring,
    "near_next_tier": standing.near_next_tier,
    "below_tier": standing.below_tier,
    "potential_key": movements.potential_key,
    "loan_paid_off": holdings.loan_paid_off,
    "birthday": standing.birthday,
    "product_bought": holdings.product_bought,
}
__all__ = ["EVIDENCE", "KINDS", "RULES", "SIGNAL", "Evening", "Raised", "look", "raise_signals", "signals_folder"]


def signals_folder(lake: Path, date: dt.date) -> Path:
    """Where the signals of a date lie: `<kind>.parquet` and `<kind>.evidence.parquet`."""
    return lake / "signals" / f"date={date}"


def raise_signals(*, evening: Evening, lake: Path) -> list[str]:
    """Write the signals of every kind that is on into `signals/date=…`, and return the kinds."""
    folder = signals_folder(lake, evening.date)
    kinds = [kind for kind in KINDS if kind not in evening.policy.off]
    for kind in KINDS:
        for path in (folder / f"{kind}.parquet", folder / f"{kind}.evidence.parquet"):
            path.unlink(missing_ok=True)
    for kind in kinds:
        raised = RULES[kind](evening)
        evening.engine.write(raised.signals, folder / f"{kind}.parquet")
        evening.engine.write(raised.evidence, folder / f"{kind}.evidence.parquet")
    return kinds
