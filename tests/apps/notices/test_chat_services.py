"""Each chat service of the closed list, by Apprise's own sender, to a real server under TLS that answers to its name.

The names of the services lead to this machine, and their port to the server's: what a hosts file and a port rule would do.
Everything above the socket is what runs at a bank: the guard, requests, TLS with the host's name, Apprise.
"""

from __future__ import annotations

import datetime as dt
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from keybook import couriers, outbound
from keybook.apps.notices.commands import channels as verbs
from keybook.apps.people.models import Staff
from tests.apps.notices.conftest import Service, certificate, listening
from tests.cast import Cast, make_reminder

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HEX = "0123456789abcdef0123456789abcdef"
SLACK = "T1234567890/B1234567890/abcdefghijklmnopqrstuvwx"
# kind, address, its host, and where in the body the words stand
CHATS = [
    ("wecom", f"wecombot://{HEX[:8]}-{HEX[:4]}-4{HEX[:3]}-8{HEX[:3]}-{HEX[:12]}", "qyapi.weixin.qq.com", b"errcode"),
    ("dingtalk", f"dingtalk://{HEX}{HEX}", "oapi.dingtalk.com", b"errcode"),
    ("feishu", f"feishu://{HEX[:8]}-{HEX[:4]}-{HEX[:4]}-{HEX[:4]}-{HEX[:12]}", "open.feishu.cn", b"code"),
    ("lark", f"lark://{HEX[:8]}-{HEX[:4]}-{HEX[:4]}-{HEX[:4]}-{HEX[:12]}", "open.larksuite.com", b"code"),
    ("slack", f"slack://{SLACK}", "hooks.slack.com", b"ok"),
]
ANSWERS = {b"errcode": b'{"errcode":0,"errmsg":"ok"}', b"code": b'{"code":0,"msg":"success"}', b"ok": b"ok"}
NAMES = tuple(each[2] for each in CHATS)
each_chat = pytest.mark.parametrize(("kind", "address", "host", "says"), CHATS, ids=[each[0] for each in CHATS])


@pytest.fixture
def services(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """One server that is all of them; the bank has allowed their names, for they lead to this machine."""
    asked, connected = socket.getaddrinfo, socket.socket.connect
    with listening(settings, certificate(tmp_path, *NAMES)) as found:
        port = int(found.host.rpartition(":")[2])
        monkeypatch.setattr(
            socket, "getaddrinfo",
            lambda host, *rest, **more: asked("127.0.0.1" if host in NAMES else host, *rest, **more),
        )  # fmt: skip
        monkeypatch.setattr(
            socket.socket, "connect",
            lambda self, where: connected(self, ("127.0.0.1", port) if where == ("127.0.0.1", 443) else where),
        )  # fmt: skip
        settings.OUTBOUND_ALLOW = list(NAMES)
        yield found


@each_chat
def test_what_is_said_arrives_under_the_services_own_name(services: Service, kind, address, host, says) -> None:
    services.says = ANSWERS[says]
    assert couriers.service_of(address) == kind
    couriers.chat(url=address, title="Keybook", body="3 things & 2 <more>")
    ((_path, headers, body),) = services.got
    assert headers["host"] == host
    words = json.dumps(json.loads(body), ensure_ascii=False)
    assert "3 things" in words
    assert "2 <more>" in words or "&lt;more&gt;" in words  # Slack's own rule


@each_chat
def test_a_no_is_final_and_silence_is_tried_again(services: Service, kind, address, host, says) -> None:
    del kind, host
    services.says = ANSWERS[says]
    for status, fault in (
        (403, outbound.RejectedError),
        (503, outbound.UnreachedError),
        (429, outbound.UnreachedError),
    ):
        services.status = status
        with pytest.raises(fault):
            couriers.chat(url=address, title="Keybook", body="Nobody hears this")


@each_chat
def test_without_the_banks_word_nothing_is_sent_to_this_machine(
    services: Service, settings, kind, address, host, says
) -> None:
    del kind, host, says
    settings.OUTBOUND_ALLOW = []
    with pytest.raises((outbound.UnreachedError, outbound.RejectedError)):
        couriers.chat(url=address, title="Keybook", body="Nobody hears this")
    assert services.got == []


@pytest.mark.parametrize(
    "address", ["json://127.0.0.1/x", "ntfy://127.0.0.1/topic", "mailto://a:b@127.0.0.1", "exec://id"]
)
def test_a_service_outside_the_list_is_refused_before_anything_leaves(services: Service, address) -> None:
    with pytest.raises(couriers.UnknownServiceError):
        couriers.chat(url=address, title="Keybook", body="Nobody hears this")
    assert services.got == []


@pytest.fixture
def alice(cast: Cast) -> Staff:
    """Alice, of whose customers one has moved much money."""
    make_reminder(customer=cast.zhang, kind="large_outflow")
    return cast.alice


@pytest.mark.parametrize("number", [0, 1, 4], ids=["wecom", "dingtalk", "slack"])
def test_a_busy_service_gets_it_later_and_once(alice: Staff, services: Service, run, number) -> None:
    _kind, address, _host, says = CHATS[number]
    services.says, services.status = ANSWERS[says], 503
    verbs.add_chat(staff=alice, address=address, at=NOON)
    run(NOON)
    assert run(NOON + 5 * MINUTE) == ["waiting"]
    services.status = 200
    assert run(NOON + 7 * MINUTE) == ["sent"]
    assert run(NOON + 9 * MINUTE) == []
    assert "Zhang" not in services.got[-1][2].decode()
