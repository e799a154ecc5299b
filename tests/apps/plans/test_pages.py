"""The Plan page as its readers see it: week, month, branch, cards, answers, time; and what it costs."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keybook.apps.people.models import Staff
from keybook.apps.plans.models import Absence, Capacity, Entry, Meeting, Plan, Unplaced
from tests.apps.plans.stage import SATURDAY, TOMORROW, make_entry
from tests.cast import TODAY, Cast, as_web, make_customer, make_interaction

pytestmark = pytest.mark.django_db
WEEK, MONTH = "/plan/", "/plan/?view=month"
HTMX = {"HTTP_HX_REQUEST": "true"}


def text(answer: object) -> str:
    """The page without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())  # type: ignore[attr-defined]


def made(staff: Staff, **more: object) -> Plan:
    values = {"from_on": TODAY, "until_on": TODAY + dt.timedelta(days=28), "made_on": TODAY, "state": "made"}
    return Plan.objects.create(staff=staff, **{**values, **more})


@pytest.mark.parametrize("address", [WEEK, MONTH])
def test_the_page_shows_what_lies_where_and_how_full_it_is(cast: Cast, address: str) -> None:
    make_entry(customer=cast.zhang, staff=cast.alice)
    Meeting.objects.create(staff=cast.alice, on=TODAY, from_minute=600, until_minute=660, title="Board", source="typed")
    page = text(as_web(cast.alice).get(address))
    assert "Zhang Wei" in page
    assert "Board" in page
    assert "1 contact until" in page
    if address == WEEK:
        assert "20 / 120" in page
        assert "0 / 88" in page


def test_an_empty_month_says_what_to_do(cast: Cast) -> None:
    page = text(as_web(cast.alice).get(WEEK))
    assert "Nothing planned yet" in page
    assert "Plan my month" in page


@pytest.mark.parametrize("address", [WEEK, MONTH])
def test_the_page_asks_as_often_for_one_contact_as_for_many(cast: Cast, address: str) -> None:
    plan = made(cast.alice)

    def asked() -> int:
        browser = as_web(cast.alice)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    make_entry(customer=cast.zhang, staff=cast.alice)
    few = asked()
    for number in range(20):
        customer = make_customer(rm=cast.alice)
        make_entry(customer=customer, staff=cast.alice, on=TODAY + dt.timedelta(days=number % 5))
        Unplaced.objects.create(plan=plan, customer=customer, cause="standard", channel="call", minutes=20, code="full")
    assert asked() == few == 19


def test_another_weeks_page_has_its_own_contacts(cast: Cast) -> None:
    make_entry(customer=cast.zhang, staff=cast.alice)
    make_entry(customer=cast.osei, staff=cast.alice, on=TODAY + dt.timedelta(days=8))
    page = text(as_web(cast.alice).get(f"{WEEK}?on=2026-12-01"))
    assert "Kwame Osei" in page
    assert "Zhang Wei" not in page


@pytest.mark.parametrize("query", ["on=x", "on=9999-12-31", "view=year", "day=2026-02-30", "rm=x"])
def test_a_bent_address_shows_this_week(cast: Cast, query: str) -> None:
    make_entry(customer=cast.zhang, staff=cast.alice)
    assert "Zhang Wei" in text(as_web(cast.alice).get(f"{WEEK}?{query}"))


def test_a_saturday_that_is_made_up_is_shown_and_another_is_not(cast: Cast) -> None:
    assert "Sat 28 Nov" not in text(as_web(cast.alice).get(WEEK))
    Entry.objects.create(
        customer=cast.zhang, staff=cast.alice, on=SATURDAY, half="am", channel="call", minutes=20, cause="hand"
    )
    assert "Sat 28 Nov" in text(as_web(cast.alice).get(WEEK))


def test_leave_is_shown_with_who_stands_in(cast: Cast) -> None:
    Absence.objects.create(staff=cast.alice, from_on=TOMORROW, until_on=TOMORROW + dt.timedelta(days=1))
    page = text(as_web(cast.alice).get(WEEK))
    assert "Leave Deputy: Bob Chen" in page


