"""Taking what a phone kept: in order, each once for ever, as the person who wrote it, or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.interactions.attachments import MOST, attach, checked
from keybook.apps.interactions.commands import Contact
from keybook.apps.people.scope import Scope
from keybook.apps.pocket import queries
from keybook.apps.pocket.models import File, Note
from keybook.apps.pocket.queries import Standing
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, correct_contact, log_contact

STORED, REPEATED = 201, 200
ANOTHERS, NOT_YOURS, OTHER_CONTENT, CHANGED, REFUSED, HELD = 403, 404, 409, 412, 422, 424
UNSAID = {"key", "author_id", "seen_at", "files"}
INSERT = """
    INSERT INTO pocket_note (staff_id, client_key, kind, digest, written_at, received_at, text, state)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (client_key) DO NOTHING RETURNING id"""


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo or a voice note of a note, with the hash the phone gave it."""

    key: uuid.UUID
    sha256: str
    data: bytes = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One note as the phone kept it: who wrote it and when, about whom, and what was known of them then (`seen_at`)."""

    key: uuid.UUID
    author_id: int
    kind: str
    written_at: dt.datetime
    text: str = ""
    customer_id: int | None = None
    about: int | None = None
    seen_at: dt.datetime | None = None
    contact: Mapping[str, Any] = field(default_factory=dict)
    on: dt.date | None = None
    closes: tuple[int, ...] | None = None
    files: tuple[Attached, ...] = ()

    @property
    def digest(self) -> str:
        """What it says, as a hash: who wrote it and what they had seen are no part of it."""
        said = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in UNSAID}
        said["files"] = [(str(file.key), file.sha256) for file in self.files]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one note: a status as HTTP numbers them, a sentence, and how things stand where they differ."""

    key: uuid.UUID
    status: int
    sentence: str = ""
    now: Standing | None = None
    interaction_id: int | None = None


class _ChangedError(Exception):
    """What the note is about has changed since its author saw it."""

    def __init__(self, sentence: str, now: Standing | None) -> None:
        super().__init__(sentence)
        self.now = now


def take(*, by: Scope, notes: Sequence[Written], day: Day, now: dt.datetime) -> tuple[Answer, ...]:
    """Take the notes in their order, each in a savepoint of its own; one that is refused changes nothing.

    After a refusal later notes on the same customer are held back, so that the order stays as it was written.
    """
    answers: list[Answer] = []
    stopped: set[int] = set()
    for note in notes:
        if note.customer_id in stopped:
            answers.append(Answer(note.key, HELD, _("Waits for an earlier note on the same customer.")))
            continue
        answer = _one(by, note, day, now)
        if answer.status in {CHANGED, REFUSED} and note.customer_id:
            stopped.add(note.customer_id)
        answers.append(answer)
    return tuple(answers)


@transaction.atomic
def settle(*, by: Scope, note_id: int, confirmed: bool, now: dt.datetime) -> None:
    """Confirm a memo of one's own, or drop it; its words are kept as written either way.

    What was photographed or said goes to the contact the memo has become, and is deleted with a dropped memo.
    """
    found = Note.objects.select_for_update().filter(pk=note_id, staff_id=by.staff_id, state=Note.State.WAITING).first()
    if found is None:
        raise NotYoursError
    contact_id = queries.contact_of(by=by, client_key=found.client_key) if confirmed else None
    files = list(File.objects.filter(note_id=note_id))
    if confirmed and files and contact_id is None:
        raise RefusedError("", _("Confirm the memo first: its photos and voice notes belong to its contact."))
    for file in files:
        if contact_id is not None:
            attach(by=by, interaction_id=contact_id, data=bytes(file.data), client_key=file.client_key)
    File.objects.filter(note_id=note_id).delete()
    state = Note.State.DONE if confirmed else Note.State.DROPPED
    Note.objects.filter(pk=note_id).update(state=state, settled_at=now, interaction_id=contact_id)


def _one(by: Scope, note: Written, day: Day, now: dt.datetime) -> Answer:
    """Take one note, or say why not."""
    if note.author_id != by.staff_id:
        return Answer(note.key, ANOTHERS, _("Written by somebody else: it is sent when they sign in."))
    try:
        with transaction.atomic():
            return _stored(by, note, day, now)
    except NotYoursError:
        return Answer(note.key, NOT_YOURS, _("There is no such customer in your book."))
    except _ChangedError as change:
        return Answer(note.key, CHANGED, str(change), change.now)
    except PermissionDenied as refusal:
        return Answer(note.key, ANOTHERS, str(refusal))
    except (RefusedError, IntegrityError) as refusal:  # a file's key may be another's, whom row-level security hides
        used = _("Not saved: this form was already used. Open a new one.")
        return Answer(note.key, REFUSED, str(refusal) if isinstance(refusal, RefusedError) else used)


