"""Jobs, slots, the operator's audit, openings, weekly figures and the library of scorecards."""

from django.contrib import admin

from bpo.ops_audit.models import Entry
from bpo.outbox.models import Job, Slot
from console.admin.base import ReadOnly
from console.models import Opening, ScorecardTemplate, TemplateOffer, TemplateVersion, WeekRollup


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("kind", "client", "state", "attempts", "run_at", "last_error")
    list_filter = ("state", "kind", "client")
    list_select_related = ("client",)
    search_fields = ("kind", "dedupe_key", "last_error")


@admin.register(Slot)
class SlotAdmin(ReadOnly):
    list_display = ("name", "client", "local_slot", "claimed_at")
    list_filter = ("name", "client")
    list_select_related = ("client",)
    search_fields = ("name", "local_slot")


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("seq", "at", "actor_kind", "actor_id", "action", "target_type", "target_id")
    list_filter = ("action", "actor_kind")
    search_fields = ("actor_id", "target_id", "action")


@admin.register(Opening)
class OpeningAdmin(ReadOnly):
    list_display = ("name", "key", "state", "asked_name", "asked_at", "finished_at", "problem")
    list_filter = ("state",)
    list_select_related = ("client",)
    search_fields = ("name", "key", "asked_name")


@admin.register(WeekRollup)
class WeekRollupAdmin(ReadOnly):
    list_display = ("client", "week_start", "zone", "computed_at")
    list_filter = ("client",)
    list_select_related = ("client",)
    search_fields = ("client__name", "client__key")


@admin.register(ScorecardTemplate)
class ScorecardTemplateAdmin(ReadOnly):
    list_display = ("name", "key", "channel", "created_at")
    list_filter = ("channel",)
    search_fields = ("name", "key")


@admin.register(TemplateVersion)
class TemplateVersionAdmin(ReadOnly):
    list_display = ("template", "number", "note", "set_by", "set_at")
    list_filter = ("template",)
    list_select_related = ("template",)
    search_fields = ("template__name", "note")


@admin.register(TemplateOffer)
class TemplateOfferAdmin(ReadOnly):
    list_display = ("version", "client", "offered_by", "offered_at", "copied_at")
    list_filter = ("client",)
    list_select_related = ("version__template", "client")
    search_fields = ("version__template__name", "client__key")
