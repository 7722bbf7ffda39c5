"""One sign-in identity per human and realm."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models.client import Client
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Staff by e-mail: the realm of commands and of the operator host."""
        return self.get(email=(username or "").lower(), realm=None)


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # knox names the reverse of its tokens
    """A person who signs in. `realm` is empty for staff, else the one client they belong to."""

    data = DataClass(
        scope="public", personal=True, erasure="anonymise", subject="login", called=("email", "name"), clears=("email", "password"), renames=("name",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    name = TypedChar(max_length=120)
    realm = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="realm_users")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    keys = models.JSONField(default=dict, blank=True)  # single keys of their own choice, as bpo/ui/keymap.py reads them

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "realm", Lower("email"), name="user_email_is_unique_in_realm", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    # The admin asks these three; the answer comes from memberships, through the permission middleware.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.realm_id is None

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
