"""The current visitor, prepared corpora in memory, the subcorpus of a selection, and the findings of a corpus.

Corpora are shared by all visitors, read-only; names of corpora are those that the current visitor may read.
"""

import streamlit as st

from dashboard.queries.subcorpus import Selection, song_keys
from dashboard.queries.uploads import is_local
from dashboard.queries.visitors import Visitor, identify, verified_email
from pipeline.analysis.findings import Finding, striking_findings
from pipeline.analysis.precomputed import load_or_compute, precomputed_result_of
from pipeline.analysis.sound.phonetic_table import transcribe_lines
from pipeline.analysis.variants import VARIANTS, first_occurrence_mask, lemmatise
from pipeline.core.errors import CorpusError
from pipeline.core.paths import DEMO_NAME
from pipeline.corpus import prepare
from pipeline.corpus.store import CORPUS_OWNERS, corpus_version, list_corpora
from pipeline.corpus.table import Corpus
from pipeline.language import g2p

_LOCAL, TOKEN = "visitor-is-local", "editor-token"


def current_visitor() -> Visitor:
    """Return the visitor of the current session."""
    if _is_local_session():
        return identify(local=True)
    user = st.user.to_dict()
    named = bool(user.get("is_logged_in") and user.get("sub"))
    return identify(
        local=False,
        account=f"{user.get('iss', '')}|{user['sub']}" if named else None,
        email=verified_email(user) if named else "",
        token=str(st.session_state.get(TOKEN, "")),
    )


def _is_local_session() -> bool:
    """Return whether the session began on this machine. Cached: when the browser is closed, its headers are gone."""
    if _LOCAL not in st.session_state:
        headers = st.context.headers.to_dict()
        st.session_state[_LOCAL] = is_local(st.get_option("server.address"), headers)
    return bool(st.session_state[_LOCAL])


@st.cache_resource(show_spinner="Preparing the embedded corpus, a few seconds…")
def _ensure_demo() -> None:
    prepare.ensure_demo()
    g2p.unload_model()  # 285 MB that pages of a prepared corpus do not ask for


def corpus_names() -> list[str]:
    """Return the names of the prepared corpora that the visitor may read, the demo corpus first, prepared if
    missing."""
    if not corpus_version(DEMO_NAME):
        _ensure_demo.clear()
    _ensure_demo()
    names = sorted(list_corpora(), key=lambda name: (name != DEMO_NAME, name))
    return CORPUS_OWNERS.readable_names(names, current_visitor().name)


@st.cache_resource(max_entries=4, show_spinner="Opening the corpus…")
def corpus_of_version(name: str, version: int) -> Corpus:
    """Return a prepared corpus from the cache, whose key includes the version of the file on disk.

    One that comes with Seize and is of another format is prepared anew.
    """
    return prepare.open_corpus(name)


def open_corpus(name: str) -> Corpus:
    """Return a prepared corpus. Raise CorpusError when there is none of that name that the visitor may read."""
    check_read_permission(name)
    return corpus_of_version(name, corpus_version(name))


def check_read_permission(name: str) -> None:
    """Raise CorpusError when there is no corpus of that name, or the visitor may not read it (any longer)."""
    if not corpus_version(name) or not CORPUS_OWNERS.readable_names([name], current_visitor().name):
        raise CorpusError("There is no corpus {name!r} here: choose another one.", name=name)


@st.cache_resource(max_entries=4, show_spinner=False)
def _cached_song_url_keys(name: str, version: int) -> dict[int, str]:
    return song_keys(corpus_of_version(name, version))


def song_url_keys(name: str) -> dict[int, str]:
    """Return song id -> key of the song in page addresses (`song_keys`), for a whole corpus. Read-only."""
    return _cached_song_url_keys(name, corpus_version(name))


@st.cache_resource(max_entries=64, show_spinner=False)
def _subcorpus(selection: Selection) -> Corpus:
    if selection.lemmas:
        return lemmatise(_subcorpus(selection._replace(lemmas=False)))
    if selection.variant != "written":  # made of the subcorpus as written, whose cached answers it shares
        as_written = _subcorpus(selection._replace(variant="written"))
        if selection.variant == "once":
            load_or_compute(first_occurrence_mask, as_written)
        return VARIANTS[selection.variant](as_written)
    return selection.subcorpus_of(corpus_of_version(selection.corpus, selection.version))


def subcorpus(selection: Selection) -> Corpus:
    """Return the songs and lines of a selection as a corpus. Raise CorpusError as `check_read_permission` does."""
    check_read_permission(selection.corpus)
    return _subcorpus(selection._replace(layer="lyrics"))


LARGE_CORPUS_LINES = 100_000  # lines of a corpus whose findings `prepare` alone computes


@st.cache_data(max_entries=64, show_spinner=False)
def _compute_findings(selection: Selection) -> list[Finding]:
    table = precomputed_result_of(transcribe_lines).load(open_corpus(selection.corpus))
    return precomputed_result_of(striking_findings).store(subcorpus(selection), table)


def corpus_findings(selection: Selection, *, wait: bool) -> list[Finding] | None:
    """Return the findings (striking facts) of a whole corpus that `prepare` stored. Where none are stored, compute them
    if `wait` is set and the corpus is small; otherwise return None."""
    part = subcorpus(selection)
    stored = precomputed_result_of(striking_findings).load(part)
    if stored is not None or not wait:
        return stored
    return None if len(part.lines) >= LARGE_CORPUS_LINES else _compute_findings(selection)