def test_what_found_no_place_is_listed_with_its_reason_until_it_has_one(cast: Cast) -> None:
    facts = {"from_on": "2026-11-23", "until_on": "2026-11-27"}
    left = Unplaced.objects.create(
        plan=made(cast.alice),
        customer=cast.osei,
        cause="standard",
        channel="call",
        minutes=20,
        code="full",
        facts=facts,
    )
    page = text(as_web(cast.alice).get(WEEK))
    assert "Every half-day that would do is full, from Mon 23 Nov to Fri 27 Nov." in page
    left.entry = make_entry(customer=cast.osei, staff=cast.alice)
    left.save()
    assert "Everything has found its place." in text(as_web(cast.alice).get(WEEK))


def test_what_was_missed_is_listed(cast: Cast) -> None:
    make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY - dt.timedelta(days=4))
    assert "planned for Thu 19 Nov, not done" in text(as_web(cast.alice).get(WEEK))


def test_a_colleagues_meeting_is_taken_time_without_its_title(cast: Cast) -> None:
    Meeting.objects.create(staff=cast.alice, on=TODAY, from_minute=600, until_minute=660, title="Dentist", source="ics")
    for person, told in ((cast.alice, True), (cast.bob, True), (cast.dora, False), (cast.mei, False)):
        browser = as_web(person)
        for address in (f"{WEEK}?rm={cast.alice.pk}", f"/plan/time/?rm={cast.alice.pk}"):
            page = text(browser.get(address))
            assert ("Dentist" in page) is told, (person.code, address)
            assert ("Taken" in page) is not told


def test_a_meeting_stands_in_the_half_day_it_takes_time_of(cast: Cast) -> None:
    for start, end, title in ((600, 660, "Early"), (760, 800, "Lunch"), (780, 1080, "Long"), (700, 900, "Across")):
        Meeting.objects.create(
            staff=cast.alice, on=TODAY, from_minute=start, until_minute=end, title=title, source="typed"
        )
    week = as_web(cast.alice).get(WEEK).content.decode().split('class="only-s"', maxsplit=1)[0]
    assert [week.count(title) for title in ("Early", "Lunch", "Long", "Across")] == [1, 1, 1, 2]


def test_while_planning_runs_the_page_says_how_far_it_is_and_asks_again(cast: Cast) -> None:
    run = made(cast.alice, state="running", progress=40)
    page = as_web(cast.alice).get(WEEK)
    assert "40" in text(page)
    assert "You can leave this page" in text(page)
    assert 'hx-trigger="load delay:1s"' in page.content.decode()
    Plan.objects.filter(pk=run.pk).update(state="refused", said="No minutes are kept.")
    page = as_web(cast.alice).get(WEEK)
    assert "No minutes are kept." in text(page)
    assert "load delay" not in page.content.decode()


def test_a_branch_head_sees_everybodys_weeks_and_opens_one(cast: Cast) -> None:
    make_entry(customer=cast.zhang, staff=cast.alice)
    page = text(as_web(cast.dora).get(WEEK))
    assert "Alice Wang" in page
    assert "Carol Jones" not in page
    assert "Zhang Wei" in text(as_web(cast.dora).get(f"{WEEK}?rm={cast.alice.pk}"))


def test_nobody_opens_a_plan_out_of_scope(cast: Cast) -> None:
    assert as_web(cast.carol).get(f"{WEEK}?rm={cast.alice.pk}").status_code == 404
    assert as_web(cast.carol).get(f"/plan/time/?rm={cast.alice.pk}").status_code == 404
    assert as_web(cast.leo).get(WEEK).status_code == 403


def test_on_a_shared_plan_only_customers_in_sight_are_shown(cast: Cast) -> None:
    make_entry(customer=cast.liu, staff=cast.alice)  # a stranger's customer on Alice's plan
    assert "Liu Yang" not in text(as_web(cast.alice).get(WEEK))


def test_compliance_reads_and_finds_no_verb(cast: Cast) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    browser = as_web(cast.mei)
    page = browser.get(f"{WEEK}?rm={cast.alice.pk}").content.decode()
    assert "Zhang Wei" in page
    assert "data-move" not in page
    assert "Plan the month" not in page
    assert "Move to" not in text(browser.get(f"/plan/entries/{entry.pk}/"))


