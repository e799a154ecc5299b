"""Accounts made and opened by hand: what is refused, what is kept, and the trace it leaves."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from keybook.apps.people.accounts import AccountRefusedError, add_staff, give_password
from keybook.apps.people.models import Branch, Staff
from tests.cast import PASSWORD, Cast, as_web

LONG = "a-heron-on-the-quay"


def events(staff: Staff) -> list[Any]:
    return list(apps.get_model("people", "StaffEvent").objects.filter(pgh_obj_id=staff.pk).order_by("pgh_id"))


def added(**more: str) -> Staff:
    told = {"code": "A900", "name": "Ida Berg", "role": "admin", "branch": "N1", "language": "en", "page": "test"}
    return add_staff(**{**told, **more})


def test_a_password_given_by_hand_signs_in(cast: Cast) -> None:
    give_password(code="ALICE", password=LONG, page="keybook staff password")
    answer = as_web().post("/accounts/login/", {"login": "alice", "password": LONG})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_new_password_ends_the_sessions_of_the_old_one(cast: Cast) -> None:
    browser = as_web(cast.alice)
    assert browser.get("/settings/me/").status_code == 200
    give_password(code="alice", password=LONG, page="keybook staff password")
    assert browser.get("/settings/me/").status_code == 302


def test_a_changed_password_is_in_the_history_and_its_value_nowhere(cast: Cast) -> None:
    give_password(code="alice", password=LONG, page="keybook staff password")
    last = events(cast.alice)[-1]
    assert (last.pgh_label, last.pgh_context["page"], last.code) == ("password", "keybook staff password", "alice")
    assert not hasattr(last, "password")


def test_a_password_changed_on_the_page_is_in_the_history_with_its_maker(cast: Cast) -> None:
    typed = {"oldpassword": PASSWORD, "password1": LONG, "password2": LONG}
    assert as_web(cast.alice).post("/accounts/password/change/", typed).status_code == 302
    last = events(cast.alice)[-1]
    assert (last.pgh_label, last.pgh_context["user"]) == ("password", cast.alice.pk)


@pytest.mark.parametrize(
    ("code", "password", "sentence"),
    [
        ("nobody", LONG, "There is no staff number nobody."),
        ("alice", "short", "at least 10 characters"),
        ("alice", "password123", "too common"),
        ("alice", "alice-wang", "too similar"),
        ("alice", "", "at least 10 characters"),
    ],
)
def test_a_password_that_is_refused_changes_nothing(cast: Cast, code: str, password: str, sentence: str) -> None:
    before = Staff.objects.get(pk=cast.alice.pk).password
    with pytest.raises(AccountRefusedError, match=sentence):
        give_password(code=code, password=password, page="test")
    assert Staff.objects.get(pk=cast.alice.pk).password == before
    assert "password" not in [one.pgh_label for one in events(cast.alice)]


def test_someone_who_left_gets_no_password(cast: Cast) -> None:
    Staff.objects.filter(pk=cast.alice.pk).update(is_active=False)
    with pytest.raises(AccountRefusedError, match="has left"):
        give_password(code="alice", password=LONG, page="test")


def test_the_first_administrator_brings_the_first_branch(db: None) -> None:
    staff = added(branch="HQ")
    assert (staff.branch.code, staff.branch.path) == ("HQ", f"/{staff.branch.pk}/")
    assert not staff.has_usable_password()
    assert [one.pgh_label for one in events(staff)] == ["insert"]
    assert events(staff)[0].pgh_context["page"] == "test"


def test_a_member_of_staff_added_by_hand_signs_in_once_they_have_a_password(cast: Cast) -> None:
    staff = added(branch=cast.alice.branch.code, language="zh-hans")
    assert as_web().post("/accounts/login/", {"login": "A900", "password": ""}).status_code == 200
    give_password(code="A900", password=LONG, page="test")
    assert as_web().post("/accounts/login/", {"login": "a900", "password": LONG}).status_code == 302
    assert Staff.objects.get(pk=staff.pk).language == "zh-hans"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"code": "ALICE"}, "is taken"),
        ({"code": " "}, "code"),
        ({"code": "x" * 33}, "code"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"role": "king"}, "no role “king”"),
        ({"language": "fr"}, "no language “fr”"),
        ({"branch": "NOWHERE"}, "no branch “NOWHERE”"),
        ({"branch": ""}, "no branch “”"),
    ],
)
def test_staff_that_cannot_be_added_is_refused_and_nothing_is_stored(
    cast: Cast, more: dict[str, str], sentence: str
) -> None:
    before = (Staff.objects.count(), Branch.objects.count())
    with pytest.raises(AccountRefusedError, match=sentence):
        added(**{"branch": cast.alice.branch.code, **more})
    assert (Staff.objects.count(), Branch.objects.count()) == before


def test_a_refused_first_member_of_staff_makes_no_branch(db: None) -> None:
    with pytest.raises(AccountRefusedError):
        added(branch="HQ", name="")
    with pytest.raises(AccountRefusedError):
        added(branch="x" * 33)
    assert not Branch.objects.exists()


def test_the_first_administrator_signs_in_before_any_file_has_come(db: None) -> None:
    added(branch="HQ")
    give_password(code="A900", password=LONG, page="test")
    browser = as_web()
    assert browser.post("/accounts/login/", {"login": "A900", "password": LONG}).status_code == 302
    assert [browser.get(path).status_code for path in ("/settings/me/", "/settings/feeds/")] == [200, 200]


def test_a_short_password_is_refused_in_the_readers_language_and_no_way_leads_to_a_closed_page(cast: Cast) -> None:
    Staff.objects.filter(pk=cast.alice.pk).update(language="zh-hans")
    typed = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    text = as_web(Staff.objects.get(pk=cast.alice.pk)).post("/accounts/password/change/", typed).content.decode()
    assert "密码太短，至少要 10 个字符。" in text
    assert "/password/reset/" not in text


def test_what_is_kept_is_said_in_the_language_just_chosen(cast: Cast) -> None:
    browser = as_web(cast.alice)
    browser.post("/settings/me/", {"language": "zh-hans", "theme": "auto"})
    text = browser.get("/settings/me/").content.decode()
    assert "Kept." not in text
