"""Comparison of artists, years or sections: distinctive words, maps, shared phrases."""

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.charts import word_charts
from dashboard.components.corpus import filters
from dashboard.components.corpus.choices import (
    WORD_CHOICE_LABELS,
    explain_missing_groups,
    group_label,
    group_name,
    pick_grouping,
    pick_lyrics_version,
)
from dashboard.components.corpus.line_list import (
    draw_line_list,
    draw_shared_phrase_list,
    line_list_title,
    shuffled_lines_with_word,
)
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, pick_or_none, pick_several, pick_some, slider, toggle
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.figure_card import clickable_card, heading
from dashboard.locale.phrasing import section_name
from dashboard.navigation import draw_open_tab
from dashboard.queries.groups import compare_figures, word_total_of_each_group
from dashboard.queries.subcorpus import Selection, select_groups
from dashboard.views.map import draw_map
from pipeline.analysis.comparison.keyness import MAX_FALSE_DISCOVERY_RATE, keyness_against_french, keyness_of_groups
from pipeline.analysis.comparison.reuse import (
    MAX_SHARING_ARTISTS,
    MIN_RANKED_WORDS,
    rank_shared_phrases,
    reuse_graph,
    shared_phrases,
)
from pipeline.analysis.counting import GroupingKey
from pipeline.analysis.findings import MAX_CONTRASTED_ARTISTS, contrasting_artists
from pipeline.analysis.firsts import meaningful_word_mask
from pipeline.core.translation import (
    format_decimal,
    format_interval,
    format_percentage,
    mark,
    t,
    t_count,
    translate_labels,
)
from pipeline.corpus.song import display_name

NAMED_WORDS = 3  # of each side, in the answer
SHOWN_WORDS, LEAST_SHOWN = 20, 8  # of each side: at most, and, uncertain ones among them, at least
COLUMNS = {
    "word": mark("Word"), "ratio": mark("Log ratio [95% interval]"), "q": mark("q (FDR)"), "count": mark("Count A"),
    "reference_count": mark("Count B"), "rate": mark("Per 10,000 in A"), "reference_rate": mark("Per 10,000 in B"),
}  # fmt: skip

REFERENCE_LABELS = {
    "": mark("Selected artists"),
    "general": mark("General French"),
    "everyday": mark("Everyday French"),
}
FRENCH_REFERENCE_NOTE = mark(
    "General French: 10 million words of prose, plays and debates, many of them old, so modern slang stands out "
    "along with what is specific to rap. Everyday French: a million words of example sentences for learners "
    "(tatoeba.org, CC-BY 2.0 FR)."
)


@page_layout.fragment
def draw_distinctive_words(
    selection: Selection,
    by: GroupingKey,
    ours: tuple[str, ...],
    theirs: tuple[str, ...],
    french: str,
    names: Sequence[str],
    slot: DeltaGenerator,
) -> None:
    """Draw the words that are distinctive of one side against the other, or against French (`REFERENCE_LABELS`). Draw
    the most distinctive ones in `slot`, with the `names` of both sides (HTML)."""
    left, right = st.columns(2, gap="large")
    with right:
        shown = pick(t("Words"), translate_labels(WORD_CHOICE_LABELS), key="apart-words")
    with st.spinner(t("Comparing every word…")):
        if french:
            side = select_groups(selection._replace(lemmas=False), by, ours)
            table = cache.query(keyness_against_french, side, french, selection.layer)
        else:
            table = cache.query(keyness_of_groups, selection, by, ours, theirs, selection.layer)
    telling = table
    if shown == "content":
        own = (*ours, *theirs) if by == "artist" else ()
        telling = table[meaningful_word_mask(table["word"], cache.subcorpus(selection), own)]
    tested = telling.dropna(subset="q")
    if tested.empty:
        page_layout.empty_state(t("Too few songs to test a word. Compare larger groups."))
        return
    if not tested["g2"].any():
        page_layout.empty_state(t("No word is more frequent on either side."))
        return
    tested = tested.assign(chance=tested["q"] >= MAX_FALSE_DISCOVERY_RATE)
    sides = [
        side.head(max(LEAST_SHOWN, min(SHOWN_WORDS, int((~side["chance"]).sum()))))
        for side in (tested[tested["g2"] > 0], tested[tested["g2"] < 0].iloc[::-1])
    ]
    sides = [
        side.sort_values(["chance", "log_ratio"], key=np.abs, ascending=[True, False], kind="stable") for side in sides
    ]
    drawn = pd.concat(sides)
    with right:
        word = st.selectbox(t("Show lines with"), drawn["word"], key="key", bind="query-params")
        others_too = theirs or tuple(name for name in _group_names(selection, by) if name not in ours)
        groups = ours if french or word in set(sides[0]["word"]) else others_too
        lines, _ = shuffled_lines_with_word(select_groups(selection, by, groups), word)
        draw_line_list(lines, key=f"key-{word}", title=line_list_title(word, lines), length=6)
    certain, chance = tested[~tested["chance"]], tested[tested["chance"]]
    distinctive = [", ".join(side.loc[~side["chance"], "word"].head(NAMED_WORDS)) for side in sides]
    found = [
        t("<i lang=fr>{words}</i> for {side}", words=escape(words), side=side)
        if words
        else t("none certain for {side}", side=side)
        for words, side in zip(distinctive, names, strict=True)
    ]
    page_layout.draw_answer(t("Most distinctive words: {ours}; {theirs}.", ours=found[0], theirs=found[1]), slot)
    with left:
        title = t_count(
            "{n} certain difference, {words} tested",
            "{n} certain differences, {words} tested",
            len(certain),
            words=t_count("{n} word", "{n} words", len(tested)),
        )
        note = t("Left: words of A. Right: words of B. Certain: q below 0.05. Click a bar to read its lines.")
        if drawn["chance"].any():
            note += " " + t("Hatched: possibly chance.")
        clickable_card(title, word_charts.typical_word_bars(drawn), key="keyness", picks="key", note=note)
    if len(certain):
        heading(t("Certain differences, the strongest evidence (q) first"))
        _draw_keyness_table(certain)
    label = t("Differences that may be chance (q from 0.05): {n}", n=format_decimal(len(chance)))
    page_layout.draw_fold(label, _draw_keyness_table, chance, key="chance")
    exports(table, "keyness")


