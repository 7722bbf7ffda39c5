from django.urls import path

from interactions.views import bulk, cases, interactions, intervals, listening, recordings, sound, today

app_name = "interactions"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("me/", today.me, name="me"),
    path("interactions/", interactions.listing, name="list"),
    path("interactions/<uuid:interaction_id>/", interactions.detail, name="detail"),
    path("sound/<str:token>/", sound.sound, name="sound"),
    path("interactions/<uuid:interaction_id>/sound/", sound.again, name="sound_again"),
    path("interactions/<uuid:interaction_id>/recording/", recordings.add, name="add_recording"),
    path("interactions/<uuid:interaction_id>/consent/", recordings.consent, name="consent"),
    path("interactions/<uuid:interaction_id>/silence/", recordings.silence, name="silence"),
    path("interactions/<uuid:interaction_id>/unsilence/", recordings.unsilence, name="unsilence"),
    path("recordings/import/", bulk.recordings, name="import_recordings"),
    path("recordings/", listening.listing, name="recordings"),
    path("recordings/<uuid:interaction_id>/", listening.detail, name="recording"),
    path("intervals/", intervals.listing, name="intervals"),
    path("cases/", cases.listing, name="cases"),
    path("cases/<uuid:case_id>/", cases.detail, name="case"),
    path("cases/<uuid:case_id>/resolve/", cases.resolve, name="resolve"),
    path("cases/<uuid:case_id>/reopen/", cases.reopen, name="reopen"),
    path("cases/<uuid:case_id>/customer/", cases.customer_email, name="customer_email"),
]
