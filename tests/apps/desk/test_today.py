"""The Today page."""

from __future__ import annotations

import uuid

import pytest

from keybook.apps.audit.models import View
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.models import Line, Reminder
from tests.cast import TODAY, Cast, as_web, make_customer, make_reminder

# session, access, lines, counts, the look recorded, coverage, what stands beside, promises; and five by which a test steps into the web role
QUERIES = 8 + 5
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def list_of_two(cast: Cast) -> Cast:
    """Alice's list: Mrs Zhang's deposit, Mr Osei's silence."""
    make_reminder(customer=cast.zhang)
    make_reminder(
        customer=cast.osei,
        kind="dormant",
        key="2026-09-01",
        stake="420000.00",
        facts={"last_on": "2026-09-01", "days": 83},
    )
    commands.rank_all(day=commands.day_of(bank()))
    return cast


def form(**more):
    return {"client_key": str(uuid.uuid4()), "channel": "call", "outcome": "reached", "from": "today", **more}


def test_today_answers_in_its_title_line(list_of_two):
    page = as_web(list_of_two.alice).get("/").content.decode()
    assert "Monday 23 November" in page
    assert "to contact" in page
    assert "Zhang Wei" in page
    assert "Deposit matures" in page
    assert "First because: maturity" in page


def test_the_first_line_is_opened_and_its_look_recorded(list_of_two):
    page = as_web(list_of_two.alice).get("/").content.decode()
    assert page.count('class="td-open"') == 1
    assert "张女士，您好" in page
    seen = View.objects.get()
    assert (seen.staff_id, seen.customer_id, seen.page) == (list_of_two.alice.pk, list_of_two.zhang.pk, "today")


def test_another_line_opens_as_a_part(list_of_two):
    part = as_web(list_of_two.alice).get(f"/today/{list_of_two.osei.pk}/", **HX).content.decode()
    assert part.lstrip().startswith("<div") or "<html" not in part
    assert "Nothing for 83 days" in part


def test_another_line_opens_without_script_too(list_of_two):
    page = as_web(list_of_two.alice).get(f"/today/{list_of_two.osei.pk}/").content.decode()
    assert "<html" in page
    assert page.count('class="td-open"') == 1


def test_a_stranger_sees_an_empty_list_that_says_what_next(list_of_two):
    page = as_web(list_of_two.carol).get("/").content.decode()
    assert "Zhang Wei" not in page
    assert "Nobody is waiting for you today" in page


def test_the_branch_head_sees_the_branch_with_its_bankers(list_of_two):
    page = as_web(list_of_two.dora).get("/").content.decode()
    assert "Alice Wang" in page
    assert "Zhang Wei" in page


def test_the_branch_head_may_ask_for_one_banker(list_of_two):
    client = as_web(list_of_two.dora)
    assert "Zhang Wei" in client.get(f"/?rm={list_of_two.alice.pk}").content.decode()
    assert "Zhang Wei" not in client.get(f"/?rm={list_of_two.bob.pk}").content.decode()


def test_the_deputy_may_ask_for_the_principals_list(list_of_two):
    client = as_web(list_of_two.bob)
    assert "Zhang Wei" not in client.get("/").content.decode()
    assert "Zhang Wei" in client.get(f"/?rm={list_of_two.alice.pk}").content.decode()


def test_a_stranger_may_not_ask_for_anothers_list(list_of_two):
    page = as_web(list_of_two.carol).get(f"/?rm={list_of_two.alice.pk}").content.decode()
    assert "Zhang Wei" not in page


def test_compliance_reads_all_and_finds_no_verbs(list_of_two):
    page = as_web(list_of_two.mei).get("/").content.decode()
    assert "Zhang Wei" in page
    assert "td-verb" not in page
    assert "tel:" not in page
    assert "Start calling" not in page


def test_a_broken_address_is_no_error(list_of_two):
    client = as_web(list_of_two.alice)
    for address in (
        "/?rm=x",
        "/?after=-1",
        "/?after=999999999999999999999",
        "/?rm=%00",
        "/?seen=<b>",
        "/today/walk/999/",
    ):
        assert client.get(address).status_code in {200, 302}, address


def test_logging_folds_the_line_away_and_opens_the_next(list_of_two):
    cast = list_of_two
    answer = as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/log/", form(next=cast.osei.pk), **HX)
    part = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="line-{cast.zhang.pk}"' not in part
    assert f'id="line-{cast.osei.pk}"' in part
    assert "td-open" in part
    assert "Saved" in part
    assert not Line.objects.filter(customer=cast.zhang).exists()


