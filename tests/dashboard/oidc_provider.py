"""A small OpenID Connect provider on this machine, for tests of signing in: it asks who one is and believes it."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "seize", "a secret of this test"
# Who gives the address of an editor, and what the provider says of it
PRETENDERS = {
    "mallory": {"email": "anna@labo.fr", "email_verified": "false"},
    "malory": {"email": "anna@labo.fr", "email_verified": 0},
}
_KEY = RSAKey.generate_key(2048, {"kid": "test", "alg": "RS256", "use": "sig"}, private=True)


class _Provider(BaseHTTPRequestHandler):
    """Answers discovery, keys, the question who one is, and what the code of an answer stands for."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            self._json(self._about())
        elif url.path == "/jwks":
            self._json({"keys": [_KEY.as_dict(private=False)]})
        elif url.path == "/authorize":
            links = "".join(self._link(who, query) for who in ("anna", "bert", "eve", *PRETENDERS))
            self._send(f"<title>Who are you?</title>{links}".encode(), "text/html")
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        who, nonce = parse_qs(body)["code"][0].split(".")
        now = int(time.time())
        claims = {
            "iss": self._issuer, "sub": who, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": nonce,
            "email": f"{who}@labo.fr", "email_verified": True, "name": who.capitalize(), **PRETENDERS.get(who, {}),
        }  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "test"}, claims, _KEY)
        self._json({"access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 600, "id_token": token})

    @property
    def _issuer(self) -> str:
        return f"http://localhost:{self.server.server_address[1]}"

    def _about(self) -> dict:
        return {
            "issuer": self._issuer,
            "authorization_endpoint": f"{self._issuer}/authorize",
            "token_endpoint": f"{self._issuer}/token",
            "jwks_uri": f"{self._issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _link(self, who: str, query: dict[str, str]) -> str:
        back = urlencode({"code": f"{who}.{query.get('nonce', '')}", "state": query["state"]})
        return f'<p><a id="{who}" href="{query["redirect_uri"]}?{back}">{who}</a></p>'

    def _json(self, data: dict) -> None:
        self._send(json.dumps(data).encode(), "application/json")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def oidc_provider() -> Iterator[str]:
    """A provider on a free port; its address."""
    server = ThreadingHTTPServer(("localhost", 0), _Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def secrets_file(provider: str, here: str) -> str:
    """Return the secrets.toml of a dashboard at `here` that signs in with the provider."""
    return "\n".join(
        (
            "[auth]",
            f'redirect_uri = "{here}/oauth2callback"',
            f'cookie_secret = "{secrets.token_hex(16)}"',
            f'client_id = "{CLIENT}"',
            f'client_secret = "{SECRET}"',
            f'server_metadata_url = "{provider}/.well-known/openid-configuration"',
        )
    )
