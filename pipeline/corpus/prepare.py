"""The whole way from raw lyrics to a prepared corpus: read, clean, mark up, drop duplicates, build, save."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.corpus.account import FileAccount, Size
from pipeline.corpus.build import Columns, fingerprints, finish, select, with_fingerprints
from pipeline.corpus.collected import collect
from pipeline.corpus.compose import Piece, compose_files, compose_songs
from pipeline.corpus.duplicates import find_duplicates
from pipeline.corpus.raw import Items, RawSong, Skip
from pipeline.corpus.readers.blobs import Blob
from pipeline.corpus.readers.formats import Source, read_blob, recognise
from pipeline.corpus.report import Report
from pipeline.corpus.statement import data_statement
from pipeline.corpus.store import load_corpus, save_corpus
from pipeline.corpus.table import SONG_COLUMNS, Corpus
from pipeline.corpus.workers import workers
from pipeline.errors import CorpusError, SourceError
from pipeline.language import g2p
from pipeline.language.phones import transcribe_tokens
from pipeline.language.vocabulary import SPECIALS
from pipeline.paths import DEMO_NAME, DEMO_SOURCE, checked_name, prepared_folder

Progress = Callable[[float, str], None]

_WORTH_PROCESSES = 4 << 20  # bytes; starting two costs as much as preparing half of that
_BATCH_BYTES = 1 << 20
_WORKER_MEMORY = 4 << 30  # bytes; a file of the largest size takes 3 GB once it is text
_BATCH_SONGS = 512
# shares of the work that are done before merging, before transcribing and before saving
_READING, _SOUNDING, _SAVING = 0.8, 0.85, 0.95


def prepare(
    source: Path,
    name: str,
    *,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
    executor: Executor | None = None,
) -> tuple[Corpus, Report]:
    """Read, clean, build and save the corpus `name` from `source`; an earlier one of that name is replaced.

    `format` forces how the source is read (see `readers.formats.FORMATS`), `columns` says which column of a table
    holds which field (`{"lyrics": "Paroles"}`), `on_progress` is told (share done, what is being done), `executor`
    takes the place of local processes. What cannot be read is listed in the report and skipped. Raises SourceError
    when nothing can be read; nothing is saved then.
    """
    start = time.perf_counter()
    checked_name(name)
    tell = on_progress or (lambda share, doing: None)
    tell(0.0, "looking at what there is to read")
    recognised = recognise(Path(source), format, columns)
    tell(0.0, "opening the pronunciations")
    g2p.preload()
    tell(0.0, "reading the first songs")
    report = Report(name, str(source), recognised.format)
    report.skipped += recognised.skipped
    report.unmatched += recognised.unmatched
    found = collect(_pieces(recognised, executor, tell))
    report.skipped += found.skipped
    report.files, report.unusable = found.files, found.unusable
    if not found.columns.tokens:
        raise _nothing_read(recognised, report)
    tell(_READING, "looking for duplicates")
    keep = _first_copies(found.columns, report)
    whole = select(found.columns, keep)
    corpus = finish(whole, name)
    report.tally, report.account = found.close(keep, _size(corpus)), found.account
    _measure(corpus, report)
    tell(_SOUNDING, "hearing the words")
    pronunciations = transcribe_tokens(corpus.vocabulary.index2word[len(SPECIALS) :])
    report.seconds = round(time.perf_counter() - start, 3)
    tell(_SAVING, "saving")
    save_corpus(corpus, report.to_json(), whole.originals, pronunciations)
    tell(1.0, "done")
    return corpus, report


def ensure_demo() -> Corpus:
    """The embedded corpus, prepared first when it is missing, of another format or older than its source."""
    if not _is_older(prepared_folder() / DEMO_NAME / "corpus.json", DEMO_SOURCE):
        try:
            return load_corpus(DEMO_NAME)
        except CorpusError:
            pass  # another format, or damaged: preparing again mends both
    return prepare(DEMO_SOURCE, DEMO_NAME)[0]


def open_corpus(name: str) -> Corpus:
    """A prepared corpus by name; the embedded one is prepared first when it has to be."""
    return ensure_demo() if name == DEMO_NAME else load_corpus(name)


def _pieces(source: Source, executor: Executor | None, tell: Progress) -> Iterator[Piece]:
    """The pieces of a source in order, composed here when it is small, by processes when it is large."""
    total = sum(blob.size for blob in source.blobs)
    done = songs = 0
    with workers(executor, worth=total >= _WORTH_PROCESSES, memory=_WORKER_MEMORY) as pool:
        run = pool.map if pool else map
        try:
            if len(source.blobs) == 1:
                batches = _batches(read_blob(source, source.blobs[0]))
                for piece in run(compose_songs, batches):
                    songs += len(piece.columns.songs)
                    done += sum(map(len, piece.columns.originals))
                    tell(_READING * min(done / max(total, 1), 1), f"{songs:,} songs read")
                    yield piece
                return
            parts = list(_parts(source))
            for part, piece in zip(parts, run(compose_files, parts), strict=True):
                yield piece
                done += sum(blob.size for blob in part.blobs)
                tell(_READING * done / max(total, 1), f"reading {part.blobs[-1].name}")
        except (BrokenExecutor, MemoryError) as error:
            raise SourceError(
                "reading-cut-short",
                "Reading {source} was cut short for lack of memory: a file in it is damaged, or far larger than it "
                "looks. Take it out, or split it.",
                source=source.path,
            ) from error


def _parts(source: Source) -> Iterator[Source]:
    blobs: list[Blob] = []
    for blob in source.blobs:
        blobs.append(blob)
        if sum(blob.size for blob in blobs) >= _BATCH_BYTES or len(blobs) >= _BATCH_SONGS:
            yield source.part(blobs)
            blobs = []
    if blobs:
        yield source.part(blobs)


def _batches(songs: Items) -> Iterator[list[RawSong | Skip | FileAccount]]:
    while batch := list(islice(songs, _BATCH_SONGS)):
        yield batch


def _nothing_read(source: Source, report: Report) -> SourceError:
    if len(report.skipped) == 1:
        return SourceError("source-skipped", "{reason}", reason=report.skipped[0].reason)
    reasons = f" The first: {report.skipped[0].source}: {report.skipped[0].reason}" if report.skipped else ""
    return SourceError(
        "source-without-lyrics", "No lyrics were found in {source}: not one song holds a word.{reasons}",
        source=source.path, reasons=reasons,
    )  # fmt: skip


def _first_copies(columns: Columns, report: Report) -> npt.NDArray[np.bool_]:
    """bool[songs]: each song once. Songs that share much get one fingerprint: training keeps them on one side."""
    numbers = columns.line_numbers()
    first_line = np.searchsorted(numbers[:, 0], np.arange(len(columns.songs)))
    bounds = np.append(numbers[first_line, 4], len(columns.tokens)).astype(np.int64)
    worth = [_worth(row) for row in columns.songs]
    found = find_duplicates(columns.token_ids(), bounds, fingerprints(columns), worth, columns.blocks)
    sources = [row[SONG_COLUMNS.index("source")] for row in columns.songs]
    report.duplicates = [
        {"dropped": sources[m.dropped], "kept": sources[m.kept], "kind": m.kind, "containment": m.containment}
        for m in found.merged
    ]
    prints = fingerprints(columns)
    with_fingerprints(columns, [prints[group] for group in found.groups])
    keep = np.ones(len(columns.songs), bool)
    keep[[m.dropped for m in found.merged]] = False
    groups = np.bincount(np.array(found.groups)[keep])
    report.related = int(groups[groups > 1].sum())
    return keep


def _worth(row: tuple[object, ...]) -> float:
    """Of two copies the one that says more about itself stays: its guests, its year, its album."""
    song = dict(zip(SONG_COLUMNS, row, strict=True))
    return 2 * bool(song["featuring"]) + isinstance(song["year"], int) + 0.5 * bool(song["album"])


def _size(corpus: Corpus) -> Size:
    """Lines of the corpus, and words as its account counts them."""
    return Size(len(corpus.lines), sum(len(text.split()) for text in corpus.lines["text"]))


def _measure(corpus: Corpus, report: Report) -> None:
    report.songs, report.sections = len(corpus.songs), len(corpus.sections)
    report.lines, report.words = len(corpus.lines), len(corpus.tokens)
    counts = corpus.sections["language"].value_counts()
    report.languages = {str(code): int(n) for code, n in counts.items() if n}
    inferred = corpus.sections["inferred"].to_numpy(bool)
    lines = np.isin(corpus.lines["section"], corpus.sections.index[inferred])
    songs = (corpus.songs["extent"] != "given").to_numpy(bool)
    report.inferred = {
        name: int(mask.sum()) for name, mask in (("sections", inferred), ("lines", lines), ("songs", songs))
    }
    report.statement = data_statement(corpus, report)


def _is_older(prepared: Path, source: Path) -> bool:
    """Whether `prepared` is missing, or a file of `source` has changed since."""
    try:
        since = prepared.stat().st_mtime
        json.loads(prepared.read_text("utf-8"))
    except (OSError, ValueError):
        return True
    return any(path.stat().st_mtime > since for path in (source, *source.rglob("*")))
