"""Signals that holdings raise: what matures, was bought, was paid off."""

from __future__ import annotations

import ibis

from keybook.lake.engines import Table
from keybook.lake.signals.shape import Evening, Raised, after, proof, signal, text


def deposit_maturing(evening: Evening) -> Raised:
    """A term deposit or wealth product of at least `amount` matures within `days`, or did in the last three."""
    policy, rows = evening.policy, evening.held
    rows = rows.filter(
        rows.live
        & rows.kind.isin(("term_deposit", "wealth"))
        & (rows.matures_on >= evening.ago(3))
        & (rows.matures_on <= evening.ago(-policy.deposit_maturing_days))
        & (rows.value >= policy.deposit_maturing_amount)
    )
    signals = signal(
        rows, "deposit_maturing", evening, within=0,
        key=_key(rows), stake=rows.value, deadline=rows.matures_on, opens_on=after(rows.matures_on, -policy.deposit_maturing_days),
        expires_on=after(rows.matures_on, 10),
        holding=rows.number, name=_named(rows), amount=rows.value, matures_on=text(rows.matures_on), rate=rows.rate,
    )  # fmt: skip
    return Raised(signals, _rows(rows, "deposit_maturing", key=_key(rows), date=rows.matures_on, amount=rows.value))


def _key(rows: Table) -> Table:
    return rows.number.concat("|", text(rows.matures_on))


def _named(rows: Table) -> Table:
    """The name, in both languages where it has two: a sentence shows its reader's part."""
    two = rows.name.notnull() & rows.name_zh.notnull() & (rows.name_zh != rows.name)
    return two.ifelse(rows.name.concat(" ", rows.name_zh), rows.name)


def _rows(rows: Table, kind: str, *, key: Table, date: Table, amount: Table) -> Table:
    return proof(rows, kind, feed="holding", key=key, row=rows.number, date=date, amount=amount, text=rows.name)


def product_bought(evening: Evening) -> Raised:
    """A product of at least `amount` was bought within `days`."""
    policy, rows = evening.policy, evening.held
    worth = ibis.greatest(rows.value, ibis.coalesce(rows.amount, rows.value))
    rows = rows.mutate(worth=worth).filter(
        rows.live
        & rows.kind.isin(("term_deposit", "fund", "wealth", "insurance", "metal"))
        & (rows.opened_on > evening.ago(policy.product_bought_days))
        & (rows.opened_on <= evening.date)
        & (worth >= policy.product_bought_amount)
    )
    signals = signal(
        rows, "product_bought", evening, within=14,
        key=rows.number, stake=rows.worth, deadline=after(rows.opened_on, 21),
        holding=rows.number, name=_named(rows), amount=rows.worth, bought_on=text(rows.opened_on),
    )  # fmt: skip
    return Raised(signals, _rows(rows, "product_bought", key=rows.number, date=rows.opened_on, amount=rows.worth))


def loan_paid_off(evening: Evening) -> Raised:
    """A loan of at least `amount` was closed, or its balance came to nothing, within `days`."""
    policy, rows = evening.policy, evening.held
    nothing = (rows.value == 0) & rows.live & (rows.as_of <= evening.date)
    rows = rows.mutate(paid_on=ibis.coalesce(rows.closed_on, nothing.ifelse(rows.as_of, ibis.null("date"))))
    rows = rows.filter(
        (rows.kind == "loan")
        & (rows.amount >= policy.loan_paid_off_amount)
        & (rows.paid_on <= evening.date)
        & (rows.paid_on > evening.ago(policy.loan_paid_off_days))
    )
    signals = signal(
        rows, "loan_paid_off", evening, within=14,
        key=rows.number, stake=rows.amount, deadline=after(rows.paid_on, 30),
        holding=rows.number, amount=rows.amount, paid_on=text(rows.paid_on),
    )  # fmt: skip
    return Raised(signals, _rows(rows, "loan_paid_off", key=rows.number, date=rows.paid_on, amount=rows.amount))