def test_the_card_says_why_and_lists_the_half_days_with_their_answers(cast: Cast) -> None:
    entry = make_entry(
        customer=cast.zhang, staff=cast.alice, due_on=TODAY + dt.timedelta(days=3), theme="Year-end review"
    )
    page = text(as_web(cast.alice).get(f"/plan/entries/{entry.pk}/"))
    assert "Year-end review" in page
    assert "Due by Thu 26 Nov." in page
    assert "Wed 25 Nov, morning: Fits, 100 min left" in page
    assert "Sat 28 Nov" not in page


def test_the_answers_are_given_for_every_half_day_while_it_is_held(cast: Cast) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    Absence.objects.create(staff=cast.alice, from_on="2026-11-26", until_on="2026-11-27")
    browser = as_web(cast.alice)
    counts = []
    for weeks in (1, 5, 1):  # the first request renews the session
        with CaptureQueriesContext(connection) as queries:
            found = browser.get(f"/plan/entries/{entry.pk}/answers/?from=2026-11-23&weeks={weeks}").json()["slots"]
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert found["2026-11-25pm"] == {"kind": "fits", "code": "", "said": "Fits, 100 min left"}
    assert (found["2026-11-26am"]["kind"], found["2026-11-26am"]["said"]) == ("refused", "Away")
    assert found["2026-11-28am"]["said"] == "No workday"


def test_moved_by_the_page_it_is_drawn_anew_and_can_be_undone(cast: Cast) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    browser = as_web(cast.alice)
    answer = browser.post(f"/plan/entries/{entry.pk}/?on=2026-11-23", {"to": "2026-11-26pm"}, **HTMX)
    assert answer.status_code == 200
    assert 'id="plan"' in answer.content.decode()
    entry.refresh_from_db()
    assert (entry.on, entry.half) == (dt.date(2026, 11, 26), "pm")
    token = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    assert token is not None
    back = browser.post("/plan/undo/", {"token": token[1]}, **HTMX)
    assert "Back on Tue 24 Nov: Zhang Wei." in text(back)


def test_without_script_it_is_moved_by_a_form_and_the_page_follows(cast: Cast) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    answer = as_web(cast.alice).post(f"/plan/entries/{entry.pk}/", {"to": "2026-11-26pm"}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/plan/?")
    assert "Zhang Wei: Thu 26 Nov, afternoon." in text(answer)


def test_where_it_is_full_the_card_asks_and_offers_the_next_half_day(cast: Cast) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    for _number in range(6):
        make_entry(customer=make_customer(rm=cast.alice), staff=cast.alice, on="2026-11-26", half="pm")
    answer = as_web(cast.alice).post(f"/plan/entries/{entry.pk}/", {"to": "2026-11-26pm"}, **HTMX)
    page = text(answer)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#hand"
    assert "would be full: 140 of 120 minutes" in page
    assert "Put on Fri 27 Nov, morning" in page
    assert "Put here, because…" in page


@pytest.mark.parametrize(
    ("form", "said"),
    [({}, "Choose a day."), ({"to": "tomorrow"}, "Choose a half-day of the list."), ({"to": "2026-02-30am"}, "no date"),
     ({"on": "2026-11-26"}, "Choose the morning or the afternoon."), ({"to": "2026-11-28am"}, "nobody works")],
)  # fmt: skip
def test_a_move_to_nowhere_is_refused_with_a_sentence(cast: Cast, form: dict[str, str], said: str) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    answer = as_web(cast.alice).post(f"/plan/entries/{entry.pk}/", form)
    assert answer.status_code == 422
    assert said in text(answer)
    entry.refresh_from_db()
    assert entry.on == TOMORROW


def test_taken_out_and_let_go_from_the_card(cast: Cast) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice, pinned=True)
    browser = as_web(cast.alice)
    browser.post(f"/plan/entries/{entry.pk}/loose/", **HTMX)
    entry.refresh_from_db()
    assert entry.pinned is False
    assert "Taken out: Zhang Wei." in text(browser.post(f"/plan/entries/{entry.pk}/out/", **HTMX))
    assert "It was taken out of the plan." in text(browser.post(f"/plan/entries/{entry.pk}/out/", **HTMX))


def test_a_done_contact_has_no_verb(cast: Cast) -> None:
    contact = make_interaction(customer=cast.zhang, staff=cast.alice)
    entry = make_entry(customer=cast.zhang, staff=cast.alice, state="done", interaction=contact)
    page = text(as_web(cast.alice).get(f"/plan/entries/{entry.pk}/"))
    assert "Done: the contact is in the history." in page
    assert "Move to" not in page


