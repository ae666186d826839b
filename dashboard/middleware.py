"""What the server adds to Streamlit's answers, and whom it answers. Knows ASGI, and of pages their titles.

`HttpGuard`: Streamlit compares the host of `Origin` and not its port, and answers figures about itself to everybody.
Here a request of another site, another port of this machine included, is refused, and the figures are kept back.

`LinkPreview`: Streamlit answers every page with one document, whose title is its own. Here it takes title, description
and picture (static/preview.png) of the page asked for, in the language that it is asked in, for messengers and search
engines. With it come the stylesheet and the fonts of first words, the scripts that say what is a step of the browser's
history, and the modules that draw: Streamlit loads what draws a kind of element when the
first of it comes and shows a grey bar of 40 pixels meanwhile, so that text, buttons and lists push each other down
(docs/decisions/pages.md).
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import streamlit

from dashboard import navigation
from dashboard.components.frame.page_layout import static_text, stylesheet
from pipeline.core.translation import LANGUAGES, SOURCE, in_language, language_of_locale, mark, t

STREAMLIT_SCRIPTS_FOLDER = Path(streamlit.__file__).parent / "static" / "static" / "js"
# Every page has some of these, 0.6 MB in all. Charts (4.7 MB) and tables (1.4 MB) have their height before they come.
PRELOADED_COMPONENTS = (
    "BidiComponent", "Button", "ButtonGroup", "Checkbox", "DownloadButton", "Html", "Multiselect", "NumberInput",
    "PageLink", "Pagination", "Radio", "Selectbox", "Slider", "Spinner", "TextArea", "TextInput",
)  # fmt: skip
# What formulas are set with, on the pages that have some.
FORMULA_MODULES = ("katex", "rehype-katex")
FORMULA_FONTS = ("KaTeX_Main-Regular", "KaTeX_Math-Italic", "KaTeX_Size1-Regular")
_IMPORTED = re.compile(r'(?:from|import)\s*["`\']\./([^"`\']+\.js)["`\']')


@cache
def preload_links(formulas: bool = False) -> str:
    """Return the tags that ask for the modules and what they import; of a Streamlit whose files have other names, for
    those it has."""
    wanted = (*PRELOADED_COMPONENTS, *(FORMULA_MODULES if formulas else ()))
    modules: dict[str, None] = {}
    waiting = [file.name for name in wanted for file in STREAMLIT_SCRIPTS_FOLDER.glob(f"{name}.*.js")][::-1]
    while waiting:
        name = waiting.pop()
        if name not in modules and (STREAMLIT_SCRIPTS_FOLDER / name).is_file():
            modules[name] = None
            waiting += _IMPORTED.findall((STREAMLIT_SCRIPTS_FOLDER / name).read_text("utf-8"))[::-1]
    fonts = [
        file
        for name in FORMULA_FONTS
        if formulas
        for file in STREAMLIT_SCRIPTS_FOLDER.parent.glob(f"media/{name}.*.woff2")
    ]
    return "".join(
        [f'<link rel="modulepreload" crossorigin href="./static/js/{name}" />' for name in modules]
        + [f'<link rel="preload" href="./static/media/{file.name}" as="font" crossorigin />' for file in fonts]
    )


Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Streamlit writes styles and loads its components in place ('unsafe-inline', blob:), and its charts evaluate.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline' blob:; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-frame-options": b"DENY",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}
# Files that a page shows are named by their content: who has one need not ask again (for the icon, at each run).
MEDIA_HEADERS = {b"cache-control": b"private, max-age=86400, immutable"}
BLOCKED_PATHS = ("/_stcore/metrics",)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class HttpGuard:
    """Middleware: answer as `app` does, with `HEADERS`; 404 for what is `BLOCKED_PATHS`, 403 for what another site
    asks."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif scope["path"].endswith(BLOCKED_PATHS):
            await _refuse(scope, send, 404)
        elif not is_same_origin(scope):
            await _refuse(scope, send, 403)
        else:
            await self.app(scope, receive, _with_headers(send, is_media="/media/" in scope["path"]))


def is_same_origin(scope: Scope) -> bool:
    """Whether a request comes from a page of this server: its Origin, if it has one, names host and port of Host.

    Reading is left to the rule of browsers that another site cannot see the answer.
    """
    headers = dict(scope["headers"])
    origin, host = headers.get(b"origin"), headers.get(b"host", b"")
    if origin is None or (scope["type"] == "http" and scope["method"] in _SAFE_METHODS):
        return True
    return urlsplit(origin.decode("latin-1")).netloc.lower() == host.decode("latin-1").lower() != ""


