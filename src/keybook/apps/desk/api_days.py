"""Promises, occasions, mourning and greetings for programs, by the same commands as the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from ninja import Field, Router, Schema

from keybook.apps.customers.asking import Asked
from keybook.apps.desk.queries import customer as customers
from keybook.apps.desk.queries.days import Days, days_of
from keybook.apps.interactions.commands import LONGEST
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact, Noted, Said, moment

router = Router(tags=["days"])
Channel = Literal["call", "visit", "branch", "wechat", "sms", "email", "letter"]


class PromiseIn(Schema):
    """A promise: words, and a day or a date of the customer's that it hangs on."""

    text: str = Field(max_length=LONGEST)
    on: dt.date | None = None
    time: dt.time | None = Field(None, description="By the bank's clock, if one was said.")
    hangs_on: Literal["", "holding", "held_away", "occasion"] = ""
    hangs_ref: str = Field("", max_length=60)
    lead_days: int | None = None
    direction: Literal["", "forward", "back", "modified"] = ""


class PromiseChange(PromiseIn):
    """A promise as it should be, and why it moves."""

    reason: str = Field("", max_length=LONGEST)


class PromiseClose(Schema):
    """Kept, or withdrawn with the reason."""

    how: Literal["keep", "withdraw"]
    reason: str = Field("", max_length=LONGEST)


class PromisedOut(Schema):
    """What was done, and where the promise came to lie."""

    sentence: str
    promise_id: int
    due_on: dt.date
    moved_from: dt.date | None


class PromiseOut(Schema):
    """A promise with what became of it by now: open, late, kept, kept_late, broken or withdrawn."""

    id: int
    text: str
    due_on: dt.date
    due_time: str | None
    asked_on: dt.date | None
    moved_from: dt.date | None
    hangs_on: str
    hangs_ref: str
    lead_days: int
    reason: str
    state: str
    closed_on: dt.date | None
    by: str


class OccasionIn(Schema):
    """A day that matters."""

    kind: Literal["birthday", "anniversary", "opening", "wedding", "exam", "moving", "memorial", "other"]
    month: int
    day: int
    year: int | None = None
    yearly: bool = True
    calendar: Literal["solar", "lunar"] = "solar"
    leap: bool = False
    leap_day: Literal["feb28", "mar1"] = "feb28"
    label: str = Field("", max_length=LONGEST)
    lead_days: int = 3
    gift_days: int | None = None


class OccasionOut(OccasionIn):
    """A day that matters, and when it comes next."""

    id: int
    next_on: dt.date | None


class WaitingOut(Schema):
    """A reminder of an occasion: open, done by whom, or silenced and why."""

    id: int
    occasion_id: int | None
    kind: str
    on: dt.date
    due_on: dt.date
    state: str
    reason: str
    closed_on: dt.date | None
    by: str


class OccasionsOut(Schema):
    """The occasions, their latest reminders, and why nothing is greeted if so."""

    occasions: list[OccasionOut]
    reminders: list[WaitingOut]
    no_congratulation: bool
    birthday_by: str
    mourning_from: dt.date | None
    mourning_until: dt.date | None


class KeptOut(Schema):
    """What was done."""

    sentence: str
    occasion_id: int | None = None


class KeepingIn(Schema):
    """By which calendar the birthday is kept, and a time of mourning: from, up to, not on."""

    birthday_by: Literal["", "solar", "lunar"] = ""
    mourning_from: dt.date | None = None
    mourning_until: dt.date | None = None


class GreetIn(Schema):
    """A greeting as it was sent or said."""

    channel: Channel
    content: str = Field(max_length=LONGEST)
    client_key: uuid.UUID


class GreetedOut(Schema):
    """What was done, and the contact it became."""

    sentence: str
    interaction_id: int
    repeated: bool


def _days(request: Asked, customer_id: int) -> Days:
    today = request.bank.business_date
    return days_of(customer_id=customer_id, me=request.scope.staff_id, today=today)


@router.get(
    "/customers/{int:customer_id}/promises", response=list[PromiseOut], url_name="promises", summary="What we promised"
)
def promises(request: Asked, customer_id: int) -> list[dict[str, Any]]:
    """The promises to one customer, open ones first."""
    customers.head_of(scope=request.scope, customer_id=customer_id)
    today = request.bank.business_date
    names = [name for name in PromiseOut.model_fields if name != "state"]
    return [
        {**{name: getattr(one, name) for name in names}, "state": one.state(today)}
        for one in _days(request, customer_id).promises
    ]


@router.post(
    "/customers/{int:customer_id}/promises", response={201: PromisedOut}, url_name="promises", summary="Promise"
)
def make(request: Asked, customer_id: int, given: PromiseIn) -> tuple[int, commands.Promised]:
    """Store a promise and put it on the list."""
    day = commands.day_of(request.bank)
    said = Said(**given.dict())
    return 201, commands.make_promise(by=request.scope, customer_id=customer_id, said=said, day=day)


