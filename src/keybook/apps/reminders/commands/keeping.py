"""Writing occasions down, mourning, and greeting: one occasion is greeted once, whoever does it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Channel
from keybook.apps.interactions.commands import Contact
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands.contacts import Logged, log_contact
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.apps.reminders.commands.occasions import open_occasions
from keybook.apps.reminders.commands.promises import move_promises
from keybook.apps.reminders.commands.ranking import refresh_lines
from keybook.apps.reminders.commands.refusals import NotYoursError, RefusedError
from keybook.apps.reminders.models import Observance, Occasion, Reminder
from keybook.apps.reminders.queries import Day
from keybook.core import occasions, periods, reminding

KINDS = frozenset({"birthday", "anniversary", "opening", "wedding", "exam", "moving", "memorial", "other"})
LONGEST_LABEL = 120
FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_MOURNING = dt.timedelta(days=3 * 366)
WRITTEN = frozenset({"wechat", "sms", "email", "letter"})
"""Channels by which a greeting is left rather than spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An occasion as somebody gives it."""

    kind: str
    month: int
    day: int
    year: int | None = None
    yearly: bool = True
    calendar: str = "solar"
    leap: bool = False
    leap_day: str = "feb28"
    label: str = ""
    lead_days: int = 3
    gift_days: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done: the toast's sentence and the occasion."""

    sentence: str
    occasion_id: int


@transaction.atomic
def add_occasion(*, by: Scope, customer_id: int, noted: Noted, day: Day) -> Kept:
    """Write an occasion down; its reminders open as their leads begin."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    noted = _checked(noted)
    known = Occasion.objects.filter(
        customer_id=customer_id, kind=noted.kind, calendar=noted.calendar, month=noted.month, day=noted.day,
        leap=noted.leap, label=noted.label,
    )  # fmt: skip
    if noted.kind == "birthday":
        known = Occasion.objects.filter(customer_id=customer_id, kind="birthday", calendar=noted.calendar)
    if known.exists():
        raise RefusedError("kind", _("It is noted already. Change that one."))
    made = Occasion.objects.create(customer_id=customer_id, **asdict(noted))
    settle_days(customer_id=customer_id, day=day)
    return Kept(_said(made.pk, day), made.pk)


@transaction.atomic
def change_occasion(*, by: Scope, customer_id: int, occasion_id: int, noted: Noted, day: Day) -> Kept:
    """Change an occasion; its reminders and the promises that hang on it move with it."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    if not Occasion.objects.filter(pk=occasion_id, customer_id=customer_id).exists():
        raise NotYoursError
    Occasion.objects.filter(pk=occasion_id).update(**asdict(_checked(noted)))
    settle_days(customer_id=customer_id, day=day)
    return Kept(_said(occasion_id, day), occasion_id)


@transaction.atomic
def remove_occasion(*, by: Scope, customer_id: int, occasion_id: int, day: Day) -> Kept:
    """Take an occasion away; what waits for it goes too, what was greeted stays in the history."""
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    occasion = Occasion.objects.filter(pk=occasion_id, customer_id=customer_id).first()
    if occasion is None:
        raise NotYoursError
    Reminder.objects.filter(occasion_id=occasion_id, state=Reminder.State.OPEN).update(
        state=Reminder.State.DISMISSED, reason="the occasion has changed", closed_on=day.today
    )
    occasion.delete()
    settle_days(customer_id=customer_id, day=day)
    return Kept(_("Removed. What was greeted stays in the history."), occasion_id)


@transaction.atomic
def observe(
    *, by: Scope, customer_id: int, birthday_by: str, mourning: tuple[dt.date | None, dt.date | None], day: Day
) -> str:
    """Store by which calendar the birthday is kept, and the mourning (from, up to, not on); give the toast's sentence.

    While somebody mourns, nothing is opened, greeted or said by itself; afterwards what still lies ahead comes back.
    """
    by.require_write()
    lock_customer(by=by, customer_id=customer_id)
    begins, ends = mourning
    if birthday_by not in {"", "solar", "lunar"}:
        raise RefusedError("birthday_by", _("Choose one of the two calendars."))
    if begins is None and ends is not None:
        raise RefusedError("mourning_from", _("From which day?"))
    if begins is not None and ends is not None:
        _check_mourning(begins, ends)
    Observance.objects.update_or_create(
        customer_id=customer_id,
        defaults={"birthday_by": birthday_by, "mourning_from": begins, "mourning_until": ends},
    )
    settle_days(customer_id=customer_id, day=day)
    if begins is not None and periods.Period(begins, ends).contains(day.today):
        return _("Kept. Nothing is greeted, given or said by itself for now.")
    return _("Kept.")


def _check_mourning(begins: dt.date, ends: dt.date) -> None:
    if ends <= begins:
        raise RefusedError("mourning_until", _("The end comes after the beginning."))
    if ends - begins > LONGEST_MOURNING:
        raise RefusedError("mourning_until", _("That is more than three years. Leave the end open instead."))


