"""Corpus <-> folder: Parquet for the columns, JSON for the rest, replaced as a whole or not at all.

data/prepared/<name>/
    corpus.json        format version, name, sizes, the facets of its songs
    vocabulary.json    word2index / index2word with counts
    songs.parquet  sections.parquet  lines.parquet  tokens.parquet
    originals.parquet  the text of each song as it was read, loaded only to be shown (written by prepare)
    pronunciations.parquet  how each word of the vocabulary sounds (written by prepare)
    sounds.parquet  phrases.parquet  …  precomputed answers, named by `analysis.precomputed` (by prepare, when large)
    report.json        what reading and cleaning did (written by prepare)  report.html  the same as a page
"""

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.corpus.facets import facets_from_json, facets_to_json
from pipeline.corpus.report_page import report_page
from pipeline.corpus.table import Corpus
from pipeline.errors import CorpusError, first_line
from pipeline.folders import locked, read_whole, replacing, replacing_file
from pipeline.language.phones import Pronunciation
from pipeline.language.pronunciations import Pronunciations, to_columns
from pipeline.language.vocabulary import Vocabulary
from pipeline.paths import checked_name, is_name, prepared_folder

FORMAT = 3
_PRONUNCIATIONS = "pronunciations.parquet"
_TABLES = ("songs", "sections", "lines")
_ORIGINALS_TOGETHER = 256  # songs a row group: what is read to show one


def save_corpus(
    corpus: Corpus,
    report: Mapping[str, Any] | None = None,
    originals: Sequence[str] | None = None,
    pronunciations: Sequence[Pronunciation] | None = None,
) -> Path:
    """Write the corpus under its name and return its folder; an earlier one of that name is replaced.

    `originals` holds the text of each song as it was read, `pronunciations` how the words sound.
    """
    target = prepared_folder() / checked_name(corpus.name)
    with replacing(target) as draft:
        _write(corpus, dict(report or {}), draft)
        if originals is not None:
            _write_originals(originals, draft)
        if pronunciations is not None:
            pq.write_table(pa.table(to_columns(pronunciations)), draft / _PRONUNCIATIONS, compression="zstd")
    return target


def claim_corpus(name: str) -> AbstractContextManager[None]:
    """Keep other processes from preparing a corpus of this name. Raises SeizeError when one does."""
    return locked(prepared_folder() / checked_name(name))


def corpus_version(name: str) -> int:
    """Return a number that changes when the corpus is prepared again; 0 when there is none."""
    try:
        return (prepared_folder() / checked_name(name) / "corpus.json").stat().st_mtime_ns
    except OSError:
        return 0


def load_corpus(name: str) -> Corpus:
    """Read a prepared corpus. Raises CorpusError when it is missing, damaged or of another format."""
    folder = prepared_folder() / checked_name(name)
    if not (folder / "corpus.json").is_file():
        known = ", ".join(list_corpora()) or "none yet"
        raise CorpusError(
            "corpus-missing",
            "There is no prepared corpus {name!r} (prepared: {known}). Run `python -m pipeline prepare`.",
            name=name,
            known=known,
        )
    try:
        return read_whole(folder, _read)
    except CorpusError:
        raise
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise CorpusError(
            "corpus-damaged",
            "The prepared corpus {name!r} is damaged ({reason}). Prepare it again.",
            name=name,
            reason=first_line(error),
        ) from error


def load_report(name: str) -> dict[str, Any]:
    """The quality report that `prepare` wrote beside the corpus; empty when there is none."""
    path = prepared_folder() / checked_name(name) / "report.json"
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def load_original(name: str, song: int) -> str:
    """The text of one song as it was read, before cleaning. Raises CorpusError when it was not kept."""
    path = prepared_folder() / checked_name(name) / "originals.parquet"
    try:
        file = pq.ParquetFile(path)
        group, row = divmod(song, _ORIGINALS_TOGETHER)
        return str(file.read_row_group(group)["text"][row].as_py())
    except (OSError, ValueError, IndexError, KeyError, pa.ArrowException) as error:
        raise CorpusError(
            "original-not-kept",
            "The original of song {song} of the corpus {name!r} was not kept. Prepare it again.",
            song=song,
            name=name,
        ) from error


