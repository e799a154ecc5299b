"""Staff, roles, the branch tree, deputies, and the bank itself."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.people.history import every_edit


class Bank(models.Model):
    """The one bank this installation serves: its currency, calendar, zone and business date."""

    name = models.CharField(max_length=120, default="Keybook Demo Bank")
    name_zh = models.CharField(max_length=120, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    calendar = models.CharField(max_length=2, default="CN", help_text="ISO country whose public holidays count.")
    business_date = models.DateField(null=True, help_text="Set by the nightly run; the faces pass it down.")
    data_date = models.DateField(null=True, help_text="The last day of the bank's data behind it.")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="only_one_bank")]


class Branch(models.Model):
    """A branch; `path` lists the ids from the top, so a subtree is a prefix: /1/4/."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    district = models.CharField(max_length=80, blank=True)
    path = models.CharField(max_length=255, db_index=True, db_collation="C")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member of staff comes for."""

    RM = "rm", _("relationship manager")
    LOBBY = "lobby", _("lobby manager")
    HEAD = "head", _("branch head")
    CAMPAIGN = "campaign", _("campaign manager")
    COMPLIANCE = "compliance", _("compliance officer")
    ADMIN = "admin", _("administrator")


class StaffAccounts(BaseUserManager["Staff"]):
    """Looks staff up by their code and makes their accounts."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """The member of staff whose code this is, whatever its case."""
        return self.get(code__iexact=username)

    def create_user(self, code: str, password: str | None = None, **fields: object) -> Staff:
        """Store a member of staff with a hashed password, or with none that works."""
        staff = self.model(code=code, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


@every_edit(exclude=("password", "last_login", "unheard"))
class Staff(AbstractBaseUser):
    """A member of the bank's staff, who is also the user that signs in."""

    code = models.CharField(max_length=32, unique=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.RM)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="staff")
    language = models.CharField(max_length=8, default="en", choices=[("en", "English"), ("zh-hans", "简体中文")])
    theme = models.CharField(
        max_length=5, default="auto", choices=[("auto", _("as the system")), ("light", _("light")), ("dark", _("dark"))]
    )
    letter_keys = models.BooleanField(default=True, help_text="Single-letter keys on (WCAG 2.1.4).")
    is_active = models.BooleanField(default=True)
    unheard = models.PositiveSmallIntegerField(default=0, help_text="Messages that failed and were not looked at.")

    objects = StaffAccounts()
    USERNAME_FIELD = "code"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """No Django admin: nobody is."""
        return False


@every_edit()
class Deputy(models.Model):
    """`deputy` stands in for `principal` from `from_on` up to, not on, `until_on`."""

    principal = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="deputises")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(principal=models.F("deputy")), name="deputy_is_another"),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gt=models.F("from_on")),
                name="deputy_period_in_order",
            ),
        ]


@every_edit(index=("customer_id",))
class Share(models.Model):
    """A customer shown to one more colleague, up to, not on, `until_on`; the register is above, hence a bare id."""

    customer_id = models.BigIntegerField()
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="shared")
    until_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer_id", "staff"], name="shared_once")]
        indexes: ClassVar = [models.Index(fields=["staff"])]


@every_edit()
class BookCap(models.Model):
    """How many customers one book holds at most, from a day on; where no staff is named, the bank's usual.

    The newest that has begun holds; without a number the bank's usual holds again, or no cap at all. It stands here,
    below the register, because whoever puts a customer into a book has to ask it: by hand, by rule or by a handover.
    """

    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="book_caps")
    most = models.PositiveIntegerField(null=True)
    from_on = models.DateField()
    set_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "from_on"], nulls_distinct=False, name="one_cap_begins_a_day"),
            models.CheckConstraint(
                condition=models.Q(most__isnull=True) | models.Q(most__gte=1, most__lte=100_000), name="cap_can_be_kept"
            ),
        ]
