"""Corpus <-> folder: Arrow files for the columns, JSON for the rest, replaced as a whole or not at all.

data/prepared/<name>/
    corpus.json        format version, name, sizes, the facets of its songs; checksums of what it came with, and its own
    vocabulary.json    word2index / index2word with counts
    songs.arrow  sections.arrow  lines.arrow  tokens.arrow  mapped into memory, shared by all processes that read them
    word_times.arrow   when words begin, where a source says so
    originals.parquet  the text of each song as it was read, loaded only to be shown (written by prepare)
    pronunciations.parquet  how each word of the vocabulary sounds (written by prepare)
    sounds.parquet  phrases.parquet  …  precomputed answers, named by `analysis.precomputed` (by prepare, when large)
    artist_merges.json  names of artists that are one, applied when the corpus is opened (by who looks after it)
    report.json        what reading and cleaning did (written by prepare)
    beside.json        checksums of what was stored once corpus.json was written, and its own

Small files are compared with their checksums when a corpus is opened, stored results and originals when they are first
read, all by `changed_corpus_files`; every page of a Parquet file has one of its own. Corpora of before have none.
"""

import json
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.core.checksums import (
    changed_files,
    checksum_of,
    has_valid_checksum,
    json_with_checksum,
    read_json_object,
    read_verified_json,
    with_checksum,
)
from pipeline.core.errors import DAMAGED_FILE_ERRORS, CorpusError, Sentence, short_reason, spelling_suggestion
from pipeline.core.folders import hold_write_lock, read_consistently, replace_file_atomically
from pipeline.core.owners import Owners
from pipeline.core.paths import checked_name, is_valid_name, prepared_folder
from pipeline.corpus.arrow_files import memory_map_frame, memory_map_table
from pipeline.corpus.artist_names import artist_table, merge_artists, resolve_merges
from pipeline.corpus.facets import Facet
from pipeline.corpus.table import Corpus
from pipeline.language.phones import TRANSCRIPTION_VERSION, Pronunciation
from pipeline.language.pronunciations import Pronunciations, pronunciations_from_columns, pronunciations_to_columns
from pipeline.language.vocabulary import Vocabulary

FORMAT = 6
T = TypeVar("T")
_METADATA_FILE, _REPORT, _VOCABULARY, _BESIDE = "corpus.json", "report.json", "vocabulary.json", "beside.json"
_MERGES, _ORIGINALS = "artist_merges.json", "originals.parquet"
_PRONUNCIATIONS, _TRANSCRIPTION = "pronunciations.parquet", "transcription"
_TABLES = {"songs": "song", "sections": "section", "lines": "line"}  # and what the ids of their rows are called
WORD_TIMES_FILE = "word_times.arrow"
_FILES_READ_AT_OPENING = (*(f"{table}.arrow" for table in (*_TABLES, "tokens")), WORD_TIMES_FILE, _VOCABULARY)
_MAX_BYTES_TO_VERIFY = 4 << 20  # bytes of a file that is compared with its checksum at opening: 10 ms
_ORIGINALS_PER_ROW_GROUP = 256  # songs a row group: what is read to show one
_PARQUET_WRITE_OPTIONS: dict[str, Any] = {"compression": "zstd", "write_page_checksum": True}
_PARQUET_READ_OPTIONS: dict[str, Any] = {"page_checksum_verification": True}
logger = logging.getLogger(__name__)


def store_checksums(folder: Path) -> None:
    """Write the checksums of all files of a complete corpus, and of corpus.json itself, into its corpus.json."""
    about = read_json_object(folder / _METADATA_FILE)
    files = {path.name: checksum_of(path) for path in sorted(folder.iterdir()) if path.name != _METADATA_FILE}
    _write_json(with_checksum({**about, "files": files}), folder / _METADATA_FILE)


def save_pronunciations(name: str, pronunciations: Sequence[Pronunciation]) -> None:
    """Write the pronunciations of a corpus's words beside it. Raises OSError."""
    with add_file_to_corpus(name, _PRONUNCIATIONS) as draft:
        table = pa.table(pronunciations_to_columns(pronunciations)).replace_schema_metadata(
            {_TRANSCRIPTION: str(TRANSCRIPTION_VERSION)}
        )
        pq.write_table(table, draft, **_PARQUET_WRITE_OPTIONS)


@contextmanager
def add_file_to_corpus(name: str, file: str) -> Iterator[Path]:
    """Yield a path to write to. Then add the written file to a complete corpus, and store its checksum.

    A process killed in between leaves it without a checksum, never with that of another file. Raises OSError."""
    folder = prepared_folder() / checked_name(name)
    with hold_write_lock(folder.with_name(f"{name}.{_BESIDE}"), wait=True):
        with replace_file_atomically(folder / file) as draft:
            yield draft
            checksum = checksum_of(draft)
            _record_checksum(folder, file, None)
        _record_checksum(folder, file, checksum)