def _stored(by: Scope, note: Written, day: Day, now: dt.datetime) -> Answer:
    """Claim the key, then do what the page would have done; the key is free again if that is refused."""
    waits = note.kind == Note.Kind.MEMO
    state = Note.State.WAITING if waits else Note.State.DONE
    text = note.text if waits else ""
    values: list[Any] = [by.staff_id, note.key, note.kind, note.digest, note.written_at, now, text, state]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        row = cursor.fetchone()
    if row is None:
        return _again(by, note)
    if waits:
        by.require_write()
        _keep_files(by, note, row[0])
        return Answer(note.key, STORED, _("Arrived: confirm it under From your phone."))
    logged = _contact(by, note, day, now)
    for file in note.files:
        attach(by=by, interaction_id=logged[1], data=file.data, client_key=file.key)
    Note.objects.filter(pk=row[0]).update(interaction_id=logged[1])
    return Answer(note.key, STORED, logged[0], interaction_id=logged[1])


def _keep_files(by: Scope, note: Written, note_id: int) -> None:
    """Keep the photos and voice notes of a memo until it is confirmed; what is none of them is refused."""
    if len(note.files) > MOST:
        raise RefusedError("attached", _("Six photos and voice notes are the most for one contact."))
    kept = [
        File(note_id=note_id, staff_id=by.staff_id, client_key=file.key, media_type=checked(file.data), data=file.data)
        for file in note.files
    ]
    if File.objects.filter(client_key__in=[file.client_key for file in kept]).exists():
        raise RefusedError("attached", _("Not saved: this form was already used. Open a new one."))
    File.objects.bulk_create(kept)


def _again(by: Scope, note: Written) -> Answer:
    """A key that was used: the same note once more, or another one that may not pass under its key."""
    known = Note.objects.filter(client_key=note.key, staff_id=by.staff_id).values_list("digest", "interaction_id")
    for digest, interaction_id in known:
        if digest == note.digest:
            return Answer(note.key, REPEATED, _("Already saved."), interaction_id=interaction_id)
    return Answer(note.key, OTHER_CONTENT, _("Not saved: it has arrived already, and it said something else then."))


def _contact(by: Scope, note: Written, day: Day, now: dt.datetime) -> tuple[str, int]:
    """Log or correct the contact by the same command as the pages; give its sentence and its id."""
    by.require_log()
    at = _moment(note, day, now)
    contact = Contact(**note.contact, at=at, client_key=note.key)
    if note.kind == Note.Kind.CORRECTION:
        return _corrected(by, note, contact, day)
    if note.customer_id is None:
        raise NotYoursError
    _unchanged(by, note, contact)
    done = log_contact(by=by, customer_id=note.customer_id, contact=contact, closes=note.closes, day=day)
    return done.sentence, done.interaction_id


def _corrected(by: Scope, note: Written, contact: Contact, day: Day) -> tuple[str, int]:
    """Correct a contact unless somebody has corrected it in the meantime."""
    customer_id = queries.customer_of(by=by, interaction_id=note.about or 0)
    if customer_id is None or note.about is None:
        raise NotYoursError
    now = queries.standing(by=by, customer_id=customer_id, instead_of=note.about)
    if now is not None and now.contact is not None:
        raise _ChangedError(_("Not saved: this contact has been corrected in the meantime."), now)
    done = correct_contact(by=by, interaction_id=note.about, contact=contact, day=day)
    return done.sentence, done.interaction_id


def _unchanged(by: Scope, note: Written, contact: Contact) -> None:
    """Refuse what was written in ignorance: the customer has been handed over, or a next date hangs on other ones now."""
    if note.customer_id is None or note.seen_at is None or queries.arrived(by=by, client_key=note.key):
        return
    asked: dict[str, Any] = {"by": by, "customer_id": note.customer_id, "seen_at": note.seen_at}
    handed = queries.handed_over(**asked)
    promised = queries.promise_changed(**asked) if contact.next_on else None
    change = handed or promised
    if change is None:
        return
    now = queries.standing(by=by, customer_id=note.customer_id)
    if now is None:
        raise NotYoursError
    if handed:
        raise _ChangedError(_("Not saved: the customer has been handed to %(name)s.") % {"name": now.banker}, now)
    if not change.by:
        raise _ChangedError(_("Not saved: the next dates have changed in the meantime."), now)
    raise _ChangedError(_("Not saved: %(name)s has changed the next dates.") % {"name": change.by}, now)


def _moment(note: Written, day: Day, now: dt.datetime) -> dt.datetime:
    """When it happened: as long ago as the phone says, counted back from now on the bank's day; never in the future."""
    zone = ZoneInfo(day.zone)
    clock = dt.datetime.combine(day.today, now.astimezone(zone).time().replace(microsecond=0), zone)
    at = clock - max(now - note.written_at, dt.timedelta())
    return at.replace(year=note.on.year, month=note.on.month, day=note.on.day) if note.on else at
