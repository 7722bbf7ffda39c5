"""Published shifts over the API."""

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from bpo.acting import principal_of
from bpo.permissions import Permission, may
from scheduling.models import PublishedShift
from scheduling.selectors import current_shifts, shifts_of


class PauseSerializer(serializers.Serializer[Any]):
    """A stretch of a shift that is not service, in minutes from the shift's start."""

    after = serializers.IntegerField()
    minutes = serializers.IntegerField()
    name = serializers.CharField()
    paid = serializers.BooleanField()


class ShiftSerializer(serializers.ModelSerializer[PublishedShift]):
    """One shift of the version that holds. Instants are UTC; the business date is the day it starts in `zone`."""

    queue = serializers.CharField(source="version.queue.key", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)
    week_start = serializers.DateField(source="version.week_start", read_only=True)
    actor = serializers.UUIDField(source="actor_id", read_only=True)
    actor_name = serializers.CharField(source="actor.display_name", read_only=True)
    paid_minutes = serializers.IntegerField(source="paid", read_only=True)
    pauses = serializers.SerializerMethodField()

    class Meta:
        model = PublishedShift
        fields = [
            "id", "queue", "week_start", "version", "actor", "actor_name", "business_date", "zone", "starts_at",
            "ends_at", "template_name", "paid_minutes", "pauses",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(PauseSerializer(many=True))
    def get_pauses(self, shift: PublishedShift) -> list[dict[str, Any]]:
        return list(shift.pauses)


class ShiftFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    actor = django_filters.UUIDFilter(field_name="actor_id")
    queue = django_filters.CharFilter(field_name="version__queue__key")
    business_date_from = django_filters.DateFilter(field_name="business_date", lookup_expr="gte")
    business_date_to = django_filters.DateFilter(field_name="business_date", lookup_expr="lte")


class ShiftViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[PublishedShift]):
    """Published shifts that hold, newest id first; who may not see all schedules gets their own."""

    permissions: ClassVar = {"list": Permission.SEE_OWN_SCHEDULE, "retrieve": Permission.SEE_OWN_SCHEDULE}
    serializer_class = ShiftSerializer
    filterset_class = ShiftFilter
    lookup_value_converter = "uuid"
    queryset = PublishedShift.objects.none()

    def get_queryset(self) -> QuerySet[PublishedShift]:
        principal = principal_of(self.request)
        if may(principal, Permission.SEE_SCHEDULE):
            return current_shifts()
        nobody = UUID(int=0)
        return shifts_of(principal.actor_id or nobody)
