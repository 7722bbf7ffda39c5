"""What people type or files bring is kept in a field that masks card numbers; what the product makes itself is listed."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from bpo.data_classes import managed_models
from bpo.typed import TypedChar, TypedJSON, TypedText

LIBRARIES = {"django", "axes", "knox"}
SHORT = 40  # characters of fields too narrow for more than a word of ours
# Field names that mean the same wherever they stand: checked against a list, computed, or a copy of a masked name.
ALWAYS_MADE = {
    "zone", "kind", "purpose", "content_type", "hash", "prev_hash", "sha256", "digest", "token_hash", "token_digest",
    "code_hash", "key_hash", "request_hash", "content_hash", "frame_hash", "address_hash", "fingerprint", "seed", "dedupe_key",
    "action", "target_type", "target_id", "actor_name", "user_name", "asked_name", "recorded_by", "set_by", "principal",
}  # fmt: skip
# Each with where its text comes from. This list may only shrink or be argued for in review.
MADE = {
    "outbox.Job.payload": "ids",
    "outbox.Slot.name": "code",
    "outbox.Slot.local_slot": "code",
    "ops_audit.Entry.detail": "masked before it is hashed",
    "audit.Entry.detail": "masked before it is hashed",
    "tenancy.ReadySchema.role_name": "generated",
    "accounts.Client.schema_name": "generated",
    "accounts.Client.role_name": "generated",
    "accounts.Client.primary_host": "the key, checked as part of a host name",
    "accounts.Client.home_host": "the key, checked as part of a host name",
    "accounts.Claim.token": "generated",
    "accounts.Claim.host": "checked as a host name",
    "accounts.Domain.domain": "checked as a host name",
    "accounts.User.password": "a hash",
    "accounts.User.email": "checked as an address",
    "accounts.User.keys": "keys, checked as such",
    "qa.Evaluation.sources": "words of a list",
    "qa.Evaluation.markers": "figures",
    "qa.EvaluationRevision.sources": "words of a list",
    "accounts.HandOff.next_path": "a path of ours",
    "accounts.ExternalIdentity.subject": "an id the provider made",
    "accounts.IdentityProvider.issuer": "checked as an address of the web",
    "accounts.IdentityProvider.client_id": "an id the provider made",
    "accounts.IdentityProvider.authorisation_endpoint": "checked as an address of the web",
    "accounts.IdentityProvider.token_endpoint": "checked as an address of the web",
    "accounts.IdentityProvider.keys_endpoint": "checked as an address of the web",
    "accounts.Passkey.rp_id": "a host name of ours",
    "accounts.Token.scopes": "permissions",
    "workforce.Employee.email": "checked as an address",
    "workforce.WorkBlock.source": "ids",
    "workforce.Placement.pay_type": "a word of a list",
    "attrition.Separation.closed": "ids",
    "console.TemplateOffer.offered_by": "the name of a user, as set_by",
    "console.WeekRollup.measures": "figures",
    "console.Opening.terms": "figures",
    "console.Erasure.leftover": "hashes",
    "console.PersonRequest.counts": "counts",
    "console.RetentionRun.counts": "counts",
    "privacy.SubjectRequest.counts": "counts",
    "imports.ImportRun.values": "counts",
    "notices.Notice.path": "a path of ours",
    "notices.Mail.address": "checked as an address",
    "notices.Mail.message_id": "generated",
    "webhooks.Endpoint.events": "codes",
    "webhooks.Delivery.event": "code",
    "webhooks.Delivery.body": "ids and figures, signed byte for byte",
    "interactions.Customer.email": "checked as an address",
    "interactions.Resolution.source": "a word of a list",
    "interactions.Interaction.auth_method": "a word of a list",
    "interactions.Recording.peaks": "figures",
    "interactions.Recording.redactions": "times",
    "interactions.Recording.unwanted": "hashes",
    "interactions.Recording.source_sha256": "a hash",
    "interactions.Interval.source": "copied by COPY from a cell or a mapping, both masked before",
    "scheduling.Forecast.method": "code",
    "scheduling.Forecast.used": "dates",
    "scheduling.Forecast.left_out": "dates",
    "scheduling.Forecast.trial": "figures",
    "scheduling.Forecast.days": "figures",
    "scheduling.Forecast.effects": "figures and names of special events, masked there",
    "scheduling.ForecastInterval.days": "figures",
    "scheduling.ForecastInterval.models": "figures",
    "scheduling.Requirement.definition": "code",
    "scheduling.Requirement.parts": "names of ours and figures",
    "scheduling.Requirement.edits": "ids",
    "scheduling.Requirement.reach_by_hour": "figures",
    "scheduling.Requirement.learned_from": "figures",
    "scheduling.ShiftTemplate.weekdays": "numbers",
    "scheduling.ShiftTemplate.pauses": "times",
    "scheduling.ShiftDesign.problem": "figures and words of ours",
    "scheduling.ShiftDesign.shifts": "times",
    "scheduling.DraftShift.pauses": "times",
    "scheduling.Repair.absences": "ids",
    "scheduling.SchedulePlan.rule_prices": "figures by names of ours",
    "scheduling.Repair.changes": "ids, times and names of templates, masked there",
    "scheduling.DraftMove.pauses": "times",
    "qa.ScorecardVersion.content": "masked before it is hashed",
    "qa.ScorecardReplay.result": "figures and keys of the scorecard",
    "qa.EvaluationRevision.triggers": "keys of the scorecard",
    "qa.EvaluationRevision.sections": "figures",
    "reports.ReportVersion.text": "built of masked rows",
}


def texts() -> Iterator[tuple[str, str, Any]]:
    for model in managed_models():
        if model.__module__.split(".")[0] in LIBRARIES:
            continue
        for field in model._meta.local_fields:
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
            if is_text and (field.max_length is None or field.max_length >= SHORT):
                yield f"{model._meta.label}.{field.name}", field.name, field


def test_what_people_type_is_kept_without_card_numbers() -> None:
    plain = {
        label
        for label, name, field in texts()
        if not isinstance(field, TypedChar | TypedText | TypedJSON) and name not in ALWAYS_MADE
    }
    assert plain - MADE.keys() == set(), "use a field of bpo.typed, or say in MADE where the text comes from"
    assert MADE.keys() - plain == set(), "no longer there, or typed now: take it off the list"


def test_the_guard_sees_a_plain_field() -> None:
    labels = {label for label, _name, _field in texts()}
    assert {"qa.Note.text", "surveys.Response.comment", "interactions.Customer.phone"} <= labels
