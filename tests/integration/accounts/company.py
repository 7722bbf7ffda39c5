"""A tiny OpenID Connect provider on this machine: real keys, real signatures, the code flow with PKCE checked."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "bpo-at-company", "s3cret/with+signs"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Company:
    """Who is signed in there is `claims`; what it does wrong is a switch."""

    def __init__(self, base: str) -> None:
        self.issuer = base
        self.claims: dict[str, Any] = {"sub": "u-1", "email": "astrid@company.example", "name": "Astrid Berg"}
        self.token: dict[str, Any] = {}  # over what a good token says
        self.forged = self.unsigned = self.keyless = False
        self.document: dict[str, Any] = {}
        self.asked: dict[str, dict[str, str]] = {}  # code → what was asked with it

    def page(self, address: str) -> str:
        """What the browser is sent back to after signing in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def answers(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys", **self.document,
            }  # fmt: skip
        if path == "/keys" and self.keyless:
            return 200, {"keys": []}
        if path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            return 200, {"keys": [{**key, "kid": "k1", "alg": "RS256", "use": "sig"}]}
        return self._token(form, authorization) if path == "/token" else (404, {})

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.asked.pop(form.get("code", ""), None)  # a code is good once
        who = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if who != f"{CLIENT_ID}:s3cret%2Fwith%2Bsigns":
            return 401, {"error": "invalid_client"}
        good = asked and asked["redirect_uri"] == form["redirect_uri"]
        if not good or not asked or challenge.decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        said |= self.claims | self.token
        said = {name: value for name, value in said.items() if value is not None}
        if self.unsigned:
            return 200, {"id_token": jwt.encode(said, None, algorithm="none")}
        key = _OTHER if self.forged else _KEY
        return 200, {"id_token": jwt.encode(said, key, algorithm="RS256", headers={"kid": "k1"})}


@contextmanager
def company() -> Iterator[Company]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.startswith("/authorize?"):
                self._reply({})
                return
            self.send_response(302)
            self.send_header("Location", self.server.company.page(self.path))  # type: ignore[attr-defined]
            self.end_headers()

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._reply({name: values[0] for name, values in parse_qs(sent).items()})

        def _reply(self, form: dict[str, str]) -> None:
            status, found = self.server.company.answers(self.path, form, self.headers.get("Authorization", ""))  # type: ignore[attr-defined]
            content = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.company = Company(f"http://127.0.0.1:{server.server_address[1]}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.company  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
