"""Ports that are taken are named."""

import socket
from collections.abc import Iterator

import pytest

from bpo.embedded.ports import free_port, listens


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


def test_a_port_meant_for_something_else_is_passed_over(taken: int) -> None:
    first, _ = free_port(taken)
    second, _ = free_port(taken, avoid=frozenset({first}))
    assert second not in {taken, first}


def test_a_port_that_only_ipv6_listens_to_counts_as_taken() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        taken = server.getsockname()[1]
        assert free_port(taken)[0] != taken
