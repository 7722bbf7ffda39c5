"""What the palette finds in a client: people, customers, cases and interactions, each for those who may see it."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bpo.permissions import Permission, may
from bpo.slots import Hit, Query
from interactions.models import Actor, Case, Customer, Interaction
from interactions.selectors import cases

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
    known = {row.pk: row for row in Customer.objects.filter(named, cases__isnull=False).order_by("name")[: 4 * MOST]}
    newest = Case.objects.filter(customer_id__in=known).order_by("customer_id", "-opened_at").distinct("customer_id")
    return [
        Hit(_("Customers"), str(known[case.customer_id]), case.reference, reverse("interactions:case", args=[case.pk]))
        for case in newest[:MOST]
        if case.customer_id
    ]


def _cases(query: Query) -> Iterable[Hit]:
    """Cases by reference; who may not see all interactions finds those they had a part in."""
    principal = query.principal
    if not may(principal, Permission.SEE_CASES):
        return []
    everything = may(principal, Permission.SEE_INTERACTIONS)
    if not everything and principal.actor_id is None:
        return []
    rows = cases(actor=None if everything else principal.actor_id).filter(reference__istartswith=query.text)[:MOST]
    return [
        Hit(_("Cases"), row.reference, str(row.get_state_display()), reverse("interactions:case", args=[row.pk]))
        for row in rows
    ]


def _interactions(query: Query) -> Iterable[Hit]:
    if not may(query.principal, Permission.SEE_INTERACTIONS):
        return []
    rows = Interaction.objects.filter(external_id__istartswith=query.text).select_related("queue")[:MOST]
    return [
        Hit(
            _("Interactions"),
            row.external_id,
            f"{row.queue.name}, {row.business_date.isoformat()}",
            reverse("interactions:detail", args=[row.pk]),
        )
        for row in rows
    ]
