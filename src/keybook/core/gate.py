"""Whether a customer may be contacted in this way, about this, at this moment: the rules against repetition and for peace.

One answer for people, plans and campaigns. A purpose is *service* (something of the customer's own: a maturity, a promise, a
question of theirs, the standard), *greeting*, *invitation* or *marketing*. Each rule refuses or warns:

| rule | service | greeting | invitation, marketing |
|---|---|---|---|
| `closed`: no longer a customer | refuses | refuses | refuses |
| `never`: asked not to be contacted by this channel | refuses | refuses | refuses |
| `consent`: withdrawn for this channel and purpose | refuses | refuses | refuses |
| `no_consent`: an invitation or marketing without a consent given | – | – | warns |
| `quiet`: it is night where they live; only for channels that ring | refuses; a promise warns | refuses | refuses |
| `holiday`: a day nobody works; only for calls and visits | warns | – | warns |
| `mourning`; a promise is kept all the same | warns | refuses | refuses |
| `complaint`: one is open | warns | refuses | refuses |
| `vulnerable`: something to mind | warns | warns | refuses |
| `ended`: the relationship has ended | warns | refuses | refuses |
| `cap`: as many contacts by this channel, or of all, as the rolling window allows | warns | refuses | refuses |
| `repeated`: a colleague has spoken about the same lately | warns | warns | warns |
| `lately`: somebody has spoken to them within a few days | warns | – | warns |

What keeps a promise is never a repetition and under no cap: the customer waits for it. A contact that has taken place can
always be written down; the gate speaks before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from keybook.core.periods import Period
from keybook.core.workdays import WorkCalendar

Purpose = Literal["service", "greeting", "invitation", "marketing"]
PURPOSES: tuple[Purpose, ...] = ("service", "greeting", "invitation", "marketing")
RINGING = frozenset({"call", "sms", "wechat"})
BY_PERSON = frozenset({"call", "visit"})
OURS = frozenset({"call", "visit", "wechat", "sms", "email", "letter", "gift"})
"""What the bank begins; a customer who walks in has begun it themselves and fills no cap."""
SELLING = frozenset({"invitation", "marketing"})
ALL = "all"
LOOKED_AHEAD = 400
"""How many days ahead the gate looks for one that is free."""
CAPS: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        "call": ((1, 2), (7, 3), (30, 6)), "visit": ((7, 1), (30, 2)), "wechat": ((1, 2), (7, 4)), "sms": ((7, 2), (30, 4)),
        "email": ((7, 2), (30, 5)), "letter": ((30, 2),), "gift": ((90, 2),), ALL: ((7, 6), (30, 14)),
    }
)  # fmt: skip
"""Channel → ((days, at most so many within them), …), over all causes and colleagues."""


class RulesError(ValueError):
    """Rules that cannot hold: a cap below nothing, an hour that does not exist."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The bank's numbers behind the rules, and their version."""

    caps: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=lambda: CAPS)
    quiet_from: int = 20
    quiet_until: int = 9
    same_days: int = 14
    lately_days: int = 7
    version: str = "gate/1"

    def __post_init__(self) -> None:
        if not (0 <= self.quiet_from <= 24 and 0 <= self.quiet_until <= 24):  # noqa: PLR2004  hours of a day
            raise RulesError("The quiet hours lie between 0 and 24.")
        if any(days < 1 or most < 0 for caps in self.caps.values() for days, most in caps):
            raise RulesError("A cap counts at least one day and allows no fewer than none.")
        if self.same_days < 0 or self.lately_days < 0:
            raise RulesError("A number of days is zero or more.")


@dataclass(frozen=True, slots=True)
class Past:
    """A contact that took place, was tried or is planned: when, how, about what, by whom, with what result."""

    at: datetime
    channel: str
    by: str = ""
    own: bool = False
    theme: str = ""
    outcome: str = ""
    spoke: bool = True
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """What of a customer the rules look at."""

    past: tuple[Past, ...] = ()
    never: frozenset[str] = frozenset()
    consents: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    """(channel or `all`, purpose) → whether it was given last, or withdrawn."""
    complaint_since: date | None = None
    mourning: Period | None = None
    vulnerable: str = ""
    ended: bool = False
    closed: bool = False
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A contact somebody would like to make; `at` is a moment, of which only the day counts where no hour is known yet."""

    at: datetime
    channel: str
    purpose: Purpose = "service"
    theme: str = ""
    promised: bool = False
    hour_known: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that speaks against it: what it rests on, and the day from which it no longer does, where that is known."""

    code: str
    refuses: bool
    facts: Mapping[str, str] = field(default_factory=dict)
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All reasons, those that refuse first."""

    reasons: tuple[Reason, ...] = ()
    rule_version: str = "gate/1"

    @property
    def answer(self) -> Literal["allowed", "warns", "refused"]:
        """What they come to."""
        if any(each.refuses for each in self.reasons):
            return "refused"
        return "warns" if self.reasons else "allowed"


DEFAULT = Rules()


def judge(
    *, proposal: Proposal, customer: Customer, calendar: WorkCalendar, zone: str, rules: Rules = DEFAULT
) -> Verdict:
    """What the rules say to this contact; `zone` is the bank's, in whose days it counts."""
    bank = ZoneInfo(zone)
    on = proposal.at.astimezone(bank).date()
    found = [
        *_wishes(proposal, customer),
        *_peace(proposal, customer, on, calendar, rules),
        *_state(proposal, customer, on),
        *(() if proposal.promised else _repetition(proposal, customer, on, bank, rules)),
    ]
    return Verdict(tuple(sorted(found, key=lambda each: not each.refuses)), rules.version)


