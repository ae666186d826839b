"""Whom the server answers, and what a browser may do with the answer. Knows ASGI, and nothing of pages.

Streamlit compares the host of `Origin` and not its port, and answers figures about itself to everybody; here a request
of another site, another port of this machine included, is refused, and the figures are kept back.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Streamlit writes styles and loads its components in place ('unsafe-inline', blob:), and its charts evaluate.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline' blob:",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-frame-options": b"DENY",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}
CLOSED = ("/_stcore/metrics",)
_READING = ("GET", "HEAD", "OPTIONS")


class HttpGuard:
    """Middleware: answer as `app` does, with `HEADERS`; 404 for what is `CLOSED`, 403 for what another site asks."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif scope["path"].endswith(CLOSED):
            await _refuse(scope, send, 404)
        elif not is_own(scope):
            await _refuse(scope, send, 403)
        else:
            await self.app(scope, receive, _with_headers(send))


def is_own(scope: Scope) -> bool:
    """Whether a request comes from a page of this server: its Origin, if it has one, names host and port of Host.

    Reading is left to the rule of browsers that another site cannot see the answer.
    """
    headers = dict(scope["headers"])
    origin, host = headers.get(b"origin"), headers.get(b"host", b"")
    if origin is None or (scope["type"] == "http" and scope["method"] in _READING):
        return True
    return urlsplit(origin.decode("latin-1")).netloc.lower() == host.decode("latin-1").lower() != ""


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in HEADERS]
            message = {**message, "headers": [*own, *HEADERS.items()]}
        await send(message)

    return guarded


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before it is accepted: the server answers 403
        return
    headers = [(b"content-type", b"text/plain"), *HEADERS.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
