"""Chat groups and browsers: a real service answers, numbers leave and names do not, and what refuses is dropped."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection

from keybook import couriers, sealed
from keybook.apps.notices.commands import channels as verbs
from keybook.apps.notices.commands import outbox
from keybook.apps.notices.commands.channels import NotChosenError
from keybook.apps.notices.models import Channel, Delivery, PushKey
from keybook.apps.people.models import Staff
from keybook.couriers import Browser
from tests.apps.notices.conftest import Service
from tests.cast import TODAY, Cast, as_web, make_reminder

LONG_AGO = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SECRET = "s3cr3t" + "x" * 34 + "9876"


def chat_address(service: Service) -> str:
    return f"workflows://{service.host}/643e69f83c8944/{SECRET}"


class Phone:
    """A browser's half of a push: its keys, and reading what was sealed for it."""

    def __init__(self, service: Service) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.browser = Browser(f"{service.url}/push/{SECRET}", self.text(point), self.text(self.auth))

    @staticmethod
    def text(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    def read(self, body: bytes) -> dict[str, Any]:
        said = http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth, version="aes128gcm")
        return json.loads(said)


@pytest.fixture
def alice(cast: Cast) -> Staff:
    """Alice, of whose customers one has moved much money."""
    make_reminder(customer=cast.zhang, kind="large_outflow")
    return cast.alice


def test_a_chat_group_hears_how_many_and_no_name(alice: Staff, service: Service, run) -> None:
    verbs.add_chat(staff=alice, address=chat_address(service), at=NOON)
    run(NOON)
    assert run(NOON + 5 * MINUTE) == ["sent"]
    ((path, _headers, body),) = service.got
    said = body.decode()
    assert "643e69f83c8944" in path
    assert "A large outflow (1)" in said
    assert "https://keybook.bank.example" in said
    for hidden in ("Zhang", "张伟", "1,800,000", "13800138000"):
        assert hidden not in said


