"""What is in this song?"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import sections
from dashboard.components import address, filters, page_layout, reader
from dashboard.components.exports import exports
from dashboard.components.figure_card import pick_card
from dashboard.components.lines import line_list
from dashboard.locale.formats import count, share
from pipeline.analysis.lines import describe_lines
from pipeline.analysis.repetition import line_similarity, song_repetition
from pipeline.corpus.store import load_original

ALIKE = 0.5  # Dice: half of the words of both


def alike(similarity: np.ndarray, described: pd.DataFrame) -> None:
    """The lines that share half of their words or more with a picked one."""
    lines = described["text"].tolist()
    if (st.session_state.get("itself_line") or 1) > len(lines):
        del st.session_state["itself_line"]  # of a longer song
    picked = st.selectbox(
        "Read the lines like line …",
        range(1, len(lines) + 1),
        None,
        key="itself_line",
        bind="query-params",
        format_func=lambda number: f"{number}. {lines[number - 1]}",
        placeholder="Click a square, or choose",
    )
    if picked is not None:
        likeness = similarity[picked - 1]
        order = np.argsort(-likeness, kind="stable")
        found = order[likeness[order] >= ALIKE]
        table = described.iloc[found].assign(alike=likeness[found])
        line_list(table, key="lines-alike", title=f"Line {picked} and those like it", length=8)


selection = filters.selected()
corpus = cache.subcorpus(selection)
songs = corpus.songs
if songs.empty:
    page_layout.question("What is in this song?")
    page_layout.empty_state("No song is selected. Clear a filter in the sidebar.")
    st.stop()
slot = st.container()
names = (songs["artist"] + " – " + songs["title"]).to_dict()
address.check("song", names.values(), "song")
song = st.selectbox(
    "Song",
    songs.index.tolist(),
    format_func=names.get,
    key="song",
    bind="query-params",
)
row = songs.loc[song]
facts = song_repetition(corpus.where(songs=[song]), compression=False).iloc[0]
with slot:
    page_layout.question(row["title"])
    artist, album, guests = (page_layout.escape_html(row[name]) for name in ("artist", "album", "featuring"))
    origin = [artist + (f", with {guests}" if guests else ""), f"<i>{album}</i>" if album else ""]
    origin = [each for each in (*origin, *row[["year"]].dropna().map(str)) if each]
    repeated = f", <b>{share(facts['repetition'])}</b> of them in repeated lines" if facts["words"] else ""
    page_layout.answer(
        f"{', '.join(origin)}. {count(facts['lines'], 'line')}, <b>{count(facts['words'], 'word')}</b>{repeated}."
    )
left, right = st.columns([3, 2], gap="large")
with left:
    reader.song(corpus, song)
with right:
    described = describe_lines(corpus, corpus.lines.index[corpus.lines["song"] == song])
    similarity = cache.query(line_similarity, selection, song)
    pick_card(
        "The song against itself",
        sections.against_itself(similarity, ALIKE),
        key="itself",
        picks="itself_line",
        note="Bright squares are lines alike; stripes off the diagonal, refrains. Click one to read such lines.",
    )
    exports(described, "song")
    alike(similarity, described)
    with st.expander("As it was read, before cleaning"):
        st.html(f'<p class="beside" lang="fr">{page_layout.escape_html(load_original(selection.corpus, song))}</p>')
page_layout.how_to_read("song")
