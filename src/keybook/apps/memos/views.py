"""The memo line: read as it is typed, saved with one key; and the pairs that may be one person."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.memos import commands, faces, queries
from keybook.apps.memos.drafting import LEAVE, LONGEST, read_line, sketch, written_at
from keybook.apps.memos.forms import Reading
from keybook.apps.people.spoken import spoken
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of


def new_key() -> str:
    """A key for one form, so that sending it twice stores it once."""
    import uuid

    return str(uuid.uuid4())


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004


def about(request: Asked) -> int | None:
    """The customer in whose context the line is written: inside the scope, or nobody."""
    wanted = _number(request.POST.get("about") or request.GET.get("customer"))
    if wanted is None:
        return None
    if queries.in_scope(scope=request.scope, customer_id=wanted) is None:
        raise Http404
    return wanted


def drawn(request: Asked, day: Day) -> dict[str, Any]:
    """The line read and every field with its value: what the writer changed by hand stays as they left it."""
    text = request.POST.get("text", "").replace("\r\n", "\n")[: LONGEST + 1]
    draft = read_line(text=text, day=day, at=written_at(day, written=request.POST.get("written", "")))
    first = sketch(draft=draft, day=day, is_new=False)
    context_of = about(request)
    found = queries.who(
        scope=request.scope, name=first.values["name"], phone=first.values["phone"], customer_id=context_of
    )
    suggested = found.suggested if draft.parts or context_of else ""
    if suggested == "new" and not (first.values["name"] or first.values["phone"]):
        suggested = ""
    by_hand = request.POST.get("customer", "") if _changed(request, "customer") else ""
    chosen = by_hand or suggested
    shown = sketch(draft=draft, day=day, is_new=chosen == "new", no_account=found.is_prospect(chosen))
    defaults = {**shown.values, "customer": suggested}
    return {
        "text": text, "sketch": shown, "who": found, "defaults": defaults, "values": _kept(request, defaults),
        "key": request.POST.get("client_key") or new_key(), "about": context_of or "",
    }  # fmt: skip


def _changed(request: Asked, name: str) -> bool:
    return name in request.POST and request.POST[name] != request.POST.get(f"was-{name}", request.POST[name])


def _kept(request: Asked, defaults: dict[str, str]) -> dict[str, str]:
    """A field that differs from what the last draft put there was changed by hand, and stays."""
    kept = dict(defaults)
    for name in request.POST:
        if _changed(request, name):
            kept[name] = request.POST[name]
    for name in list(defaults):
        if name.endswith("_keep") and f"was-{name}" in request.POST and name not in request.POST:
            kept[name] = ""
    return kept


def context(request: Asked, day: Day, more: dict[str, Any]) -> dict[str, Any]:
    """What the form needs besides the draft."""
    return {
        "day": day, "faces": faces, "place": "memo", "leave": LEAVE, "longest": LONGEST, "errors": {}, "text": "",
        "sketch": None, "about": about(request) or "", "over": bool(request.GET.get("over") or request.POST.get("over")),
        "wide": True, "written": request.POST.get("written", ""), **more,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def memo(request: Asked) -> HttpResponse:
    """GET and POST /memo/: the line as a page of its own or over another one; POST saves what was confirmed."""
    request.scope.require_log()
    day = day_of(request.bank)
    if request.method != "POST":
        more = {"text": request.GET.get("text", "")[:LONGEST]}
        template = "memos/over.html" if request.htmx else "memos/memo.html"
        return render(request, template, context(request, day, more))
    if "was-customer" not in request.POST:  # nothing was shown yet: show it, save nothing
        return _shown(request, day, drawn(request, day), status=422)
    given = {**request.POST.dict(), "text": request.POST.get("text", "").replace("\r\n", "\n")}
    reading = Reading(
        given=given, asked=request.POST.getlist("asked"), day=day, at=written_at(day, written=given.get("written", ""))
    )
    if reading.confirmed is None:
        return _again(request, day, reading.errors)
    try:
        saved = commands.save(by=request.scope, writer=request.user, memo=reading.confirmed, day=day)
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        return _again(request, day, {refusal.field or "all": str(refusal)})
    return _after(request, day, saved)


def _again(request: Asked, day: Day, errors: dict[str, str]) -> HttpResponse:
    """The form with what was typed and the sentences beside their fields."""
    more = drawn(request, day)
    known = {*more["values"], "customer", "all", "text"}
    return _shown(
        request,
        day,
        {**more, "errors": {name if name in known else "all": said for name, said in errors.items()}},
        status=422,
    )


def _shown(request: Asked, day: Day, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The draft, as a part of the page or as the page with it."""
    template = "memos/drawn.html" if request.htmx else "memos/memo.html"
    response = render(request, template, context(request, day, more), status=status)
    if request.htmx:
        response["HX-Retarget"], response["HX-Reswap"] = "#memo-draft", "outerHTML"
    return response


