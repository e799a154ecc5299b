"""The people every test tells its story with.

Head office has two branches, North and South. Alice is an RM of North; Bob, her colleague, is her deputy this month.
Carol is an RM of South and must see nothing of Alice's. Dora heads North, Hugo heads all. Mei is the compliance
officer, Leo the lobby manager of North, Ada the administrator. Mrs Zhang and Mr Osei are Alice's, Mr Liu is Carol's.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.test import Client

from keybook.apps.customers.models import Customer, Tier
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.models import Bank, Branch, Deputy, Role, Staff
from keybook.apps.people.queries import scope_of
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.models import Line, Reminder
from keybook.apps.standards.models import INSTALLED_ON, Standard
from keybook.core.standards import CHANNELS

TODAY = dt.date(2026, 11, 23)  # a Monday
NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)  # 12:00 in Shanghai
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Cast:
    """Everyone, by name."""

    bank: Bank
    head_office: Branch
    north: Branch
    south: Branch
    alice: Staff
    bob: Staff
    carol: Staff
    dora: Staff
    hugo: Staff
    mei: Staff
    leo: Staff
    ada: Staff
    mass: Tier
    gold: Tier
    platinum: Tier
    private: Tier
    zhang: Customer
    osei: Customer
    liu: Customer

    @property
    def staff(self) -> dict[str, Staff]:
        """Everyone who can sign in, by first name."""
        names = ("alice", "bob", "carol", "dora", "hugo", "mei", "leo", "ada")
        return {name: getattr(self, name) for name in names}


def make_branch(*, code: str, name: str, parent: Branch | None = None, **more: Any) -> Branch:
    """A branch, with its path."""
    branch = Branch.objects.create(code=code, name=name, parent=parent, path="", **more)
    branch.path = f"{parent.path if parent else '/'}{branch.pk}/"
    branch.save(update_fields=["path"])
    return branch


def make_staff(*, code: str, role: str = Role.RM, branch: Branch, name: str | None = None, **more: Any) -> Staff:
    """A member of staff whose password is PASSWORD."""
    return Staff.objects.create_user(code, PASSWORD, name=name or code.capitalize(), role=role, branch=branch, **more)


def make_tiers() -> list[Tier]:
    """The four tiers of the demo bank, lowest first."""
    rows = [
        ("mass", "Mass", "普通", 0, 0, 0, None),
        ("gold", "Gold", "黄金", 1, 200_000, 160_000, 90),
        ("platinum", "Platinum", "白金", 2, 1_000_000, 800_000, 60),
        ("private", "Private", "私人银行", 3, 6_000_000, 5_000_000, 30),
    ]
    made = []
    for code, name, zh, rank, enter, leave, days in rows:
        made.append(Tier.objects.create(code=code, name=name, name_zh=zh, rank=rank, enter_at=enter, leave_at=leave))
        if days:
            make_standard(tier=made[-1], every_days=days)
    return made


def make_standard(*, tier: Tier, **more: Any) -> Standard:
    """The first version of a tier's contact standard: every channel counts, five days of grace, no visits asked."""
    values: dict[str, Any] = {"number": 1, "from_on": INSTALLED_ON, "channels": list(CHANNELS)}
    return Standard.objects.create(tier=tier, **{**values, **more})


def make_customer(*, rm: Staff | None, branch: Branch | None = None, **more: Any) -> Customer:
    """A customer of this RM, in the RM's branch unless told otherwise."""
    where = branch or (rm.branch if rm else None)
    assert where is not None, "say which branch"
    values: dict[str, Any] = {
        "number": f"C{uuid.uuid4().hex[:10]}", "name": "Anna Novak", "aum": Decimal("1800000.00"),
        "opened_on": dt.date(2020, 1, 2), "phone": "13800138000",
    }  # fmt: skip
    return Customer.objects.create(rm=rm, branch=where, **{**values, **more})


def make_interaction(*, customer: Customer, staff: Staff, **more: Any) -> Interaction:
    """A call yesterday noon in which the customer was reached."""
    values: dict[str, Any] = {
        "at": NOON - dt.timedelta(days=1), "channel": "call", "outcome": "reached", "topic": "Term deposit",
        "content": "Wants to know the new rate.", "client_key": uuid.uuid4(),
    }  # fmt: skip
    return Interaction.objects.create(customer=customer, staff=staff, **{**values, **more})


