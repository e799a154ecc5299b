"""What a page on customers is asked with: a signed-in member of staff, their scope, and the bank's day."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from keybook.apps.people.models import Staff
from keybook.apps.people.queries import BankFacts
from keybook.apps.people.scope import Scope

Params = ParamSpec("Params")


class Asked(HttpRequest):
    """A request as the middlewares hand it to these pages; for the type checker, never made."""

    user: Staff
    scope: Scope
    bank: BankFacts
    htmx: HtmxDetails
    request_id: uuid.UUID


def asked(
    view: Callable[Concatenate[Asked, Params], HttpResponse],
) -> Callable[Concatenate[Asked, Params], HttpResponse]:
    """Let signed-in staff who may see customers at all through; send others to sign in, or refuse with a sentence."""

    @wraps(view)
    def answer(request: Asked, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        if not request.user.is_authenticated or getattr(request, "bank", None) is None:
            return _to_sign_in(request)
        if request.user.role == "admin":
            raise PermissionDenied(_("Administrators see no customers."))
        return view(request, *args, **kwargs)

    return answer


def _to_sign_in(request: Asked) -> HttpResponse:
    """A whole page, even where only a part of one was asked for."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    return redirect_to_login(request.get_full_path())
