"""Appointing a deputy, on the page about oneself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keybook.apps.people.apps import refuse_unbound
from keybook.apps.people.commands import NotAppointedError, appoint_deputy, end_deputy
from keybook.apps.people.models import Deputy, Share
from keybook.apps.reminders.commands import take_back
from keybook.apps.reminders.models import Line
from tests.cast import TODAY, Cast, as_web, make_line, scope

PAGE = "/settings/me/deputies/"
WEEK = dt.timedelta(days=7)


def appoint(cast: Cast, code: str = "carol", start: dt.date = TODAY, end: dt.date = TODAY + WEEK) -> Deputy:
    return appoint_deputy(principal=cast.alice, deputy_code=code, from_on=start, until_on=end, today=TODAY)


def test_a_deputy_appointed_on_the_page_sees_the_book_through_the_last_day(cast: Cast) -> None:
    form = {"deputy": "carol", "from_on": "2026-11-24", "until_on": "2026-11-30"}
    assert as_web(cast.alice).post(PAGE, form).status_code == 302
    for day, seen in (("2026-11-23", False), ("2026-11-24", True), ("2026-11-30", True), ("2026-12-01", False)):
        assert (cast.alice.pk in scope(cast.carol, dt.date.fromisoformat(day)).books) is seen, day


def test_the_page_lists_who_stands_in(cast: Cast) -> None:
    page = as_web(cast.alice).get("/settings/me/").content.decode()
    assert "Bob Chen" in page or "陈波" in page


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"deputy": "nobody", "from_on": "2026-11-24", "until_on": "2026-11-30"}, "deputy"),
        ({"deputy": "mei", "from_on": "2026-11-24", "until_on": "2026-11-30"}, "deputy"),
        ({"deputy": "alice", "from_on": "2026-11-24", "until_on": "2026-11-30"}, "deputy"),
        ({"deputy": "carol", "from_on": "2026-11-30", "until_on": "2026-11-24"}, "until_on"),
        ({"deputy": "carol", "from_on": "2026-02-30", "until_on": "2026-11-30"}, "from_on"),
        ({"deputy": "carol", "from_on": "2026-01-01", "until_on": "2026-02-01"}, "until_on"),
        ({"deputy": "bob", "from_on": "2026-11-24", "until_on": "2026-11-30"}, "from_on"),
    ],
)
def test_a_deputy_is_refused_beside_the_field_and_what_was_typed_kept(
    cast: Cast, form: dict[str, str], field: str
) -> None:
    answer = as_web(cast.alice).post(PAGE, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in page
    assert form["until_on"] in page
    assert Deputy.objects.count() == 1


def test_a_compliance_officer_may_not_appoint(cast: Cast) -> None:
    form = {"deputy": "carol", "from_on": "2026-11-24", "until_on": "2026-11-30"}
    assert as_web(cast.mei).post(PAGE, form).status_code == 403
    assert Deputy.objects.count() == 1


def test_an_ended_deputy_sees_nothing_from_today_on(cast: Cast) -> None:
    row = Deputy.objects.get()
    assert as_web(cast.alice).post(f"{PAGE}{row.pk}/end/").status_code == 302
    assert cast.alice.pk not in scope(cast.bob).books
    assert cast.alice.pk in scope(cast.bob, TODAY - dt.timedelta(days=1)).books


def test_a_deputy_that_has_not_begun_is_taken_back(cast: Cast) -> None:
    row = appoint(cast, start=TODAY + WEEK, end=TODAY + 2 * WEEK)
    assert end_deputy(principal=cast.alice, deputy_id=row.pk, today=TODAY)
    assert not Deputy.objects.filter(pk=row.pk).exists()


def test_anothers_deputy_may_not_be_ended(cast: Cast) -> None:
    row = Deputy.objects.get()
    assert as_web(cast.carol).post(f"{PAGE}{row.pk}/end/").status_code == 404
    assert Deputy.objects.get() == row


def test_the_same_colleague_twice_on_one_day_is_refused(cast: Cast) -> None:
    appoint(cast)
    with pytest.raises(NotAppointedError):
        appoint(cast, start=TODAY + WEEK - dt.timedelta(days=1), end=TODAY + 2 * WEEK)
    appoint(cast, start=TODAY + WEEK, end=TODAY + 2 * WEEK)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), days=st.integers(-400, 400))
def test_a_period_out_of_order_or_over_is_always_refused(cast: Cast, start: dt.date, days: int) -> None:
    Deputy.objects.all().delete()
    end = start + dt.timedelta(days=days)
    if days > 0 and end > TODAY:
        assert appoint(cast, start=start, end=end).until_on == end
    else:
        with pytest.raises(NotAppointedError):
            appoint(cast, start=start, end=end)


def test_the_look_is_kept_and_an_unknown_one_refused(cast: Cast) -> None:
    browser = as_web(cast.alice)
    browser.post("/settings/me/", {"language": "zh-hans", "theme": "dark"})
    browser.post("/settings/me/", {"language": "xx", "theme": "<script>", "letter_keys": "on"})
    cast.alice.refresh_from_db()
    assert (cast.alice.language, cast.alice.theme, cast.alice.letter_keys) == ("zh-hans", "dark", True)


def test_the_sign_in_page_of_the_demo_says_what_waits(cast: Cast) -> None:
    make_line(customer=cast.zhang, group="a_late")
    make_line(customer=cast.osei)
    page = as_web().get("/accounts/login/", HTTP_HOST="localhost").content.decode()
    assert "2 to contact, 1 late" in page
    assert "Reads everything, changes nothing" in page


def test_a_web_server_that_row_security_does_not_bind_is_refused(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE keybook_web")
        refuse_unbound(connection=connection)
        cursor.execute("RESET ROLE")

    class Owner:
        cursor = staticmethod(connection.cursor)

        @staticmethod
        def close() -> None:
            """Nothing: the test's own connection goes on."""

    with pytest.raises(ImproperlyConfigured, match="does not bind"):
        refuse_unbound(connection=Owner)


def handed(cast: Cast) -> Line:
    """Mrs Zhang's line, handed by Alice to Bob, her deputy."""
    line = make_line(customer=cast.zhang)
    answer = as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/deputy/", {"to": cast.bob.pk})
    assert answer.status_code == 302
    line.refresh_from_db()
    assert line.handed_to_id == cast.bob.pk
    return line


def test_a_handed_line_comes_back_when_the_deputy_is_ended_early(cast: Cast) -> None:
    line, row = handed(cast), Deputy.objects.get()
    assert as_web(cast.alice).post(f"{PAGE}{row.pk}/end/").status_code == 302
    line.refresh_from_db()
    assert line.handed_to_id is None
    assert as_web(cast.bob).get(f"/customers/{cast.zhang.pk}/").status_code == 404


def test_a_handed_line_comes_back_the_night_the_period_is_over_and_not_before(cast: Cast) -> None:
    line, row = handed(cast), Deputy.objects.get()
    last = row.until_on - dt.timedelta(days=1)
    assert [take_back(today=day) for day in (TODAY, last, row.until_on, row.until_on)] == [0, 0, 1, 0]
    line.refresh_from_db()
    assert line.handed_to_id is None
    assert not Share.objects.exists()


def test_a_share_of_another_kind_is_not_ended_with_a_deputy(cast: Cast) -> None:
    Share.objects.create(customer_id=cast.zhang.pk, staff=cast.carol, reason="speaks Spanish")
    assert end_deputy(principal=cast.alice, deputy_id=Deputy.objects.get().pk, today=TODAY)
    assert Share.objects.count() == 1
