"""Ports of this machine: who listens, and which to take instead."""

import socket
from dataclasses import dataclass


def listens(port: int) -> bool:
    """True when something accepts connections to the port on this machine, by IPv4 or IPv6."""
    return any(_accepts(family, port) for family in (socket.AF_INET, socket.AF_INET6))


def _accepts(family: socket.AddressFamily, port: int) -> bool:
    address = "127.0.0.1" if family == socket.AF_INET else "::1"
    try:
        with socket.socket(family, socket.SOCK_STREAM) as client:
            client.settimeout(0.5)
            return client.connect_ex((address, port)) == 0
    except OSError:  # no such family here
        return False


def _bound(port: int) -> socket.socket | None:
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else our own last run blocks it a minute
    try:
        server.bind(("127.0.0.1", port))
        server.listen(1)  # binding alone would let another program that reuses addresses in
    except OSError:
        server.close()
        return None
    return server


@dataclass(frozen=True)
class Reserved:
    """A port nobody else can take until `release`; `message` tells when it isn't the wished one."""

    port: int
    message: str | None
    held: socket.socket

    def release(self) -> None:
        self.held.close()


def reserve(wanted: int) -> Reserved:
    """The first free port from `wanted` on, held.

    Raises OSError when none of the next 200 is free.
    """
    for port in range(wanted, min(wanted + 200, 65_536)):
        held = None if listens(port) else _bound(port)
        if held:
            message = None if port == wanted else f"Port {wanted} is taken; using {port} instead."
            return Reserved(port, message, held)
    raise OSError(f"No free port from {wanted} to {wanted + 199}. Stop what listens there.")


def free_port(wanted: int) -> tuple[int, str | None]:
    """The first free port from `wanted` on, and a sentence when that is another one. Another may take it yet."""
    found = reserve(wanted)
    found.release()
    return found.port, found.message
