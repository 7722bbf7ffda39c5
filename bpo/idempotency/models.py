"""Answers kept by the key a caller sent, so that a repeated write is answered and not repeated."""

from django.db import models

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar, TypedJSON


class Key(models.Model):
    """One `Idempotency-Key` of one principal, written in the transaction of the write it guards."""

    data = DataClass(
        scope="client", personal=True, export=False, audit=False, erasure="delete", retention="operational",
        by_words=True, dated="created_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    principal = models.CharField(max_length=80)
    key = TypedChar(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = TypedJSON(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principal", "key"], name="idempotency_key_is_used_once")]

    def __str__(self) -> str:
        return self.key
