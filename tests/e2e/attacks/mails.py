"""Each kind of mail, sent as the product sends it, with hostile words wherever somebody's stand in it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.change_mails import SAID, mail_change
from accounts.mails import PATHS, mail_link
from accounts.models import Client, SignInLink, User
from accounts.services.links import make_link
from bpo.embedded.mail import Sink
from bpo.ids import uuid7
from bpo.notices.mailing import RENDERERS, send_mail
from bpo.notices.mails import queue_notice
from bpo.notices.models import Mail, Notice
from bpo.tenancy.context import as_owner, enter
from surveys.models import Invitation, SurveyVersion
from surveys.secrets import token_of
from surveys.selectors import is_closed
from tests.e2e.attacks.corpus import BREAKER, CORPUS


def sent(client: Client, sink: Sink) -> int:
    """All kinds, the ones with a subject or sentence of somebody's until each text was in it. How many were sent."""
    assert set(RENDERERS) == {"notices.notice", "surveys.invitation"}, "send the new kind of mail here, too"
    with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=sink.port):
        return _notices(client) + _surveys(client) + _links(client) + _changes(client)


def lines(room: int) -> list[str]:
    """The corpus in as few texts of that length as it takes, each behind what leaves a quote."""
    found = [BREAKER]
    for text in CORPUS:
        if len(found[-1]) + len(text) >= room:
            found.append(BREAKER)
        found[-1] += f" {text}"
    return found


def _notices(client: Client) -> int:
    with enter(client.ref()):
        for number, text in enumerate(lines(300)):
            with transaction.atomic():
                notice = Notice.objects.create(
                    actor_id=uuid4(), kind="k", text=text, dedupe_key=str(number), created_at=timezone.now()
                )  # fmt: skip
                queue_notice(notice_id=notice.pk, address=f"a{number}@example.com", now=timezone.now())
            send_mail(Mail.objects.get(kind="notices.notice", subject_id=notice.pk).pk)
    return len(lines(300))


def _surveys(client: Client) -> int:
    rounds = lines(150)
    with enter(client.ref()):
        open_ones = list(_unanswered(len(rounds)))
    assert len(open_ones) == len(rounds), "the demo has too few invitations that wait for an answer"
    for number, (invitation, text) in enumerate(zip(open_ones, rounds, strict=True)):
        alone = CORPUS[number % len(CORPUS)]
        with as_owner(), transaction.atomic():
            _worded(client, text, alone[:60])
        with enter(client.ref()):
            mail = Mail.objects.get(pk=invitation.mail_id)
            Mail.objects.filter(pk=mail.pk).update(
                state=Mail.State.QUEUED, address=f"s{number}@example.com", connected_at=None, dot_at=None, sent_at=None
            )
            send_mail(mail.pk)
            mail.refresh_from_db()
            assert mail.state == Mail.State.SENT
    return len(rounds)


def _unanswered(count: int) -> Iterator[Invitation]:
    waiting = Invitation.objects.filter(response=None, cancelled_at=None).select_related("candidate__survey_version")
    for one in waiting.order_by("-pk"):
        if count and token_of(one) is not None and not is_closed(one, timezone.now()):
            count -= 1
            yield one


def _worded(client: Client, text: str, label: str) -> None:
    """The survey in these words, written past its services, which would publish another version."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{client.schema_name}"."{SurveyVersion._meta.db_table}" '
            "SET mail_subject = %s, question = %s, mail_text = %s, low_label = %s, high_label = %s",
            [text, text, "\n\n".join(CORPUS), label, label],
        )


def _links(client: Client) -> int:
    """A new password and an invitation, for somebody of each realm."""
    for user in _people(client):
        for purpose in PATHS:
            with transaction.atomic():
                link = make_link(
                    purpose=purpose, user=user, realm_id=user.realm_id, email=user.email, now=timezone.now()
                )
            mail_link(link.pk)
            assert SignInLink.objects.get(pk=link.pk).sent_at is not None
    return len(_people(client)) * len(PATHS)


def _changes(client: Client) -> int:
    at: datetime = timezone.now()
    for user in _people(client):
        for what in SAID:
            mail_change(mail_id=uuid7(), user_id=user.pk, what=what, at=at)
    return len(_people(client)) * len(SAID)


def _people(client: Client) -> list[Any]:
    """Staff, and somebody of the client's own, whose addresses a server takes and whose names are hostile."""
    found = [User.objects.filter(realm=realm, is_active=True).latest("pk") for realm in (None, client)]
    for user in found:
        User.objects.filter(pk=user.pk).update(email=f"{user.pk.hex}@example.com")
        user.refresh_from_db()
    return found
