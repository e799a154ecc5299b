"""Who may use which route, in one table; a route that is missing here fails tests/security/test_every_route.py.

The table is the first gate only: whose customers a person sees is decided by scope and row-level security.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from keybook.apps.people.scope import NOBODY

EVERYONE = frozenset({"rm", "lobby", "head", "campaign", "compliance", "admin"})
READERS = EVERYONE - {"admin"}
WRITERS = frozenset({"rm", "head", "campaign"})
LOGGERS = frozenset({"rm", "head"})
PLANNERS = LOGGERS | {"compliance"}
HEADS = frozenset({"head"})
BOOKKEEPERS = frozenset({"rm", "head", "compliance"})
CAMPAIGN_MAKERS = frozenset({"head", "campaign"})
CAMPAIGNERS = CAMPAIGN_MAKERS | {"rm", "compliance"}
EVENT_MAKERS = frozenset({"head", "campaign"})
EVENT_READERS = EVENT_MAKERS | {"rm", "compliance"}
GET, POST, PUT, PATCH, DELETE = "GET", "POST", "PUT", "PATCH", "DELETE"
SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route: `open` to anyone, `closed` to all, or to the roles that read it and those that write.

    `customer` marks a route about one customer, whom a stranger may not tell from one that does not exist;
    `elsewhere` is where a role goes that does not read this page; `by_token` marks a deed whose address alone permits
    it, so that its form needs no token of a session.
    """

    methods: tuple[str, ...] = (GET,)
    open: bool = False
    closed: bool = False
    readers: frozenset[str] = READERS
    writers: frozenset[str] = frozenset()
    customer: bool = False
    elsewhere: str = ""
    by_token: bool = False

    def allows(self, method: str) -> bool:
        """Whether the route answers this method at all."""
        return method in self.methods or (method == "HEAD" and GET in self.methods)


OPEN_FORM = Rule(methods=(GET, POST), open=True)
OWN_FORM = Rule(methods=(GET, POST), readers=EVERYONE, writers=EVERYONE)
OWN_PAGE = Rule(readers=EVERYONE)
OWN_DEED = Rule(methods=(POST,), readers=EVERYONE, writers=EVERYONE)
LIST = Rule()
CUSTOMER = Rule(customer=True)
CUSTOMER_DEED = Rule(methods=(POST,), writers=WRITERS, customer=True)
CUSTOMER_FORM = Rule(methods=(GET, POST), readers=WRITERS, writers=WRITERS, customer=True)
WRITERS_FORM = Rule(methods=(GET, POST), readers=WRITERS, writers=WRITERS, customer=True)
CONTACT_DEED = Rule(methods=(POST,), writers=LOGGERS, customer=True)
CONTACT_FORM = Rule(methods=(GET, POST), readers=LOGGERS, writers=LOGGERS, customer=True)
CLOSED = Rule(methods=(), closed=True)
SETTERS = frozenset({"head", "admin"})
SETTING_FORM = Rule(methods=(GET, POST), readers=SETTERS, writers=SETTERS)
CUSTOMER_LIST_AND_LOG = Rule(methods=(GET, POST), writers=LOGGERS, customer=True)
CUSTOMER_LIST_AND_WRITE = Rule(methods=(GET, POST), writers=WRITERS, customer=True)
CONTACT_CHANGE = Rule(methods=(PATCH,), writers=LOGGERS, customer=True)
CUSTOMER_CHANGE = Rule(methods=(PATCH, DELETE), writers=WRITERS, customer=True)
CUSTOMER_PUT = Rule(methods=(PUT,), writers=WRITERS, customer=True)

