"""What the API shows of satisfaction, surveys and their answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from surveys.models import Response, Survey, SurveyVersion


class PeriodSerializer(serializers.Serializer[Any]):
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True)


class RatioSerializer(serializers.Serializer[Any]):
    num = serializers.IntegerField()
    den = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)


class RatingSerializer(RatioSerializer):
    """All but `den` are null where too few answered for the reader to see more."""

    num = serializers.IntegerField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="95 % Wilson interval, 0..1; 0 without answers")
    high = serializers.FloatField(allow_null=True, help_text="1 without answers")
    mean = serializers.FloatField(allow_null=True)
    counts = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="how often each score 1..5 was given"
    )


class WorstCaseSerializer(serializers.Serializer[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField()


@extend_schema_serializer(many=False)  # one object, though the action is called list
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


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """One answer with what it was about, frozen as it happened."""

    survey = serializers.CharField(source="invitation.candidate.survey_version.survey.key", read_only=True)
    survey_version = serializers.IntegerField(source="invitation.candidate.survey_version.number", read_only=True)
    business_date = serializers.DateField(
        source="invitation.candidate.business_date", read_only=True, help_text="of the interaction asked about"
    )
    interaction = serializers.UUIDField(source="invitation.candidate.interaction_id", read_only=True, allow_null=True)
    queue = serializers.CharField(
        source="invitation.candidate.queue.key", default=None, allow_null=True, read_only=True
    )
    reason = serializers.CharField(
        source="invitation.candidate.reason.key", default=None, allow_null=True, read_only=True
    )
    team = serializers.CharField(source="invitation.candidate.team.name", default=None, allow_null=True, read_only=True)
    agent = serializers.CharField(
        source="invitation.candidate.agent.pseudonym",
        default=None,
        allow_null=True,
        read_only=True,
        help_text="the agent's pseudonym",
    )

    class Meta:
        model = Response
        fields = [
            "id", "score", "comment", "answered_at", "survey", "survey_version", "business_date", "interaction",
            "queue", "reason", "team", "agent",
        ]  # fmt: skip
        read_only_fields = fields


class SurveyVersionSerializer(serializers.ModelSerializer[SurveyVersion]):
    """The words and the scale as they were asked."""

    class Meta:
        model = SurveyVersion
        fields = [
            "id", "number", "question", "low_label", "high_label", "mail_subject", "mail_text", "thanks", "formula",
            "published_at",
        ]  # fmt: skip
        read_only_fields = fields


class SurveySerializer(serializers.ModelSerializer[Survey]):
    """A survey; its newest version comes first."""

    versions = SurveyVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Survey
        fields = ["id", "key", "name", "active", "expires_days", "versions", "version"]
        read_only_fields = fields
