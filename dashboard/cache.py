"""The border to the pipeline, and the only place that remembers: loaded corpora, parts of them, answers, runs.

A corpus is shared by all visitors and read-only. Answers are filed under the name of the function, the selection and
the other arguments, never under the data.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx

from dashboard.selection import AS_WRITTEN, Selection
from pipeline.analysis.line_sounds import corpus_pronunciations, line_sounds
from pipeline.analysis.precomputed import answer, entry_of
from pipeline.analysis.rhymes import vowel_counts
from pipeline.analysis.versions import VERSIONS, each_line_once, first_in_song
from pipeline.cells.replay import Network
from pipeline.corpus.prepare import ensure_demo
from pipeline.corpus.store import list_corpora, load_corpus, load_pronunciations
from pipeline.corpus.table import Corpus
from pipeline.errors import SeizeError
from pipeline.generation.workshop import Workshop, open_workshop
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.protocol import LanguageModel
from pipeline.paths import DEMO_NAME, models_folder, prepared_folder
from pipeline.runs.run import CONFIG, list_runs, load_run

P = ParamSpec("P")
T = TypeVar("T")

_LARGE = 100_000  # lines of a part whose questions take long enough to be worked out side by side


@st.cache_resource(show_spinner="Preparing the embedded corpus, a few seconds…")
def _demo() -> None:
    ensure_demo()


def corpora() -> list[str]:
    """Names of the prepared corpora, the embedded one first; it is prepared when it is missing."""
    if not (prepared_folder() / DEMO_NAME / "corpus.json").is_file():
        _demo.clear()
    _demo()
    return sorted(list_corpora(), key=lambda name: (name != DEMO_NAME, name))


def version(name: str) -> int:
    """A number that changes when the corpus is prepared again."""
    try:
        return (prepared_folder() / name / "corpus.json").stat().st_mtime_ns
    except OSError:
        return 0


@st.cache_resource(max_entries=4, show_spinner="Opening the corpus…")
def _corpus(name: str, version: int) -> Corpus:
    return load_corpus(name)


def whole(name: str) -> Corpus:
    """A prepared corpus. Raises CorpusError."""
    return _corpus(name, version(name))


@st.cache_resource(max_entries=64, show_spinner=False)
def _part(place: Selection) -> Corpus:
    if place.lyrics != AS_WRITTEN:  # a version is made of the part as written, with what is kept with that
        written = _part(place._replace(lyrics=AS_WRITTEN))
        if VERSIONS[place.lyrics] is each_line_once:
            answer(first_in_song, written)
        return VERSIONS[place.lyrics](written)
    return place.of(_corpus(place.corpus, place.version))


def part(selection: Selection) -> Corpus:
    """The selected part of its corpus; the layer plays no role."""
    return _part(selection._replace(layer="lyrics"))


@st.cache_data(max_entries=512, show_spinner=False)
def _answer(name: str, selection: Selection, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return answer(_function, part(selection), *args, **dict(options))


def ask(function: Callable[Concatenate[Corpus, P], T], selection: Selection, *args: P.args, **options: P.kwargs) -> T:
    """`function(selected part, *args, **options)`, cached; from what `prepare` stored where it was precomputed.

    The arguments have to be plain values.
    """
    name = f"{function.__module__}.{function.__qualname__}"
    return _answer(name, selection, args, tuple(sorted(options.items())), function)


@st.cache_resource(max_entries=24, show_spinner=False)
def _shared(name: str, selection: Selection, args: Any, _function: Callable[..., T]) -> T:
    return _function(part(selection), *args)


def share(function: Callable[Concatenate[Corpus, P], T], selection: Selection, *args: P.args) -> T:
    """`ask` for an answer that holds the corpus: one copy, which all share and nobody changes."""
    return _shared(f"{function.__module__}.{function.__qualname__}", selection, args, function)


def begin(
    function: Callable[Concatenate[Corpus, P], T], selection: Selection, *args: P.args, **options: P.kwargs
) -> None:
    """Begin with what `ask` will be asked for in a moment, beside what the page works out until then.

    For large parts, where NumPy works outside the interpreter's lock; `ask` waits for what is under way. A problem is
    told when it is asked for.
    """
    if len(part(selection).lines) < _LARGE:
        return

    def work_out() -> None:
        with suppress(SeizeError):
            ask(function, selection, *args, **options)

    thread = Thread(target=work_out, name="begun", daemon=True)
    add_script_run_ctx(thread)
    thread.start()


@st.cache_data(max_entries=512, show_spinner=False)
def _worked(name: str, args: Any, options: Any, _function: Callable[..., T]) -> T:
    return _function(*args, **dict(options))


def work(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """`function(*args, **options)`, remembered: for what depends on no corpus. Its arguments are plain values."""
    name = f"{function.__module__}.{function.__qualname__}"
    return _worked(name, args, tuple(sorted(options.items())), function)


@st.cache_resource(max_entries=24, show_spinner="Opening…")
def _kept(name: str, args: Any, _function: Callable[..., T]) -> T:
    return _function(*args)


def keep(function: Callable[P, T], *args: P.args) -> T:
    """`function(*args)`, remembered as one copy that all share: for networks, which nobody changes."""
    return _kept(f"{function.__module__}.{function.__qualname__}", args, function)


@st.cache_resource(max_entries=4, show_spinner="Learning how the words sound…")
def _pronunciations(name: str, version: int) -> Pronunciations:
    # none are stored with a corpus prepared by an early version: one batch is far quicker than word by word
    return load_pronunciations(name) or corpus_pronunciations(_corpus(name, version))


def pronunciations(name: str = DEMO_NAME) -> Pronunciations:
    """How the words of a prepared corpus sound, as stored with it: no model is loaded for them. Raises CorpusError.

    It learns what else it is asked; text of a visitor goes to `own_pronunciations`, so that it does not grow for ever.
    """
    return _pronunciations(name, version(name))


@st.cache_resource(max_entries=64, show_spinner=False)
def _few(name: str, version: int, words: tuple[str, ...]) -> Pronunciations:
    table = load_pronunciations(name, words)
    table.learn(words)
    return table


def line_pronunciations(lines: Iterable[str], name: str = DEMO_NAME) -> Pronunciations:
    """How the words of some lines of a prepared corpus sound: all its words take seconds when they are many."""
    words = {word for line in lines for word in tokenise(line)}
    return _few(name, version(name), tuple(sorted(words)))


def own_pronunciations(name: str = DEMO_NAME) -> Pronunciations:
    """The same words in a table of the caller's own, which may learn others."""
    own = Pronunciations()
    own.update(pronunciations(name))
    return own


