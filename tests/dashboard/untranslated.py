"""What a page says outside the catalogues: it is drawn in a language whose every sentence stands between ⟦ and ⟧.

`python tests/dashboard/untranslated.py lexicon "write?mode=free"` prints it, page by page, for whoever translates.
"""

import importlib
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from pipeline.core import translation
from pipeline.corpus.store import list_corpora, load_corpus
from pipeline.locale.gather import PACKAGES, translatable_sentences
from tests.dashboard.pages import go

# Fields of Streamlit's messages that are not for people.
_CODE = {
    "id",
    "element_id",
    "user_key",
    "form_id",
    "js_content",
    "css_content",
    "html_content",
    "component_name",
    "icon",
}
_CODE |= {"language", "default", "url", "color", "theme", "config", "page_script_hash", "key", "url_pathname", "page"}
_CODE |= {"query_param_key", "query_string", "deferred_file_id", "code_text", "type"}
_SHOWN = {"text", "hovertemplate", "name", "ticktext", "hovertext"}  # of a Plotly figure
_SAID = re.compile(r"⟦[^⟦⟧]*⟧")
_TAG = re.compile(r"<(?:style|script|svg)\b.*?</(?:style|script|svg)>|<[^>]*>", re.DOTALL)
_OF_A_TAG = re.compile(r"""\b(?:title|alt|aria-label|placeholder)=(?:"([^"]*)"|'([^']*)')""")
# What says itself which language it is in: lyrics, the terms of a glossary.
_LYRICS = re.compile(r"<(\w+)[^>]*\blang=[\"']?(?:fr|en)[^>]*>.*?</\1>", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{3,}")  # with accents: restés is not rest
# The names of a run, a cell, a format, a rhyme scheme; what is written alike in both languages.
_NAME = re.compile(r"\b(?:demo|mine)-[a-z0-9-]+|\b[A-Z]{3,}\b|\b(?:diag|causal|surprisal)\b|W[ay]aᵀ")


def speak_in_brackets(monkeypatch: Any) -> None:
    """Speak a language whose every sentence is the English one in brackets."""

    def bracketed(code: str, sentence: str, *_: Any, **__: Any) -> str:
        return f"⟦{sentence}⟧"

    importlib.import_module("dashboard.locale.visitor_language")  # which asks its visitor, from when it is imported
    monkeypatch.setattr(translation, "_find_translation", bracketed)
    monkeypatch.setattr(translation, "_ASKED", [lambda: "fr"])
    monkeypatch.setattr(importlib.import_module("dashboard.cache.result_cache"), "language", lambda: "brackets")


def untranslated(app: AppTest) -> list[str]:
    """Return the stretches of text on the page that are neither in brackets nor words of the corpus or of a text."""
    known, english = _words_of_the_corpus(), _english_words()
    found = []
    for text in _texts(app._tree):
        rest = text
        while _SAID.search(rest):
            rest = _SAID.sub(" ", rest)
        words = {word.lower() for word in _WORD.findall(_NAME.sub(" ", rest))}
        if (words & english) - known and rest.strip() not in list_corpora():
            found.append(re.sub(r"\s+", " ", rest).strip())
    return list(dict.fromkeys(found))


def _texts(node: Any) -> Iterator[str]:
    for child in getattr(node, "children", {}).values():
        yield from _texts(child)
    proto = getattr(node, "proto", None)
    if proto is not None and hasattr(proto, "ListFields"):
        yield from _strings(proto)


def _strings(message: Any) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name in _CODE:
            continue
        for each in value if field.is_repeated else [value]:
            if field.message_type is not None:
                if hasattr(each, "ListFields"):
                    yield from _strings(each)
            elif field.name == "bytes":  # a figure of a lesson
                yield from _of_json(each.decode())
            elif isinstance(each, str):
                yield from _of_json(each) if each.startswith(("{", "[")) else _of_markup(each)


def _of_json(text: str) -> Iterator[str]:
    try:
        data = json.loads(text)
    except ValueError:
        yield from _of_markup(text)
        return
    yield from _shown(data, inside=not isinstance(data, dict) or "data" not in data)


def _shown(data: Any, inside: bool) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in ("template", "type", "format", "lesson", "kind"):
                yield from _shown(value, inside or key in _SHOWN)
    elif isinstance(data, list):
        for value in data:
            yield from _shown(value, inside)
    elif isinstance(data, str) and inside:
        yield from _of_markup(data)


def _of_markup(text: str) -> Iterator[str]:
    text = _LYRICS.sub(" ", text)
    yield from (unescape(one or other) for one, other in _OF_A_TAG.findall(text))
    yield unescape(re.sub(r"%\{[^}]*\}", " ", _TAG.sub(" ", text)))


@cache
def _words_of_the_corpus() -> set[str]:
    corpus = load_corpus("demo")
    named = [*corpus.songs["artist"], *corpus.songs["title"], *corpus.songs["album"].astype(str)]
    documents = (path.read_text("utf-8") for path in (PACKAGES["dashboard"] / "texts" / "fr").glob("*.md"))
    words = (word.lower() for text in (*named, *documents) for word in _WORD.findall(text))
    schemes, tensors = {"aaaa", "aabb", "abab", "abba"}, {"wax", "waa", "wya", "matmul", "nltk"}
    own_name = {"english"}  # of the other language, in the header
    return {*corpus.vocabulary.index2word, *words, *schemes, *tensors, *own_name}


@cache
def _english_words() -> set[str]:
    ids = [message.id for package in PACKAGES for message in translatable_sentences(package) if message.id]
    texts = [text for each in ids for text in (each if isinstance(each, tuple) else (each,))]
    common = "the and with without from each every how what this that which one other over under more most words lines"
    return {word.lower() for text in [*texts, common] for word in _WORD.findall(re.sub(r"\{[^}]*\}", " ", text))}


def main() -> None:
    """Print what the pages named on the command line say outside the catalogues."""
    import os
    from pathlib import Path
    from urllib.parse import parse_qsl

    import pytest

    os.environ.setdefault("SEIZE_WRITERS", "0")
    with pytest.MonkeyPatch.context() as patch:
        speak_in_brackets(patch)
        for asked in sys.argv[1:]:
            view, _, query = asked.partition("?")
            app = AppTest.from_file(str(Path(__file__).parents[2] / "dashboard" / "app.py"), default_timeout=120)
            for key, value in parse_qsl(query):
                app.query_params[key] = value
            app.run()
            if view != "overview":
                go(app, view).run()
            print(f"== {asked}", *(f"\nERROR {error.value}" for error in app.exception))
            for text in untranslated(app):
                print("  ", text[:300])


if __name__ == "__main__":
    main()
