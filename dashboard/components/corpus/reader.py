"""The text of a song with its sections, rhymes and syllables, and a verse of the corpus as an example.

A long song is shown in windows of `WINDOW` lines, so that no page is too large for a browser.
"""

from collections.abc import Sequence
from html import escape
from itertools import groupby, islice

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache, navigation
from dashboard.components.corpus.line_list import INFERRED_NOTE, section_kind_label
from dashboard.components.corpus.rhyme_marks import RhymeMarks, mark_all_rhymes
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.figure_card import linked_heading
from dashboard.components.frame.marked_text import verse_html
from dashboard.components.frame.share import page_address, share_verse
from dashboard.queries.cards import MAX_QUOTED_LINES, ShareCard
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.firsts import couplets_fit_for_display, french_couplet_tables
from pipeline.analysis.lines import line_details_table
from pipeline.core.translation import format_decimal, mark, t, t_count, translate_labels
from pipeline.corpus.song import display_name
from pipeline.corpus.table import Corpus
from pipeline.language.scheme import UNRHYMED_LETTER

WINDOW = 150  # lines: with the marks of their rhymes some 2,000 nodes of a page, which holds 3,000 at ease


def split_into_pages(sections: Sequence[int], size: int = WINDOW) -> list[tuple[int, int]]:
    """Return the (start, stop) rows of each page, given the section of each line. Sections stay whole where they fit.

    A section of more than `size` lines is cut.

    >>> split_into_pages([7] * 3 + [8] * 2 + [9] * 9, size=5)
    [(0, 5), (5, 10), (10, 14)]
    """
    windows: list[tuple[int, int]] = []
    start = stop = 0
    for _, section in groupby(sections):
        end = stop + len(list(section))
        if end - start > size and stop > start:
            windows.append((start, stop))
            start = stop
        while end - start > size:
            windows.append((start, start + size))
            start += size
        stop = end
    return [*windows, (start, stop)] if stop > start else windows


NO_INTERNAL_RHYMES = 99
FIRST_MIN_SYLLABLES = 2  # of a rhyme inside a line that is marked before a visitor chooses, and in examples
MIN_SYLLABLE_LABELS = {
    1: mark("All"),
    2: mark("2 syllables"),
    3: "3",
    4: mark("4 or more"),
    NO_INTERNAL_RHYMES: mark("None"),
}


def pick_min_syllables(key: str) -> int:
    """Draw the slider that hides short rhymes and return the fewest syllables of a rhyme inside a line."""
    always = t(
        "Rhymes at line ends always show. Hover over a rhyme to see how it sounds. Function words (le, de, que) are "
        "not counted inside a line."
    )
    labels = translate_labels(MIN_SYLLABLE_LABELS)
    return pick(t("Rhymes inside lines"), labels, FIRST_MIN_SYLLABLES, key=key, help=always, look="steps")


@page_layout.fragment
def draw_song_text(corpus: Corpus, song: int, start: int = 0) -> None:
    """Draw the text of a song with its rhymes, below a slider that hides short rhymes. Split a long song into pages,
    and open the page with row `start`."""
    least = pick_min_syllables("least")
    lines = corpus.lines[corpus.lines["song"] == song]
    draw_rhyme_legend(schemes=True)
    where, slot = st.empty(), st.container(key="song-text")
    first, stop = _pick_page_of_lines(lines["section"].tolist(), song, start)
    if stop - first < len(lines):
        rows = {"first": format_decimal(first + 1), "last": format_decimal(stop), "total": format_decimal(len(lines))}
        where.caption(t("Rhymes were searched for in lines {first} to {last} of {total}.", **rows))
    shown = lines.iloc[first:stop]
    pronunciations = cache.line_pronunciations(corpus.texts_of(shown.index), corpus.name)
    before = lines["section"].iloc[:first].value_counts()
    with slot:
        for section, part in shown.groupby("section", sort=False):
            about = corpus.sections.loc[section]
            block = mark_all_rhymes(corpus.texts_of(part.index), pronunciations, least)
            st.html(
                _section_tag_html(about, len(part), block.scheme)
                + verse_with_syllables_html(block.lines, int(before.get(section, 0)) + 1)
            )
    if corpus.sections.loc[shown["section"].unique(), "inferred"].any():
        page_layout.remark(t(INFERRED_NOTE))


def draw_rhyme_legend(*, schemes: bool = False) -> None:
    """Draw the legend of the rhyme marks in a text: letters, underlines, numbers of syllables, and `schemes` if any."""
    key = t(
        "<b>A</b>: lines that rhyme at the end; <b>a</b>: only the vowel is the same. <sup>A</sup>: a rhyme inside "
        "a line. Same letter, colour and underline: same rhyme; thicker: more syllables. At the right: syllables of "
        "the line, without ad-libs."
    )
    unrhymed = " " + t("<b>X</b> in a scheme: no rhyme.") if schemes else ""
    st.html(f'<p class="quiet">{key}{unrhymed}</p>')


def _pick_page_of_lines(sections: Sequence[int], song: int, start: int) -> tuple[int, int]:
    """Draw the page numbers of a long song and return (start, stop) of the rows that are shown."""
    windows = split_into_pages(sections)
    if len(windows) < 2:
        return windows[0]
    key, asked_key = f"window-{song}", ("window-asked", song, start)
    if st.session_state.get("window-asked") != asked_key:  # a mark of the figure was clicked since
        st.session_state["window-asked"] = asked_key
        st.session_state[key] = next(n for n, (_, stop) in enumerate(windows, 1) if start < stop)
    return windows[st.pagination(len(windows), key=key) - 1]


