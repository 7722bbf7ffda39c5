"""OpenID Connect's code flow with PKCE: what is asked of a provider, and what must be true of its answer."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

SCOPES = "openid email profile"
ALGORITHMS = ("RS256", "PS256", "ES256")  # what an identity may be signed by
# What a provider's document may list, and which of it we need. One that lists nothing means what the standard says.
NEEDS = {
    "response_types_supported": {"code"},
    "id_token_signing_alg_values_supported": set(ALGORITHMS),
    "code_challenge_methods_supported": {"S256"},
}
SECRET_BY = "token_endpoint_auth_methods_supported"  # noqa: S105 - the name of a list


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider says it answers."""

    authorisation: str
    token: str
    keys: str


def discovery_address(issuer: str) -> str:
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def is_address(text: object, *, plain: bool) -> bool:
    """Whether a text is an address of the web without a name or password in it; `plain` allows http as well."""
    if not isinstance(text, str):
        return False
    parts = urlsplit(text)
    return parts.scheme in (("http", "https") if plain else ("https",)) and bool(parts.hostname) and "@" not in text


def endpoints_of(document: Mapping[str, Any], *, issuer: str, plain: bool) -> Endpoints:
    """The endpoints of a discovery document. ValueError with what is wrong: "issuer" when it is another one's,
    "endpoint" for an address that is missing or unsafe, or the list in which nothing is what we do."""
    if document.get("issuer") != issuer:
        raise ValueError("issuer")
    found = [document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(is_address(one, plain=plain) for one in found):
        raise ValueError("endpoint")
    for name, needed in NEEDS.items():
        if name in document and needed.isdisjoint(_listed(document[name])):
            raise ValueError(name)
    if "client_secret_basic" not in _listed(document.get(SECRET_BY, ["client_secret_basic"])):
        raise ValueError(SECRET_BY)
    return Endpoints(*map(str, found))


def _listed(value: object) -> set[str]:
    return {one for one in value if isinstance(one, str)} if isinstance(value, list) else set()


def challenge_of(verifier: str) -> str:
    """PKCE's S256 (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def authorisation_address(endpoint: str, *, client_id: str, back: str, state: str, nonce: str, verifier: str) -> str:
    """Where the browser is sent to."""
    asked = {
        "response_type": "code",
        "scope": SCOPES,
        "client_id": client_id,
        "redirect_uri": back,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def subject_of(claims: Mapping[str, Any], *, client_id: str, nonce: str) -> str:
    """Whose identity it is, by claims whose signature, issuer, audience and time were checked. ValueError otherwise."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise ValueError("no subject")
    if claims.get("nonce") != nonce:
        raise ValueError("an answer to another question")
    several = isinstance(claims.get("aud"), list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise ValueError("meant for another party")
    return subject


def address_in(claims: Mapping[str, Any]) -> str:
    """The e-mail address a provider asserts and doesn't call unverified; empty for none. It identifies nobody."""
    address = claims.get("email")
    return address if isinstance(address, str) and claims.get("email_verified", True) is True else ""
