"""What the server adds to Streamlit's answers, and whom it answers. Knows ASGI, and of pages their titles.

`HttpGuard`: Streamlit compares the host of an origin and not its port, and answers figures about itself to everybody.
Here a request of another site, another port of this machine included, is refused, and the figures are kept back.

`LinkPreview`: Streamlit answers every page with one document, whose title is its own. Here it takes title, description
and picture (static/preview.png) of the page asked for, in the language that it is asked in, for messengers and search
engines. With it come the stylesheet, the fonts of the first words, and the script that says what is a step of the
browser's history.
"""

import re
from functools import cache
from html import escape
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import navigation
from dashboard.components.frame.page_layout import read_static, stylesheet
from pipeline.core.translation import LANGUAGES, SOURCE, in_language, language_of_locale, mark, t

# Streamlit writes styles and loads its components in place ('unsafe-inline', blob:), and its charts evaluate.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline' blob:; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
BLOCKED_PATHS = ("/_stcore/metrics",)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class HttpGuard:
    """ASGI middleware: add `HEADERS` to each answer; answer 404 for `BLOCKED_PATHS`, and 403 to requests of another
    site."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        is_blocked = scope["type"] == "http" and scope["path"].endswith(BLOCKED_PATHS)
        if scope["type"] not in ("http", "websocket") or (not is_blocked and is_same_origin(scope)):
            await self.app(scope, receive, send_with_headers)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: the server answers 403
        else:
            await Response(status_code=404 if is_blocked else 403)(scope, receive, send_with_headers)


def is_same_origin(scope: Scope) -> bool:
    """Return whether a request comes from a page of this server: its Origin, if any, has the host and port of Host.

    Reading is left to the rule of browsers that another site cannot see the answer.
    """
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None or (scope["type"] == "http" and scope["method"] in _SAFE_METHODS):
        return True
    try:
        theirs = urlsplit(origin).netloc.lower()
    except ValueError:  # as of "http://["
        return False
    return theirs == headers.get("host", "").lower() != ""


PREVIEW_IMAGE_PATH = "app/static/preview.png"
PREVIEW_IMAGE_SIZE = (1200, 630)
# of first words: asked for at once
FONTS = ("bricolage-grotesque-latin-opsz-normal", "newsreader-latin-wght-normal", "newsreader-latin-wght-italic")
NAME = "Seize"
ABOUT = mark("See how French rap is made, and write the next sixteen bars.")
MAX_NAME_CHARACTERS = 80  # characters of a name in a title
_TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)
_FILE_PATH_PATTERN = re.compile(r"/[^/]*\.[^/]*$|/(_stcore|app|static|media|component)(/|$)")
_CONDITIONAL_HEADERS = (b"accept-encoding", b"if-none-match", b"if-modified-since")


class LinkPreview:
    """ASGI middleware: put title, description and picture of the page asked for into Streamlit's HTML document."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or _FILE_PATH_PATTERN.search(scope["path"]):
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                for each in _rewrite_document(held, scope):
                    await send(each)

        # the document is read, and is not the same as the one of before
        headers = [(name, value) for name, value in scope["headers"] if name not in _CONDITIONAL_HEADERS]
        await self.app({**scope, "headers": headers}, receive, hold)


def _rewrite_document(held: list[Message], scope: Scope) -> list[Message]:
    """Return the ASGI messages of a response. An HTML document gets further tags, the stylesheet and a script."""
    start = held[0]
    headers = MutableHeaders(raw=list(start["headers"]))
    if start["status"] != 200 or not headers.get("content-type", "").startswith("text/html"):
        return held
    language, query = _requested_language(scope), scope["query_string"].decode("latin-1")
    with in_language(language):
        tags = preview_tags(scope["path"], query, _server_origin(scope)).encode()
    body = b"".join(message.get("body", b"") for message in held[1:])
    body = _TITLE.sub(lambda _: tags, body, count=1)
    sidebar = ' data-sidebar="expected"' if navigation.has_sidebar(f"{scope['path']}?{query}") else ""
    body = body.replace(b'<html lang="en">', f'<html lang="{language}"{sidebar}>'.encode(), 1)
    body = body.replace(b"</body>", _shared_assets_html(), 1)
    for name in ("etag", "last-modified"):
        del headers[name]
    headers.update({"content-length": str(len(body)), "vary": "Accept-Language"})
    return [{**start, "headers": headers.raw}, {"type": "http.response.body", "body": body}]


def preview_tags(path: str, query: str, origin: str) -> str:
    """Return the HTML tags that describe a page to messengers: `path` and `query` of its address, `origin` of the
    server, "" if unknown."""
    place, parameters = navigation.page_or_tab_of_url(f"{path}?{query}"), parse_qs(query)
    name, description = "", t(ABOUT)  # of the first page, what Seize is
    if place not in ("", navigation.FIRST_PAGE):
        _, part = navigation.PLACES[place]
        name, description = t(part.title), t(part.about)
    who = (parameters.get("artist") or parameters.get("artists") or [""])[0][:MAX_NAME_CHARACTERS]
    title = " · ".join(filter(None, [who, name, NAME]))
    tags = {"og:title": title, "og:description": description, "og:type": "website", "og:site_name": NAME}
    if origin:
        tags |= {"og:image": f"{origin}/{PREVIEW_IMAGE_PATH}", "og:url": origin + path}
        tags |= {"og:image:width": str(PREVIEW_IMAGE_SIZE[0]), "og:image:height": str(PREVIEW_IMAGE_SIZE[1])}
    fonts = "".join(
        f'<link rel="preload" href="./app/static/fonts/{font}.woff2" as="font" type="font/woff2" crossorigin />'
        for font in FONTS
    )
    meta_tags = "".join(f'<meta property="{key}" content="{escape(value)}" />' for key, value in tags.items())
    described = f'<meta name="description" content="{escape(description)}" />'
    card = '<meta name="twitter:card" content="summary_large_image" />'
    return f"<title>{escape(title)}</title>{described}{meta_tags}{card}{fonts}"


@cache
def _shared_assets_html() -> bytes:
    """Return the stylesheet and the script for the end of every document, and its </body>."""
    return f"{stylesheet()}<script>{read_static('steps.js')}</script></body>".encode()


def _requested_language(scope: Scope) -> str:
    """Return the language that the address asks for, else the first of Accept-Language."""
    language_in_address = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
    accepted = Headers(scope=scope).get("accept-language", SOURCE)
    return language_in_address if language_in_address in LANGUAGES else language_of_locale(accepted.split(",")[0])


def _server_origin(scope: Scope) -> str:
    """Return scheme and host of this server as the browser calls it; "" where the headers hold no valid ones."""
    headers = Headers(scope=scope)
    host, scheme = headers.get("host", ""), headers.get("x-forwarded-proto", scope.get("scheme", "http"))
    return f"{scheme}://{host}" if re.fullmatch(r"[\w.:\-\[\]]+", host) and scheme in ("http", "https") else ""
