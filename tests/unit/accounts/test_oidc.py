"""What is asked of an identity provider, and what must be true of its answer."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.domain import oidc

ISSUER = "https://login.example"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/a",
    "token_endpoint": f"{ISSUER}/t",
    "jwks_uri": f"{ISSUER}/k",
}
CLAIMS = {"sub": "u", "aud": "bpo", "nonce": "n"}


def test_the_challenge_is_that_of_the_standard() -> None:  # RFC 7636 appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert oidc.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_browser_is_sent_with_all_that_binds_the_answer() -> None:
    address = oidc.authorisation_address(
        f"{ISSUER}/a?tenant=1", client_id="bpo", back="https://alpha.example/back/", state="s", nonce="n", verifier="v"
    )
    asked = {name: one for name, [one] in parse_qs(urlsplit(address).query).items()}
    assert asked == {
        "tenant": "1", "response_type": "code", "scope": "openid email profile", "client_id": "bpo",
        "redirect_uri": "https://alpha.example/back/", "state": "s", "nonce": "n",
        "code_challenge": oidc.challenge_of("v"), "code_challenge_method": "S256",
    }  # fmt: skip
    assert oidc.discovery_address(f"{ISSUER}/") == f"{ISSUER}/.well-known/openid-configuration"


@pytest.mark.parametrize(
    "changed",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://login.example/t"}, {"jwks_uri": None},
     {"jwks_uri": "file:///etc/passwd"}, {"authorization_endpoint": "https://a@b/"}, {"token_endpoint": "https:///t"}],
)  # fmt: skip
def test_a_document_of_another_or_without_safe_addresses_is_refused(changed: dict[str, Any]) -> None:
    assert oidc.endpoints_of(DOCUMENT, issuer=ISSUER, plain=False).token == f"{ISSUER}/t"
    with pytest.raises(ValueError, match=r"issuer|endpoint"):
        oidc.endpoints_of(DOCUMENT | changed, issuer=ISSUER, plain=False)


@pytest.mark.parametrize(
    ("lists", "fault"),
    [({}, ""), ({"response_types_supported": ["code id_token", "code"], "code_challenge_methods_supported": ["S256"]}, ""),
     ({"response_types_supported": ["id_token"]}, "response_types_supported"),
     ({"response_types_supported": "code"}, "response_types_supported"),
     ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "id_token_signing_alg_values_supported"),
     ({"id_token_signing_alg_values_supported": ["HS256", "ES256"]}, ""),
     ({"code_challenge_methods_supported": ["plain"]}, "code_challenge_methods_supported"),
     ({oidc.SECRET_BY: ["private_key_jwt"]}, oidc.SECRET_BY), ({oidc.SECRET_BY: ["client_secret_basic"]}, "")],
)  # fmt: skip
def test_a_provider_that_does_nothing_as_we_do_is_told_by_what(lists: dict[str, Any], fault: str) -> None:
    if not fault:
        assert oidc.endpoints_of(DOCUMENT | lists, issuer=ISSUER, plain=False).keys == f"{ISSUER}/k"
        return
    with pytest.raises(ValueError, match=f"^{fault}$"):
        oidc.endpoints_of(DOCUMENT | lists, issuer=ISSUER, plain=False)


@pytest.mark.parametrize(
    "changed",
    [{"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256}, {"nonce": "m"}, {"nonce": None}, {"azp": "other"},
     {"aud": ["bpo", "other"]}, {"aud": ["bpo", "other"], "azp": "other"}],
)  # fmt: skip
def test_an_answer_for_another_or_to_another_question_names_nobody(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"subject|question|party"):
        oidc.subject_of({**CLAIMS, **changed}, client_id="bpo", nonce="n")


@pytest.mark.parametrize("more", [{}, {"azp": "bpo"}, {"aud": ["bpo"]}, {"aud": ["bpo", "b"], "azp": "bpo"}])
def test_a_good_answer_names_its_subject(more: dict[str, Any]) -> None:
    assert oidc.subject_of({**CLAIMS, **more}, client_id="bpo", nonce="n") == "u"


def test_an_address_is_taken_down_unless_it_is_called_unverified() -> None:
    assert oidc.address_in({"email": "a@b.example"}) == "a@b.example"
    assert oidc.address_in({"email": "a@b.example", "email_verified": True}) == "a@b.example"
    for claims in ({}, {"email": 7}, {"email": "a@b.example", "email_verified": False}, {"email_verified": "true"}):
        assert oidc.address_in(claims) == ""
