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
| `cap`: as many contacts by this channel, for this purpose or of all as the rolling window allows | warns | refuses | refuses |
| `repeated`: a colleague has spoken about the same lately | warns | warns | warns |
| `planned`: somebody plans to be in touch within a few days | warns | – | warns |
| `lately`: somebody has spoken to them within a few days | warns | – | warns |

What keeps a promise is never a repetition and under no cap: the customer waits for it. What one has planned oneself for the
very day is the contact itself and says nothing. A contact that has taken place can always be written down; the gate speaks
before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
OURS = ("call", "visit", "wechat", "sms", "email", "letter", "gift")
"""What the bank begins; a customer who walks in has begun it themselves and fills no cap."""
SELLING = frozenset({"invitation", "marketing"})
ALL = "all"
VERSION = "gate/2"
LOOKED_AHEAD = 400
"""How many days ahead the gate looks for one that is free."""
CAPS: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        "call": ((1, 2), (7, 3), (30, 6)), "visit": ((7, 1), (30, 2)), "wechat": ((1, 2), (7, 4)), "sms": ((7, 2), (30, 4)),
        "email": ((7, 2), (30, 5)), "letter": ((30, 2),), "gift": ((90, 2),), "invitation": ((30, 2), (90, 4)),
        "marketing": ((30, 3),), ALL: ((7, 6), (30, 14)),
    }
)  # fmt: skip
"""Channel, purpose or `all` → ((days, at most so many within them), …), over all causes and colleagues.

A tier's own cap stands under the tier's code and the name: `private call`.
"""
CAPPED = (*OURS, "greeting", *sorted(SELLING), ALL)
"""What a cap can be set for."""


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
    version: str = VERSION

    def __post_init__(self) -> None:
        if not (0 <= self.quiet_from <= 24 and 0 <= self.quiet_until <= 24):  # noqa: PLR2004  hours of a day
            raise RulesError("The quiet hours lie between 0 and 24.")
        if any(days < 1 or most < 0 for caps in self.caps.values() for days, most in caps):
            raise RulesError("A cap counts at least one day and allows no fewer than none.")
        if self.same_days < 0 or self.lately_days < 0:
            raise RulesError("A number of days is zero or more.")

    def caps_of(self, *, name: str, tier: str) -> tuple[tuple[int, int], ...]:
        """The caps of a channel, a purpose or all: those of the customer's tier where it has its own."""
        return self.caps.get(f"{tier} {name}", self.caps.get(name, ()))

    @property
    def reach_days(self) -> int:
        """How many days back a contact may lie and still say something: nothing that is older is looked at."""
        windows = [days for caps in self.caps.values() for days, _most in caps]
        return max(self.same_days, self.lately_days, *windows)


@dataclass(frozen=True, slots=True)
class Past:
    """A contact that took place, was tried or is planned: when, how, what for, about what, by whom, with what result.

    `theme` is as it was written down; `about` are the codes of what the contact answered.
    """

    at: datetime
    channel: str
    by: str = ""
    own: bool = False
    theme: str = ""
    about: frozenset[str] = frozenset()
    purpose: Purpose = "service"
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
    review_since: date | None = None
    """The day on which somebody was to ask whether what is minded still is so."""
    ended: bool = False
    closed: bool = False
    tier: str = ""
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A contact somebody would like to make; `at` is a moment, of which only the day counts where no hour is known yet.

    `themes` are the codes and the words it would be about.
    """

    at: datetime
    channel: str
    purpose: Purpose = "service"
    themes: tuple[str, ...] = ()
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
    rule_version: str = VERSION

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


def refused_days(
    *, proposal: Proposal, customer: Customer, days: Sequence[date], calendar: WorkCalendar, zone: str, rules: Rules
) -> dict[date, Verdict]:  # fmt: skip
    """Those of these days on which the contact is refused at this time of the day, with what is said of each."""
    bank = ZoneInfo(zone)
    clock = proposal.at.astimezone(bank).time()
    asked = {on: replace(proposal, at=datetime.combine(on, clock, bank)) for on in days}
    found = {
        on: judge(proposal=each, customer=customer, calendar=calendar, zone=zone, rules=rules)
        for on, each in asked.items()
    }
    return {on: verdict for on, verdict in found.items() if verdict.answer == "refused"}


def plain(theme: str) -> str:
    """A theme without what does not tell: spaces around it, capitals."""
    return " ".join(theme.split()).casefold()


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
        yield Reason("vulnerable", refuses=selling, facts=_minded(customer, on))
    if customer.ended:
        yield Reason("ended", refuses=not service)


def _minded(customer: Customer, on: date) -> dict[str, str]:
    """What is to be minded, and since when a review of it is due."""
    since = customer.review_since
    return {"mind": customer.vulnerable, "review": since.isoformat() if since is not None and since <= on else ""}


def _repetition(
    proposal: Proposal, customer: Customer, on: date, bank: ZoneInfo, rules: Rules
) -> Iterator[Reason]:  # fmt: skip
    """Rolling caps, the same theme by a colleague, what is planned already, and anybody within a few days."""
    days = [(each.at.astimezone(bank).date(), each) for each in customer.past]
    days = [(day, each) for day, each in days if not (each.planned and each.own and day == on)]  # that is this contact
    for name in (proposal.channel, proposal.purpose, ALL):
        yield from _cap(name, proposal, [day for day, each in days if _counts(each, name)], on, rules, customer.tier)
    before = [(day, each) for day, each in days if each.spoke and not each.planned and day <= on]
    same = [pair for pair in before if _is_same(pair, proposal, on, rules)]
    if same:
        yield _said("repeated", max(same, key=_when), rules.same_days)
    if proposal.purpose == "greeting":
        return
    ahead = [(day, each) for day, each in days if each.planned and abs((day - on).days) < rules.lately_days]
    if ahead:
        yield _said("planned", min(ahead, key=lambda pair: abs((pair[0] - on).days)), rules.lately_days)
    late = [pair for pair in before if pair not in same and (on - pair[0]).days < rules.lately_days]
    if late:
        yield _said("lately", max(late, key=_when), rules.lately_days)


def _when(pair: tuple[date, Past]) -> datetime:
    return pair[1].at


def _counts(past: Past, name: str) -> bool:
    """Whether a contact fills the caps of this name: those of its channel, of what it was for, and of all."""
    return past.channel in OURS and name in {past.channel, past.purpose, ALL}


def _cap(
    name: str, proposal: Proposal, known: list[date], on: date, rules: Rules, tier: str
) -> Iterator[Reason]:  # fmt: skip
    """The first cap that one contact more would break, free from the day on which it breaks none of this name's."""
    if proposal.channel not in OURS:
        return
    caps = rules.caps_of(name=name, tier=tier)
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
    if len(near) < most:  # most customers on most days: no window can hold more than all of them
        return False
    return any(sum(start <= each < start + length for each in near) >= most for start in range(1 - length, 1))


def _is_same(pair: tuple[date, Past], proposal: Proposal, on: date, rules: Rules) -> bool:
    """Whether a colleague has spoken about one of these themes within the days, as written or as what it answered."""
    day, past = pair
    about = {plain(past.theme), *past.about} - {""}
    return not past.own and (on - day).days < rules.same_days and any(plain(each) in about for each in proposal.themes)


def _said(code: str, pair: tuple[date, Past], days: int) -> Reason:
    day, past = pair
    facts = {
        "on": day.isoformat(), "by": past.by, "channel": past.channel, "outcome": past.outcome,
        "theme": past.theme or min(past.about, default=""),
    }  # fmt: skip
    return Reason(code, refuses=False, facts=facts, until=day + timedelta(days=days))