RULES: dict[str, Rule] = {
    # the person's own
    "look": Rule(methods=(POST,), open=True),
    "account_login": OPEN_FORM,
    "account_logout": OWN_FORM,
    "account_inactive": Rule(open=True),
    "account_change_password": OWN_FORM,
    "account_reauthenticate": OWN_FORM,
    "mfa_authenticate": OPEN_FORM,
    "mfa_index": OWN_PAGE,
    "mfa_reauthenticate": OWN_FORM,
    "mfa_activate_totp": OWN_FORM,
    "mfa_deactivate_totp": OWN_FORM,
    "mfa_view_recovery_codes": OWN_PAGE,
    "mfa_generate_recovery_codes": OWN_FORM,
    "mfa_download_recovery_codes": OWN_PAGE,
    "people:demo": Rule(methods=(POST,), open=True),
    "people:me": OWN_FORM,
    "people:appoint": Rule(methods=(POST,), readers=READERS, writers=LOGGERS),
    "people:end": Rule(methods=(POST,), readers=READERS, writers=LOGGERS, customer=True),  # another's deputy: 404 too
    # accounts are made by the bank's administrator: nobody signs up, and no mail resets a password
    "account_signup": CLOSED,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_confirm_email": CLOSED,
    "account_set_password": CLOSED,
    "account_reset_password": CLOSED,
    "account_reset_password_done": CLOSED,
    "account_reset_password_from_key": CLOSED,
    "account_reset_password_from_key_done": CLOSED,
    "account_confirm_login_code": CLOSED,
    # what keeps the bank's data right
    "feeds:feeds": Rule(readers=frozenset({"admin", "compliance"})),
    # contact standards: the versions name no customer, exceptions do
    "standards:standards": Rule(methods=(GET, POST), readers=EVERYONE, writers=SETTERS),
    "standards:withdraw": Rule(methods=(POST,), readers=EVERYONE, writers=SETTERS),
    "api:standards": Rule(methods=(GET, POST), readers=EVERYONE, writers=SETTERS),
    "api:standards_preview": Rule(methods=(POST,), readers=EVERYONE, writers=SETTERS),
    "api:standard": Rule(methods=(DELETE,), readers=EVERYONE, writers=SETTERS),
    "desk:standard": Rule(methods=(GET, POST), writers=LOGGERS, customer=True),
    "desk:exception_end": CONTACT_DEED,
    "api:exceptions": CUSTOMER_LIST_AND_LOG,
    "api:exception": Rule(methods=(DELETE,), writers=LOGGERS, customer=True),
    # lists
    "desk:today": Rule(elsewhere="people:me"),
    "desk:search": LIST,
    "desk:line": CUSTOMER,
    "desk:walk": Rule(elsewhere="people:me"),
    "desk:log": CONTACT_FORM,
    "desk:snooze": CONTACT_DEED,
    "desk:hand_over": CONTACT_DEED,
    "desk:dismiss": CONTACT_DEED,
    "desk:correct": CONTACT_FORM,
    "desk:undo": Rule(methods=(POST,), writers=LOGGERS),
    "customers:book": LIST,
    # the relationship ledger: weights and what the data says name no customer
    "ledger:weights": Rule(methods=(GET, POST), readers=EVERYONE, writers=SETTERS),
    "ledger:withdraw": Rule(methods=(POST,), readers=EVERYONE, writers=SETTERS),
    "ledger:learned": Rule(readers=EVERYONE),
    "api:weights": Rule(methods=(GET, POST), readers=EVERYONE, writers=SETTERS),
    "api:learned": Rule(readers=EVERYONE),
    "api:customer_ledger": CUSTOMER,
    "api:customer_habits": CUSTOMER,
    # the phone: the app's own files are everybody's and hold nothing personal
    "manifest": Rule(open=True),
    "worker": Rule(open=True),
    "shell": Rule(open=True),
    "pocket:me": OWN_PAGE,
    "pocket:items": Rule(methods=(POST,), writers=WRITERS),
    "pocket:notes": Rule(readers=WRITERS),
    "pocket:file": Rule(readers=WRITERS, customer=True),
    "pocket:settle": Rule(methods=(POST,), writers=WRITERS, customer=True),
    # the gate before a contact, complaints, consent
    "gate:said": Rule(methods=(GET, POST), writers=LOGGERS, customer=True),
    "gate:all_care": LIST,
    "api:all_care": LIST,
    "gate:care": Rule(methods=(GET, POST), writers=WRITERS, customer=True),
    "gate:rules": Rule(methods=(GET, POST), readers=EVERYONE, writers=SETTERS),
    "api:gate": CUSTOMER_LIST_AND_LOG,
    "api:care": CUSTOMER,
    "api:complaints": CUSTOMER_DEED,
    "api:settle": CUSTOMER_DEED,
    "api:consents": CUSTOMER_DEED,
    "api:minds": CUSTOMER_DEED,
    "api:mind": CUSTOMER_CHANGE,
    # for programs
    "api:openapi-json": OWN_PAGE,
    "api:api-root": CLOSED,
    "api:customers": LIST,
    "api:search": LIST,
    "api:customer": CUSTOMER,
    "api:today": LIST,
    "api:log": CONTACT_DEED,
    "api:later": CONTACT_DEED,
    "api:not_now": CONTACT_DEED,
    "api:deputy": CONTACT_DEED,
    "api:undo": Rule(methods=(POST,), writers=LOGGERS),
    # the next best contact
    "proposals:list": Rule(readers=PLANNERS),
    "proposals:results": Rule(readers=PLANNERS),
    "proposals:customer": Rule(methods=(GET, POST), readers=PLANNERS, writers=LOGGERS, customer=True),
    "api:next": Rule(readers=PLANNERS),
    "api:customer_next": Rule(methods=(GET, POST), readers=PLANNERS, writers=LOGGERS, customer=True),
    # being told: the calendar's token is all its reader has
    "notices:calendar": Rule(open=True),
    "notices:unsubscribe": Rule(methods=(GET, POST), open=True, by_token=True),
    "notices:settings": OWN_PAGE,
    "notices:history": OWN_PAGE,
    "notices:heard": OWN_DEED,
    "notices:wish": OWN_DEED,
    "notices:feed": OWN_DEED,
    "notices:feed_amounts": OWN_DEED,
    "notices:feed_end": OWN_DEED,
    "notices:channel_add": OWN_DEED,
    "notices:channel_set": OWN_DEED,
    "notices:channel_test": OWN_DEED,
    "notices:channel_end": OWN_DEED,
    "notices:push": OWN_DEED,
    # plans
    "plans:plan": Rule(readers=PLANNERS),
    "plans:entry": Rule(methods=(GET, POST), writers=LOGGERS, customer=True),
    "plans:entry_answers": Rule(readers=LOGGERS, customer=True),
    "plans:dropped": CONTACT_DEED,
    "plans:loose": CONTACT_DEED,
    "plans:unplaced": Rule(methods=(GET, POST), writers=LOGGERS, customer=True),
    "plans:unplaced_answers": Rule(readers=LOGGERS, customer=True),
    "plans:make": Rule(methods=(POST,), writers=LOGGERS),
    "plans:undo": Rule(methods=(POST,), writers=LOGGERS),
    "plans:time": Rule(methods=(GET, POST), readers=PLANNERS, writers=LOGGERS),
    "plans:meeting_removed": Rule(methods=(POST,), writers=LOGGERS, customer=True),  # another's meeting: 404 too
    "plans:absence_removed": Rule(methods=(POST,), writers=LOGGERS, customer=True),
    "plans:add": CONTACT_FORM,
    "plans:capacity": Rule(methods=(GET, POST), readers=EVERYONE, writers=SETTERS),
    "api:plan_entries": Rule(readers=PLANNERS),
    "api:plan_made": Rule(methods=(POST,), writers=LOGGERS),
    "api:customer_next_plan": CONTACT_DEED,
    "api:plan_move": CONTACT_DEED,
    "api:plan_drop": CONTACT_DEED,
    # the Customer page
    "desk:customer": CUSTOMER,
    "desk:customer_timeline": CUSTOMER,
    "desk:customer_holdings": CUSTOMER,
    "desk:customer_household": CUSTOMER,
    "desk:customer_access": CUSTOMER,
    "desk:customer_attachment": CUSTOMER,
    "desk:customer_unmask": Rule(methods=(POST,), writers=READERS, customer=True),
    "desk:customer_preference": WRITERS_FORM,
    "desk:customer_away_add": WRITERS_FORM,
    "desk:customer_relation_add": WRITERS_FORM,
    "desk:customer_relation_remove": CUSTOMER_DEED,
    "desk:customer_assign": WRITERS_FORM,
    "desk:promise_add": CONTACT_FORM,
    "desk:promise_edit": CONTACT_FORM,
    "desk:promise_withdraw": CONTACT_DEED,
    "desk:promise_keep": CONTACT_DEED,
    "desk:occasion_add": WRITERS_FORM,
    "desk:occasion_edit": WRITERS_FORM,
    "desk:occasion_remove": CUSTOMER_DEED,
    "desk:keeping": WRITERS_FORM,
    "desk:greet": CONTACT_FORM,
    "reminders:rules": SETTING_FORM,
    "reminders:greetings": SETTING_FORM,
    "api:promises": CUSTOMER_LIST_AND_LOG,
    "api:promise": CONTACT_CHANGE,
    "api:promise_close": CONTACT_DEED,
    "api:occasions": CUSTOMER_LIST_AND_WRITE,
    "api:occasion": CUSTOMER_CHANGE,
    "api:keeping": CUSTOMER_PUT,
    "api:greet": CONTACT_DEED,
    # campaigns: who looks after one of its customers reads it
    "campaigns:board": Rule(readers=CAMPAIGNERS),
    "campaigns:new": Rule(methods=(GET, POST), readers=CAMPAIGN_MAKERS, writers=CAMPAIGN_MAKERS),
    "campaigns:plan": Rule(readers=CAMPAIGNERS, customer=True),
    "campaigns:change": Rule(methods=(GET, POST), readers=CAMPAIGNERS, writers=CAMPAIGN_MAKERS, customer=True),
    "campaigns:targets": Rule(readers=CAMPAIGNERS, customer=True),
    "campaigns:progress": Rule(readers=CAMPAIGNERS, customer=True),
    "campaigns:launch": Rule(methods=(POST,), readers=CAMPAIGNERS, writers=CAMPAIGN_MAKERS, customer=True),
    "campaigns:end": Rule(methods=(POST,), readers=CAMPAIGNERS, writers=CAMPAIGN_MAKERS, customer=True),
    "campaigns:result": Rule(methods=(POST,), readers=CAMPAIGNERS, writers=WRITERS, customer=True),
    "api:campaigns": Rule(methods=(GET, POST), readers=CAMPAIGNERS, writers=CAMPAIGN_MAKERS),
    "api:campaign": Rule(readers=CAMPAIGNERS, customer=True),
    "api:campaign_targets": Rule(readers=CAMPAIGNERS, customer=True),
    "api:campaign_launched": Rule(methods=(POST,), readers=CAMPAIGNERS, writers=CAMPAIGN_MAKERS, customer=True),
    "api:campaign_ended": Rule(methods=(POST,), readers=CAMPAIGNERS, writers=CAMPAIGN_MAKERS, customer=True),
    "api:campaign_result": Rule(methods=(POST,), readers=CAMPAIGNERS, writers=WRITERS, customer=True),
    # handover, limits of a book
    "handover:index": Rule(readers=BOOKKEEPERS),
    "handover:past": Rule(readers=BOOKKEEPERS),
    "handover:ledger": Rule(readers=BOOKKEEPERS),
    "handover:offers": Rule(readers=BOOKKEEPERS),
    "handover:act": Rule(readers=BOOKKEEPERS, customer=True),
    "handover:hand": Rule(methods=(GET, POST), readers=BOOKKEEPERS - {"rm"}, writers=HEADS),
    "handover:leave": Rule(methods=(POST,), readers=BOOKKEEPERS, writers=HEADS),
    "handover:back": Rule(methods=(POST,), readers=BOOKKEEPERS, writers=HEADS),
    "handover:wish": Rule(methods=(POST,), readers=BOOKKEEPERS, writers=frozenset({"rm"})),
    "handover:answer_wish": Rule(methods=(POST,), readers=BOOKKEEPERS, writers=HEADS),
    "handover:decide": Rule(methods=(POST,), readers=BOOKKEEPERS, writers=HEADS),
    "handover:answer": Rule(methods=(POST,), readers=BOOKKEEPERS, writers=LOGGERS, customer=True),
    "handover:limits": Rule(methods=(GET, POST), readers=EVERYONE, writers=SETTERS),
    "api:handovers": Rule(methods=(GET, POST), readers=BOOKKEEPERS, writers=HEADS),
    "api:handover": Rule(readers=BOOKKEEPERS, customer=True),
    "api:hand_back": Rule(methods=(POST,), readers=BOOKKEEPERS, writers=HEADS),
    "api:owners": Rule(readers=BOOKKEEPERS),
    "api:offers": Rule(readers=BOOKKEEPERS),
    "api:offer_answer": Rule(methods=(POST,), readers=BOOKKEEPERS, writers=LOGGERS),
    "api:offer_decide": Rule(methods=(POST,), readers=BOOKKEEPERS, writers=HEADS),
    # the memo line
    "memos:memo": Rule(methods=(GET, POST), readers=LOGGERS, writers=LOGGERS),
    "memos:draft": Rule(methods=(POST,), readers=LOGGERS, writers=LOGGERS),
    "memos:undo": Rule(methods=(POST,), readers=LOGGERS, writers=LOGGERS),
    "memos:same": LIST,
    "memos:settle": CONTACT_DEED,
    "api:memo_draft": Rule(methods=(POST,), readers=LOGGERS, writers=LOGGERS),
    "api:memos": Rule(methods=(POST,), readers=LOGGERS, writers=LOGGERS),
    "customers:new": Rule(methods=(GET, POST), readers=WRITERS, writers=WRITERS),
    # the team
    "team:team": Rule(readers=PLANNERS),
    "team:customers": Rule(readers=PLANNERS),
    "team:export": Rule(methods=(POST,), readers=PLANNERS, writers=PLANNERS),  # compliance takes a list along too
    "team:approvals": Rule(readers=frozenset({"head", "compliance"})),
    "team:decide": Rule(methods=(POST,), readers=frozenset({"head", "compliance"}), writers=frozenset({"head"})),
    "team:count": Rule(readers=PLANNERS),
    "api:team": Rule(readers=PLANNERS),
    "api:team_customers": Rule(readers=PLANNERS),
    # events: who works at the branch or below it, or has a guest, reads them; the numbers of all, one's own by name
    "events:events": Rule(readers=EVENT_READERS),
    "events:new": Rule(methods=(GET, POST), readers=EVENT_MAKERS, writers=EVENT_MAKERS),
    "events:event": Rule(readers=EVENT_READERS, customer=True),
    "events:change": Rule(methods=(GET, POST), readers=EVENT_MAKERS, writers=EVENT_MAKERS),
    "events:open": Rule(methods=(POST,), readers=EVENT_READERS, writers=EVENT_MAKERS, customer=True),
    "events:cancel": Rule(methods=(POST,), readers=EVENT_READERS, writers=EVENT_MAKERS, customer=True),
    "events:invite": WRITERS_FORM,
    "events:seat": Rule(methods=(POST,), readers=EVENT_READERS, writers=WRITERS, customer=True),
    "api:events": Rule(methods=(GET, POST), readers=EVENT_READERS, writers=EVENT_MAKERS),
    "api:event_made": Rule(methods=(GET, POST), readers=EVENT_READERS, writers=EVENT_MAKERS),
    "api:event": Rule(methods=(GET, PUT), readers=EVENT_READERS, writers=EVENT_MAKERS, customer=True),
    "api:event_changed": Rule(methods=(GET, PUT), readers=EVENT_READERS, writers=EVENT_MAKERS, customer=True),
    "api:event_opened": Rule(methods=(POST,), readers=EVENT_READERS, writers=EVENT_MAKERS, customer=True),
    "api:event_cancelled": Rule(methods=(POST,), readers=EVENT_READERS, writers=EVENT_MAKERS, customer=True),
    "api:event_invited": Rule(methods=(POST,), readers=EVENT_READERS, writers=WRITERS, customer=True),
    "api:event_seat": Rule(methods=(POST,), readers=EVENT_READERS, writers=WRITERS, customer=True),
    # gifts
    "gifts:register": LIST,
    "gifts:gift": Rule(methods=(GET, POST), writers=LOGGERS, customer=True),
    "gifts:decision": CONTACT_DEED,
    "gifts:given": CONTACT_DEED,
    "gifts:declined": CONTACT_DEED,
    "gifts:new": CONTACT_FORM,
    "gifts:office": CONTACT_DEED,
    "api:gifts": LIST,
    "api:gift": CUSTOMER,
    "api:gift_asked": CONTACT_DEED,
    "api:gift_decided": CONTACT_DEED,
    "api:gift_given": CONTACT_DEED,
    "api:gift_declined": CONTACT_DEED,
    "gifts:limits": Rule(methods=(GET, POST), readers=EVERYONE, writers=frozenset({"admin"})),
}