def test_a_push_says_a_number_and_is_readable_by_its_browser_alone(alice: Staff, service: Service, run) -> None:
    phone = Phone(service)
    verbs.add_browser(staff=alice, browser=phone.browser, name="Firefox", at=NOON)
    run(NOON)
    assert run(NOON + 5 * MINUTE) == ["sent"]
    ((path, headers, body),) = service.got
    assert path == f"/push/{SECRET}"
    assert phone.read(body) == {"title": "Keybook", "body": "1 thing that cannot wait", "url": "/"}
    assert b"Zhang" not in body
    assert headers["content-encoding"] == "aes128gcm"
    assert PushKey.objects.get().public in headers["authorization"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(status: int, alice: Staff, service: Service, run) -> None:
    service.status = status
    verbs.add_browser(staff=alice, browser=Phone(service).browser, name="Firefox", at=NOON)
    run(NOON)
    assert run(NOON + 5 * MINUTE) == ["failed"]
    assert not Channel.objects.exists()
    assert Delivery.objects.get().reason == "gone"


@pytest.mark.parametrize(
    ("status", "state"),
    [(400, "failed"), (403, "failed"), (429, "waiting"), (500, "waiting"), (503, "waiting"), (302, "failed")],
)
@pytest.mark.parametrize("kind", ["chat", "push"])
def test_a_refusal_is_final_and_a_fault_of_the_server_is_tried_again(
    kind: str, status: int, state: str, alice: Staff, service: Service, run
) -> None:
    service.status = status
    if kind == "chat":
        verbs.add_chat(staff=alice, address=chat_address(service), at=NOON)
    else:
        verbs.add_browser(staff=alice, browser=Phone(service).browser, name="Firefox", at=NOON)
    run(NOON)
    assert run(NOON + 5 * MINUTE) == [state]
    service.status = 200 if kind == "chat" else 201
    assert run(NOON + 7 * MINUTE) == (["sent"] if state == "waiting" else [])


def test_a_service_that_does_not_answer_is_tried_again(alice: Staff, service: Service, settings, run) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9"]
    verbs.add_chat(staff=alice, address=f"workflows://127.0.0.1:9/643e69f83c8944/{SECRET}", at=NOON)
    run(NOON)
    assert run(NOON + 5 * MINUTE) == ["waiting"]


def test_an_address_the_guard_refuses_is_not_asked(alice: Staff, service: Service, settings, run) -> None:
    verbs.add_browser(staff=alice, browser=Phone(service).browser, name="Firefox", at=NOON)
    verbs.add_chat(staff=alice, address=chat_address(service), at=NOON)
    settings.OUTBOUND_ALLOW = []
    run(NOON)
    assert "sent" not in run(NOON + 5 * MINUTE)
    assert service.got == []


def test_a_chat_message_that_was_cut_off_is_never_repeated(alice: Staff, service: Service, run) -> None:
    verbs.add_chat(staff=alice, address=chat_address(service), at=NOON)
    channel = Channel.objects.get()
    verbs.ask_for_test(staff=alice, channel_id=channel.pk, on=TODAY, at=NOON)
    row = Delivery.objects.get()
    assert outbox.claim(delivery_id=row.pk, at=NOON) is not None  # and its worker is killed here
    assert outbox.claim(delivery_id=row.pk, at=NOON + 9 * MINUTE) is None
    assert run(NOON + 11 * MINUTE) == ["nothing"]
    row.refresh_from_db()
    assert (row.state, row.reason, service.got) == ("unknown", "cut_off", [])


def test_two_workers_may_not_take_the_same_message(alice: Staff, service: Service) -> None:
    verbs.add_chat(staff=alice, address=chat_address(service), at=NOON)
    row = verbs.ask_for_test(staff=alice, channel_id=Channel.objects.get().pk, on=TODAY, at=NOON)
    assert row is not None
    assert outbox.claim(delivery_id=row.pk, at=NOON) is not None
    assert outbox.claim(delivery_id=row.pk, at=NOON) is None


def test_a_secret_is_sealed_at_rest_and_masked_on_the_page(alice: Staff, service: Service) -> None:
    browser = as_web(alice)
    browser.post("/settings/notices/channels/", {"address": chat_address(service)})
    phone = Phone(service).browser
    answer = browser.post(
        "/settings/notices/push/",
        {"endpoint": phone.endpoint, "p256dh": phone.p256dh, "auth": phone.auth, "name": "Firefox\r\n<b>"},
    )
    assert answer.status_code == 204
    page = browser.get("/settings/notices/").content.decode()
    assert "… 9876" in page
    assert "Firefox &lt;b&gt;" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, ' ') FROM notices_channel c")
        kept = cursor.fetchone()[0]
    for secret in (SECRET, phone.auth, phone.p256dh):
        assert secret not in page
        assert secret not in kept


def test_another_secret_key_does_not_open_what_was_sealed(alice: Staff, service: Service, settings, run) -> None:
    verbs.add_chat(staff=alice, address=chat_address(service), at=NOON)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    verbs.ask_for_test(staff=alice, channel_id=Channel.objects.get().pk, on=TODAY, at=NOON)
    assert run(NOON) == ["failed"]
    assert Delivery.objects.get().reason == "unreadable"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert sealed.unseal(Channel.objects.get().secret) == chat_address(service)


def test_the_push_key_is_made_once_and_its_private_half_is_sealed(cast: Cast) -> None:
    assert verbs.push_key().public == verbs.push_key().public
    key = PushKey.objects.get()
    assert len(sealed.unseal(key.private)) == 43
    assert sealed.unseal(key.private) not in key.private
    assert as_web(cast.alice).post("/settings/notices/push/", {"ask": "key"}).json() == {"key": key.public}


