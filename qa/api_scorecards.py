"""Published scorecards over the API, with the form that scores and the words beside it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from bpo.permissions import Permission
from qa.models import ScorecardVersion
from qa.models.scorecard import Mode
from qa.selectors import versions

CONTENT: dict[str, Any] = {"type": "object", "additionalProperties": True}


class ScorecardSerializer(serializers.ModelSerializer[ScorecardVersion]):
    """One version as it scores. `content_hash` is SHA-256 of the content as canonical JSON."""

    scorecard = serializers.CharField(source="scorecard.key")
    name = serializers.CharField(source="scorecard.name")
    channel = serializers.CharField(source="scorecard.channel", help_text="empty is any")
    active = serializers.BooleanField(source="scorecard.active")
    content = serializers.SerializerMethodField()

    class Meta:
        model = ScorecardVersion
        fields = [
            "id", "scorecard", "name", "channel", "active", "number", "mode", "pass_mark", "content", "content_hash",
            "published_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CONTENT)
    def get_content(self, one: ScorecardVersion) -> Any:
        return one.content


class ScorecardFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    scorecard = filters.CharFilter(field_name="scorecard__key")
    mode = filters.ChoiceFilter(choices=Mode.choices)
    published_from = filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="gte")


class ScorecardViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ScorecardVersion]):
    """Published versions, newest first; a draft is nobody's but its editor's."""

    permissions: ClassVar = {"list": Permission.SEE_EVALUATIONS, "retrieve": Permission.SEE_EVALUATIONS}
    serializer_class = ScorecardSerializer
    filterset_class = ScorecardFilter
    lookup_value_converter = "uuid"
    queryset = ScorecardVersion.objects.none()

    def get_queryset(self) -> QuerySet[ScorecardVersion]:
        return versions()
