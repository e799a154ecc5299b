"""Nothing that is sent can be made to reach where it must not: every spelling of an inner address, by every way out.

A canary listens on this machine and counts who comes, whatever they speak. The ports are opened to it, so that only
the check of the address keeps visitors away.
"""

from __future__ import annotations

import ast
import contextlib
import http.server
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import urllib3
from django.core.mail import EmailMessage
from hypothesis import given
from hypothesis import strategies as st

from keybook import couriers, outbound
from keybook.couriers import Browser

SRC = Path(__file__).resolve().parents[2] / "src" / "keybook"
DOORS = {"outbound.py"}
SHUT = {
    "requests", "urllib3", "httpx", "aiohttp", "socket", "smtplib", "ftplib", "imaplib", "poplib", "telnetlib",
    "http.client", "urllib.request", "apprise", "pywebpush", "asyncio", "ssl",
}  # fmt: skip
KNOWN = {
    ("cli.py", "socket"),  # whether the port to listen on is free
    ("couriers.py", "apprise"), ("couriers.py", "pywebpush"),  # both speak through requests, which is under the guard
    ("apps/notices/sending.py", "smtplib"),  # the names of its faults
}  # fmt: skip
KEYS = couriers.vapid_pair()
BROWSER_KEY = couriers.vapid_pair()[1]

INNER = "0.0.0.0"  # noqa: S104  an address to refuse
SPELLINGS = [
    # loopback, in numbers
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.000.000.001", "127.0.0.01", "2130706433", "0x7f000001",
    "0x7f.0.0.1", "0x7f.1", "0x7F000001", "017700000001", "0177.0.0.1", "0177.0.0.01", "00000177.0.0.1", "0x7f.0x0.0x0.0x1",
    "127.0.0.1.", "127.0.0.1..", "127.255.255.254", "127.0.0.0x1", "127.0.0.1%00", "127.0.0.1 ", " 127.0.0.1",
    "127。0。0。1", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127.0.0.1\t", "%31%32%37.0.0.1", "127%2e0%2e0%2e1", INNER, "0", "0x0",
    "00.0.0.0", "0.0.0.1", "4294967295", "18446744071562067969", "-1", "127.0.0.256", "127.0.0.1.5", "１27.0.0.1",
    # loopback, in version six
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]",
    "[::127.0.0.1]", "[::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:0001::1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2001:0:7f00:1::]", "[::1%25lo]", "[::1%lo]", "[fe80::1%25lo]", "[::ffff:0:127.0.0.1]", "[::1].",
    # loopback, by name
    "localhost", "LOCALHOST", "LocalHost", "localhost.", "localhost.localdomain", "ip6-localhost", "ip6-loopback",
    "ｌｏｃａｌｈｏｓｔ", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "loc\u00adalhost", "local\u200bhost", "localhost\u3002", "localhost%00.example.com", "_localhost",
    # somebody before or after
    "user@127.0.0.1", "user:pass@127.0.0.1", "example.com@127.0.0.1", "example.com%40127.0.0.1", "example.com\\@127.0.0.1",
    "127.0.0.1\\@example.com", "127.0.0.1#@example.com", "127.0.0.1?@example.com", "example.com:443@127.0.0.1",
    "@127.0.0.1", "127.0.0.1@", "example.com\n127.0.0.1", "example.com\r\nHost: 127.0.0.1", "",
    # networks of one's own
    "10.0.0.1", "10.255.255.255", "10.1", "012.0.0.1", "0xa.0.0.1", "167772161", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "192.168.1", "3232235521", "0xc0a80001", "0300.0250.0.1", "100.64.0.1", "100.127.255.254", "198.18.0.1",
    "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "240.0.0.1", "255.255.255.255", "[fc00::1]", "[fd12:3456::1]",
    "[fec0::1]", "[::ffff:10.0.0.1]", "[2002:a00:1::]", "[64:ff9b::a00:1]", "[2001:db8::1]", "[100::1]", "[3fff::1]",
    # the machine's own secrets, and everybody at once
    "169.254.169.254", "169.254.1.1", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe",
    "169.254.43518", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fe80::1]", "[fe80::a9fe:a9fe]", "[fd00:ec2::254]",
    "[2002:a9fe:a9fe::]", "[64:ff9b::a9fe:a9fe]", "100.100.100.200", "224.0.0.1", "239.255.255.250", "[ff02::1]", "[ff0e::1]",
]  # fmt: skip


