"""The whole way from raw lyrics to a prepared corpus: map -> merge -> finish.

map     read, clean, mark up, tokenise, hash: `map_shards`, on the workers of any Executor
merge   songs, words, duplicates: `merge_shards`, here
finish  `write_corpus`: one corpus, whole or not at all, the same bytes whatever the shards and the workers were
"""

import tempfile
import time
from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path

import numpy as np

from pipeline.core.checksums import read_json_object
from pipeline.core.errors import CorpusError, Sentence, SourceError
from pipeline.core.folders import hold_write_lock, replace_folder_atomically
from pipeline.core.paths import DEMO_NAME, SHIPPED_CORPORA, checked_name, prepared_folder
from pipeline.corpus.compose import abort_slow_reading
from pipeline.corpus.layers import MAX_LAZY_VOCABULARY, pronounce_vocabulary
from pipeline.corpus.readers.blobs import size_in_bytes
from pipeline.corpus.readers.sources import Source, recognise_source
from pipeline.corpus.report import Report, data_statement
from pipeline.corpus.shards import Mask, MergedShards, Progress, map_shards, merge_shards, total_size, write_corpus
from pipeline.corpus.store import load_corpus, read_corpus, store_checksums, write_report
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.processes.executors import worker_executor
from pipeline.processes.limits import give_back_memory

_MIN_PARALLEL_BYTES = 4 << 20  # bytes; starting two costs as much as preparing half of that
# shares of the work that are done before merging, before writing and before transcribing
_READING, _WRITING, _SOUNDING = 0.7, 0.75, 0.8


def prepare(
    source: Path | str,
    name: str,
    *,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    only: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
    executor: Executor | None = None,
    work: Path | None = None,
) -> tuple[Corpus, Report]:
    """Read, clean and section the songs of `source`, and save them as the corpus `name` in place of an earlier one.

    `format` names the `Reader` to use, `columns` maps fields to columns of a table (`{"lyrics": "Paroles"}`), `only`
    selects its rows (`{"tag": "rap"}`; a CSV may then be of any size). `on_progress` gets (share done, what is being
    done), `executor` replaces local processes, which all reach the folder `work`. What cannot be read is listed in the
    report. Raises SourceError, without saving anything, when nothing can be read."""
    start = time.perf_counter()
    target = prepared_folder() / checked_name(name)
    tell = on_progress or (lambda share, doing: None)
    tell(0.0, Sentence("looking for files to read"))
    place = Path(source)
    with abort_slow_reading(str(source), size_in_bytes(place)):
        recognised = recognise_source(place, format, columns, only)
    tell(0.0, Sentence("reading the first songs"))
    report = Report(name, str(source), recognised.format)
    report.skipped += recognised.skipped
    report.unmatched += recognised.unmatched
    worth = sum(blob.size for blob in recognised.blobs) >= _MIN_PARALLEL_BYTES
    with worker_executor(executor, worth=worth) as pool:
        with tempfile.TemporaryDirectory(prefix="seize-work-", dir=work) as folder:
            corpus = _build_corpus(recognised, pool, Path(folder), target, report, tell)
        report.seconds = round(time.perf_counter() - start, 3)
        give_back_memory()
        if len(corpus.vocabulary) > MAX_LAZY_VOCABULARY:
            doing = Sentence("computing pronunciations")
            pronounce_vocabulary(corpus, pool, lambda share: tell(_SOUNDING + (1 - _SOUNDING) * share, doing))
    tell(1.0, Sentence("done"))
    return corpus, report


def _build_corpus(
    source: Source, pool: Executor | None, work: Path, target: Path, report: Report, tell: Progress
) -> Corpus:
    """Clean, merge and write the songs of a source; return the corpus."""
    merged = merge_shards(map_shards(source, pool, work, lambda share, doing: tell(_READING * share, doing)))
    report.skipped += merged.outcome.skipped
    report.files, report.unusable = max(merged.outcome.files, 1), merged.outcome.unusable
    if not merged.sizes[:, 2].any():
        raise _no_lyrics_error(source, report)
    tell(_READING, Sentence("looking for duplicates"))
    keep, fingerprints = _deduplicate_songs(merged, report)
    tell(_WRITING, Sentence("writing the corpus"))
    with replace_folder_atomically(target) as draft:
        write_corpus(merged, keep, fingerprints, report.name, draft)
        corpus = read_corpus(draft)
        _fill_report(corpus, merged, keep, report)
        stored = report.to_json()
        del stored["seconds"]  # the same source gives the same bytes
        write_report(stored, draft)
        store_checksums(draft)
    return corpus


