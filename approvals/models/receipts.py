"""补登的收件日：the one time a clerk may type, with its scan and its second person."""

from django.db import models
from django.db.models import F, Q

from portal.models import User
from services.models import Application, Attachment


class ReceiptDeclaration(models.Model):
    """补登: paper that came on `received_on` and was entered later; the scan shows the stamp of receipt."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="declaration", verbose_name="办件")
    received_on = models.DateField("收件日")
    scan = models.ForeignKey(Attachment, models.CASCADE, related_name="+", verbose_name="扫描件")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="补登人")
    at = models.DateTimeField("补登时间")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核对人")
    confirmed_at = models.DateTimeField("核对时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "补登的收件日"
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("confirmed_by")), name="receipt_confirmed_by_another")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.received_on}"
