"""A passkey in software, which answers what a browser is asked: real keys, real signatures."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

FLAGS = AuthenticatorData.FLAG


@dataclass
class SoftKey:
    """One key. `counter` is what it counts to next; None for keys that don't count."""

    host: str
    counter: int | None = 1
    verifies: bool = True
    secret: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(32))

    def make(self, asked: dict[str, Any], *, origin: str = "") -> str:
        key = AttestedCredentialData.create(b"\0" * 16, self.id, ES256.from_cryptography_key(self.secret.public_key()))
        data = AuthenticatorData.create(self._host_hash(), self._flags() | FLAGS.AT, self._count(), key)
        made = AttestationObject.create("none", data, {})
        said = self._said("webauthn.create", asked, origin)
        return self._told({"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(made)})

    def show(self, asked: dict[str, Any], *, origin: str = "", host: str = "") -> str:
        data = AuthenticatorData.create(self._host_hash(host), self._flags(), self._count())
        said = self._said("webauthn.get", asked, origin)
        signature = self.secret.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        return self._told({name: websafe_encode(value) for name, value in parts.items()})

    def _said(self, kind: str, asked: dict[str, Any], origin: str) -> bytes:
        origin = origin or f"http://{self.host}"
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": origin}).encode()

    def _told(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _host_hash(self, host: str = "") -> bytes:
        return hashlib.sha256((host or self.host).encode()).digest()

    def _flags(self) -> Any:
        return FLAGS.UP | (FLAGS.UV if self.verifies else FLAGS(0))

    def _count(self) -> int:
        if self.counter is None:
            return 0
        self.counter += 1
        return self.counter
