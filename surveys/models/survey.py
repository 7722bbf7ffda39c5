"""A survey and its frozen versions."""

from django.db import models
from django.db.models import Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar, TypedText


class Survey(models.Model):
    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = TypedChar(max_length=60, unique=True)
    name = TypedChar(max_length=120)
    active = models.BooleanField(default=True)
    expires_days = models.PositiveSmallIntegerField(default=14)
    rest_days = models.PositiveSmallIntegerField(default=30)  # between two questions to one address
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class SurveyVersion(models.Model):
    """The words and the scale as they were asked. Published is frozen: the client's role can't change it."""

    data = DataClass(scope="client", grants="frozen", retention="surveys", part_of="survey")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    question = TypedChar(max_length=300)
    low_label = TypedChar(max_length=60)
    high_label = TypedChar(max_length=60)
    mail_subject = TypedChar(max_length=150)
    mail_text = TypedText()
    thanks = TypedChar(max_length=300)
    formula = models.CharField(max_length=20, default="top_2_of_5")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_version_is_numbered_once"),
            models.CheckConstraint(condition=Q(formula="top_2_of_5"), name="survey_formula_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} version {self.number}"
