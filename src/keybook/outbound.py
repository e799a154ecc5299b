"""All traffic that leaves Keybook, through one guard: where it may go, how long it may take, how much it may answer.

The address that was checked is the address that is connected to, so that no second look-up can change it. Whatever
uses `requests` or urllib3 in this process (Apprise, pywebpush) is under the same guard from the import of this module.
"""

from __future__ import annotations

import ipaddress
import os
import re
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.util.connection
from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from requests import sessions

SECONDS = 20.0  # for everything: looking up, connecting, sending, reading
MOST_BYTES = 1_000_000
WEB_PORTS = frozenset({443})
MAIL_PORTS = frozenset({25, 465, 587})
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
TRANSLATED = tuple(
    ipaddress.ip_network(each)
    for each in ("2001::/32", "2002::/16", "64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0/96")
)
NEVER = tuple(
    ipaddress.ip_network(each)
    for each in ("169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "ff00::/8", "0.0.0.0/8", "::/128", "255.255.255.255/32",
                 "100.100.100.200/32", "fd00:ec2::254/128", *map(str, TRANSLATED[:4]))
)  # fmt: skip
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
KEPT = frozenset({"params", "data", "json", "headers", "auth", "cert"})


class RefusedError(OSError):
    """Where the guard does not let anything go; the sentence says why, and never the whole address."""


class UnreachedError(Exception):
    """Nothing arrived, or nobody knows whether it did: trying again later may help."""


class RejectedError(Exception):
    """The other side answered and said no: trying the same again will not help."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """The bank's own hosts, which need not be public: names (with a port or for all), and networks."""

    hosts: frozenset[str]
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

    def names(self, host: str, port: int) -> bool:
        """Whether this host is allowed on this port by name."""
        return host in self.hosts or f"{host}:{port}" in self.hosts

    def holds(self, address: Address) -> bool:
        """Whether this address lies in one of the networks."""
        return any(address in network for network in self.networks)


def allowance() -> Allowance:
    """What KEYBOOK_OUTBOUND_ALLOW says; an entry that cannot be read is a ValueError with its number."""
    hosts, networks = set(), []
    for place, entry in enumerate(settings.OUTBOUND_ALLOW, start=1):
        if "/" in entry:
            try:
                networks.append(ipaddress.ip_network(entry))
            except ValueError as error:
                raise ValueError(
                    f"Entry {place} of KEYBOOK_OUTBOUND_ALLOW is no network, such as 10.1.2.0/24."
                ) from error
        else:
            hosts.add(entry.lower())
    return Allowance(frozenset(hosts), tuple(networks))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet: nothing private, local, multicast, reserved or translated."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    return address in GLOBAL_UNICAST and address.is_global and not any(address in net for net in TRANSLATED)


def check_host(host: str) -> str:
    """The host in its one plain spelling; RefusedError for any other way to write it."""
    if not host or len(host) > 253:  # noqa: PLR2004  the longest name DNS has
        raise RefusedError("There is no host in this address.")
    if ":" in host:
        return str(_literal(host))
    if not all(LABEL.fullmatch(label) for label in host.split(".")):
        raise RefusedError("This host is written in an unusual way: lower case letters, digits, - and dots only.")
    if NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        return str(_literal(host))
    return host


