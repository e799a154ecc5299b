"""Whom a line is about: the customers inside the scope by phone and name, and whether somebody else knows the phone."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from keybook.apps.customers.models import Customer, Match
from keybook.apps.customers.names import phone_digits, pressed
from keybook.apps.customers.queries import visible_to
from keybook.apps.customers.search import Found, search
from keybook.apps.memos.models import Memo
from keybook.apps.people.scope import Scope
from keybook.core.address import surname

LOOKUPS_AN_HOUR = 30
FEWEST = 7
MOST = 5
TITLES = re.compile(
    r"(?:先生|女士|小姐|太太|老师|经理|总监|主任|医生|阿姨|叔叔|[总董工哥姐姨叔])$|^(?:mr|mrs|ms|miss|dr|prof|madam)\.?\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Who:
    """Whom the line may be about: those offered, the one that is certain, and what is known outside the scope.

    `elsewhere` is None when it could not be asked: too many look-ups, or no whole phone.
    """

    offered: tuple[Found, ...] = ()
    certain: int | None = None
    by_phone: bool = False
    rather_new: bool = False
    elsewhere: bool | None = False
    asked_too_often: bool = False

    def is_prospect(self, chosen: str) -> bool:
        """Whether the one chosen has no account here yet."""
        return any(str(each.id) == chosen and each.stage == "prospect" for each in self.offered)

    @property
    def suggested(self) -> str:
        """What the form chooses by itself: the certain one, nobody where it must be asked, else somebody new."""
        if self.certain is not None:
            return str(self.certain)
        return "new" if self.rather_new or not (self.offered or self.elsewhere) else ""


def bare(name: str) -> str:
    """A name without its title."""
    return TITLES.sub("", name.strip()).strip()


def who(*, scope: Scope, name: str, phone: str, customer_id: int | None = None) -> Who:
    """Match a name and a phone: a phone decides with a name that does not speak against it; a name alone offers."""
    if customer_id is not None:
        found = in_scope(scope=scope, customer_id=customer_id)
        return Who((found,), certain=found.id) if found else Who()
    digits = phone_digits(phone)
    if len(digits) >= FEWEST:
        same = tuple(search(scope=scope, text=digits, limit=MOST))
        if same:
            agreeing = [each for each in same if not name or agrees(name, each)]
            certain = agreeing[0].id if len(agreeing) == 1 and len(same) == 1 else None
            return Who(same, certain=certain, by_phone=True)
        elsewhere = known_elsewhere(scope=scope, digits=digits)
        if elsewhere:
            return Who(elsewhere=True)
        # Their phones are other ones: a surname alone makes nobody of the book, the whole name is asked about.
        return Who(
            _named(scope, name), rather_new=_only(scope, name) is None, elsewhere=elsewhere,
            asked_too_often=elsewhere is None,
        )  # fmt: skip
    return Who(_named(scope, name), certain=_only(scope, name))


def _named(scope: Scope, name: str) -> tuple[Found, ...]:
    """Those whose name may be meant."""
    plain = bare(name)
    if not plain:
        return ()
    found = search(scope=scope, text=surname(name=plain) if plain != name.strip() else plain, limit=MOST)
    return tuple(each for each in found if agrees(name, each))


def _only(scope: Scope, name: str) -> int | None:
    """The one customer of exactly this whole name."""
    plain = bare(name)
    if not plain or plain != name.strip():
        return None
    found = [each for each in _named(scope, name) if pressed(plain) in {pressed(each.name), pressed(each.name_zh)}]
    return found[0].id if len(found) == 1 else None


def agrees(name: str, found: Found) -> bool:
    """Whether a name as somebody wrote it may be this customer's: the whole of it, or its surname with a title."""
    plain = bare(name)
    wanted = pressed(plain)
    if not wanted:
        return True
    for own in (found.name, found.name_zh):
        if wanted in {pressed(own), pressed(surname(name=own))} or pressed(own).startswith(wanted):
            return True
    return any(pressed(word) == wanted for word in found.name.split())


