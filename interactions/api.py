"""Interactions and cases over the API."""

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from bpo.acting import by_of, principal_of
from bpo.idempotency.answering import answered, plain, problem
from bpo.idempotency.services import Answer
from bpo.permissions import Permission, reach
from bpo.problems import Conflict
from interactions.errors import NotPossible, StaleVersion
from interactions.models import Case, Interaction
from interactions.receiving import MOST, Received, Taken, Unreadable, receive
from interactions.selectors import cases, interactions, reach_of_cases
from interactions.serializers import CaseSerializer, InteractionIn, InteractionSerializer, ResolveIn
from interactions.services import resolve_case

# What writing answers: as it was asked, one object or a list; no page around it.
_ONE: dict[str, Any] = {"$ref": "#/components/schemas/Interaction"}
WRITTEN: dict[str, Any] = {"oneOf": [_ONE, {"type": "array", "items": _ONE}]}


class InteractionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    queue = django_filters.CharFilter(field_name="queue__key")
    agent = django_filters.UUIDFilter(field_name="agent_id")
    business_date_from = django_filters.DateFilter(field_name="business_date", lookup_expr="gte")
    business_date_to = django_filters.DateFilter(field_name="business_date", lookup_expr="lte")
    abandoned = django_filters.BooleanFilter()
    source = django_filters.CharFilter()
    external_id = django_filters.CharFilter()


class CaseFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    state = django_filters.ChoiceFilter(choices=Case.State.choices)
    reference = django_filters.CharFilter()


class InteractionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Interaction]):
    """Interactions, newest id first."""

    permissions: ClassVar = {
        "list": Permission.SEE_INTERACTIONS,
        "retrieve": Permission.SEE_INTERACTIONS,
        "create": Permission.WRITE_INTERACTIONS,
    }
    serializer_class = InteractionSerializer
    filterset_class = InteractionFilter
    lookup_value_converter = "uuid"
    queryset = Interaction.objects.none()

    def get_queryset(self) -> QuerySet[Interaction]:
        reached = reach(principal_of(self.request), Permission.SEE_INTERACTIONS)
        return interactions(reach=reached).select_related("queue", "agent", "reason", "disposition", "case")

    @extend_schema(request=InteractionIn(many=True), responses={200: WRITTEN, 201: WRITTEN})
    def create(self, request: Request) -> Response:
        """Write one interaction (an object) or up to 500 (a list), all or none.

        One that is known by source and external id is updated. 201 when something is new, else 200.
        """
        items, single = _items(request.data)
        by, now = by_of(request), timezone.now()

        def work() -> Answer:
            received = receive(items=items, by=by, now=now)
            return Answer(201 if received.written.created else 200, _shown(received, single))

        try:
            return answered(request, work)
        except Unreadable as error:
            raise ValidationError(_errors(error, single)) from error
        except Taken as error:
            raise Conflict("Another request wrote the same interaction just now. Send it again.") from error


class CaseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Case]):
    """Cases; who may not see all interactions gets the cases they had a part in."""

    permissions: ClassVar = {
        "list": Permission.SEE_CASES,
        "retrieve": Permission.SEE_CASES,
        "resolve": Permission.RESOLVE_CASES,
    }
    serializer_class = CaseSerializer
    filterset_class = CaseFilter
    lookup_value_converter = "uuid"
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        return cases(reach=reach_of_cases(principal_of(self.request)))

    @extend_schema(request=ResolveIn, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: UUID) -> Response:
        """Resolve an open case; `version` is the one you saw. 409 when it is another by now."""
        sent = ResolveIn(data=request.data)
        sent.is_valid(raise_exception=True)
        if not self.get_queryset().filter(pk=pk).exists():
            raise Http404
        by, now = by_of(request), timezone.now()

        def work() -> Answer:
            case = resolve_case(case_id=pk, version=sent.validated_data["version"], by=by, now=now)
            return Answer(200, plain(CaseSerializer(cases().get(pk=case.pk)).data))

        try:
            return answered(request, work)
        except StaleVersion as error:
            return _stale(request, error)
        except NotPossible as error:
            raise Conflict(str(error)) from error


def _items(data: Any) -> tuple[list[dict[str, Any]], bool]:
    """The items sent, and whether it was one object. ValidationError names what is wrong with their shape."""
    items = data if isinstance(data, list) else [data]
    if not 1 <= len(items) <= MOST:
        raise ValidationError({"items": [f"{len(items)} came. Send 1 to {MOST} at a time."]})
    for place, item in enumerate(items):
        if not isinstance(item, dict):
            raise ValidationError({"items": [f"Item {place} is no object. Send an object of fields for each."]})
    return items, not isinstance(data, list)


def _errors(error: Unreadable, single: bool) -> Any:
    """One object: field to its sentences. A list: each problem with the place of its item."""
    if single:
        told: dict[str, list[str]] = {}
        for one in error.problems:
            told.setdefault(one.field or "item", []).append(f"{one.problem} {one.remedy}")
        return told
    return [
        {"index": one.row, "field": one.field, "problem": one.problem, "remedy": one.remedy} for one in error.problems
    ]


def _shown(received: Received, single: bool) -> Any:
    data = plain(InteractionSerializer(received.interactions, many=True).data)
    return data[0] if single else data


def _stale(request: Request, error: StaleVersion) -> Response:
    detail = f"You saw version {error.sent}; version {error.current} is there now. Read it again and decide."
    return problem(request, 409, "stale-version", detail, sent_version=error.sent, current_version=error.current)
