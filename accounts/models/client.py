"""A client account: the tenant."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.tenancy.identities import ClientRef
from bpo.tenancy.models import ClientBase, DomainBase
from bpo.typed import TypedChar

# Host labels that mean something else under the base domain, and what an address of the console is named after.
RESERVED_KEYS = ("ops", "www", "api", "admin", "mail", "static", "public", "localhost", "new")


class Client(ClientBase):
    """One client's account with the BPO, served by a schema and a database role of its own.

    A trigger (migration 0004) lets the owner alone change status, date of deletion, schema and role, and only along
    the steps that `accounts.services` knows.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        ARCHIVED = "archived", _("archived")
        TRASHED = "trashed", _("being deleted")
        DROPPED = "dropped", _("deleted")

    data = DataClass(scope="public", retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=31)
    name = TypedChar(max_length=120)
    zone = models.CharField(max_length=64)
    colour = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ACTIVE)
    role_name = models.CharField(max_length=63)
    home_host = models.CharField(max_length=253, default="", editable=False)  # <key>.<base>: built in, set once
    primary_host = models.CharField(max_length=253, default="")  # copy of the primary Domain, kept by the service
    created_at = models.DateTimeField()
    drops_at = models.DateTimeField(null=True, blank=True)  # from here on its data may be dropped

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="client_key_is_unique"),
            models.UniqueConstraint(fields=["role_name"], name="client_role_is_unique"),
            models.UniqueConstraint(
                fields=["home_host"], condition=~models.Q(home_host=""), name="client_home_is_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(key__regex=r"^[a-z]([a-z0-9-]{0,29}[a-z0-9])?$"), name="client_key_is_a_host_label"
            ),
            models.CheckConstraint(condition=~models.Q(key__in=RESERVED_KEYS), name="client_key_is_not_reserved"),
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^c_[a-z]{12}$"), name="client_schema_is_opaque"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["active", "suspended", "archived", "trashed", "dropped"]),
                name="client_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status="trashed", drops_at__isnull=False)
                | (~models.Q(status="trashed") & models.Q(drops_at=None)),
                name="client_being_deleted_has_a_date",
            ),
            models.CheckConstraint(condition=models.Q(colour__range=(1, 11)), name="client_colour_is_one_of_eleven"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        models.Model.save(self, *args, **kwargs)

    def ref(self) -> ClientRef:
        """What tenancy needs to enter this client."""
        return ClientRef(
            id=self.id,
            key=self.key,
            name=self.name,
            zone=self.zone,
            schema=self.schema_name,
            role=self.role_name,
            colour=self.colour,
            status=self.status,
            host=self.primary_host,
        )


class Domain(DomainBase):
    """A host name that leads to a client. Links in mail use the primary one.

    It is the client's built-in host, or rests on a proven claim of the client's own: a trigger (migration 0007) lets
    no other be.
    """

    data = DataClass(scope="public", retention="audit", part_of="tenant")

    claim = models.OneToOneField(
        "accounts.Claim", null=True, blank=True, on_delete=models.PROTECT, related_name="domain"
    )

    class Meta(DomainBase.Meta):
        constraints = [
            *DomainBase.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="domain_is_primary_once"
            ),
        ]

    @property
    def lasting(self) -> bool:
        return self.claim_id is None

    def __str__(self) -> str:
        return str(self.domain)
