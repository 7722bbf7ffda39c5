"""Every column that can hold a text, by the fields' own types, and those left as they are, each with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from bpo.data_classes import data_class_of, managed_models

TEXT = {"CharField", "TextField", "EmailField", "SlugField", "URLField", "FileField"}
JSON = {"JSONField", "ArrayField", "HStoreField"}
JSON_IN_TEXT = {"reports.ReportVersion.text"}  # whose bytes are hashed
# Names that mean the same wherever they stand.
LEFT_BY_NAME = {
    "zone": "checked against the list of zones",
    **dict.fromkeys(
        ("hash", "prev_hash", "sha256", "digest", "token_hash", "token_digest", "code_hash", "key_hash", "request_hash",
         "content_hash", "frame_hash", "address_hash", "source_sha256", "fingerprint", "session_hash", "token_key"),
        "a hash",
    ),
    **dict.fromkeys(("kind", "action", "actor_kind", "subject_kind", "purpose", "target_type"), "a word of ours"),
    **dict.fromkeys(("dedupe_key", "target_id", "message_id"), "made of ids"),
}  # fmt: skip
# Model.field → why nobody's words are in it. Everything else is filled.
LEFT = {
    "tenancy.ReadySchema.schema_name": "generated",
    "tenancy.ReadySchema.role_name": "generated",
    "tenancy.SchemaState.migrations": "a hash",
    "tenancy.SchemaState.grants": "a hash",
    "outbox.Job.payload": "ids",
    "outbox.Slot.name": "code",
    "outbox.Slot.local_slot": "code",
    "accounts.Client.key": "the database takes a label of a host name alone",
    "accounts.Client.schema_name": "generated",
    "accounts.Client.role_name": "generated",
    "accounts.Client.home_host": "made of the key",
    "accounts.Client.primary_host": "a proven host name",
    "accounts.Domain.domain": "the database takes host names alone",
    "accounts.Claim.host": "the database takes host names alone",
    "accounts.Claim.token": "the database takes its alphabet alone",
    "accounts.User.password": "a hash",
    "accounts.User.keys": "single keys of a keyboard, checked as such",
    "accounts.HandOff.next_path": "a path of ours that one redirect follows; the way back is tested with the hand-off",
    "accounts.Passkey.rp_id": "a host name of ours",
    "accounts.Token.scopes": "permissions",
    "workforce.Site.country": "two letters of a list",
    "workforce.WorkBlock.source": "ids",
    "workforce.Placement.pay_type": "a word of a list",
    "attrition.Separation.reason": "the database takes a list alone",
    "attrition.Separation.closed": "rows by ids and dates",
    "console.Change.field": "a name of ours",
    "console.Opening.field": "a name of ours",
    "console.Opening.key": "checked as a label of a host name",
    "console.Opening.terms": "figures",
    "console.Erasure.leftover": "hashes",
    "console.PersonRequest.counts": "counts",
    "console.RetentionRun.counts": "counts",
    "admin.LogEntry.object_id": "empty: the product's audit is the log",
    "admin.LogEntry.object_repr": "empty: the product's audit is the log",
    "admin.LogEntry.change_message": "empty: the product's audit is the log",
    "auth.Permission.name": "Django's own, shown nowhere",
    "auth.Permission.codename": "Django's own, shown nowhere",
    "auth.Group.name": "Django's own, empty: roles are code",
    "contenttypes.ContentType.app_label": "code",
    "contenttypes.ContentType.model": "code",
    "sessions.Session.session_key": "generated",
    "sessions.Session.session_data": "signed by us, shown nowhere",
    **{
        f"axes.{model}.{name}": "switched off, empty"
        for model in ("AccessFailureLog", "AccessLog")
        for name in ("user_agent", "username", "http_accept", "path_info")
    },
    "files.StoredFile.content_type": "ours by the file's ending",
    "imports.ImportRun.values": "counts",
    "notices.Notice.path": "a path of ours",
    "privacy.SubjectRequest.counts": "counts",
    "idempotency.Key.principal": "ids",
    "idempotency.Key.answer": "an answer of the API, given again as JSON",
    "webhooks.Endpoint.events": "codes",
    "scheduling.Forecast.trial": "figures by names of ours",
    "scheduling.Forecast.days": "figures",
    "scheduling.Forecast.effects": "figures and an event's name, which rows.py writes",
    "scheduling.ForecastInterval.models": "figures by names of ours",
    "scheduling.Requirement.definition": "a word of a list",
    "scheduling.Requirement.parts": "shares by names of ours",
    "scheduling.Requirement.edits": "ids",
    "scheduling.Requirement.reach_by_hour": "figures",
    "scheduling.Requirement.learned_from": "figures",
    "scheduling.RequirementInterval.decided_by": "a word of ours",
    "webhooks.Delivery.event": "a code",
    "webhooks.Delivery.body": "ids and figures, signed byte for byte",
    "interactions.Resolution.source": "a word of a list",
    "interactions.Interaction.auth_method": "a word of a list",
    "interactions.Recording.peaks": "figures",
    "interactions.Recording.redactions": "times",
    "interactions.Recording.unwanted": "hashes",
    "scheduling.Forecast.method": "a code",
    "scheduling.Forecast.used": "dates",
    "scheduling.Forecast.left_out": "dates",
    "scheduling.ForecastInterval.days": "dates and figures",
    "scheduling.ForecastInterval.aht_of": "a code",
    "scheduling.ShiftTemplate.weekdays": "numbers",
    "scheduling.ShiftTemplate.pauses": "times, and a word of a list",
    "scheduling.ShiftDesign.problem": "figures and words of ours",
    "scheduling.ShiftDesign.shifts": "times",
    "scheduling.DraftShift.pauses": "times, and a word of a list",
    "scheduling.Repair.absences": "ids",
    "scheduling.SchedulePlan.rule_prices": "figures by names of ours",
    "scheduling.Repair.changes": "ids, times, and a template's name, which rows.py writes",
    "scheduling.Repair.status": "a code of the solver",
    "scheduling.DraftMove.pauses": "times, and a word of a list",
    "scheduling.SchedulePlan.status": "a code of the solver",
    "qa.ArticleVersion.reasons": "ids",
    "qa.ArticleVersion.questions": "ids and keys",
    "qa.ArticleDraft.reasons": "ids",
    "qa.ArticleDraft.questions": "ids and keys",
    "qa.Draw.seed": "generated",
    "qa.DrawnFrom.interactions": "ids",
    "qa.Evaluation.answers": "keys of the scorecard's options",
    "qa.Evaluation.sources": "words of a list",
    "qa.Evaluation.markers": "figures",
    "qa.EvaluationRevision.answers": "keys of the scorecard's options",
    "qa.EvaluationRevision.sources": "words of a list",
    "qa.EvaluationRevision.triggers": "keys of the scorecard",
    "qa.EvaluationRevision.sections": "keys and figures",
    "qa.EvaluationRevision.engine": "a version of ours",
    "qa.EvaluationRevision.outcome": "the database takes a list alone",
    "qa.ScorecardReplay.result": "figures and ids",
    "surveys.SurveyVersion.formula": "the database takes a list alone",
    "surveys.Invitation.cancel_reason": "a word of a list",
    "reports.Target.measure": "a code",
}


@dataclass(frozen=True)
class Column:
    """One column of one model, and the number by which its texts are known on a page."""

    model: type[models.Model]
    field: Any
    number: int

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"

    @property
    def is_json(self) -> bool:
        return self.field.get_internal_type() in JSON or self.label in JSON_IN_TEXT

    @property
    def mark(self) -> str:
        return f"§{self.number}§"

    def table(self, schema: str) -> str:
        declared = data_class_of(self.model)
        where = schema if declared is not None and declared.scope == "client" else "public"
        return f'"{where}"."{self.model._meta.db_table}"'


def every_column() -> list[str]:
    """What can hold a text; a field with choices holds one of them."""
    return [f"{model._meta.label}.{field.name}" for model, field in _texts()]


def filled_columns() -> Iterator[Column]:
    """What is filled: everything but what is left, so that a new field comes in by itself."""
    for number, (model, field) in enumerate(_texts()):
        column = Column(model, field, number)
        if column.label not in LEFT and field.name not in LEFT_BY_NAME:
            yield column


def _texts() -> Iterator[tuple[type[models.Model], Any]]:
    for model in managed_models():
        for field in model._meta.local_fields:
            if field.get_internal_type() in TEXT | JSON and not field.choices:
                yield model, field
