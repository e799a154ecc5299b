"""A load client that stays out of the way: one process, a few keep-alive connections, whole answers read and checked."""

from __future__ import annotations

import re
import selectors
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of requests gave: requests a second, milliseconds, and what went wrong."""

    rate: float
    p50: float
    p95: float
    p99: float
    requests: int
    wrong: int
    bytes_each: float


class ServerGoneError(Exception):
    """The server closed the connection or did not answer."""


@dataclass(slots=True)
class _Talk:
    """One connection and the answer it is reading."""

    port: int
    sock: socket.socket = field(init=False)
    got: bytearray = field(default_factory=bytearray)
    asked_at: float = 0.0

    def __post_init__(self) -> None:
        self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> None:
        """Send one request."""
        self.got.clear()
        self.asked_at = time.perf_counter()
        self.sock.sendall(request)

    def read(self) -> bool:
        """Take what has come; true when the answer is whole."""
        part = self.sock.recv(1 << 18)
        if not part:
            raise ServerGoneError("The server closed a kept-alive connection.")
        self.got += part
        return whole(self.got)


def whole(got: bytearray) -> bool:
    """Whether head and body of an answer are there."""
    head = got.find(b"\r\n\r\n")
    if head < 0:
        return False
    if found := LENGTH.search(got, 0, head + 2):
        return len(got) - head - 4 >= int(found[1])
    if CHUNKED.search(got, 0, head + 2):
        return got.endswith(b"0\r\n\r\n")
    return True  # 204 and 304 have no body


def get(path: str, *, cookie: str = "", more: str = "") -> bytes:
    """The bytes of a GET as a browser sends it, with the compressions it takes."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\n"
        f"Cookie: {cookie}\r\n{more}\r\n"
    ).encode()


def post(path: str, form: str, *, cookie: str, token: str) -> bytes:
    """The bytes of a form POST by htmx, with the CSRF token in cookie and header."""
    body = form.encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\n"
        f"Cookie: {cookie}; csrftoken={token}\r\nX-CSRFToken: {token}\r\nHX-Request: true\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def once(*, port: int, request: bytes) -> tuple[int, bytes]:
    """Status and body of one request."""
    talk = _Talk(port)
    talk.ask(request)
    while not talk.read():
        pass
    talk.sock.close()
    head = talk.got.find(b"\r\n\r\n")
    return int(talk.got[9:12]), bytes(talk.got[head + 4 :])


def run(*, port: int, requests: Sequence[bytes], seconds: float, at_once: int = 8, repeat: bool = True) -> Load:
    """Send the requests in turn over `at_once` connections for so many seconds (or once through) and time each."""
    talks = [_Talk(port) for _ in range(at_once)]
    took: list[float] = []
    wrong = size = sent = 0
    began = time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for talk in talks:
            waiting.register(talk.sock, selectors.EVENT_READ, talk)
            talk.ask(requests[sent % len(requests)])
            sent += 1
        open_ = len(talks)
        while open_:
            for key, _ in waiting.select(timeout=30):
                talk = key.data
                if not talk.read():
                    continue
                now = time.perf_counter()
                took.append(now - talk.asked_at)
                wrong += talk.got[9:10] != b"2"
                size += len(talk.got)
                if now - began < seconds and (repeat or sent < len(requests)):
                    talk.ask(requests[sent % len(requests)])
                    sent += 1
                else:
                    waiting.unregister(talk.sock)
                    talk.sock.close()
                    open_ -= 1
    spent = time.perf_counter() - began
    cuts = statistics.quantiles(took, n=100)
    return Load(
        rate=len(took) / spent, p50=1000 * statistics.median(took), p95=1000 * cuts[94], p99=1000 * cuts[98],
        requests=len(took), wrong=wrong, bytes_each=size / len(took),
    )  # fmt: skip
