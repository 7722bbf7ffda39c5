"""The mail that asks."""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from bpo.links import client_link
from bpo.notices.mailing import Content, mail_kind
from bpo.notices.models import Mail
from bpo.tenancy.context import current_client
from surveys.domain.metrics import SCALE
from surveys.models import Invitation
from surveys.secrets import token_of
from surveys.selectors import is_closed
from surveys.services.asking import MAIL_KIND


@mail_kind(MAIL_KIND)
def render_invitation(mail: Mail) -> Content | None:
    """The question with five links that only choose a score beforehand. None once there is nothing to ask."""
    invitations = Invitation.objects.select_related("candidate__survey_version", "response")
    invitation = invitations.filter(pk=mail.subject_id).first()
    if invitation is None or hasattr(invitation, "response") or is_closed(invitation, timezone.now()):
        return None
    token, version = token_of(invitation), invitation.candidate.survey_version
    if token is None or version is None:
        return None
    link = client_link(f"/s/{token}/")
    context = {
        "version": version,
        "client": current_client(),
        "link": link,
        "scores": [(score, f"{link}?score={score}") for score in SCALE],
        "why": _("You get this mail because you were in touch with %(name)s.") % {"name": current_client().name},
    }
    text = render_to_string("surveys/mail.txt", context)
    return Content(subject=version.mail_subject, text=text, html=render_to_string("surveys/mail.html", context))
