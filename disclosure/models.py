"""政务公开的数据表"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q, TextChoices

from portal.models import Office, Township, User, Village

_SHOWN = Q(published_at__isnull=False)


class Column(TextChoices):
    """公开栏的固定栏目 (C1)"""

    ORGANISATION = "organisation", "机构和职责"
    LEADERS = "leaders", "领导和分工"
    OFFICES = "offices", "站所和岗位"
    PROCEDURES = "procedures", "办事程序和时限"
    FEES = "fees", "涉农收费"
    RESULTS = "results", "办理结果"
    DEFAULTS = "defaults", "超时和默认"
    VILLAGE_VISITS = "village-visits", "领导下村"
    PROJECTS = "projects", "为民办实事"
    APPRAISAL = "appraisal", "民主评议"
    ANNUAL_REPORT = "annual-report", "年度报告"
    COMPLAINTS = "complaints", "投诉电话和信箱"
    ANNOUNCEMENTS = "announcements", "公告"


# Columns that draw themselves from the record; nobody writes notices into them.
COMPUTED = frozenset({Column.OFFICES, Column.PROCEDURES, Column.RESULTS, Column.DEFAULTS})


class NoticeState(TextChoices):
    """公告状态"""

    DRAFT = "draft", "拟稿"
    REVIEW = "review", "待审核"
    APPROVED = "approved", "待发布"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


class Notice(models.Model):
    """公告: its published revisions are never changed; a correction is a new revision, a withdrawal says why."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name="乡镇")
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="村")
    column = models.CharField("栏目", max_length=20, choices=Column.choices)
    number = models.CharField("编号", max_length=9, unique=True)
    current = models.OneToOneField(
        "NoticeRevision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行版"
    )
    published_at = models.DateTimeField("首次发布", null=True)
    shown_at = models.DateTimeField("最近发布", null=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True)
    withdrawal_reason = models.CharField("撤下理由", max_length=300, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤下人")
    search = SearchVectorField("检索词", null=True)  # of the current revision

    class Meta:
        verbose_name = verbose_name_plural = "公告"
        indexes = [
            models.Index(fields=["township", "-shown_at", "-id"], condition=_SHOWN, name="notice_newest"),
            models.Index(fields=["township", "column", "-shown_at", "-id"], condition=_SHOWN, name="notice_by_column"),
            models.Index(fields=["village", "-shown_at", "-id"], condition=_SHOWN, name="notice_by_village"),
            GinIndex(fields=["search"], name="notice_search"),
        ]

    def __str__(self) -> str:
        return self.number


class NoticeRevision(models.Model):
    """公告的一版: draft, reviewed (secrecy and privacy) and published by three different duties."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="revisions", verbose_name="公告")
    ordinal = models.PositiveSmallIntegerField("第几版")
    state = models.CharField("状态", max_length=12, choices=NoticeState.choices, default=NoticeState.DRAFT)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文")
    change_note = models.CharField("为什么改", max_length=200, blank=True)
    ends_on = models.DateField("公示到", null=True, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", verbose_name="发布单位")
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟稿人")
    drafted_at = models.DateTimeField("拟稿时间")
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    reviewed_at = models.DateTimeField("审核时间", null=True)
    secrecy_ok = models.BooleanField("保密审查通过", default=False)
    privacy_ok = models.BooleanField("个人信息审查通过", default=False)
    numbers_ok = models.BooleanField("扫出的号码经第二人核准公开", default=False)
    review_note = models.CharField("审核意见", max_length=300, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发布人")
    published_at = models.DateTimeField("发布时间", null=True)
    digest = models.CharField("内容散列", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公告版次"
        ordering = ["ordinal"]
        indexes = [models.Index(fields=["state", "-drafted_at", "-id"], name="revision_on_desk")]
        constraints = [
            models.UniqueConstraint(fields=["notice", "ordinal"], name="one_revision_per_ordinal"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(secrecy_ok=True, privacy_ok=True), name="published_after_both_reviews"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("drafted_by")), name="reviewer_is_not_drafter"
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=models.F("drafted_by")), name="publisher_is_not_drafter"
            ),
            models.UniqueConstraint(
                fields=["notice"], condition=Q(state__in=["draft", "review", "approved"]), name="one_open_revision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} 第{self.ordinal}版"
