"""Ports that are taken are named."""

import socket
from collections.abc import Iterator

import pytest

from bpo.embedded.ports import free_port, listens, reserve


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_taken_as_wished(taken: int) -> None:
    port, message = free_port(taken + 1)
    assert message is None or port != taken


def test_a_taken_port_is_named_and_another_taken(taken: int) -> None:
    port, message = free_port(taken)
    assert port > taken
    assert message == f"Port {taken} is taken; using {port} instead."
    assert listens(taken)
    assert not listens(port)


def test_a_reserved_port_is_taken_for_others_until_it_is_released(taken: int) -> None:
    first = reserve(taken)
    assert free_port(taken)[0] > first.port
    first.release()
    with socket.create_server(("127.0.0.1", first.port)):
        pass


def test_a_port_that_only_ipv6_listens_to_counts_as_taken() -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:  # a machine without IPv6: then nothing can listen there
        assert not listens(1)
        return
    with server:
        taken = server.getsockname()[1]
        assert free_port(taken)[0] != taken
