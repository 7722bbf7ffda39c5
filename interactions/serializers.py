"""What the API shows of interactions and cases."""

from typing import Any

from rest_framework import serializers

from interactions.models import Case, Interaction

Plain = dict[str, Any]


class InteractionSerializer(serializers.ModelSerializer[Interaction]):
    """One interaction; names instead of ids where a caller sends names."""

    queue = serializers.CharField(source="queue.key", read_only=True)
    reason = serializers.CharField(source="reason.key", read_only=True, default=None, allow_null=True)
    disposition = serializers.CharField(source="disposition.key", read_only=True, default=None, allow_null=True)
    agent = serializers.CharField(source="agent.display_name", read_only=True, default=None, allow_null=True)
    case = serializers.CharField(source="case.reference", read_only=True, default=None, allow_null=True)
    case_id = serializers.UUIDField(read_only=True, allow_null=True)
    auth_mode = serializers.CharField(read_only=True, help_text="passive, active, or empty where nobody was asked")
    auth_result = serializers.CharField(read_only=True, help_text="passed, failed, not_tried, or empty")
    consent = serializers.CharField(read_only=True, help_text="to being recorded: unknown, given or refused")

    class Meta:
        model = Interaction
        fields = [
            "id", "source", "external_id", "direction", "channel", "queue", "reason", "disposition", "agent", "case",
            "case_id", "started_at", "ended_at", "business_date", "zone", "wait_seconds", "talk_seconds",
            "hold_seconds", "after_call_seconds", "abandoned", "transferred", "escalated", "auth_method", "auth_mode",
            "auth_result", "auth_seconds", "abusive", "abusive_reason", "source_rating", "rated_on", "tenure_band",
            "shift", "consent", "version",
        ]  # fmt: skip
        read_only_fields = fields


class CaseSerializer(serializers.ModelSerializer[Case]):
    """One case with its state and the version a write has to name."""

    queue = serializers.CharField(source="queue.key", read_only=True, default=None, allow_null=True)
    reason = serializers.CharField(source="reason.key", read_only=True, default=None, allow_null=True)
    customer = serializers.CharField(source="customer.reference", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Case
        fields = [
            "id", "reference", "customer", "queue", "reason", "state", "opened_at", "resolved_at", "reopened_at",
            "resolution_number", "version",
        ]  # fmt: skip
        read_only_fields = fields


class InteractionIn(serializers.Serializer[Plain]):
    """What a caller sends: names of queue, reason and agent; times in ISO 8601; seconds. For the document only."""

    source = serializers.CharField(max_length=60)  # type: ignore[assignment]  # a field's name, as in the model
    external_id = serializers.CharField(max_length=200)
    direction = serializers.ChoiceField(choices=["in", "out", "back_office"])
    channel = serializers.ChoiceField(choices=["voice", "chat", "email", "messaging", "back_office"])
    queue = serializers.CharField(max_length=60)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(required=False, allow_null=True)
    reason = serializers.CharField(required=False, max_length=80)
    disposition = serializers.CharField(required=False, max_length=80)
    agent = serializers.CharField(required=False, max_length=80)
    customer_ref = serializers.CharField(required=False, max_length=120)
    customer_email = serializers.EmailField(required=False)
    wait_seconds = serializers.IntegerField(required=False)
    talk_seconds = serializers.IntegerField(required=False)
    hold_seconds = serializers.IntegerField(required=False)
    after_call_seconds = serializers.IntegerField(required=False)
    abandoned = serializers.BooleanField(required=False)
    resolved = serializers.BooleanField(required=False)
    case_ref = serializers.CharField(required=False, max_length=120)
    consent = serializers.ChoiceField(required=False, choices=["unknown", "given", "refused"])


class ResolveIn(serializers.Serializer[Plain]):
    """The version of the case the caller saw."""

    version = serializers.IntegerField(min_value=1)
