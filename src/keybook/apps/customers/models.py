"""The register: customers, households and relations, tiers, the assignment ledger, holdings, preferences."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.people.history import edits_by_hand, every_edit
from keybook.apps.people.models import Branch


class Channel(models.TextChoices):
    """How a banker and a customer speak to each other."""

    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    BRANCH = "branch", _("At the branch")
    WECHAT = "wechat", _("WeChat")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")


@every_edit()
class Tier(models.Model):
    """A service tier: entered at `enter_at`, left below `leave_at` (hysteresis); key when `standards` asks for contact."""

    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=40, blank=True)
    rank = models.PositiveSmallIntegerField(unique=True, help_text="0 is the lowest.")
    enter_at = models.DecimalField(max_digits=18, decimal_places=2)
    leave_at = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["rank"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(leave_at__lte=models.F("enter_at")), name="tier_left_below_entry")
        ]


class Household(models.Model):
    """People who belong together; each customer has at most one."""

    name = models.CharField(max_length=120, blank=True)


class Stage(models.TextChoices):
    """How far the customer has come with the bank."""

    PROSPECT = "prospect", _("Prospect")
    CUSTOMER = "customer", _("Customer")
    CLOSED = "closed", _("Closed")


class Standing(models.TextChoices):
    """How the relationship goes, as `core.ledger` decides it."""

    GROWING = "growing", _("Growing")
    STEADY = "steady", _("Steady")
    COOLING = "cooling", _("Cooling")
    AT_RISK = "at_risk", _("At risk")
    ENDED = "ended", _("Ended")


@edits_by_hand(
    "number", "kind", "stage", "name", "name_zh", "sex", "born_on", "lunar_birthday", "id_number", "phone", "email",
    "address", "language", "occupation", "branch", "household", "rm", "tier", "phone_doubt", "joined_to", index=(),
)  # fmt: skip
class Customer(models.Model):
    """A person or organisation known to the bank. Columns marked * come from the feeds, + are stored decisions."""

    number = models.CharField(max_length=40, unique=True, null=True, blank=True)  # * none while a prospect
    kind = models.CharField(
        max_length=12, choices=[("person", _("Person")), ("organisation", _("Organisation"))], default="person"
    )
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.CUSTOMER)
    name = models.CharField(max_length=160)
    name_zh = models.CharField(max_length=80, blank=True)
    sex = models.CharField(max_length=1, blank=True, choices=[("f", _("Female")), ("m", _("Male"))])
    born_on = models.DateField(null=True, blank=True)
    lunar_birthday = models.CharField(max_length=6, blank=True)
    id_number = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    phone_doubt = models.BooleanField(default=False, db_default=False, help_text="Kept as typed: it looks mistyped.")
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    district = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, default="en")
    occupation = models.CharField(max_length=80, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="customers")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    rm = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="book"
    )  # +
    tier = models.ForeignKey(Tier, null=True, blank=True, on_delete=models.PROTECT, related_name="customers")  # +
    tier_before = models.ForeignKey(Tier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # +
    tier_since = models.DateField(null=True, blank=True)  # +
    currency = models.CharField(max_length=3, default="CNY")
    aum = models.DecimalField(max_digits=18, decimal_places=2, default=0)  # *
    aum_change = models.DecimalField(max_digits=18, decimal_places=2, default=0)  # * against 30 days before
    need = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)  # *
    risk_level = models.CharField(max_length=2, blank=True)  # *
    risk_until = models.DateField(null=True, blank=True)  # *
    last_contact_on = models.DateField(null=True, blank=True)  # +
    next_due_on = models.DateField(null=True, blank=True)  # + by contact standard
    late_from = models.DateField(null=True, blank=True)  # + the first day on which it is overdue, grace over
    visit_due_on = models.DateField(null=True, blank=True)  # + the visit its standard asks for
    health = models.SmallIntegerField(default=0)  # + balance of the relationship ledger
    standing = models.CharField(max_length=8, blank=True, default="", db_default="", choices=Standing.choices)  # +
    rule_version = models.CharField(max_length=40, blank=True)
    joined_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined_from",
        help_text="A prospect whose history has gone to the bank's customer: closed, and kept.",
    )  # fmt: skip
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["rm", "-aum"]),
            models.Index(fields=["branch", "-aum"]),
            models.Index(fields=["rm", "next_due_on"]),
            models.Index(fields=["-aum"]),
        ]

    def __str__(self) -> str:
        return self.name


class SearchKey(models.Model):
    """One way to find a customer: the start of `key` is matched, byte by byte, by a range that RLS lets use the index.

    A name is stored once from each word (Latin) or character (Chinese) on, as pinyin, as initials; a phone as
    its last four digits and whole; the customer number as it is. `weight` puts the larger customer first.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="search_keys")
    key = models.CharField(max_length=80, db_collation="C")
    weight = models.IntegerField(help_text="Sorted ascending: minus the assets in thousands.")
    rm_id = models.BigIntegerField(null=True)
    branch_id = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            # Each holds all that a search and the row-level policy ask, so that the table itself is not read.
            models.Index(fields=["key", "weight"], include=["customer", "rm_id", "branch_id"], name="search_by_key"),
            models.Index(fields=["rm_id", "key", "weight"], include=["customer", "branch_id"], name="search_by_rm"),
            models.Index(fields=["branch_id", "key", "weight"], include=["customer", "rm_id"], name="search_by_branch"),
        ]


