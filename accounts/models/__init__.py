"""Clients, users, memberships, sessions, links, hand-offs, tokens, second steps, identities, step-ins: all in public."""

from accounts.models.claim import Claim
from accounts.models.client import Client, Domain
from accounts.models.handoff import HandOff
from accounts.models.identity import ExternalIdentity, IdentityProvider
from accounts.models.link import SignInLink
from accounts.models.membership import Membership
from accounts.models.second_step import AuthenticatorApp, Passkey, RecoveryCode, SignInRule
from accounts.models.session import OpenSession
from accounts.models.step_in import StepIn
from accounts.models.terms import Terms
from accounts.models.token import Token
from accounts.models.user import User

__all__ = [
    "AuthenticatorApp",
    "Claim",
    "Client",
    "Domain",
    "ExternalIdentity",
    "HandOff",
    "IdentityProvider",
    "Membership",
    "OpenSession",
    "Passkey",
    "RecoveryCode",
    "SignInLink",
    "SignInRule",
    "StepIn",
    "Terms",
    "Token",
    "User",
]
