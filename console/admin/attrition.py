"""Who left, why and when."""

from django.contrib import admin

from attrition.models import Separation
from console.admin.base import ReadOnly


@admin.register(Separation)
class SeparationAdmin(ReadOnly):
    list_display = ("employment", "last_day", "kind", "reason", "recorded_by", "recorded_at")
    list_filter = ("kind", "reason")
    list_select_related = ("employment__employee",)
    search_fields = ("employment__employee__name", "employment__employee__number")
