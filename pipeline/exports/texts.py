"""Plain text: one file a song with its metadata on top, and the one file that IRaMuTeQ reads."""

import re
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.corpus.table import Corpus
from pipeline.exports.songs import file_name, song_metadata, song_texts

_FRONT = ("title", "artist", "album", "year", "featuring")


def write_texts(corpus: Corpus, path: Path) -> None:
    """A zip of text files, a folder an artist, each with front matter and section tags: what `prepare` reads best."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for about, text in zip(song_metadata(corpus).to_dict("records"), song_texts(corpus), strict=True):
            name = f"{file_name(str(about['artist']))}/{about['doc_id']} {file_name(str(about['title']))}.txt"
            archive.writestr(name, f"{_front_matter(about)}\n{text}")


def write_iramuteq(corpus: Corpus, path: Path) -> None:
    """`**** *song_1 *artist_x *year_y`, then the lines without tags. Variables are letters, digits and _ (Ratinaud)."""
    with path.open("w", encoding="utf-8") as file:
        for about, text in zip(song_metadata(corpus).to_dict("records"), song_texts(corpus, tags=False), strict=True):
            names = {"artist": about["artist"], "year": about["year"], "album": about["album"]}
            names |= {facet.name: about[facet.name] for facet in corpus.facets}
            marks = [f"*{about['doc_id']}", *(_variable(*pair) for pair in names.items() if _is_known(pair[1]))]
            # A line that begins with **** or -* would be read as a command.
            lines = (re.sub(r"^(?:\*{4}|-\*)", " ", line) for line in text.splitlines() if line.strip())
            file.write("**** " + " ".join(marks) + "\n" + "\n".join(lines) + "\n\n")


def _front_matter(about: Mapping[str, Any]) -> str:
    rows = [f"{name}: {' '.join(str(about[name]).split())}" for name in _FRONT if _is_known(about[name])]
    return "\n".join(["---", *rows, "---"])


def _is_known(value: object) -> bool:
    return not pd.isna(value) and value != ""


def _variable(name: str, value: object) -> str:
    return f"*{_ascii(name)}_{_ascii(str(value))}"


def _ascii(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^0-9A-Za-z]+", "", plain).lower() or "x"