def test_logging_works_without_script(list_of_two):
    cast = list_of_two
    client = as_web(cast.alice)
    assert "How did it go?" in client.get(f"/customers/{cast.zhang.pk}/log/").content.decode()
    answer = client.post(f"/customers/{cast.zhang.pk}/log/", form(), follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "Saved" in answer.content.decode()


def test_logging_a_customer_who_is_not_on_the_list_works(list_of_two):
    cast = list_of_two
    quiet = make_customer(rm=cast.alice, name="Quiet One")
    answer = as_web(cast.alice).post(f"/customers/{quiet.pk}/log/", form())
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"outcome": ""}, "Choose how it went."),
        ({"outcome": "vanished"}, "Choose one of the four outcomes."),
        ({"channel": "pigeon"}, "Choose one of the channels."),
        ({"next_step": "Call", "next_on": "2026-02-30"}, "That is no date."),
        ({"next_step": "Call", "next_on": "2026-11-20"}, "That day has passed."),
        ({"next_step": "Call"}, "Write the day by which it is due."),
        ({"content": "长" * 20_000}, "At most 10,000 characters"),
        ({"topic": "x" * 121}, "At most 120 characters"),
        ({"client_key": "nonsense"}, "Open a new form."),
        ({"content": "a\x00b"}, "Null characters are not allowed."),
        ({"effect": "magic"}, "Choose one of the four effects."),
    ],
)
@pytest.mark.parametrize("extra", [HX, {}])
def test_bad_input_is_refused_beside_its_field_and_nothing_is_lost(list_of_two, given, sentence, extra):
    cast = list_of_two
    typed = form(**{"topic": "Kept topic", "content": "Kept words <b>", **given})
    answer = as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/log/", typed, **extra)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    if "topic" not in given:
        assert 'value="Kept topic"' in page
    if "content" not in given:
        assert "Kept words &lt;b&gt;" in page
    assert Line.objects.filter(customer=cast.zhang).exists()


@pytest.mark.parametrize("verb", ["log", "later", "deputy", "not-now"])
@pytest.mark.parametrize("who", ["carol", "ada"])
def test_a_stranger_is_refused_every_verb_and_nothing_changes(list_of_two, verb, who):
    cast = list_of_two
    before = list(Line.objects.order_by("id").values())
    data = form(until="2026-11-27", to=cast.bob.pk, reason="because")
    answer = as_web(getattr(cast, who)).post(f"/customers/{cast.zhang.pk}/{verb}/", data)
    assert answer.status_code in {403, 404}
    assert answer.status_code == 404 or who == "ada"
    assert list(Line.objects.order_by("id").values()) == before


@pytest.mark.parametrize("verb", ["log", "later", "deputy", "not-now"])
@pytest.mark.parametrize("who", ["mei", "leo"])
def test_who_only_reads_is_refused_every_verb_with_a_sentence(list_of_two, verb, who):
    cast = list_of_two
    data = form(until="2026-11-27", to=cast.bob.pk, reason="because")
    answer = as_web(getattr(cast, who)).post(f"/customers/{cast.zhang.pk}/{verb}/", data)
    assert answer.status_code == 403
    assert Reminder.objects.filter(state="open").count() == 2


@pytest.mark.parametrize("verb", ["later", "deputy", "not-now"])
def test_a_verb_may_not_be_asked_for_by_get(list_of_two, verb):
    assert as_web(list_of_two.alice).get(f"/customers/{list_of_two.zhang.pk}/{verb}/").status_code == 405


@pytest.mark.parametrize("address", ["/", "/today/1/", "/customers/1/log/", "/today/walk/1/"])
def test_the_anonymous_may_not_read_but_sign_in(cast, address):
    answer = as_web(None).get(address)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_a_chinese_reader_is_told_of_a_customer_by_the_chinese_name(list_of_two):
    cast = list_of_two
    cast.alice.language = "zh-hans"
    cast.alice.save()
    part = as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/later/", {"until": "2026-11-27", "from": "today"}, **HX)
    toast = part.content.decode().split('class="kb-toast"')[1]
    assert "张伟" in toast
    assert "Zhang Wei" not in toast


