"""Satisfaction over the API: the figures of the screen, and the answers they are made of."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from bpo.permissions import Permission
from bpo.ratio import Ratio
from surveys import selectors
from surveys.figures import Figures, Rating, figures
from surveys.forms import PeriodForm
from surveys.models import Response
from surveys.selectors import Funnel


class PeriodSerializer(serializers.Serializer[Any]):
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True)


class RatioSerializer(serializers.Serializer[Any]):
    num = serializers.IntegerField()
    den = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)


class RatingSerializer(RatioSerializer):
    low = serializers.FloatField(help_text="95 % Wilson interval, 0..1; 0 without answers")
    high = serializers.FloatField(help_text="1 without answers")
    mean = serializers.FloatField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="how often each score 1..5 was given")


class WorstCaseSerializer(serializers.Serializer[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField()


class CsatSerializer(serializers.Serializer[Any]):
    """Survey answers and imported ratings, never mixed."""

    definition = serializers.CharField()
    period = PeriodSerializer()
    survey = RatingSerializer()
    source_ratings = RatingSerializer()
    response_rate = RatioSerializer()
    coverage = RatioSerializer()
    worst_case = WorstCaseSerializer(allow_null=True)
    funnel = serializers.DictField(child=serializers.IntegerField())


class CsatView(viewsets.ViewSet):
    """CSAT of the survey answers, and apart from it of the ratings that came with imported interactions."""

    permissions = {"list": Permission.SEE_CSAT}

    @extend_schema(
        operation_id="csat_retrieve",
        responses=CsatSerializer(many=False),
        parameters=[
            OpenApiParameter(name, OpenApiTypes.DATE, description=f"{name} this business date, included")
            for name in ("from", "to")
        ],
    )
    def list(self, request: Request) -> Answer:
        form = PeriodForm(request.query_params)
        if not form.is_valid():
            raise ValidationError(form.problems)
        return Answer(as_json(figures(form.period, timezone.now())))


def as_json(found: Figures) -> dict[str, Any]:
    limits = found.worst_case
    return {
        "definition": "answers of 4 or 5 / all answers, on a scale of 1 to 5",
        "period": asdict(found.period),
        "survey": _rating(found.survey),
        "source_ratings": _rating(found.source),
        "response_rate": _ratio(found.response_rate),
        "coverage": _ratio(found.coverage),
        "worst_case": None if limits is None else {"low": limits[0], "high": limits[1]},
        "funnel": _funnel(found.funnel),
    }


def _rating(rating: Rating) -> dict[str, Any]:
    return asdict(rating) | {"counts": {str(score): n for score, n in rating.counts.items()}}


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"num": ratio.num, "den": ratio.den, "value": ratio.value}


def _funnel(funnel: Funnel) -> dict[str, int]:
    """The four steps, then every outcome; the outcomes add up to the resolutions."""
    steps = {name: getattr(funnel, name) for name in ("resolutions", "eligible", "sent", "answered")}
    return steps | {f"of_which_{outcome}": n for outcome, n in sorted(funnel.by_outcome.items())}


class ResponseSerializer(serializers.ModelSerializer[Response]):
    business_date = serializers.DateField(source="invitation.candidate.business_date")
    interaction = serializers.UUIDField(source="invitation.candidate.interaction_id", allow_null=True)
    queue = serializers.CharField(source="invitation.candidate.queue.key", default=None)
    reason = serializers.CharField(source="invitation.candidate.reason.key", default=None)
    agent = serializers.CharField(
        source="invitation.candidate.agent.pseudonym", default=None, help_text="the agent's pseudonym"
    )

    class Meta:
        model = Response
        fields = ["id", "score", "comment", "answered_at", "business_date", "interaction", "queue", "reason", "agent"]


class ResponseFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    business_date = filters.DateFromToRangeFilter(field_name="invitation__candidate__business_date")

    class Meta:
        model = Response
        fields = ["score"]


class ResponseViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Response]):
    """Answers, newest first."""

    permissions = {"list": Permission.SEE_CSAT}
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilter

    def get_queryset(self) -> QuerySet[Response]:
        return selectors.responses()
