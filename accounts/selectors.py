"""Named reads of clients, users, memberships."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, DateTimeField, Exists, Q, QuerySet, Value

from accounts.models import (
    AuthenticatorApp,
    Client,
    Domain,
    IdentityProvider,
    Membership,
    Passkey,
    RecoveryCode,
    SignInRule,
    StepIn,
    Terms,
    Token,
    User,
)
from bpo.permissions import SteppedIn
from bpo.roles import OPERATORS


def current_memberships(user_id: UUID, *, now: datetime) -> QuerySet[Membership]:
    """Memberships of a user that hold at `now`."""
    return Membership.objects.filter(user_id=user_id, starts_at__lte=now).filter(Q(ends_at=None) | Q(ends_at__gt=now))


def memberships_at(client_id: UUID | None) -> QuerySet[Membership]:
    """Every membership at a client, or at the operator (None), those that ended too, by the person's name."""
    there = Q(client=None) if client_id is None else Q(client=client_id)
    found = Membership.objects.filter(there).select_related("user", "granted_by", "client")
    return found.order_by("user__name", "user__email", "role")


def held_by(user_id: UUID, *, now: datetime) -> list[tuple[UUID | None, str]]:
    """(client, role) of each membership a user holds; client None is the operator."""
    return list(current_memberships(user_id, now=now).values_list("client_id", "role"))


def roles_at(user_id: UUID, client_id: UUID | None, *, now: datetime) -> set[str]:
    """Role keys of a user at one client, or on the operator host (any role anywhere) when `client_id` is None."""
    held = current_memberships(user_id, now=now)
    if client_id is not None:
        held = held.filter(client_id=client_id)
    return set(held.values_list("role", flat=True))


def is_operator_admin(user_id: UUID, *, now: datetime) -> bool:
    return _admin_at_the_operator(user_id, now).exists()


def _admin_at_the_operator(user_id: UUID, now: datetime) -> QuerySet[Membership]:
    return current_memberships(user_id, now=now).filter(role="operator_admin", client=None)


def open_step_ins(user_id: UUID, client_id: UUID, *, now: datetime) -> QuerySet[StepIn]:
    """A user's look inside a client, if one is open and they still run the operator: one row or none."""
    found = StepIn.objects.filter(user_id=user_id, client_id=client_id, ended_at=None)
    return found.filter(Exists(_admin_at_the_operator(user_id, now)), begins_at__lte=now, until__gt=now)


def standing_at(user_id: UUID, client_id: UUID, *, now: datetime) -> tuple[list[tuple[str, str]], SteppedIn | None]:
    """(role, scope) of each membership of a user at one client, and whether they stepped in: one statement."""
    nothing, never = Value("", CharField()), Value(None, DateTimeField())
    held = current_memberships(user_id, now=now).filter(client_id=client_id)
    steps_in = open_step_ins(user_id, client_id, now=now).values_list(nothing, nothing, "reason", "until")
    rows: list[Any] = list(held.values_list("role", "scope", nothing, never).union(steps_in, all=True))
    steps = [SteppedIn(reason, until) for _role, _scope, reason, until in rows if until is not None]
    return [(role, scope) for role, scope, _why, end in rows if end is None], next(iter(steps), None)


def users_with_role(client_id: UUID, roles: Iterable[str], *, now: datetime) -> list[UUID]:
    """Active users who hold one of these roles at a client."""
    held = Membership.objects.filter(
        client_id=client_id, role__in=list(roles), user__is_active=True, starts_at__lte=now
    )
    return list(held.filter(Q(ends_at=None) | Q(ends_at__gt=now)).values_list("user_id", flat=True).distinct())


def clients_of(user_id: UUID, *, now: datetime) -> QuerySet[Client]:
    """Active clients a user may cross to."""
    held = current_memberships(user_id, now=now).exclude(client=None).values("client")
    found: QuerySet[Client] = Client.objects.filter(pk__in=held, status=Client.Status.ACTIVE).order_by("name")
    return found


def clients_with_hosts() -> list[dict[str, Any]]:
    """Every client with its primary host, for the operator's list: one query."""
    rows = Domain.objects.filter(is_primary=True).select_related("tenant").order_by("tenant__name")
    return [{"client": row.tenant, "host": row.domain} for row in rows]


def terms_of(client_id: UUID) -> Terms:
    """What holds for a client now; what a new row would say where nothing was agreed."""
    return Terms.objects.filter(client_id=client_id).first() or Terms()


def user_by_email(email: str, realm: UUID | None) -> User | None:
    return User.objects.filter(email=email.strip().lower(), realm_id=realm).first()


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """What somebody can prove themselves with beside the password."""

    app: bool
    passkeys: int
    codes_left: int

    @property
    def count(self) -> int:
        return int(self.app) + self.passkeys

    @property
    def there(self) -> bool:
        return self.count > 0


def second_steps_of(user_id: UUID) -> SecondSteps:
    return SecondSteps(
        app=AuthenticatorApp.objects.filter(user_id=user_id).exists(),
        passkeys=Passkey.objects.filter(user_id=user_id).count(),
        codes_left=RecoveryCode.objects.filter(user_id=user_id, used_at=None).count(),
    )


def must_have_second_step(user: User, *, now: datetime) -> bool:
    """Whether somebody may not be without: operators unless that is waived, and users of a client that asks for it."""
    if user.realm_id is not None:
        return SignInRule.objects.filter(client_id=user.realm_id, second_step=True).exists()
    return not settings.MFA_WAIVED and not OPERATORS.isdisjoint(roles_at(user.pk, None, now=now))


def provider_of(realm_id: UUID | None) -> IdentityProvider | None:
    """The company sign-in a realm (None: staff) trusts now."""
    return IdentityProvider.objects.filter(realm_id=realm_id, is_active=True).first()


def provider_in(realm_id: UUID | None) -> IdentityProvider | None:
    """The company sign-in of a realm (None: staff), switched on or off."""
    return IdentityProvider.objects.filter(realm_id=realm_id).first()


def tokens_of(user_id: UUID, client_id: UUID) -> QuerySet[Token]:
    """A user's own tokens at one client, those that ran out too, the newest first."""
    found: QuerySet[Token] = Token.objects.filter(user_id=user_id, client_id=client_id)
    return found.order_by("-created", "digest")


def tokens_at(client_id: UUID) -> QuerySet[Token]:
    """Everybody's tokens at one client, with their users, the newest first."""
    found: QuerySet[Token] = Token.objects.filter(client_id=client_id)
    return found.select_related("user", "client").order_by("-created", "digest")


def token_by_id(token_id: UUID, client_id: UUID) -> Token | None:
    """A token by what logs and pages call it: the beginning of its digest, which proves nothing."""
    return tokens_at(client_id).filter(digest__startswith=token_id.hex).first()
