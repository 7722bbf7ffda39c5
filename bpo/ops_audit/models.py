"""The operator's audit log."""

from bpo.audit_models import AuditEntry, AuditHead
from bpo.data_classes import DataClass


class Entry(AuditEntry):
    data = DataClass(scope="public", grants="frozen", retention="audit", audit=False)

    class Meta(AuditEntry.Meta):
        db_table = "ops_audit_entry"
        verbose_name_plural = "entries"


class Head(AuditHead):
    data = DataClass(scope="public", retention="audit", audit=False)

    class Meta(AuditHead.Meta):
        db_table = "ops_audit_head"
