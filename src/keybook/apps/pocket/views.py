"""What arrived from one's own phone and waits for one key."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.pocket import commands, queries
from keybook.apps.reminders.commands import NotYoursError, day_of


@require_safe
@asked
def notes(request: Asked) -> HttpResponse:
    """GET /pocket/notes/: the memos from this person's phone, the oldest first."""
    memos = queries.waiting_memos(by=request.scope)
    return render(request, "pocket/notes.html", {"place": "notes", "memos": memos, "day": day_of(request.bank)})


@require_POST
@asked
def settle(request: Asked, note_id: int) -> HttpResponse:
    """POST /pocket/notes/<id>/: confirm the memo, or drop it."""
    confirmed = request.POST.get("verb") == "confirm"
    try:
        commands.settle(by=request.scope, note_id=note_id, confirmed=confirmed, now=timezone.now())
    except NotYoursError as error:
        raise Http404 from error
    messages.success(request, _("Confirmed.") if confirmed else _("Dropped."))
    return redirect("pocket:notes")
