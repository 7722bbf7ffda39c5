"""Shared argument handling of the account commands."""

import sys
from typing import TextIO

from django.core.management.base import CommandError

from accounts.models import Client


def client_by_key(key: str) -> Client:
    """The client of that key. CommandError (exit 2) names the keys there are."""
    client: Client | None = Client.objects.filter(key=key).first()
    if client is None:
        known = ", ".join(Client.objects.order_by("key").values_list("key", flat=True)) or "none yet"
        raise CommandError(f"client: there is no client {key!r}. Known: {known}.", returncode=2)
    return client


def password_from(stream: TextIO = sys.stdin) -> str:
    """The first line of standard input, without its line end. CommandError when it is empty."""
    password = stream.readline().rstrip("\r\n")
    if not password:
        raise CommandError("password: nothing came on standard input. Pipe the password in.", returncode=2)
    return password
