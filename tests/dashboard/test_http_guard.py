"""A real server, alone and behind nginx: what it answers to whom, and with which headers."""

import asyncio
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.types import Message, Receive, Scope, Send
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from dashboard.middleware import HEADERS, HttpGuard, is_same_origin

RECIPE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@pytest.fixture(scope="module")
def proxy(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The recipe as it stands in deploy/, without TLS, on a free port in front of that server."""
    if not NGINX:
        pytest.skip("no nginx on this machine")
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    text = re.sub(r"\n *(ssl_\w+ |add_header Strict).*", "", RECIPE.read_text("utf-8"))
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace("seize.example;", "localhost;")
    text = text.replace("127.0.0.1:8501", f"127.0.0.1:{urlsplit(address).port}")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"pid {folder}/pid;\nerror_log {folder}/error.log;\ndaemon off;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{main}http {{\naccess_log off;\n{temporary}{text}}}\n")
    process = subprocess.Popen(
        [NGINX, "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(folder / "nginx.conf")]
    )
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(params=["alone", "proxied"])
def site(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue("address" if request.param == "alone" else "proxy")


def status(url: str, **headers: str) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}


def opens(site: str, origin: str | None) -> bool:
    """Whether the stream of a page opens for a page of `origin`."""
    stream = f"ws://{urlsplit(site).netloc}/_stcore/stream"
    try:
        with connect(stream, subprotocols=[Subprotocol("streamlit")], origin=origin, open_timeout=20):  # type: ignore[arg-type]
            return True
    except InvalidHandshake:
        return False


def test_a_page_is_confined(site: str) -> None:
    code, headers = status(f"{site}/verses")
    assert code == 200
    for name, value in HEADERS.items():
        assert headers[name] == value
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "http:" not in headers["content-security-policy"], "no other host"


def test_figures_of_the_server_are_kept_back(site: str) -> None:
    assert status(f"{site}/_stcore/metrics")[0] == 404


def test_a_page_is_told_that_the_server_is_well(site: str) -> None:
    """It asks before it opens its stream, and waits as long as it gets no answer."""
    assert status(f"{site}/_stcore/health")[0] == 200


def test_the_stream_opens_for_own_pages_alone(site: str) -> None:
    port = urlsplit(site).port or 0
    assert opens(site, site)
    for origin in (
        f"http://localhost:{port + 1}",
        "http://localhost",
        "https://evil.example",
        "null",
        f"http://127.0.0.1:{port}",
    ):
        assert not opens(site, origin), origin


def test_the_stream_opens_under_own_names_alone(site: str) -> None:
    """A foreign name that leads to this machine (DNS rebinding) brings Host and Origin that agree."""
    with socket.create_connection(("127.0.0.1", urlsplit(site).port), timeout=20) as connection:
        connection.sendall(
            b"GET /_stcore/stream HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n"
            b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
        )
        assert b" 101 " not in connection.recv(200)


def test_the_proxy_says_that_a_visitor_is_not_at_this_machine() -> None:
    assert re.search(r"proxy_set_header X-Forwarded-For \$remote_addr;", RECIPE.read_text("utf-8"))


@pytest.mark.parametrize(
    ("method", "origin", "own"),
    [
        ("POST", b"http://seize.example", True),
        ("PUT", b"http://seize.example:81", False),
        ("DELETE", b"null", False),
        ("POST", b"http://[", False),
        ("POST", b"http://[seize.example]", False),
        ("POST", None, True),
        ("GET", b"http://evil.example", True),
    ],
)
def test_what_changes_something_asks_whose_page_it_is(method: str, origin: bytes | None, own: bool) -> None:
    headers = [(b"host", b"seize.example")] + ([(b"origin", origin)] if origin else [])
    assert is_same_origin({"type": "http", "method": method, "headers": headers}) is own


def test_what_the_page_says_of_itself_is_sent_on() -> None:
    """Only headers that the guard gives itself are replaced."""
    sent: list[Message] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/html"), (b"x-frame-options", b"ALLOWALL")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(HttpGuard(page)(scope, receive, send))
    ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    assert sorted(sent[0]["headers"]) == sorted([(b"content-type", b"text/html"), *ours])
