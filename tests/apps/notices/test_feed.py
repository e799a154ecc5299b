"""The secret calendar: who sees what in it, and that nobody else reads a word."""

from __future__ import annotations

import datetime as dt
import logging

import icalendar
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keybook.apps.customers.models import Preference
from keybook.apps.interactions.models import Participant
from keybook.apps.notices.commands.feed import choose_amounts, end_feed, make_feed
from keybook.apps.notices.models import Feed, Moved
from keybook.apps.people.models import Deputy, Share
from keybook.apps.reminders.models import Observance, Occasion, Promise
from keybook.logs import Discreet
from tests.cast import NOON, TODAY, Cast, as_web, make_customer, make_interaction, make_reminder

FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def rows(cast: Cast) -> Cast:
    """Alice has promised Mrs Zhang a call, whose deposit matures; Carol has promised Mr Liu one."""
    Promise.objects.create(customer=cast.zhang, staff=cast.alice, text="Call back, about 1; 2", due_on=FRIDAY)
    Promise.objects.create(customer=cast.liu, staff=cast.carol, text="Only Carol knows", due_on=FRIDAY)
    make_reminder(customer=cast.zhang)
    Occasion.objects.create(customer=cast.osei, kind="opening", month=12, day=1, label="Opening of the restaurant")
    return cast


def token_of(staff, *, amounts: bool = False) -> str:
    return make_feed(staff=staff, amounts=amounts, at=NOON)


def read(token: str, **headers: str):
    return Client().get(f"/calendar/{token}.ics", headers=headers)


