"""Views and refusals are written down; changes write themselves down; none of it can be left out."""

from __future__ import annotations

import uuid

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from keybook.apps.audit.commands import Refused, record_refusal, record_view
from keybook.apps.audit.models import Refusal, View
from keybook.apps.audit.queries import changes_of, views_of
from keybook.apps.customers.models import Customer, HeldAway, Preference
from tests.cast import NOON, TODAY, Cast, as_web, make_interaction, make_line, make_reminder

REQUEST = uuid.UUID(int=7)


def look(cast: Cast, page: str = "customer", why: str = "") -> None:
    record_view(staff_id=cast.alice.pk, customer_id=cast.zhang.pk, page=page, why=why, request_id=REQUEST, at=NOON)


def test_a_look_is_written_down_with_who_when_where_and_why(cast: Cast) -> None:
    look(cast, "phone", "Call back")
    seen = views_of(customer_id=cast.zhang.pk)
    assert [(one.code, one.at, one.page, one.why) for one in seen] == [("alice", NOON, "phone", "Call back")]
    assert View.objects.get().request_id == REQUEST


def test_a_look_at_another_customer_is_not_shown(cast: Cast) -> None:
    look(cast)
    assert views_of(customer_id=cast.osei.pk) == []


def test_a_look_that_cannot_be_written_down_is_refused(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_view RENAME TO audit_view_gone")
    with pytest.raises(DatabaseError), transaction.atomic():
        look(cast)


def test_a_refusal_keeps_the_route_and_not_the_address(cast: Cast) -> None:
    assert as_web(cast.carol).get("/settings/me/deputies/4/end/?q=Zhang").status_code == 405
    row = Refusal.objects.get()
    assert (row.staff_id, row.route, row.method, row.status) == (cast.carol.pk, "people:end", "GET", 405)


def test_a_refusal_that_cannot_be_written_down_stays_a_refusal(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_refusal RENAME TO audit_refusal_gone")
    assert as_web(cast.carol).get("/settings/me/deputies/4/end/").status_code == 405


def test_an_unknown_address_is_not_a_refusal(cast: Cast) -> None:
    assert as_web(cast.carol).get("/nothing/here").status_code == 404
    assert not Refusal.objects.exists()


def test_a_refusal_can_be_written_by_hand(cast: Cast) -> None:
    record_refusal(
        refused=Refused(staff_id=None, method="POST", route="x" * 300, status=403, request_id=REQUEST), at=NOON
    )
    assert len(Refusal.objects.get().route) == 200


def test_a_change_by_hand_keeps_who_and_which_request(cast: Cast) -> None:
    with pghistory.context(user=cast.alice.pk, request=str(REQUEST)):
        Customer.objects.filter(pk=cast.zhang.pk).update(occupation="Restaurateur", phone="13911112222")
        Preference.objects.create(customer=cast.zhang, topics="tea")
    found = {one.what: one for one in changes_of(customer_id=cast.zhang.pk)}
    preference, customer = found["preference"], found["customer"]
    assert (preference.what, preference.action, preference.name) == ("preference", "insert", "Alice Wang")
    assert (customer.what, customer.action, customer.request) == ("customer", "update", str(REQUEST))
    assert customer.values["occupation"] == "Restaurateur"
    assert customer.values["phone"] == "····"


def test_what_the_nightly_run_publishes_is_not_written_down_again(cast: Cast) -> None:
    Customer.objects.filter(pk=cast.zhang.pk).update(name="Zhang Weiwei")
    make_interaction(customer=cast.zhang, staff=cast.alice)
    make_reminder(customer=cast.zhang).delete()
    assert changes_of(customer_id=cast.zhang.pk) == []


def test_a_stored_decision_is_not_a_change_by_hand(cast: Cast) -> None:
    with pghistory.context(user=cast.alice.pk):
        Customer.objects.filter(pk=cast.zhang.pk).update(health=12, next_due_on=TODAY)
    assert changes_of(customer_id=cast.zhang.pk) == []


def test_every_deed_of_the_day_leaves_a_change(cast: Cast) -> None:
    reminder, line = make_reminder(customer=cast.zhang), make_line(customer=cast.zhang)
    with pghistory.context(user=cast.alice.pk):
        contact = make_interaction(customer=cast.zhang, staff=cast.alice)
        type(contact).objects.filter(pk=contact.pk).update(superseded=True)
        type(reminder).objects.filter(pk=reminder.pk).update(state="dismissed", reason="moved away")
        type(line).objects.filter(pk=line.pk).update(snoozed_until=TODAY)
        HeldAway.objects.create(
            customer=cast.zhang, institution="Other Bank", currency="CNY", source="said", confidence="likely",
            seen_on=TODAY, expires_on=TODAY, key="k",
        )  # fmt: skip
    assert {(one.what, one.action) for one in changes_of(customer_id=cast.zhang.pk)} == {
        ("interaction", "insert"), ("interaction", "update"), ("reminder", "update"), ("line", "update"),
        ("heldaway", "insert"),
    }  # fmt: skip


def test_changes_are_not_shown_to_a_stranger(cast: Cast) -> None:
    from tests.security.test_row_security import as_role

    with pghistory.context(user=cast.alice.pk):
        Customer.objects.filter(pk=cast.zhang.pk).update(occupation="Restaurateur")
    with as_role(cast.alice):
        assert len(changes_of(customer_id=cast.zhang.pk)) == 1
    with as_role(cast.carol):
        assert changes_of(customer_id=cast.zhang.pk) == []


def test_a_change_made_in_a_request_carries_who_which_request_and_which_page(cast: Cast) -> None:
    answer = as_web(cast.alice).post("/settings/me/", {"language": "zh-hans", "theme": "dark"})
    assert answer.status_code == 302
    last = apps.get_model("people", "StaffEvent").objects.order_by("-pgh_id").first()
    assert last.theme == "dark"
    assert last.pgh_context == {
        "user": cast.alice.pk, "request": answer["X-Request-ID"], "page": "people:me",
    }  # fmt: skip


def test_a_password_is_never_in_the_history(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name LIKE '%event' AND column_name IN ('password', 'last_login')"
        )
        assert cursor.fetchall() == []


def test_a_page_whose_look_cannot_be_recorded_shows_nothing_of_the_customer(cast: Cast) -> None:
    browser = as_web(cast.alice)
    assert "Zhang Wei" in browser.get(f"/customers/{cast.zhang.pk}/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("REVOKE INSERT ON audit_view FROM keybook_web")
    browser.raise_request_exception = False
    answer = browser.get(f"/customers/{cast.zhang.pk}/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Zhang" not in page
    assert answer["X-Request-ID"] in page
