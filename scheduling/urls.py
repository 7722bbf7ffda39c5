"""From history to a published schedule."""

from django.urls import URLPattern, URLResolver, path

from scheduling.views import board, changes, design, forecast, mine, repair, shifts, staffing, versions

app_name = "scheduling"
urlpatterns: list[URLPattern | URLResolver] = [
    path("forecast/", forecast.forecast, name="forecast"),
    path("forecast/make/", forecast.make, name="make_forecast"),
    path("forecast/interval/<uuid:interval_id>/", forecast.interval, name="forecast_interval"),
    path("forecast/events/add/", changes.new_event, name="add_event"),
    path("forecast/events/<uuid:event_id>/remove/", changes.end_event, name="remove_event"),
    path("forecast/edits/add/", changes.new_edit, name="add_edit"),
    path("forecast/edits/<uuid:edit_id>/take-back/", changes.take_back, name="take_back_edit"),
    path("staffing/", staffing.staffing, name="staffing"),
    path("staffing/what-if/", staffing.what_if, name="what_if"),
    path("staffing/make/", staffing.make, name="make_staffing"),
    path("staffing/interval/<uuid:interval_id>/", staffing.interval, name="staffing_interval"),
    path("staffing/design/new/<uuid:requirement_id>/", design.new, name="new_design"),
    path("staffing/design/<uuid:design_id>/", design.design, name="design"),
    path("staffing/design/<uuid:design_id>/progress/", design.progress, name="design_progress"),
    path("staffing/design/<uuid:design_id>/stop/", design.stop, name="stop_design"),
    path("staffing/design/<uuid:design_id>/use/", design.use, name="use_design"),
    path("board/", board.board, name="board"),
    path("board/build/", board.build, name="build"),
    path("board/plans/<uuid:plan_id>/progress/", board.progress, name="progress"),
    path("board/plans/<uuid:plan_id>/stop/", board.stop, name="stop_build"),
    path("board/plans/<uuid:plan_id>/publish/", versions.publication, name="publication"),
    path("board/plans/<uuid:plan_id>/review/", versions.review, name="review"),
    path("board/plans/<uuid:plan_id>/take-back/", versions.back, name="take_back"),
    path("board/versions/<uuid:published_id>/", versions.version, name="version"),
    path("board/plans/<uuid:plan_id>/add/<uuid:actor_id>/<str:day>/", shifts.add, name="add_shift"),
    path("board/shifts/<uuid:shift_id>/", shifts.shift, name="shift"),
    path("board/shifts/<uuid:shift_id>/change/", shifts.change, name="change_shift"),
    path("board/shifts/<uuid:shift_id>/remove/", shifts.remove, name="remove_shift"),
    path("board/published/<uuid:shift_id>/", shifts.published_shift, name="published_shift"),
    path("board/plans/<uuid:plan_id>/repair/", repair.repair, name="repair"),
    path("board/plans/<uuid:plan_id>/repair/find/", repair.find, name="find_repair"),
    path("board/plans/<uuid:plan_id>/absences/add/", repair.new_absence, name="add_absence"),
    path("board/absences/<uuid:absence_id>/withdraw/", repair.end_absence, name="end_absence"),
    path("board/repairs/<uuid:repair_id>/progress/", repair.repair_progress, name="repair_progress"),
    path("board/repairs/<uuid:repair_id>/accept/", repair.accept, name="accept_repair"),
    path("board/repairs/<uuid:repair_id>/discard/", repair.discard, name="discard_repair"),
    path("my-schedule/", mine.mine, name="mine"),
]
