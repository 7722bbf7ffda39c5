from django.urls import path

from console.views import audit, clients, jobs

app_name = "console"
urlpatterns = [
    path("", clients.clients, name="clients"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/replay/", jobs.replay_job, name="replay"),
    path("audit/", audit.operator_audit, name="audit"),
]