def test_placed_by_hand_from_the_list_of_those_without_a_place(cast: Cast) -> None:
    left = Unplaced.objects.create(
        plan=made(cast.alice), customer=cast.osei, cause="standard", channel="call", minutes=20, code="shut"
    )
    browser = as_web(cast.alice)
    assert "No workday lies in its window." in text(browser.get(f"/plan/unplaced/{left.pk}/"))
    assert browser.get(f"/plan/unplaced/{left.pk}/answers/").json()["slots"]["2026-11-24am"]["kind"] == "fits"
    browser.post(f"/plan/unplaced/{left.pk}/", {"to": "2026-11-24am"})
    assert Entry.objects.get().customer_id == cast.osei.pk


def test_a_contact_is_planned_from_the_customers_page(cast: Cast) -> None:
    browser = as_web(cast.alice)
    assert "Plan a contact" in text(browser.get(f"/customers/{cast.zhang.pk}/"))
    assert "Wed 25 Nov, morning: Fits" in text(browser.get(f"/customers/{cast.zhang.pk}/plan/?channel=visit"))
    wrong = browser.post(f"/customers/{cast.zhang.pk}/plan/", {"to": "2026-11-25am"})
    assert wrong.status_code == 422
    assert "Choose how you will be in touch." in text(wrong)
    form = {"to": "2026-11-25am", "channel": "visit", "theme": "New house"}
    browser.post(f"/customers/{cast.zhang.pk}/plan/", form)
    assert Entry.objects.get().theme == "New house"
    assert "Planned for Wed 25 Nov, morning" in text(browser.get(f"/customers/{cast.zhang.pk}/"))
    again = browser.post(f"/customers/{cast.zhang.pk}/plan/", form)
    assert "another contact with this customer" in text(again)


def test_the_form_to_log_knows_how_it_was_planned_and_leads_back(cast: Cast) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY, channel="visit", theme="Year-end review")
    browser = as_web(cast.alice)
    way = f"/customers/{cast.zhang.pk}/log/?from=plan&channel=visit&cause=standard&topic=Year-end%20review"
    assert way.replace("&", "&amp;") in browser.get(f"/plan/entries/{entry.pk}/").content.decode()
    page = browser.get(way).content.decode()
    assert re.search(r'<option value="visit" selected', page)
    assert 'value="Year-end review"' in page
    key = re.search(r'name="client_key" value="([^"]+)"', page)
    assert key is not None
    answer = browser.post(
        way.split("?", maxsplit=1)[0], {"channel": "visit", "outcome": "met", "client_key": key[1], "from": "plan"}
    )
    assert answer["Location"] == "/plan/"
    entry.refresh_from_db()
    assert entry.state == "done"


def test_today_says_how_many_are_planned(cast: Cast) -> None:
    make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY)
    make_entry(customer=cast.osei, staff=cast.alice)
    assert "1 contact planned for today" in text(as_web(cast.alice).get("/"))


def test_meetings_leave_and_capacity_are_kept_from_one_page(cast: Cast) -> None:
    browser = as_web(cast.alice)
    browser.post(
        "/plan/time/", {"part": "meeting", "on": "2026-11-24", "begins": "9:30", "ends": "1030", "title": "Team"}
    )
    browser.post(
        "/plan/time/", {"part": "absence", "from_on": "2026-12-01", "last_on": "2026-12-02", "why": "training"}
    )
    page = text(browser.get("/plan/time/"))
    assert "Tue 24 Nov Team 9:30–10:30" in page
    assert "Tue 1 Dec Training to Wed 2 Dec" in page
    browser.post(f"/plan/meetings/{Meeting.objects.get().pk}/remove/")
    browser.post(f"/plan/absences/{Absence.objects.get().pk}/remove/")
    assert not Meeting.objects.exists()
    assert not Absence.objects.exists()


CAPACITY = {
    "morning_from": "9:00", "morning_until": "12:00", "afternoon_from": "13:30", "afternoon_until": "18:00",
    "morning_minutes": "60", "afternoon_minutes": "90", "travel": "20", "weekdays": ["0", "1", "2", "3"],
    **{f"minutes_{channel}": "15" for channel in ("call", "visit", "branch", "wechat", "sms", "email", "letter")},
    "cap_call": "5",
}  # fmt: skip


