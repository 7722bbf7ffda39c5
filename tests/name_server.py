"""A real name server for tests: UDP, answering TXT from a table, or refusing as told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from django.test import override_settings

SILENT = "silent"  # no answer at all
FAILS = "fails"  # SERVFAIL


@dataclass
class NameServer:
    """`records`: name → its TXT values, [] for a name without any, or SILENT or FAILS. Other names don't exist."""

    records: dict[str, list[str] | str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, data: bytes) -> bytes | None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text().rstrip(".")
        self.asked.append(name)
        found = self.records.get(name)
        if found == SILENT:
            return None
        response = dns.message.make_response(query)
        if found is None or found == FAILS:
            response.set_rcode(dns.rcode.SERVFAIL if found else dns.rcode.NXDOMAIN)
        elif found:
            texts = [f'"{value}"' for value in found]
            response.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "TXT", *texts))
        return response.to_wire()


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Serve for the block, and let the product ask there."""
    server, listening = NameServer(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                data, sender = listening.recvfrom(4096)
            except OSError:
                return
            if not data:
                return
            answer = server.answer(data)
            if answer is not None:
                listening.sendto(answer, sender)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with override_settings(DNS_SERVER=listening.getsockname()[:2], DNS_SECONDS=1):
            yield server
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", listening.getsockname())
        thread.join(5)
        listening.close()