@st.cache_resource(max_entries=4, show_spinner=False)
def _sounds(name: str, version: int) -> list[pd.DataFrame]:
    return []


@st.cache_resource(max_entries=4, show_spinner=False)
def _listening(name: str, version: int) -> Lock:
    return Lock()


def sounds(name: str) -> pd.DataFrame:
    """`line_sounds` of a whole corpus, which every part of it shares. Read-only.

    The first visitor of a corpus waits for it, two minutes for a million lines, and sees how far it is; then it is
    stored beside the corpus.
    """
    shared = _sounds(name, version(name))
    with _listening(name, version(name)):
        if not shared:
            table = entry_of(line_sounds).load(whole(name))
            shared.append(_transcribed(name) if table is None else table)
    return shared[0]


def _transcribed(name: str) -> pd.DataFrame:
    doing = "Listening to every line for its syllables and rhymes: once for this corpus"
    bar = st.progress(0.0, doing)
    corpus, words = whole(name), pronunciations(name)
    table = entry_of(line_sounds).store(
        corpus, words, on_progress=lambda share: bar.progress(share, f"{doing}, {share:.0%} heard")
    )
    bar.empty()
    return table


@st.cache_resource(max_entries=4, show_spinner="Counting the vowels of every word…")
def _vowels(name: str, version: int) -> pd.DataFrame:
    corpus = _corpus(name, version)
    table = entry_of(vowel_counts).load(corpus)
    return entry_of(vowel_counts).store(corpus, _pronunciations(name, version)) if table is None else table


