"""Ports of this machine: who listens, and which to take instead."""

import socket


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


def _bindable(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else our own last run blocks it a minute
        try:
            server.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int, *, avoid: frozenset[int] = frozenset()) -> tuple[int, str | None]:
    """The first free port from `wanted` on, and a sentence when that is another one.

    Raises OSError when none of the next 200 is free.
    """
    for port in range(wanted, min(wanted + 200, 65_536)):
        if port not in avoid and _bindable(port) and not listens(port):
            return port, None if port == wanted else f"Port {wanted} is taken; using {port} instead."
    raise OSError(f"No free port from {wanted} to {wanted + 199}. Stop what listens there.")
