"""Satisfaction over the API: the figures of the screen, and the answers they are made of."""

from dataclasses import asdict
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from bpo.acting import principal_of
from bpo.permissions import Permission, reach
from bpo.ratio import Ratio
from bpo.tenancy.context import current_client
from surveys import selectors
from surveys.domain.comparison import NEEDS
from surveys.figures import Figures, Rating, figures
from surveys.forms import period_form, sees_every_answer
from surveys.models import Response, Survey
from surveys.selectors import Funnel
from surveys.serializers import CsatSerializer, ResponseSerializer, SurveySerializer


class CsatView(viewsets.ViewSet):
    """CSAT of the survey answers, and apart from it of the ratings that came with imported interactions.

    Who reads figures alone asks for one whole month that is over, and gets the last one by default.
    """

    permissions: ClassVar = {"list": Permission.SEE_CSAT}

    @extend_schema(
        operation_id="csat_retrieve",
        responses=CsatSerializer(many=False),
        parameters=[
            OpenApiParameter(name, OpenApiTypes.DATE, description=f"{name} this business date, included")
            for name in ("from", "to")
        ],
    )
    def list(self, request: Request) -> Answer:
        principal, now = principal_of(request), timezone.now()
        form = period_form(principal, request.query_params, now.astimezone(ZoneInfo(current_client().zone)).date())
        if not form.is_valid():
            raise ValidationError(form.problems)
        return Answer(as_json(figures(form.period, now), every=sees_every_answer(principal)))


def as_json(found: Figures, *, every: bool) -> dict[str, Any]:
    """The figures; unless `every` one may be seen, those of too few answers say how many there are and no more."""
    limits = found.worst_case
    return {
        "definition": "answers of 4 or 5 / all answers, on a scale of 1 to 5",
        "period": asdict(found.period),
        "survey": _rating(found.survey, every),
        "source_ratings": _rating(found.source, every),
        "response_rate": _ratio(found.response_rate),
        "coverage": _ratio(found.coverage),
        "worst_case": None if limits is None else {"low": limits[0], "high": limits[1]},
        "funnel": _funnel(found.funnel),
    }


def _rating(rating: Rating, every: bool) -> dict[str, Any]:
    if 0 < rating.den < NEEDS and not every:
        nothing = {"num": None, "value": None, "low": None, "high": None, "mean": None, "counts": None}
        return {"den": rating.den} | nothing
    return asdict(rating) | {"counts": {str(score): n for score, n in rating.counts.items()}}


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"num": ratio.num, "den": ratio.den, "value": ratio.value}


def _funnel(funnel: Funnel) -> dict[str, int]:
    """The four steps, then every outcome; the outcomes add up to the resolutions."""
    steps = {name: getattr(funnel, name) for name in ("resolutions", "eligible", "sent", "answered")}
    return steps | {f"of_which_{outcome}": n for outcome, n in sorted(funnel.by_outcome.items())}


class ResponseFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    business_date = filters.DateFromToRangeFilter(field_name="invitation__candidate__business_date")
    survey = filters.CharFilter(field_name="invitation__candidate__survey_version__survey__key")
    queue = filters.CharFilter(field_name="invitation__candidate__queue__key")
    reason = filters.CharFilter(field_name="invitation__candidate__reason__key")
    interaction = filters.UUIDFilter(field_name="invitation__candidate__interaction_id")
    score_from = filters.NumberFilter(field_name="score", lookup_expr="gte")
    score_to = filters.NumberFilter(field_name="score", lookup_expr="lte")
    commented = filters.BooleanFilter(method="with_comment", label="answers with a comment, or without one")

    class Meta:
        model = Response
        fields = ["score"]

    def with_comment(self, found: QuerySet[Response], name: str, wanted: bool) -> QuerySet[Response]:
        return found.exclude(comment="") if wanted else found.filter(comment="")


class ResponseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Response]):
    """Answers, newest first. Agents appear under their pseudonym."""

    permissions: ClassVar = {"list": Permission.SEE_ANSWERS, "retrieve": Permission.SEE_ANSWERS}
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilter
    lookup_value_converter = "uuid"
    queryset = Response.objects.none()

    def get_queryset(self) -> QuerySet[Response]:
        return selectors.responses(reach=reach(principal_of(self.request), Permission.SEE_ANSWERS))


class SurveyFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    class Meta:
        model = Survey
        fields = ["key", "active"]


class SurveyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Survey]):
    """Surveys with every version as it was asked; published versions never change."""

    permissions: ClassVar = {"list": Permission.SEE_CSAT, "retrieve": Permission.SEE_CSAT}
    serializer_class = SurveySerializer
    filterset_class = SurveyFilter
    lookup_value_converter = "uuid"
    queryset = Survey.objects.none()

    def get_queryset(self) -> QuerySet[Survey]:
        return selectors.surveys()
