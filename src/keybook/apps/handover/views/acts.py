"""The books of a branch, one handover before and after it is done, the past ones, and who had whom."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keybook.apps.customers.asking import Asked as Request
from keybook.apps.customers.asking import asked
from keybook.apps.customers.queries import visible_to
from keybook.apps.handover import commands, queries, words
from keybook.apps.handover.forms import USUAL_DAYS, draft_of, key_of, number
from keybook.apps.handover.models import Move
from keybook.apps.handover.queries.books import PAGE, BookRow
from keybook.apps.handover.queries.preview import text_of, unsettled
from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of

FORM = require_http_methods(["GET", "HEAD", "POST"])
MOST_PAGES = 1_000
MOVES_SHOWN = 500


def tabs(request: Request, here: str) -> dict[str, Any]:
    """What every page of handover shows above itself."""
    waiting = len(queries.waiting(scope=request.scope, today=request.bank.business_date))
    return {"place": "handover", "tab": here, "waiting": waiting, "me": request.user}


@require_safe
@asked
def index(request: Request) -> HttpResponse:
    """GET /handover/: the books inside the scope with their room, and what bankers ask for."""
    today = request.bank.business_date
    rows = queries.book_rows(scope=request.scope, today=today) if request.scope.role != "rm" else []
    own = [row for row in rows if row.person.id == request.user.pk]
    context = {
        **tabs(request, "books"), "rows": rows, "own": own, "wishes": queries.wishes(scope=request.scope),
        "asks": request.scope.role == "rm", "heads": request.scope.role == "head", "today": today,
        "left": [row for row in rows if not row.is_active],
        "past": queries.past(scope=request.scope)[:5], "words": words,
    }  # fmt: skip
    return render(request, "handover/index.html", context)


@FORM
@asked
def hand(request: Request, staff_id: int) -> HttpResponse:
    """GET and POST /handover/<staff>/: a draft with its numbers, then the act."""
    day = day_of(request.bank)
    books = queries.book_rows(scope=request.scope, today=day.today)
    tiers, districts = queries.parts_of(scope=request.scope, staff_id=staff_id)
    sent = request.POST if request.method == "POST" else request.GET
    draft = draft_of(sent if "what" in sent else _usual(request, staff_id, books, tiers), staff_id=staff_id)
    refusal = ""
    if request.method == "POST":
        try:
            done = commands.hand_over(
                by=request.scope, asked=draft, client_key=key_of(sent), day=day, seal=sent.get("seal", ""),
                reason=sent.get("reason", ""),
            )  # fmt: skip
        except RefusedError as error:
            refusal = str(error)
        except NotYoursError as error:
            raise Http404 from error
        else:
            messages.success(request, done.sentence)
            return redirect("handover:act", done.handover_id)
    rooms = {row.person.id: row.book for row in books}
    try:
        found = queries.preview(by=request.scope, asked=draft, day=day, rooms=rooms)
    except NotYoursError as error:
        raise Http404 from error
    context = {
        **tabs(request, "books"), "giver": found.from_staff, "draft": draft, "found": found, "refusal": refusal, "today": day.today,
        "rows": [row for row in books if row.person.id != staff_id and row.is_active and row.role == "rm"],
        "tiers": tiers, "named": dict(draft.named),
        "districts": districts, "key": uuid.uuid4(),
        "texts": {kind: text_of(draft.introduction, kind, get_language() or "en") for kind in ("call", "letter")},
        "does": request.scope.role == "head", "unsettled": unsettled(staff_id=staff_id)[0], "reason": sent.get("reason", ""),
    }  # fmt: skip
    return render(request, "handover/hand.html", context, status=422 if refusal else 200)


def _usual(request: Request, staff_id: int, books: Sequence[BookRow], tiers: Sequence[Sequence[Any]]) -> QueryDict:
    """What a draft begins with: the whole book, evenly, to those of the same branch who have room; calls for the first tier."""
    branch = next((row.branch_id for row in books if row.person.id == staff_id), None)
    able = [
        row for row in books
        if row.is_active and row.role == "rm" and row.person.id != staff_id and row.branch_id == branch
        and row.fullness != "full"
    ]  # fmt: skip
    usual = QueryDict(mutable=True)
    usual.update({"what": "all", "rule": "evenly", "within": str(USUAL_DAYS)})
    chosen = request.GET.get("chosen", "")
    if chosen:
        usual.update({"what": "chosen", "chosen": chosen})
    usual.setlist("to", [str(row.person.id) for row in sorted(able, key=lambda row: row.book.count)[:3]])
    codes = [code for code, *_rest in tiers if code and code != "mass"]
    for code, kind in zip(codes, ("call", "letter"), strict=False):
        usual[f"intro-{code}"] = kind
    return usual


@require_POST
@asked
def leave(request: Request, staff_id: int) -> HttpResponse:
    """POST /handover/<staff>/leave/: the access of somebody with an empty book ends."""
    try:
        messages.success(request, commands.leave(by=request.scope, staff_id=staff_id, day=day_of(request.bank)))
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("handover:hand", staff_id)
    return redirect("handover:index")


@require_safe
@asked
def past(request: Request) -> HttpResponse:
    """GET /handover/past/?page=: the handovers this person may see."""
    page = max(1, min(number(request.GET.get("page")), MOST_PAGES))
    rows = queries.past(scope=request.scope, page=page)
    context = {
        **tabs(request, "past"), "acts": rows[: PAGE], "more": len(rows) > PAGE, "page": page,
        "today": request.bank.business_date, "words": words,
    }  # fmt: skip
    return render(request, "handover/past.html", context)


@require_safe
@asked
def act(request: Request, handover_id: int) -> HttpResponse:
    """GET /handover/acts/<id>/: what one handover moved, and what handing back would do."""
    day = day_of(request.bank)
    one = queries.past_one(scope=request.scope, handover_id=handover_id)
    if one is None:
        raise Http404
    backward = commands.preview_back(by=request.scope, handover_id=handover_id, day=day)
    moves = Move.objects.filter(handover=one, customer__in=visible_to(request.scope))
    rows = moves.select_related("customer", "customer__tier", "to_staff").order_by(
        "-customer__tier__rank", "-customer__aum"
    )
    context = {
        **tabs(request, "past"), "act": one, "back": backward, "moves": list(rows[:MOVES_SHOWN]), "today": day.today,
        "heads": request.scope.role == "head", "words": words,
    }  # fmt: skip
    return render(request, "handover/act.html", context)


@require_POST
@asked
def back(request: Request, handover_id: int) -> HttpResponse:
    """POST /handover/acts/<id>/back/: hand back."""
    try:
        messages.success(
            request, commands.hand_back(by=request.scope, handover_id=handover_id, day=day_of(request.bank))
        )
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("handover:act", handover_id)


@require_safe
@asked
def ledger(request: Request) -> HttpResponse:
    """GET /handover/ledger/?customer=&rm=&page=: who had whom, from when, until when, by which act."""
    page = max(1, min(number(request.GET.get("page")), MOST_PAGES))
    customer_id, staff_id = number(request.GET.get("customer")), number(request.GET.get("rm"))
    rows = queries.ledger(scope=request.scope, customer_id=customer_id or None, staff_id=staff_id or None, page=page)
    context = {
        **tabs(request, "ledger"), "lines": rows[: PAGE], "more": len(rows) > PAGE,
        "page": page, "today": request.bank.business_date, "words": words, "customer_id": customer_id,
        "staff_id": staff_id, "people": queries.book_rows(scope=request.scope, today=request.bank.business_date),
    }  # fmt: skip
    return render(request, "handover/ledger.html", context)


@require_POST
@asked
def wish(request: Request) -> HttpResponse:
    """POST /handover/wish/: a banker asks that customers be taken over."""
    try:
        messages.success(
            request, commands.wish(by=request.scope, reason=request.POST.get("reason", ""), day=day_of(request.bank))
        )
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("handover:index")


@require_POST
@asked
def answer_wish(request: Request, wish_id: int) -> HttpResponse:
    """POST /handover/wishes/<id>/: the head says that it is done, or why not."""
    if request.scope.role != "head":
        raise PermissionDenied(_("The head of the branch decides on this."))
    try:
        sentence = commands.answer_wish(
            by=request.scope, wish_id=wish_id, done=request.POST.get("act") == "done",
            text=request.POST.get("reason", ""), day=day_of(request.bank),
        )  # fmt: skip
        messages.success(request, sentence)
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("handover:index")
