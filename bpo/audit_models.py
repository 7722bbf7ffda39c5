"""Abstract shape of an audit log: the same for the operator and for each client."""

from django.db import models

from bpo.ids import uuid7


class AuditEntry(models.Model):
    """One line, written once. `hash` covers every other field and the hash before it (`bpo.chain`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120)  # of a part of the product; a person's name is in their own row
    action = models.CharField(max_length=80)
    target_type = models.CharField(max_length=80)
    target_id = models.CharField(max_length=128)
    detail = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-seq"], name="%(app_label)s_of_object"),
            models.Index(fields=["actor_id", "-seq"], name="%(app_label)s_of_actor"),
            models.Index(fields=["action", "-seq"], name="%(app_label)s_of_action"),
            models.Index(fields=["at"], name="%(app_label)s_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditHead(models.Model):
    """The chain's end: one row, locked by each writer, so the log can't be cut short unseen."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="%(app_label)s_head_is_one_row")]

    def __str__(self) -> str:
        return f"head {self.seq}"


class AuditCheckpoint(models.Model):
    """Where a chain begins once its oldest lines are past their retention: the last line that went, and its hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seq = models.PositiveBigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["-seq"]
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="%(app_label)s_checkpoint_counts_from_one")
        ]

    def __str__(self) -> str:
        return f"after {self.seq}"
