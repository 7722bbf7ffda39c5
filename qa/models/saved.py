"""What a person looks for again and again."""

from django.db import models
from django.db.models import Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor


class SavedFilter(models.Model):
    """A search for work under a name of its owner's own. `query` is the page's query string."""

    data = DataClass(scope="client", personal=True, erasure="delete", audit=False, person=("actor",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="saved_filters")
    name = TypedChar(max_length=60)
    query = TypedChar(max_length=500)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "name"], name="filter_is_named_once_a_person"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="filter_looks_for_something"),
        ]

    def __str__(self) -> str:
        return self.name