def _draw_keyness_table(table: pd.DataFrame) -> None:
    """Draw a table of keyness, the strongest evidence first: counts and rates on both sides, how surely they differ."""
    table = table.sort_values(["q", "lrc"], key=np.abs, ascending=[True, False], kind="stable")
    limits = zip(table["log_ratio"], table["log_ratio_low"], table["log_ratio_high"], strict=True)
    shown = table.assign(
        rate=table["per_million"] / 100,
        reference_rate=table["reference_per_million"] / 100,
        ratio=[format_interval(*each, decimals=1).replace("Infinity", "∞") for each in limits],
    )
    named_table(shown, translate_labels(COLUMNS), alt=t("Words by strength of evidence"))


@page_layout.fragment
def draw_head_to_head(selection: Selection, by: GroupingKey, ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    """Draw rhyme density, vocabulary and words per line of both sides in a table."""
    with st.spinner(t("Measuring both sides…")):
        words = selection._replace(lemmas=False, variant="written")  # so that Home and portraits have the same figures
        one, two = (cache.query(compare_figures, select_groups(words, by, side)) for side in (ours, theirs))
    rows = [
        (t("of syllables rhyme"), format_percentage(one.density), format_percentage(two.density)),
        (t("distinct words per 100"), format_decimal(one.variety, 1), format_decimal(two.variety, 1)),
        (t("words per line"), format_decimal(one.length, 1), format_decimal(two.length, 1)),
    ]
    heading(t("Rhyme, vocabulary, lines"), t("Lyrics as written, repeats included."))
    page_layout.draw_head_to_head(rows)


def _pick_side(
    label: str, by: GroupingKey, names: list[str], start: list[str], *, key: str, hint: str | None = None
) -> tuple[str, ...]:
    """Draw the choice of the groups of one side and return them."""
    if by == "kind":
        return pick_several(label, {name: section_name(name) for name in names}, start, key=key)
    return pick_some(label, names, start, key=key, hint=hint)


def _group_names(selection: Selection, by: GroupingKey) -> list[str]:
    return cache.query(word_total_of_each_group, selection, by, selection.layer)["group"].tolist()


def _names_html(by: GroupingKey, groups: tuple[str, ...]) -> str:
    return escape(", ".join(group_label(by, group) for group in groups))


def _default_sides(selection: Selection, by: GroupingKey, names: list[str]) -> tuple[list[str], list[str]]:
    """Return the groups on both sides before a visitor chooses. These are two contrasting artists, or the last and the
    first year or decade. For other groups, the first one faces all the rest (an empty side)."""
    if by == "artist":
        with st.spinner(t("Looking for two artists to compare…")):
            far = cache.query(contrasting_artists, selection._replace(lemmas=False))
        return ([far[0]], [far[1]]) if far and set(far) <= set(names) else (names[:1], [])
    return (names[-1:], names[:1]) if by in ("year", "decade") else (names[:1], [])


def draw_compare() -> None:
    selection = filters.current_selection()
    slot = page_layout.draw_question(t("What words set them apart?"), 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = pick_grouping("apart-by", selection, t("Compare"), groups=("artist", "year", "decade", "kind"))
        sides = pick(t("Compare with"), translate_labels(REFERENCE_LABELS), key="french", look="list", width=240)
        with st.popover(t("Settings")):
            counted = pick_lyrics_version("apart-version", "once")
            selection = selection._replace(variant=counted, lemmas=toggle(t("Count lemmas"), key="apart-lemmas"))
    names = _group_names(selection, by)
    if not names:
        explain_missing_groups(selection, by)
        return
    if len(names) == 1:
        message = t(
            "There is only one {group} here, {name}. Compare by something else, or clear the filters in the sidebar.",
            group=group_name(by),
            name=group_label(by, names[0]),
        )
        page_layout.empty_state(message)
        return
    suffix = "" if by == "artist" else f"-{by}"  # each has choices of its own
    first, second = _default_sides(selection, by, names)
    left, right = st.columns(2, gap="large")
    with left:
        ours = _pick_side(t("A"), by, names, first, key=f"these{suffix}")
    with right:
        chosen, against = set(ours), second if list(ours) == first else []
        rest = [name for name in names if name not in chosen]
        theirs = _pick_side(t("B"), by, rest, against, key=f"against{suffix}", hint=t("All the others"))
    if not ours or (not rest and not sides):
        page_layout.empty_state(t("Choose at least one for A, and leave at least one for B."))
        return
    words = cache.query(word_total_of_each_group, selection, by, selection.layer).set_index("group")["words"]
    others = _names_html(by, theirs) or t("all the others")
    named = [
        f"<b>{name}</b> ({t_count('{n} word', '{n} words', int(words.loc[list(side)].sum()))})"
        for name, side in ((_names_html(by, ours), ours), (others, theirs or rest))
    ]
    if sides:
        named[1] = f"<b>{t(REFERENCE_LABELS[sides])}</b>"
        page_layout.remark(t(FRENCH_REFERENCE_NOTE))
    elif by == "artist" and second and (list(ours), list(theirs)) == (first, second):
        note = t(
            "To begin with: two of the {n} artists with the most songs, among those whose content words differ most.",
            n=min(MAX_CONTRASTED_ARTISTS, len(names)),
        )
        page_layout.remark(note)
    page_layout.draw_answer(t("{ours} compared with {theirs}.", ours=named[0], theirs=named[1]), slot)
    draw_distinctive_words(selection, by, ours, theirs, sides, named, slot)
    if not sides:
        draw_head_to_head(selection, by, ours, theirs or tuple(rest))


MAX_NAMED_PAIRS = 2  # of those that share most
MAX_PAIRS_DRAWN = 40  # of artists that are drawn, those of the most runs
MAX_ARTISTS_PER_RUN = 12  # artists who may say a run before it is a set phrase


@page_layout.fragment
def draw_shared_phrases(selection: Selection, slot: DeltaGenerator, artists: int) -> None:
    """Draw the network of artists that share phrases, and the list of phrases. Draw the number of phrases in `slot`."""
    with st.spinner(t("Looking for shared phrases: up to a minute for a large corpus…")):
        shared = cache.query(shared_phrases, selection, selection.layer, artists=artists)
        runs = rank_shared_phrases(shared, cache.subcorpus(selection))
    if runs.empty:
        page_layout.empty_state(
            t(
                "Songs by different artists share no phrase of {n} words other than common expressions. Widen "
                "the filters.",
                n=MIN_RANKED_WORDS,
            )
        )
        return
    pairs = reuse_graph(runs)
    most = int(pairs["runs"].iloc[0])
    ties = pairs.loc[pairs["runs"] == most, ["artist", "later_artist"]].map(display_name)
    names = ties.head(MAX_NAMED_PAIRS).to_numpy()
    named = [t("{first} and {second}", first=first, second=second) for first, second in names]
    named += ["…"] * (len(ties) > MAX_NAMED_PAIRS)
    text = t(
        "<b>{pairs}</b> share the most phrases: <b>{n}</b>. In all, <b>{all}</b> of at least {least} words; those of "
        "more than {artists} artists are left out.",
        pairs=escape("; ".join(named)),
        n=format_decimal(most),
        all=t_count("{n} shared phrase", "{n} shared phrases", runs["cluster"].nunique()),
        least=MIN_RANKED_WORDS,
        artists=artists,
    )
    page_layout.draw_answer(text, slot)
    left, right = st.columns([1, 1], gap="large")
    with left:
        figure = word_charts.shared_phrases_network(pairs.head(MAX_PAIRS_DRAWN))
        title = t("Who shares phrases with whom: the {n} strongest pairs", n=min(len(pairs), MAX_PAIRS_DRAWN))
        note = t(
            "A line for each pair that shares phrases, thicker for more; a dot is larger the more its artist shares. "
            "Sharing words does not prove that one artist took them from the other."
        )
        clickable_card(title, figure, key="shared", picks="shares", note=note, table=pairs, file="shared-pairs")
    with right:
        names = {name: name for name in sorted({*runs["artist"], *runs["later_artist"]})}
        artist = pick_or_none(t("Artist"), names, key="shares", look="list", hint=t("Everyone"))
        chosen = runs if artist is None else runs[(runs["artist"] == artist) | (runs["later_artist"] == artist)]
        draw_shared_phrase_list(selection, chosen)
        exports(chosen, "shared-runs")


def draw_reuse() -> None:
    selection = filters.current_selection()
    slot = page_layout.draw_question(t("Who shares lines with whom?"), 2)
    help = t("A phrase used by more artists is treated as a common expression and left out.")
    with st.container(width=360):
        artists = slider(
            t("Max. artists per phrase"), 2, MAX_ARTISTS_PER_RUN, MAX_SHARING_ARTISTS, key="set-phrase", help=help
        )
    draw_shared_phrases(selection, slot, artists)


draw_open_tab(compare=draw_compare, map=draw_map, reuse=draw_reuse)
