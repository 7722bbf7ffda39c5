"""The audit log of one client."""

from bpo.audit_models import AuditCheckpoint, AuditEntry, AuditHead
from bpo.data_classes import DataClass


class Entry(AuditEntry):
    data = DataClass(scope="client", grants="frozen", retention="audit", audit=False)

    class Meta(AuditEntry.Meta):
        db_table = "audit_entry"


class Head(AuditHead):
    data = DataClass(scope="client", retention="audit", audit=False)

    class Meta(AuditHead.Meta):
        db_table = "audit_head"


class Checkpoint(AuditCheckpoint):
    data = DataClass(scope="client", grants="frozen", retention="client", audit=False)

    class Meta(AuditCheckpoint.Meta):
        db_table = "audit_checkpoint"
