"""Coaching notes over the API: read by whoever may, given and shared by whoever coaches."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from bpo.acting import by_of, principal_of
from bpo.idempotency.answering import answered, plain
from bpo.idempotency.services import Answer
from bpo.ids import uuid7
from bpo.permissions import Permission, reach
from bpo.problems import Conflict
from interactions.selectors import interaction_by_id
from qa import selectors
from qa.errors import NotPossible
from qa.models import Note
from qa.models.note import Visibility
from qa.services import give_note, share_note


class NoteSerializer(serializers.ModelSerializer[Note]):
    """One note as far as it is open now. Without an evaluation it is on the interaction alone."""

    evaluation = serializers.UUIDField(source="revision.standing.id", allow_null=True, default=None)
    interaction = serializers.UUIDField(source="interaction_id")
    agent = serializers.UUIDField(source="agent_id")
    agent_pseudonym = serializers.CharField(source="agent.pseudonym")
    author = serializers.UUIDField(source="author_id")
    at_ms = serializers.IntegerField(allow_null=True, help_text="from the start; null is about the whole of it")
    visibility = serializers.ChoiceField(source="level", choices=Visibility.choices)

    class Meta:
        model = Note
        fields = [
            "id", "evaluation", "interaction", "agent", "agent_pseudonym", "author", "at_ms", "question", "text",
            "visibility", "given_at",
        ]  # fmt: skip
        read_only_fields = fields


class NoteIn(serializers.Serializer[Any]):
    """A note to give: on an evaluation, or on an interaction."""

    evaluation = serializers.UUIDField(required=False)
    interaction = serializers.UUIDField(required=False)
    text = serializers.CharField(max_length=2000)
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.AGENT.value)
    at_ms = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    question = serializers.CharField(required=False, max_length=60, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("evaluation" in attrs) == ("interaction" in attrs):
            raise serializers.ValidationError(_("Name an evaluation or an interaction, one of them."))
        return attrs


class ShareIn(serializers.Serializer[Any]):
    to = serializers.ChoiceField(choices=Visibility.choices, help_text="more people than now; there is no way back")


class NoteFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    evaluation = filters.UUIDFilter(field_name="revision__standing")
    interaction = filters.UUIDFilter(field_name="interaction_id")
    agent = filters.UUIDFilter(field_name="agent_id")
    visibility = filters.ChoiceFilter(field_name="level", choices=Visibility.choices)
    given_from = filters.IsoDateTimeFilter(field_name="given_at", lookup_expr="gte")
    given_to = filters.IsoDateTimeFilter(field_name="given_at", lookup_expr="lt")


class NoteViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Note]):
    """Notes of agents within reach, newest id first; of private ones those of the token's owner."""

    permissions: ClassVar = {
        "list": Permission.SEE_EVALUATIONS,
        "retrieve": Permission.SEE_EVALUATIONS,
        "create": Permission.COACH,
        "share": Permission.COACH,
    }
    serializer_class = NoteSerializer
    filterset_class = NoteFilter
    lookup_value_converter = "uuid"
    queryset = selectors.no_notes()

    def get_queryset(self) -> QuerySet[Note]:
        audience = selectors.for_team(principal_of(self.request), now=timezone.now())
        return selectors.notes_for(audience).select_related("agent", "revision__standing")

    @extend_schema(request=NoteIn, responses={201: NoteSerializer})
    def create(self, request: Request) -> Response:
        """Give a note. Its agent sees it, if it is for them, with the release, or ten seconds from now."""
        sent = NoteIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        about = self._about(request, given.pop("evaluation", None), given.pop("interaction", None))
        by, now = by_of(request), timezone.now()

        def work() -> Answer:
            note = give_note(note_id=uuid7(), **about, **given, by=by, now=now)
            return Answer(201, self._shown(note.pk))

        try:
            return answered(request, work)
        except NotPossible as error:
            raise ValidationError({error.field: [str(error)]}) from error

    @extend_schema(request=ShareIn, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def share(self, request: Request, pk: UUID) -> Response:
        """Let more people see a note. 409 where it is open so far already, or isn't yours to share."""
        sent = ShareIn(data=request.data)
        sent.is_valid(raise_exception=True)
        if not self.get_queryset().filter(pk=pk).exists():
            raise Http404
        by, now = by_of(request), timezone.now()

        def work() -> Answer:
            share_note(note_id=pk, to=sent.validated_data["to"], by=by, now=now)
            return Answer(200, self._shown(pk))

        try:
            return answered(request, work)
        except NotPossible as error:
            raise Conflict(str(error)) from error

    def _shown(self, note_id: UUID) -> Any:
        return plain(NoteSerializer(self.get_queryset().get(pk=note_id)).data)

    def _about(self, request: Request, evaluation: UUID | None, interaction: UUID | None) -> dict[str, Any]:
        """Which interaction, and which revision of its evaluation. Out of reach answers as what isn't there."""
        reached = reach(principal_of(request), Permission.COACH)
        if evaluation is not None:
            found = selectors.evaluation_by_id(evaluation, reach=reached)
            if found is None:
                raise ValidationError({"evaluation": [_("There is no such evaluation. Send the id of one.")]})
            return {"interaction_id": found.interaction_id, "revision_id": found.current_id}
        one = interaction_by_id(interaction, reach=reached) if interaction else None
        if one is None:
            raise ValidationError({"interaction": [_("There is no such interaction. Send the id of one.")]})
        return {"interaction_id": one.pk}