def _after(request: Asked, day: Day, saved: commands.Saved) -> HttpResponse:
    """The past fact with Undo; the line is empty again."""
    where = reverse("desk:customer", args=[saved.customer_id]) if saved.customer_id else ""
    if request.htmx and (request.POST.get("over") or request.POST.get("then") == "open"):
        messages.success(request, saved.sentence, extra_tags=f"memo:{saved.undo}" if saved.undo else "")
        to_it = request.POST.get("then") == "open" and where
        return HttpResponse(headers={"HX-Redirect": where} if to_it else {"HX-Refresh": "true"})
    if request.htmx:
        more = {"saved": saved, "where": where, "about": ""}
        response = render(request, "memos/saved.html", context(request, day, more))
        response["HX-Retarget"], response["HX-Reswap"] = "#memo-draft", "outerHTML"
        response["HX-Trigger-After-Swap"] = "memo:saved"
        return response
    messages.success(request, saved.sentence, extra_tags=f"memo:{saved.undo}" if saved.undo else "")
    return redirect(where or "desk:today")


@require_POST
@asked
def draft(request: Asked) -> HttpResponse:
    """POST /memo/draft/: the line read, nothing stored but a look-up outside the scope."""
    request.scope.require_log()
    day = day_of(request.bank)
    return _shown(request, day, drawn(request, day))


@require_POST
@asked
def undo(request: Asked) -> HttpResponse:
    """POST /memo/undo/: take the last memo back; its line is in the box again."""
    request.scope.require_log()
    try:
        undone = commands.undo(by=request.scope, token=request.POST.get("token", ""), day=day_of(request.bank))
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        target = reverse("desk:today")
    else:
        messages.success(request, _("Undone. The line is here again."))
        target = f"{reverse('memos:memo')}?{urlencode({'text': undone.text})}"
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": target})
    return redirect(target)


@require_safe
@asked
def same(request: Asked) -> HttpResponse:
    """GET /same/: prospects and customers who may be the same person, side by side."""
    only = _number(request.GET.get("customer"))
    found = queries.pairs(scope=request.scope, customer_id=only)
    day = day_of(request.bank)
    context = {
        "pairs": found, "joined": queries.joined_lately(scope=request.scope, customer_id=only, today=day.today),
        "today": day.today, "place": "book", "may_log": request.scope.may_log,
    }  # fmt: skip
    return render(request, "memos/same.html", context)


@require_POST
@asked
def settle(request: Asked, match_id: int) -> HttpResponse:
    """POST /same/<id>/: join the two, note that they are two people, or take a join back."""
    day = day_of(request.bank)
    try:
        if request.POST.get("verb") == "join":
            joined = commands.join(by=request.scope, match_id=match_id, day=day)
            messages.success(request, _("Joined: %(name)s has the whole history now.") % {"name": spoken(joined)})
            return redirect("desk:customer", joined.pk)
        if request.POST.get("verb") == "part":
            parted = commands.part(by=request.scope, match_id=match_id, day=day)
            messages.success(
                request, _("Taken back: %(name)s is a prospect again, with their history.") % {"name": parted.name}
            )
            return redirect("desk:customer", parted.pk)
        messages.success(request, commands.refuse(by=request.scope, match_id=match_id, day=day))
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("memos:same")
