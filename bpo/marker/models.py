"""Whose schema this is, written inside it, so that what is restored into it can be asked where it came from."""

from django.db import models
from django.db.models import Q

from bpo.data_classes import DataClass


class Marker(models.Model):
    """One row: the client's id. The owner writes it when the client gets its place; the client only reads it."""

    data = DataClass(scope="client", grants="read", audit=False)

    single = models.BooleanField(primary_key=True, default=True, editable=False)
    client_id = models.UUIDField(editable=False)
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(single=True), name="marker_is_one_row")]

    def __str__(self) -> str:
        return str(self.client_id)
