"""Sending one claimed message through its channel: what it says, as whom, and what became of it.

An e-mail names customers, because it goes to the bank's own address of this person; a chat group and a push, which pass
through other people's servers, say how many things there are and nothing of whom.
"""

from __future__ import annotations

import json
import smtplib
from collections.abc import Sequence
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook import couriers, outbound, sealed
from keybook.apps.notices.commands.channels import push_key
from keybook.apps.notices.commands.outbox import Result
from keybook.apps.notices.models import Channel, Delivery
from keybook.apps.notices.queries.telling import Part, digest, total, urgent
from keybook.apps.notices.tokens import unsubscribe_path
from keybook.apps.people.acting import as_seen_by
from keybook.settings.mail import NOT_SET

PERMANENT = 500
Faults = tuple[tuple[type[Exception], str, str], ...]
FAULTS: Faults = (
    (couriers.GoneError, Delivery.State.FAILED, "gone"),
    (couriers.UnknownServiceError, Delivery.State.FAILED, "not_allowed"),
    (outbound.RejectedError, Delivery.State.FAILED, "rejected"),
    (outbound.UnreachedError, Delivery.State.WAITING, "unreachable"),
    (sealed.UnreadableError, Delivery.State.FAILED, "unreadable"),
)
MAIL_FAULTS: Faults = (
    (outbound.RefusedError, Delivery.State.WAITING, "not_allowed"),  # the administrator's to mend
    (OSError, Delivery.State.WAITING, "unreachable"),  # smtplib's own faults are of this kind
    (outbound.UnreachedError, Delivery.State.WAITING, "unreachable"),
    (ValidationError, Delivery.State.FAILED, "no_address"),
    (BadHeaderError, Delivery.State.FAILED, "rejected"),  # a line end in a header: Django refuses to build it
)


def send(*, delivery: Delivery) -> Result:
    """Say it; never raises for what the other side does."""
    if delivery.channel is None or delivery.channel.off_at is not None:
        return Result(Delivery.State.FAILED, "off")
    with as_seen_by(staff_id=delivery.staff_id) as access:
        if access is None:
            return Result(Delivery.State.FAILED, "left")
        with translation.override(access.staff.language):
            if delivery.kind == Delivery.Kind.DIGEST:
                parts = digest(access=access)
            else:
                parts = urgent(access=access, batch=delivery.batch) if delivery.batch else []
        email, language = access.staff.email, access.staff.language
    if not parts and delivery.kind != Delivery.Kind.TEST:
        return Result(Delivery.State.EMPTY)
    with translation.override(language):
        return _through(delivery, delivery.channel, parts, email)


def _through(delivery: Delivery, channel: Channel, parts: Sequence[Part], email: str) -> Result:
    """Hand it to the channel and read its answer."""
    try:
        if channel.kind == Channel.Kind.EMAIL:
            return _mail(delivery, parts, email)
        secret = sealed.unseal(channel.secret)
        if channel.kind == Channel.Kind.PUSH:
            browser = couriers.Browser(*json.loads(secret))
            couriers.push(
                browser=browser, says={"title": "Keybook", "body": subject(delivery, parts), "url": "/"},
                key=sealed.unseal(push_key().private), contact=_contact(),
            )  # fmt: skip
        else:
            couriers.chat(url=secret, title="Keybook", body=_counted(delivery, parts))
    except tuple(kind for kind, _state, _reason in FAULTS) as fault:
        return _meaning(fault)
    return Result(Delivery.State.SENT)


def subject(delivery: Delivery, parts: Sequence[Part]) -> str:
    """How many things, without a name: the line others may see on a locked screen."""
    count = total(list(parts))
    if delivery.kind == Delivery.Kind.TEST:
        return _("A test from Keybook")
    if delivery.kind == Delivery.Kind.DIGEST:
        return ngettext("%(count)s thing for today", "%(count)s things for today", count) % {"count": count}
    return ngettext("%(count)s thing that cannot wait", "%(count)s things that cannot wait", count) % {"count": count}


def _counted(delivery: Delivery, parts: Sequence[Part]) -> str:
    """The message for a chat group: numbers and the way in."""
    lines = [subject(delivery, parts), *(part.head for part in parts), base_url()]
    return "\n".join(lines)


def _mail(delivery: Delivery, parts: Sequence[Part], email: str) -> Result:
    """Send it as e-mail, in plain text and simple HTML."""
    if settings.EMAIL_BACKEND == NOT_SET:
        return Result(Delivery.State.WAITING, "not_set_up")
    try:
        validate_email(email)
        with outbound.deadline():
            _message(delivery, parts, email).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        return _answered(error)
    except tuple(kind for kind, _state, _reason in MAIL_FAULTS) as fault:
        return _meaning(fault, MAIL_FAULTS)
    return Result(Delivery.State.SENT)


def _meaning(fault: Exception, faults: Faults = FAULTS) -> Result:
    """What a fault says of the message."""
    state, reason = next((state, reason) for kind, state, reason in faults if isinstance(fault, kind))
    return Result(state, reason, gone=isinstance(fault, couriers.GoneError))


def _answered(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> Result:
    """What the mail server's answer means: 5xx for this recipient is final, everything else may pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        final = all(code >= PERMANENT for code, _said in error.recipients.values())
        return Result(Delivery.State.FAILED, "rejected") if final else Result(Delivery.State.WAITING, "unreachable")
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= PERMANENT:
        return Result(Delivery.State.FAILED, "rejected")
    return Result(Delivery.State.WAITING, "unreachable")


def _message(delivery: Delivery, parts: Sequence[Part], email: str) -> EmailMultiAlternatives:
    """The e-mail: the same name at each try, and for a digest the way out of it."""
    headers = {"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"}
    if delivery.kind == Delivery.Kind.DIGEST and delivery.channel_id:
        headers["List-Unsubscribe"] = (
            f"<{base_url()}{unsubscribe_path(staff_id=delivery.staff_id, channel_id=delivery.channel_id)}>"
        )
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    head = subject(delivery, parts)
    message = EmailMultiAlternatives(
        subject=f"Keybook: {head}", body=_plain(head, parts), to=[email], headers=headers, connection=get_connection()
    )
    context = {
        "head": head,
        "parts": parts,
        "address": base_url(),
        "settings": _settings_url(),
        "lang": translation.get_language(),
    }
    message.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return message


def _plain(head: str, parts: Sequence[Part]) -> str:
    """The message as plain text."""
    lines = [head, ""]
    for part in parts:
        lines += [part.head, *(f"- {line}" for line in part.lines)]
        lines += [f"  {part.more}"] if part.more and part.lines else []
        lines.append("")
    lines += [base_url(), "", _("What is sent to you, and when: %(address)s") % {"address": _settings_url()}]
    return "\n".join(lines)


def base_url() -> str:
    """Where this installation is reached; never taken from a request."""
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    if settings.DEMO:
        return "http://127.0.0.1:8000"
    return f"https://{settings.ALLOWED_HOSTS[0]}" if settings.ALLOWED_HOSTS else "https://keybook.invalid"


def _settings_url() -> str:
    return base_url() + reverse("notices:settings")


def message_id(delivery: Delivery) -> str:
    """The name of a message, the same at each try and another in each installation."""
    return f"<{delivery.kind}.{delivery.pk}.{sealed.digest(f'message {delivery.pk}')[:16]}@{urlsplit(base_url()).hostname}>"


def _contact() -> str:
    """Whom a push service may turn to."""
    address = base_url()
    return address if address.startswith("https://") else f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
