"""One planned contact: its card, moving it, taking it out, placing one by hand, and what the half-days say to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keybook.apps.audit.commands import record_view
from keybook.apps.customers.asking import Asked, asked
from keybook.apps.plans import words
from keybook.apps.plans.commands import entries as verbs
from keybook.apps.plans.commands.entries import AsksError, Kept, Where
from keybook.apps.plans.forms import WhereForm, errors_of
from keybook.apps.plans.queries import entries
from keybook.apps.plans.queries import page as pages
from keybook.apps.plans.queries.answers import Answer, Wanted, answers, first_that_fits, slots_between
from keybook.apps.plans.queries.page import ONE_WEEK, WEEKS_OF_A_MONTH, monday_of
from keybook.apps.plans.queries.time import Slot, half_of
from keybook.apps.plans.views.page import board
from keybook.apps.plans.views.shown import Shown, read_day, shown
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of

FORM = require_http_methods(["GET", "HEAD", "POST"])
AHEAD = WEEKS_OF_A_MONTH * ONE_WEEK


def look(request: Asked, customer_id: int) -> None:
    """Record that somebody looked at the customer to plan a contact."""
    record_view(
        staff_id=request.scope.staff_id, customer_id=customer_id, page="plan", request_id=request.request_id,
        at=timezone.now(),
    )  # fmt: skip


def _what(request: Asked, staff_id: int, day: Day) -> Shown:
    """What the page behind shows, as the form's address says; else the week of whose entry it is."""
    given = request.GET.copy()
    if not given.get("rm") and staff_id != request.scope.staff_id:
        given["rm"] = str(staff_id)
    found = shown(scope=request.scope, given=given, day=day)
    if found is None:
        raise Http404
    return found


def _asked_of(request: Asked, wanted: Wanted, day: Day) -> dict[Slot, Answer]:
    """What the half-days of the next five weeks, or of the page behind, say to this contact."""
    start = max(day.today, read_day(request.GET.get("from"), day))
    weeks = 1 if request.GET.get("weeks") == "1" else WEEKS_OF_A_MONTH
    slots = slots_between(from_on=start, until_on=monday_of(start) + weeks * ONE_WEEK)
    return answers(scope=request.scope, wanted=wanted, slots=slots, day=day)


def _json(found: Mapping[Slot, Answer]) -> JsonResponse:
    return JsonResponse(
        {
            "slots": {
                f"{on.isoformat()}{half}": {"kind": each.kind, "code": each.code, "said": words.said(answer=each)}
                for (on, half), each in found.items()
            }
        }
    )


@require_safe
@asked
def entry_answers(request: Asked, entry_id: int) -> HttpResponse:
    """GET /plan/entries/<id>/answers/: what each half-day says while the contact is held over it."""
    wanted = entries.wanted(scope=request.scope, entry_id=entry_id)
    if wanted is None:
        raise Http404
    return _json(_asked_of(request, wanted, day_of(request.bank)))


@require_safe
@asked
def unplaced_answers(request: Asked, unplaced_id: int) -> HttpResponse:
    """GET /plan/unplaced/<id>/answers/: the same for a contact that lies nowhere yet."""
    wanted = entries.wanted_unplaced(scope=request.scope, unplaced_id=unplaced_id)
    if wanted is None:
        raise Http404
    return _json(_asked_of(request, wanted, day_of(request.bank)))


