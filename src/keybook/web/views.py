"""What belongs to no app: the reader's language and theme, and the pages of an error."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from keybook.apps.people.commands import choose_look
from keybook.apps.people.looks import keep_in_cookies, look_asked_for


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep the language or theme chosen, in a cookie and in the row of who is signed in; unknown values are ignored."""
    chosen = {field: request.POST.get(field, "") for field in ("language", "theme")}
    response = HttpResponseRedirect(_back(request))
    keep_in_cookies(request, response, **chosen)
    if request.user.is_authenticated:
        choose_look(staff=request.user, letter_keys=request.user.letter_keys, **chosen)
    return response


def _back(request: HttpRequest) -> str:
    """The page the choice was made on, never another host's."""
    after = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return after if safe else "/"


def _error(request: HttpRequest, status: int, name: str, sentence: str = "") -> HttpResponse:
    request_id = getattr(request, "request_id", None)
    if request.path.startswith("/api/"):  # a program reads a problem, as RFC 9457 describes it
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
        body = {**problem, "instance": f"urn:uuid:{request_id}"}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    context = {"request_id": request_id, "sentence": sentence}
    return render(request, f"errors/{name}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: nothing of what was asked for is repeated."""
    del exception
    return _error(request, 400, "400")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the sentence of the rule that refused."""
    return _error(request, 403, "403", str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what does not exist and for what belongs to another."""
    del exception
    return _error(request, 404, "404")


def broken(request: HttpRequest) -> HttpResponse:
    """500: a sentence and the request's number, as its reader speaks even where the database could not say who it is."""
    language, theme = look_asked_for(request)
    request.theme = getattr(request, "theme", theme)  # type: ignore[attr-defined]
    with translation.override(getattr(request, "LANGUAGE_CODE", language)):
        return _error(request, 500, "500")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that was open too long."""
    del reason
    return _error(request, 403, "csrf")