def _record_checksum(folder: Path, file: str, checksum: str | None) -> None:
    """Store the checksum of an added file of a corpus, or remove its entry (None), in beside.json."""
    files = _checksums_of_added_files(folder) or {}
    if files.get(file) != checksum:
        listed = {**files, file: checksum}
        with replace_file_atomically(folder / _BESIDE) as draft:
            draft.write_text(
                json_with_checksum({"files": {name: listed[name] for name in sorted(listed) if listed[name]}}), "utf-8"
            )


def _checksums_of_added_files(folder: Path) -> dict[str, str] | None:
    """Return file name -> checksum of the files added after a corpus was completed; None when this list is damaged."""
    try:
        return dict(read_verified_json(folder / _BESIDE)["files"])
    except FileNotFoundError:
        return {}
    except DAMAGED_FILE_ERRORS:
        return None


def lock_corpus(name: str) -> AbstractContextManager[None]:
    """Return a context that keeps other processes from preparing this corpus. Raises SeizeError if it is locked."""
    return hold_write_lock(prepared_folder() / checked_name(name))


CORPUS_OWNERS = Owners(prepared_folder)  # of the prepared corpora, where several people use one server


def corpus_version(name: str) -> int:
    """Return a number that changes when a corpus is prepared again or its artists merged; 0 without such a corpus."""
    folder = prepared_folder() / checked_name(name)
    try:
        prepared = (folder / _METADATA_FILE).stat().st_mtime_ns
    except OSError:
        return 0
    with suppress(OSError):
        return max(prepared, (folder / _MERGES).stat().st_mtime_ns)
    return prepared


def artists_as_read(name: str) -> pd.DataFrame:
    """Return the `artist_table` of a prepared corpus without any merges. Raises CorpusError."""
    return artist_table(_read_or_raise(name, lambda folder: memory_map_frame(folder / "songs.arrow")))


def load_artist_merges(name: str) -> dict[str, str]:
    """Return the merges of artist names of a prepared corpus: name as read -> name. Raises CorpusError."""
    return _read_or_raise(name, _read_merges)


def save_artist_merges(name: str, merges: Mapping[str, str]) -> None:
    """Store the merges of artist names of a prepared corpus, in place of earlier ones. {} undoes all merges.

    Raise SettingError as `resolve_merges` does, CorpusError when there is no such corpus or it cannot be written to."""
    checked = resolve_merges(merges, artists_as_read(name)["artist"])
    try:
        with add_file_to_corpus(name, _MERGES) as draft:
            draft.write_text(json_with_checksum({"merges": checked}), "utf-8")
    except OSError as error:
        reason = short_reason(error)
        raise CorpusError("The corpus {name!r} cannot be written to ({reason}).", name=name, reason=reason) from error


def _read_merges(folder: Path) -> dict[str, str]:
    try:
        return dict(read_verified_json(folder / _MERGES)["merges"])
    except FileNotFoundError:
        return {}


def load_corpus(name: str) -> Corpus:
    """Return a prepared corpus. Raises CorpusError when it is missing, damaged or of another format."""
    return _read_or_raise(name, read_corpus)


def _read_or_raise(name: str, read: Callable[[Path], T]) -> T:
    """Return the result of `read` on the folder of a corpus. Raises CorpusError when it is missing or damaged."""
    folder = prepared_folder() / checked_name(name)
    if not (folder / _METADATA_FILE).is_file():
        raise CorpusError(
            "There is no prepared corpus {name!r}{near} (prepared: {known}). Run `python -m pipeline prepare`.",
            name=name,
            known=", ".join(list_corpora()) or Sentence("none yet"),
            near=spelling_suggestion(name, list_corpora()),
        )
    try:
        return read_consistently(folder, read)
    except CorpusError:
        raise
    except (pa.ArrowException, *DAMAGED_FILE_ERRORS) as error:
        raise _damage_error(name, short_reason(error)) from error


def _damage_error(name: str, reason: str) -> CorpusError:
    return CorpusError(
        "The prepared corpus {name!r} is damaged ({reason}). Prepare it again.", name=name, reason=reason
    )


def load_report(name: str) -> dict[str, Any]:
    """Return the quality report stored with a corpus, as JSON; empty when there is none or it is damaged."""
    folder = prepared_folder() / checked_name(name)
    try:
        files = read_json_object(folder / _METADATA_FILE).get("files", {})
        if changed_files(folder, {_REPORT: files[_REPORT]} if _REPORT in files else {}):
            return {}
        return read_json_object(folder / _REPORT)
    except DAMAGED_FILE_ERRORS:
        return {}


