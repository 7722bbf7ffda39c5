from django.urls import path

from interactions.views import cases, interactions, intervals, today

app_name = "interactions"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("me/", today.me, name="me"),
    path("interactions/", interactions.listing, name="list"),
    path("interactions/<uuid:interaction_id>/", interactions.detail, name="detail"),
    path("intervals/", intervals.listing, name="intervals"),
    path("cases/", cases.listing, name="cases"),
    path("cases/<uuid:case_id>/", cases.detail, name="case"),
    path("cases/<uuid:case_id>/resolve/", cases.resolve, name="resolve"),
    path("cases/<uuid:case_id>/reopen/", cases.reopen, name="reopen"),
    path("cases/<uuid:case_id>/customer/", cases.customer_email, name="customer_email"),
]
