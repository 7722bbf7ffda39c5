"""What the palette finds in a client: people, customers, cases and interactions, each for those who may see it."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bpo.acting import by_of_principal
from bpo.audit.services import record_read
from bpo.permissions import Permission, may, reach
from bpo.slots import Hit, Query
from interactions.models import Actor, Customer
from interactions.selectors import cases, interactions, reach_of_cases

MOST = 8


def found(query: Query) -> list[Hit] | None:
    """At most eight hits of each kind. None on the operator's host, which holds none of this."""
    if query.principal.on_operator:
        return None
    return [*_people(query), *_customers(query), *_cases(query), *_interactions(query)]


def _people(query: Query) -> Iterable[Hit]:
    if not may(query.principal, Permission.SEE_INTERACTIONS):
        return []
    named = Q(display_name__icontains=query.text) | Q(pseudonym__istartswith=query.text)
    rows = Actor.objects.filter(named, kind=Actor.Kind.PERSON).select_related("team")[:MOST]
    page = reverse("interactions:list")
    return [
        Hit(_("People"), row.display_name, row.team.name if row.team else row.pseudonym, f"{page}?agent={row.pk}")
        for row in rows
    ]


def _customers(query: Query) -> Iterable[Hit]:
    """A customer leads to their newest case."""
    if not (may(query.principal, Permission.SEE_INTERACTIONS) and may(query.principal, Permission.SEE_CASES)):
        return []
    named = Q(name__icontains=query.text) | Q(reference__istartswith=query.text) | Q(email__iexact=query.text)
    seen = cases(reach=reach_of_cases(query.principal)).order_by()
    mine = Customer.objects.filter(named, pk__in=seen.filter(customer__isnull=False).values("customer_id"))
    known = {row.pk: row for row in mine.order_by("name")[: 4 * MOST]}
    newest = seen.filter(customer_id__in=known).order_by("customer_id", "-opened_at").distinct("customer_id")
    shown = {case.customer_id: case for case in newest[:MOST] if case.customer_id}
    _note(query, shown)
    return [
        Hit(_("Customers"), str(known[ident]), case.reference, reverse("interactions:case", args=[case.pk]))
        for ident, case in shown.items()
    ]


def _note(query: Query, shown: Iterable[UUID]) -> None:
    """Who was shown which customers goes into the audit log, by ids; what was typed may be a name and stays out."""
    ids = sorted(str(ident) for ident in shown)
    if ids:
        by, now = by_of_principal(query.principal), timezone.now()
        record_read(action="customers.found", target=Customer(id=None), by=by, now=now, detail={"customers": ids})


def _cases(query: Query) -> Iterable[Hit]:
    """Cases by reference, as far as one's reach goes."""
    principal = query.principal
    if not may(principal, Permission.SEE_CASES):
        return []
    rows = cases(reach=reach_of_cases(principal)).filter(reference__istartswith=query.text)[:MOST]
    return [
        Hit(_("Cases"), row.reference, str(row.get_state_display()), reverse("interactions:case", args=[row.pk]))
        for row in rows
    ]


def _interactions(query: Query) -> Iterable[Hit]:
    if not may(query.principal, Permission.SEE_INTERACTIONS):
        return []
    seen = interactions(reach=reach(query.principal, Permission.SEE_INTERACTIONS))
    rows = seen.filter(external_id__istartswith=query.text)[:MOST]
    return [
        Hit(
            _("Interactions"),
            row.external_id,
            f"{row.queue.name}, {row.business_date.isoformat()}",
            reverse("interactions:detail", args=[row.pk]),
        )
        for row in rows
    ]