def _wishes(proposal: Proposal, customer: Customer) -> Iterator[Reason]:
    """What the customer asked for, which nothing outweighs."""
    if customer.closed:
        yield Reason("closed", refuses=True)
    if proposal.channel in customer.never:
        yield Reason("never", refuses=True, facts={"channel": proposal.channel})
    said = _consent(proposal, customer)
    if said is False:
        yield Reason("consent", refuses=True, facts={"channel": proposal.channel, "purpose": proposal.purpose})
    if said is None and proposal.purpose in SELLING:
        yield Reason("no_consent", refuses=False, facts={"channel": proposal.channel, "purpose": proposal.purpose})


def _consent(proposal: Proposal, customer: Customer) -> bool | None:
    """What was said last for this channel and purpose; one withdrawn for all channels withdraws it for each."""
    own = customer.consents.get((proposal.channel, proposal.purpose))
    whole = customer.consents.get((ALL, proposal.purpose))
    if own is False or whole is False:
        return False
    return True if own or whole else None


def _peace(
    proposal: Proposal, customer: Customer, on: date, calendar: WorkCalendar, rules: Rules
) -> Iterator[Reason]:  # fmt: skip
    """Nights where they live, and days nobody works."""
    hour = proposal.at.astimezone(ZoneInfo(customer.zone)).hour
    if proposal.hour_known and proposal.channel in RINGING and is_quiet(hour=hour, rules=rules):
        facts = {"hour": str(hour), "zone": customer.zone, "until_hour": str(rules.quiet_until)}
        yield Reason("quiet", refuses=not proposal.promised, facts=facts)
    if proposal.channel in BY_PERSON and proposal.purpose != "greeting" and not calendar.is_workday(on):
        yield Reason("holiday", refuses=False, until=calendar.next_workday(on))


def is_quiet(*, hour: int, rules: Rules) -> bool:
    """Whether this hour of the customer's day is quiet; the quiet hours may run over midnight."""
    if rules.quiet_from <= rules.quiet_until:
        return rules.quiet_from <= hour < rules.quiet_until
    return hour >= rules.quiet_from or hour < rules.quiet_until


def _state(proposal: Proposal, customer: Customer, on: date) -> Iterator[Reason]:
    """Mourning, an open complaint, something to mind, an ended relationship."""
    service, selling = proposal.purpose == "service", proposal.purpose in SELLING
    if customer.mourning is not None and customer.mourning.contains(on) and not proposal.promised:
        yield Reason("mourning", refuses=not service, until=customer.mourning.end)
    if customer.complaint_since is not None:
        yield Reason("complaint", refuses=not service, facts={"since": customer.complaint_since.isoformat()})
    if customer.vulnerable:
        yield Reason("vulnerable", refuses=selling, facts={"mind": customer.vulnerable})
    if customer.ended:
        yield Reason("ended", refuses=not service)


def _repetition(
    proposal: Proposal, customer: Customer, on: date, bank: ZoneInfo, rules: Rules
) -> Iterator[Reason]:  # fmt: skip
    """Rolling caps, the same theme by a colleague, and anybody within a few days."""
    days = [(each.at.astimezone(bank).date(), each) for each in customer.past]
    for name in (proposal.channel, ALL):
        yield from _cap(name, proposal, [(day, each) for day, each in days if _counts(each, name)], on, rules)
    before = [(day, each) for day, each in days if each.spoke and not each.planned and day <= on]
    same = [pair for pair in before if _is_same(pair, proposal, on, rules)]
    if same:
        yield _said("repeated", max(same, key=lambda pair: pair[1].at), rules.same_days)
    late = [pair for pair in before if pair not in same and (on - pair[0]).days < rules.lately_days]
    if late and proposal.purpose != "greeting":
        yield _said("lately", max(late, key=lambda pair: pair[1].at), rules.lately_days)


def _counts(past: Past, name: str) -> bool:
    return past.channel in OURS and name in {past.channel, ALL}


def _cap(
    name: str, proposal: Proposal, days: list[tuple[date, Past]], on: date, rules: Rules
) -> Iterator[Reason]:  # fmt: skip
    """The first cap that one contact more would break, free from the day on which it breaks none of this channel's."""
    if proposal.channel not in OURS:
        return
    known, caps = [day for day, _past in days], rules.caps.get(name, ())
    over = next(((length, most) for length, most in caps if _is_full(known, on, length, most)), None)
    if over is None:
        return
    ahead = (on + timedelta(days=each) for each in range(1, LOOKED_AHEAD))
    free = next((day for day in ahead if not any(_is_full(known, day, *cap) for cap in caps)), None)
    count = sum(abs((on - day).days) < over[0] for day in known)
    facts = {"channel": name, "count": str(count), "days": str(over[0]), "most": str(over[1])}
    yield Reason("cap", refuses=proposal.purpose != "service", facts=facts, until=free)


def _is_full(days: list[date], on: date, length: int, most: int) -> bool:
    """Whether some window of so many days around this day holds as many contacts as are allowed."""
    near = [(day - on).days for day in days if abs((day - on).days) < length]
    return any(sum(start <= each < start + length for each in near) >= most for start in range(1 - length, 1))


def _is_same(pair: tuple[date, Past], proposal: Proposal, on: date, rules: Rules) -> bool:
    day, past = pair
    return (
        not past.own and bool(proposal.theme) and (on - day).days < rules.same_days
        and past.theme.strip().casefold() == proposal.theme.strip().casefold()
    )  # fmt: skip


def _said(code: str, pair: tuple[date, Past], days: int) -> Reason:
    day, past = pair
    facts = {
        "on": day.isoformat(), "by": past.by, "channel": past.channel, "theme": past.theme, "outcome": past.outcome,
    }  # fmt: skip
    return Reason(code, refuses=False, facts=facts, until=day + timedelta(days=days))
