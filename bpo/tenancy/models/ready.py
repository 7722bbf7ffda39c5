"""A schema made in advance, with its role and grants, that no client has yet."""

from django.db import models

from bpo.data_classes import DataClass


class ReadySchema(models.Model):
    """One place in the pool. Its role can't log in until a client claims it, and the claim deletes the row."""

    data = DataClass(scope="public", grants="read", export=False, audit=False, retention="operational")

    schema_name = models.CharField(primary_key=True, max_length=14)
    role_name = models.CharField(max_length=63)
    digest = models.CharField(max_length=24, blank=True)  # of what it was made from; another one is never claimed
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role_name"], name="ready_role_is_unique"),
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^c_[a-z]{12}$"), name="ready_schema_is_opaque"
            ),
        ]

    def __str__(self) -> str:
        return self.schema_name
