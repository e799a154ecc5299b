"""The memo line as a page: read as it is typed, asked once, saved with one key; nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keybook.apps.customers.models import Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.memos.models import Memo
from keybook.apps.reminders.models import Occasion, Promise
from tests.cast import Cast, as_web, make_customer

WALK_IN = "张先生 13900139000 八月底定期到期 45万 提醒他"
HX = {"headers": {"HX-Request": "true"}}


def draft(browser, text, **more):
    return browser.post("/memo/draft/", {"text": text, **more}, **HX)


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the drawn form."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, str] = {}
            self.select = ""

        def handle_starttag(self, tag, attrs):
            at = dict(attrs)
            name = at.get("name")
            if tag == "select":
                self.select = name
            if tag == "option" and "selected" in at:
                self.found[self.select] = at["value"]
            if tag == "input" and name:
                if at.get("type") in {"radio", "checkbox"} and "checked" not in at:
                    return
                self.found[name] = at.get("value", "")

    reader = Reader()
    reader.feed(html)
    return reader.found


def typed(browser, text, **more):
    """Read a line, change some fields, save it."""
    drawn = draft(browser, text, **{key: value for key, value in more.items() if key == "about"})
    sent = {**fields(drawn.content.decode()), "text": text, **more}
    return browser.post("/memo/", {key: value for key, value in sent.items() if value is not None}, **HX)


def test_a_line_is_drawn_part_by_part_and_nothing_is_stored(cast: Cast):
    answer = draft(as_web(cast.alice), WALK_IN)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "¥450,000" in html
    assert '<mark class="tok">八月底</mark>' in html
    assert "new prospect" in html
    assert not Memo.objects.exists()
    assert not Customer.objects.filter(stage="prospect").exists()


def test_one_key_saves_what_is_drawn(cast: Cast):
    answer = typed(as_web(cast.alice), WALK_IN)
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    made = Customer.objects.get(stage="prospect")
    assert (made.name, made.phone) == ("张先生", "13900139000")
    assert Promise.objects.get().due_on.isoformat() == "2027-08-31"
    assert "/memo/undo/" in answer.content.decode()


def test_an_english_line_says_the_same(cast: Cast):
    typed(as_web(cast.alice), "Mr Zhang 13900139000, CD of 450k matures end of August, call him")
    assert Promise.objects.get().due_on.isoformat() == "2027-08-31"
    assert Customer.objects.get(stage="prospect").held_away.get().amount == 450000


def test_two_readings_are_both_offered_and_one_has_to_be_chosen(cast: Cast):
    line = "Ms Novak 13900139000 walked in, call her next Wed"
    browser = as_web(cast.alice)
    html = draft(browser, line).content.decode()
    assert html.count('name="promise_on" value="20') == 2
    assert "tok two-r" in html
    refused = typed(browser, line)
    assert refused.status_code == 422
    assert "Choose a reading" in refused.content.decode()
    assert not Memo.objects.exists()
    assert typed(browser, line, promise_on="2026-12-02").status_code == 200
    assert Promise.objects.get().due_on.isoformat() == "2026-12-02"


def test_a_reading_may_be_left_in_the_text(cast: Cast):
    assert (
        typed(as_web(cast.alice), "Ms Novak 13900139000 walked in, call her next Wed", promise_on="-").status_code
        == 200
    )
    assert not Promise.objects.exists()
    assert "next Wed" in Interaction.objects.get().content


def test_without_script_the_page_shows_the_draft_and_then_saves(cast: Cast):
    browser = as_web(cast.alice)
    shown = browser.post("/memo/draft/", {"text": WALK_IN})
    html = shown.content.decode()
    assert shown.status_code == 200
    assert "<!doctype html>" in html
    saved = browser.post("/memo/", {**fields(html), "text": WALK_IN}, follow=True)
    assert saved.status_code == 200
    assert "张先生" in saved.content.decode()


def test_saved_without_having_been_shown_it_is_shown_first(cast: Cast):
    answer = as_web(cast.alice).post("/memo/", {"text": WALK_IN})
    assert answer.status_code == 422
    assert WALK_IN.split(maxsplit=1)[0] in answer.content.decode()
    assert not Memo.objects.exists()


def test_in_a_customers_context_the_line_is_about_them(cast: Cast):
    answer = typed(as_web(cast.alice), "Opened a restaurant, opening on 18 December", about=str(cast.zhang.pk))
    assert answer.status_code == 200, answer.content.decode()
    occasion = Occasion.objects.get()
    assert (occasion.customer_id, occasion.kind, occasion.month, occasion.day) == (cast.zhang.pk, "opening", 12, 18)


def test_a_strangers_context_is_not_found(cast: Cast):
    assert draft(as_web(cast.alice), "x", about=str(cast.liu.pk)).status_code == 404
    assert as_web(cast.alice).get(f"/memo/?customer={cast.liu.pk}").status_code == 404


def test_a_phone_of_the_book_is_the_customer_and_a_name_that_disagrees_is_asked(cast: Cast):
    make_customer(rm=cast.alice, name="Wang Fang", name_zh="王芳", phone="13700137000")
    from keybook.apps.customers.search import refresh_search_keys

    refresh_search_keys(list(Customer.objects.values_list("pk", flat=True)))
    browser = as_web(cast.alice)
    assert "in your book" in draft(browser, "王女士 13700137000 来电").content.decode()
    assert "Whom is it about?" in draft(browser, "赵女士 13700137000 来电").content.decode()


def test_what_was_changed_by_hand_stays_when_the_line_grows(cast: Cast):
    browser = as_web(cast.alice)
    sent = fields(draft(browser, WALK_IN).content.decode())
    sent |= {"promise_step": "Call his wife", "text": WALK_IN + " 明天"}
    assert 'value="Call his wife"' in browser.post("/memo/draft/", sent, **HX).content.decode()


HARD = [
    "", " ", "🎉" * 500, "مرحبا 13900139000 יום", "x" * 10_000, "张" * 10_000, "13900139000 13900139001 张先生 明天 后天 下周三",
    "2月30日 打电话 张先生 13900139000", "存了2026 张先生 13900139000", "张先生 1390013900", "\u202e abc \u0007",
    "0" * 3000, "1/1 " * 500, "<script>alert(1)</script>", "{{ 7*7 }} {% raw %}", "a\r\nb 13900139000",
]  # fmt: skip


@pytest.mark.parametrize("text", HARD)
def test_hard_lines_are_drafts_with_questions_and_never_an_error(cast: Cast, text):
    browser = as_web(cast.alice)
    assert draft(browser, text).status_code == 200
    assert typed(browser, text).status_code in {200, 422}
    assert Memo.objects.count() == Interaction.objects.count()


def test_a_day_that_no_calendar_has_is_asked_and_never_stored(cast: Cast):
    answer = typed(as_web(cast.alice), "张先生 13900139000 2月30日给他打电话")
    assert answer.status_code == 422
    assert not Promise.objects.exists()


def test_a_line_too_long_is_refused_beside_it_and_kept(cast: Cast):
    text = "张先生 13900139000 " + "x" * 10_000
    answer = typed(as_web(cast.alice), text)
    assert answer.status_code == 422
    assert "10,000" in answer.content.decode()


TAGS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "</textarea><b>", "</mark><i>",
    "<!--", "<a href=javascript:alert(1)>x</a>", "<iframe srcdoc=x>", "' onmouseover='x", "<math><mtext></form><form>",
)  # fmt: skip
WORDS = ("张先生", "13900139000", "八月底定期到期", "45万", "提醒他", "Harbour Bank")


def hostile() -> list[str]:
    """Three hundred lines with markup before, in and after each part."""
    around = (("", ""), ("", "'"), ('"', '"'), ("&lt;", "&gt;"), ("\\", "\x00"))
    return [
        " ".join(f"{word[:1]}{a}{tag}{b}{word[1:]}" if place == at else word for place, word in enumerate(WORDS))
        for tag in TAGS for at in range(len(WORDS)) for a, b in around
    ]  # fmt: skip


def test_no_hostile_line_becomes_markup(cast: Cast):
    from django.template import loader

    from keybook.apps.memos.drafting import read_line, sketch, written_at
    from keybook.apps.people.queries import bank
    from keybook.apps.reminders.commands import day_of

    day = day_of(bank())
    assert len(hostile()) == 300
    for text in hostile():
        shown = sketch(draft=read_line(text=text, day=day, at=written_at(day)), day=day, is_new=True)
        html = loader.render_to_string("memos/marks.html", {"sketch": shown})
        assert not re.sub(r'</?mark( class="tok[a-z -]*")?>', "", html).count("<"), text
        assert "".join(mark.text for mark in shown.marks) == text


def test_reading_a_line_asks_the_database_equally_often_however_long_it_is(cast: Cast):
    browser = as_web(cast.alice)
    draft(browser, WALK_IN)
    counts = []
    for text in (WALK_IN, WALK_IN + " 生日八月初五，12月18日开业" * 20):
        with CaptureQueriesContext(connection) as asked:
            draft(browser, text)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 11, counts


def test_who_reads_only_may_not_write_a_memo(cast: Cast):
    for who in (cast.mei, cast.leo):
        assert as_web(who).get("/memo/").status_code == 403
        assert as_web(who).post("/memo/", {"text": WALK_IN}).status_code == 403
    assert not Memo.objects.exists()


def test_the_same_form_sent_twice_is_one_memo(cast: Cast):
    browser, key = as_web(cast.alice), str(uuid.uuid4())
    typed(browser, WALK_IN, client_key=key)
    typed(browser, WALK_IN, client_key=key, customer="new")
    assert Memo.objects.count() == 1


def test_undo_from_the_toast_brings_the_line_back(cast: Cast):
    browser = as_web(cast.alice)
    token = fields(typed(browser, WALK_IN).content.decode())["token"]
    answer = browser.post("/memo/undo/", {"token": token}, follow=True)
    assert "张先生 13900139000" in answer.content.decode()
    assert Memo.objects.get().undone_at is not None


def test_a_line_from_the_phone_counts_its_days_from_when_it_was_written(cast: Cast):
    line = "张伟 明天回电"
    written = (dt.datetime.now(dt.UTC) - dt.timedelta(days=2)).isoformat()
    now = fields(draft(as_web(cast.alice), line).content.decode())["promise_on"]
    then = fields(draft(as_web(cast.alice), line, written=written).content.decode())["promise_on"]
    assert (then, now) == ("2026-11-22", "2026-11-24")


@pytest.mark.parametrize(
    "written", ["nonsense", "2099-01-01T00:00:00+00:00", "2020-01-01T00:00:00+00:00", "2026-11-20T09:00:00"]
)
def test_a_moment_that_cannot_be_is_taken_as_now_and_never_moves_a_day(cast: Cast, written):
    drawn = draft(as_web(cast.alice), "张伟 明天回电", written=written)
    assert fields(drawn.content.decode())["promise_on"] == "2026-11-24"


def test_the_topic_of_the_log_is_filled_from_the_line_and_stays_as_typed(cast: Cast):
    browser, line = as_web(cast.alice), "王总 13900139003 电话投诉手续费，问基金"
    assert fields(draft(browser, line).content.decode())["topic"] == "Complaint, Fees, Fund"
    typed(browser, line, topic="Fees of the fund")
    assert Interaction.objects.get().topic == "Fees of the fund"
