"""The border between Streamlit and the pipeline: the only `st.cache_data` and `st.cache_resource` of the dashboard.

corpus_cache      prepared corpora, and the subcorpus that a selection asks for
result_cache      what functions return for a selection or for plain arguments
findings_cache    what is striking about a corpus
phonetics_cache   how the words and lines of a corpus sound
run_cache         trained models, ready to be played
import_cache      a first look at what a visitor brings
writer_cache      the processes that write, and what a page asks of them
session_visitor   who looks at the page: names of corpora and runs are those that this visitor may read

What is cached is shared by all visitors and read-only. A result is filed under the name of the function, the selection
and the other arguments, never under the data; the selection holds the version of its corpus, so that a corpus that is
prepared again is asked anew.
"""

from dashboard.cache.corpus_cache import corpus_names, corpus_version, keys_of_songs, open_corpus, subcorpus
from dashboard.cache.findings_cache import corpus_findings
from dashboard.cache.import_cache import archived_name, preview, table_columns
from dashboard.cache.phonetics_cache import (
    line_pronunciations,
    phonetic_table,
    pronunciations,
    visitor_pronunciations,
    vowel_table,
)
from dashboard.cache.result_cache import (
    call,
    call_for_a_while,
    call_resource,
    prefetch,
    prime,
    query,
    query_phonetic_table,
    query_phonetics,
    query_resource,
    query_with_progress,
)
from dashboard.cache.run_cache import (
    OpenRun,
    network_names,
    of_network,
    open_network,
    open_writer,
    run_names,
    run_sampling,
    run_version,
    writer_names,
    writer_pronunciations,
)
from dashboard.cache.session_visitor import current_visitor
from dashboard.cache.writer_cache import ask_writers, begin_text, start_writers

__all__ = [
    "OpenRun",
    "archived_name",
    "ask_writers",
    "begin_text",
    "call",
    "call_for_a_while",
    "call_resource",
    "corpus_findings",
    "corpus_names",
    "corpus_version",
    "current_visitor",
    "keys_of_songs",
    "line_pronunciations",
    "network_names",
    "of_network",
    "open_corpus",
    "open_network",
    "open_writer",
    "phonetic_table",
    "prefetch",
    "preview",
    "prime",
    "pronunciations",
    "query",
    "query_phonetic_table",
    "query_phonetics",
    "query_resource",
    "query_with_progress",
    "run_names",
    "run_sampling",
    "run_version",
    "start_writers",
    "subcorpus",
    "table_columns",
    "visitor_pronunciations",
    "vowel_table",
    "writer_names",
    "writer_pronunciations",
]
