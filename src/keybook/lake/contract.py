"""The bank data contract: which feeds a bank may send, and what each column of them means.

Each `Feed` is rendered into `docs/operate/feeds.md`, checked by `intake` and typed by `arrow_schema`.
A `state` feed replaces what was known about its key; an `event` feed only adds rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

Type = Literal["text", "code", "date", "datetime", "money", "rate", "int", "bool", "currency"]
Mode = Literal["state", "event"]

ARROW: dict[Type, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),  # the bank's own wall clock, without a zone
    "money": pa.decimal128(18, 2),
    "rate": pa.decimal128(9, 6),  # a fraction of one a year: 2.1 % is 0.021
    "int": pa.int64(),
    "bool": pa.bool_(),
    "currency": pa.string(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a feed: its type, whether it must be there, and what it means."""

    name: str
    type: Type
    help: str
    required: bool = False
    choices: tuple[str, ...] = ()
    refers: str = ""  # "feed.column" this value must exist in
    minimum: str | None = None
    default: str | None = None
    length: int = 0  # the most characters; 0: 40 for a code, 200 for a text
    past: bool = False  # may not lie after the business date of the file
    pattern: str = ""  # what a code must look like in full

    @property
    def limit(self) -> int:
        """The most characters a value may have; 0 when its type bounds it."""
        return self.length or {"code": 40, "text": 200}.get(self.type, 0)


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of file a bank sends, with its key and its columns."""

    name: str
    mode: Mode
    help: str
    key: tuple[str, ...]
    columns: tuple[Column, ...] = field(default=())

    @property
    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema of a checked file of this feed."""
        return pa.schema([(column.name, ARROW[column.type]) for column in self.columns])

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the feed has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


HOLDING_KINDS = (
    "current", "savings", "term_deposit", "fund", "wealth", "insurance", "metal", "loan", "card",
)  # fmt: skip
TRANSACTION_KINDS = (
    "salary", "pension", "interest", "cash", "transfer", "card", "fee", "loan", "purchase", "redemption", "other",
)  # fmt: skip
CHANNELS = ("branch", "phone", "mobile", "web", "atm", "pos", "other")
RISK_RATINGS = ("R1", "R2", "R3", "R4", "R5")
RISK_LEVELS = ("C1", "C2", "C3", "C4", "C5")

