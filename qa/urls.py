"""Scorecards, the queue of reviews, evaluations and coaching."""

from django.urls import URLPattern, URLResolver, path

from qa.views import evaluations, mine, queue, review, saving, scorecards

app_name = "qa"
urlpatterns: list[URLPattern | URLResolver] = [
    path("queue/", queue.listing, name="queue"),
    path("queue/next/", queue.open_next, name="next"),
    path("queue/add/<uuid:interaction_id>/", queue.add, name="add"),
    path("queue/<uuid:task_id>/", review.screen, name="review"),
    path("queue/<uuid:task_id>/open/", queue.open_one, name="open"),
    path("queue/<uuid:task_id>/back/", queue.give_back, name="give_back"),
    path("queue/<uuid:task_id>/sound/", review.sound, name="review_sound"),
    path("queue/<uuid:task_id>/answers/", saving.answers, name="review_answers"),
    path("queue/<uuid:task_id>/notes/<uuid:note_id>/", saving.notes, name="review_note"),
    path("queue/<uuid:task_id>/beat/", saving.beat, name="review_beat"),
    path("queue/<uuid:task_id>/submit/", saving.send, name="review_submit"),
    path("queue/<uuid:task_id>/undo/", saving.undo, name="review_undo"),
    path("evaluations/", evaluations.listing, name="evaluations"),
    path("evaluations/<uuid:evaluation_id>/", evaluations.detail, name="evaluation"),
    path("evaluations/<uuid:evaluation_id>/sound/", evaluations.sound, name="evaluation_sound"),
    path("evaluations/figures/<slug:key>/", evaluations.definition, name="measure"),
    path("coaching/", evaluations.coaching, name="coaching"),
    path("reviews/", mine.listing, name="mine"),
    path("reviews/<uuid:evaluation_id>/", mine.detail, name="my_review"),
    path("reviews/<uuid:evaluation_id>/seen/", mine.seen, name="my_review_seen"),
    path("reviews/<uuid:evaluation_id>/sound/", mine.sound, name="my_review_sound"),
    path("scorecards/", scorecards.listing, name="scorecards"),
    path("scorecards/<uuid:version_id>/", scorecards.detail, name="scorecard"),
]
