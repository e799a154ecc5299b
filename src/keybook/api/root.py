"""The JSON face: one API of routers that live in the apps, signed in by the session, refusing by problem details."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import SessionAuth

from keybook.apps.campaigns.api import router as campaigns
from keybook.apps.customers.api import router as customers
from keybook.apps.customers.book import AskRefusedError
from keybook.apps.desk.api_customer import router as customer
from keybook.apps.desk.api_days import router as days
from keybook.apps.desk.api_standard import router as standard
from keybook.apps.desk.api_today import router as today
from keybook.apps.desk.queries.today import subject
from keybook.apps.events.api import router as events
from keybook.apps.gate.api import router as gate
from keybook.apps.gifts.api import router as gifts
from keybook.apps.handover.api import router as handover
from keybook.apps.interactions.commands import AlreadyUsedError
from keybook.apps.ledger.api import router as ledger
from keybook.apps.ledger.commands import NotSetError
from keybook.apps.memos.api import router as memos
from keybook.apps.plans.api import router as plans
from keybook.apps.proposals.api import router as proposals
from keybook.apps.reminders.commands import NotYoursError, RefusedError
from keybook.apps.standards.api import router as standards
from keybook.apps.standards.commands import NotKeptError
from keybook.apps.team.api import router as team


class SignedIn(SessionAuth):
    """A signed-in member of staff; the scope comes with the session's transaction."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The member of staff, or None."""
        del key
        return request.user if request.user.is_authenticated and getattr(request, "bank", None) else None


api = NinjaAPI(
    title="Keybook", version="1.0.0", urls_namespace="api", auth=SignedIn(), docs_url=None,
    description="Customers and Today, as the pages show them. Every refusal is a problem as RFC 9457 describes it.",
)  # fmt: skip
api.add_router("", customers)
api.add_router("", customer)
api.add_router("", today)
api.add_router("", memos)
api.add_router("", days)
api.add_router("", gifts)
api.add_router("", standards)
api.add_router("", standard)
api.add_router("", ledger)
api.add_router("", gate)
api.add_router("", proposals)
api.add_router("", plans)
api.add_router("", campaigns)
api.add_router("", events)
api.add_router("", handover)
api.add_router("", team)


def problem(status: int, detail: str = "", **more: Any) -> HttpResponse:
    """A problem as RFC 9457 describes it: what, and one sentence."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **more}
    if detail:
        body["detail"] = detail
    return JsonResponse(body, status=status, content_type="application/problem+json")


@api.exception_handler(Http404)
def _missing(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(404, "There is no such customer.")


@api.exception_handler(NotYoursError)
def _not_yours(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(404, "There is no such customer.")


@api.exception_handler(NotKeptError)
@api.exception_handler(NotSetError)
@api.exception_handler(RefusedError)
def _not_so(_request: HttpRequest, error: Any) -> HttpResponse:
    errors = [{"pointer": f"body/{error.field}", "detail": str(error)}] if error.field else []
    return problem(422, str(error), **({"errors": errors} if errors else {}))


@api.exception_handler(AlreadyUsedError)
def _used(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(409, str(error))


@api.exception_handler(PermissionDenied)
def _forbidden(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(403, str(error))


@api.exception_handler(AskRefusedError)
def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, str(error))


@api.exception_handler(AuthenticationError)
def _anonymous(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(401, "Sign in first.")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    match = request.resolver_match
    customer_id = match.kwargs.get("customer_id") if match else None
    if customer_id is not None and subject(scope=request.scope, customer_id=customer_id) is None:  # type: ignore[attr-defined]
        return problem(404, "There is no such customer.")  # whatever a stranger sends
    errors = [{"pointer": "/".join(str(part) for part in one["loc"]), "detail": one["msg"]} for one in error.errors]
    return problem(422, "What was asked cannot be read.", errors=errors)
