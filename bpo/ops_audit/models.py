"""The operator's audit log."""

from django.conf import settings
from django.db import models

from bpo.audit_models import AuditCheckpoint, AuditEntry, AuditHead
from bpo.data_classes import DataClass
from bpo.ids import uuid7


class Entry(AuditEntry):
    data = DataClass(scope="public", grants="frozen", retention="audit", audit=False)

    class Meta(AuditEntry.Meta):
        db_table = "ops_audit_entry"
        verbose_name_plural = "entries"


class Head(AuditHead):
    data = DataClass(scope="public", retention="audit", audit=False)

    class Meta(AuditHead.Meta):
        db_table = "ops_audit_head"


class Checkpoint(AuditCheckpoint):
    data = DataClass(scope="public", grants="frozen", retention="client", audit=False)

    class Meta(AuditCheckpoint.Meta):
        db_table = "ops_audit_checkpoint"


class HeadCopy(models.Model):
    """The end of one chain as it stood at an hour, kept where that client's role can't reach. No client: our own."""

    data = DataClass(scope="public", grants="frozen", export=False, retention="audit", audit=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(settings.TENANT_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "ops_audit_headcopy"
        verbose_name_plural = "head copies"
        indexes = [models.Index(fields=["client", "seq"], name="head_copies_of_chain")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.seq}"