def vowels(name: str) -> pd.DataFrame:
    """`vowel_counts` of a whole corpus. Read-only."""
    return _vowels(name, version(name))


@dataclass(frozen=True, eq=False)
class OpenRun:
    """A run whose weights are in memory, which visitors share: what the writer needs, and the lessons."""

    name: str
    vocabulary: Vocabulary
    model: LanguageModel
    corpus: str = DEMO_NAME
    replay: Network | None = None

    def network(self) -> Any:
        """The network itself, with its gates; of `run` alone."""
        return self.replay

    def player(self) -> LanguageModel:
        """The model, as the writer asks for it."""
        return self.model


def of_network(name: str, vocabulary: Vocabulary, network: Network) -> OpenRun:
    """A network, open."""
    return OpenRun(name, vocabulary, NetworkModel(network), replay=network)


def runs() -> list[str]:
    """Names of the runs, those that came with Seize first."""
    return sorted(list_runs(), key=lambda name: (not name.startswith(DEMO_NAME), name))


@st.cache_data(max_entries=256, show_spinner=False)
def _kind(name: str, version: int) -> str:
    return load_run(name).kind


def networks() -> list[str]:
    """Those of them that have a network."""
    return [name for name in runs() if _kind(name, run_version(name)) != "ngram"]


@st.cache_resource(max_entries=4, show_spinner="Opening the model…")
def _run(name: str, version: int) -> OpenRun:
    run = load_run(name)
    return of_network(run.name, run.vocabulary, run.network())


def run(name: str) -> OpenRun:
    """A run, ready to write. Raises RunError."""
    return _run(name, run_version(name))


@st.cache_resource(max_entries=4, show_spinner="Opening the model…")
def _writer(name: str, version: int) -> OpenRun:
    run = load_run(name)
    about = run.config.get("corpus", {})
    corpus = DEMO_NAME if about.get("text") else about.get("name", DEMO_NAME)  # a plain text has no words of its own
    return OpenRun(run.name, run.vocabulary, run.player(), corpus)


def writer(name: str) -> OpenRun:
    """A run of any kind as the Write pages play it. Raises RunError."""
    return _writer(name, run_version(name))


def writers() -> list[str]:
    """Names of the runs that can write, those that came with Seize first, and of these the words before the letters."""

    def order(name: str) -> tuple[bool, bool, str]:
        return not name.startswith(DEMO_NAME), "word" not in name, name

    return sorted((name for name in list_runs() if not name.startswith("learn-")), key=order)


@st.cache_resource(max_entries=4, show_spinner="Listening to the words that can rhyme, a few seconds…")
def _workshop(name: str, run_version: int, corpus: str, corpus_version: int) -> Workshop:
    return open_workshop(writer(name), whole(corpus), own_pronunciations(corpus))


def workshop(name: str) -> Workshop:
    """What a run needs to write to measure, on the corpus that it learnt from. Raises RunError and CorpusError."""
    corpora()  # the embedded corpus may have to be prepared
    corpus = writer(name).corpus
    return _workshop(name, run_version(name), corpus, version(corpus))


def writer_sounds(name: str) -> Pronunciations:
    """How the words that a run writes sound."""
    corpora()
    return pronunciations(writer(name).corpus)


def run_version(name: str) -> int:
    """A number that changes when the run is trained again."""
    config = models_folder() / name / CONFIG
    return config.stat().st_mtime_ns if config.is_file() else 0
