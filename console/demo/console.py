"""The demo's console: each client's last eight full weeks, counted as the nightly job counts them."""

from datetime import datetime

from accounts.models import Client
from console.demo.world import World
from console.rollups import refresh


def seed(world: World, *, now: datetime) -> None:
    """Every client's weeks up to `now`; run it after every area that a figure is counted from."""
    for client in Client.objects.filter(status=Client.Status.ACTIVE):
        refresh(client.ref(), now=now)
