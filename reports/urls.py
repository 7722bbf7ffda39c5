from datetime import date

from django.urls import path, register_converter

from reports.views import building, reading

app_name = "reports"


class DayConverter:
    """A calendar day as ISO 8601 writes it."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")
urlpatterns = [
    path("", reading.latest, name="latest"),
    path("build/", building.ask, name="build"),
    path("builds/<uuid:build_id>/", building.progress, name="progress"),
    path("builds/<uuid:build_id>/retry/", building.retry, name="retry"),
    path("<day:start>/", reading.week, name="week"),
    path("<day:start>/<int:revision>/", reading.revision, name="revision"),
    path("<uuid:report_id>/figures/<str:ref>/", reading.figure, name="figure"),
    path("<uuid:report_id>/files/<slug:kind>/", reading.download, name="file"),
]