def _literal(host: str) -> Address:
    """An address in numbers, as everybody writes it; zones, short and octal forms are refused."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError as error:
        raise RefusedError("An address in numbers is written in full, as 192.0.2.1 or 2001:db8::1.") from error
    if str(found) != host:
        raise RefusedError("An address in numbers is written in its shortest plain form.")
    return found


def check_url(url: str) -> str:
    """The host of an address we may ask; RefusedError otherwise. Whether it is public is seen when connecting."""
    if any(char <= " " or char in "\\\x7f" for char in url) or not url.isascii():
        raise RefusedError("An address has no spaces, backslashes or foreign letters.")
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError as error:
        raise RefusedError("This is no address.") from error
    if "@" in parts.netloc or "%" in parts.netloc:
        raise RefusedError("An address holds no name, password or % before its path.")
    host = check_host(
        parts.netloc.rpartition("]")[0].lstrip("[") if "[" in parts.netloc else parts.netloc.split(":")[0]
    )
    if parts.scheme != "https" and not (parts.scheme == "http" and allowance().names(host, port)):
        raise RefusedError("An address begins with https://.")
    return host


def addresses(host: str, port: int, *, ports: frozenset[int]) -> list[Address]:
    """Look the host up once and check everything it answers; one address that may not be refuses all."""
    name, allowed = check_host(host), allowance()
    ours = allowed.names(name, port)
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachedError("This host has no address.") from error
    seen = list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found))
    for address in seen:
        if any(address in network for network in NEVER) or not (ours or allowed.holds(address) or is_public(address)):
            raise RefusedError("This host lies inside a network, not on the open internet.")
        if port not in ports and not (ours or allowed.holds(address)):
            raise RefusedError(f"Port {port} is not one to send to.")
    return seen


def connect(
    host: str, port: int, *, ports: frozenset[int], seconds: float = SECONDS, options: Any = ()
) -> socket.socket:
    """Open a connection to one of the addresses that were just checked."""
    fault: OSError = RefusedError("This host has no address.")
    for address in addresses(host, port, ports=ports):
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            opened.settimeout(min(seconds, SECONDS))
            for option in options or ():
                opened.setsockopt(*option)
            opened.connect((str(address), port))
        except OSError as error:
            opened.close()
            fault = error
        else:
            _remember(opened)
            return opened
    raise fault


_held = threading.local()


def _remember(opened: socket.socket) -> None:
    """Keep a second handle, by which the deadline can cut the connection even under TLS."""
    kept: list[socket.socket] | None = getattr(_held, "sockets", None)
    if kept is not None:
        kept.append(opened.dup())


@contextmanager
def deadline(seconds: float = SECONDS) -> Iterator[None]:
    """Cut every connection that was opened inside after this many seconds, however slowly it drips."""
    kept: list[socket.socket] = []

    def cut() -> None:
        for each in kept:
            _shut(each)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    before = getattr(_held, "sockets", None)
    _held.sockets = kept
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _held.sockets = before
        for each in kept:
            each.close()


def _shut(opened: socket.socket) -> None:
    """Shut a connection that may be shut already."""
    try:
        opened.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _create_connection(
    address: tuple[str, int], timeout: Any = None, source_address: Any = None, socket_options: Any = None
) -> socket.socket:
    """What urllib3 calls for each connection of this process."""
    del source_address
    seconds = float(timeout) if isinstance(timeout, int | float) else SECONDS
    try:
        return connect(address[0].strip("[]"), address[1], ports=WEB_PORTS, seconds=seconds, options=socket_options)
    except UnreachedError as error:
        raise OSError("This host has no address.") from error


class _Session(sessions.Session):
    """A session that follows nothing, believes no proxy of the environment and reads no more than it must."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = str(settings.OUTBOUND_CA) if settings.OUTBOUND_CA else True


def request(method: str, url: str, **more: Any) -> requests.Response:
    """Ask one address; what `requests.get` and `requests.post` do in this process.

    RefusedError where it may not go. A redirect is an answer like any other and is not followed; of an answer no more
    than MOST_BYTES is read.
    """
    check_url(url)
    wanted = {name: value for name, value in more.items() if name in KEPT}
    with deadline(), _Session() as session:
        answer = session.request(method, url, allow_redirects=False, stream=True, timeout=SECONDS / 2, **wanted)
        body, size = [], 0
        for part in answer.iter_content(16_384):
            body.append(part)
            size += len(part)
            if size > MOST_BYTES:
                answer.close()
                raise RefusedError("The answer is too long.")
        answer._content = b"".join(body)  # noqa: SLF001  as requests itself does without stream
        if (heard := getattr(_held, "heard", None)) is not None:
            heard.append(answer.status_code)
        return answer


@contextmanager
def listening(heard: list[int]) -> Iterator[None]:
    """Note the status of every answer that a library gets inside and does not hand on."""
    _held.heard = heard
    try:
        yield
    finally:
        _held.heard = None


def post(url: str, **more: Any) -> requests.Response:
    """Send something to one address; see `request`. Named so that a library takes this module for a session."""
    return request("post", url, **more)


def _install() -> None:
    """Put every library of this process that speaks HTTP by requests or urllib3 under the guard."""
    urllib3.util.connection.create_connection = _create_connection
    requests.api.request = request  # type: ignore[assignment]  # it takes the same names
    requests.request = request  # type: ignore[assignment]


_install()


class _Plain(smtplib.SMTP):
    """SMTP over a checked connection."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, ports=MAIL_PORTS, seconds=timeout)


class _Secure(smtplib.SMTP_SSL):
    """SMTP under TLS over a checked connection."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened = connect(host, port, ports=MAIL_PORTS, seconds=timeout)
        return self.context.wrap_socket(opened, server_hostname=host)


class Mail(EmailBackend):
    """Django's SMTP with the address check and the deadline of everything that leaves."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The class that opens the connection."""
        return _Secure if self.use_ssl else _Plain


def proxies_said() -> list[str]:
    """The proxies the environment names, which Keybook does not use: for the doctor to say so."""
    return sorted(
        name
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
        if os.environ.get(name) or os.environ.get(name.lower())
    )
