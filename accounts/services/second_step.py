"""Second steps of signing in: an authenticator app and recovery codes, and what a client asks for."""

import secrets
from datetime import datetime

import pyotp
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.domain import second_step as rules
from accounts.errors import Refused, Stale
from accounts.models import AuthenticatorApp, Client, RecoveryCode, SignInRule, User
from accounts.selectors import must_have_second_step, second_steps_of
from accounts.services.sessions import end_sessions
from accounts.services.telling import APP_ADDED, APP_REMOVED, CODES_MADE, STEPS_RESET, tell
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.sealing import Unreadable, keyed_hash, keyed_hashes, seal, unseal

APP, CODE = "authenticator app", "recovery code"  # what is sealed or hashed, and so under which key


def new_secret() -> str:
    """A secret for an app: 160 bits, as RFC 4226 asks."""
    return pyotp.random_base32(32)


def add_app(*, user: User, secret: str, code: str, by: By, now: datetime) -> list[str]:
    """Take `secret` as the person's app once a code shows that the app has it; it replaces the one before.

    Returns new recovery codes when there were none, to be shown once. Raises Refused for a wrong code.
    """
    step = rules.matching_step(secret, rules.cleaned(code), now=now, after=0)
    if step is None:
        raise Refused("code", _("That isn't the code of now."), _("Wait for the next one and type its six digits."))
    with transaction.atomic():
        lock(user)
        AuthenticatorApp.objects.filter(user=user).delete()
        AuthenticatorApp.objects.create(
            user=user, sealed_secret=seal(secret, purpose=APP, about=user.pk), last_step=step, made_at=now
        )
        record(action="second_step.made", target=user, by=by, now=now, detail={"kind": "app"})
        tell(user=user, what=APP_ADDED, now=now)
        return first_codes(user=user, by=by, now=now)


def check_app_code(*, user: User, code: str, now: datetime) -> bool:
    """Whether `code` is the app's of now. A code that was taken once, or an older one, isn't taken again."""
    app = AuthenticatorApp.objects.filter(user=user).first()
    if app is None:
        return False
    try:
        secret = unseal(bytes(app.sealed_secret), purpose=APP, about=user.pk)
    except Unreadable:
        return False
    step = rules.matching_step(secret, code, now=now, after=app.last_step)
    if step is None:
        return False
    return AuthenticatorApp.objects.filter(pk=app.pk, last_step__lt=step).update(last_step=step) == 1


def use_recovery_code(*, user: User, code: str, by: By, now: datetime) -> bool:
    """Spend a recovery code. Of two at once one wins, and the database lets nobody mark it again."""
    with transaction.atomic():
        hashes = keyed_hashes(code, purpose=CODE, about=user.pk)
        if RecoveryCode.objects.filter(user=user, code_hash__in=hashes, used_at=None).update(used_at=now) != 1:
            return False
        left = RecoveryCode.objects.filter(user=user, used_at=None).count()
        record(action="second_step.code_used", target=user, by=by, now=now, detail={"left": left})
    return True


def check_code(*, user: User, code: str, by: By, now: datetime) -> str:
    """What a typed code proves: "app", "code" (a recovery code) or "" for nothing."""
    plain = rules.cleaned(code)
    if rules.is_app_code(plain):
        return "app" if check_app_code(user=user, code=plain, now=now) else ""
    return "code" if use_recovery_code(user=user, code=plain, by=by, now=now) else ""


def make_codes(*, user: User, by: By, now: datetime) -> list[str]:
    """Ten new recovery codes; those before stop working. Refused for somebody without a second step."""
    if not second_steps_of(user.pk).there:
        raise Refused("codes", _("There is no second step yet."), _("Set up an app or a passkey first."))
    with transaction.atomic():
        lock(user)
        anew = RecoveryCode.objects.filter(user=user).delete()[0] > 0
        codes = [
            rules.recovery_code([secrets.randbelow(len(rules.LETTERS)) for _ in range(rules.CODE_LETTERS)])
            for _ in range(rules.CODES)
        ]
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, code_hash=_hash(user, rules.cleaned(code)), made_at=now) for code in codes
        )
        record(action="second_step.codes_made", target=user, by=by, now=now)
        if anew:  # the first ones come with a second step, which is told itself
            tell(user=user, what=CODES_MADE, now=now)
    return codes


def first_codes(*, user: User, by: By, now: datetime) -> list[str]:
    """Recovery codes for whoever has none; nothing for others, who keep theirs."""
    return [] if RecoveryCode.objects.filter(user=user).exists() else make_codes(user=user, by=by, now=now)


def remove_app(*, user: User, by: By, now: datetime) -> None:
    """Forget the app. Refused when there is none, or it is the last second step of somebody who must have one."""
    with transaction.atomic():
        lock(user)
        if not second_steps_of(user.pk).app:
            raise Refused("app", _("There is no app to remove."), _("Nothing has to be done."))
        refuse_the_last(user, now)
        AuthenticatorApp.objects.filter(user=user).delete()
        record(action="second_step.removed", target=user, by=by, now=now, detail={"kind": "app"})
        tell(user=user, what=APP_REMOVED, now=now)
        forget_codes_of_nothing(user)


def refuse_the_last(user: User, now: datetime) -> None:
    """Refused when one of two second steps may go and this is the only one. Call it in the transaction that removes."""
    if second_steps_of(user.pk).count <= 1 and must_have_second_step(user, now=now):
        raise Refused(
            "second_step",
            _("You must have a second step, and this is the only one."),
            _("Set up another one first, then remove this."),
        )


def forget_codes_of_nothing(user: User) -> None:
    """Recovery codes go with the last second step: alone they would ask for something nobody set up."""
    if not second_steps_of(user.pk).there:
        RecoveryCode.objects.filter(user=user).delete()


def reset_second_step(*, user: User, reason: str, by: By, now: datetime) -> None:
    """Take every second step from somebody who lost theirs, and end their sessions: the thief of a phone may have one.

    Refused without a reason, or with nothing to reset.
    """
    if not reason.strip():
        raise Refused("reason", _("There is no reason."), _("Write how you know that it is them."))
    with transaction.atomic():
        lock(user)
        had = second_steps_of(user.pk)
        if not had.there:
            raise Refused("user", _("%(name)s has no second step.") % {"name": user}, _("There is nothing to reset."))
        AuthenticatorApp.objects.filter(user=user).delete()
        user.passkeys.all().delete()
        RecoveryCode.objects.filter(user=user).delete()
        detail = {"app": had.app, "passkeys": had.passkeys, "reason": reason.strip()}
        record(action="second_step.reset", target=user, by=by, now=now, detail=detail)
        tell(user=user, what=STEPS_RESET, now=now)
        end_sessions(user=user, by=by, now=now)


def require_second_step(
    *, client: Client, required: bool, by: By, now: datetime, version: int | None = None
) -> SignInRule:
    """Whether a client's own users must have a second step, from their next sign-in on.

    `version` is what was read (0: no rule yet); raises Stale when another is there by now.
    """
    with transaction.atomic():
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        found = SignInRule.objects.filter(client=client).first()
        if version is not None and version != (found.version if found else 0):
            raise Stale
        rule = found or SignInRule(client=client, version=0)
        if found is None or rule.second_step != required:
            rule.second_step, rule.version = required, rule.version + 1
            rule.save()
            record(action="second_step.required", target=client, by=by, now=now, detail={"required": required})
    return rule


def _hash(user: User, code: str) -> str:
    return keyed_hash(code, purpose=CODE, about=user.pk)


def lock(user: User) -> None:
    """One change of a person's second steps at a time: two removals at once would leave none."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
