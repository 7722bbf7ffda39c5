"""Files of a client: bytes on disk by content hash, rows here."""

from django.db import models
from django.db.models import Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class StoredFile(models.Model):
    """One upload. The bytes live under <files>/<client id>/<hh>/<sha256>; equal content is stored once."""

    data = DataClass(
        scope="client", grants="frozen", personal=True, erasure="delete", customer=("recordings", "redacted_recordings"),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    name = TypedChar(max_length=255)  # as the person called it; never used as a path
    content_type = models.CharField(max_length=100)
    purpose = models.CharField(max_length=40)
    actor_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_hash_is_sha256")]

    def __str__(self) -> str:
        return self.name
