"""Evaluations over the API: as they stand, newest first."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from bpo.acting import principal_of
from bpo.permissions import Permission, reach
from qa.models import Evaluation, Picked
from qa.selectors import evaluations

SECTION: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "key": {"type": "string"},
            "score": {"type": "string", "nullable": True},
            "weight": {"type": "string"},
        },
    },
}


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    """One evaluation as it stands. Scores are decimals in strings, 0..100; null is no score."""

    interaction = serializers.UUIDField(source="interaction_id")
    queue = serializers.CharField(source="interaction.queue.key")
    agent = serializers.UUIDField(source="agent_id")
    agent_pseudonym = serializers.CharField(source="agent.pseudonym")
    business_date = serializers.DateField(source="current.business_date")
    picked = serializers.ChoiceField(source="current.picked", choices=Picked.choices)
    scorecard = serializers.CharField(source="scorecard.key")
    scorecard_version = serializers.IntegerField(source="current.scorecard_version.number")
    raw = serializers.DecimalField(
        source="current.raw", max_digits=7, decimal_places=2, allow_null=True, help_text="without auto-fail"
    )
    final = serializers.DecimalField(source="current.final", max_digits=7, decimal_places=2, allow_null=True)
    outcome = serializers.ChoiceField(source="current.outcome", choices=["PASS", "FAIL", "UNSCORED"])
    triggers = serializers.ListField(child=serializers.CharField(), source="current.triggers")
    critical_error = serializers.BooleanField(source="current.critical_error")
    sections = serializers.SerializerMethodField()
    submitted_at = serializers.DateTimeField(source="current.submitted_at")
    seen = serializers.BooleanField(help_text="the agent has said so; it doesn't mean agreed")

    class Meta:
        model = Evaluation
        fields = [
            "id", "interaction", "queue", "agent", "agent_pseudonym", "business_date", "picked", "scorecard",
            "scorecard_version", "raw", "final", "outcome", "triggers", "critical_error", "sections", "state",
            "submitted_at", "seen",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(SECTION)
    def get_sections(self, one: Evaluation) -> list[dict[str, Any]]:
        found = one.current.sections if one.current else []
        return [{"key": key, "score": score, "weight": weight} for key, score, weight in found]


class EvaluationFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    agent = filters.UUIDFilter(field_name="agent_id")
    queue = filters.CharFilter(field_name="interaction__queue__key")
    outcome = filters.ChoiceFilter(
        field_name="current__outcome", choices=[(one, one) for one in ("PASS", "FAIL", "UNSCORED")]
    )
    picked = filters.ChoiceFilter(field_name="current__picked", choices=Picked.choices)
    submitted_from = filters.IsoDateTimeFilter(field_name="current__submitted_at", lookup_expr="gte")
    submitted_to = filters.IsoDateTimeFilter(field_name="current__submitted_at", lookup_expr="lt")


class EvaluationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Evaluation]):
    """Submitted evaluations."""

    permissions: ClassVar = {"list": Permission.SEE_EVALUATIONS, "retrieve": Permission.SEE_EVALUATIONS}
    serializer_class = EvaluationSerializer
    filterset_class = EvaluationFilter
    lookup_value_converter = "uuid"
    queryset = Evaluation.objects.none()

    def get_queryset(self) -> QuerySet[Evaluation]:
        reached = reach(principal_of(self.request), Permission.SEE_EVALUATIONS)
        return evaluations(reach=reached).select_related("current__scorecard_version")
