"""A song to read: its sections in their colours, its rhymes, its syllables, its ad-libs apart."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components import page_layout
from dashboard.components.bound import pick
from dashboard.components.inferred_note import INFERRED, shown_kind
from dashboard.components.sung import sung_lines
from dashboard.components.verse import verse
from dashboard.queries.reading_windows import reading_windows
from pipeline.core.translation import mark, number, t, t_count, t_each
from pipeline.corpus.table import Corpus
from pipeline.publish.theme import SECTION_COLOURS

NEVER = 99
LEAST = {1: mark("All"), 2: mark("2 syllables"), 3: "3", 4: mark("4 or more"), NEVER: mark("None")}


def sensitivity(key: str) -> int:
    """Draw the slider that hides short rhymes and return the fewest syllables of a rhyme inside a line."""
    always = t(
        "Rhymes at the ends of lines always show. Hover over a rhyme to see how it sounds. Function words "
        "(le, de, que) never count inside a line."
    )
    return pick(t("Rhymes inside lines"), t_each(LEAST), 2, key=key, help=always, look="steps")


@page_layout.fragment
def song(corpus: Corpus, song: int, start: int = 0) -> None:
    """Draw the song of this id under a slider, a window of it when it is long; `start` is the row to open it at."""
    least = sensitivity("least")
    lines = corpus.lines[corpus.lines["song"] == song]
    where, slot = st.empty(), st.container()
    first, stop = _window(lines["section"].tolist(), song, start)
    if stop - first < len(lines):
        where.caption(
            t(
                "Lines {first} to {last} of {total}, among which rhymes are sought.",
                first=number(first + 1),
                last=number(stop),
                total=number(len(lines)),
            )
        )
    shown = lines.iloc[first:stop]
    pronunciations = cache.line_pronunciations(corpus.texts_of(shown.index), corpus.name)
    before = lines["section"].iloc[:first].value_counts()
    with slot:
        for section, part in shown.groupby("section", sort=False):
            about = corpus.sections.loc[section]
            block = sung_lines(corpus.texts_of(part.index), pronunciations, least)
            st.html(_tag(about, len(part), block.scheme) + sheet(block.lines, int(before.get(section, 0)) + 1))
        if corpus.sections.loc[shown["section"].unique(), "inferred"].any():
            page_layout.remark(t(INFERRED))


def _window(sections: Sequence[int], song: int, start: int) -> tuple[int, int]:
    """Draw the pages of a long song and return which rows of it are shown."""
    windows = reading_windows(sections)
    if len(windows) < 2:
        return windows[0]
    key, asked = f"window-{song}", ("window-asked", song, start)
    if st.session_state.get("window-asked") != asked:  # a mark of the figure was clicked since
        st.session_state["window-asked"] = asked
        st.session_state[key] = next(n for n, (_, stop) in enumerate(windows, 1) if start < stop)
    return windows[st.pagination(len(windows), key=key) - 1]


def sheet(lines: Sequence[str], start: int = 1) -> str:
    """Return the lines of `sung` as a verse with its syllables in the margin."""
    return f'<div class="sung">{verse(lines, start=start)}</div>'


def _tag(about: pd.Series, lines: int, scheme: str) -> str:
    ordinal = "" if str(about["number"]) == "<NA>" else f" {about['number']}"
    times = f", ×{about['repeat']}" if about["repeat"] > 1 else ""
    who = f" · {escape(about['performers'])}" if about["performers"] else ""
    colour = SECTION_COLOURS[about["kind"]]
    kind = shown_kind(about["kind"].capitalize(), about["inferred"])
    bars = t_count("{n} bar", "{n} bars", lines)
    return (
        f'<p class="section-tag" style="--kind:var(--{colour})"><span lang="fr">{kind}</span>'
        f"{ordinal}{times}{who} · {bars} · {scheme}</p>"
    )
