"""A mail server and a web server on this machine, as the other side of what is sent."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.cache import cache

from keybook.apps.notices import tasks
from keybook.apps.notices.commands import outbox


class PostOffice:
    """Takes mail like a bank's server does; `answers` are given one after the other, then 250."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: list[str] = []
        self.on_arrival: Callable[[], None] | None = None
        self.controller: Controller | None = None
        self.port = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message["X-To"] = ", ".join(envelope.rcpt_tos)
        self.taken.append(message)
        if self.on_arrival is not None:
            self.on_arrival()
        return "250 taken"

    def open(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", self.port))
            self.port = probe.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def shut(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


@pytest.fixture
def office(settings) -> Iterator[PostOffice]:
    """An open post office, and settings that send to it."""
    found = PostOffice()
    found.open()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "keybook.outbound.Mail", "127.0.0.1", found.port
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 5
    settings.DEFAULT_FROM_EMAIL = "Keybook <keybook@bank.example>"
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{found.port}"]
    settings.PUBLIC_URL = "https://keybook.bank.example"
    yield found
    found.shut()


@dataclass
class Service:
    """A web service under TLS: what it was sent, and what it answers."""

    url: str = ""
    host: str = ""
    status: int = 200
    says: bytes = b"{}"
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


def certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 and of these names that only those trust who are told to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    import ipaddress

    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *map(x509.DNSName, names),
        ]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert, private


@pytest.fixture
def service(settings, tmp_path: Path) -> Iterator[Service]:
    """A web service on this machine that the settings allow and trust."""
    with listening(settings, certificate(tmp_path)) as found:
        yield found


@contextmanager
def listening(settings, papers: tuple[Path, Path]) -> Iterator[Service]:
    """A web service that keeps what it is sent, under this certificate."""
    found = Service()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            self.send_header("Content-Length", str(len(found.says)))
            self.end_headers()
            self.wfile.write(found.says)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    cert, private = papers
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, private)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.host = f"127.0.0.1:{server.server_port}"
    found.url = f"https://{found.host}"
    settings.OUTBOUND_ALLOW = [*settings.OUTBOUND_ALLOW, found.host]
    settings.OUTBOUND_CA = str(cert)
    settings.PUBLIC_URL = "https://keybook.bank.example"
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], list[str]]:
    """One minute of the worker at a moment: the sweep, then each job it queued, in this process."""

    def minute(at: dt.datetime) -> list[str]:
        queued: list[int] = []
        monkeypatch.setattr(tasks, "queue", lambda *, delivery_id: bool(queued.append(delivery_id)) or True)
        monkeypatch.setattr(tasks.timezone, "now", lambda: at)
        tasks.sweep_at(at=at)
        return [tasks.deliver(delivery_id=each) for each in queued]

    return minute


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()
    assert outbox.WINDOW
