"""Asking an identity provider: its documents, a token for a code, and whether the token is what it says."""

import base64
import json
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

import jwt
from django.conf import settings

from accounts.domain.oidc import ALGORITHMS, Endpoints, discovery_address, endpoints_of
from accounts.models import IdentityProvider
from bpo.sealing import Unreadable, unseal

SECRET = "identity provider"  # noqa: S105 - what is sealed, not the secret
SECONDS, BYTES = 5, 200_000
LEEWAY = 60  # seconds two clocks may differ


REFUSALS: Final = {
    "invalid_client",
    "unauthorized_client",
}  # what RFC 6749 has a provider say of a client it doesn't know


class NoAnswer(Exception):
    """The provider didn't answer, or not as it should. Its text is a code for what was wrong."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """A provider answers where it says it does."""


def discover(issuer: str) -> Endpoints:
    """Read where a provider answers. NoAnswer."""
    document = _json(Request(discovery_address(issuer)))  # noqa: S310 - the caller checked that it is of the web
    try:
        return endpoints_of(document, issuer=issuer, plain=settings.SCHEME == "http")
    except ValueError as error:
        raise NoAnswer(str(error)) from error


def has_keys(endpoints: Endpoints) -> bool:
    """Whether a provider publishes a key that an identity could be signed by. NoAnswer."""
    try:
        found = jwt.PyJWKSet.from_dict(_json(Request(endpoints.keys))).keys  # noqa: S310 - as above
    except jwt.PyJWTError as error:
        raise NoAnswer("keys") from error
    return bool(found)


def knows_us(endpoints: Endpoints, *, client_id: str, secret: str) -> bool:
    """Whether a provider takes a client id with its secret: asked with a code that can't be one. NoAnswer."""
    data = {"grant_type": "authorization_code", "code": "-", "redirect_uri": "https://localhost/", "code_verifier": "-"}
    request = Request(endpoints.token, urlencode(data).encode(), _basic(client_id, secret))  # noqa: S310 - as above
    try:
        with _opener().open(request, timeout=SECONDS):
            return True
    except HTTPError as error:
        return error.code != 401 and _said(error) not in REFUSALS
    except (URLError, OSError, HTTPException) as error:
        raise NoAnswer("token") from error


def _said(error: HTTPError) -> str:
    try:
        found = json.loads(error.read(BYTES))
    except (OSError, ValueError):
        return ""
    return str(found.get("error")) if isinstance(found, dict) else ""


def _basic(client_id: str, secret: str) -> dict[str, str]:
    basic = base64.b64encode(f"{quote(client_id, safe='')}:{quote(secret, safe='')}".encode()).decode()
    return {"Authorization": f"Basic {basic}"}


def claims_for(provider: IdentityProvider, *, code: str, verifier: str, back: str) -> dict[str, Any]:
    """The claims of the identity a code stands for; signature, issuer, audience and time are right. NoAnswer."""
    try:
        secret = unseal(bytes(provider.sealed_secret), purpose=SECRET, about=provider.pk)
    except Unreadable as error:
        raise NoAnswer("sealed") from error
    data = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    request = Request(provider.token_endpoint, urlencode(data).encode(), _basic(provider.client_id, secret))  # noqa: S310
    token = _json(request).get("id_token")
    keys = _json(Request(provider.keys_endpoint))  # noqa: S310 - as above
    return _verified(str(token), keys, provider)


def _verified(token: str, keys: dict[str, Any], provider: IdentityProvider) -> dict[str, Any]:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        known = [key for key in jwt.PyJWKSet.from_dict(keys).keys if kid is None or key.key_id == kid]
        if len(known) != 1:
            raise NoAnswer("key")
        claims: dict[str, Any] = jwt.decode(
            token, known[0], algorithms=list(ALGORITHMS), issuer=provider.issuer, audience=provider.client_id,
            leeway=LEEWAY, options={"require": ["iss", "aud", "exp", "iat", "sub"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise NoAnswer(type(error).__name__) from error
    return claims


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirects())


def _json(request: Request) -> dict[str, Any]:
    try:
        with _opener().open(request, timeout=SECONDS) as answer:
            found = json.loads(answer.read(BYTES))
    except HTTPError as error:
        raise NoAnswer("status") from error
    except (URLError, OSError, HTTPException) as error:
        raise NoAnswer("silent") from error
    except ValueError as error:
        raise NoAnswer("json") from error
    if not isinstance(found, dict):
        raise NoAnswer("json")
    return found
