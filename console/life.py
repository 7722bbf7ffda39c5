"""A client's life as a person reads it: what it is now, what may follow, and what each step means."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Client
from bpo.permissions import Permission
from console.lives import FROM
from console.models import Change

Kind, Status = Change.Kind, Client.Status


@dataclass(frozen=True, slots=True)
class Step:
    """Something that may be asked for: its button, its question, and who may ask."""

    kind: str
    label: str | Promise
    title: str | Promise  # with %(name)s
    text: str | Promise  # with %(days)s, %(day)s and %(hours)s
    permission: Permission = Permission.CHANGE_CLIENT
    tone: str = "primary"
    typed: bool = False  # the client's key has to be typed


STEPS: Final = {
    step.kind: step
    for step in (
        Step(
            Kind.RESUME, gettext_lazy("Resume"), gettext_lazy("Resume %(name)s"),
            gettext_lazy("People can sign in again, and its jobs go on where they stood."),
        ),
        Step(
            Kind.KEEP, gettext_lazy("Keep after all"), gettext_lazy("Keep %(name)s after all"),
            gettext_lazy("It is taken out of deletion with all its data and stays suspended until it is resumed."),
        ),
        Step(
            Kind.EXPORT, gettext_lazy("Export"), gettext_lazy("Export %(name)s"),
            gettext_lazy(
                "One file with every table and every file of the client, from which it can be restored here or "
                "elsewhere. You alone can download it, for %(hours)s. Making and taking it are in the audit log."
            ),
            permission=Permission.EXPORT_CLIENT,
        ),
        Step(
            Kind.SUSPEND, gettext_lazy("Suspend"), gettext_lazy("Suspend %(name)s"),
            gettext_lazy(
                "Everybody there is signed out at once and its jobs wait. Its data stays, and it can be resumed at "
                "any time."
            ),
            tone="danger",
        ),
        Step(
            Kind.ARCHIVE, gettext_lazy("Archive"), gettext_lazy("Archive %(name)s"),
            gettext_lazy(
                "Its data is kept and read by nobody; its address answers as if it had never been. It can be resumed."
            ),
            tone="danger",
        ),
        Step(
            Kind.TRASH, gettext_lazy("Delete"), gettext_lazy("Delete %(name)s"),
            gettext_lazy(
                "It stops at once. After %(days)s, on %(day)s, its tables, its login, its people's access and its "
                "files are deleted and nobody can bring them back; until then it can be kept after all. Its weekly "
                "counts, who worked there and when, and the audit log stay. If anything in it may be needed, "
                "export it first."
            ),
            tone="danger", typed=True,
        ),
    )
}  # fmt: skip
# What led to where a client is.
LED_TO: Final[dict[str, tuple[str, ...]]] = {
    Status.ACTIVE: (Kind.RESUME,),
    Status.SUSPENDED: (Kind.SUSPEND, Kind.KEEP),
    Status.ARCHIVED: (Kind.ARCHIVE,),
    Status.TRASHED: (Kind.TRASH,),
    Status.DROPPED: (Kind.DROP,),
}


def steps_from(status: str) -> list[Step]:
    """What may be asked for now. The last deletion is nobody's to ask for: it follows the grace."""
    return [step for step in STEPS.values() if status in FROM[step.kind]]


def question(step: Step, client: Client, now: datetime) -> tuple[str, str]:
    """The title and the words above a step's button."""
    days, hours = settings.GRACE_DAYS, settings.EXPORT_HOURS
    facts = {
        "name": client.name,
        "days": ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
        "day": date_format(now + timedelta(days=days), "j M Y"),
        "hours": ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours},
    }
    return str(step.title) % facts, str(step.text) % facts


def standing(client: Client) -> tuple[str, str]:
    """What a client is now, as a headline and what that means."""
    if client.status == Status.ACTIVE:
        return _("Served"), _("People sign in and its jobs run.")
    if client.status == Status.SUSPENDED:
        return _("Suspended"), _("Nobody signs in and its jobs wait. Its data stays.")
    if client.status == Status.ARCHIVED:
        return _("Archived"), _("Its data is kept and read by nobody. Its address answers as if it had never been.")
    if client.status == Status.TRASHED and client.drops_at is not None:
        day = date_format(client.drops_at, "j M Y")
        return _("Being deleted"), _(
            "On %(day)s its tables, its login, its people's access and its files go for good. Until then it can be "
            "kept after all."
        ) % {"day": day}
    return _("Deleted"), _(
        "Its tables, login and files are gone. Its weekly counts, who worked there and when, and the audit log stay."
    )
