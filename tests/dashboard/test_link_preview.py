"""What a link says of itself before it is opened: in the document that the server answers with."""

import asyncio
import re
import struct
from typing import Any

import pytest

from dashboard.components.frame.page_layout import STATIC
from dashboard.middleware import PREVIEW_IMAGE_SIZE, LinkPreview, preview_tags

PAGE = b'<html lang="en"><head><title>Streamlit</title></head><body></body></html>'


async def app(scope: Any, receive: Any, send: Any) -> None:
    kind = b"text/html; charset=utf-8" if scope["path"] != "/data" else b"application/json"
    headers = [(b"content-type", kind), (b"content-length", b"99"), (b"etag", b"one")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE[:20], "more_body": True})
    await send({"type": "http.response.body", "body": PAGE[20:]})


def answer(path: str, query: str = "", method: str = "GET", **headers: str) -> tuple[dict[bytes, bytes], str]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": given}
    asyncio.run(LinkPreview(app)({**scope, "scheme": "http"}, None, send))
    return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:]).decode()


def test_a_page_says_its_title_in_the_language_asked_for() -> None:
    headers, body = answer("/words", host="localhost:8501", accept_language="fr-FR,fr;q=0.9")
    assert "<title>Lexique · Seize</title>" in body
    assert "<title>Phrases · Seize</title>" in answer("/words", "part=phrases")[1], "a part of a page too"
    assert '<html lang="fr" data-sidebar="expected">' in body
    assert "<style>.stApp{--" in body, "what is laid out first is laid out with the stylesheet"
    assert '#root:empty::before { content: "Seize"' in body, "the name stands until the scripts are there"
    assert "history.pushState = " in body, "and no step is made before it is said what one is"
    assert 'rel="preload" href="./app/static/fonts/bricolage' in body
    assert 'property="og:image" content="http://localhost:8501/app/static/preview.png"' in body
    assert headers[b"content-length"] == str(len(body.encode())).encode()
    assert b"etag" not in headers
    assert '<html lang="en">' in answer("/studio")[1], "a page without a sidebar expects none"
    assert "<title>Lexicon · Seize</title>" in answer("/words", "lang=en", accept_language="fr")[1]


def test_behind_a_proxy_the_address_is_the_one_outside() -> None:
    body = answer("/", host="seize.example", x_forwarded_proto="https")[1]
    assert "https://seize.example/app/static/preview.png" in body
    assert "<title>Seize</title>" in body


@pytest.mark.parametrize("path", ["/data", "/_stcore/health", "/static/js/index.js", "/app/static/icon.svg"])
def test_what_is_no_page_is_as_it_was(path: str) -> None:
    headers, body = answer(path, host="localhost")
    assert body == PAGE.decode()
    assert headers[b"etag"] == b"one"


@pytest.mark.parametrize("host", ['x"><script>', "", "a b"])
def test_hostile_names_are_text(host: str) -> None:
    tags = preview_tags("/artist", "artist=%3Cscript%3Ealert(1)%3C/script%3E%22", "")
    assert "<script" not in tags
    assert not re.search(r'content="[^"]*"[^ />]', tags)
    assert answer("/artist", host=host)[1].count("<script") == 1, "our own"


def test_the_picture_has_the_size_that_is_told() -> None:
    assert struct.unpack(">II", (STATIC / "preview.png").read_bytes()[16:24]) == PREVIEW_IMAGE_SIZE
