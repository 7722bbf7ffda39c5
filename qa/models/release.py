"""Showing an evaluation to its agent, and the agent's word that it was seen."""

from django.db import models

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from interactions.models import Actor
from qa.models.evaluation import EvaluationRevision


class Release(models.Model):
    """From here on the agent sees this revision. Can't be taken back."""

    data = DataClass(scope="client", grants="frozen", retention="audit", part_of="revision")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    revision = models.OneToOneField(EvaluationRevision, on_delete=models.PROTECT, related_name="release")
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.revision} released"


class Acknowledgement(models.Model):
    """Seen, which says nothing about agreed."""

    data = DataClass(
        scope="client", grants="frozen", personal=True, retention="audit", part_of="release", person=("agent",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="acknowledgement")
    agent = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.release} seen"
