"""From history to a published schedule."""

from django.urls import URLPattern, URLResolver, path

from scheduling.views import board, changes, forecast, mine, moving, shifts, staffing

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
    path("board/", board.board, name="board"),
    path("board/build/", board.build, name="build"),
    path("board/plans/<uuid:plan_id>/progress/", board.progress, name="progress"),
    path("board/plans/<uuid:plan_id>/stop/", board.stop, name="stop_build"),
    path("board/plans/<uuid:plan_id>/publish/", shifts.publication, name="publication"),
    path("board/plans/<uuid:plan_id>/add/<uuid:actor_id>/<str:day>/", shifts.add, name="add_shift"),
    path("board/shifts/<uuid:shift_id>/", shifts.shift, name="shift"),
    path("board/shifts/<uuid:shift_id>/change/", shifts.change, name="change_shift"),
    path("board/shifts/<uuid:shift_id>/remove/", shifts.remove, name="remove_shift"),
    path("board/shifts/<uuid:shift_id>/move/", moving.move, name="move_shift"),
    path("board/shifts/<uuid:shift_id>/break/", moving.pause, name="move_break"),
    path("board/plans/<uuid:plan_id>/undo/", moving.undo, name="undo_move"),
    path("board/plans/<uuid:plan_id>/after/", moving.after, name="after_move"),
    path("board/published/<uuid:shift_id>/", shifts.published_shift, name="published_shift"),
    path("my-schedule/", mine.mine, name="mine"),
]
