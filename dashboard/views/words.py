"""Words: the lexicon, words per line, and phrases."""

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, distributions
from dashboard.components.corpus import choices, filters
from dashboard.components.corpus.line_list import (
    count_lines,
    draw_group_card,
    draw_line_list,
    draw_lines,
    line_list_title,
    note_inferred_data,
    shuffled_lines,
)
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, integer_box, pick
from dashboard.components.frame.data_table import draw_pickable_table
from dashboard.components.frame.figure_card import clickable_card, heading
from dashboard.locale.escaping import escape_html
from dashboard.navigation import draw_open_tab
from dashboard.queries.subcorpus import Selection
from dashboard.queries.words import (
    collocation_pairs,
    line_nearest_to_length,
    lines_with_phrase,
    meaningful_phrases_first,
)
from dashboard.views.lexicon import draw_lexicon
from pipeline.analysis.lines import line_length_distribution, line_length_summary, lines_of_length
from pipeline.analysis.measures import rankable_groups
from pipeline.analysis.words.lexicon import key_figures
from pipeline.analysis.words.ngrams import PHRASE_WORDS, join_tokens, min_phrase_count
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count, translate_labels
from pipeline.corpus.song import display_name


@page_layout.fragment
def draw_length_distribution(selection: Selection) -> None:
    table = cache.query(line_length_distribution, selection, layer=selection.layer)
    left, right = st.columns([3, 2], gap="large")
    with right:
        picked, text, picked_lengths = choices.pick_length_bin(t("Show lines"), table, "words", "lines", key="length")
    with left:
        top = table.loc[table["lines"].idxmax()]
        title = t_count(
            "Most common: {n} word, in {lines} lines ({share})",
            "Most common: {n} words, in {lines} lines ({share})",
            int(top["words"]),
            lines=format_decimal(top["lines"]),
            share=format_percentage(top["share"]),
        )
        axes, hover = (t("words in the line"), t("lines")), t("%{hovertext} words: %{y:,} lines")
        file = "line-lengths"
        choices.draw_lengths_card(table, "words", "lines", title, axes=axes, hover=hover, picks="length", file=file)
    with right:
        ids = cache.query(lines_of_length, selection, picked_lengths, layer=selection.layer)
        lines = shuffled_lines(selection, ids)
        title = t(
            "{lines} of {words}",
            lines=t_count("{n} line", "{n} lines", len(lines)),
            words=t_count("{length} word", "{length} words", picked_lengths[0], length=text),
        )
        draw_line_list(lines, key=f"lines-of-{picked}-words", title=title, length=4)


@page_layout.fragment
def draw_lengths_by_group(selection: Selection) -> None:
    by = choices.pick_grouping("by", selection)
    table = cache.query(line_length_summary, selection, by=by, layer=selection.layer)
    if table.empty:
        choices.explain_missing_groups(selection, by)
        return
    ranked = table
    if not choices.are_groups_ordered(selection, by):
        ranked = rankable_groups(table).sort_values("mean", ascending=False)
    several, single = (
        mark("On average from {low} words ({least}) to {high} ({most})"),
        mark("{value} words per line: {group}"),
    )
    choices.note_ungrouped_songs(selection, by)
    if by == "kind":
        note_inferred_data(selection)
    hover = t("median %{customdata[0]:.0f}, middle half %{customdata[1]:.0f} to %{customdata[2]:.0f} words")
    shown = choices.pick_shown_groups(ranked, by, key="by")
    by_value = partial(format_decimal, decimals=1)
    title = choices.minmax_title(rankable_groups(shown), by, "mean", by_value, several, single)
    figure = distributions.quartile_bars(shown, by, x_title=t("words in the line"), hover=hover)
    choices.mark_omissions(figure, ranked, shown, by)
    note = t("Bar: middle half of the lines. Stroke: median. Dot: mean. Click one to read its lines.")
    note += choices.unranked_groups_sentence(table, ranked)
    draw_group_card(selection, by, title, figure, table, key="of", note=note, file="line-lengths")


