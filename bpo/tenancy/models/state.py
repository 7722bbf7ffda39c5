"""What the owner last saw of a client's schema. `app` can't look into one, so it reads this."""

from django.db import models
from django.db.models import Q

from bpo.data_classes import DataClass
from bpo.typed import TypedChar


class SchemaState(models.Model):
    """Which migrations a client's schema has, and why the last ones failed there."""

    data = DataClass(scope="public", grants="read", export=False, audit=False, retention="operational")

    client_id = models.UUIDField(primary_key=True, editable=False)  # the ground knows no client model
    migrations = models.CharField(max_length=24)  # digest of the names it has recorded
    recorded = models.PositiveIntegerField()
    grants = models.CharField(max_length=24, blank=True, default="")  # digest of the grants it was given
    problem = TypedChar(max_length=300, blank=True, default="")
    failed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(problem="", failed_at=None) | (~Q(problem="") & Q(failed_at__isnull=False)),
                name="schema_state_failed_says_why",
            )
        ]

    def __str__(self) -> str:
        return str(self.client_id)
