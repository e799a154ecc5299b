"""The JSON face of the gate before a contact."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import Router

from keybook.apps.customers.asking import Asked
from keybook.apps.gate import words
from keybook.apps.gate.asking import proposal_of
from keybook.apps.gate.queries.answers import Asking, answer
from keybook.apps.reminders.commands import day_of

router = Router(tags=["gate before a contact"])


@router.get(
    "/customers/{int:customer_id}/gate", url_name="gate", summary="May this customer be contacted, how and when"
)
def gate(
    request: Asked, customer_id: int, channel: str = "call", purpose: str = "service", theme: str = "", cause: str = ""
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
