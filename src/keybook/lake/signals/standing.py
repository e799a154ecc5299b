"""Signals that a customer's standing raises: assets, cash, tier, risk profile, birthday."""

from __future__ import annotations

import ibis

from keybook.lake.engines import Table
from keybook.lake.signals.shape import Evening, Raised, after, month_of, proof, signal, text
from keybook.lake.snapshot import CASH, MONEY

LEAP_DAY = 29
FEBRUARY = 2


def balance_falling(evening: Evening) -> Raised:
    """Assets fell by at least `percent` and `amount` in 90 days."""
    policy, rows = evening.policy, evening.watched
    fall = rows.aum_90 - rows.aum
    rows = rows.filter(
        (rows.aum_90 > 0)
        & (fall >= policy.balance_falling_amount)
        & (fall * 100 >= rows.aum_90 * policy.balance_falling_percent)
    )
    fall = rows.aum_90 - rows.aum
    share = (fall.cast("float64") * 100 / rows.aum_90.cast("float64")).floor().cast("int64")
    key = ibis.literal(month_of(evening.date))
    signals = signal(
        rows, "balance_falling", evening, within=7, key=key, stake=fall, before=rows.aum_90, now=rows.aum, percent=share
    )
    before = proof(
        rows, "balance_falling", feed="features", key=key, row=rows.customer,
        date=ibis.literal(evening.ago(90)), amount=rows.aum_90,
    )  # fmt: skip
    return Raised(signals, before.union(_assets(rows, "balance_falling", evening, key=key)))


def _assets(rows: Table, kind: str, evening: Evening, *, key: Table) -> Table:
    """Evidence that is the sum of assets on the date."""
    date = ibis.literal(evening.date)
    return proof(rows, kind, feed="features", key=key, row=rows.customer, date=date, amount=rows.aum)


def idle_cash(evening: Evening) -> Raised:
    """Cash above three months' need (stated, else what went out in 90 days) by `amount`, now and 30 days ago."""
    rows = evening.watched
    need = ibis.coalesce((rows.need * 3).cast(MONEY), rows.out_90)
    rows = rows.mutate(idle=(ibis.least(rows.cash, rows.cash_30) - need).cast(MONEY), idle_90=rows.cash_90 - need)
    rows = rows.filter(rows.is_key & (rows.idle >= evening.policy.idle_cash_amount))
    days = (rows.idle_90 >= evening.policy.idle_cash_amount).ifelse(90, 30).cast("int64")
    key = ibis.literal(month_of(evening.date))
    signals = signal(rows, "idle_cash", evening, within=21, key=key, stake=rows.idle, amount=rows.idle, days=days)
    held = evening.held.filter(evening.held.live & evening.held.kind.isin(CASH))
    held = held.semi_join(rows, held.customer == rows.customer)
    evidence = proof(
        held, "idle_cash", feed="holding", key=key, row=held.number,
        date=ibis.literal(evening.date), amount=held.value, text=held.name,
    )  # fmt: skip
    return Raised(signals, evidence)


def near_next_tier(evening: Evening) -> Raised:
    """What is missing to the next tier is at most `percent` of its entry."""
    rows = evening.watched
    rows = rows.mutate(short=(rows.next_enter - rows.aum).cast(MONEY))
    rows = rows.filter(
        rows.is_key & (rows.short > 0) & (rows.short * 100 <= rows.next_enter * evening.policy.near_next_tier_percent)
    )
    key = rows.next_tier.concat("|", month_of(evening.date))
    signals = signal(
        rows, "near_next_tier", evening, within=30, key=key, stake=rows.short, tier=rows.next_tier, short=rows.short
    )
    return Raised(signals, _assets(rows, "near_next_tier", evening, key=key))


def below_tier(evening: Evening) -> Raised:
    """Assets no longer reach the entry of the tier held: lost within `days`, or kept for now by hysteresis."""
    rows = evening.watched
    rows = rows.filter(rows.fell_from.notnull())
    short = (rows.fell_enter - rows.aum).cast(MONEY)
    key = rows.fell_from.concat("|", month_of(evening.date))
    signals = signal(rows, "below_tier", evening, within=14, key=key, stake=short, tier=rows.fell_from, short=short)
    return Raised(signals, _assets(rows, "below_tier", evening, key=key))


def risk_profile_expiring(evening: Evening) -> Raised:
    """The risk profile stops holding within `days`, or did within the last 30."""
    policy, profile = evening.policy, evening.snapshot.feeds["risk_profile"]
    profile = profile.filter(
        (profile.assessed_on <= evening.date)
        & (profile.valid_until > evening.ago(30))
        & (profile.valid_until <= evening.ago(-policy.risk_profile_expiring_days))
    )
    profile = profile.select("level", "assessed_on", "valid_until", who=profile.customer)
    rows = evening.watched.filter(evening.watched.is_key)
    rows = rows.join(profile, rows.customer == profile.who)
    key = text(rows.valid_until)
    signals = signal(
        rows, "risk_profile_expiring", evening, within=0, key=key, stake=rows.invested, deadline=rows.valid_until,
        opens_on=after(rows.valid_until, -policy.risk_profile_expiring_days), level=rows.level, valid_until=text(rows.valid_until),
    )  # fmt: skip
    evidence = proof(
        rows, "risk_profile_expiring", feed="risk_profile",
        key=key, row=rows.customer, date=rows.assessed_on, text=rows.level,
    )  # fmt: skip
    return Raised(signals, evidence)


def birthday(evening: Evening) -> Raised:
    """A person's solar birthday comes within `days`; who was born on 29 February has it on the 28th in other years."""
    people = evening.snapshot.feeds["customer"]
    people = people.filter((people.kind == "person") & people.born_on.notnull() & people.lunar_birthday.isnull())
    people = people.select("born_on", who=people.number)
    rows = evening.watched.filter(evening.watched.is_key)
    rows = rows.join(people, rows.customer == people.who)
    rows = rows.mutate(on=_next_birthday(rows.born_on, evening))
    rows = rows.filter((rows.on <= evening.ago(-evening.policy.birthday_days)) & (rows.born_on < rows.on))
    age = rows.on.year() - rows.born_on.year()
    key = text(rows.on.year())
    signals = signal(
        rows, "birthday", evening, within=0, key=key, stake=ibis.literal(0), deadline=rows.on,
        opens_on=after(rows.on, -evening.policy.birthday_days), expires_on=after(rows.on, 3),
        on=text(rows.on), age=age.cast("int64"),
    )  # fmt: skip
    return Raised(signals, proof(rows, "birthday", feed="customer", key=key, row=rows.customer, date=rows.born_on))


def _next_birthday(born: Table, evening: Evening) -> Table:
    """The first anniversary on or after the business date."""
    today = evening.date
    over = (born.month() < today.month) | ((born.month() == today.month) & (_day(born, today.year) < today.day))
    year = over.ifelse(today.year + 1, today.year)
    day = over.ifelse(_day(born, today.year + 1), _day(born, today.year))
    return ibis.date(year.cast("int32"), born.month().cast("int32"), day.cast("int32"))


def _day(born: Table, year: int) -> Table:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    on_leap_day = (born.month() == FEBRUARY) & (born.day() == LEAP_DAY)
    return born.day() if leap else on_leap_day.ifelse(LEAP_DAY - 1, born.day())
