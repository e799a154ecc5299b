"""The memo line for programs: the same draft, the same command, problems as RFC 9457 describes them."""

from __future__ import annotations

import json
import uuid

from keybook.apps.customers.models import Customer
from keybook.apps.memos.models import Memo
from keybook.apps.reminders.models import Promise
from tests.cast import Cast, as_web

LINE = "张先生 13900139000 八月底定期到期 45万 提醒他"


def post(who, path, body):
    return as_web(who).post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def test_a_draft_says_every_part_and_stores_nothing(cast: Cast):
    found = post(cast.alice, "memos/draft", {"text": LINE}).json()
    assert [part["kind"] for part in found["parts"]] == ["name", "phone", "maturity", "product", "money", "promise"]
    assert found["fields"]["away0_amount"] == "450000"
    assert not Memo.objects.exists()


def test_saved_twice_with_one_key_it_is_one_memo(cast: Cast):
    body = {"client_key": str(uuid.uuid4()), "text": LINE, "name": "张先生", "phone": "13900139000", "promise": "Call", "promise_on": "2027-08-31"}  # fmt: skip
    first, second = post(cast.alice, "memos", body), post(cast.alice, "memos", body)
    assert (first.status_code, second.json()["repeated"]) == (201, True)
    assert Promise.objects.count() == Memo.objects.count() == 1


def test_a_strangers_customer_is_a_problem_404(cast: Cast):
    body = {"client_key": str(uuid.uuid4()), "text": "x", "customer": cast.liu.pk}
    answer = post(cast.alice, "memos", body)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert not Memo.objects.exists()


def test_what_is_refused_points_at_its_field(cast: Cast):
    body = {"client_key": str(uuid.uuid4()), "text": LINE, "name": "", "phone": "13900139000"}
    answer = post(cast.alice, "memos", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "body/name"
    assert not Customer.objects.filter(stage="prospect").exists()
