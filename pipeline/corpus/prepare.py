"""The whole way from raw lyrics to a prepared corpus: read, clean, mark up, build, save."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pipeline.corpus.build import build_corpus
from pipeline.corpus.markup import parse
from pipeline.corpus.metadata import read_names, read_year
from pipeline.corpus.raw import RawSong
from pipeline.corpus.readers.formats import Part, parts_of
from pipeline.corpus.report import Report
from pipeline.corpus.song import Song
from pipeline.corpus.store import load_corpus, save_corpus
from pipeline.corpus.table import Corpus
from pipeline.corpus.tally import Tally
from pipeline.errors import CorpusError, SourceError
from pipeline.paths import DEMO_NAME, DEMO_SOURCE, checked_name, prepared_folder

Progress = Callable[[float, str], None]

UNKNOWN_ARTIST = "Unknown artist"


def prepare(
    source: Path,
    name: str,
    *,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
) -> tuple[Corpus, Report]:
    """Read, clean, build and save the corpus `name` from `source`; an earlier one of that name is replaced.

    `format` forces how the source is read, `columns` says which column of a table holds which field
    (`{"lyrics": "Paroles"}`), `on_progress` is told (share done, what is being done). Files that cannot be read
    are listed in the report and skipped. Raises SourceError when nothing can be read; nothing is saved then.
    """
    start = time.perf_counter()
    checked_name(name)
    source = Path(source)
    tell = on_progress or (lambda share, doing: None)
    found, parts = parts_of(source, format, columns)
    report = Report(name, str(source), found)
    corpus = build_corpus(name, _songs(parts, report, tell))
    report.songs, report.sections = len(corpus.songs), len(corpus.sections)
    report.lines, report.words = len(corpus.lines), len(corpus.tokens)
    report.seconds = round(time.perf_counter() - start, 3)
    tell(0.95, "saving")
    save_corpus(corpus, report.to_json())
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


def song_from(raw: RawSong, tally: Tally) -> Song:
    """A raw song cleaned, typed and marked up. It may turn out to hold no section."""
    return Song(
        title=raw.title.strip(),
        artist=raw.artist.strip() or UNKNOWN_ARTIST,
        sections=parse(raw.text, tally),
        album=raw.album.strip(),
        year=read_year(raw.date),
        featuring=read_names(raw.featuring),
        source=raw.source,
        original=raw.text,
    )


def _songs(parts: list[Part], report: Report, tell: Progress) -> Iterator[Song]:
    for at, part in enumerate(parts):
        if at % 50 == 0:
            tell(0.9 * at / len(parts), f"reading {part.name}")
        try:
            for raw in part.read():
                song = song_from(raw, report.tally)
                if song.sections:
                    yield song
                else:
                    report.skipped.append((raw.source, "it holds no line of lyrics"))
                report.tally.end_song(raw.source)
            report.files += 1
        except SourceError as error:
            if len(parts) == 1:
                raise
            report.skipped.append((part.name, str(error)))


def _is_older(prepared: Path, source: Path) -> bool:
    """Whether `prepared` is missing, or a file of `source` has changed since."""
    try:
        since = prepared.stat().st_mtime
        json.loads(prepared.read_text("utf-8"))
    except (OSError, ValueError):
        return True
    return any(path.stat().st_mtime > since for path in (source, *source.rglob("*")))
