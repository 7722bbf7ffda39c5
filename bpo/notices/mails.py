"""The mail that repeats a notice."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.links import client_link
from bpo.notices.mailing import Content, mail_kind, queue_mail
from bpo.notices.models import Mail, Notice


@mail_kind("notices.notice")
def render_notice(mail: Mail) -> Content | None:
    notice = Notice.objects.filter(pk=mail.subject_id).first()
    if notice is None:
        return None
    return Content(
        subject=notice.text, text=f"{notice.text}\n\n{client_link(notice.path)}\n\n" + _("You asked for this by mail.")
    )


def queue_notice(*, notice_id: UUID, address: str, now: datetime) -> None:
    """Queue the mail of a notice once."""
    with transaction.atomic():
        if not Mail.objects.filter(kind="notices.notice", subject_id=notice_id).exists():
            queue_mail(kind="notices.notice", subject_id=notice_id, address=address, now=now)
