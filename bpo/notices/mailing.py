"""Mail as rows: queued in the transaction that causes it, rendered when sent, sent at most once under doubt."""

import smtplib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from bpo.failpoints import failpoint
from bpo.notices import smtp
from bpo.notices.models import Mail
from bpo.outbox.registry import Permanent, Uncertain
from bpo.outbox.services import enqueue_many
from bpo.tenancy.context import current_client

State = Mail.State


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says. `headers` are added as they are."""

    subject: str
    text: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)


Renderer = Callable[[Mail], Content | None]
RENDERERS: dict[str, Renderer] = {}


def mail_kind(name: str) -> Callable[[Renderer], Renderer]:
    """Register how a kind of mail is rendered. None from the renderer cancels the mail."""

    def register(render: Renderer) -> Renderer:
        RENDERERS[name] = render
        return render

    return register


def queue_mail(*, kind: str, subject_id: UUID, address: str, now: datetime) -> Mail:
    """A mail to one address, in the caller's transaction. One a (kind, subject): a second raises IntegrityError."""
    return queue_mails(kind=kind, to=[(subject_id, address)], now=now)[0]


def queue_mails(*, kind: str, to: Iterable[tuple[UUID, str]], now: datetime) -> list[Mail]:
    """Mails of one kind to pairs of subject and address, as `queue_mail` does, in two statements."""
    if kind not in RENDERERS:
        raise KeyError(f"No renderer is registered for mail {kind!r}.")
    domain = settings.DEFAULT_FROM_EMAIL.partition("@")[2] or "localhost"
    mails = [Mail(kind=kind, subject_id=subject, address=address, created_at=now) for subject, address in to]
    for mail in mails:
        mail.message_id = f"<{mail.id}@{domain}>"
    Mail.objects.bulk_create(mails)
    enqueue_many(kind="notices.send_mail", work=[(f"mail:{mail.id}", {"mail_id": str(mail.id)}) for mail in mails])
    return mails


def send_mail(mail_id: UUID) -> None:
    """Send one queued mail. Runs outside a transaction: each mark is committed before the next step.

    Raises Uncertain when an earlier try died between the final dot and the answer, Permanent when the server refuses
    the address for good; anything temporary goes to the outbox's retry.
    """
    mail = Mail.objects.get(pk=mail_id)
    if mail.state != State.QUEUED:
        return
    if mail.dot_at is not None:
        _doubt(mail, "The worker died between the final dot and the server's answer.")
    content = RENDERERS[mail.kind](mail)
    if content is None:
        _queued(mail).update(state=State.CANCELLED)
        return
    _queued(mail).update(connected_at=timezone.now())
    failpoint("mail.connected")
    answer = _deliver(mail, compose(mail, content))
    failpoint("mail.accepted")
    _queued(mail).update(state=State.SENT, sent_at=timezone.now(), answer=answer[:300])


def compose(mail: Mail, content: Content) -> EmailMessage:
    """The message of a client with its fixed Message-ID."""
    return message_of(content, sender=current_client().name, address=mail.address, message_id=mail.message_id)


def message_of(content: Content, *, sender: str, address: str, message_id: str) -> EmailMessage:
    """A message from `sender`, by name, at the installation's address. ValueError for a line break in other headers."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(content.subject)
    message["From"] = Address(_one_line(sender), addr_spec=settings.DEFAULT_FROM_EMAIL)
    message["To"] = address
    message["Message-ID"] = message_id
    message["Date"] = timezone.now()
    message["Auto-Submitted"] = "auto-generated"
    for name, value in content.headers.items():
        message[name] = value
    message.set_content(content.text)
    if content.html:
        message.add_alternative(content.html, subtype="html")
    return message


def _one_line(text: str) -> str:
    """What somebody typed, as a header takes it: a name with a line break in it would keep every mail from going."""
    return " ".join(text.split())


def _deliver(mail: Mail, message: EmailMessage) -> str:
    def before_dot() -> None:
        if _queued(mail).filter(dot_at=None).update(dot_at=timezone.now()) != 1:
            raise Permanent("Another worker is sending this mail.")
        mail.dot_at = timezone.now()

    try:
        return smtp.send(message, mail.address, before_dot=before_dot)
    except smtplib.SMTPResponseException as error:
        _refused(mail, error.smtp_code, error.smtp_error)
        raise
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        _refused(mail, code, words)
        raise
    except (OSError, smtplib.SMTPException) as error:
        if mail.dot_at is not None:
            _doubt(mail, f"The connection broke after the final dot: {error}")
        raise


def _refused(mail: Mail, code: int, words: bytes | str) -> None:
    """The server answered and did not take it: for good (5xx), or for now, and then the dot counts for nothing."""
    said = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"[:300]
    if code >= 500:
        _queued(mail).update(state=State.REFUSED, answer=said)
        raise Permanent(said)
    _queued(mail).update(dot_at=None, answer=said)


def _doubt(mail: Mail, reason: str) -> None:
    _queued(mail).update(state=State.UNCERTAIN, answer=reason[:300])
    raise Uncertain(reason)


def _queued(mail: Mail) -> QuerySet[Mail]:
    """The row, as long as nobody has settled it."""
    return Mail.objects.filter(pk=mail.pk, state=State.QUEUED)
