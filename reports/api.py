"""Reports over the API: which there are, and everything one says."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from bpo.permissions import Permission
from reports.models import ReportVersion
from reports.renderings import RENDERINGS


class ReportSerializer(serializers.ModelSerializer[ReportVersion]):
    """One revision of a week's report; `sha256` is the hash of its frozen text."""

    files = serializers.SerializerMethodField(help_text="addresses of its renderings, by kind")

    class Meta:
        model = ReportVersion
        fields = [
            "id", "period_start", "period_end", "revision", "reason", "built_at", "data_to", "definitions_version",
            "sha256", "files",
        ]  # fmt: skip

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_files(self, report: ReportVersion) -> dict[str, str]:
        return {kind: reverse("reports:file", args=[report.pk, kind]) for kind in RENDERINGS}


class ReportDetailSerializer(ReportSerializer):
    content = serializers.SerializerMethodField(
        help_text="every figure with its numerator, denominator, interval, exclusions and the definition it was made by"
    )

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "content"]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_content(self, report: ReportVersion) -> dict[str, Any]:
        return report.content


class ReportFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Weeks by their Monday."""

    period_start = django_filters.DateFilter()
    period_start_from = django_filters.DateFilter(field_name="period_start", lookup_expr="gte")
    period_start_to = django_filters.DateFilter(field_name="period_start", lookup_expr="lte")
    revision = django_filters.NumberFilter()


class ReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ReportVersion]):
    """Frozen reports, the newest built first; the list leaves their content out."""

    permissions: ClassVar = {"list": Permission.SEE_REPORTS, "retrieve": Permission.SEE_REPORTS}
    serializer_class = ReportSerializer
    filterset_class = ReportFilter
    lookup_value_converter = "uuid"
    queryset = ReportVersion.objects.none()

    def get_queryset(self) -> QuerySet[ReportVersion]:
        found = ReportVersion.objects.order_by("-id")
        return found.defer("text") if self.action == "list" else found

    def get_serializer_class(self) -> type[ReportSerializer]:
        return ReportSerializer if self.action == "list" else ReportDetailSerializer
