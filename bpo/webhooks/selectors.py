"""Endpoints and what was sent to them."""

from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from bpo.webhooks.models import Delivery, Endpoint

LAST = Case(When(state=Endpoint.State.DISABLED, then=Value(1)), default=Value(0), output_field=IntegerField())


def endpoints() -> QuerySet[Endpoint]:
    """All of them, those switched off last, each with how many deliveries wait and were given up."""
    waiting, lost = Q(deliveries__state=Delivery.State.WAITING), Q(deliveries__state=Delivery.State.GIVEN_UP)
    counted = Endpoint.objects.annotate(
        waiting=Count("deliveries", filter=waiting), lost=Count("deliveries", filter=lost)
    )  # fmt: skip
    return counted.order_by(LAST, "-id")


def endpoint_by_id(endpoint_id: UUID) -> Endpoint | None:
    return Endpoint.objects.filter(pk=endpoint_id).first()


def deliveries(endpoint: Endpoint) -> QuerySet[Delivery]:
    """Newest first."""
    return Delivery.objects.filter(endpoint=endpoint).order_by("-id")


def delivery_by_id(delivery_id: UUID) -> Delivery | None:
    return Delivery.objects.select_related("endpoint").filter(pk=delivery_id).first()