@edits_by_hand("other", "role", "other_role", "household", "share")
class Relation(models.Model):
    """One edge with a role at both ends: `customer` is `role` to `other`, who is `other_role` to them."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="relations_out")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="relations_in")
    role = models.CharField(max_length=24)
    other_role = models.CharField(max_length=24)
    household = models.BooleanField(default=False)
    share = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    source = models.CharField(
        max_length=8, default="bank", choices=[("bank", _("The bank")), ("banker", _("A banker"))]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "other", "role"], name="relation_once"),
            models.CheckConstraint(condition=~models.Q(customer=models.F("other")), name="relation_to_another"),
        ]


@edits_by_hand("staff", "from_on", "until_on")
class Assignment(models.Model):
    """The dated ledger of who looks after whom, from `from_on` up to, not on, `until_on`."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="assignments")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    cause = models.CharField(max_length=40, help_text="feed, rule, handover, capture …")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(until_on__isnull=True), name="one_rm_at_a_time"
            ),
        ]


class Holding(models.Model):
    """A position at this bank, as of the last data date."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="holdings")
    number = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=16)
    product = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    name_zh = models.CharField(max_length=120, blank=True)
    risk = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3)
    opened_on = models.DateField(null=True, blank=True)
    matures_on = models.DateField(null=True, blank=True)
    rate = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    balance = models.DecimalField(max_digits=18, decimal_places=2)
    instruction = models.CharField(max_length=8, blank=True)
    as_of = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer"])]


class BalanceMonth(models.Model):
    """Assets under management of a customer at the end of a month (the last one: to date)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(help_text="Its first day.")
    aum = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "month"], name="one_balance_a_month")]


class Confidence(models.TextChoices):
    """How far hearsay is believed."""

    SURE = "sure", _("Sure")
    LIKELY = "likely", _("Likely")
    UNSURE = "unsure", _("Unsure")


@edits_by_hand("institution", "kind", "amount", "source", "detail", "confidence", "seen_on", "expires_on")
class HeldAway(models.Model):
    """An asset at another bank: evidence with a source, a date, a confidence and an end, never a bare number."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="held_away")
    institution = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    source = models.CharField(
        max_length=16,
        choices=[
            ("transfer", _("Transfers")),
            ("order", _("Standing orders")),
            ("said", _("Said so")),
            ("other", _("Other")),
        ],
    )
    detail = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence.choices)
    seen_on = models.DateField()
    matures_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField()
    key = models.CharField(max_length=120, help_text="What makes a repeat of the same evidence the same row.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "key"], name="held_away_once")]


@every_edit(index=("customer",))
class Preference(models.Model):
    """How a customer likes to be contacted; what they said of it wins over every statistic."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="preference")
    channels = ArrayField(models.CharField(max_length=8, choices=Channel.choices), default=list, blank=True)
    never = ArrayField(models.CharField(max_length=8, choices=Channel.choices), default=list, blank=True)
    hour_from = models.PositiveSmallIntegerField(null=True, blank=True)
    hour_until = models.PositiveSmallIntegerField(null=True, blank=True)
    zone = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Where they live, if not in the bank's zone."
    )
    topics = models.CharField(max_length=200, blank=True)
    avoid = models.CharField(max_length=200, blank=True)
    no_congratulation = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(hour_from__isnull=True) | models.Q(hour_until__gt=models.F("hour_from")),
                name="hours_in_order",
            )
        ]


