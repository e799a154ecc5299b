"""The board, and one campaign in three parts: its plan, its targets, its progress."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keybook import formats
from keybook.apps.campaigns import commands, words
from keybook.apps.campaigns.commands.launching import chosen_for
from keybook.apps.campaigns.forms import ASKS, CampaignForm, errors_of, typed
from keybook.apps.campaigns.models import Campaign, Purpose
from keybook.apps.campaigns.queries import shown
from keybook.apps.campaigns.queries.choosing import Chosen
from keybook.apps.campaigns.queries.seen import MAKERS, campaign_of, may_change
from keybook.apps.customers import book
from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.models import Channel
from keybook.apps.customers.queries import bankers, tiers
from keybook.apps.customers.views import view_names
from keybook.apps.gate import words as gate_words
from keybook.apps.people.models import Branch
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of
from keybook.core.campaigns import CHANNELS

FORM = require_http_methods(["GET", "HEAD", "POST"])
MOST_PAGES = 10_000
STATES = (Campaign.State.RUNNING, Campaign.State.DRAFT, Campaign.State.ENDED)


@require_safe
@asked
def board(request: Asked) -> HttpResponse:
    """GET /campaigns/: the campaigns of my branch or with my customers, by how far they have come."""
    day = day_of(request.bank)
    cards = shown.board(scope=request.scope)
    over = {Campaign.State.ENDED.value, Campaign.State.CANCELLED.value}
    columns = [
        (state, state.label, [each for each in cards if each.campaign.state == state or (state == "ended" and each.campaign.state in over)])
        for state in STATES
        if state != Campaign.State.DRAFT or request.scope.role != "rm"
    ]  # fmt: skip
    context = {
        "place": "campaigns", "columns": columns, "cards": cards, "day": day, "today": day.today, "makes": _makes(request),
        "purposes": dict(Purpose.choices), "channel": gate_words.channel,
    }  # fmt: skip
    return render(request, "campaigns/board.html", context)


def _makes(request: Asked) -> bool:
    return request.scope.role in MAKERS


@FORM
@asked
def new(request: Asked) -> HttpResponse:
    """GET and POST /campaigns/new/: a draft; from the Book, its view and filters or the chosen customers come along."""
    commands.drafting.require_maker(request.scope)
    day, branches = day_of(request.bank), _branches(request)
    form = CampaignForm(request.POST, branches=[each.pk for each in branches]) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            row = commands.draft(by=request.scope, wanted=form.draft(), client_key=_key(request), day=day)
        except RefusedError as refusal:
            _add(form, refusal)
        else:
            messages.success(request, _("Drafted. Look at whom it would contact, then launch it."))
            return redirect("campaigns:plan", row.pk)
    start = {
        "branch_id": request.user.branch_id, "from_on": day.today.isoformat(), "channel_1": "call", "holdout_percent": 10,
        "last_on": day.calendar.add_workdays(day.today, 10).isoformat(), "cost": "", "purpose": "invitation",
        **{f"ask_{name}": request.GET[name] for name in ASKS if request.GET.get(name)},
        "chosen": ",".join(request.GET.getlist("customer")),
    }  # fmt: skip
    values = form.data if form is not None else start
    context = {
        **_form(request, values, branches),
        "errors": errors_of(form),
        "key": values.get("client_key") or uuid.uuid4(),
    }
    return render(request, "campaigns/new.html", context, status=422 if form is not None else 200)


@require_safe
@asked
def plan(request: Asked, campaign_id: int) -> HttpResponse:
    """GET /campaigns/<id>/: what it is; of a draft also whom it would contact, else how far it has come."""
    return _plan(request, _campaign(request, campaign_id), day_of(request.bank))


def _plan(request: Asked, row: Campaign, day: Day, *, said: str = "") -> HttpResponse:
    """The plan of one campaign, with why a verb was refused."""
    draft = row.state == Campaign.State.DRAFT
    found, why_not = _chosen(request, row, day) if draft else (None, "")
    context = _base(request, row, day, "plan") | {
        "found": found, "why_not": why_not, "said": said, "draft": draft, "sum": _sum(found, row, day) if found else None,
        "asks": _asks(row),
        "count": None if draft else shown.counts(scope=request.scope, campaign_ids=[row.pk])[row.pk],
    }  # fmt: skip
    return render(request, "campaigns/plan.html", context, status=422 if said else 200)


@FORM
@asked
def change(request: Asked, campaign_id: int) -> HttpResponse:
    """GET and POST /campaigns/<id>/change/: a draft as its form; one that was launched stays as it is."""
    row, day = _campaign(request, campaign_id), day_of(request.bank)
    if request.method != "POST" and not (
        row.state == Campaign.State.DRAFT and may_change(scope=request.scope, campaign=row)
    ):
        return redirect("campaigns:plan", campaign_id)  # who only reads it has nothing to change
    branches = _branches(request)
    form = CampaignForm(request.POST, branches=[each.pk for each in branches]) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            commands.change(by=request.scope, campaign_id=campaign_id, wanted=form.draft(), day=day)
        except RefusedError as refusal:
            _add(form, refusal)
        else:
            messages.success(request, _("Kept."))
            return redirect("campaigns:plan", campaign_id)
    values = form.data if form is not None else typed(row)
    context = {**_form(request, values, branches), "errors": errors_of(form), "campaign": row}
    return render(request, "campaigns/new.html", context, status=422 if form is not None else 200)


@require_safe
@asked
def targets(request: Asked, campaign_id: int) -> HttpResponse:
    """GET /campaigns/<id>/targets/?group=&page=: the frozen targets, of a draft those it would freeze today."""
    row, day = _campaign(request, campaign_id), day_of(request.bank)
    group = request.GET.get("group", "")
    group = group if group in shown.GROUPS else ""
    number = request.GET.get("page", "1")
    page = max(1, min(int(number), MOST_PAGES)) if number.isascii() and number.isdecimal() and len(number) < 6 else 1  # noqa: PLR2004
    why_not = ""
    if row.state == Campaign.State.DRAFT:
        found, why_not = _chosen(request, row, day)
        rows = shown.would_be(scope=request.scope, chosen=found, group=group, page=page) if found else None
    else:
        rows = shown.targets(scope=request.scope, campaign_id=campaign_id, group=group, page=page)
    here = reverse("campaigns:targets", args=[campaign_id])
    names = {"": _("All"), "contact": _("Contacts"), "holdout": _("Held out"), "left_out": _("Left out")}
    context = _base(request, row, day, "targets") | {
        "rows": rows, "why_not": why_not, "words": words,
        "groups": [
            (text, f"{here}?group={name}" if name else here, rows.counts[name] if name else sum(rows.counts.values()), name == group)
            for name, text in names.items()
        ] if rows else [],
        "link": f"{here}?{f'group={group}&' if group else ''}page=", "tells": request.scope.may_write,
    }  # fmt: skip
    return render(request, "campaigns/targets.html", context)


@require_safe
@asked
def progress(request: Asked, campaign_id: int) -> HttpResponse:
    """GET /campaigns/<id>/progress/: what is done, open and refused by each banker, and what it has cost."""
    row, day = _campaign(request, campaign_id), day_of(request.bank)
    rows = shown.progress(scope=request.scope, campaign_id=campaign_id)
    done = sum(each.count.done for each in rows)
    context = _base(request, row, day, "progress") | {
        "rows": rows, "done": done, "spent": done * row.cost,
        "all": {name: sum(getattr(each.count, name) for each in rows) for name in shown.Count.__slots__},
    }  # fmt: skip
    return render(request, "campaigns/progress.html", context)


@require_POST
@asked
def launch(request: Asked, campaign_id: int) -> HttpResponse:
    """POST /campaigns/<id>/launch/: freeze the targets and open their tasks."""
    return _verb(
        request, campaign_id,
        lambda day: commands.launch(
            by=request.scope, campaign_id=campaign_id, day=day, seal=request.POST.get("seal", "")
        ),
    )  # fmt: skip


@require_POST
@asked
def end(request: Asked, campaign_id: int) -> HttpResponse:
    """POST /campaigns/<id>/end/: end it now, or cancel the draft, with the reason."""
    reason = request.POST.get("reason", "")
    return _verb(
        request, campaign_id, lambda day: commands.end(by=request.scope, campaign_id=campaign_id, reason=reason, day=day)
    )  # fmt: skip


@require_POST
@asked
def result(request: Asked, target_id: int) -> HttpResponse:
    """POST /campaigns/targets/<id>/result/: what came of a contact that was logged."""
    try:
        sentence = commands.tell(by=request.scope, target_id=target_id, result=request.POST.get("result", ""))
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    back = request.POST.get("campaign", "")
    return (
        redirect("campaigns:targets", int(back)) if back.isascii() and back.isdecimal() else redirect("campaigns:board")
    )


def _verb(request: Asked, campaign_id: int, act: Any) -> HttpResponse:
    """Do it and show the campaign as it is now, or why it is refused."""
    day = day_of(request.bank)
    try:
        sentence = act(day)
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        return _plan(request, _campaign(request, campaign_id), day, said=str(refusal))
    messages.success(request, sentence)
    return redirect("campaigns:plan", campaign_id)


def _campaign(request: Asked, campaign_id: int) -> Campaign:
    row = campaign_of(scope=request.scope, campaign_id=campaign_id)
    if row is None:
        raise Http404
    return row


def _chosen(request: Asked, row: Campaign, day: Day) -> tuple[Chosen | None, str]:
    """Whom it would contact today, or why that cannot be said."""
    try:
        return chosen_for(by=request.scope, campaign=row, day=day), ""
    except RefusedError as refusal:
        return None, str(refusal)


def _sum(found: Chosen, row: Campaign, day: Day) -> dict[str, Any]:
    """The numbers of a preview, with why somebody is left out."""
    choice = found.choice
    why = [(words.left_out(code), count) for code, count in choice.left_out.items() if code != "gate"]
    rules = [(gate_words.rules([code]), count) for code, count in sorted(choice.refusals.items())]
    return {
        "all": len(choice.targets), **choice.groups, "warned": choice.warned, "why": why, "rules": rules,
        "refused": choice.left_out.get("gate", 0), "cost": choice.cost(each=row.cost), "due_on": choice.due_on,
        "bankers": len({each.candidate.banker for each in choice.targets if each.group == "contact"}), "today": day.today,
    }  # fmt: skip


def _base(request: Asked, row: Campaign, day: Day, here: str) -> dict[str, Any]:
    """What each part of a campaign shows: its head and its parts."""
    names = {"plan": _("The campaign"), "targets": _("Targets"), "progress": _("Progress")}
    return {
        "place": "campaigns", "campaign": row, "day": day, "today": day.today, "currency": row.currency,
        "purposes": dict(Purpose.choices), "channel": gate_words.channel, "mine": may_change(scope=request.scope, campaign=row),
        "places": [
            (text, reverse(f"campaigns:{name}", args=[row.pk]), None, name == here)
            for name, text in names.items()
            if name != "progress" or row.launched_on
        ],
    }  # fmt: skip


def _form(request: Asked, values: Mapping[str, Any], branches: list[Branch]) -> dict[str, Any]:
    """What the form of a campaign offers and holds."""
    language = get_language()
    by_hand = len([each for each in str(values.get("chosen", "")).split(",") if each])
    return {
        "place": "campaigns", "values": values, "by_hand": by_hand, "asks_book": [(name, values.get(f"ask_{name}", "")) for name in ASKS],
        "branches": [(each.pk, formats.customer_name(each.name, each.name_zh, language)[0]) for each in branches],
        "purpose_options": Purpose.choices, "channel_options": [(each, Channel(each).label) for each in CHANNELS],
        "view_options": list(view_names().items()), "standing_options": [("", _("any")), *book.STANDINGS.items()],
        "tier_options": [("", _("any")), *((code, formats.customer_name(name, zh, language)[0]) for code, name, zh in tiers())],
        "banker_options": [("", _("any")), *((number, formats.customer_name(name, zh, language)[0]) for number, name, zh in bankers(request.scope))],
    }  # fmt: skip


def _asks(row: Campaign) -> list[tuple[str, str]]:
    """In words, which customers a campaign chooses from."""
    ask = book.read_ask(row.ask)
    language = get_language()
    names = {code: formats.customer_name(name, zh, language)[0] for code, name, zh in tiers()} if ask.tier else {}
    said = [
        (_("View"), view_names()[ask.view]), (_("Tier"), names.get(ask.tier, ask.tier)),
        (_("Relationship"), str(book.STANDINGS.get(ask.standing, ""))), (_("Named"), ask.text),
    ]  # fmt: skip
    return [(label, value) for label, value in said if value]


def _branches(request: Asked) -> list[Branch]:
    return list(Branch.objects.filter(pk__in=request.scope.branches).order_by("path"))


def _key(request: Asked) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("client_key", ""))
    except ValueError:
        return uuid.uuid4()


def _add(form: CampaignForm, refusal: RefusedError) -> None:
    """Put a refusal beside its field."""
    names = {"until_on": "last_on", "channels": "channel_1"}
    field = names.get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))