def summaries(token: str) -> list[str]:
    answer = read(token)
    assert answer.status_code == 200
    return sorted(str(each["SUMMARY"]) for each in icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_the_calendar_holds_promises_reminders_and_occasions_of_the_own_book(rows: Cast) -> None:
    assert summaries(token_of(rows.alice)) == [
        "Kwame Osei: Opening of the restaurant", "Zhang Wei: Call back, about 1; 2", "Zhang Wei: birthday",
        "Zhang Wei: maturity",
    ]  # fmt: skip


def test_it_is_for_its_reader_alone_and_needs_no_cookie(rows: Cast) -> None:
    answer = read(token_of(rows.alice))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies


def test_no_phone_and_no_amount_leave_unless_the_person_switches_amounts_on(rows: Cast) -> None:
    token = token_of(rows.alice)
    assert b"13800138000" not in read(token).content
    assert b"1\\,800\\,000" not in read(token).content
    choose_amounts(staff=rows.alice, amounts=True)
    assert b"1\\,800\\,000" in read(token).content


def test_it_speaks_the_readers_language(rows: Cast) -> None:
    rows.alice.language = "zh-hans"
    rows.alice.save()
    assert "张伟：生日" in summaries(token_of(rows.alice))


def test_a_deputy_sees_the_principals_entries_while_standing_in(rows: Cast) -> None:
    token = token_of(rows.bob)
    assert "Zhang Wei: Call back, about 1; 2" in summaries(token)
    Deputy.objects.update(until_on=TODAY)
    assert summaries(token) == []


def test_a_share_shows_that_customers_entries(rows: Cast) -> None:
    token = token_of(rows.alice)
    Share.objects.create(customer_id=rows.liu.pk, staff=rows.alice)
    assert "Liu Yang: Only Carol knows" in summaries(token)


def test_a_stranger_a_head_and_compliance_do_not_carry_the_whole_bank_in_their_pocket(rows: Cast) -> None:
    for staff in (rows.mei, rows.dora, rows.hugo, rows.leo, rows.ada):
        assert summaries(token_of(staff)) == []
    assert summaries(token_of(rows.carol)) == ["Liu Yang: Only Carol knows"]


def test_what_is_done_withdrawn_or_dismissed_vanishes(rows: Cast) -> None:
    token = token_of(rows.alice)
    Promise.objects.filter(staff=rows.alice).update(state="withdrawn")
    rows.zhang.reminders.update(state="dismissed")
    rows.osei.occasions.all().delete()
    assert summaries(token) == ["Zhang Wei: birthday"]


def test_who_does_not_want_to_be_congratulated_is_not_in_it(rows: Cast) -> None:
    for customer in (rows.zhang, rows.osei):
        Preference.objects.create(customer=customer, no_congratulation=True)
    assert summaries(token_of(rows.alice)) == ["Zhang Wei: Call back, about 1; 2", "Zhang Wei: maturity"]


def test_in_mourning_no_occasion_is_in_it(rows: Cast) -> None:
    token = token_of(rows.alice)
    for customer in (rows.zhang, rows.osei):
        Observance.objects.create(customer=customer, mourning_from=TODAY, mourning_until=TODAY + dt.timedelta(days=30))
    assert summaries(token) == ["Zhang Wei: Call back, about 1; 2", "Zhang Wei: maturity"]
    Observance.objects.update(mourning_until=TODAY + dt.timedelta(days=1))
    assert len(summaries(token)) == 4


def test_a_promise_made_in_confidence_is_hidden_from_the_deputy_and_shown_to_who_is_named(rows: Cast) -> None:
    contact = make_interaction(customer=rows.zhang, staff=rows.alice, confidential=True)
    Promise.objects.create(customer=rows.zhang, staff=rows.alice, text="In confidence", due_on=FRIDAY, made_in=contact)
    assert "Zhang Wei: In confidence" in summaries(token_of(rows.alice))
    deputys = token_of(rows.bob)
    assert "Zhang Wei: In confidence" not in summaries(deputys)
    Participant.objects.create(interaction=contact, staff=rows.bob)
    assert "Zhang Wei: In confidence" in summaries(deputys)


def test_without_row_security_our_own_filter_alone_hides_what_was_said_in_confidence(rows: Cast, settings) -> None:
    settings.DATABASE_ASSUME_ROLE = False
    contact = make_interaction(customer=rows.zhang, staff=rows.alice, confidential=True)
    Promise.objects.create(customer=rows.zhang, staff=rows.alice, text="In confidence", due_on=FRIDAY, made_in=contact)
    assert "Zhang Wei: In confidence" not in summaries(token_of(rows.bob))
    assert summaries(token_of(rows.carol)) == ["Liu Yang: Only Carol knows"]


def test_a_promise_that_is_moved_keeps_its_name_and_counts_up(rows: Cast) -> None:
    token = token_of(rows.alice)
    promise = Promise.objects.get(staff=rows.alice)

    def seen():
        found = icalendar.Calendar.from_ical(read(token).content).walk("VEVENT")
        return next(each for each in found if str(each["UID"]) == f"promise-{promise.pk}@keybook")

    before = seen()
    Promise.objects.filter(pk=promise.pk).update(due_on=FRIDAY + dt.timedelta(days=3))
    after = seen()
    assert before.decoded("SEQUENCE") == 0
    assert after.decoded("SEQUENCE") == 1
    assert after.decoded("DTSTART") == FRIDAY + dt.timedelta(days=3)
    assert after.decoded("LAST-MODIFIED") >= before.decoded("LAST-MODIFIED")
    Promise.objects.filter(pk=promise.pk).update(state="open")
    assert seen().decoded("SEQUENCE") == 1


def test_each_day_of_a_lunar_birthday_is_the_right_one(rows: Cast) -> None:
    make_customer(rm=rows.alice, name="Chen Jie", lunar_birthday="08-05", born_on=dt.date(1970, 9, 5))
    found = icalendar.Calendar.from_ical(read(token_of(rows.alice)).content).walk("VEVENT")
    (birthday,) = [each for each in found if str(each["SUMMARY"]).startswith("Chen Jie")]
    assert birthday.decoded("DTSTART") == dt.date(2027, 9, 5)  # the 5th of the 8th month of that year


def test_a_lunar_birthday_no_year_has_is_left_out(rows: Cast) -> None:
    make_customer(rm=rows.alice, name="Chen Jie", lunar_birthday="13-41")
    assert not [each for each in summaries(token_of(rows.alice)) if each.startswith("Chen")]


def test_an_unchanged_calendar_is_not_sent_twice(rows: Cast) -> None:
    token = token_of(rows.alice)
    mark = read(token)["ETag"]
    again = read(token, **{"If-None-Match": f'"other", W/{mark}'})
    assert (again.status_code, again.content) == (304, b"")
    Promise.objects.filter(staff=rows.alice).update(text="Another")
    assert read(token, **{"If-None-Match": mark}).status_code == 200


def test_only_a_hash_of_the_token_is_kept(rows: Cast) -> None:
    token = token_of(rows.alice)
    assert len(token) >= 32
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(f::text, '') || (SELECT string_agg(e::text, '') FROM notices_feedevent e) FROM notices_feed f"
        )
        kept = cursor.fetchone()[0]
    assert token not in kept
    assert Feed.objects.get().token_hash not in str(Feed.objects.get().__dict__.keys())