@edits_by_hand("state", "settled_by", "settled_on", inserts=False, index=("prospect",))
class Match(models.Model):
    """A prospect and a customer of the bank who may be the same person: offered, then joined or refused, never again."""

    class State(models.TextChoices):
        """What somebody said to it."""

        OFFERED = "offered", _("Offered")
        JOINED = "joined", _("Joined")
        REFUSED = "refused", _("Not the same person")

    prospect = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="matches")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="matches_in")
    why = models.CharField(
        max_length=8,
        choices=[("phone", _("Same phone")), ("id", _("Same identity number")), ("birthday", _("Same name and birthday")),
                 ("tail", _("Same name and end of the phone"))],
    )  # fmt: skip
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFFERED)
    found_on = models.DateField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    settled_on = models.DateField(null=True)
    moved = models.JSONField(null=True, help_text="What joining moved and changed: ids by table, old values by column.")
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["prospect", "customer"], name="match_once")]
        indexes: ClassVar = [
            models.Index(fields=["prospect"], condition=models.Q(state="offered"), name="match_offered"),
            models.Index(fields=["customer"], condition=models.Q(state="offered"), name="match_offered_to"),
        ]


class FateOf(models.TextChoices):
    """What became of money that fell due."""

    ROLLED = "rolled", _("Rolled over")
    MOVED_IN = "moved_in", _("Moved in to us")
    MOVED_OUT = "moved_out", _("Lost to another bank")
    SPENT = "spent", _("Spent")


@edits_by_hand("fate", "told_on", "by", inserts=False)
class Fate(models.Model):
    """What became of a deposit at its maturity, here or at another bank; told once for each maturity, corrected in place."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="fates")
    place = models.CharField(max_length=9, choices=[("holding", _("Here")), ("held_away", _("Elsewhere"))])
    ref = models.CharField(max_length=60, help_text="The holding's number, or the id of the evidence.")
    matured_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    fate = models.CharField(max_length=9, choices=FateOf.choices)
    told_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "place", "ref", "matured_on"], name="fate_once")
        ]


@every_edit(index=("customer",))
class Complaint(models.Model):
    """What a customer complained about; open until it is settled, with what came of it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="complaints")
    opened_on = models.DateField()
    text = models.CharField(max_length=500)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_on = models.DateField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(settled_on__isnull=True) | models.Q(settled_on__gte=models.F("opened_on")),
                name="complaint_settled_after_it_was_made",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer"], condition=models.Q(settled_on__isnull=True), name="complaint_open"),
        ]


@every_edit(index=("customer",))
class Vulnerability(models.Model):
    """What to mind with a customer who needs care: hard of hearing, newly widowed, not alone in deciding."""

    class Kind(models.TextChoices):
        """What sort of care it asks for."""

        SENSES = "senses", _("Sight, hearing, moving")
        HEALTH = "health", _("Illness")
        BEREAVED = "bereaved", _("Bereavement, separation")
        MONEY = "money", _("Trouble with money")
        DECIDING = "deciding", _("Does not decide alone")
        FRAUD = "fraud", _("At risk of fraud")
        OTHER = "other", _("Something else")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="vulnerabilities")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.OTHER)
    mind = models.CharField(max_length=200)
    from_on = models.DateField()
    review_on = models.DateField(
        null=True, help_text="When somebody asks whether it still is so; none was asked for at first: that is due."
    )
    until_on = models.DateField(null=True, blank=True, help_text="Up to, not on, this day.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="vulnerability_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(review_on__isnull=True) | models.Q(review_on__gt=models.F("from_on")),
                name="vulnerability_reviewed_later",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["review_on"], condition=models.Q(until_on__isnull=True), name="vulnerability_to_review"
            ),
        ]


class ConsentFor(models.TextChoices):
    """What a contact is for; the words of `core.gate`."""

    SERVICE = "service", _("Service")
    GREETING = "greeting", _("Greetings")
    INVITATION = "invitation", _("Invitations")
    MARKETING = "marketing", _("Offers")


@every_edit(index=("customer",))
class Consent(models.Model):
    """What a customer said to contacts of one purpose by one channel (empty: by all); the last word holds, all are kept."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=10, choices=ConsentFor.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    given = models.BooleanField()
    on = models.DateField()
    source = models.CharField(max_length=200, help_text="Where it was said: a form, a call, a letter.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "purpose", "channel", "-on", "-id"], name="consent_last")]
