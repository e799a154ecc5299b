"""Signals that transactions raise: money coming, going, going elsewhere, not coming any more."""

from __future__ import annotations

import ibis

from keybook.lake.engines import Table
from keybook.lake.signals.shape import Evening, Raised, after, proof, signal, text
from keybook.lake.snapshot import ASSETS, OWN_MONEY

INCOME = ("salary", "pension")


def large_inflow(evening: Evening) -> Raised:
    """One transaction of at least `amount` came in within `days`, own money moved about apart."""
    policy, rows = evening.policy, evening.moves
    rows = rows.filter(
        (rows.booked_on > evening.ago(policy.large_inflow_days))
        & (rows.amount >= policy.large_inflow_amount)
        & rows.kind.notin((*OWN_MONEY, "loan"))
    )
    return _single(rows, "large_inflow", evening, within=7)


def large_outflow(evening: Evening) -> Raised:
    """One transaction of at least `amount` went out within `days`, to nobody known as another bank."""
    policy, rows = evening.policy, evening.moves
    rows = rows.filter(
        (rows.booked_on > evening.ago(policy.large_outflow_days))
        & (rows.amount <= -policy.large_outflow_amount)
        & rows.kind.notin(OWN_MONEY)
        & rows.counterparty_bank.isnull()
    )
    return _single(rows, "large_outflow", evening, within=5)


def _single(rows: Table, kind: str, evening: Evening, *, within: int) -> Raised:
    """A signal whose cause and evidence is one transaction."""
    signals = signal(
        rows, kind, evening, within=within,
        key=rows.number, stake=rows.amount.abs(), deadline=after(rows.booked_on, within + 7),
        amount=rows.amount.abs(), booked_on=text(rows.booked_on), counterparty=rows.counterparty,
    )  # fmt: skip
    return Raised(signals, _transactions(rows, kind, key=rows.number))


def _transactions(rows: Table, kind: str, *, key: Table) -> Table:
    return proof(
        rows, kind, feed="transaction",
        key=key, row=rows.number, date=rows.booked_on, amount=rows.amount,
        text=ibis.coalesce(rows.text, rows.counterparty),
    )  # fmt: skip


def outflow_other_bank(evening: Evening) -> Raised:
    """In one calendar month at least `amount` in all went to one other bank, the last of it within `days`."""
    policy, rows = evening.policy, evening.moves
    rows = rows.filter((rows.amount < 0) & rows.counterparty_bank.notnull() & rows.kind.notin(OWN_MONEY))
    rows = rows.mutate(
        month=ibis.date(rows.booked_on.year(), rows.booked_on.month(), ibis.literal(1)), bank=rows.counterparty_bank
    )
    rows = rows.filter(rows.month >= evening.ago(policy.outflow_other_bank_days).replace(day=1))
    sums = rows.group_by("customer", "bank", "month").aggregate(
        amount=(-rows.amount).sum(), booked_on=rows.booked_on.max(), count=rows.count()
    )
    sums = sums.filter(
        (sums.amount >= policy.outflow_other_bank_amount)
        & (sums.booked_on > evening.ago(policy.outflow_other_bank_days))
    )
    key = sums.bank.concat("|", text(sums.month))
    signals = signal(
        sums, "outflow_other_bank", evening, within=5,
        key=key, stake=sums.amount, deadline=after(sums.booked_on, 10),
        bank=sums.bank, amount=sums.amount.cast("decimal(18, 2)"), booked_on=text(sums.booked_on), count=sums["count"],
    )  # fmt: skip
    behind = rows.semi_join(sums, ["customer", "bank", "month"])
    key = behind.bank.concat("|", text(behind.month))
    return Raised(signals, _transactions(behind, "outflow_other_bank", key=key))


def income_stopped(evening: Evening) -> Raised:
    """Salary or pension that came at least `times` times in 200 days has stayed away for more than `days`."""
    policy, rows = evening.policy, evening.moves
    rows = rows.filter(rows.kind.isin(INCOME) & (rows.amount >= policy.income_stopped_amount))
    rows = rows.filter(rows.booked_on > evening.ago(200 + policy.income_stopped_days))
    sums = rows.group_by("customer", "kind").aggregate(last_on=rows.booked_on.max(), times=rows.count())
    late = evening.ago(policy.income_stopped_days)
    sums = sums.filter(
        (sums.times >= policy.income_stopped_times) & (sums.last_on < late) & (sums.last_on >= evening.ago(150))
    )
    sums = sums.select(who="customer", what="kind", last_on="last_on")
    last = rows.join(sums, [rows.customer == sums.who, rows.kind == sums.what, rows.booked_on == sums.last_on]).drop(
        "who", "what"
    )
    order = ibis.window(group_by=[last.customer, last.kind], order_by=[last.amount.desc(), last.number])
    last = last.mutate(nth=ibis.row_number().over(order))
    last = last.filter(last.nth == 0)
    signals = signal(
        last, "income_stopped", evening, within=7,
        key=last.holding.concat("|", text(last.last_on)), stake=last.amount * 12,
        kind=last.kind, amount=last.amount, last_on=text(last.last_on),
    )  # fmt: skip
    ends = last.select(who=last.customer, what=last.kind, key=last.holding.concat("|", text(last.last_on)))
    behind = rows.join(ends, [rows.customer == ends.who, rows.kind == ends.what])
    return Raised(signals, _transactions(behind, "income_stopped", key=behind.key))


def potential_key(evening: Evening) -> Raised:
    """A customer of no key tier received the first deposit of at least `amount` within `days`."""
    policy, rows = evening.policy, evening.snapshot.feeds["transaction"]
    rows = rows.filter((rows.amount >= policy.potential_key_amount) & rows.kind.notin((*OWN_MONEY, "loan")))
    accounts = evening.snapshot.holding
    accounts = accounts.filter(accounts.kind.isin(ASSETS) & (accounts.currency == evening.snapshot.currency))
    accounts = accounts.select(account=accounts.number, customer=accounts.customer)
    rows = rows.join(accounts, rows.holding == accounts.account)
    rows = rows.anti_join(evening.watched, rows.customer == evening.watched.customer)
    rows = rows.semi_join(evening.features, rows.customer == evening.features.customer)
    order = ibis.window(group_by=rows.customer, order_by=[rows.booked_on, rows.number])
    rows = rows.mutate(nth=ibis.row_number().over(order))
    rows = rows.filter((rows.nth == 0) & (rows.booked_on > evening.ago(policy.potential_key_days)))
    rows = evening.engine.keep("potential", rows)
    signals = signal(
        rows, "potential_key", evening, within=14,
        key=rows.number, stake=rows.amount, deadline=after(rows.booked_on, 21),
        amount=rows.amount, booked_on=text(rows.booked_on),
    )  # fmt: skip
    return Raised(signals, _transactions(rows, "potential_key", key=rows.number))


def dormant(evening: Evening) -> Raised:
    """Neither an own transaction nor a log-in for at least `days`, though there was one before."""
    rows = evening.watched
    rows = rows.filter(rows.is_key & (rows.active_on <= evening.ago(evening.policy.dormant_days)))
    days = ibis.literal(evening.date).delta(rows.active_on, unit="day").cast("int64")
    signals = signal(
        rows, "dormant", evening, within=14,
        key=text(rows.active_on), stake=rows.aum, last_on=text(rows.active_on), days=days,
    )  # fmt: skip
    evidence = proof(rows, "dormant", feed="customer", key=text(rows.active_on), row=rows.customer, date=rows.active_on)
    return Raised(signals, evidence)
