"""People, their employment, where they work and when they are taken."""

from django.contrib import admin

from console.admin.base import ReadOnly
from workforce import models


@admin.register(models.Employee)
class EmployeeAdmin(ReadOnly):
    list_display = ("number", "name", "email", "created_at")
    search_fields = ("number", "name", "email")


@admin.register(models.Employment)
class EmploymentAdmin(ReadOnly):
    list_display = ("employee", "site", "starts_on", "ends_on")
    list_filter = ("site", ("ends_on", admin.EmptyFieldListFilter))
    list_select_related = ("employee", "site")
    search_fields = ("employee__number", "employee__name")


@admin.register(models.Assignment)
class AssignmentAdmin(ReadOnly):
    list_display = ("employee", "client", "share", "starts_on", "ends_on")
    list_filter = ("client", ("ends_on", admin.EmptyFieldListFilter))
    list_select_related = ("employee", "client")
    search_fields = ("employee__number", "employee__name")


@admin.register(models.Placement)
class PlacementAdmin(ReadOnly):
    list_display = ("assignment", "client", "team_name", "lead", "shift_pattern", "starts_on", "ends_on")
    list_filter = ("assignment__client", "pay_type")
    list_select_related = ("assignment__employee", "assignment__client", "lead")
    search_fields = ("assignment__employee__name", "assignment__employee__number", "team_name")

    @admin.display(ordering="assignment__client__name")
    def client(self, row: models.Placement) -> str:
        return row.assignment.client.name


@admin.register(models.Seat)
class SeatAdmin(ReadOnly):
    list_display = ("client", "actor_id", "employee", "user")
    list_filter = ("client",)
    list_select_related = ("client", "employee", "user")
    search_fields = ("employee__name", "employee__number", "user__name", "user__email")
    exclude = ("token_digest",)


@admin.register(models.Site)
class SiteAdmin(ReadOnly):
    list_display = ("name", "zone", "country")
    search_fields = ("name",)


@admin.register(models.TrainingClass)
class TrainingClassAdmin(ReadOnly):
    list_display = ("name", "client", "starts_on")
    list_filter = ("client",)
    list_select_related = ("client",)
    search_fields = ("name",)


@admin.register(models.Enrolment)
class EnrolmentAdmin(ReadOnly):
    list_display = ("employment", "training_class")
    list_filter = ("training_class__client",)
    list_select_related = ("employment__employee", "training_class__client")
    search_fields = ("employment__employee__name", "training_class__name")


@admin.register(models.Duty)
class DutyAdmin(ReadOnly):
    list_display = ("employee", "during", "rest_minutes", "business_date", "zone")
    list_filter = ("zone",)
    list_select_related = ("employee",)
    search_fields = ("employee__name", "employee__number")


@admin.register(models.WorkBlock)
class WorkBlockAdmin(ReadOnly):
    list_display = ("employee", "client", "during", "source")
    list_filter = ("client", "source")
    list_select_related = ("employee", "client", "duty__employee")
    search_fields = ("employee__name", "employee__number")


@admin.register(models.PeopleImport)
class PeopleImportAdmin(ReadOnly):
    list_display = (
        "name",
        "state",
        "file_rows",
        "created",
        "updated",
        "unchanged",
        "rejected",
        "user_name",
        "created_at",
    )
    list_filter = ("state",)
    search_fields = ("name", "user_name")
    exclude = ("rows",)

    def get_queryset(self, request: object) -> object:  # type: ignore[override]  # a file of people stays in the database
        return super().get_queryset(request).defer("rows")  # type: ignore[arg-type]


@admin.register(models.PeopleProblem)
class PeopleProblemAdmin(ReadOnly):
    list_display = ("run", "row", "field", "problem", "remedy")
    list_select_related = ("run",)
    search_fields = ("field", "problem")
