"""What arrived from one's own phone and waits for one key."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.pocket import commands, queries
from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of


@require_safe
@asked
def notes(request: Asked) -> HttpResponse:
    """GET /pocket/notes/: the memos from this person's phone, the oldest first."""
    memos = queries.waiting_memos(by=request.scope)
    return render(
        request,
        "pocket/notes.html",
        {"place": "notes", "memos": memos, "day": day_of(request.bank), "memo_page": _memo_page()},
    )


@require_POST
@asked
def settle(request: Asked, note_id: int) -> HttpResponse:
    """POST /pocket/notes/<id>/: confirm the memo, or drop it."""
    confirmed = request.POST.get("verb") == "confirm"
    try:
        commands.settle(by=request.scope, note_id=note_id, confirmed=confirmed, now=timezone.now())
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Confirmed.") if confirmed else _("Dropped."))
    return redirect("pocket:notes")


@require_safe
@asked
def file(request: Asked, file_id: int) -> HttpResponse:
    """GET /pocket/files/<id>/: a photo or a voice note of one's own memo that waits."""
    found = queries.file_of(by=request.scope, file_id=file_id)
    if found is None:
        raise Http404
    media_type, data = found
    headers = {"Content-Disposition": f'inline; filename="note-{file_id}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type=media_type, headers=headers)


def _memo_page() -> str:
    """Where a memo is read and confirmed."""
    try:
        return reverse("memos:memo")
    except NoReverseMatch:
        return ""
