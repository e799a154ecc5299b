"""The load client counts whole answers only."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator

import pytest

from bench import client
from bench.__main__ import main


class Halves(socketserver.StreamRequestHandler):
    """Answers in two parts; /wrong with a 500."""

    def handle(self):
        while line := self.rfile.readline():
            while self.rfile.readline().strip():
                pass
            status = b"500 Sorry" if b"/wrong" in line else b"200 OK"
            self.wfile.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 10\r\n\r\nhello")
            self.wfile.flush()
            self.wfile.write(b"world")


@pytest.fixture
def port() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Halves) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_an_answer_in_two_parts_is_read_whole(port: int):
    assert client.once(port=port, request=client.get("/")) == (200, b"helloworld")


def test_requests_are_counted_and_timed(port: int):
    load = client.run(port=port, requests=[client.get("/")], seconds=0.3)
    assert load.requests > 8
    assert load.wrong == 0
    assert 0 < load.p50 <= load.p95 <= load.p99


def test_answers_that_are_not_well_are_counted_as_wrong(port: int):
    load = client.run(port=port, requests=[client.get("/"), client.get("/wrong")], seconds=0.3)
    assert load.requests // 3 < load.wrong < load.requests


def test_requests_that_may_not_repeat_are_sent_once(port: int):
    load = client.run(port=port, requests=[client.get(f"/{number}") for number in range(50)], seconds=5, repeat=False)
    assert load.requests == 50


@pytest.mark.parametrize(
    ("got", "there"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 204 No Content\r\n", False),
        (b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", True),
    ],
)
def test_half_an_answer_is_not_taken_for_a_whole_one(got: bytes, there: bool):  # noqa: FBT001
    assert client.whole(bytearray(got)) is there


def test_a_part_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]):
    assert main(["nonsense"]) == 2
    assert "There is no part nonsense" in capsys.readouterr().err
