"""What is striking about a corpus: stored beside it, or found once for its first visitor and stored then."""

import streamlit as st

from dashboard.cache.corpus_cache import open_corpus, subcorpus
from dashboard.cache.result_cache import LARGE
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.findings import Finding, findings
from pipeline.analysis.precomputed import entry_of
from pipeline.analysis.sound.phonetic_table import transcribe_lines


@st.cache_data(max_entries=64, show_spinner=False)
def _find(selection: Selection) -> list[Finding]:
    table = entry_of(transcribe_lines).load(open_corpus(selection.corpus))
    return entry_of(findings).store(subcorpus(selection), table)


def corpus_findings(selection: Selection, *, wait: bool) -> list[Finding] | None:
    """Return the findings of a whole corpus. Without `wait` None where they are still to be sought, which takes
    seconds; in a large corpus they are sought by `prepare` alone. Of rhymes they tell once lines are transcribed."""
    part = subcorpus(selection)
    stored = entry_of(findings).load(part)
    if stored is not None or not wait:
        return stored
    return [] if len(part.lines) >= LARGE else _find(selection)
