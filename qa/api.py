"""Evaluations over the API: as they stand, newest first."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from bpo.acting import principal_of
from bpo.permissions import Permission, reach
from qa.api_notes import NoteSerializer
from qa.models import Evaluation, Picked
from qa.selectors import evaluations, for_team, notes_by_revision

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
ANSWERS: dict[str, Any] = {"type": "object", "additionalProperties": True}


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
    answers = serializers.SerializerMethodField(
        help_text="question to option, list of options, number, or null for N/A"
    )
    notes = serializers.SerializerMethodField(help_text="that you may read")
    submitted_at = serializers.DateTimeField(source="current.submitted_at")
    seen = serializers.BooleanField(help_text="the agent has said so; it doesn't mean agreed")

    class Meta:
        model = Evaluation
        fields = [
            "id", "interaction", "queue", "agent", "agent_pseudonym", "business_date", "picked", "scorecard",
            "scorecard_version", "raw", "final", "outcome", "triggers", "critical_error", "sections", "state",
            "submitted_at", "seen", "answers", "notes",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(SECTION)
    def get_sections(self, one: Evaluation) -> list[dict[str, Any]]:
        found = one.current.sections if one.current else []
        return [{"key": key, "score": score, "weight": weight} for key, score, weight in found]

    @extend_schema_field(ANSWERS)
    def get_answers(self, one: Evaluation) -> Any:
        return one.current.answers if one.current else {}

    @extend_schema_field(NoteSerializer(many=True))
    def get_notes(self, one: Evaluation) -> Any:
        """Read for the whole page at once; for a single one by itself."""
        found = self.context.get("notes", {})
        return NoteSerializer(found.get(one.current_id, []), many=True).data


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

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        self._read(page or [])
        return page

    def get_object(self) -> Evaluation:
        found = super().get_object()
        self._read([found])
        return found

    def _read(self, shown: Sequence[Evaluation]) -> None:
        """The notes on what is shown, for who asks."""
        audience = for_team(principal_of(self.request), now=timezone.now())
        self._notes = notes_by_revision([one.current_id for one in shown if one.current_id], audience)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "notes": getattr(self, "_notes", {})}
