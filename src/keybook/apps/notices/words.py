"""How an entry, a notice and a failure are said in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as lazy

KINDS: Mapping[str, Any] = {
    "deposit_maturing": lazy("maturity"), "large_inflow": lazy("inflow"), "large_outflow": lazy("outflow"),
    "outflow_other_bank": lazy("outflow"), "balance_falling": lazy("falling balance"),
    "income_stopped": lazy("income stopped"), "idle_cash": lazy("idle cash"), "dormant": lazy("dormant"),
    "risk_profile_expiring": lazy("risk profile"), "near_next_tier": lazy("near the next tier"),
    "below_tier": lazy("below the tier"), "potential_key": lazy("potential key customer"),
    "loan_paid_off": lazy("loan paid off"), "birthday": lazy("birthday"), "product_bought": lazy("new product"),
    "standard": lazy("contact standard"), "anniversary": lazy("anniversary"), "opening": lazy("opening"),
    "memorial": lazy("memorial day"), "other": lazy("occasion"), "campaign": lazy("campaign"), "invitation": lazy("invitation"),
    "wedding": lazy("wedding"), "exam": lazy("exam"), "moving": lazy("moving house"), "gift_idea": lazy("gift to think of"),
    "signal": lazy("signal"), "promise": lazy("promise"),
}  # fmt: skip
REASONS: Mapping[str, Any] = {
    "": "",
    "unreachable": lazy("The other side did not answer."),
    "not_set_up": lazy("This installation sends no mail yet; the administrator sets it up."),
    "not_allowed": lazy("This address is not one Keybook may send to."),
    "rejected": lazy("The other side refused it."),
    "no_address": lazy("There is no e-mail address to send to."),
    "gone": lazy("This browser has given up its subscription."),
    "unreadable": lazy("The address can no longer be read: add the channel again."),
    "too_old": lazy("Tried for three days; given up."),
    "off": lazy("The channel is switched off or removed."),
    "left": lazy("This person works here no more."),
    "cut_off": lazy("Sending was cut off; it may have arrived, and is not repeated."),
}  # fmt: skip


def about(name: str, what: str) -> str:
    """Who and what, as this language joins them."""
    return gettext("%(name)s: %(what)s") % {"name": name, "what": what}


def counted(key: str) -> str:
    """What a notice says whose key carries numbers, `kind|what|±number`: how many customers come, go or are offered.

    After a blank each, a second number counts the campaign tasks that come along, a third one seats at events.
    """
    kind, _mark, rest = key.partition("|")
    number, tasks, seats, *_more = [*rest.rpartition("|")[2].split(" "), "", ""]
    if kind not in {"handover", "neglect"} or not number.lstrip("+-").isdecimal():
        return ""
    count = abs(int(number))
    if kind == "neglect":
        text = ngettext(
            "%(count)s customer of yours: say why, or let go", "%(count)s customers of yours: say why, or let go", count
        )
    elif number.startswith("-"):
        text = ngettext("%(count)s customer has left your book", "%(count)s customers have left your book", count)
    else:
        text = ngettext(
            "%(count)s customer has come into your book", "%(count)s customers have come into your book", count
        )
    said = text % {"count": count}
    if tasks.isdecimal() and int(tasks):
        along = ngettext(
            "%(said)s, with %(tasks)s campaign task", "%(said)s, with %(tasks)s campaign tasks", int(tasks)
        )
        said = along % {"said": said, "tasks": tasks}
    if seats.isdecimal() and int(seats):
        along = ngettext(
            "%(said)s, with %(seats)s seat at an event", "%(said)s, with %(seats)s seats at events", int(seats)
        )
        said = along % {"said": said, "seats": seats}
    return said
