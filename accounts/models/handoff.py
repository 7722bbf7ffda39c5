"""Crossing from the operator host to a client."""

from django.db import models

from accounts.models.client import Client
from accounts.models.user import User
from bpo.data_classes import DataClass
from bpo.ids import uuid7


class HandOff(models.Model):
    """A single-use code, bound to one user and one client, good for seconds. Only its hash is kept."""

    data = DataClass(
        scope="public",
        personal=True,
        export=False,
        audit=False,
        erasure="delete",
        retention="operational",
        login=("user",),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    next_path = models.CharField(max_length=500, default="/")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} to {self.client}"