def test_a_capacity_of_ones_own_and_back_to_the_banks(cast: Cast) -> None:
    browser = as_web(cast.alice)
    browser.post("/plan/time/", {"part": "capacity", **CAPACITY})
    row = Capacity.objects.get()
    assert (row.staff_id, row.morning_from, row.caps, row.weekdays) == (cast.alice.pk, 540, {"call": 5}, [0, 1, 2, 3])
    browser.post("/plan/time/", {"part": "usual"})
    assert not Capacity.objects.exists()


def test_the_banks_usual_is_set_by_an_administrator_and_read_by_all(cast: Cast) -> None:
    browser = as_web(cast.ada)
    assert browser.post("/settings/capacity/", CAPACITY).status_code == 302
    assert Capacity.objects.get().staff_id is None
    assert "13:30" in as_web(cast.mei).get("/settings/capacity/").content.decode()
    wrong = browser.post("/settings/capacity/", {**CAPACITY, "morning_minutes": "600"})
    assert "Between 0 and 180 minutes" in text(wrong)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"part": "meeting"}, "Choose a day."),
        ({"part": "meeting", "on": "2026-11-24", "begins": "25:00", "ends": "9"}, "That is no time."),
        ({"part": "meeting", "on": "2026-11-24", "begins": "9:61", "ends": "10"}, "That is no time."),
        ({"part": "meeting", "on": "2026-11-24", "begins": "ten", "ends": "11"}, "That is no time."),
        ({"part": "meeting", "on": "2026-11-24", "begins": "10:00", "ends": "9:00"}, "ends after it begins"),
        ({"part": "absence", "from_on": "2026-12-02", "last_on": "2026-12-01"}, "comes before the first"),
        ({"part": "file"}, "Choose a calendar file"),
        ({"part": "capacity"}, "Write a time."),
        ({"part": "capacity", **CAPACITY, "weekdays": []}, "at least one weekday"),
        ({"part": "capacity", **CAPACITY, "morning_until": "8:00"}, "ends after it begins"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(
    cast: Cast, form: dict[str, str], said: str
) -> None:
    answer = as_web(cast.alice).post("/plan/time/", form)
    assert answer.status_code == 422
    assert said in text(answer)
    assert [model.objects.count() for model in (Meeting, Absence, Capacity)] == [0, 0, 0]


def test_a_calendar_is_brought_in_as_a_file(cast: Cast) -> None:
    data = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Review\r\nDTSTART:20261124T020000Z\r\n"
        b"DTEND:20261124T030000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    browser = as_web(cast.alice)
    answer = browser.post("/plan/time/", {"part": "file", "file": SimpleUploadedFile("a.ics", data)}, follow=True)
    assert "1 meeting new" in text(answer)
    assert "Tue 24 Nov Review 10:00–11:00" in text(answer)
    wrong = browser.post("/plan/time/", {"part": "file", "file": SimpleUploadedFile("a.ics", b"hello")})
    assert "That is no calendar file." in text(wrong)


def test_programs_list_move_and_drop(cast: Cast) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    browser = as_web(cast.alice)
    (listed,) = browser.get("/api/v1/plan/entries?from_on=2026-11-23").json()
    assert (listed["id"], listed["name"], listed["half"]) == (entry.pk, "Zhang Wei", "am")

    def send(verb: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
        answer = browser.post(
            f"/api/v1/plan/entries/{entry.pk}/{verb}", json.dumps(body), content_type="application/json"
        )
        return answer.status_code, answer.json()

    status, problem = send("move", {"on": "2026-11-28", "half": "am"})
    assert (status, problem["detail"]) == (422, "On Sat 28 Nov nobody works. Choose another day.")
    assert send("move", {"on": "2026-11-26", "half": "am"})[0] == 200
    assert send("drop", {"because": "Asked for peace"})[0] == 200
    entry.refresh_from_db()
    assert (entry.on, entry.state, entry.because) == (dt.date(2026, 11, 26), "dropped", "Asked for peace")
    assert as_web(cast.carol).get(f"/api/v1/plan/entries?rm={cast.alice.pk}").status_code == 404
