"""Cache keys carry the client; a key without one raises. Shared values use the `shared` alias."""

from bpo.tenancy.context import current_client


def client_key(key: str, prefix: str, version: int) -> str:
    return f"{current_client().id}:{prefix}:{version}:{key}"