@router.patch(
    "/customers/{int:customer_id}/promises/{int:promise_id}", response=PromisedOut, url_name="promise",
    summary="Change a promise",
)  # fmt: skip
def change(request: Asked, customer_id: int, promise_id: int, given: PromiseChange) -> commands.Promised:
    """Other words, or another day with its reason."""
    day = commands.day_of(request.bank)
    return commands.change_promise(
        by=request.scope, customer_id=customer_id, promise_id=promise_id, said=Said(**given.dict(exclude={"reason"})),
        reason=given.reason, day=day,
    )  # fmt: skip


@router.post(
    "/customers/{int:customer_id}/promises/{int:promise_id}/close", response=PromisedOut, url_name="promise_close",
    summary="Kept, or withdrawn",
)  # fmt: skip
def close(request: Asked, customer_id: int, promise_id: int, given: PromiseClose) -> commands.Promised:
    """Say that it was kept, or take it back with the reason."""
    day = commands.day_of(request.bank)
    if given.how == "keep":
        return commands.keep_promise(by=request.scope, customer_id=customer_id, promise_id=promise_id, day=day)
    return commands.withdraw_promise(
        by=request.scope, customer_id=customer_id, promise_id=promise_id, reason=given.reason, day=day
    )


@router.get(
    "/customers/{int:customer_id}/occasions", response=OccasionsOut, url_name="occasions", summary="Days that matter"
)
def occasions(request: Asked, customer_id: int) -> dict[str, Any]:
    """The occasions of one customer with what became of their reminders."""
    head = customers.head_of(scope=request.scope, customer_id=customer_id)
    days = _days(request, customer_id)
    names = ("no_congratulation", "birthday_by", "mourning_from", "mourning_until")
    found = {name: getattr(head, name) for name in names}
    return {**found, "occasions": list(days.occasions), "reminders": list(days.reminders)}


@router.post(
    "/customers/{int:customer_id}/occasions", response={201: KeptOut}, url_name="occasions", summary="Note a day"
)
def note(request: Asked, customer_id: int, given: OccasionIn) -> tuple[int, commands.Kept]:
    """Write an occasion down."""
    day = commands.day_of(request.bank)
    return 201, commands.add_occasion(by=request.scope, customer_id=customer_id, noted=Noted(**given.dict()), day=day)


@router.patch(
    "/customers/{int:customer_id}/occasions/{int:occasion_id}", response=KeptOut, url_name="occasion",
    summary="Change a day",
)  # fmt: skip
def change_day(request: Asked, customer_id: int, occasion_id: int, given: OccasionIn) -> commands.Kept:
    """Change an occasion; its reminders move."""
    day = commands.day_of(request.bank)
    return commands.change_occasion(
        by=request.scope, customer_id=customer_id, occasion_id=occasion_id, noted=Noted(**given.dict()), day=day
    )


@router.delete(
    "/customers/{int:customer_id}/occasions/{int:occasion_id}", response=KeptOut, url_name="occasion",
    summary="Remove a day",
)  # fmt: skip
def remove(request: Asked, customer_id: int, occasion_id: int) -> commands.Kept:
    """Take an occasion away."""
    day = commands.day_of(request.bank)
    return commands.remove_occasion(by=request.scope, customer_id=customer_id, occasion_id=occasion_id, day=day)


@router.put(
    "/customers/{int:customer_id}/keeping", response=KeptOut, url_name="keeping", summary="Calendar and mourning"
)
def keeping(request: Asked, customer_id: int, given: KeepingIn) -> dict[str, Any]:
    """By which calendar the birthday is kept, and a time of mourning."""
    day = commands.day_of(request.bank)
    sentence = commands.observe(
        by=request.scope, customer_id=customer_id, birthday_by=given.birthday_by,
        mourning=(given.mourning_from, given.mourning_until), day=day,
    )  # fmt: skip
    return {"sentence": sentence}


@router.post(
    "/customers/{int:customer_id}/greet/{int:reminder_id}", response={201: GreetedOut}, url_name="greet",
    summary="Greet, once",
)  # fmt: skip
def greet(request: Asked, customer_id: int, reminder_id: int, given: GreetIn) -> tuple[int, commands.Logged]:
    """Store a greeting; who comes second is told who greeted, and when."""
    day = commands.day_of(request.bank)
    contact = Contact(outcome="reached", at=moment(on=None, day=day), **given.dict())
    return 201, commands.greet(
        by=request.scope, customer_id=customer_id, reminder_id=reminder_id, contact=contact, day=day
    )