def make_reminder(*, customer: Customer, **more: Any) -> Reminder:
    """An open reminder of a deposit of 1.8 million that matures on Friday."""
    values: dict[str, Any] = {
        "cause": "signal", "kind": "deposit_maturing", "key": f"{uuid.uuid4().hex[:8]}|2026-11-27",
        "opens_on": TODAY, "due_on": dt.date(2026, 11, 27), "stake": Decimal("1800000.00"), "currency": "CNY",
        "facts": {
            "holding": "H1", "name": "Term deposit 12 months", "amount": "1800000.00", "matures_on": "2026-11-27",
            "rate": "1.75",
        },
        "evidence": [
            {"feed": "holding", "row": "H1", "date": "2026-11-22", "amount": "1800000.00", "text": "Term deposit"}
        ],
        "rule_version": "signals/1", "data_date": dt.date(2026, 11, 22),
    }  # fmt: skip
    return Reminder.objects.create(customer=customer, **{**values, **more})


def make_line(*, customer: Customer, **more: Any) -> Line:
    """A stored line of Today for this customer; `reminders.commands.refresh_lines` makes the real ones."""
    values: dict[str, Any] = {
        "rm_id": customer.rm_id, "branch_id": customer.branch_id, "date": TODAY, "group": Line.Group.TODAY,
        "priority": 60, "due_on": dt.date(2026, 11, 27), "stake": Decimal("1800000.00"), "currency": "CNY",
        "reasons": [], "channel": "call", "opening": "Good morning.", "rule_version": "today/1",
    }  # fmt: skip
    return Line.objects.create(customer=customer, **{**values, **more})


def make_cast(*, today: dt.date = TODAY) -> Cast:
    """Everyone of the story, stored."""
    bank, _ = Bank.objects.update_or_create(
        pk=1, defaults={"business_date": today, "data_date": today - dt.timedelta(days=1)}
    )
    top = make_branch(code="000", name="Head office", name_zh="总行")
    north = make_branch(code="100", name="North", name_zh="城北支行", parent=top)
    south = make_branch(code="200", name="South", name_zh="城南支行", parent=top)
    alice = make_staff(code="alice", name="Alice Wang", name_zh="王爱丽", branch=north)
    bob = make_staff(code="bob", name="Bob Chen", name_zh="陈波", branch=north)
    Deputy.objects.create(
        principal=alice, deputy=bob, from_on=today - dt.timedelta(days=7), until_on=today + dt.timedelta(days=21)
    )
    carol = make_staff(code="carol", name="Carol Jones", branch=south)
    mass, gold, platinum, private = make_tiers()
    return Cast(
        bank=bank, head_office=top, north=north, south=south, alice=alice, bob=bob, carol=carol,
        dora=make_staff(code="dora", name="Dora Schmidt", role=Role.HEAD, branch=north),
        hugo=make_staff(code="hugo", name="Hugo Brandt", role=Role.HEAD, branch=top),
        mei=make_staff(code="mei", name="Mei Lin", name_zh="林梅", role=Role.COMPLIANCE, branch=top),
        leo=make_staff(code="leo", name="Leo Rossi", role=Role.LOBBY, branch=north),
        ada=make_staff(code="ada", name="Ada Kaya", role=Role.ADMIN, branch=top),
        mass=mass, gold=gold, platinum=platinum, private=private,
        zhang=make_customer(
            rm=alice, number="C0001", name="Zhang Wei", name_zh="张伟", sex="f", tier=private, phone="13800138000",
            aum=Decimal("8600000.00"), language="zh-hans", born_on=dt.date(1968, 11, 26),
        ),
        osei=make_customer(
            rm=alice, number="C0002", name="Kwame Osei", sex="m", tier=gold, phone="13900139111",
            aum=Decimal("420000.00"),
        ),
        liu=make_customer(
            rm=carol, number="C0003", name="Liu Yang", name_zh="刘洋", sex="m", tier=platinum, phone="13700137222",
            aum=Decimal("2300000.00"), language="zh-hans",
        ),
    )  # fmt: skip


def scope(staff: Staff, on: dt.date | None = None) -> Scope:
    """What this member of staff sees, for tests of queries and commands."""
    return scope_of(staff, on)


def as_web(staff: Staff | None = None, *, csrf: bool = False) -> Client:
    """A browser of this member of staff (or of nobody); each request runs as the role that row-level security binds."""
    client = Client(enforce_csrf_checks=csrf, raise_request_exception=True)
    if staff is not None:
        client.force_login(staff)
    return client
