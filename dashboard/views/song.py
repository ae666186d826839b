"""What is in this song?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import sections
from dashboard.components import filters, frame, reader
from dashboard.components.card import card
from dashboard.components.exports import exports
from dashboard.words import count, share
from pipeline.analysis.lines import describe_lines
from pipeline.analysis.repetition import line_similarity, song_repetition
from pipeline.corpus.store import load_original

selection = filters.selected()
corpus = cache.part(selection)
songs = corpus.songs
if songs.empty:
    frame.question("What is in this song?")
    frame.empty("No song is selected. Clear a filter in the sidebar.")
    st.stop()
slot = st.container()
song = st.selectbox(
    "Song",
    songs.index.tolist(),
    format_func=lambda i: f"{songs.at[i, 'artist']} – {songs.at[i, 'title']}",
    key="song",
    bind="query-params",
)
row = songs.loc[song]
facts = cache.ask(song_repetition, selection, compression=False).set_index("song").loc[song]
with slot:
    frame.question(row["title"])
    artist, album, guests = (frame.safe(row[name]) for name in ("artist", "album", "featuring"))
    origin = [artist + (f", with {guests}" if guests else ""), f"<i>{album}</i>", *row[["year"]].dropna().map(str)]
    frame.answer(
        f"{', '.join(origin)}. {count(facts['lines'], 'line')}, <b>{count(facts['words'], 'word')}</b>, "
        f"<b>{share(facts['repetition'])}</b> of them in repeated lines."
    )
left, right = st.columns([3, 2], gap="large")
with left:
    reader.song(corpus, song)
with right:
    lines = [text for _, text in corpus.song_lines(song)]
    similarity = cache.ask(line_similarity, selection, song)
    figure = sections.against_itself(similarity, lines)
    card(
        "The song against itself",
        figure,
        key="itself",
        note="Bright squares are lines alike; stripes off the diagonal, refrains.",
    )
    exports(describe_lines(corpus, corpus.lines.index[corpus.lines["song"] == song]), "song")
    with st.expander("As it was read, before cleaning"):
        st.html(f'<p class="beside" lang="fr">{frame.safe(load_original(selection.corpus, song))}</p>')
frame.how_to_read("song")