def changed_corpus_files(name: str) -> list[str] | None:
    """Return the files of a corpus that are missing or changed. Return None if some files have no checksum.

    Reads everything in its folder. Raises CorpusError when its corpus.json cannot be read."""
    folder = prepared_folder() / checked_name(name)
    try:
        about, beside = read_json_object(folder / _METADATA_FILE), _checksums_of_added_files(folder)
        whole = has_valid_checksum(about)
        if whole is False or beside is None:
            return [_BESIDE if whole else _METADATA_FILE]
        files = {**about["files"], **beside} if whole else {}
        listed = {_METADATA_FILE, _BESIDE, *files}
        unlisted = any(path.name not in listed for path in folder.iterdir() if not path.name.startswith("."))
        return changed_files(folder, files) or (None if unlisted else [])
    except DAMAGED_FILE_ERRORS as error:
        raise _damage_error(name, short_reason(error)) from error


def matches_checksum(name: str, file: str) -> bool:
    """Return whether a file of a corpus has its stored checksum, or none is stored. Raises OSError."""
    folder = prepared_folder() / checked_name(name)
    states = [(path.stat().st_mtime_ns, path.stat().st_size) for path in (folder / file, folder / _METADATA_FILE)]
    return _compare_checksum(folder, file, *states)


@lru_cache(256)
def _compare_checksum(folder: Path, file: str, *states: tuple[int, int]) -> bool:
    """Return whether a file has its stored checksum. `states` (times and sizes of files) only key the cache."""
    about, beside = read_json_object(folder / _METADATA_FILE), _checksums_of_added_files(folder)
    if has_valid_checksum(about) is False or beside is None:
        return False
    files = {**about.get("files", {}), **beside}
    return file not in files or not changed_files(folder, {file: files[file]})


def _read_stored(name: str, file: str, read: Callable[[Path], T]) -> T | None:
    """Return `read` of a file beside a corpus, or None if the file is missing or damaged. Damage is logged."""
    path = prepared_folder() / checked_name(name) / file
    try:
        if matches_checksum(name, file):
            return read(path)
        reason = "changed since it was written"
    except FileNotFoundError:
        return None
    except (pa.ArrowException, *DAMAGED_FILE_ERRORS) as error:
        reason = short_reason(error)
    logger.warning("%s of the corpus %r is damaged (%s): it is computed again", file, name, reason)
    return None


def load_original(name: str, song: int) -> str:
    """Return the text of one song as read, before cleaning. Raises CorpusError when it is missing or damaged."""
    path = prepared_folder() / checked_name(name) / _ORIGINALS
    try:
        if not matches_checksum(name, _ORIGINALS):
            raise ValueError(Sentence("{files} changed since it was written", files=_ORIGINALS))
        file = pq.ParquetFile(path, **_PARQUET_READ_OPTIONS)
        group, row = divmod(song, _ORIGINALS_PER_ROW_GROUP)
        if group < file.num_row_groups and row < len(texts := file.read_row_group(group)["text"]):
            return str(texts[row].as_py())
    except FileNotFoundError:
        pass
    except (pa.ArrowException, *DAMAGED_FILE_ERRORS) as error:
        raise CorpusError(
            "The originals of the corpus {name!r} are damaged ({reason}). Prepare it again.",
            name=name,
            reason=short_reason(error),
        ) from error
    raise CorpusError(
        "The original text of song {song} of the corpus {name!r} was not kept. Prepare it again.", song=song, name=name
    )


def load_pronunciations(name: str, words: Collection[str] | None = None) -> Pronunciations:
    """Return the stored pronunciations of a corpus, or only of `words`. There are none if missing or damaged."""
    table = read_pronunciations(name)
    if words is not None:
        table = table.filter(pc.is_in(table["word"], pa.array(words, pa.string())))
    return Pronunciations(pronunciations_from_columns(table.to_pydict()))


def read_pronunciations(name: str) -> pa.Table:
    """Return the stored pronunciations of a corpus as an Arrow table, empty if missing, damaged or outdated."""
    table = _read_stored(name, _PRONUNCIATIONS, _read_current_pronunciations)
    return (
        pa.table({name: pa.array([], pa.string()) for name in pronunciations_to_columns([])})
        if table is None
        else table
    )


def _read_current_pronunciations(path: Path) -> pa.Table | None:
    table = pq.read_table(path, **_PARQUET_READ_OPTIONS)
    version = (table.schema.metadata or {}).get(_TRANSCRIPTION.encode(), b"1")
    return table if int(version) == TRANSCRIPTION_VERSION else None


def save_precomputed(name: str, answer: str, table: pd.DataFrame) -> None:
    """Store a table of results beside a corpus, under the name `answer`. Errors of the disk are ignored."""
    with suppress(OSError), add_file_to_corpus(name, f"{answer}.parquet") as draft:
        table.to_parquet(draft, **_PARQUET_WRITE_OPTIONS)


