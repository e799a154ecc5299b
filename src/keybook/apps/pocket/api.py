"""What a phone asks: who is signed in, and here is what was kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Literal

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from keybook.apps.customers.asking import Asked
from keybook.apps.interactions.attachments import LARGEST as LARGEST_FILE
from keybook.apps.interactions.attachments import MOST
from keybook.apps.interactions.commands import LONGEST
from keybook.apps.pocket.commands import REFUSED, Answer, Attached, Written, take
from keybook.apps.reminders.commands import day_of

MOST_NOTES = 50
LARGEST = 2_000_000  # bytes of one sending, below what Django reads into memory


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContactIn(_Strict):
    """A contact as the log form takes it."""

    channel: Literal["call", "visit", "branch", "wechat", "sms", "email", "letter"]
    outcome: Literal["reached", "not_reached", "left_message", "met"]
    effect: Literal["strengthened", "unchanged", "weakened", "ended"] = "unchanged"
    topic: str = Field("", max_length=120)
    content: str = Field("", max_length=LONGEST)
    next_step: str = Field("", max_length=200)
    next_on: dt.date | None = None
    next_time: dt.time | None = None
    named: tuple[int, ...] | None = Field(None, max_length=50)


class FileIn(_Strict):
    """A photo or a voice note whose bytes come beside, under its key."""

    key: uuid.UUID
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class NoteIn(_Strict):
    """One note as the phone kept it."""

    key: uuid.UUID
    author: int
    kind: Literal["memo", "contact", "correct"]
    at: AwareDatetime
    text: str = Field("", max_length=LONGEST)
    customer: int | None = Field(None, ge=1, lt=2**63)
    about: int | None = Field(None, ge=1, lt=2**63)
    seen: AwareDatetime | None = None
    contact: ContactIn | None = None
    on: dt.date | None = None
    closes: tuple[int, ...] | None = Field(None, max_length=50)
    files: tuple[FileIn, ...] = Field((), max_length=MOST)

    def written(self, bytes_of: Mapping[str, bytes]) -> Written:
        """The note as the command takes it; a contact without its fields and a memo without words say nothing.

        ValueError as well when the bytes of a file are missing or others than the phone says.
        """
        files = tuple(Attached(one.key, one.sha256, bytes_of.get(str(one.key), b"")) for one in self.files)
        if any(hashlib.sha256(file.data).hexdigest() != file.sha256 for file in files):
            raise ValueError
        if (self.contact is None) != (self.kind == "memo") or (self.kind == "memo" and not self.text.strip()):
            raise ValueError
        return Written(
            key=self.key, author_id=self.author, kind=self.kind, written_at=self.at, text=self.text,
            customer_id=self.customer, about=self.about, seen_at=self.seen,
            contact=self.contact.model_dump() if self.contact else {}, on=self.on, closes=self.closes, files=files,
        )  # fmt: skip


@require_safe
def me(request: Asked) -> HttpResponse:
    """GET /api/pocket/me: who is signed in, the token a writing request needs, and the server's clock."""
    now = timezone.now().isoformat()
    return JsonResponse({"staff": request.user.pk, "csrf": get_token(request), "now": now})


@require_POST
def items(request: Asked) -> HttpResponse:
    """POST /api/pocket/items: notes in the order they were written; each gets an answer of its own."""
    mixed = request.content_type == "multipart/form-data"
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + mixed * MOST * LARGEST_FILE:
        return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("That is too much at once: send fewer."))
    try:
        given = json.loads(request.POST.get("items", "") if mixed else request.body)["items"]
    except (ValueError, KeyError, TypeError):
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("What was sent cannot be read."))
    if not isinstance(given, list) or len(given) > MOST_NOTES:
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("At most fifty notes are taken at once."))
    day, now = day_of(request.bank), timezone.now()
    sent = request.FILES.items() if mixed else ()
    bytes_of = {name: file.read(LARGEST_FILE + 1) for name, file in sent if isinstance(file, UploadedFile)}
    notes = [_readable(one, bytes_of) for one in given]
    taken = iter(take(by=request.scope, notes=[note for note in notes if note], day=day, now=now))
    answers = [_said(next(taken)) if note else _unread(one) for note, one in zip(notes, given, strict=True)]
    return JsonResponse({"answers": answers, "now": now.isoformat()})


def _readable(one: Any, bytes_of: Mapping[str, bytes]) -> Written | None:
    """The note, or None when it cannot be read."""
    try:
        return NoteIn.model_validate(one).written(bytes_of)
    except (ValidationError, ValueError):
        return None


def _unread(one: Any) -> dict[str, Any]:
    """The answer to what cannot be read."""
    key = one.get("key") if isinstance(one, dict) else None
    return {
        "key": key if isinstance(key, str) else None,
        "status": REFUSED,
        "sentence": _("Not saved: this note cannot be read."),
    }


def _said(answer: Answer) -> dict[str, Any]:
    """One answer as it is sent."""
    return {
        "key": str(answer.key), "status": answer.status, "sentence": answer.sentence,
        "now": asdict(answer.now) if answer.now else None, "id": answer.interaction_id,
    }  # fmt: skip


def _problem(status: HTTPStatus, sentence: str) -> HttpResponse:
    """A problem as RFC 9457 describes it."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": sentence}
    return JsonResponse(body, status=status, content_type="application/problem+json")