def load_pronunciations(name: str, words: Collection[str] | None = None) -> Pronunciations:
    """How the words of a prepared corpus sound, or only these: a song asks for a few of a hundred thousand.

    An empty table, which learns what it is asked, when none was kept. Raises CorpusError when the file is damaged.
    """
    path = prepared_folder() / checked_name(name) / _PRONUNCIATIONS
    if not path.exists():
        return Pronunciations()
    try:
        table = pq.read_table(path)
        if words is not None:
            table = table.filter(pc.is_in(table["word"], pa.array(words, table["word"].type)))
        return Pronunciations.from_columns(table.to_pydict())
    except (OSError, KeyError, pa.ArrowException) as error:
        raise CorpusError(
            "corpus-pronunciations-damaged",
            "The pronunciations of the corpus {name!r} are damaged ({reason}). Prepare it again.",
            name=name,
            reason=first_line(error),
        ) from error


def save_precomputed(name: str, answer: str, table: pd.DataFrame) -> None:
    """Store beside a prepared corpus what takes long to compute from it; it leaves with the corpus.

    Where the disk is full or read-only nothing is stored, and it is computed again.
    """
    path = prepared_folder() / checked_name(name) / f"{answer}.parquet"
    with suppress(OSError), replacing_file(path) as draft:
        table.to_parquet(draft, compression="zstd")


def load_precomputed(name: str, answer: str) -> pd.DataFrame | None:
    """Return what `save_precomputed` stored; None when it has to be computed, again if the file is damaged."""
    try:
        return pd.read_parquet(prepared_folder() / checked_name(name) / f"{answer}.parquet")
    except (OSError, ValueError, pa.ArrowException):
        return None


def list_corpora() -> list[str]:
    """Names of the prepared corpora, in alphabetical order."""
    return sorted(name for path in prepared_folder().glob("*/corpus.json") if is_name(name := path.parent.name))


def _write(corpus: Corpus, report: dict[str, Any], folder: Path) -> None:
    for table in _TABLES:
        getattr(corpus, table).to_parquet(folder / f"{table}.parquet", compression="zstd")
    tokens = pa.table({"token": corpus.tokens, "adlib": corpus.adlib})
    pq.write_table(tokens, folder / "tokens.parquet", compression="zstd")
    sizes = {table: len(getattr(corpus, table)) for table in _TABLES}
    about = {"format": FORMAT, "name": corpus.name, **sizes, "tokens": len(corpus.tokens)}
    about["facets"] = facets_to_json(corpus.facets)
    for file, content in (
        ("vocabulary.json", corpus.vocabulary.to_json()),
        ("report.json", report),
        ("corpus.json", about),
    ):
        (folder / file).write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    if "account" in report:
        (folder / "report.html").write_text(report_page(report), "utf-8")


def _write_originals(originals: Sequence[str], folder: Path) -> None:
    # lone surrogates, which JSON can hold, cannot be written
    texts = pa.array([text.encode("utf-8", "replace").decode() for text in originals], pa.large_string())
    path = folder / "originals.parquet"
    pq.write_table(pa.table({"text": texts}), path, compression="zstd", row_group_size=_ORIGINALS_TOGETHER)


def _read(folder: Path) -> Corpus:
    about = json.loads((folder / "corpus.json").read_text("utf-8"))
    if about["format"] != FORMAT:
        raise CorpusError(
            "corpus-other-format",
            "The prepared corpus {name!r} has format {format}, this version reads {readable}. Prepare it again.",
            name=folder.name,
            format=about["format"],
            readable=FORMAT,
        )
    frames = {table: pd.read_parquet(folder / f"{table}.parquet") for table in _TABLES}
    tokens = pq.read_table(folder / "tokens.parquet")
    corpus = Corpus(
        name=folder.name,
        **frames,
        tokens=tokens["token"].to_numpy().astype(np.int32, copy=False),
        adlib=tokens["adlib"].to_numpy(),
        vocabulary=Vocabulary.from_json(json.loads((folder / "vocabulary.json").read_text("utf-8"))),
        facets=facets_from_json(about["facets"]),
    )
    _check(corpus, about)
    return corpus


def _check(corpus: Corpus, about: Mapping[str, Any]) -> None:
    sizes = {table: len(getattr(corpus, table)) for table in _TABLES} | {"tokens": len(corpus.tokens)}
    wrong = [part for part, size in sizes.items() if size != about[part]]
    if wrong or corpus.tokens.max(initial=0) >= len(corpus.vocabulary):
        raise CorpusError(
            "corpus-parts-disagree",
            "The prepared corpus {name!r} is damaged: its parts disagree ({parts}). Prepare it again.",
            name=corpus.name,
            parts=", ".join(wrong) or "vocabulary",
        )