def load_precomputed(name: str, answer: str) -> pd.DataFrame | None:
    """Return the table that `save_precomputed` stored under the name `answer`; None when it is missing or damaged."""
    return _read_stored(name, f"{answer}.parquet", lambda path: pd.read_parquet(path, **_PARQUET_READ_OPTIONS))


def list_corpora() -> list[str]:
    """Return the names of the prepared corpora, in alphabetical order."""
    return sorted(
        name for path in prepared_folder().glob(f"*/{_METADATA_FILE}") if is_valid_name(name := path.parent.name)
    )


def write_corpus_metadata(
    folder: Path, name: str, sizes: Mapping[str, int], vocabulary: Vocabulary, facets: Collection[Facet]
) -> None:
    """Write the vocabulary and the corpus.json of a corpus. `sizes` are the numbers of rows of its tables."""
    about = {"format": FORMAT, "name": name, **sizes, "facets": [asdict(facet) for facet in facets]}
    _write_json(vocabulary.to_json(), folder / _VOCABULARY)
    _write_json(about, folder / _METADATA_FILE)


def write_report(report: dict[str, Any], folder: Path) -> None:
    """Write the quality report, given as JSON, into the folder of a corpus."""
    _write_json(report, folder / _REPORT)


def _write_json(content: Any, path: Path) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def write_originals(originals: Iterable[str], folder: Path) -> None:
    """Write the texts of songs as read into the folder of a corpus, in row groups."""
    path, schema = folder / _ORIGINALS, pa.schema([("text", pa.large_string())])
    texts = iter(originals)
    with pq.ParquetWriter(path, schema, **_PARQUET_WRITE_OPTIONS) as writer:
        while group := list(islice(texts, _ORIGINALS_PER_ROW_GROUP)):
            writer.write_table(pa.table([pa.array(group, pa.large_string())], schema))


def read_corpus(folder: Path) -> Corpus:
    """Return the corpus stored in a folder, which may lie anywhere."""
    header = read_json_object(folder / _METADATA_FILE)
    _check_checksums(folder, header)
    if header["format"] != FORMAT:
        raise CorpusError(
            "The prepared corpus {name!r} has format {format}; this version reads {readable}. Prepare it again.",
            name=folder.name,
            format=header["format"],
            readable=FORMAT,
        )
    frames = {table: memory_map_frame(folder / f"{table}.arrow").rename_axis(row) for table, row in _TABLES.items()}
    frames["songs"], frames["sections"] = merge_artists(frames["songs"], frames["sections"], _read_merges(folder))
    tokens = memory_map_table(folder / "tokens.arrow")
    corpus = Corpus(
        name=folder.name,
        **frames,
        tokens=tokens["token"].to_numpy(),
        adlib=tokens["adlib"].to_numpy().view(np.bool_),
        vocabulary=Vocabulary.from_json(read_json_object(folder / _VOCABULARY)),
        facets=tuple(Facet(**facet) for facet in header["facets"]),
        **_read_word_times(folder / WORD_TIMES_FILE),
    )
    _check_consistency(corpus, header)
    return corpus


def _read_word_times(path: Path) -> dict[str, pd.Series]:
    if not path.is_file():
        return {}
    table = memory_map_table(path)
    return {"word_times": pd.Series(table["seconds"].to_numpy(), table["token"].to_numpy())}


def _check_checksums(folder: Path, about: Mapping[str, Any]) -> None:
    """Compare the small files of a corpus with their checksums. Raises CorpusError, OSError."""
    if has_valid_checksum(about) is False:
        raise _damage_error(folder.name, Sentence("{files} changed since it was written", files=_METADATA_FILE))
    files = about.get("files", {})
    small = {
        file: files[file]
        for file in _FILES_READ_AT_OPENING
        if file in files and (folder / file).stat().st_size <= _MAX_BYTES_TO_VERIFY
    }
    if changed := changed_files(folder, small):
        raise _damage_error(folder.name, Sentence("{files} changed since it was written", files=", ".join(changed)))


def _check_consistency(corpus: Corpus, about: Mapping[str, Any]) -> None:
    """Raise CorpusError when the tables of a corpus differ from the sizes in its corpus.json."""
    sizes = {table: len(getattr(corpus, table)) for table in _TABLES} | {"tokens": len(corpus.tokens)}
    wrong = [part for part, size in sizes.items() if size != about[part]]
    if corpus.word_times.index.max() >= len(corpus.tokens):
        wrong.append("word_times")
    if wrong or corpus.tokens.max(initial=0) >= len(corpus.vocabulary):
        raise CorpusError(
            "The prepared corpus {name!r} is damaged: its parts do not match ({parts}). Prepare it again.",
            name=corpus.name,
            parts=", ".join(wrong) or "vocabulary",
        )
