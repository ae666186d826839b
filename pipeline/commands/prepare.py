"""The command that prepares a corpus, with what pages ask first of a large one."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pipeline.commands.arguments import command, options_dataclass, parse_path
from pipeline.commands.output import Progress, print_json
from pipeline.core.errors import CorpusError, LimitError, Sentence, SettingError
from pipeline.core.folders import replace_file_atomically
from pipeline.core.paths import SHIPPED_CORPORA
from pipeline.core.translation import format_decimal, t

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from pipeline.corpus.table import Corpus

# Lines from which answers are precomputed; below, the first visit of the Sound page takes a few
# seconds, and of the others a fraction of one.
LARGE_CORPUS_LINES = 100_000
_LARGE_SOURCE = 4 << 20  # bytes of so many lines
_MEMORY, _MEMORY_A_BYTE = 2 << 30, 40  # bytes; the largest corpora measured took 15 for each of their own
_MEMORY_A_FILE = 40_000  # bytes; files of two lines, each with words of its own, took 30 kB
SUGGESTED_MERGES_VALUE = "suggested"  # of --merge
USABLE_SENTENCE = Sentence("usable now, pronunciations follow")
_PREPARATION_SHARE = 0.6  # share of the work that is done when a large corpus is prepared and no answer computed


@options_dataclass()
class PrepareArguments:
    """Options of `prepare`: the source, and how it is prepared.

    source SOURCE: a folder of text files; or one file: text, CSV, TSV, XLSX, ODS, Parquet, Arrow, JSON, JSONL, HTML,
        LRC, SRT; or a zip of any of them
    --name: the name of the corpus: lowercase letters, digits, - and _
    --format: text, artists (one file per artist), csv, parquet, json or jsonl (default: detected)
    --column FIELD=COLUMN: which column has a field (lyrics, title, artist, album, date, featuring), such as --column
        lyrics=paroles; nothing after =: none; may be repeated
    --only COLUMN=VALUE: for tables: only rows with this value in this column, such as --only tag=rap --only
        language=fr; may be repeated; a CSV may then be larger than memory
    --merge NAME=ARTIST: songs of NAME are by ARTIST, such as --merge Mhd=MHD; --merge suggested: names that differ
        only in capitals, accents, spaces, punctuation or a final number; may be repeated
    --count: only count the rows that --only selects
    --replace: with --name demo: replace the built-in songs with these
    --report FILE: also write the quality report to FILE: a page if it ends in .html, else JSON
    --pos: also tag the part of speech of every word (extra seize[pos])
    --scheduler ADDRESS: a Dask scheduler, such as tcp://10.0.0.1:8786, whose workers share the work (extra dask)
    --work FOLDER: a folder where workers leave their shards: with --scheduler, one that they can all reach (default:
        this computer's temporary files)
    --json: print the quality report as one JSON object
    --quiet: print nothing unless something fails
    """

    source: Annotated[Path, parse_path]
    name: str
    format: str | None = None
    column: Sequence[str] = ()
    only: Sequence[str] = ()
    merge: Sequence[str] = ()
    count: bool = False
    replace: bool = False
    report: Path | None = None
    pos: bool = False
    scheduler: str | None = None
    work: Path | None = None
    json: bool = False
    quiet: bool = False


@command()
def prepare(args: PrepareArguments) -> None:
    """Read, clean and index raw lyrics into a corpus that pages and other commands open by name.

    For a large corpus, the first results of the pages are computed and stored as well, so that no visitor waits.
    """
    from pipeline.corpus.readers.blobs import count_files, size_in_bytes
    from pipeline.corpus.store import lock_corpus
    from pipeline.language.pos_tagger import check_tagger
    from pipeline.processes.executors import dask_executor, worker_executor
    from pipeline.processes.limits import collect_garbage_less_often, free_blocks_at_once, limit_memory_temporarily

    pairs = [column.partition("=") for column in args.column]
    if bad := [field for field, equals, _ in pairs if not (field and equals)]:
        raise SettingError("--column takes FIELD=COLUMN, such as lyrics=paroles, not {given!r}.", given=bad[0])
    if bad := [given for given in args.only if not all(given.partition("="))]:
        raise SettingError("--only takes COLUMN=VALUE, such as tag=rap, not {given!r}.", given=bad[0])
    if bad := [given for given in args.merge if given != SUGGESTED_MERGES_VALUE and not all(given.partition("="))]:
        raise SettingError("--merge takes NAME=ARTIST or `suggested`, not {given!r}.", given=bad[0])
    if args.count:
        _print_row_count(args)
        return
    if args.report and (args.report.is_dir() or not args.report.parent.is_dir()):
        raise SettingError(
            "--report cannot be written to {file}: give a file in a folder that exists.", file=str(args.report)
        )
    columns = {field: column for field, _, column in pairs}
    _protect_shipped_corpus(args)
    free_blocks_at_once()
    collect_garbage_less_often()
    if args.pos:
        check_tagger()
    size = size_in_bytes(args.source)
    with ExitStack() as stack:
        stack.enter_context(lock_corpus(args.name))
        stack.enter_context(_convert_memory_errors(args.name))
        executor: Executor | None
        if args.scheduler:
            executor = stack.enter_context(dask_executor(args.scheduler))
        else:
            executor = stack.enter_context(worker_executor(worth=size >= _LARGE_SOURCE))
            files = count_files(args.source)
            stack.enter_context(limit_memory_temporarily(_MEMORY + _MEMORY_A_BYTE * size + _MEMORY_A_FILE * files))
        _prepare_corpus(args, columns, executor, much=size >= _LARGE_SOURCE)


def _row_filters(args: PrepareArguments) -> dict[str, str]:
    return {column: value for column, _, value in (given.partition("=") for given in args.only)}


def _print_row_count(args: PrepareArguments) -> None:
    """Print how many rows of a table the filters of `prepare` select."""
    from pipeline.corpus.readers.sources import count_matching_rows, recognise_source

    wanted, rows = count_matching_rows(recognise_source(args.source, args.format, only=_row_filters(args)))
    if args.json:
        print_json({"wanted": wanted, "rows": rows})
    else:
        print(t("{wanted} of {rows} rows", wanted=format_decimal(wanted), rows=format_decimal(rows)))


@contextmanager
def _convert_memory_errors(name: str) -> Iterator[None]:
    """Raise CorpusError when memory runs out after the corpus was stored. The corpus can be used all the same."""
    from concurrent.futures import BrokenExecutor

    from pipeline.corpus.store import corpus_version

    before = corpus_version(name)
    try:
        yield
    except (LimitError, MemoryError, BrokenExecutor) as error:
        if corpus_version(name) in (0, before):
            raise
        raise CorpusError(
            "The corpus {name!r} is prepared and can be opened, but memory ran out afterwards: pages will compute the "
            "rest when first visited. Split the source, or delete the corpus.",
            name=name,
        ) from error


def _protect_shipped_corpus(args: PrepareArguments) -> None:
    shipped = SHIPPED_CORPORA.get(args.name)
    if shipped and not args.replace and Path(args.source).resolve() != shipped:
        raise SettingError(
            "{name!r} is a corpus included with Seize. Choose another name, or add --replace (preparing data/{name} "
            "restores it).",
            name=args.name,
        )


def _prepare_corpus(
    args: PrepareArguments, columns: dict[str, str], executor: "Executor | None" = None, *, much: bool = False
) -> None:
    from pipeline.corpus.prepare import prepare
    from pipeline.corpus.report import report_page

    progress = Progress(quiet=args.quiet)
    corpus, report = prepare(
        args.source,
        args.name,
        format=args.format,
        columns=columns or None,
        only=_row_filters(args) or None,
        on_progress=(lambda share, doing: progress(_PREPARATION_SHARE * share, doing)) if much else progress,
        executor=executor,
        work=args.work,
    )
    if args.merge:
        corpus = _merge_artists(args.name, args.merge)
    if len(corpus.lines) >= LARGE_CORPUS_LINES:
        progress(
            _PREPARATION_SHARE, Sentence("{usable}; computing results for the first pages", usable=USABLE_SENTENCE)
        )

        def on_progress(share: float) -> None:
            sentence = Sentence("{usable}; transcribing the lines, {share:.0%}", usable=USABLE_SENTENCE, share=share)
            progress(_PREPARATION_SHARE + (1 - _PREPARATION_SHARE) * share, sentence)

        precompute_results(corpus, on_progress, executor)
    if args.pos:
        _tag_parts_of_speech(corpus, progress, executor if args.scheduler else None)
    if much:
        progress(1.0, Sentence("done"))
    if args.report:
        as_page, data = args.report.suffix.lower() in (".html", ".htm"), report.to_json()
        with replace_file_atomically(args.report) as draft:
            draft.write_text(report_page(data) if as_page else json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
    if args.json:
        print_json(report.to_json())
    elif not args.quiet:
        print(report)


def _merge_artists(name: str, merge_options: Sequence[str]) -> "Corpus":
    """Store the artist merges that --merge gives; return the corpus with the merged names."""
    from pipeline.corpus.artist_names import suggest_merges
    from pipeline.corpus.store import artists_as_read, load_corpus, save_artist_merges

    merges = suggest_merges(artists_as_read(name)) if SUGGESTED_MERGES_VALUE in merge_options else {}
    save_artist_merges(
        name, merges | {name: artist for name, _, artist in (pair.partition("=") for pair in merge_options) if artist}
    )
    return load_corpus(name)


def _tag_parts_of_speech(corpus: "Corpus", progress: Progress, executor: "Executor | None") -> None:
    from pipeline.corpus.layers import tag_corpus
    from pipeline.processes.executors import worker_executor

    with worker_executor(executor, worth=len(corpus.lines) >= LARGE_CORPUS_LINES) as pool:

        def on_progress(share: float) -> None:
            progress(
                share, Sentence("{usable}; tagging parts of speech, {share:.0%}", usable=USABLE_SENTENCE, share=share)
            )

        tag_corpus(corpus, on_progress, pool)


def precompute_results(
    corpus: "Corpus", on_progress: Callable[[float], object] = lambda share: None, executor: "Executor | None" = None
) -> None:
    """Compute the results that pages need first, and store them beside a corpus. Lines are transcribed by `executor`
    or, by default, by local processes. Local processes end when that is done.

    Raise CorpusError when a process ends; the corpus stays in any case, and who stops this loses nothing of it.
    """
    from concurrent.futures import BrokenExecutor

    from pipeline.analysis.methods import precompute
    from pipeline.processes.executors import LocalWorkers, worker_executor

    pool = executor if isinstance(executor, LocalWorkers) else worker_executor(executor, worth=True)
    try:
        precompute(corpus, pool, on_progress=on_progress)
    except BrokenExecutor as error:
        raise CorpusError(
            "The corpus {name!r} is prepared, but the transcription of its lines stopped: a worker process ended, "
            "perhaps for lack of memory. The page Rhymes and sounds will transcribe them when first visited.",
            name=corpus.name,
        ) from error