def draw_verses() -> None:
    selection = filters.current_selection()
    page_layout.draw_question(t("How many words are in a line?"))
    summary = cache.query(line_length_summary, selection, layer=selection.layer)
    if summary.empty:
        page_layout.empty_state(t("Nothing selected. Clear a filter in the sidebar."))
        return
    lengths = summary.iloc[0]
    text = t(
        "A line (<i lang=fr>vers</i>) has <b>{mean}</b> words on average, the middle half <b>{low} to {high}</b>, "
        "and the longest <b>{longest}</b>.",
        mean=format_decimal(lengths["mean"], 1),
        low=format_decimal(lengths["q1"]),
        high=format_decimal(lengths["q3"]),
        longest=format_decimal(lengths["longest"]),
    )
    text += " " + t("An elided word counts: <i lang=fr>c'est</i> is two words.")
    page_layout.draw_answer(text)
    draw_shortest_and_longest_lines(selection)
    draw_length_distribution(selection)
    draw_lengths_by_group(selection)


def draw_shortest_and_longest_lines(selection: Selection) -> None:
    """Draw beside each other a usual line of the artist of the shortest lines and one of that of the longest."""
    artists = rankable_groups(cache.query(line_length_summary, selection, by="artist", layer=selection.layer))
    if len(artists) < 2:
        return
    ends = artists.sort_values("mean").iloc[[0, -1]]
    for column, artist, mean in zip(st.columns(2, gap="large"), ends["artist"], ends["mean"], strict=True):
        with column:
            title = t("{value} words per line: {group}", value=format_decimal(mean, 1), group=display_name(artist))
            st.html(f"<h3>{escape(title)}</h3>")
            draw_lines(cache.query(line_nearest_to_length, selection, artist, mean, selection.layer))


NGRAM_COLUMN_LABELS = {
    "phrase": mark("Phrase"), "songs": mark("Songs"), "share": mark("Share of songs"), "count": mark("Times"),
}  # fmt: skip
PAIR_COLUMN_LABELS = {
    "phrase": mark("Pair"), "observed": mark("Times"), "expected": mark("By chance"),
    "songs": mark("Songs"), "log_dice": "logDice",
}  # fmt: skip
MAX_BARS = 25  # bars
MAX_PHRASES_LISTED = 500  # phrases to choose among


def phrase_options(table: pd.DataFrame) -> dict[str, str]:
    """Return n-gram -> text of the first `MAX_PHRASES_LISTED` phrases, and of the chosen one however rare."""
    chosen_phrases = {st.session_state.get("phrase"), st.query_params.get("phrase")}
    rare = table[table["ngram"].isin(chosen_phrases) | table["phrase"].isin(chosen_phrases)]
    shown = pd.concat([table.head(MAX_PHRASES_LISTED), rare])
    return dict(zip(shown["ngram"], shown["phrase"], strict=True))


@page_layout.fragment
def draw_phrase_bars(selection: Selection, n: int, minimum: int, songs: int, table: pd.DataFrame) -> None:
    """Draw the phrases that end on a content word in most songs, the lines of the chosen one, and a table of all."""
    table = table.assign(share=table["songs"] / max(songs, 1))
    if table.empty:
        message = t(
            "No phrase of {n} words occurs {times} times. Try fewer words or fewer times.",
            n=n,
            times=format_decimal(minimum),
        )
        page_layout.empty_state(message)
        return
    left, right = st.columns(2, gap="large")
    with right:
        phrase = pick(t("Show lines with"), phrase_options(table), key="phrase", look="list")
        lines = shuffled_lines(selection, cache.query(lines_with_phrase, selection, phrase, selection.layer), (phrase,))
        times = t_count("{n} time", "{n} times", int(table.loc[table["ngram"] == phrase, "count"].iloc[0]))
        title = t("{word}: {times} in {lines}", word=join_tokens(phrase), times=times, lines=count_lines(lines))
        draw_line_list(lines, key="lines-phrase", title=title, length=8)
    with left:
        hover, shown = t("<b>%{y}</b><br>%{x:,} songs"), table[table["telling"]]
        shown = (shown if len(shown) else table).head(MAX_BARS)
        figure = bar_charts.labelled_horizontal_bars(shown, "ngram", "songs", hover=hover, row=24, shown="phrase")
        title = t("In most songs: {phrases}", phrases=", ".join(shown["phrase"].head(3)))
        note = t("Songs that contain the phrase. The list below has all phrases. Click a bar to read its lines.")
        clickable_card(title, figure, key="ngrams", picks="phrase", note=note)
    page_layout.draw_fold(t("All phrases"), draw_phrase_table, table, f"phrases-of-{n}", key="all-phrases")


