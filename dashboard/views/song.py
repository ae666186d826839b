"""One song: its text with rhymes, its repetition, and which artists each part of it resembles."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, sections
from dashboard.components.corpus import beat_player, choices, filters, flow, reader
from dashboard.components.corpus.line_list import draw_line_list
from dashboard.components.corpus.reader import most_rhymed_couplet
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import pick, pick_or_none
from dashboard.components.frame.data_table import named_table
from dashboard.components.frame.figure_card import card, clickable_card
from dashboard.components.frame.share import page_address, share_card
from dashboard.locale.escaping import escape_html
from dashboard.navigation import draw_open_tab
from dashboard.queries.cards import ShareCard, song_card
from dashboard.queries.sounds import song_syllables_on_bars
from dashboard.queries.subcorpus import Selection
from dashboard.views.structure import draw_structure
from pipeline.analysis.comparison.stylometry import rolling_delta
from pipeline.analysis.firsts import named_artist_mask
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.words.structure import song_repetition, song_self_similarity
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count, translate_labels
from pipeline.corpus.song import display_name
from pipeline.corpus.store import load_original

MAX_SONGS_LISTED = 50_000  # that are listed: more than all of French rap
MIN_LINE_SIMILARITY = 0.5  # Dice: half of the words of both
LONGEST_ORIGINAL = 20_000  # characters of a source that are shown


def draw_similar_lines(similarity: np.ndarray, described: pd.DataFrame) -> None:
    """Draw the choice of a line and the list of lines that share at least half of their words with it, or with the most
    repeated line before one is chosen."""
    lines = {at: f"{at}. {text}" for at, text in enumerate(described["text"], 1)}
    label, hint = t("Show lines like"), t("Click a square, or choose")
    picked = pick_or_none(label, lines, key="itself_line", look="list", hint=hint)
    times = (similarity >= MIN_LINE_SIMILARITY).sum(axis=1)
    if picked is None and times.max() > 1:
        picked = 1 + int(times.argmax())
    if picked is not None:
        likeness = similarity[picked - 1]
        order = np.argsort(-likeness, kind="stable")
        alike = order[likeness[order] >= MIN_LINE_SIMILARITY]
        table = described.iloc[alike].assign(alike=likeness[alike])
        draw_line_list(table, key="lines-alike", title=t("Lines similar to line {line}", line=picked), length=8)


def pick_excerpt(lines: int, size: int) -> int:
    """Draw the choice of a block of `size` lines and return its first row. A click on the figure chooses too."""
    starts = {
        at: t(
            "{first} to {last}", first=format_decimal(at * size - size + 1), last=format_decimal(min(at * size, lines))
        )
        for at in range(1, -(-lines // size) + 1)
    }
    label, hint = t("Show lines"), t("Click a square, or choose")
    picked = pick_or_none(label, starts, key="itself_line", look="list", hint=hint)
    return 0 if picked is None else (picked - 1) * size


def pick_song(selection: Selection, songs: pd.DataFrame) -> int:
    """Draw the choice of a song and return its id."""
    keys = cache.song_url_keys(selection.corpus)
    names = (songs["artist"].map(display_name) + " – " + songs["title"].map(display_name)).to_dict()
    options = {keys[song]: name for song, name in names.items()}
    bound.report_unknown("song", {*options, *names.values()})
    named = songs.index[named_artist_mask(songs)]
    first = next(iter([*most_rhymed_couplet(selection)["song"], *named, *songs.index]))  # what the first page shows
    picked = pick(t("Song"), options, keys[first], key="song", look="list", listed=MAX_SONGS_LISTED)
    return next(song for song in names if keys[song] == picked)


def draw_rhythm(selection: Selection, song: int, lines: Sequence[str]) -> None:
    """Draw the player of a song, with the timing of its source or an estimated one. A note above it says which."""
    bars = cache.query(song_syllables_on_bars, selection, song)
    if bars is None:
        page_layout.remark(t("Rhythm estimated by Seize: this source has no timing."))
        beat_player.draw_estimated_bars(lines, cache.line_pronunciations(lines, selection.corpus), key=f"beats-{song}")
    else:
        tempo = format_decimal(bars.tempo)
        if bars.words:
            message = t(
                "Timed by the source, word by word. The tempo, {tempo} beats per minute, is estimated.",
                tempo=tempo,
            )
        else:
            message = t(
                "Timed by the source, line by line; syllables within a line are spaced evenly. The tempo, {tempo} "
                "beats per minute, is estimated.",
                tempo=tempo,
            )
        page_layout.remark(message)
        beat_player.draw_timed_bars(bars, key=f"beats-{song}")
    flow.draw_song_syllable_timing(selection, song)


def draw_song() -> None:
    selection = filters.current_selection()
    corpus = cache.subcorpus(selection)
    if corpus.songs.empty:
        page_layout.draw_question(t("What is in this song?"))
        page_layout.empty_state(t("No songs selected. Clear a filter in the sidebar."))
        return
    slot, song = st.container(), pick_song(selection, corpus.songs)
    row = corpus.songs.loc[song]
    facts = song_repetition(corpus.where(songs=[song])).iloc[0]
    artist, album, guests = (escape_html(display_name(row[name])) for name in ("artist", "album", "featuring"))
    who = t("{artist}, with {guests}", artist=artist, guests=guests) if guests else artist
    origin = [each for each in (who, f"<i>{album}</i>" if album else "", *row[["year"]].dropna().map(str)) if each]
    described = line_details_table(corpus, corpus.lines.index[corpus.lines["song"] == song])
    lines, words = t_count("{n} line", "{n} lines", len(described)), facts["words"]
    if adlibs := len(described) - int(facts["lines"]):
        lines = t_count("{lines}, {n} of ad-libs alone", "{lines}, {n} of ad-libs alone", adlibs, lines=lines)
    sizes = [lines, t_count("<b>{n} word</b>", "<b>{n} words</b>", words)]
    with slot:
        page_layout.draw_question(display_name(row["title"]))
        page_layout.draw_answer(f"{', '.join(origin)}. {', '.join(sizes)}.")
        choices.note_songs_without_stanzas(corpus.where(songs=[song]))

    def make_card() -> ShareCard:
        leads = page_address("song", song=cache.song_url_keys(selection.corpus)[song], corpus=selection.corpus)
        return song_card(corpus, cache.phonetic_table(selection.corpus), song, leads)

    share_card(t("Share the song"), make_card, selection.corpus, key="song", name=f"{row['artist']} {row['title']}")
    similarity, excerpt = cache.query(song_self_similarity, selection, song)
    reader.draw_song_text(corpus, song, pick_excerpt(len(described), excerpt) if excerpt > 1 else 0)
    left, right = st.columns(2, gap="large")
    with left:
        note = t("Bright squares: similar lines; the stripes beside the main diagonal: choruses. Click to read.")
        if excerpt > 1:
            note = t(
                "Bright squares: similar blocks of {lines} lines; the stripes beside the main diagonal: choruses. "
                "Click to read.",
                lines=excerpt,
            )
        figure = sections.self_similarity_plot(similarity, MIN_LINE_SIMILARITY, excerpt)
        clickable_card(
            t("{share} of words repeat an earlier line", share=format_percentage(facts["repetition"] if words else 0)),
            figure,
            key="itself",
            picks="itself_line",
            note=note,
            table=described,
            file="song",
        )
    with right:
        if excerpt == 1:
            draw_similar_lines(similarity, described)
    page_layout.draw_fold(t("Rhythm"), draw_rhythm, selection, song, described["text"].tolist(), key="in-time")
    page_layout.draw_fold(
        t("Stylistic match, section by section"), draw_stylistic_matches, selection, song, key="authors"
    )
    page_layout.draw_fold(t("Original text"), draw_original_text, selection.corpus, song, key="as-read")


PART_COLUMN_LABELS = {
    "start": mark("From word"), "artist": mark("Nearest"), "delta": "Delta", "own": mark("Of the song's artist"),
    "text": mark("Line"),
}  # fmt: skip


def draw_stylistic_matches(selection: Selection, song: int) -> None:
    """Draw how often each artist is the closest in style to a section of 150 words of a song (rolling Delta)."""
    selection = selection._replace(lemmas=False)
    table = cache.query(rolling_delta, selection, song, selection.layer)
    corpus = cache.subcorpus(selection)
    singer = corpus.songs.at[song, "artist"]
    parts = table[table["nearest"]].drop_duplicates("start").set_index("start")
    parts = parts.assign(own=table[table["artist"] == singer].set_index("start")["delta"])
    counts = parts["artist"].map(display_name).value_counts().rename_axis("artist").reset_index()
    title = t_count(
        "{n} section of 150 words: closest to {artist}",
        "{n} sections of 150 words: most often closest to {artist}",
        len(parts),
        artist=counts["artist"].iloc[0],
    )
    note = t(
        "Cosine Delta between each section and the artist's other songs: smaller is closer. One section proves little: "
        "look for several in a row that agree, and remember guests."
    )
    hover = t("<b>%{y}</b><br>closest in %{x} sections")
    card(title, bar_charts.labelled_horizontal_bars(counts, "artist", "count", hover=hover), key="authors", note=note)
    texts = dict(zip(parts["line"], corpus.texts_of(parts["line"]), strict=True))
    shown = parts.reset_index().assign(
        text=parts["line"].map(texts).to_numpy(), artist=parts["artist"].map(display_name).to_numpy()
    )
    named_table(
        shown.assign(start=shown["start"] + 1).round(3),
        translate_labels(PART_COLUMN_LABELS),
        alt=t("Sections of the song and their closest artists"),
        file="rolling-delta",
    )


def draw_original_text(corpus: str, song: int) -> None:
    original = load_original(corpus, song)
    st.html(f'<p class="beside" lang="fr">{escape_html(original[:LONGEST_ORIGINAL])}</p>')
    if len(original) > LONGEST_ORIGINAL:
        sizes = {"shown": format_decimal(LONGEST_ORIGINAL), "total": format_decimal(len(original))}
        page_layout.remark(t("The first {shown} of {total} characters.", **sizes))


draw_open_tab(song=draw_song, structure=draw_structure)
