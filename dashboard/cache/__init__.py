"""The border between Streamlit and the pipeline: the only `st.cache_data` and `st.cache_resource` of the dashboard.

corpus_cache      the visitor, the prepared corpora that they may read, and the subcorpus that a selection asks for
result_cache      what functions return for a selection or for plain arguments: `query`, `call` and `resource`
phonetics_cache   pronunciations and phonetic tables of corpora
run_cache         trained models in memory, and the processes that write with them

What is cached is shared by all visitors and read-only. A result is filed under the name of the function, the selection
and the other arguments, never under the data; the selection holds the version of its corpus, so that a corpus that is
prepared again is asked anew.
"""

from dashboard.cache.corpus_cache import (
    corpus_findings,
    corpus_names,
    corpus_version,
    current_visitor,
    open_corpus,
    song_url_keys,
    subcorpus,
)
from dashboard.cache.phonetics_cache import (
    line_pronunciations,
    phonetic_table,
    pronunciations,
    visitor_pronunciations,
    vowel_table,
)
from dashboard.cache.result_cache import call, query, resource
from dashboard.cache.run_cache import (
    OpenRun,
    ask_writers,
    cached_result_of_run,
    default_sampling_settings,
    has_network,
    load_writer_vocabulary,
    network_names,
    open_network,
    request_text,
    run_names,
    run_table,
    run_version,
    start_writers,
    writer_names,
    writer_pronunciations,
)