def draw_phrase_table(table: pd.DataFrame, file: str) -> None:
    columns, search = translate_labels(NGRAM_COLUMN_LABELS), t("Search the phrases")
    draw_pickable_table(table, columns, key="ngrams", picks="ngram", sets="phrase", search=search, file=file)


@page_layout.fragment
def draw_collocation_pairs(selection: Selection, minimum: int) -> None:
    note = t(
        "Up to 2,000 pairs of neighbours, the most exclusive (logDice, at most 14): those with a content word at the "
        "end first, by evidence that they are not due to chance (G²). Select a pair to read its lines."
    )
    heading(t("Strongest pairs"), note)
    with st.spinner(t("Comparing all pairs of neighbouring words…")):
        table = cache.query(collocation_pairs, selection, selection.layer, max(minimum, 5))
    if table.empty:
        page_layout.empty_state(t("No pair occurs five times. Widen the filters in the sidebar."))
        return
    draw_pickable_table(
        table,
        translate_labels(PAIR_COLUMN_LABELS),
        key="pairs",
        picks="pair",
        sets="pair",
        search=t("Search the pairs"),
        file="pairs",
    )
    pair = st.session_state.get("pair")
    if pair is not None and pair in set(table["pair"]):
        lines = shuffled_lines(selection, cache.query(lines_with_phrase, selection, pair, selection.layer), (pair,))
        draw_line_list(lines, key="lines-pair", title=line_list_title(join_tokens(pair), lines), length=8)


def draw_phrases() -> None:
    selection = filters.current_selection()
    slot = page_layout.draw_question(t("Which words go together?"), 2)
    figures = cache.query(key_figures, selection, layer=selection.layer)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n = st.slider(t("Words in the phrase"), 2, 7, PHRASE_WORDS, key="n", bind=BIND, width=220)
        least = min_phrase_count(figures.words)
        minimum = integer_box(t("Min. times"), 2, 1000, least, key="least_times", width=140)
        lyrics = choices.pick_lyrics_version("phrase_version", "once")
        help = t("Groups the forms of a word under its dictionary form.")
        lemmas = st.toggle(t("Count lemmas"), key="phrase_lemmas", bind=BIND, help=help)
    selection = selection._replace(variant=lyrics, lemmas=lemmas)
    with slot, st.spinner(t("Counting the phrases…")):
        table = cache.query(meaningful_phrases_first, selection, n, selection.layer, minimum)
    text, said = t("No phrase of this length that ends on a content word occurs that often."), table[table["telling"]]
    if len(said):
        widest = said.iloc[0]
        text = t(
            "The most widespread phrase, <i lang=fr>{widest}</i>, is in <b>{songs}</b> of {of}. In all, "
            "<b>{phrases}</b> of {n} words (<i lang=fr>l'</i> is one) that end on a content word, at least {times} "
            "times each.",
            phrases=t_count("{n} phrase", "{n} phrases", len(said)),
            n=n,
            times=format_decimal(minimum),
            widest=escape_html(widest["phrase"]),
            songs=t_count("{n} song", "{n} songs", int(widest["songs"])),
            of=format_decimal(figures.songs),
        )
    page_layout.draw_answer(text, slot)
    draw_phrase_bars(selection, n, minimum, figures.songs, table)
    draw_collocation_pairs(selection, minimum)


draw_open_tab(lexicon=draw_lexicon, verses=draw_verses, phrases=draw_phrases)
