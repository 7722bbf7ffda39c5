"""What a person proves themselves with beside the password, and which clients ask for it."""

from typing import Final

from django.db import models
from django.db.models import Q

from accounts.models.client import Client
from accounts.models.user import User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar

PROOF: Final = DataClass(
    scope="public", personal=True, export=False, erasure="delete", retention="operational", login=("user",)
)


class AuthenticatorApp(models.Model):
    """An app that shows codes. A trigger (migration 0005) lets `last_step` only rise: no code is taken twice."""

    data = PROOF

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="authenticator_app")
    sealed_secret = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last_step__gte=0), name="authenticator_app_step_is_counted")]

    def __str__(self) -> str:
        return f"Authenticator app of {self.user}"


class RecoveryCode(models.Model):
    """A way in when the phone is lost. Hashed; a trigger lets it be used once and changed in no other way."""

    data = PROOF

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_is_unique"),
        ]

    def __str__(self) -> str:
        return f"Recovery code of {self.user}"


class Passkey(models.Model):
    """A key kept by a device or a password manager, good on the one host it was made for.

    A trigger keeps key and host as they are and lets the counter only rise.
    """

    data = PROOF

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = TypedChar(max_length=60)
    rp_id = models.CharField(max_length=253)
    credential_id = models.BinaryField(max_length=1023)
    credential = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credential_id"], name="passkey_is_unique"),
            models.CheckConstraint(condition=Q(sign_count__gte=0), name="passkey_counter_is_counted"),
            models.CheckConstraint(condition=~Q(name=""), name="passkey_has_a_name"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class SignInRule(models.Model):
    """What a client asks of its own users at sign-in. No row asks for nothing."""

    data = DataClass(scope="public")

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="sign_in_rule")
    second_step = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Sign-in of {self.client}"
