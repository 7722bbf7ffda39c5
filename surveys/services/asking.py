"""From resolutions to invitations, and back when a case is opened again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from bpo.actors import By
from bpo.notices.mailing import queue_mails
from bpo.notices.models import Mail
from bpo.tenancy.context import current_client
from bpo.tokens import hash_of
from interactions.models import Interaction, Resolution
from surveys.models import Candidate, Invitation, SurveyVersion
from surveys.secrets import address_hash, new_token
from surveys.services.publishing import ensure_default_survey

MAIL_KIND = "surveys.invitation"
Skip = Candidate.Skip


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one resolution: a reason to skip it, or the address to ask."""

    resolution: Resolution
    skip: str = ""
    address: str = ""
    address_hash: str = ""


@transaction.atomic
def consider(*, resolution_ids: Iterable[UUID], by: By, now: datetime) -> None:
    """Make one candidate of each resolution that has none: invited, or skipped with its reason.

    The number of statements does not grow with the number of resolutions. An invited customer's mail is queued in
    the same transaction.
    """
    resolutions = _unconsidered(resolution_ids)
    if not resolutions:
        return
    version = ensure_default_survey(by=by, now=now)
    decisions = _decide(resolutions, version, now)
    candidates = _candidates(decisions, version, now)
    Candidate.objects.bulk_create(candidates)
    invited = [pair for pair in zip(candidates, decisions, strict=True) if not pair[1].skip]
    if version is not None and invited:
        _invite(invited, version, now)


@transaction.atomic
def cancel(*, resolution_ids: Iterable[UUID], by: By, now: datetime) -> None:
    """Close the unanswered invitations of resolutions that no longer hold; answers stay."""
    _close(Invitation.objects.filter(candidate__resolution_id__in=list(resolution_ids)), "reopened", now)


@transaction.atomic
def revoke(*, invitation_id: UUID, by: By, now: datetime) -> None:
    """Make an unanswered invitation's link lead nowhere, as if it had never been."""
    _close(Invitation.objects.filter(pk=invitation_id), "revoked", now)


def _close(invitations: QuerySet[Invitation], reason: str, now: datetime) -> None:
    # Locked first: a vote that holds the row is then seen, and wins.
    open_ones = invitations.filter(cancelled_at=None).order_by("pk").select_for_update(of=("self",))
    held = list(open_ones.values_list("pk", flat=True))
    Invitation.objects.filter(pk__in=held, response=None).update(cancelled_at=now, cancel_reason=reason)


def _unconsidered(resolution_ids: Iterable[UUID]) -> list[Resolution]:
    """The resolutions without a candidate, oldest first, each with its customer and last interaction's id."""
    before = Interaction.objects.filter(case=OuterRef("case"), started_at__lte=OuterRef("resolved_at"))
    return list(
        Resolution.objects.filter(pk__in=list(resolution_ids), candidate=None)
        .select_related("case__customer")
        .annotate(last_interaction=Subquery(before.order_by("-started_at", "-id").values("pk")[:1]))
        .order_by("resolved_at", "pk")
    )


def _decide(resolutions: list[Resolution], version: SurveyVersion | None, now: datetime) -> list[Decision]:
    hashes = {found.pk: address_hash(address) for found in resolutions if (address := _address(found))}
    rest = timedelta(days=version.survey.rest_days) if version is not None else timedelta(0)
    asked = _asked_recently(hashes.values(), now - rest)
    decisions = []
    for resolution in resolutions:
        hashed = hashes.get(resolution.pk, "")
        skip = _skip(resolution, version, hashed, asked)
        if not skip:
            asked.add(hashed)
        decisions.append(Decision(resolution, skip, _address(resolution), hashed))
    return decisions


def _address(resolution: Resolution) -> str:
    customer = resolution.case.customer
    return customer.email.strip() if customer else ""


def _skip(resolution: Resolution, version: SurveyVersion | None, hashed: str, asked: set[str]) -> str:
    customer = resolution.case.customer
    if version is None:
        return Skip.NO_SURVEY
    if customer is not None and customer.no_surveys:
        return Skip.OPTED_OUT
    if not hashed:
        return Skip.NO_ADDRESS
    return Skip.ASKED_RECENTLY if hashed in asked else ""


def _asked_recently(hashes: Iterable[str], since: datetime) -> set[str]:
    """Which addresses were asked since then, whoever they belong to. Held against others until commit."""
    wanted = sorted(set(hashes))
    if not wanted:
        return set()
    _hold(wanted)
    never_left = Q(cancelled_at__isnull=False) & ~Q(mail__state__in=[Mail.State.SENT, Mail.State.UNCERTAIN])
    recent = Invitation.objects.filter(address_hash__in=wanted, created_at__gt=since).exclude(never_left)
    return set(recent.values_list("address_hash", flat=True))


def _hold(hashes: list[str]) -> None:
    """Lock the addresses, in order, so that two workers can't both find them unasked."""
    client = current_client().id.int
    keys = sorted((int(hashed[:16], 16) ^ client) % 2**64 - 2**63 for hashed in hashes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(pg_advisory_xact_lock(k)) FROM unnest(%s::bigint[]) AS k", [keys])


def _candidates(decisions: list[Decision], version: SurveyVersion | None, now: datetime) -> list[Candidate]:
    wanted = [_last(decision) for decision in decisions]
    about = Interaction.objects.select_related("agent").in_bulk([pk for pk in wanted if pk])
    return [_candidate(decision, about, version, now) for decision in decisions]


def _last(decision: Decision) -> UUID | None:
    found: UUID | None = getattr(decision.resolution, "last_interaction", None)
    return found


def _candidate(
    decision: Decision, about: Mapping[UUID, Interaction], version: SurveyVersion | None, now: datetime
) -> Candidate:
    last = _last(decision)
    interaction = about.get(last) if last else None
    candidate = Candidate(
        resolution=decision.resolution,
        survey_version=version,
        state=Candidate.State.SKIPPED if decision.skip else Candidate.State.INVITED,
        skip_reason=decision.skip,
        business_date=decision.resolution.resolved_at.astimezone(ZoneInfo(current_client().zone)).date(),
        created_at=now,
    )
    if interaction is not None:
        _freeze(candidate, interaction)
    return candidate


def _freeze(candidate: Candidate, interaction: Interaction) -> None:
    """Who and what it was about, as it is now: a later change of team or reason moves no answer."""
    candidate.interaction = interaction
    candidate.business_date = interaction.business_date
    candidate.agent = interaction.agent
    candidate.team_id = interaction.agent.team_id if interaction.agent else None
    candidate.queue_id = interaction.queue_id
    candidate.reason_id = interaction.reason_id


def _invite(invited: list[tuple[Candidate, Decision]], version: SurveyVersion, now: datetime) -> None:
    expires_at = now + timedelta(days=version.survey.expires_days)
    invitations = [
        Invitation(candidate=candidate, address_hash=decision.address_hash, created_at=now, expires_at=expires_at)
        for candidate, decision in invited
    ]
    to = [(made.pk, decision.address) for made, (_, decision) in zip(invitations, invited, strict=True)]
    for made, mail in zip(invitations, queue_mails(kind=MAIL_KIND, to=to, now=now), strict=True):
        made.mail = mail
        made.token_hash = hash_of(new_token(made.pk))
    Invitation.objects.bulk_create(invitations)