def test_a_browser_takes_its_subscription_back(alice: Staff, service: Service) -> None:
    phone = Phone(service).browser
    verbs.add_browser(staff=alice, browser=phone, name="Firefox", at=NOON)
    as_web(alice).post("/settings/notices/push/", {"endpoint": phone.endpoint, "end": "on"})
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"endpoint": "https://127.1/push", "p256dh": "x", "auth": "y"}, {"endpoint": "http://push.example.com/", "p256dh": "x", "auth": "y"},
        {"endpoint": "https://push.example.com/", "p256dh": "", "auth": "y"}, {"endpoint": ""}, {},
        {"endpoint": "https://push.example.com/" + "x" * 2000, "p256dh": "x", "auth": "y"}, {"endpoint": "file:///etc/passwd", "p256dh": "x", "auth": "y"},
    ],
)  # fmt: skip
def test_what_is_no_subscription_is_refused_and_nothing_is_kept(fields: dict[str, str], cast: Cast) -> None:
    assert as_web(cast.alice).post("/settings/notices/push/", fields).status_code == 422
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    "address", ["", "json://example.com", "https://127.0.0.1/hook", "mailto://x:y@example.com", "workflows://"]
)
def test_an_address_that_is_no_chat_robots_is_refused_beside_its_field(address: str, cast: Cast) -> None:
    answer = as_web(cast.alice).post("/settings/notices/channels/", {"address": address})
    assert answer.status_code == 422
    assert "This is no address of a WeCom" in answer.content.decode()
    assert not Channel.objects.exists()


def test_without_an_address_at_the_bank_there_is_no_e_mail(cast: Cast) -> None:
    answer = as_web(cast.alice).post("/settings/notices/channels/", {"kind": "email"})
    assert answer.status_code == 422
    assert not Channel.objects.exists()


def test_an_eleventh_channel_is_refused_and_the_same_one_is_not_doubled(cast: Cast) -> None:
    for number in range(10):
        verbs.add_chat(staff=cast.alice, address=f"dingtalk://{'a' * 20}{number}", at=NOON)
    verbs.add_chat(staff=cast.alice, address=f"dingtalk://{'a' * 20}1", at=NOON)
    with pytest.raises(NotChosenError):
        verbs.add_chat(staff=cast.alice, address=f"dingtalk://{'b' * 20}", at=NOON)
    assert Channel.objects.count() == 10


def test_a_stranger_may_not_touch_anothers_channel(cast: Cast) -> None:
    channel = verbs.add_chat(staff=cast.alice, address=f"dingtalk://{'a' * 20}", at=NOON)
    browser = as_web(cast.carol)
    for what in ("", "test/", "end/"):
        assert browser.post(f"/settings/notices/channels/{channel.pk}/{what}").status_code == 404
    assert (Channel.objects.count(), Delivery.objects.count()) == (1, 0)


def test_without_our_filter_row_security_alone_shows_nobody_anothers_channels(cast: Cast) -> None:
    from keybook.apps.people.acting import as_seen_by

    verbs.add_chat(staff=cast.alice, address=f"dingtalk://{'a' * 20}", at=NOON)
    for staff, count in ((cast.alice, 1), (cast.carol, 0), (cast.mei, 0), (cast.ada, 0)):
        with as_seen_by(staff_id=staff.pk):
            assert Channel.objects.count() == count
    assert Channel.objects.count() == 1


def test_every_role_has_the_page_and_keeps_its_wishes(cast: Cast) -> None:
    form = {"digest_hour": "7", "digest_days": ["0", "5"], "quiet_from": "22", "quiet_until": "6", "urgent": ["gift"]}
    for staff in cast.staff.values():
        browser = as_web(staff)
        assert browser.post("/settings/notices/wish/", form).status_code == 302
        page = browser.get("/settings/notices/").content.decode()
        assert '<option value="7" selected>07:00</option>' in page
        assert browser.get("/settings/notices/history/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest_hour": "24"},
        {"quiet_from": "x"},
        {"quiet_until": "-1"},
        {"digest_days": ["7"]},
        {"urgent": ["gossip"]},
        {"digest_hour": "٣"},
    ],
)
def test_an_hour_a_day_or_a_kind_there_is_not_is_refused(wrong: dict[str, object], cast: Cast) -> None:
    form: dict[str, object] = {
        "digest_hour": "7",
        "digest_days": ["0"],
        "quiet_from": "22",
        "quiet_until": "6",
        "urgent": ["gift"],
    }
    answer = as_web(cast.alice).post("/settings/notices/wish/", {**form, **wrong})
    assert answer.status_code == 422
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notices_wish")
        assert cursor.fetchone() == (0,)


