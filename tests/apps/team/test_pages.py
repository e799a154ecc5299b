"""The pages of the team as their readers see them, what leaves as a file, and what they cost."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from keybook.apps.customers.models import Customer
from keybook.apps.people.models import BookCap
from keybook.apps.team.commands import exporting
from keybook.apps.team.models import Export
from keybook.apps.team.sheets import harmless
from tests.apps.team.stage import a_bank, a_story, assign, days_ago
from tests.cast import TODAY, Cast, as_web, make_customer

pytestmark = pytest.mark.django_db
PAGE, LIST, FILE = "/team/", "/team/customers/", "/team/export/"
PURPOSE = {"purpose": "Letters for the year's end", "form": "csv"}


def text(answer: object) -> str:
    """The page without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())  # type: ignore[attr-defined]


def test_a_head_sees_the_branch_by_banker_and_tier(cast: Cast) -> None:
    a_story(cast)
    page = text(as_web(cast.dora).get(PAGE))
    assert "50 % of 2 in standard" in page
    assert "1 of 1" in page
    assert "Alice Wang" in page
    assert "Carol Jones" not in page


def test_a_banker_sees_the_own_row_alone(cast: Cast) -> None:
    a_bank(cast)
    page = text(as_web(cast.carol).get(PAGE))
    assert "Carol Jones" in page
    assert "Alice Wang" not in page
    assert "Approvals" not in page


def test_compliance_reads_all(cast: Cast) -> None:
    a_story(cast)
    page = text(as_web(cast.mei).get(PAGE))
    assert "Alice Wang" in page
    assert "Carol Jones" in page


def test_few_promises_show_their_interval(cast: Cast) -> None:
    a_story(cast)
    # 1 of 4: Wilson 4.6 to 69.9 %
    assert "25 % 1 of 4" in text(as_web(cast.dora).get(PAGE))
    assert "likely 5–70 %" in text(as_web(cast.dora).get(PAGE))


def test_how_full_a_book_is_shows_beside_its_cap(cast: Cast) -> None:
    a_story(cast)
    BookCap.objects.create(staff=cast.alice, most=3, from_on=days_ago(1), set_by=cast.dora)
    assert "2 / 3" in text(as_web(cast.dora).get(PAGE))


def test_a_day_that_has_passed_says_that_it_was_decided_anew(cast: Cast) -> None:
    a_story(cast)
    assert "Decided anew" in text(as_web(cast.dora).get(f"{PAGE}?on={days_ago(30)}"))
    assert f"as of {days_ago(30):%-d %b}" in text(as_web(cast.dora).get(f"{LIST}?on={days_ago(30)}"))


def test_an_empty_team_says_what_to_do(cast: Cast) -> None:
    Customer.objects.all().delete()
    assert "No key customer here" in text(as_web(cast.dora).get(PAGE))
    assert "Nobody fits" in text(as_web(cast.dora).get(f"{LIST}?kind=late"))


