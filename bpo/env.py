"""Strict reading of the environment: a wrong value stops the start with its name and the remedy."""

import base64
import ipaddress
import json
import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

env = Env()


def text(name: str, default: str) -> str:
    value = env.str(name, default)
    if "\x00" in value or "\n" in value:
        raise ImproperlyConfigured(f"{name} holds a line break or NUL. Set it to one line of text.")
    return value


def flag(name: str, default: bool) -> bool:
    try:
        return env.bool(name, default)
    except EnvError as error:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {os.environ[name]!r}.") from error


def number(name: str, default: int, *, low: int, high: int) -> int:
    try:
        value = env.int(name, default)
    except EnvError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {os.environ[name]!r}.") from error
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name} is {value}; give a number from {low} to {high}.")
    return value


def server(name: str) -> tuple[str, int] | None:
    """An address with a port, which is 53 unless told: 192.0.2.1, 192.0.2.1:5353, [2001:db8::1]:53. None if unset."""
    value = text(name, "")
    if not value:
        return None
    host, _, port = value.rpartition(":") if "]:" in value or value.count(":") == 1 else (value, "", "53")
    try:
        if not 0 < int(port) < 65_536:
            raise ValueError(port)
        return str(ipaddress.ip_address(host.strip("[]"))), int(port)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; give an IP address, and a port if it isn't 53.") from error


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; choose one of {', '.join(allowed)}.")
    return value


def words(name: str) -> list[str]:
    """Texts between commas, without the white space around them; none by default."""
    return [part.strip() for part in text(name, "").split(",") if part.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Networks and single addresses between commas; none by default."""
    found = []
    for part in [one.strip() for one in text(name, "").split(",") if one.strip()]:
        try:
            found.append(ip_network(part))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} holds {part!r}; give addresses or networks such as 10.0.0.0/8, between commas."
            ) from error
    return found


def database(url: str) -> dict[str, Any]:
    """Parts of a PostgreSQL URL: NAME, USER, PASSWORD, HOST (a socket folder or a name), PORT."""
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgresql://owner:password@host:5432/name; "
            f"its scheme is {parts.scheme!r} and its database {name!r}."
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "NAME": name,
        "USER": unquote(parts.username or "") or unquote(query.get("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", "") or parts.hostname or ""),
        "PORT": unquote(query.get("port", "")) or str(parts.port or ""),
    }


def local_secret(folder: Path, name: str) -> str:
    """A random secret kept in `folder`/secrets.json (mode 0600), made at first use."""
    path = folder / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if name not in known:
        folder.mkdir(parents=True, exist_ok=True)
        known[name] = base64.urlsafe_b64encode(secrets.token_bytes(48)).decode()
        draft = folder / f".secrets.{os.getpid()}.json"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(known))
        draft.replace(path)
    return known[name]