def test_the_secret_address_is_shown_once_and_never_again(cast: Cast, client) -> None:
    browser = as_web(cast.alice)
    made = browser.post("/settings/notices/feed/", {"amounts": "on"})
    page = made.content.decode()
    address = page.split('id="f-feed" readonly value="')[1].split('"')[0]
    assert made["Cache-Control"] == "no-store, private"
    assert client.get(address.removeprefix("http://testserver")).status_code == 200
    assert "/calendar/" not in browser.get("/settings/notices/").content.decode()
    assert browser.post("/settings/notices/feed/amounts/").status_code == 302
    assert browser.post("/settings/notices/feed/end/").status_code == 302
    assert browser.post("/settings/notices/feed/end/").status_code == 404
    assert client.get(address.removeprefix("http://testserver")).status_code == 404


def test_the_address_never_follows_a_forged_host(cast: Cast, settings) -> None:
    settings.PUBLIC_URL = "https://keybook.bank.example"
    page = (
        as_web(cast.alice)
        .post("/settings/notices/feed/", headers={"X-Forwarded-Host": "evil.example"})
        .content.decode()
    )
    assert 'value="https://keybook.bank.example/calendar/' in page
    assert "evil.example" not in page


def test_the_history_turns_its_pages(cast: Cast, settings) -> None:
    channel = verbs.add_chat(staff=cast.alice, address=f"dingtalk://{'a' * 20}", at=NOON)
    for number in range(55):
        verbs.ask_for_test(staff=cast.alice, channel_id=channel.pk, on=TODAY, at=NOON + number * MINUTE)
    browser = as_web(cast.alice)
    first = browser.get("/settings/notices/history/").content.decode()
    assert first.count("<tr><td") == 50
    last = first.split("?before=")[1].split('"')[0]
    assert browser.get(f"/settings/notices/history/?before={last}").content.decode().count("<tr><td") == 5
    assert browser.get("/settings/notices/history/?before=x").status_code == 200
    verbs.remove_channel(staff=cast.alice, channel_id=channel.pk)
    assert browser.get("/settings/notices/history/").content.decode().count("<tr><td") == 50


def test_a_removed_channels_message_is_not_sent(alice: Staff, service: Service, run) -> None:
    channel = verbs.add_chat(staff=alice, address=chat_address(service), at=NOON)
    verbs.ask_for_test(staff=alice, channel_id=channel.pk, on=TODAY, at=NOON)
    verbs.remove_channel(staff=alice, channel_id=channel.pk)
    assert run(NOON) == ["failed"]
    assert service.got == []


def test_a_test_message_is_sent_in_the_readers_language(alice: Staff, service: Service, run) -> None:
    Staff.objects.filter(pk=alice.pk).update(language="zh-hans")
    channel = verbs.add_chat(staff=alice, address=chat_address(service), at=NOON)
    for _ in range(3):  # one a minute, however often it is asked for
        verbs.ask_for_test(staff=alice, channel_id=channel.pk, on=TODAY, at=NOON)
    assert run(NOON) == ["sent"]
    assert "Keybook 测试消息" in json.dumps(json.loads(service.got[0][2]), ensure_ascii=False)


def test_the_names_of_the_services_are_those_of_the_channels() -> None:
    assert set(couriers.CHATS) | {"email", "push"} == set(Channel.Kind.values)
