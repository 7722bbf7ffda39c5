"""How the outbox is doing, and a second chance for what died."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import principal_of
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.outbox.models import Job
from bpo.outbox.selectors import broker_answers, counts_by_state, needing_attention, relay_lag_seconds
from bpo.outbox.services import replay
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast


@requires(Permission.SEE_JOBS)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    counts = counts_by_state()
    states = [(label, counts[state]) for state, label in Job.State.choices]
    page = Paginator(needing_attention(), 50).get_page(request.GET.get("page"))
    context = {"states": states, "page": page, "lag": relay_lag_seconds(), "broker": broker_answers()}
    return render(request, "console/jobs.html", context)


@requires(Permission.SEE_JOBS)
@require_POST
def replay_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Make a dead or uncertain job ready again; the audit says who asked."""
    principal = principal_of(request)
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise Http404
    by = By("operator", principal.name, user_id=principal.user_id)
    with transaction.atomic():
        done = replay(job_id=job_id)
        if done:
            record(action="job.replayed", target=job, by=by, now=timezone.now(), detail={"was": job.state})
    text = _("The job is ready again.") if done else _("The job was neither dead nor uncertain; nothing changed.")
    toast(request, text, level="success" if done else "warning")
    return redirect("console:jobs")
