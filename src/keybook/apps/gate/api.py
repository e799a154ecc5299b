"""The JSON face of the gate before a contact and of what it minds: complaints, consents, care; the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import Http404
from ninja import Field, Router, Schema

from keybook.apps.customers.asking import Asked
from keybook.apps.gate import commands, words
from keybook.apps.gate.asking import proposal_of
from keybook.apps.gate.commands import LONG, SHORT, Minded, Said
from keybook.apps.gate.queries.answers import Asking, answer
from keybook.apps.gate.queries.care import Care, care_of
from keybook.apps.gate.queries.caring import Cared, caring
from keybook.apps.reminders.commands import day_of

router = Router(tags=["gate before a contact"])


class AheadIn(Schema):
    """A contact somebody goes ahead with although the gate warns, and why."""

    channel: str = "call"
    purpose: str = ""
    theme: str = ""
    cause: str = ""
    because: str = Field(max_length=SHORT)


class ComplaintIn(Schema):
    """What a customer complained about."""

    text: str = Field(max_length=LONG)


class OutcomeIn(Schema):
    """What came of a complaint."""

    outcome: str = Field(max_length=LONG)


class ConsentIn(Schema):
    """A consent given or withdrawn, by one channel or (empty) by all, and where it was said."""

    purpose: Literal["service", "greeting", "invitation", "marketing"]
    channel: Literal["", "call", "visit", "branch", "wechat", "sms", "email", "letter"] = ""
    given: bool
    source: str = Field(max_length=SHORT)


class MindIn(Schema):
    """What everybody has to mind, of which sort, when it is asked about again, until when it holds."""

    what: str = Field(max_length=SHORT)
    kind: Literal["senses", "health", "bereaved", "money", "deciding", "fraud", "other"]
    review_on: dt.date
    until_on: dt.date | None = None


class ReviewIn(Schema):
    """It still is so: the day on which it is asked about again."""

    review_on: dt.date


class KeptOut(Schema):
    """The row that was written or changed."""

    id: int


class ComplaintOut(Schema):
    """One complaint; without `settled_on` it is open."""

    id: int
    text: str
    opened_on: dt.date
    settled_on: dt.date | None
    outcome: str


class MindOut(Schema):
    """Something to be minded; `review_due` says that somebody has to ask whether it still is so."""

    id: int
    kind: str
    what: str
    from_on: dt.date
    review_on: dt.date | None
    review_due: bool
    until_on: dt.date | None


class ConsentOut(Schema):
    """The last word for a purpose and a channel (empty: all)."""

    id: int
    purpose: str
    channel: str
    given: bool
    on: dt.date
    source: str


class CaredOut(Schema):
    """One thing that waits: a complaint since a day, a review since a day, mourning until a day."""

    what: Literal["complaint", "review", "mourning"]
    kind: str
    text: str
    since: dt.date | None
    customer_id: int
    name: str
    name_zh: str


class CareOut(Schema):
    """What every contact with a customer minds."""

    complaints: list[ComplaintOut]
    minds: list[MindOut]
    consents: list[ConsentOut]


@router.get(
    "/customers/{int:customer_id}/gate", url_name="gate", summary="May this customer be contacted, how and when"
)
def gate(
    request: Asked, customer_id: int, channel: str = "call", purpose: str = "", theme: str = "", cause: str = ""
) -> dict[str, Any]:  # fmt: skip
    """What the gate says to a contact now: allowed, warns or refused, each reason with its facts and its end."""
    day = day_of(request.bank)
    given = {"channel": channel, "purpose": purpose, "theme": theme, "cause": cause}
    verdict = answer(scope=request.scope, asking=Asking(customer_id, proposal_of(given, day)), day=day)
    if verdict is None:
        raise Http404
    return {
        "answer": verdict.answer, "rule_version": verdict.rule_version,
        "reasons": [
            {
                "code": each.code, "refuses": each.refuses, "facts": dict(each.facts), "until": each.until,
                "sentence": words.sentence(each, day),
            }
            for each in verdict.reasons
        ],
    }  # fmt: skip


@router.post(
    "/customers/{int:customer_id}/gate", response={201: KeptOut}, url_name="gate",
    summary="Go ahead although the gate warns",
)  # fmt: skip
def go_ahead(request: Asked, customer_id: int, given: AheadIn) -> tuple[int, dict[str, int]]:
    """Keep why a contact the gate warns of is made; what it refuses, or has nothing against, is refused."""
    day = day_of(request.bank)
    asking = Asking(customer_id, proposal_of(given.dict(), day))
    return 201, {"id": commands.go_ahead(by=request.scope, asking=asking, because=given.because, day=day)}


@router.get("/care", response=list[CaredOut], url_name="all_care", summary="Who needs care now")
def all_care(request: Asked) -> list[Cared]:
    """Open complaints, what has to be asked about again, who mourns; of all customers in the scope."""
    return caring(scope=request.scope, today=request.bank.business_date)


@router.get(
    "/customers/{int:customer_id}/care", response=CareOut, url_name="care",
    summary="Complaints, what to mind, consents",
)  # fmt: skip
def care(request: Asked, customer_id: int) -> dict[str, Any]:
    """What every contact minds: complaints, care, and the last word of each consent."""
    found = care_of(scope=request.scope, customer_id=customer_id, today=request.bank.business_date)
    if found is None:
        raise Http404
    return {"complaints": found.complaints, "minds": _minds(found), "consents": found.said}


def _minds(found: Care) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk, "kind": each.kind, "what": each.mind, "from_on": each.from_on, "review_on": each.review_on,
            "review_due": each.pk in found.reviews, "until_on": each.until_on,
        }
        for each in found.minds
    ]  # fmt: skip


@router.post(
    "/customers/{int:customer_id}/complaints", response={201: KeptOut}, url_name="complaints", summary="A complaint"
)
def complain(request: Asked, customer_id: int, given: ComplaintIn) -> tuple[int, dict[str, int]]:
    """Write a complaint down: nobody sells to the customer until it is settled."""
    day = day_of(request.bank)
    return 201, {"id": commands.open_complaint(by=request.scope, customer_id=customer_id, text=given.text, day=day)}


@router.post(
    "/customers/{int:customer_id}/complaints/{int:complaint_id}/settle", response=KeptOut, url_name="settle",
    summary="Settle a complaint",
)  # fmt: skip
def settle(request: Asked, customer_id: int, complaint_id: int, given: OutcomeIn) -> dict[str, int]:
    """Close a complaint with what came of it."""
    commands.settle_complaint(
        by=request.scope, customer_id=customer_id, complaint_id=complaint_id, outcome=given.outcome,
        day=day_of(request.bank),
    )  # fmt: skip
    return {"id": complaint_id}


@router.post(
    "/customers/{int:customer_id}/consents", response={201: KeptOut}, url_name="consents",
    summary="A consent, given or withdrawn",
)  # fmt: skip
def consent(request: Asked, customer_id: int, given: ConsentIn) -> tuple[int, dict[str, int]]:
    """Write down what the customer said to contacts of one purpose; the last word holds, all are kept."""
    said = Said(given.purpose, given.channel, given.given, given.source)
    day = day_of(request.bank)
    return 201, {"id": commands.set_consent(by=request.scope, customer_id=customer_id, said=said, day=day)}


@router.post(
    "/customers/{int:customer_id}/minds", response={201: KeptOut}, url_name="minds", summary="Something to be minded"
)
def mind(request: Asked, customer_id: int, given: MindIn) -> tuple[int, dict[str, int]]:
    """Write down what everybody has to mind, with the day on which somebody asks whether it still is so."""
    minded = Minded(given.what, given.kind, given.review_on, given.until_on)
    return 201, {
        "id": commands.mind(by=request.scope, customer_id=customer_id, minded=minded, day=day_of(request.bank))
    }


@router.patch(
    "/customers/{int:customer_id}/minds/{int:mind_id}", response=KeptOut, url_name="mind", summary="It still is so"
)
def still_mind(request: Asked, customer_id: int, mind_id: int, given: ReviewIn) -> dict[str, int]:
    """Somebody has asked: it still is so, and is asked about again on another day."""
    commands.still_mind(
        by=request.scope, customer_id=customer_id, vulnerability_id=mind_id, review_on=given.review_on,
        day=day_of(request.bank),
    )  # fmt: skip
    return {"id": mind_id}


@router.delete(
    "/customers/{int:customer_id}/minds/{int:mind_id}", response=KeptOut, url_name="mind", summary="Mind it no more"
)
def mind_no_more(request: Asked, customer_id: int, mind_id: int) -> dict[str, int]:
    """It need not be minded any more, from today; that it was stays in the history."""
    commands.mind_no_more(by=request.scope, customer_id=customer_id, vulnerability_id=mind_id, day=day_of(request.bank))
    return {"id": mind_id}
