"""Sign-in by e-mail within a realm: staff on the operator host, a client's users on its own."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import User


class RealmBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, email: str = "", password: str = "", realm: Any = None, **_: Any
    ) -> User | None:
        """The active user with that e-mail in `realm` (a client id, None for staff) and that password."""
        user = User.objects.filter(email=email.strip().lower(), realm=realm).first()
        if user is None:
            User().set_password(password)  # as long as a real check: the answer must not tell who exists
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def axes_username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """What a lock-out counts: the e-mail within its realm, so one client can't lock another's user."""
    if credentials and "realm" in credentials:
        return account_of(credentials["realm"], str(credentials.get("email", "")))
    given = credentials or (request.POST if request is not None else {})  # a form's own "realm" is nobody's word
    return account_of(getattr(getattr(request, "client", None), "id", None), str(given.get("email", "")))


def account_of(realm: Any, email: str) -> str:
    """The name a lock-out keeps an account under."""
    return f"{realm or 'ops'}:{email.strip().lower()}"[:255]
