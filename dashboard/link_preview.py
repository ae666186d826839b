"""What a messenger or a search engine reads of a link: title, description and picture, in the language that it asks
for. Knows ASGI, and of pages their titles.

Streamlit answers every page with one document, whose title is its own; here it takes that of the page asked for, and
the tags of the Open Graph protocol. The picture is static/preview.png, of this server. The stylesheet and the fonts of
first words come with it, and the modules that draw, so that nothing moves when they would else arrive; and the script
that says what is a step of the browser's history, before the first is made.
"""

import re
from functools import cache
from html import escape
from urllib.parse import parse_qs

from dashboard import navigation
from dashboard.components.frame.page_layout import STATIC, stylesheet
from dashboard.early_modules import preload_links
from dashboard.http_guard import App, Message, Receive, Scope, Send
from pipeline.core.translation import LANGUAGES, SOURCE, in_language, mark, spoken_language, t

PICTURE = "app/static/preview.png"
SIZE = (1200, 630)
# of first words: asked for at once
FONTS = ("bricolage-grotesque-latin-opsz-normal", "newsreader-latin-wght-normal", "newsreader-latin-wght-italic")
NAME = "Seize"
ABOUT = mark("See how French rap is made, and write the next sixteen bars.")
LONGEST = 80  # characters of a name in a title
_TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)
_FILE = re.compile(r"/[^/]*\.[^/]*$|/(_stcore|app|static|media|component)(/|$)")
_CHANGED = (b"content-length", b"etag", b"last-modified")


class LinkPreview:
    """Middleware: answer as `app` does, but say in the document of a page which page it is."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or _FILE.search(scope["path"]):
            await self.app(scope, receive, send)
            return
        kept = (b"accept-encoding", b"if-none-match", b"if-modified-since")  # the document is read, and is not the same
        asked = {**scope, "headers": [each for each in scope["headers"] if each[0] not in kept]}
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                for each in _rewritten(held, scope):
                    await send(each)

        await self.app(asked, receive, hold)


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
    beside = ' data-sidebar="expected"' if navigation.has_sidebar(scope["path"]) else ""
    body = body.replace(b'<html lang="en">', f'<html lang="{language}"{beside}>'.encode(), 1)
    body = body.replace(b"</body>", _beside_pages(), 1)
    headers = [each for each in start["headers"] if each[0].lower() not in _CHANGED]
    headers += [(b"content-length", str(len(body)).encode()), (b"vary", b"Accept-Language")]
    return [{**start, "headers": headers}, {"type": "http.response.body", "body": body}]


def preview_tags(path: str, query: str, origin: str) -> str:
    """Return the tags of a page: `path` and `query` of its address, `origin` of the server, "" where it is unknown."""
    file = path.rstrip("/").rpartition("/")[2]
    name, about = _page(file)
    asked = parse_qs(query)
    who = (asked.get("artist") or asked.get("artists") or [""])[0][:LONGEST]
    title = " · ".join(filter(None, [who, name, NAME]))
    tags = {"og:title": title, "og:description": about, "og:type": "website", "og:site_name": NAME}
    if origin:
        tags |= {"og:image": f"{origin}/{PICTURE}", "og:url": origin + path}
        tags |= {"og:image:width": str(SIZE[0]), "og:image:height": str(SIZE[1])}
    fonts = "".join(
        f'<link rel="preload" href="./app/static/fonts/{font}.woff2" as="font" type="font/woff2" crossorigin />'
        for font in FONTS
    )
    written = "".join(f'<meta property="{key}" content="{escape(value)}" />' for key, value in tags.items())
    described = f'<meta name="description" content="{escape(about)}" />'
    card = '<meta name="twitter:card" content="summary_large_image" />'
    modules = preload_links(formulas=file.startswith("learn_"))
    return f"<title>{escape(title)}</title>{described}{written}{card}{fonts}{modules}"


@cache
def _beside_pages() -> bytes:
    """Return the stylesheet and the script that stand below every document."""
    return f"{stylesheet()}<script>{(STATIC / 'steps.js').read_text('utf-8')}</script></body>".encode()


def _page(file: str) -> tuple[str, str]:
    """Return title and purpose of a page; of the first, what Seize is."""
    entries = [entry for group in navigation.PAGES.values() for entry in group]
    found = next(((title, about) for name, title, _, about in entries[1:] if name == file), None)
    return (t(found[0]), t(found[1])) if found else ("", t(ABOUT))


def _language(scope: Scope) -> str:
    """Return the language that the address asks for, else the first of the browser's."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
    wanted = dict(scope["headers"]).get(b"accept-language", SOURCE.encode()).decode("latin-1")
    return asked if asked in LANGUAGES else spoken_language(wanted.split(",")[0])


def _origin(scope: Scope) -> str:
    """Return scheme and host as the browser calls this server."""
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1")
    scheme = headers.get(b"x-forwarded-proto", scope.get("scheme", "http").encode()).decode("latin-1")
    return f"{scheme}://{host}" if re.fullmatch(r"[\w.:\-\[\]]+", host) and scheme in ("http", "https") else ""