def _with_headers(send: Send, is_media: bool) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = HEADERS | MEDIA_HEADERS if is_media and message["status"] == 200 else HEADERS
            own = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in ours]
            message = {**message, "headers": [*own, *ours.items()]}
        await send(message)

    return guarded


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before it is accepted: the server answers 403
        return
    headers = [(b"content-type", b"text/plain"), *HEADERS.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


PREVIEW_IMAGE_PATH = "app/static/preview.png"
PREVIEW_IMAGE_SIZE = (1200, 630)
# of first words: asked for at once
FONTS = ("bricolage-grotesque-latin-opsz-normal", "newsreader-latin-wght-normal", "newsreader-latin-wght-italic")
NAME = "Seize"
ABOUT = mark("See how French rap is made, and write the next sixteen bars.")
MAX_NAME_CHARACTERS = 80  # characters of a name in a title
_TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)
_FILE_PATH_PATTERN = re.compile(r"/[^/]*\.[^/]*$|/(_stcore|app|static|media|component)(/|$)")
_INVALIDATED_HEADERS = (b"content-length", b"etag", b"last-modified")
_STRIPPED_REQUEST_HEADERS = (
    b"accept-encoding",
    b"if-none-match",
    b"if-modified-since",
)  # the document is read, and is not the same


class LinkPreview:
    """Middleware: answer as `app` does, but say in the document of a page which page it is."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or _FILE_PATH_PATTERN.search(scope["path"]):
            await self.app(scope, receive, send)
            return
        unconditional = {
            **scope,
            "headers": [each for each in scope["headers"] if each[0] not in _STRIPPED_REQUEST_HEADERS],
        }
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                for each in _rewritten(held, scope):
                    await send(each)

        await self.app(unconditional, receive, hold)


def _rewritten(held: list[Message], scope: Scope) -> list[Message]:
    """Return the messages of an answer with the tags in its document; of another kind as they are."""
    start = held[0]
    kind = dict(start.get("headers", ())).get(b"content-type", b"")
    if start["type"] != "http.response.start" or start["status"] != 200 or not kind.startswith(b"text/html"):
        return held
    language = _language(scope)
    body = b"".join(message.get("body", b"") for message in held[1:])
    with in_language(language):
        tags = preview_tags(scope["path"], scope["query_string"].decode("latin-1"), _origin(scope)).encode()
    body = _TITLE.sub(lambda _: tags, body, count=1)
    address = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
    sidebar = ' data-sidebar="expected"' if navigation.has_sidebar(address) else ""
    body = body.replace(b'<html lang="en">', f'<html lang="{language}"{sidebar}>'.encode(), 1)
    body = body.replace(b"</body>", _shared_assets_html(), 1)
    headers = [each for each in start["headers"] if each[0].lower() not in _INVALIDATED_HEADERS]
    headers += [(b"content-length", str(len(body)).encode()), (b"vary", b"Accept-Language")]
    return [{**start, "headers": headers}, {"type": "http.response.body", "body": body}]


def preview_tags(path: str, query: str, origin: str) -> str:
    """Return the tags of a page: `path` and `query` of its address, `origin` of the server, "" where it is unknown."""
    place, parameters = navigation.place_at(f"{path}?{query}"), parse_qs(query)
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
    modules = preload_links(formulas=navigation.is_lesson_place(place))
    return f"<title>{escape(title)}</title>{described}{meta_tags}{card}{fonts}{modules}"


@cache
def _shared_assets_html() -> bytes:
    """Return the stylesheet and the scripts that stand below every document."""
    return f"{stylesheet()}<script>{static_text('steps.js')}</script></body>".encode()


def _language(scope: Scope) -> str:
    """Return the language that the address asks for, else the first of the browser's."""
    language_in_address = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
    accepted = dict(scope["headers"]).get(b"accept-language", SOURCE.encode()).decode("latin-1")
    return language_in_address if language_in_address in LANGUAGES else language_of_locale(accepted.split(",")[0])


def _origin(scope: Scope) -> str:
    """Return scheme and host as the browser calls this server."""
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1")
    scheme = headers.get(b"x-forwarded-proto", scope.get("scheme", "http").encode()).decode("latin-1")
    return f"{scheme}://{host}" if re.fullmatch(r"[\w.:\-\[\]]+", host) and scheme in ("http", "https") else ""