class Canary:
    """Listens on both loopbacks and counts every visitor."""

    def __init__(self) -> None:
        self.visits = 0
        self.sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port = self.sockets[0].getsockname()[1]
        with contextlib.suppress(OSError):
            self.sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for each in self.sockets:
            threading.Thread(target=self._count, args=[each], daemon=True).start()

    def _count(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                visitor, _where = listening.accept()
                self.visits += 1
                visitor.close()

    def close(self) -> None:
        for each in self.sockets:
            each.close()


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[Canary]:
    settings.OUTBOUND_ALLOW = []
    settings.OUTBOUND_CA = ""
    found = Canary()
    monkeypatch.setattr(outbound, "WEB_PORTS", frozenset({443, found.port}))
    monkeypatch.setattr(outbound, "MAIL_PORTS", frozenset({25, 465, 587, found.port}))
    yield found
    found.close()


def by_webhook(host: str, port: int) -> None:
    outbound.post(f"https://{host}:{port}/hook", json={})


def by_plain_http(host: str, port: int) -> None:
    outbound.request("get", f"http://{host}:{port}/hook")


def by_push(host: str, port: int) -> None:
    couriers.push(
        browser=Browser(f"https://{host}:{port}/push", BROWSER_KEY, "MTIzNDU2Nzg5MDEyMzQ1Ng"), says={}, key=KEYS[0],
        contact="mailto:keybook@bank.example",
    )  # fmt: skip


def by_chat(host: str, port: int) -> None:
    couriers.chat(url=f"workflows://{host}:{port}/workflow-id/signature-{'x' * 40}", title="", body="x")


def by_mail(host: str, port: int) -> None:
    connection = outbound.Mail(host=host, port=port, fail_silently=False, timeout=2)
    EmailMessage("x", "x", "a@bank.example", ["b@bank.example"], connection=connection).send()


def by_mail_under_tls(host: str, port: int) -> None:
    connection = outbound.Mail(host=host, port=port, use_ssl=True, fail_silently=False, timeout=2)
    EmailMessage("x", "x", "a@bank.example", ["b@bank.example"], connection=connection).send()


def by_a_session_of_requests(host: str, port: int) -> None:
    session = requests.Session()
    session.trust_env = False
    session.get(f"http://{host}:{port}/", timeout=2)


def by_urllib3(host: str, port: int) -> None:
    urllib3.PoolManager(retries=False).request("GET", f"http://{host}:{port}/", timeout=2)


WAYS: list[Callable[[str, int], None]] = [
    by_webhook, by_plain_http, by_push, by_chat, by_mail, by_mail_under_tls, by_a_session_of_requests, by_urllib3,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_spelling_of_an_inner_address_reaches_the_canary(
    way: Callable[[str, int], None], canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(set(SPELLINGS)) >= 120
    looked_up: list[str] = []
    real = socket.getaddrinfo
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV

    def inner_names_only(host: str, port: int, *rest: int, **more: int):
        """The machine's own resolver for names it knows itself; no question leaves it in a test."""
        looked_up.append(str(host))
        if str(host).lower().rstrip(".").startswith(("localhost", "ip6-")):
            return real(host, port, *rest, **more)
        return real(host, port, *rest, **{**more, "flags": numeric})

    monkeypatch.setattr(socket, "getaddrinfo", inner_names_only)
    some = (
        SPELLINGS[::5] if way is by_mail_under_tls else SPELLINGS
    )  # a context of TLS is dear, and the rest as by_mail
    for spelling in some:
        with pytest.raises(Exception):  # noqa: B017, PT011  what it is called differs by library
            way(spelling, canary.port)
    time.sleep(0.05)
    assert canary.visits == 0


def test_the_functions_of_requests_are_ours() -> None:
    assert requests.request is requests.api.request is outbound.request


def test_the_canary_does_hear_who_comes(canary: Canary, settings) -> None:
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{canary.port}"]
    with pytest.raises(OSError, match=r"."):
        outbound.request("get", f"http://127.0.0.1:{canary.port}/")
    time.sleep(0.05)
    assert canary.visits == 1


def answers(*found: str) -> Callable[..., list]:
    """A resolver that says these addresses, one set a question."""
    asked = iter([*found, *[found[-1]] * 50])

    def resolve(host: str, port: int, *_rest: int, **_more: int) -> list:
        del host
        said = next(asked)
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in said.split()
        ]

    return resolve


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_name_whose_address_changes_between_two_questions_does_not_get_through(
    way: Callable[[str, int], None], canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[str] = []

    class Watched(socket.socket):
        def connect(self, address):
            went.append(address[0])
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.216.34", "127.0.0.1"))
    monkeypatch.setattr(socket, "socket", Watched)
    with pytest.raises(Exception):  # noqa: B017, PT011
        way("rebinding.example.com", canary.port)
    assert set(went) <= {"93.184.216.34"}
    assert canary.visits == 0


@pytest.mark.parametrize(
    "said", ["127.0.0.1", "93.184.216.34 127.0.0.1", "2606:4700::1111 ::1", "93.184.216.34 10.0.0.1", "64:ff9b::7f00:1"]
)
def test_a_name_with_one_inner_address_among_others_is_refused_whole(
    said: str, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers(said))
    with pytest.raises(outbound.RefusedError):
        outbound.connect("mixed.example.com", canary.port, ports=outbound.WEB_PORTS)
    assert canary.visits == 0


class Turning(http.server.BaseHTTPRequestHandler):
    """Sends every visitor on, slowly or with a long answer where asked."""

    onward = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/long"):
            self.send_response(200)
            self.send_header("Content-Length", str(outbound.MOST_BYTES * 3))
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(outbound.MOST_BYTES * 3 // 10_000):
                    self.wfile.write(b"x" * 10_000)
            return
        if self.path.startswith("/slow"):
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(200):
                    self.wfile.write(b".")
                    time.sleep(0.05)
            return
        self.send_response(int(self.path.strip("/") or 302))
        self.send_header("Location", self.onward)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815  the server's names

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def turning(canary: Canary, settings) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Turning)
    Turning.onward = f"http://127.0.0.1:{canary.port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{server.server_port}"]
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_redirect_is_not_followed(turning: str, canary: Canary, status: int, method: str) -> None:
    assert outbound.request(method, f"{turning}/{status}").status_code == status
    assert canary.visits == 0


def test_a_session_of_a_library_that_follows_is_stopped_at_the_inner_address(turning: str, canary: Canary) -> None:
    session = requests.Session()
    session.trust_env = False
    with pytest.raises(requests.ConnectionError):
        session.get(f"{turning}/302", timeout=2)
    assert canary.visits == 0


def test_an_answer_without_end_is_refused(turning: str) -> None:
    with pytest.raises(outbound.RefusedError, match="too long"):
        outbound.request("get", f"{turning}/long")


def test_an_answer_that_drips_is_cut_off(turning: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound.deadline.__wrapped__, "__defaults__", (0.4,))
    began = time.perf_counter()
    with contextlib.suppress(OSError):
        outbound.request("get", f"{turning}/slow")
    assert time.perf_counter() - began < 2


def test_a_proxy_of_the_environment_is_not_believed(
    turning: str, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    assert outbound.request("get", f"{turning}/302").status_code == 302
    assert canary.visits == 0
    assert outbound.proxies_said() == ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"]


@pytest.mark.parametrize("entry", ["169.254.169.254", "169.254.0.0/16", "[::ffff:169.254.169.254]", "224.0.0.1"])
def test_link_local_metadata_and_multicast_are_refused_even_when_allowed(entry: str, settings) -> None:
    settings.OUTBOUND_ALLOW = [entry]
    host = entry.split("/", maxsplit=1)[0].strip("[]")
    with pytest.raises(outbound.RefusedError):
        outbound.connect(host, 443, ports=outbound.WEB_PORTS)


def test_a_network_of_the_bank_may_be_allowed_and_a_wrong_one_is_refused_by_its_number(settings) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]
    assert [str(each) for each in outbound.addresses("127.0.0.1", 2525, ports=outbound.MAIL_PORTS)] == ["127.0.0.1"]
    settings.OUTBOUND_ALLOW = ["mail.bank.example", "10.0.0.0/99"]
    with pytest.raises(ValueError, match="Entry 2"):
        outbound.allowance()


def test_another_port_of_an_allowed_host_is_refused(canary: Canary, settings) -> None:
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{canary.port + 1}"]
    with pytest.raises(outbound.RefusedError):
        outbound.request("get", f"http://127.0.0.1:{canary.port}/")
    assert canary.visits == 0


@pytest.mark.parametrize("port", [22, 80, 3306, 5432, 6379, 8443])
def test_a_public_host_is_not_asked_on_an_unusual_port(port: int, monkeypatch: pytest.MonkeyPatch, settings) -> None:
    settings.OUTBOUND_ALLOW = []
    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.216.34"))
    with pytest.raises(outbound.RefusedError, match="Port"):
        outbound.connect("example.com", port, ports=frozenset({443}))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com",
        "https://",
        "https://example.com:x/",
        "javascript:1",
        "https://[::1",
    ],
)
def test_what_is_no_https_address_is_refused(url: str, settings) -> None:
    settings.OUTBOUND_ALLOW = []
    with pytest.raises(outbound.RefusedError):
        outbound.check_url(url)