def settle_days(*, customer_id: int, day: Day) -> None:
    """Bring everything of one customer that hangs on days up to date: occasions, promises, the line of Today."""
    open_occasions(day=day, customer_ids=[customer_id])
    move_promises(day=day, customer_ids=[customer_id])
    refresh_lines(customer_ids=[customer_id], day=day)


def greet(*, by: Scope, customer_id: int, reminder_id: int, contact: Contact, day: Day) -> Logged:
    """Store a greeting as a contact that settles its occasion; who comes second is told who greeted, and when."""
    by.require_log()
    with transaction.atomic():
        lock_customer(by=by, customer_id=customer_id)
        reminder = (
            Reminder.objects.select_related("closed_by", "closed_in")
            .filter(pk=reminder_id, customer_id=customer_id, cause=Reminder.Cause.OCCASION)
            .exclude(kind__in=("gift_idea", "memorial"))
            .first()
        )
        if reminder is None:
            raise NotYoursError
        if reminder.closed_in is not None and reminder.closed_in.client_key == contact.client_key:
            return Logged(_("Already saved."), reminder.closed_in.pk, repeated=True)
        _refuse_closed(reminder, day)
        outcome = "left_message" if contact.channel in WRITTEN else "reached"
        text = " ".join(contact.content.split())
        if not text:
            raise RefusedError("content", _("Write the greeting."))
        return log_contact(
            by=by, customer_id=customer_id, contact=replace(contact, outcome=outcome), closes=[reminder_id], day=day
        )


def _refuse_closed(reminder: Reminder, day: Day) -> None:
    """Refuse a greeting that has been given, or that must not be."""
    if reminder.state == Reminder.State.DONE:
        who, when = reminder.closed_by, reminder.closed_on
        by_channel = str(Channel(reminder.closed_in.channel).label) if reminder.closed_in else ""
        raise RefusedError(
            "",
            _("%(name)s greeted on %(date)s (%(channel)s). Once is enough.")
            % {"name": who.name if who else "", "date": day.say(when) if when else "", "channel": by_channel},
        )
    if reminder.state != Reminder.State.OPEN:
        why = {
            "mourning": _("This customer mourns: nothing is greeted now."),
            "do not congratulate": _("This customer does not want to be congratulated."),
        }.get(reminder.reason, _("This greeting is closed."))
        raise RefusedError("", why)


def _checked(noted: Noted) -> Noted:
    """The occasion as it can be stored; refused with the field that has to change."""
    noted = replace(noted, label=" ".join(noted.label.split()))
    if noted.kind not in KINDS:
        raise RefusedError("kind", _("Choose what kind of day it is."))
    if noted.calendar not in {"solar", "lunar"}:
        raise RefusedError("calendar", _("Choose one of the two calendars."))
    if noted.leap_day not in {"feb28", "mar1"}:
        raise RefusedError("leap_day", _("Choose 28 February or 1 March."))
    if len(noted.label) > LONGEST_LABEL:
        raise RefusedError("label", _("At most 120 characters can be kept."))
    if noted.year is not None and not FIRST_YEAR <= noted.year <= LAST_YEAR:
        raise RefusedError("year", _("A year lies between 1900 and 2100."))
    if not noted.yearly and noted.year is None:
        raise RefusedError("year", _("What comes once needs its year."))
    _check_day(noted)
    _check_leads(noted)
    lunar = noted.calendar == "lunar"
    return replace(noted, leap=noted.leap and lunar, gift_days=None if noted.kind == "memorial" else noted.gift_days)


def _check_day(noted: Noted) -> None:
    lunar = noted.calendar == "lunar"
    try:
        when = occasions.Occasion(month=noted.month, day=noted.day, lunar=lunar)
    except occasions.OccasionError:
        raise RefusedError("day", _("There is no such day in that month.")) from None
    if not noted.yearly and noted.year is not None and not lunar:
        on = occasions.occurrence(occasion=when, year=noted.year).on
        if (on.month, on.day) != (noted.month, noted.day):
            raise RefusedError("day", _("29 February does not exist in that year."))


def _check_leads(noted: Noted) -> None:
    for field, days in (("lead_days", noted.lead_days), ("gift_days", noted.gift_days)):
        try:
            reminding.check_lead(days=days or 0)
        except reminding.LeadError:
            raise RefusedError(field, _("0 to 365 days ahead are possible.")) from None
    if noted.gift_days is not None and noted.gift_days <= noted.lead_days:
        raise RefusedError("gift_days", _("A gift takes longer than a greeting: give it more days."))


def _said(occasion_id: int, day: Day) -> str:
    """The toast: when it comes next."""
    on = Occasion.objects.values_list("next_on", flat=True).get(pk=occasion_id)
    return _("Kept. Next on %(date)s.") % {"date": day.say(on)} if on else _("Kept. It does not come again.")
