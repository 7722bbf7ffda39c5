"""What is left of people who were erased: keyed hashes of their numbers, so that no file brings them back unnoticed."""

from django.db import models

from bpo.data_classes import DataClass
from bpo.ids import uuid7


class ErasedPerson(models.Model):
    data = DataClass(scope="public", export=False, audit=False, retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:8]