def verse_with_syllables_html(lines: Sequence[str], start: int = 1) -> str:
    """Return HTML of marked lines (`mark_all_rhymes`), numbered from `start`, with their syllables in the margin."""
    return f'<div class="sung">{verse_html(lines, start=start)}</div>'


def _section_tag_html(about: pd.Series, lines: int, scheme: str) -> str:
    ordinal = "" if str(about["number"]) == "<NA>" else f" {about['number']}"
    times = f", ×{about['repeat']}" if about["repeat"] > 1 else ""
    who = f" · {escape(about['performers'])}" if about["performers"] else ""
    kind = section_kind_label(about["kind"], about["inferred"]).capitalize()
    bars = t_count("{n} line", "{n} lines", lines)
    return f'<p class="section-tag"><span>{kind}</span>{ordinal}{times}{who} · {bars} · {scheme}</p>'


BARS, WIDTH, CANDIDATES = 8, 44, 12
MAX_COUPLET_LINES = 32  # of which the first are shown


def draw_example_couplet(selection: Selection) -> None:
    """Draw the first lines of the couplet of `most_rhymed_couplet`, if there is one, with a button that shares it."""
    lines = most_rhymed_couplet(selection)
    if lines.empty:
        return
    row = lines.iloc[0]
    with st.container(key="card-example", gap="small"):
        marks = _mark_couplet_rhymes(lines, selection.corpus)
        artist, title = map(display_name, row[["artist", "title"]])
        query = {"corpus": selection.corpus, "song": cache.song_url_keys(selection.corpus)[row["song"]]}
        rhymed, alike = _count_rhymed_lines(marks)
        several = mark("First lines of a verse: {n} of {total} lines rhyme at the end.")
        if alike > rhymed:
            several = mark("First lines of a verse: {n} of {total} lines rhyme at the end, {all} including assonance.")
        note = t(several, n=format_decimal(rhymed), total=format_decimal(len(lines)), all=format_decimal(alike))
        name, address = escape(f"{artist}, {title}"), escape(navigation.address("song", **query))
        linked_heading(f'<a href="{address}" target="_self">{name}</a>', note)
        st.html(verse_with_syllables_html(marks.lines))
        draw_rhyme_legend()
        leads = page_address("song", **query)
        share_couplet(lines, artist, title, selection.corpus, key="example", address=leads)


def share_couplet(lines: pd.DataFrame, artist: str, title: str, corpus: str, *, key: str, address: str) -> None:
    """Draw a button that shares the first lines of a couplet as a picture. `address` is written on the picture."""
    year, texts = lines["year"].iloc[0], tuple(lines["text"].head(MAX_QUOTED_LINES))
    by = artist if pd.isna(year) else f"{artist}, {year}"
    card = ShareCard(title, by, lines=texts, source=f"{title} · {corpus}", address=address)
    share_verse(card, corpus, key=key, name=f"{artist} {title}")


def most_rhymed_couplet(selection: Selection) -> pd.DataFrame:
    """Return the couplet of `short_couplets` with the most rhyming lines; among equals, the one with the most assonant
    lines. Return an empty table where there is no couplet."""
    couplets = [lines for _, lines in cache.query(short_couplets, selection).groupby("section", sort=False)]
    if not couplets:
        return pd.DataFrame(columns=["text", "song"])
    return max(couplets, key=lambda couplet: _count_rhymed_lines(_mark_couplet_rhymes(couplet, selection.corpus)))


def _mark_couplet_rhymes(lines: pd.DataFrame, corpus: str) -> RhymeMarks:
    texts = lines["text"].tolist()
    return mark_all_rhymes(texts, cache.line_pronunciations(texts, corpus), FIRST_MIN_SYLLABLES)


def _count_rhymed_lines(marks: RhymeMarks) -> tuple[int, ...]:
    """Return how many lines rhyme at their ends, and how many when assonance counts too."""
    readings = (marks.rhymes.letters, marks.rhymes.reading)
    return tuple(sum(letter != UNRHYMED_LETTER for letter in each) for each in readings)


def short_couplets(corpus: Corpus) -> pd.DataFrame:
    """Return the first eight lines of up to `CANDIDATES` couplets of short lines from all parts of the corpus: columns
    text, section, title, artist, year, song (id). Couplets are those of `firsts.couplets_fit_for_display`."""
    fit = couplets_fit_for_display(corpus, (BARS, MAX_COUPLET_LINES))
    lines = corpus.lines[corpus.lines["section"].isin(fit.index)].groupby("section").head(BARS)
    widths = pd.Series(corpus.texts_of(lines.index), lines.index).str.len().groupby(lines["section"]).max()
    narrow = widths.index[widths <= WIDTH] if (widths <= WIDTH).any() else widths.sort_values(kind="stable").index
    some = narrow[np.unique(np.linspace(0, len(narrow) - 1, 2 * CANDIDATES).astype(int))] if len(narrow) else narrow
    couplets = islice(french_couplet_tables(corpus, some), CANDIDATES)
    tables = [table.head(BARS).assign(section=at) for at, table in enumerate(couplets)]
    return pd.concat(tables) if tables else line_details_table(corpus, []).assign(section=0)