def test_later_hides_the_line_and_undo_brings_it_back(list_of_two):
    cast = list_of_two
    client = as_web(cast.alice)
    part = client.post(
        f"/customers/{cast.zhang.pk}/later/", {"until": "2026-11-27", "from": "today"}, **HX
    ).content.decode()
    assert "comes back on Fri 27 Nov" in part
    assert "Zhang Wei" not in client.get("/").content.decode().split("kb-toasts")[0]
    token = part.split('name="token" value="')[1].split('"')[0]
    client.post("/undo/", {"token": token})
    assert "Zhang Wei" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("", "Choose a day."),
        ("2026-02-30", "That is no date."),
        ("2026-11-23", "Choose a day after today."),
        ("2027-11-23", "Half a year"),
    ],
)
def test_later_to_an_impossible_day_is_refused(list_of_two, until, sentence):
    cast = list_of_two
    for extra in (HX, {}):
        answer = as_web(cast.alice).post(
            f"/customers/{cast.zhang.pk}/later/", {"until": until, "from": "today"}, **extra
        )
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert Line.objects.get(customer=cast.zhang).snoozed_until is None


def test_a_line_handed_over_stands_on_the_deputys_list(list_of_two):
    cast = list_of_two
    answer = as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/deputy/", {"to": cast.bob.pk, "from": "today"}, **HX)
    assert "Bob Chen" in answer.content.decode()
    assert "Zhang Wei" not in as_web(cast.alice).get("/").content.decode()
    assert "Zhang Wei" in as_web(cast.bob).get("/").content.decode()


def test_a_line_may_not_be_handed_to_who_is_no_deputy(list_of_two):
    cast = list_of_two
    answer = as_web(cast.alice).post(
        f"/customers/{cast.zhang.pk}/deputy/", {"to": cast.carol.pk, "from": "today"}, **HX
    )
    assert answer.status_code == 422
    assert "not a deputy today" in answer.content.decode()
    assert Line.objects.get(customer=cast.zhang).handed_to_id is None


def test_not_now_keeps_the_reason(list_of_two):
    cast = list_of_two
    as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/not-now/", {"usual": "Spoken already", "from": "today"}, **HX)
    reminder = Reminder.objects.get(customer=cast.zhang)
    assert (reminder.state, reminder.reason, reminder.closed_by_id) == ("dismissed", "Spoken already", cast.alice.pk)
    assert not Line.objects.filter(customer=cast.zhang).exists()


def test_not_now_without_a_reason_is_refused(list_of_two):
    cast = list_of_two
    answer = as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/not-now/", {"reason": "  ", "from": "today"}, **HX)
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert Reminder.objects.get(customer=cast.zhang).state == "open"


def test_an_undo_token_that_was_tampered_with_is_refused(list_of_two):
    answer = as_web(list_of_two.alice).post("/undo/", {"token": "x:y:z"}, follow=True)
    assert "Too late to undo" in answer.content.decode()


def test_anothers_undo_token_is_refused(list_of_two):
    cast = list_of_two
    part = as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/later/", {"until": "2026-11-27", "from": "today"}, **HX)
    token = part.content.decode().split('name="token" value="')[1].split('"')[0]
    assert as_web(cast.bob).post("/undo/", {"token": token}).status_code == 404
    assert Line.objects.get(customer=cast.zhang).snoozed_until is not None


def test_the_walk_goes_from_one_to_the_next(list_of_two):
    client = as_web(list_of_two.alice)
    first = Line.objects.order_by("group", "-priority").values_list("customer_id", flat=True)[0]
    assert client.get("/today/walk/1/")["Location"] == f"/today/{first}/"
    assert client.get("/today/walk/3/")["Location"] == "/"


@pytest.mark.parametrize("lines", [1, 60])
def test_today_asks_the_database_equally_often_for_one_line_and_for_sixty(cast, lines, django_assert_num_queries):
    for number in range(lines):
        make_reminder(customer=make_customer(rm=cast.alice, tier=cast.gold, name=f"Customer {number}"))
    commands.rank_all(day=commands.day_of(bank()))
    client = as_web(cast.alice)
    client.get("/")
    with django_assert_num_queries(QUERIES):
        page = client.get("/").content.decode()
    assert page.count("data-line=") == min(lines, 25)
    assert TODAY.isoformat() in page


def test_show_more_gives_the_next_twenty_five(cast):
    for number in range(60):
        make_reminder(customer=make_customer(rm=cast.alice, tier=cast.gold, name=f"Customer {number}"))
    commands.rank_all(day=commands.day_of(bank()))
    part = as_web(cast.alice).get("/?after=25&seen=b_today", **HX).content.decode()
    assert part.count("data-line=") == 25
    assert "Show 10 more" in part
    assert "td-h" not in part


def test_chinese_speaks_chinese(list_of_two):
    list_of_two.alice.language = "zh-hans"
    list_of_two.alice.save()
    page = as_web(list_of_two.alice).get("/").content.decode()
    assert "11月23日" in page
