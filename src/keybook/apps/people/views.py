"""Signing in, and the page about oneself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keybook.apps.people import personas
from keybook.apps.people.commands import KEEPERS, NotAppointedError, appoint_deputy, choose_look, end_deputy
from keybook.apps.people.looks import keep_in_cookies
from keybook.apps.people.models import Bank, Deputy, Staff
from keybook.apps.people.spoken import spoken
from keybook.formats import customer_name

BACKEND = "keybook.apps.people.backend.Backend"


class SignIn(LoginView):  # type: ignore[misc]  # allauth has no types
    """GET and POST /accounts/login/: allauth's checks and limits, our page."""

    template_name = "people/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page needs: what was typed, one sentence if it was wrong, and the demo's people."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = context["form"]
        wrong = [sentence for sentences in form.errors.values() for sentence in sentences]
        people = personas.personas() if personas.allowed(self.request) else []
        bank = Bank.objects.filter(pk=1).first()
        return {
            **context,
            "typed": form.data.get("login", ""),
            "error": wrong[0] if wrong else "",
            "personas": people,
            "bank_name": customer_name(bank.name, bank.name_zh, get_language())[0] if bank else "",
            "next": _after(self.request, default=""),
        }


sign_in = SignIn.as_view()


def _after(request: HttpRequest, *, default: str = "/") -> str:
    """The page asked for before signing in, never another host's."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    return after if url_has_allowed_host_and_scheme(after, allowed_hosts=hosts, require_https=False) else default


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """POST /sign-in/demo: sign in as one of the demo's people; anywhere but on this machine there is no such page."""
    if not personas.allowed(request):
        raise Http404
    staff = get_object_or_404(Staff, code=request.POST.get("code", ""), is_active=True)
    login(request, staff, backend=BACKEND)
    if chosen := request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):  # the demo speaks as its visitor chose
        choose_look(staff=staff, language=chosen, theme="", letter_keys=staff.letter_keys)
    return redirect(_after(request))


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """GET and POST /settings/me/: language, theme, keys, and who stands in for me."""
    if request.method == "POST":
        chosen = {field: request.POST.get(field, "") for field in ("language", "theme")}
        choose_look(staff=_me(request), letter_keys=request.POST.get("letter_keys") == "on", **chosen)
        with translation.override(_me(request).language):  # the page that follows speaks it already
            messages.success(request, _("Kept."))
        response = redirect("people:me")
        keep_in_cookies(request, response, **chosen)
        return response
    return _page(request, typed={}, errors={})


@require_POST
def appoint(request: HttpRequest) -> HttpResponse:
    """POST /settings/me/deputies/: a colleague stands in for me for a period."""
    typed = {name: request.POST.get(name, "") for name in ("deputy", "from_on", "until_on")}
    try:
        days = {name: _date(name, typed[name]) for name in ("from_on", "until_on")}
        last = days["until_on"] + dt.timedelta(days=1)  # the page says the last day, the ledger the first day after it
        today = request.bank.business_date  # type: ignore[attr-defined]
        row = appoint_deputy(
            principal=_me(request), deputy_code=typed["deputy"], from_on=days["from_on"], until_on=last, today=today
        )
    except NotAppointedError as refusal:
        return _page(request, typed=typed, errors={refusal.field: str(refusal)}, status=422)
    messages.success(request, _("%(name)s stands in for you.") % {"name": spoken(row.deputy)})
    return redirect("people:me")


@require_POST
def end(request: HttpRequest, deputy_id: int) -> HttpResponse:
    """POST /settings/me/deputies/<id>/end/: the stand-in ends today."""
    if not end_deputy(
        principal=_me(request),
        deputy_id=deputy_id,
        today=request.bank.business_date,  # type: ignore[attr-defined]
    ):
        raise Http404
    messages.success(request, _("Ended."))
    return redirect("people:me")


def _me(request: HttpRequest) -> Staff:
    """Who is signed in; the access table let nobody else through."""
    if not isinstance(request.user, Staff):
        raise Http404
    return request.user


def _date(field: str, text: str) -> dt.date:
    """The date typed, or a sentence beside its field."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise NotAppointedError(field, _("This is no date; write it as 2026-11-23.")) from error


def _page(request: HttpRequest, *, typed: dict[str, str], errors: dict[str, str], status: int = 200) -> HttpResponse:
    """The page about oneself."""
    who = _me(request)
    today: dt.date = request.bank.business_date  # type: ignore[attr-defined]
    keeps_a_book = who.role in KEEPERS
    rows = (
        Deputy.objects.filter(principal=who).exclude(until_on__lte=today).select_related("deputy").order_by("from_on")
    )
    stand_ins = [
        {"id": row.pk, "name": row.deputy.name, "name_zh": row.deputy.name_zh, "from_on": row.from_on,
         "last_on": row.until_on - dt.timedelta(days=1) if row.until_on else None, "begun": row.from_on <= today}
        for row in rows
    ]  # fmt: skip
    colleagues = (
        Staff.objects.filter(role__in=KEEPERS, is_active=True).exclude(pk=who.pk).order_by("branch_id", "name")
        .values_list("code", "name", "name_zh", "branch__name")
        if keeps_a_book
        else ()
    )  # fmt: skip
    context = {
        "place": "settings", "typed": typed, "errors": errors, "stand_ins": stand_ins, "colleagues": colleagues,
        "keeps_a_book": keeps_a_book, "today": today, "me": who,
        "languages": Staff._meta.get_field("language").choices,  # noqa: SLF001
        "themes": Staff._meta.get_field("theme").choices,  # noqa: SLF001
    }  # fmt: skip
    return render(request, "people/me.html", context, status=status)
