"""Calendar feeds, channels, what there is to tell and what became of each message."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.people.history import every_edit

MOST_REASON = 40


def working_days() -> list[int]:
    """Monday to Friday."""
    return [0, 1, 2, 3, 4]


class Kind(models.TextChoices):
    """What is told at once."""

    OUTFLOW = "outflow", _("A large outflow")
    BROKEN = "broken", _("A broken promise")
    GIFT = "gift", _("A gift waits for my approval")
    HANDOVER = "handover", _("Customers handed over")
    NEGLECT = "neglect", _("Customers to be offered back")


def every_kind() -> list[str]:
    """All of them."""
    return list(Kind.values)


@every_edit(exclude=("token_hash",))
class Feed(models.Model):
    """The secret address of one person's calendar; only a hash of its token is kept. No row: no feed."""

    staff = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    amounts = models.BooleanField(default=False, help_text="Whether entries name amounts.")
    made_at = models.DateTimeField()


@every_edit()
class Wish(models.Model):
    """When and about what one person wants to be told; no row: as below."""

    staff = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest_hour = models.PositiveSmallIntegerField(default=8)
    digest_days = ArrayField(models.PositiveSmallIntegerField(), default=working_days, blank=True)
    quiet_from = models.PositiveSmallIntegerField(default=20)
    quiet_until = models.PositiveSmallIntegerField(default=7)
    urgent = ArrayField(models.CharField(max_length=8, choices=Kind.choices), default=every_kind, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(digest_hour__lt=24, quiet_from__lt=24, quiet_until__lt=24),
                name="wish_hours_of_a_day",
            )
        ]


@every_edit(exclude=("secret", "secret_hash", "refusals"))
class Channel(models.Model):
    """One way to reach a person; its secret part is sealed and shown masked."""

    class Kind(models.TextChoices):
        """The closed list."""

        EMAIL = "email", _("E-mail")
        PUSH = "push", _("This browser")
        WECOM = "wecom", "WeCom 企业微信"
        DINGTALK = "dingtalk", "DingTalk 钉钉"
        FEISHU = "feishu", "Feishu 飞书"
        LARK = "lark", "Lark"
        TEAMS = "teams", "Microsoft Teams"
        SLACK = "slack", "Slack"

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    secret = models.TextField(help_text="Sealed: the address, or the browser's subscription.")
    secret_hash = models.CharField(max_length=64)
    shown = models.CharField(max_length=80, help_text="What may be shown of it.")
    digest = models.BooleanField(default=True)
    urgent = models.BooleanField(default=True)
    refusals = models.PositiveSmallIntegerField(default=0, help_text="One after the other, until one is taken.")
    off_at = models.DateTimeField(null=True, help_text="Switched off after too many.")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "kind", "secret_hash"], name="channel_once"),
        ]


class Notice(models.Model):
    """Something one person is to be told, once: same person, kind and key, same notice."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=80, help_text="Its cause, with the business date where it comes again.")
    on = models.DateField(help_text="The business date.")
    customer_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, help_text="Sent with the others of this number; none: not yet.")
    settled_at = models.DateTimeField(null=True, help_text="Nothing is waiting any more.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "kind", "key"], name="notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["staff"], condition=models.Q(batch__isnull=True), name="notice_untold"),
            models.Index(fields=["staff", "batch"], name="notice_batch"),
        ]


class Delivery(models.Model):
    """One message by one channel: made once, tried until it is taken, refused or too old."""

    class Kind(models.TextChoices):
        """What the message is."""

        DIGEST = "digest", _("Morning digest")
        URGENT = "urgent", _("Urgent")
        TEST = "test", _("Test")

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Cut off: not known")
        REPLACED = "replaced", _("Replaced by a newer one")
        EMPTY = "empty", _("Nothing to say")

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.CharField(max_length=8, choices=Channel.Kind.choices)
    shown = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=60, help_text="The business date or batch: same channel and key, same message.")
    on = models.DateField()
    batch = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=MOST_REASON, blank=True, help_text="A code of why it was not taken.")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "key"], name="delivery_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(state__in=["waiting", "sending"]), name="delivery_due"
            ),
            models.Index(fields=["staff", "-id"], name="delivery_history"),
        ]


class PushKey(models.Model):
    """The one key this installation pushes with; its private half is sealed."""

    private = models.TextField()
    public = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="only_one_push_key")]


class Moved(models.Model):
    """How often a promise, reminder or occasion has changed, and when last; triggers of its migration write it."""

    source = models.CharField(max_length=8, choices=[(name, name) for name in ("promise", "reminder", "occasion")])
    source_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "source_id"], name="moved_once")]