@pytest.mark.parametrize(
    "query",
    ["on=x", "on=2026-11-24", "on=2020-01-01", "months=4", "months=x", "kind=x", "sort=x", "rm=x", "rm=0", "branch=-1",
     "page=x", "rm=99999999999", "on=2026-02-30"],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_the_way_out(cast: Cast, query: str) -> None:
    for where in (PAGE, LIST):
        answer = as_web(cast.dora).get(f"{where}?{query}")
        assert answer.status_code == 400
        assert "Not shown." in text(answer)
    assert as_web(cast.dora).get(f"/api/v1/team?{query}").status_code in {400, 404, 200}
    assert as_web(cast.dora).post(f"{FILE}?{query}", PURPOSE).status_code == 400
    assert not Export.objects.exists()


@pytest.mark.parametrize("who", ["leo", "ada"])
def test_lobby_and_administrators_are_refused(cast: Cast, who: str) -> None:
    for where in (PAGE, LIST):
        assert as_web(cast.staff[who]).get(where).status_code == 403


@pytest.mark.parametrize("where", [PAGE, LIST, f"{PAGE}?on={days_ago(30)}", f"{LIST}?on={days_ago(30)}&kind=late"])
def test_a_page_asks_as_often_for_a_few_customers_as_for_many(cast: Cast, where: str) -> None:
    a_bank(cast, customers=3)

    def asked() -> int:
        browser = as_web(cast.hugo)
        browser.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(where).status_code == 200
        return len(queries)

    first = asked()
    a_bank_more(cast)
    assert asked() == first
    assert first <= 23


def a_bank_more(cast: Cast) -> None:
    for number in range(20):
        assign(make_customer(rm=cast.bob, number=f"M{number}", tier=cast.gold), cast.bob)


def test_a_list_goes_on_to_the_next_page(cast: Cast) -> None:
    for number in range(60):
        make_customer(rm=cast.alice, number=f"M{number}", tier=cast.gold)
    first, second = (text(as_web(cast.dora).get(f"{LIST}?page={page}&rm={cast.alice.pk}")) for page in (1, 2))
    assert "1 to 50 of 62" in first
    assert "51 to 62 of 62" in second


def test_a_file_holds_the_rows_of_the_list_and_the_record_says_who_when_what_for_and_whom(cast: Cast) -> None:
    a_story(cast)
    answer = as_web(cast.dora).post(f"{FILE}?kind=late", PURPOSE)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Customer", "Kwame Osei"]
    assert answer["Content-Disposition"] == f'attachment; filename="keybook-team-{TODAY}-late.csv"'
    assert "13900139111" not in answer.content.decode()
    kept = Export.objects.get()
    assert (kept.staff_id, kept.purpose, kept.rows) == (cast.dora.pk, "Letters for the year's end", 1)
    assert (kept.customers, kept.asked) == ([cast.osei.pk], {"kind": "late"})


def test_a_workbook_holds_the_same(cast: Cast) -> None:
    a_story(cast)
    answer = as_web(cast.mei).post(FILE, {**PURPOSE, "form": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {"Zhang Wei", "Kwame Osei", "Liu Yang"}
    assert Export.objects.get().staff_id == cast.mei.pk


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "\u3000@x", "\n=1"])
def test_no_name_becomes_a_formula(cast: Cast, name: str) -> None:
    Customer.objects.filter(pk=cast.osei.pk).update(name=name)
    a_story(cast)
    for form in ("csv", "xlsx"):
        content = as_web(cast.dora).post(f"{FILE}?kind=late", {**PURPOSE, "form": form}).content
        if form == "csv":
            [_head, row] = csv.reader(io.StringIO(content.decode("utf-8-sig")))
            assert row[0] == f"'{name}"
        else:
            cell = load_workbook(io.BytesIO(content)).active["A2"]
            assert (cell.data_type, cell.value.replace("\r\n", "\n")) == ("s", f"'{name}")


def test_numbers_and_plain_text_leave_as_they_are() -> None:
    assert [harmless(value) for value in (-5, "a=b", None, "ok\x00")] == [-5, "a=b", None, "ok"]


@pytest.mark.parametrize(
    "form", [{"purpose": ""}, {"purpose": "   short "}, {"purpose": "x" * 201}, {"form": "pdf"}, {"form": ""}]
)
def test_without_a_purpose_or_a_form_nothing_leaves_and_nothing_is_recorded(cast: Cast, form: dict[str, str]) -> None:
    a_story(cast)
    answer = as_web(cast.dora).post(FILE, {**PURPOSE, **form})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not Export.objects.exists()


def test_more_than_the_most_are_refused_and_not_cut_off(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_story(cast)
    monkeypatch.setattr(exporting, "MOST", 1)
    answer = as_web(cast.dora).post(FILE, PURPOSE)
    assert answer.status_code == 422
    assert "2 customers are more than 1" in text(answer)
    assert not Export.objects.exists()


def test_a_file_holds_nobody_out_of_scope(cast: Cast) -> None:
    a_story(cast)
    content = as_web(cast.carol).post(f"{FILE}?rm={cast.alice.pk}", PURPOSE).content.decode("utf-8-sig")
    assert len(content.splitlines()) == 1
    content = as_web(cast.carol).post(FILE, PURPOSE).content.decode("utf-8-sig")
    assert "Liu Yang" in content
    assert "Zhang" not in content


def test_the_record_of_exports_is_read_by_who_took_them_and_by_compliance_and_changed_by_nobody(cast: Cast) -> None:
    from django.db.utils import ProgrammingError

    from keybook.apps.people.queries import access_of

    a_story(cast)
    as_web(cast.dora).post(FILE, PURPOSE)
    for staff, seen in ((cast.dora, 1), (cast.mei, 1), (cast.hugo, 0), (cast.alice, 0)):
        access_of(staff_id=staff.pk)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE keybook_web")
        assert Export.objects.count() == seen, staff
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE keybook_web")
    with pytest.raises(ProgrammingError, match="permission denied"):
        Export.objects.update(purpose="x")


def test_programs_read_the_same_numbers(cast: Cast) -> None:
    a_story(cast)
    api = as_web(cast.dora)
    found = api.get("/api/v1/team?months=3").json()
    assert (found["all"]["total"], found["all"]["late"], found["all"]["money"]) == (2, 1, "520000.00")
    assert found["books"][0]["tiers"]["private"]["contacts"] == 2
    listed = api.get("/api/v1/team/customers?kind=late").json()
    assert (listed["count"], listed["customers"][0]["name"]) == (1, "Kwame Osei")
