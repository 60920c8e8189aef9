"""人员、账号、岗位"""


from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from portal import privacy
from portal.keys import keys
from portal.models.places import Office, Township, Village
from portal.models.vocabulary import Duty


class Person(models.Model):
    """自然人: identity number and phone are sealed per field; hashes with a key outside the database find them."""

    name = models.CharField("姓名", max_length=60)
    id_sealed = models.BinaryField("证件号码（加密）", blank=True, default=b"")
    id_hash = models.CharField("证件号码查找值", max_length=64, blank=True, db_index=True)
    phone_sealed = models.BinaryField("电话（加密）", blank=True, default=b"")
    phone_hash = models.CharField("电话查找值", max_length=64, blank=True, db_index=True)
    previous_phone_sealed = models.BinaryField("换号前的电话（加密）", blank=True, default=b"")
    email_sealed = models.BinaryField("邮箱（加密）", blank=True, default=b"")
    household_hash = models.CharField("户查找值", max_length=64, blank=True, db_index=True)
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, verbose_name="村")

    class Meta:
        verbose_name = verbose_name_plural = "自然人"
        constraints = [
            models.UniqueConstraint(fields=["id_hash"], condition=~Q(id_hash=""), name="one_person_per_identity"),
        ]

    def __str__(self) -> str:
        return privacy.mask_name(self.name)

    @property
    def id_number(self) -> str:
        """证件号码, opened; never log it."""
        return keys().open_text(bytes(self.id_sealed))

    @property
    def phone(self) -> str:
        """电话, opened; never log it."""
        return keys().open_text(bytes(self.phone_sealed))

    @property
    def previous_phone(self) -> str:
        """换号前的电话, opened; the one that is told when somebody changes the number."""
        return keys().open_text(bytes(self.previous_phone_sealed))

    @property
    def email(self) -> str:
        """邮箱, opened; never log it."""
        return keys().open_text(bytes(self.email_sealed))


class UserManager(BaseUserManager["User"]):
    """账号管理器"""

    def get_by_natural_key(self, username: str | None) -> "User":
        """按登录键找账号"""
        return self.get(login=username)


class User(AbstractBaseUser):
    """账号: staff sign in by work name, villagers by phone (only its keyed hash is stored)."""

    login = models.CharField("登录键", max_length=80, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="users", verbose_name="自然人")
    township = models.ForeignKey(Township, models.PROTECT, null=True, blank=True, verbose_name="工作乡镇")
    is_staff_member = models.BooleanField("工作人员", default=False)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录要改密码", default=False)
    created_at = models.DateTimeField("开户时间", null=True)

    unread: int = 0  # messages not yet looked at; filled in where a page reads who has signed in (portal.sign_in)

    objects = UserManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def display_name(self) -> str:
        """页面上的称呼: staff in full (their post is public), villagers masked."""
        return privacy.shown_name(self.person.name, staff=self.is_staff_member)


class Post(models.Model):
    """岗位: one seat with one duty in one office; who holds it is dated in PostHolding."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="posts", verbose_name="乡镇")
    office = models.ForeignKey(Office, models.PROTECT, related_name="posts", verbose_name="站所")
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, verbose_name="村")
    duty = models.CharField("职责", max_length=20, choices=Duty.choices)
    title = models.CharField("名称", max_length=60)
    phone = models.CharField("电话", max_length=40, blank=True)
    place = models.CharField("办公地点", max_length=60, blank=True)
    serves = models.JSONField("承接哪些站所的事项", default=list, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["township", "duty"])]

    def __str__(self) -> str:
        return self.title


class PostHolding(models.Model):
    """任职: who holds a post from which day to which day, one person at a time."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name="岗位")
    user = models.ForeignKey(User, models.PROTECT, related_name="holdings", verbose_name="任职人")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            ExclusionConstraint(
                name="one_holder_per_post",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (
                        Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"post {self.post_id} user {self.user_id}"


class Absence(models.Model):
    """不在岗: who is out from when to when; what no deputy covers goes up at once (engine section 6)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name="谁")
    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name="乡镇")
    sudden = models.BooleanField("临时不在")
    starts_at = models.DateTimeField("起")
    ends_at = models.DateTimeField("止")
    ended_at = models.DateTimeField("提前回来", null=True)
    reason = models.CharField("事由", max_length=200)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    number = models.CharField("登记号", max_length=20, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "不在岗"
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_start")]
        indexes = [models.Index(fields=["user", "ends_at"], name="absence_of_user")]

    def __str__(self) -> str:
        return self.number


class Delegation(models.Model):
    """职位代理: the registered deputy acts with the post's power while it is in force; it cannot be passed on.

    `scope` narrows it: lists under "items" (codes), "kinds" (of step) and "cases" (numbers); a list that is
    not there leaves that side open.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations", verbose_name="被代理岗位")
    principal = models.ForeignKey(User, models.PROTECT, related_name="delegations_given", verbose_name="被代理人")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="delegations_held", verbose_name="代理人")
    starts_at = models.DateTimeField("起")
    ends_at = models.DateTimeField("止")
    reason = models.CharField("事由", max_length=200)
    handover = models.TextField("交接", blank=True)
    scope = models.JSONField("范围", default=dict, blank=True)
    absence = models.ForeignKey(
        Absence, models.PROTECT, null=True, blank=True, related_name="delegations", verbose_name="随哪次不在岗"
    )
    revoked_at = models.DateTimeField("提前收回", null=True, blank=True)
    report = models.TextField("交账", blank=True)
    reported_at = models.DateTimeField("交账时间", null=True, blank=True)
    number = models.CharField("授权编号", max_length=20, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "职位代理"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(principal=F("deputy")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return self.number


class Relation(models.Model):
    """亲属关系申报: declared relations that bar a person from a case (回避), until one is ended with a reason."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="relations", verbose_name="本人")
    relative = models.ForeignKey(Person, models.CASCADE, related_name="relations_to", verbose_name="亲属")
    kind = models.CharField("关系", max_length=20)
    ended_at = models.DateTimeField("结束", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁结束的")
    end_reason = models.CharField("为什么结束", max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = verbose_name_plural = "亲属关系"
        constraints = [
            models.UniqueConstraint(fields=["person", "relative"], condition=Q(ended_at=None), name="one_relation_per_pair"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | (Q(ended_at__isnull=False) & ~Q(ended_by=None) & ~Q(end_reason="")),
                name="relation_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


