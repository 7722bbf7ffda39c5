"""Named places where a test build dies on purpose. Without BPO_FAILPOINTS nothing here does anything."""

import os
import signal
from pathlib import Path

from django.conf import settings


def failpoint(name: str) -> None:
    """Kill this process group with SIGKILL, once, if a file of that name lies in the failpoint folder."""
    if not settings.FAILPOINTS:
        return
    try:
        (Path(settings.FAILPOINTS) / name).unlink()
    except FileNotFoundError:
        return
    os.killpg(os.getpgid(0), signal.SIGKILL)
