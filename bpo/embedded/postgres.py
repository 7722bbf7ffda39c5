"""Our own launcher for PostgreSQL: `ensure` a server in a folder, `stop` it, `destroy` it with its data.

The server outlives the process that started it and is found again by its socket. It listens on a Unix
socket alone. Nothing of the product gets the superuser: the roles are those of `identities`.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from bpo.embedded import binaries, identities, places, postmaster
from bpo.embedded.binaries import Binaries, PostgresError
from bpo.embedded.cluster import LIFECYCLE, OWNER, PORT, Cluster
from bpo.embedded.places import Place

__all__ = ["PostgresError", "Server", "destroy", "ensure", "stop"]


@dataclass(frozen=True)
class Server:
    """A server that has just answered a query. The URLs carry passwords and stay out of its repr."""

    version: int
    socket_dir: Path
    port: int
    auth: Literal["peer", "scram"]
    found_running: bool
    data: Path
    owner_url: str = field(repr=False)
    lifecycle_url: str = field(repr=False)
    superuser_dsn: str = field(repr=False)


def ensure(root: Path, *, fast: bool = False) -> Server:
    """The server of the folder `root`, made and started when needed; data of earlier starts is kept.

    `fast` trades safety for speed: a killed server loses its last 0.6 s of commits, a power cut may lose
    everything. For tests alone.
    Raises PostgresError with reason and remedy when no server can be had.
    """
    root = root.resolve()
    with places.locked(root):
        place = places.settle(root)
        cluster = Cluster(place, _reachable(binaries.find(), place))
        running = _running(cluster, fast=fast)
        identities.bootstrap(cluster)
    return _server(cluster, found_running=running)


def _reachable(found: Binaries, place: Place) -> Binaries:
    """The programs, copied into our folder when the server's account can't run them where they are."""
    if place.account.can_run(found.program("postgres")):
        return found
    return binaries.copy_package(found, place.home / f"programs-{found.major}.{found.minor}")


def _running(cluster: Cluster, *, fast: bool) -> bool:
    cluster.place.account.own(cluster.folder)
    if not cluster.data.exists():
        cluster.make()
    running = cluster.found_running()
    changed = cluster.configure(fast=fast)
    if not running:
        cluster.start()
    elif changed:
        cluster.reload()
    return running


def _server(cluster: Cluster, *, found_running: bool) -> Server:
    return Server(
        version=cluster.binaries.major,
        socket_dir=cluster.socket_folder(),
        port=PORT,
        auth=cast(Literal["peer", "scram"], cluster.auth),
        found_running=found_running,
        data=cluster.data,
        owner_url=cluster.url(OWNER, "owner"),
        lifecycle_url=cluster.url(LIFECYCLE, "lifecycle"),
        superuser_dsn=cluster.superuser_url(),
    )


def stop(root: Path) -> bool:
    """Stop the servers of `root`, of all versions; True when one ran. Data stays."""
    root = root.resolve()
    if not root.is_dir():
        return False
    with places.locked(root):
        stopped = [postmaster.stop_all(home) for home in places.existing_homes(root)]
    return any(stopped)


def destroy(root: Path) -> None:
    """Stop the servers of `root` and remove their data, passwords and sockets for good."""
    root = root.resolve()
    stop(root)
    if not root.is_dir():
        return
    for folder in places.settle(root).short_socket_folders():
        shutil.rmtree(folder)
    for home in places.existing_homes(root):
        shutil.rmtree(home)
