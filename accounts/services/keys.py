"""The single keys somebody chose, wherever they sign in."""

from typing import Any

from accounts.models import User
from bpo.ui.keymap import read_keys


def keep_keys(*, user: User, keys: Any) -> dict[str, Any]:
    """Keep somebody's own choice of keys. ValueError for what can't be one."""
    kept = read_keys(keys)
    user.keys = kept
    user.save(update_fields=["keys"])
    return kept