BRANCH = Feed(
    "branch", "state", "The branch tree.", ("code",), (
        Column("code", "code", "The bank's code of the branch.", required=True, length=32),
        Column("name", "text", "Its name as staff say it.", required=True, length=120),
        Column("name_zh", "text", "Its Chinese name, if it has one.", length=120),
        Column("parent", "code", "The branch above it; empty at the top.", refers="branch.code"),
        Column("district", "text", "The district of a town it serves; visits are grouped by it.", length=80),
    ),
)  # fmt: skip
STAFF = Feed(
    "staff", "state", "The people who look after customers.", ("code",), (
        Column("code", "code", "The bank's code of the person.", required=True, length=32),
        Column("name", "text", "Name in Latin letters.", required=True, length=120),
        Column("name_zh", "text", "Name in Chinese characters.", length=60),
        Column("role", "code", "What they come for.", required=True,
               choices=("rm", "lobby", "head", "campaign", "compliance", "admin")),
        Column("branch", "code", "Where they work.", required=True, refers="branch.code"),
        Column("email", "text", "Address for sign-in and notices."),
    ),
)  # fmt: skip
CUSTOMER = Feed(
    "customer", "state", "Persons and organisations known to the bank.", ("number",), (
        Column("number", "code", "The bank's customer number.", required=True),
        Column("kind", "code", "Person or organisation.", choices=("person", "organisation"), default="person"),
        Column("name", "text", "Name in Latin letters; the number stands in when the bank sends none.",
               length=160),
        Column("name_zh", "text", "Name in Chinese characters.", length=80),
        Column("sex", "code", "Used only to address the customer.", choices=("f", "m")),
        Column("born_on", "date", "Birthday (or founding day), solar.", past=True),
        Column("lunar_birthday", "code", "Lunar birthday MM-DD, a leading L for a leap month, if kept that way.",
               pattern="L?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|30)"),
        Column("id_number", "code", "Identity document number; stored, always shown masked."),
        Column("phone", "text", "Telephone as given.", length=40),
        Column("email", "text", "E-mail address."),
        Column("address", "text", "Postal address."),
        Column("district", "text", "District, for visits.", length=80),
        Column("language", "code", "Language to speak with the customer.", choices=("en", "zh-hans"), default="en"),
        Column("occupation", "text", "What they do, in a word.", length=80),
        Column("branch", "code", "The branch that keeps the customer.", required=True, refers="branch.code"),
        Column("rm", "code", "The code of their relationship manager, when the bank has named one."),
        Column("opened_on", "date", "Customer since."),
        Column("need", "money", "Money the customer needs at hand a month; idle cash is counted above it."),
    ),
)  # fmt: skip
RELATION = Feed(
    "relation", "state", "Who belongs to whom, with a role at both ends.", ("customer", "other", "role"), (
        Column("customer", "code", "One end.", required=True, refers="customer.number"),
        Column("other", "code", "The other end.", required=True, refers="customer.number"),
        Column("role", "code", "What `customer` is to `other`: wife, owner, father.", required=True,
               length=24),
        Column("other_role", "code", "What `other` is to `customer`: husband, company, son.", required=True,
               length=24),
        Column("household", "bool", "Whether the two count as one household.", default="false"),
        Column("share", "rate", "The share owned, as a fraction, for owner and company."),
    ),
)  # fmt: skip
PRODUCT = Feed(
    "product", "state", "What the bank sells.", ("code",), (
        Column("code", "code", "The bank's product code.", required=True),
        Column("name", "text", "Name on the shelf.", required=True),
        Column("name_zh", "text", "Chinese name."),
        Column("kind", "code", "Which holding it becomes.", required=True, choices=HOLDING_KINDS),
        Column("risk", "code", "Risk rating.", choices=RISK_RATINGS, default="R1"),
        Column("term_days", "int", "Days to maturity; empty if open-ended.", minimum="0"),
        Column("yield_low", "rate", "Lower end of the yield range, a year."),
        Column("yield_high", "rate", "Upper end of the yield range, a year."),
        Column("minimum", "money", "Smallest amount.", minimum="0"),
        Column("currency", "currency", "ISO 4217.", required=True),
        Column("sale_from", "date", "First day of sale."),
        Column("sale_until", "date", "Day after the last day of sale."),
    ),
)  # fmt: skip
HOLDING = Feed(
    "holding", "state", "Positions of customers at this bank.", ("number",), (
        Column("number", "code", "The bank's number of the account or position.", required=True, length=60),
        Column("customer", "code", "Its owner; may be left to the holder feed.", refers="customer.number"),
        Column("kind", "code", "What it is.", required=True, choices=HOLDING_KINDS),
        Column("product", "code", "Product code."),
        Column("name", "text", "Name to show; the product's or the kind's if empty.", length=120),
        Column("currency", "currency", "ISO 4217.", required=True),
        Column("opened_on", "date", "Start."),
        Column("closed_on", "date", "End, if it has ended."),
        Column("matures_on", "date", "Maturity, for what has one."),
        Column("rate", "rate", "Interest a year."),
        Column("amount", "money", "Principal, face or limit: the value when no balance says otherwise."),
        Column("balance", "money", "Balance on the date of the file; negative for what is owed."),
        Column("instruction", "code", "What happens at maturity.", choices=("roll", "pay_out", "ask")),
    ),
)  # fmt: skip
HOLDER = Feed(
    "holder", "state", "Who may act on a holding: owner, joint owner, authorised person.", ("holding", "customer"), (
        Column("holding", "code", "The holding.", required=True, refers="holding.number", length=60),
        Column("customer", "code", "The customer.", required=True, refers="customer.number"),
        Column("role", "code", "Their right.", required=True, choices=("owner", "joint", "authorised")),
    ),
)  # fmt: skip
BALANCE = Feed(
    "balance", "event", "Balances of holdings at the end of days.", ("holding", "date"), (
        Column("holding", "code", "The holding.", required=True, refers="holding.number", length=60),
        Column("date", "date", "The day.", required=True, past=True),
        Column("amount", "money", "Balance at the end of it; negative for what is owed.", required=True),
    ),
)  # fmt: skip
TRANSACTION = Feed(
    "transaction", "event", "Money that moved.", ("number",), (
        Column("number", "code", "The bank's number of the posting.", required=True, length=60),
        Column("holding", "code", "The holding it moved on.", required=True, refers="holding.number", length=60),
        Column("booked_on", "date", "Booking day.", required=True, past=True),
        Column("amount", "money", "Positive in, negative out.", required=True),
        Column("kind", "code", "What it was.", choices=TRANSACTION_KINDS, default="other"),
        Column("channel", "code", "Where it was made.", choices=CHANNELS, default="other"),
        Column("counterparty", "text", "Who was at the other end, or their account.", length=120),
        Column("counterparty_bank", "text", "Their bank, when it is another.", length=120),
        Column("balance_after", "money", "Balance of the holding after it."),
        Column("text", "text", "What the statement says."),
    ),
)  # fmt: skip
STANDING_ORDER = Feed(
    "standing_order", "state", "Regular payments ordered in advance.", ("number",), (
        Column("number", "code", "The bank's number of the order.", required=True),
        Column("holding", "code", "The holding it leaves.", required=True, refers="holding.number", length=60),
        Column("amount", "money", "Amount each time.", required=True, minimum="0"),
        Column("every", "code", "How often.", choices=("week", "month", "quarter", "year"), default="month"),
        Column("kind", "code", "What it pays.",
               choices=("household", "loan", "insurance", "lease", "savings", "other"), default="other"),
        Column("counterparty", "text", "The account it goes to.", length=120),
        Column("counterparty_bank", "text", "The bank it goes to.", length=120),
        Column("from_date", "date", "First payment."),
        Column("until_date", "date", "Day after the last payment."),
    ),
)  # fmt: skip
RISK_PROFILE = Feed(
    "risk_profile", "state", "How much risk a customer can and will bear.", ("customer",), (
        Column("customer", "code", "The customer.", required=True, refers="customer.number"),
        Column("level", "code", "Level.", required=True, choices=RISK_LEVELS),
        Column("assessed_on", "date", "Day of the assessment.", required=True),
        Column("valid_until", "date", "First day on which it no longer holds.", required=True),
    ),
)  # fmt: skip
CHANNEL_EVENT = Feed(
    "channel_event", "event", "Log-ins and other acts on the bank's channels.", ("customer", "at", "channel", "action"), (
        Column("customer", "code", "The customer.", required=True, refers="customer.number"),
        Column("at", "datetime", "When.", required=True, past=True),
        Column("channel", "code", "Where.", required=True, choices=CHANNELS),
        Column("action", "code", "What: login, view, apply, complain.", required=True),
    ),
)  # fmt: skip
TICKET = Feed(
    "ticket", "event", "Queue tickets of the branch lobbies.", ("branch", "number", "taken_at"), (
        Column("branch", "code", "The branch.", required=True, refers="branch.code"),
        Column("number", "code", "The number on the slip.", required=True),
        Column("taken_at", "datetime", "Drawn.", required=True, past=True),
        Column("called_at", "datetime", "Called."),
        Column("served_at", "datetime", "Finished."),
        Column("counter", "code", "Which counter."),
        Column("queue", "code", "Which queue: general, vip, corporate."),
        Column("customer", "code", "Who drew it, if known."),
    ),
)  # fmt: skip

FEEDS: dict[str, Feed] = {
    feed.name: feed
    for feed in (
        BRANCH, STAFF, CUSTOMER, RELATION, PRODUCT, HOLDING, HOLDER, BALANCE, TRANSACTION,
        STANDING_ORDER, RISK_PROFILE, CHANNEL_EVENT, TICKET,
    )
}  # fmt: skip
"""Every feed in the order in which they are loaded: what is referred to comes first."""
