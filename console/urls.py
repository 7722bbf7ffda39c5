from django.urls import path

from console.views import access, audit, clients, domains, jobs, life, openings, schemas

app_name = "console"
urlpatterns = [
    path("", clients.clients, name="clients"),
    path("clients.csv", clients.clients_csv, name="clients_csv"),
    path("clients/new/", openings.new_client, name="new_client"),
    path("clients/openings/<uuid:opening_id>/", openings.opening, name="opening"),
    path("clients/openings/<uuid:opening_id>/people/", openings.first_user, name="first_user"),
    path("access/", access.operator_access, name="operator_access"),
    path("access/give/", access.give_at_operator, name="give_at_operator"),
    path("access/<uuid:membership_id>/", access.membership, name="membership"),
    path("access/<uuid:membership_id>/end/", access.end_membership, name="end_membership"),
    path("access/<uuid:membership_id>/again/", access.give_again, name="give_again"),
    path("clients/<slug:key>/access/", access.client_access, name="client_access"),
    path("clients/<slug:key>/access/give/", access.give_at_client, name="give_at_client"),
    path("clients/<slug:key>/", clients.client, name="client"),
    path("clients/<slug:key>/life/", life.life, name="life"),
    path("clients/<slug:key>/life/<slug:kind>/", life.step, name="step"),
    path("clients/<slug:key>/exports/", life.export, name="export"),
    path("clients/<slug:key>/exports/<uuid:change_id>/", life.download, name="download_export"),
    path("clients/<slug:key>/domains/", domains.domains, name="domains"),
    path("clients/<slug:key>/domains/built-in/primary/", domains.built_in_primary, name="built_in_primary"),
    path("clients/<slug:key>/domains/<uuid:claim_id>/check/", domains.check, name="check_domain"),
    path("clients/<slug:key>/domains/<uuid:proven_id>/primary/", domains.primary, name="primary_domain"),
    path("clients/<slug:key>/domains/<uuid:claim_id>/leave/", domains.leave, name="leave_domain"),
    path("clients/<slug:key>/<slug:code>/", clients.measure, name="measure"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/replay/", jobs.replay_all, name="replay_all"),
    path("jobs/<uuid:job_id>/replay/", jobs.replay_job, name="replay"),
    path("schemas/", schemas.schemas, name="schemas"),
    path("audit/", audit.operator_audit, name="audit"),
    path("audit/of/<str:label>/<str:object_id>/", audit.history, name="history"),
]
