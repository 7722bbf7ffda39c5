"""Verbs on cases. Each checks the version its caller saw, in one atomic block with its audit line."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.slots import Reopened, Resolved, case_reopened, case_resolved
from interactions.errors import NotPossible, StaleVersion
from interactions.models import Case, Customer, Interaction, Resolution


def resolve_case(*, case_id: UUID, version: int, by: By, now: datetime) -> Case:
    """Resolve an open case and tell the slot `case_resolved`.

    Raises StaleVersion, NotPossible for a case that is resolved already, Case.DoesNotExist.
    """
    with transaction.atomic():
        case = _locked(case_id, version)
        if case.state == Case.State.RESOLVED:
            raise NotPossible("state", _("The case is resolved already."), _("Reopen it first."))
        case.state, case.resolved_at = Case.State.RESOLVED, max(now, case.opened_at)
        case.resolution_number += 1
        _save(case)
        resolution = Resolution.objects.create(
            case=case,
            number=case.resolution_number,
            resolved_at=case.resolved_at,
            actor_id=by.actor_id,
            source=by.kind,
        )
        record(
            action="case.resolved", target=case, by=by, now=now, detail=_turned("open", "resolved", resolution.number)
        )
        case_resolved.collect(Resolved((resolution.pk,), by, now))
    return case


def reopen_case(*, case_id: UUID, version: int, by: By, now: datetime) -> Case:
    """Open a resolved case again and tell the slot `case_reopened` which resolution no longer holds.

    Raises StaleVersion, NotPossible for a case that is open, Case.DoesNotExist.
    """
    with transaction.atomic():
        case = _locked(case_id, version)
        if case.state == Case.State.OPEN:
            raise NotPossible("state", _("The case is open already."), _("Nothing needs doing."))
        case.state, case.reopened_at = Case.State.OPEN, now
        _save(case)
        ended = case.resolutions.filter(number=case.resolution_number).values_list("pk", flat=True)
        record(
            action="case.reopened",
            target=case,
            by=by,
            now=now,
            detail=_turned("resolved", "open", case.resolution_number),
        )
        case_reopened.collect(Reopened(tuple(ended), by, now))
    return case


def version_of(case: Case) -> int:
    """The version that `set_customer_email` compares: the customer's, or the case's while it has none."""
    return case.customer.version if case.customer else case.version


def set_customer_email(*, case_id: UUID, email: str, version: int, by: By, now: datetime) -> Case:
    """Set the address of a case's customer; a case without one gets one. `version` is that of `version_of`.

    The address itself stays out of the audit log. Raises StaleVersion, NotPossible for what is no address,
    Case.DoesNotExist.
    """
    address = _checked_email(email)
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_id)
        customer = Customer.objects.select_for_update().get(pk=case.customer_id) if case.customer_id else None
        current = customer.version if customer else case.version
        if current != version:
            raise StaleVersion(case, current=current, sent=version)
        if customer is None:
            case.customer = customer = Customer.objects.create(email=address)
            _save(case)
        else:
            customer.email, customer.version = address, customer.version + 1
            customer.save(update_fields=["email", "version"])
        detail: dict[str, Any] = {"case": str(case.pk), "field": "email", "empty": not address}
        record(action="customer.changed", target=customer, by=by, now=now, detail=detail)
    return case


def set_consent(*, interaction_id: UUID, consent: str, by: By, now: datetime) -> Interaction:
    """Note the customer's word on being recorded. Refused: nobody hears the recording from now on.

    ValueError for a word that is none of given, refused and unknown.
    """
    if consent not in Interaction.Consent.values:
        raise ValueError(f"consent {consent!r} must be one of {', '.join(Interaction.Consent.values)}")
    with transaction.atomic():
        one = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction_id)
        if one.consent != consent:
            detail = {"before": one.consent, "consent": consent}
            one.consent, one.version = consent, one.version + 1
            one.save(update_fields=["consent", "version"])
            record(action="interaction.consent_set", target=one, by=by, now=now, detail=detail)
    return one


def _checked_email(email: str) -> str:
    address = email.strip()
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        problem = _("“%(email)s” is not an e-mail address.") % {"email": address[:60]}
        raise NotPossible("email", problem, _("Correct it, or leave it empty.")) from error
    return address


def _locked(case_id: UUID, version: int) -> Case:
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.version != version:
        raise StaleVersion(case, current=case.version, sent=version)
    return case


def _turned(before: str, after: str, number: int) -> dict[str, Any]:
    return {"number": number, "changes": {"state": [before, after]}}


def _save(case: Case) -> None:
    case.version += 1
    case.save()
