"""Clients and their domains, users, memberships, hand-offs and tokens: all in public."""

from accounts.models.client import Client, Domain
from accounts.models.handoff import HandOff
from accounts.models.membership import Membership
from accounts.models.token import Token
from accounts.models.user import User

__all__ = ["Client", "Domain", "HandOff", "Membership", "Token", "User"]