def in_scope(*, scope: Scope, customer_id: int) -> Found | None:
    """One customer inside the scope as a search finds them."""
    row = visible_to(scope).filter(pk=customer_id).select_related("tier", "branch").first()
    if row is None:
        return None
    tier = row.tier
    from keybook.core import masking

    return Found(
        row.pk, row.number, row.name, row.name_zh, row.kind, row.stage, tier.code if tier else "",
        tier.name if tier else "", tier.name_zh if tier else "", masking.phone(number=row.phone), row.branch.name,
        row.aum, row.currency,
    )  # fmt: skip


def known_elsewhere(*, scope: Scope, digits: str) -> bool | None:
    """Whether somebody outside the scope has this phone: yes or no and nothing else, written down, so many an hour.

    None: not asked, because the hour's look-ups are used up.
    """
    if scope.everything or not scope.may_log or len(digits) < FEWEST:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT keybook_known_elsewhere(%s, %s)", [digits, LOOKUPS_AN_HOUR])
        answer: bool | None = cursor.fetchone()[0]
    return answer


@dataclass(frozen=True, slots=True)
class Pair:
    """A prospect and the customer they may be, side by side."""

    id: int
    why: str
    prospect: Found
    customer: Found


def pairs(*, scope: Scope, customer_id: int | None = None) -> list[Pair]:
    """The pairs offered for joining whose both ends are inside the scope, the newest first."""
    rows = Match.objects.filter(
        state=Match.State.OFFERED, prospect__in=visible_to(scope), customer__in=visible_to(scope)
    )
    if customer_id is not None:
        rows = rows.filter(prospect_id=customer_id) | rows.filter(customer_id=customer_id)
    found = []
    for match in rows.order_by("-pk")[:50]:
        ends = [in_scope(scope=scope, customer_id=each) for each in (match.prospect_id, match.customer_id)]
        if ends[0] and ends[1]:
            found.append(Pair(match.pk, str(match.get_why_display()), ends[0], ends[1]))
    return found


UNDO_DAYS = dt.timedelta(days=30)
"""How long a join can be taken back."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A join that can still be taken back, and until when."""

    id: int
    prospect: tuple[int, str, str]
    customer: tuple[int, str, str]
    on: dt.date
    until_on: dt.date
    by: str


def joined_lately(*, scope: Scope, today: dt.date, customer_id: int | None = None) -> list[Joined]:
    """The joins of the last thirty days whose both ends are inside the scope, the newest first."""
    rows = Match.objects.filter(
        state=Match.State.JOINED, settled_on__gte=today - UNDO_DAYS, moved__isnull=False,
        prospect__in=visible_to(scope), customer__in=visible_to(scope),
    )  # fmt: skip
    if customer_id is not None:
        rows = rows.filter(prospect_id=customer_id) | rows.filter(customer_id=customer_id)
    names = [f"{end}__{name}" for end in ("prospect", "customer") for name in ("id", "name", "name_zh")]
    found = rows.order_by("-settled_on", "-pk").values_list("id", *names, "settled_on", "settled_by__name")[:20]
    return [Joined(one[0], one[1:4], one[4:7], one[7], one[7] + UNDO_DAYS, one[8] or "") for one in found]


def offered_count(*, scope: Scope) -> int:
    """How many pairs wait to be joined or refused."""
    return Match.objects.filter(
        state=Match.State.OFFERED, prospect__in=visible_to(scope), customer__in=visible_to(scope)
    ).count()


def repeated(*, scope: Scope, client_key: uuid.UUID) -> Memo | None:
    """The memo an earlier try with the same key has stored."""
    return Memo.objects.filter(client_key=client_key, staff_id=scope.staff_id).first()


def joined_to(*, scope: Scope, customer_id: int) -> int | None:
    """The customer a joined prospect has gone to, if both are inside the scope."""
    target: int | None = visible_to(scope).filter(pk=customer_id).values_list("joined_to_id", flat=True).first()
    return target


def names_of(customer_ids: Sequence[int]) -> dict[int, str]:
    """Names by id."""
    return dict(Customer.objects.filter(pk__in=customer_ids).values_list("pk", "name"))
