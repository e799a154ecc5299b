"""The words of the Customer page for codes the register stores: channels, kinds of assets, relations, sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel, Confidence
from keybook.apps.desk.timeline import CHANNEL_ICONS

KINDS: Mapping[str, Any] = {
    "current": _("Current account"), "saving": _("Savings"), "savings": _("Savings"), "deposit": _("Deposit"),
    "term": _("Term deposit"), "term_deposit": _("Term deposit"), "fund": _("Fund"), "wealth": _("Wealth product"),
    "insurance": _("Insurance"), "metal": _("Precious metal"), "loan": _("Loan"), "card": _("Card"), "other": _("Other"),
}  # fmt: skip
SOURCES: Mapping[str, Any] = {
    "transfer": _("Outgoing transfers"), "order": _("Standing orders"), "said": _("Said so"), "other": _("Other"),
}  # fmt: skip
RELATIONS: Mapping[str, Any] = {
    "wife": _("wife"), "husband": _("husband"), "spouse": _("spouse"), "partner": _("partner"), "parent": _("parent"),
    "father": _("father"), "mother": _("mother"), "child": _("child"), "son": _("son"), "daughter": _("daughter"),
    "sibling": _("sibling"), "brother": _("brother"), "sister": _("sister"), "grandparent": _("grandparent"),
    "grandchild": _("grandchild"), "relative": _("relative"), "friend": _("friend"), "owner": _("owner"),
    "company": _("company"), "director": _("director"), "employee": _("employee"), "employer": _("employer"),
    "business_partner": _("business partner"), "guarantor": _("guarantor"), "borrower": _("borrower"),
    "holder": _("account holder"), "disponent": _("authorised signatory"), "user": _("authorised signatory"),
}  # fmt: skip


def words() -> dict[str, Any]:
    """Everything a template of the Customer page calls by a code."""
    return {
        "channels": dict(Channel.choices), "confidences": dict(Confidence.choices), "kinds": KINDS, "sources": SOURCES,
        "roles": RELATIONS, "channel_icons": CHANNEL_ICONS,
    }  # fmt: skip


def trace_words() -> dict[str, Any]:
    """The pages, rows and acts that the record of looks and changes names by a code."""
    return {
        "pages": {
            "customer": _("Overview"), "customer_timeline": _("Timeline"), "customer_holdings": _("Holdings"),
            "customer_household": _("Household"), "customer_access": _("Access"), "customer_form": _("A form"),
            "unmask phone": _("Phone number shown"), "unmask email": _("E-mail address shown"),
            "unmask id_number": _("ID number shown"), "today": _("Today"), "log": _("Logging a contact"),
            "api customer": _("A program"), "api habits": _("A program"), "api next best": _("A program"),
            "next best": _("Next best contact"), "lookup": _("Phone looked up by a colleague"),
            "customer_standard": _("Contact standard"), "plan": _("Plan"), "care": _("To be minded"), "gift": _("Gift"),
            "correct": _("Correcting a contact"), "attachment": _("Photo or voice note"), "api ledger": _("A program"),
        },
        "rows": {
            "customer": _("Customer"), "preference": _("How they like it"), "relation": _("Relation"),
            "assignment": _("Banker"), "heldaway": _("Assets elsewhere"), "interaction": _("Contact"),
            "promise": _("Promise"), "occasion": _("Occasion"), "reminder": _("Reminder"),
            "observance": _("How they keep their days"), "match": _("The same person?"), "fate": _("What became of a deposit"),
            "answer": _("Next best contact"), "target": _("Campaign"), "seat": _("Seat at an event"), "complaint": _("Complaint"), "consent": _("Consent"), "entry": _("Plan"),
            "gift": _("Gift"), "goahead": _("Contact all the same"), "line": _("Today"), "offer": _("Offered back"),
            "official": _("Public office"), "share": _("Shared with a colleague"), "standardexception": _("Exception"),
            "vulnerability": _("To be minded"),
        },
        "acts": {"insert": _("added"), "update": _("changed"), "delete": _("removed")},
    }  # fmt: skip
