"""Telling the client's own people that their report is there."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from bpo.actors import system
from bpo.audit.services import record
from bpo.notices.services import tell
from interactions.models import Actor
from reports.models import ReportVersion
from reports.wording import Page


def announce(*, report_id: UUID, actor_ids: Iterable[UUID], now: datetime) -> int:
    """Tell each of these actors once. Returns how many are known here; done again it tells nobody twice."""
    report = ReportVersion.objects.get(pk=report_id)
    page = Page(report.content, report.sha256)
    text = _("Your report is there: %(title)s, %(revision)s.") % {"title": page.title, "revision": page.revision}
    path = reverse("reports:revision", args=[report.period_start, report.revision])
    people = sorted(Actor.objects.filter(pk__in=list(actor_ids)).values_list("pk", flat=True))
    with transaction.atomic():
        for actor_id in people:
            tell(actor_id=actor_id, kind="report_sent", text=text, path=path, dedupe_key=f"report:{report_id}", now=now)
        detail = {"people": len(people)}
        record(action="reports.announced", target=report, by=system("reports"), now=now, detail=detail)
    return len(people)