def choices(found: Mapping[Slot, Answer], day: Day, *, now: Slot | None = None) -> list[tuple[str, str]]:
    """The half-days one may choose, each with what it says; those that refuse are left out."""
    return [
        (f"{on.isoformat()}{half}", f"{day.say(on)}, {words.half(half).lower()}: {words.said(answer=each)}")
        for (on, half), each in found.items()
        if each.kind != "refused" and (on, half) != now
    ]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about: an entry or one without a place, as it looks for a half-day, and the page behind."""

    one: pages.Item | pages.Left
    wanted: Wanted
    what: Shown

    @property
    def slot(self) -> Slot | None:
        """Where it lies now."""
        return self.one.slot if isinstance(self.one, pages.Item) else None


@FORM
@asked
def entry(request: Asked, entry_id: int) -> HttpResponse:
    """GET and POST /plan/entries/<id>/: why it lies where it lies; POST moves it."""
    day = day_of(request.bank)
    item = pages.item(scope=request.scope, entry_id=entry_id)
    wanted = entries.wanted(scope=request.scope, entry_id=entry_id)
    if item is None or wanted is None:
        raise Http404
    subject = Subject(item, wanted, _what(request, wanted.staff_id, day))
    if request.method != "POST":
        return _card(request, subject, day)

    def move(where: Where, because: str) -> Kept:
        return verbs.move_entry(by=request.scope, entry_id=entry_id, to=where, because=because, day=day)

    return _do(request, subject, move, day)


@FORM
@asked
def unplaced(request: Asked, unplaced_id: int) -> HttpResponse:
    """GET and POST /plan/unplaced/<id>/: why it found no place; POST places it by hand."""
    day = day_of(request.bank)
    left = entries.left(scope=request.scope, unplaced_id=unplaced_id)
    wanted = entries.wanted_unplaced(scope=request.scope, unplaced_id=unplaced_id)
    if left is None or wanted is None:
        raise Http404
    subject = Subject(left, wanted, _what(request, wanted.staff_id, day))
    if request.method != "POST":
        return _card(request, subject, day)

    def place(where: Where, because: str) -> Kept:
        return verbs.place_unplaced(by=request.scope, unplaced_id=unplaced_id, to=where, because=because, day=day)

    return _do(request, subject, place, day)


def _do(request: Asked, subject: Subject, act: Callable[[Where, str], Kept], day: Day) -> HttpResponse:
    """Move or place it; where the half-day asks first, show what it asks and the way out."""
    request.scope.require_log()
    form = WhereForm(request.POST)
    if not form.is_valid():
        return _card(request, subject, day, form=form)
    where = form.where
    try:
        kept = act(where, form.cleaned_data["because"])
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _card(request, subject, day, form=form, to=where, asks=isinstance(refusal, AsksError))
    return board(request, subject.what, day, said=kept.sentence, undo=kept.undo)


def _card(
    request: Asked, subject: Subject, day: Day, *, form: WhereForm | None = None, to: Where | None = None,
    asks: bool = False,
) -> HttpResponse:  # fmt: skip
    """The card of one contact, in the page or as a page of its own."""
    one, what = subject.one, subject.what
    look(request, one.customer_id)
    slots = slots_between(from_on=day.today, until_on=monday_of(day.today) + AHEAD)
    found = answers(scope=request.scope, wanted=subject.wanted, slots=slots, day=day)
    elsewhere = {slot: each for slot, each in found.items() if slot != subject.slot}
    best = first_that_fits(
        found=elsewhere, after=(to.on, half_of(to.half)) if to else subject.slot or (day.today, "am")
    )
    is_entry = isinstance(one, pages.Item)
    context = {
        "what": what, "one": one, "is_entry": is_entry, "day": day, "words": words, "place": "plan",
        "choices": choices(found, day, now=subject.slot), "typed": form.data if form is not None else {},
        "errors": errors_of(form), "asks": asks, "best": best, "to": to, "may": request.scope.may_log,
        "gate": found[subject.slot].gate if subject.slot in found else None,
        "action": f"{reverse('plans:entry' if is_entry else 'plans:unplaced', args=[one.id])}?{what.query()}",
    }  # fmt: skip
    response = render(
        request, "plans/card.html" if request.htmx else "plans/entry.html", context,
        status=200 if form is None else 422,
    )  # fmt: skip
    if request.htmx and form is not None:
        response["HX-Retarget"], response["HX-Reswap"] = "#hand", "innerHTML"
    return response


@require_POST
@asked
def dropped(request: Asked, entry_id: int) -> HttpResponse:
    """POST /plan/entries/<id>/out/: take it out of the plan."""
    return _act(
        request, entry_id,
        lambda day: verbs.drop_entry(
            by=request.scope, entry_id=entry_id, because=request.POST.get("because", ""), day=day
        ),
    )  # fmt: skip


@require_POST
@asked
def loose(request: Asked, entry_id: int) -> HttpResponse:
    """POST /plan/entries/<id>/loose/: let planning move it again."""
    return _act(request, entry_id, lambda _day: verbs.let_go(by=request.scope, entry_id=entry_id))


def _act(request: Asked, entry_id: int, act: Callable[[Day], Kept]) -> HttpResponse:
    day = day_of(request.bank)
    wanted = entries.wanted(scope=request.scope, entry_id=entry_id)
    if wanted is None:
        raise Http404
    what = _what(request, wanted.staff_id, day)
    try:
        kept = act(day)
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        return board(request, what, day, said=str(refusal), bad=True)
    return board(request, what, day, said=kept.sentence, undo=kept.undo)


@require_POST
@asked
def undo(request: Asked) -> HttpResponse:
    """POST /plan/undo/: take the last verb on an entry back."""
    day = day_of(request.bank)
    request.scope.require_log()
    try:
        kept = verbs.undo_entry(by=request.scope, token=request.POST.get("token", ""), day=day)
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        return board(request, _what(request, request.scope.staff_id, day), day, said=str(refusal), bad=True)
    staff_id = entries.staff_of(entry_id=kept.entry_id)
    return board(request, _what(request, staff_id, day), day, said=kept.sentence)
