"""The demo's one-click people, and whether a request may use them at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from keybook.apps.people import queries
from keybook.apps.people.models import Role, Staff
from keybook.apps.people.queries import Access

LOOPBACK = frozenset({"127.0.0.1", "::1"})
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
ORDER = [Role.RM, Role.HEAD, Role.LOBBY, Role.CAMPAIGN, Role.COMPLIANCE, Role.ADMIN]
RMS = 2

_waiting: list[Callable[[Access], str]] = []


@dataclass(frozen=True, slots=True)
class Persona:
    """One person of the demo on the sign-in page; `waiting` says what waits for them."""

    code: str
    name: str
    name_zh: str
    role: str
    waiting: str
    role_code: str


def say_what_waits(by: Callable[[Access], str]) -> None:
    """Let an app above say in a few words what waits for somebody."""
    _waiting[:] = [by]


def allowed(request: HttpRequest) -> bool:
    """Whether one click signs in here: in demo mode, straight from this machine, asked for by its local name."""
    name, _port = split_domain_port(request.get_host())
    return (
        bool(settings.DEMO)
        and request.META.get("REMOTE_ADDR") in LOOPBACK
        and name in LOCAL_NAMES
        and not any(header in request.META for header in FORWARDED)
    )


def personas() -> list[Persona]:
    """Two relationship managers and one of each other role, with what waits for them."""
    found: list[Staff] = []
    for role in ORDER:
        of_role = Staff.objects.filter(role=role, is_active=True).order_by("id")
        found += of_role[: RMS if role == Role.RM else 1]
    said = [_persona(staff) for staff in found]
    queries.close_rows()
    return said


def _persona(staff: Staff) -> Persona:
    """One of them; reading what waits opens their rows, which `personas` closes again."""
    access = queries.access_of(staff_id=staff.pk)
    waiting = _waiting[0](access) if _waiting and access else ""
    return Persona(staff.code, staff.name, staff.name_zh, str(Role(staff.role).label), waiting, staff.role)
