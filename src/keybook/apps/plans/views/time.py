"""Somebody's time: meetings, a calendar file, absences, and what is kept for contacts; and the bank's usual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.models import Channel
from keybook.apps.plans import words
from keybook.apps.plans.calendar_file import LARGEST
from keybook.apps.plans.commands import capacity, meetings
from keybook.apps.plans.forms import AbsenceForm, CapacityForm, MeetingForm, errors_of
from keybook.apps.plans.models import Absence
from keybook.apps.plans.queries import time as reading
from keybook.apps.plans.queries.whose import Planner, planners
from keybook.apps.plans.views.shown import of_days
from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of
from keybook.core.halves import Keeps

FORM = require_http_methods(["GET", "HEAD", "POST"])
PARTS = ("meeting", "absence", "file", "capacity", "usual")
LONGEST_ID = 19


def _who(request: Asked) -> Planner:
    """Whose time the address asks for; one's own unless it says otherwise."""
    text = request.GET.get("rm", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else request.scope.staff_id
    found = next((each for each in planners(scope=request.scope) if each.id == number), None)
    if found is None:
        raise Http404
    return found


def _address(request: Asked, who: Planner) -> str:
    own = reverse("plans:time")
    return own if who.id == request.scope.staff_id else f"{own}?rm={who.id}"


@FORM
@asked
def time(request: Asked) -> HttpResponse:
    """GET and POST /plan/time/: what takes time, and what is kept for contacts; each part is a form of its own."""
    if not request.scope.may_log and not request.GET.get("rm"):
        return redirect("plans:plan")
    who = _who(request)
    part = request.POST.get("part", "") if request.method == "POST" else ""
    if part not in PARTS:
        return _page(request, who)
    form = _form(request, part)
    if not form.is_valid():
        return _page(request, who, part=part, form=form)
    try:
        said = _deed(request, who, part, form)()
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        form.add_error(_field(form, refusal.field), str(refusal))
        return _page(request, who, part=part, form=form)
    messages.success(request, said)
    return redirect(_address(request, who) + ("#" + part))


class FileForm(forms.Form):
    """A calendar file."""

    file = forms.FileField(error_messages={"required": "", "empty": ""})


def _form(request: Asked, part: str) -> forms.Form:
    if part == "file":
        form = FileForm(request.POST, request.FILES)
        form.fields["file"].error_messages = {
            "required": _("Choose a calendar file (.ics)."), "empty": _("The file is empty. Export it again."),
            "invalid": _("Choose a calendar file (.ics)."),
        }  # fmt: skip
        return form
    kinds: dict[str, type[forms.Form]] = {
        "meeting": MeetingForm,
        "absence": AbsenceForm,
        "capacity": CapacityForm,
        "usual": forms.Form,
    }
    return kinds[part](request.POST)


def _field(form: forms.Form, name: str) -> str | None:
    """Where the sentence stands: the command's fields have other names in two of the forms."""
    known = {"until": "ends", **{each: each for each in form.fields}}
    return known.get(name) if known.get(name) in form.fields else None


def _deed(request: Asked, who: Planner, part: str, form: forms.Form) -> Callable[[], str]:
    """What the form asks for."""
    given, day = form.cleaned_data, day_of(request.bank)
    if part == "meeting":
        return lambda: meetings.add_meeting(
            by=request.scope, staff_id=who.id, on=given["on"], span=(given["begins"], given["ends"]),
            title=given["title"], day=day,
        )  # fmt: skip
    if part == "absence":
        return lambda: capacity.add_absence(
            by=request.scope, staff_id=who.id, from_on=given["from_on"], last_on=given["last_on"],
            why=given["why"] or Absence.Why.LEAVE, day=day,
        )  # fmt: skip
    if part == "file":
        data = given["file"].read(LARGEST + 1)
        return lambda: meetings.import_calendar(by=request.scope, staff_id=who.id, data=data, day=day).sentence
    if part == "usual":
        return lambda: capacity.use_the_banks(by=request.scope, staff_id=who.id)
    wanted: capacity.Wanted = form.wanted()  # type: ignore[attr-defined]
    return lambda: capacity.set_capacity(by=request.scope, staff_id=who.id, wanted=wanted)


def _page(request: Asked, who: Planner, *, part: str = "", form: forms.Form | None = None) -> HttpResponse:
    day = day_of(request.bank)
    from_on, until_on = day.today, day.today + meetings.AHEAD
    found = reading.times(staff_ids=[who.id], from_on=from_on, until_on=until_on, day=day)[who.id]
    own = reading.has_own(staff_id=who.id)
    context = {
        "who": who, "mine": who.id == request.scope.staff_id, "titles": who.id in request.scope.books, "time": found,
        "day": day, "words": words, "place": "plan", "part": part, "typed": form.data if form is not None else {},
        "errors": errors_of(form), "own": own, "action": _address(request, who), "may": request.scope.may_log,
        "whys": Absence.Why.choices, "back": reverse("plans:plan") + ("" if who.id == request.scope.staff_id else f"?rm={who.id}"),
        **of_days(), **_capacity(found.keeps, form if part == "capacity" else None),
    }  # fmt: skip
    return render(request, "plans/time.html", context, status=422 if form is not None else 200)


def _capacity(keeps: Keeps, form: forms.Form | None) -> dict[str, Any]:
    """What stands in the fields of a capacity: what was typed, else what is stored."""
    stored: dict[str, Any] = {
        "morning_from": words.clock(keeps.windows["am"][0]), "morning_until": words.clock(keeps.windows["am"][1]),
        "afternoon_from": words.clock(keeps.windows["pm"][0]), "afternoon_until": words.clock(keeps.windows["pm"][1]),
        "morning_minutes": keeps.minutes["am"], "afternoon_minutes": keeps.minutes["pm"], "travel": keeps.travel,
        **{f"minutes_{channel}": keeps.takes(channel) for channel in Channel.values},
        **{f"cap_{channel}": keeps.caps.get(channel, "") for channel in Channel.values},
    }  # fmt: skip
    days = [str(each) for each in keeps.weekdays]
    if form is not None:
        return {"kept": form.data, "weekdays": form["weekdays"].value() or [], "channels": Channel.values}
    return {"kept": stored, "weekdays": days, "channels": Channel.values}


@require_POST
@asked
def meeting_removed(request: Asked, meeting_id: int) -> HttpResponse:
    """POST /plan/meetings/<id>/remove/: free the time again."""
    return _removed(request, lambda: meetings.remove_meeting(by=request.scope, meeting_id=meeting_id))


@require_POST
@asked
def absence_removed(request: Asked, absence_id: int) -> HttpResponse:
    """POST /plan/absences/<id>/remove/: the days are free again."""
    return _removed(request, lambda: capacity.remove_absence(by=request.scope, absence_id=absence_id))


def _removed(request: Asked, act: Callable[[], str]) -> HttpResponse:
    try:
        said = act()
    except NotYoursError as error:
        raise Http404 from error
    messages.success(request, said)
    return redirect(_address(request, _who(request)))


@FORM
def usual(request: Asked) -> HttpResponse:
    """GET and POST /settings/capacity/: what the bank usually keeps for contacts."""
    form = CapacityForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            said = capacity.set_capacity(by=request.scope, staff_id=None, wanted=form.wanted())
        except RefusedError as refusal:
            form.add_error(_field(form, refusal.field), str(refusal))
        else:
            messages.success(request, said)
            return redirect("plans:capacity")
    context = {
        "place": "settings", "words": words, "errors": errors_of(form), "sets": request.scope.role in capacity.SETTERS, **of_days(),
        **_capacity(reading.usual(), form if form.is_bound else None),
    }  # fmt: skip
    return render(request, "plans/usual.html", context, status=422 if form.is_bound else 200)