def ensure_demo() -> Corpus:
    """Return the demo corpus that comes with Seize. Prepare it first if necessary."""
    return open_corpus(DEMO_NAME)


def open_corpus(name: str) -> Corpus:
    """Return a prepared corpus. A corpus that comes with Seize is prepared first if missing or outdated."""
    source = SHIPPED_CORPORA.get(name)
    if source is None:
        return load_corpus(name)
    if (corpus := _load_if_current(name, source)) is not None:
        return corpus
    with hold_write_lock(prepared_folder() / name, wait=True):
        corpus = _load_if_current(name, source)  # another process may have prepared it
        return prepare(source, name)[0] if corpus is None else corpus


def _load_if_current(name: str, source: Path) -> Corpus | None:
    if not _is_corpus_outdated(prepared_folder() / name / "corpus.json", source):
        with suppress(CorpusError):  # another format, or damaged: preparing again mends both
            return load_corpus(name)
    return None


def load(name: str = DEMO_NAME, *, languages: Collection[str] = DEFAULT_LANGUAGES) -> Corpus:
    """Return the part of a prepared corpus in these `languages`, French by default. () means all languages."""
    return open_corpus(name).where(languages=languages)


def _no_lyrics_error(source: Source, report: Report) -> SourceError:
    if len(report.skipped) == 1:
        return SourceError("{reason}", reason=report.skipped[0].reason)
    if report.skipped:
        first = report.skipped[0]
        return SourceError(
            "No lyrics were found in {source}: no song contains a word. The first: {file}: {reason}",
            source=source.path, file=first.source, reason=first.reason
        )  # fmt: skip
    return SourceError("No lyrics were found in {source}: no song contains a word.", source=source.path)


def _deduplicate_songs(merged: MergedShards, report: Report) -> tuple[Mask, list[str]]:
    """Return (bool[songs]: which songs to keep, the fingerprint of each song). Related songs share a fingerprint."""
    songs = merged.songs
    duplicates = merged.duplicates(_metadata_completeness(merged))
    sources, prints = songs["source"].to_pylist(), songs["fingerprint"].to_pylist()
    report.duplicates = [
        {"dropped": sources[m.dropped], "kept": sources[m.kept], "kind": m.kind, "containment": m.containment}
        for m in duplicates.merged
    ]
    keep = np.ones(len(songs), bool)
    keep[[m.dropped for m in duplicates.merged]] = False
    return keep, [prints[group] for group in duplicates.groups]


def _metadata_completeness(merged: MergedShards) -> list[float]:
    """Return how much metadata each song has. Of two copies of a song, the more complete one is kept."""
    values = zip(*(merged.songs[name].to_pylist() for name in ("featuring", "year", "album")), strict=True)
    return [2 * bool(featuring) + (year is not None) + 0.5 * bool(album) for featuring, year, album in values]


def _fill_report(corpus: Corpus, merged: MergedShards, keep: Mask, report: Report) -> None:
    """Fill in the sizes, the languages, the text kept and dropped, and the data statement of a report."""
    report.tally = merged.outcome.complete_account(keep, total_size(merged.sizes[keep]))
    report.account = merged.outcome.account
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


def _is_corpus_outdated(prepared: Path, source: Path) -> bool:
    """Return whether a prepared corpus.json is unreadable or older than a file of its source."""
    try:
        since = prepared.stat().st_mtime
        read_json_object(prepared)
    except (OSError, ValueError):
        return True
    return any(path.stat().st_mtime > since for path in (source, *source.rglob("*")))
