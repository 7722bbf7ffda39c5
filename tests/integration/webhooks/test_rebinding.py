"""A name whose server changes its mind between two questions, through the product's own resolver and sender."""

from collections.abc import Iterator
from typing import Any

import dns.message
import dns.rrset
import pytest

from bpo.webhooks.sending import _Pinned, post
from tests.name_server import NameServer, name_server


class Rebinding(NameServer):
    """Answers A with a public address first, and with this machine ever after."""

    def answer(self, data: bytes) -> bytes | None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        response = dns.message.make_response(query)
        if question.rdtype == dns.rdatatype.A:
            address = "127.0.0.1" if self.asked else "93.184.215.14"
            self.asked.append(question.name.to_text())
            response.answer.append(dns.rrset.from_text(question.name, 0, "IN", "A", address))
        return response.to_wire()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    monkeypatch.setattr("tests.name_server.NameServer", Rebinding)
    with name_server() as found:
        yield found


def test_it_is_asked_once_and_the_connection_goes_where_it_said_then(
    server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: list[Any] = []

    def connect(self: _Pinned) -> None:
        dialled.append((self._address, self._target.host))
        raise ConnectionRefusedError

    monkeypatch.setattr(_Pinned, "connect", connect)
    assert post("https://hooks.example.com/", b"{}", {}).status is None
    assert dialled == [("93.184.215.14", "hooks.example.com")]
    assert len(server.asked) == 1
    again = post("https://hooks.example.com/", b"{}", {})  # now it says 127.0.0.1
    assert "inside a network" in again.problem
    assert len(dialled) == 1