class AccessMiddleware:
    """Apply the table before a view runs; what it does not name needs a sign-in and decides for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """An answer instead of the view's, or None; raises what refuses."""
        route = request.resolver_match.view_name if request.resolver_match else ""
        rule = RULES.get(route, Rule(methods=(GET, POST, PUT, PATCH, DELETE), readers=EVERYONE, writers=EVERYONE))
        method = request.method or GET
        if rule.closed:
            raise Http404
        if not rule.allows(method):
            return HttpResponseNotAllowed(rule.methods)
        if rule.open:
            return None
        if request.scope is NOBODY:  # type: ignore[attr-defined]
            return _sign_in_first(request)
        return _by_role(request, rule)


def _by_role(request: HttpRequest, rule: Rule) -> HttpResponseBase | None:
    """Let the roles of the rule through; send others elsewhere or refuse with a sentence."""
    role = request.scope.role  # type: ignore[attr-defined]
    if request.method not in SAFE and role not in rule.writers:
        raise PermissionDenied(_("Your role reads this and changes nothing."))
    if role not in rule.readers:
        if rule.elsewhere:
            return redirect(rule.elsewhere)
        if rule.customer and role not in READERS:  # who sees no customer at all is not told that there is one
            raise Http404
        raise PermissionDenied(_("Your role does not see this page."))
    return None


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back; a script gets a status it can act on."""
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": "Sign in first.", "status": 401}
        return JsonResponse(problem, status=401, content_type="application/problem+json")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": reverse("account_login")})
    after = request.get_full_path() if request.method in SAFE else "/"
    return redirect_to_login(after)