@given(st.ip_addresses(v=4))
def test_only_global_addresses_of_version_four_are_public(address: ipaddress.IPv4Address) -> None:
    assert outbound.is_public(address) == (address.is_global and not address.is_multicast)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="127.0.0.0/8") | st.ip_addresses(v=4))
def test_no_address_of_version_four_is_public_inside_one_of_version_six(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for inside in (
        (0xFFFF << 32) | number, number, (0x2002 << 112) | (number << 80), (0x64FF9B << 96) | number, (0x20010000 << 96) | number,
    ):  # fmt: skip
        assert not outbound.is_public(ipaddress.IPv6Address(inside))


def test_public_addresses_are_public() -> None:
    for address in ("93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "2001:4860:4860::8888"):
        assert outbound.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    ["json://example.com/", "mailto://a:b@example.com", "file:///tmp/x", "exec://id", "https://example.com/hook", "xml://localhost",
     "syslog://", "dbus://", "http://hooks.slack.com/services/A/B/C", "wecombot://", "slack://x", "", "windows://", "smtp://x",
     "wecombot://abc def", "wecombot://钥匙", "wecombot://" + "x" * 2000],
)  # fmt: skip
def test_an_address_of_no_service_of_the_closed_list_is_refused(url: str) -> None:
    with pytest.raises(couriers.UnknownServiceError):
        couriers.service_of(url)


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("wecombot://12345678-1234-1234-1234-123456789012", "wecom"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=12345678-1234-1234-1234-123456789012", "wecom"),
        ("dingtalk://abcdefabcdefabcdef", "dingtalk"),
        ("feishu://abcdef-abcdef-abcdef", "feishu"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack"),
        ("workflows://prod-1.westus.logic.azure.com:443/643e69f83c8944/signature-abcdef", "teams"),
    ],
)
def test_the_services_of_the_closed_list_are_known_by_their_addresses(url: str, service: str) -> None:
    assert couriers.service_of(url) == service


def test_certificates_are_checked_whatever_an_address_asks_for() -> None:
    assert (
        couriers._plugin("workflows://example.com/643e69f83c8944/signature-abcdef?verify=no").verify_certificate is True
    )


def imported(path: Path) -> set[str]:
    """The modules a source imports, by name or by text."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in {
            "import_module",
            "__import__",
        }:
            found |= {str(each.value) for each in node.args if isinstance(each, ast.Constant)}
    return found


def test_nothing_else_in_the_sources_opens_a_door_of_its_own() -> None:
    opened = set()
    for path in SRC.rglob("*.py"):
        name = path.relative_to(SRC).as_posix()
        if name in DOORS:
            continue
        for module in imported(path):
            opened |= {(name, shut) for shut in SHUT if module == shut or module.startswith(f"{shut}.")}
    assert opened == KNOWN