def test_a_renewed_or_revoked_token_is_not_known_any_more(rows: Cast) -> None:
    old = token_of(rows.alice)
    new = token_of(rows.alice)
    assert read(old).status_code == 404
    assert read(new).status_code == 200
    assert end_feed(staff=rows.alice)
    assert not end_feed(staff=rows.alice)
    assert read(new).status_code == 404


def test_a_leavers_calendar_is_not_found_at_once(rows: Cast) -> None:
    token = token_of(rows.alice)
    rows.alice.is_active = False
    rows.alice.save()
    gone, never = read(token), read("x" * 32)
    assert (gone.status_code, gone.content, dict(gone.headers).keys()) == (
        404,
        never.content,
        dict(never.headers).keys(),
    )


def test_a_session_does_not_open_anothers_calendar(rows: Cast) -> None:
    browser = as_web(rows.carol)
    answer = browser.get(f"/calendar/{token_of(rows.alice)}.ics")
    assert b"Only Carol knows" not in answer.content


def test_nothing_is_written_when_a_calendar_is_read(rows: Cast) -> None:
    token = token_of(rows.alice)
    with CaptureQueriesContext(connection) as ran:
        read(token)
    assert not [each["sql"] for each in ran if each["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]


def test_posting_to_a_calendar_is_refused(rows: Cast) -> None:
    token = token_of(rows.alice)
    assert [Client().generic(method, f"/calendar/{token}.ics").status_code for method in ("POST", "PUT", "DELETE")] == [
        405
    ] * 3


def test_no_token_is_in_any_log_line(rows: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = token_of(rows.alice)
    read(token)
    read("u" * 32)
    Client().post(f"/calendar/{token}.ics")
    Client().get(f"/calendar/{token}.ics/")
    said = "\n".join(Discreet().format(each) for each in caplog.records if not each.name.startswith("django.db"))
    assert token not in said
    assert "u" * 32 not in said


def test_whoever_tries_many_tokens_is_refused_for_a_minute_and_readers_are_not(rows: Cast) -> None:
    token = token_of(rows.alice)
    assert {read(f"{number:032}").status_code for number in range(30)} == {404}
    refused = read("y" * 32)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert read(token).status_code == 200


def test_a_program_that_asks_without_end_is_refused(rows: Cast) -> None:
    token = token_of(rows.alice)
    assert [read(token).status_code for _ in range(62)][58:] == [200, 200, 429, 429]


def test_as_many_statements_for_a_thousand_entries_as_for_three(rows: Cast) -> None:
    token = token_of(rows.alice)
    read(token)
    with CaptureQueriesContext(connection) as few:
        read(token)
    Promise.objects.bulk_create(
        Promise(customer=rows.zhang, staff=rows.alice, text=f"Promise {number}", due_on=FRIDAY)
        for number in range(1000)
    )
    with CaptureQueriesContext(connection) as many:
        assert len(summaries(token)) == 1004
    assert len(many) == len(few)
    assert Moved.objects.filter(source="promise").count() == 1002
