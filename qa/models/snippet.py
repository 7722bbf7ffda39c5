"""Sentences a reviewer says often, each on a number key while a note is written."""

from django.db import models
from django.db.models import Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor


class Snippet(models.Model):
    """One actor's sentence on Alt and a number, 1 to 9."""

    data = DataClass(scope="client", personal=True, erasure="delete", audit=False, person=("actor",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    text = TypedChar(max_length=400)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "place"], name="snippet_has_its_own_key"),
            models.CheckConstraint(condition=Q(place__range=(1, 9)), name="snippet_key_is_1_to_9"),
            models.CheckConstraint(condition=~Q(text=""), name="snippet_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:40]
