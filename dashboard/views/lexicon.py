"""The lexicon: its size, frequent words, lengths of words, growth, slang and loanwords."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.charts import bar_charts, distributions, word_charts
from dashboard.components.corpus import filters
from dashboard.components.corpus.choices import mark_omissions, pick_grouping, pick_lyrics_version, pick_shown_groups
from dashboard.components.corpus.line_list import count_lines, draw_line_list, line_list_title, shuffled_lines_with_word
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, text_box, toggle
from dashboard.components.frame.data_table import draw_pickable_table, exports
from dashboard.components.frame.figure_card import card, clickable_card, heading
from dashboard.locale.escaping import escape_html
from dashboard.queries.subcorpus import Selection
from dashboard.queries.words import typical_words, zipf_points
from pipeline.analysis.measures import rankable_groups
from pipeline.analysis.words.code_switching import switching_lines, switching_table
from pipeline.analysis.words.laws import vocabulary_growth_curve
from pipeline.analysis.words.lexicon import character_distribution, frequency_table, lexicon_size
from pipeline.analysis.words.word_classes import content_word_mask, word_class_rates, word_list_coverage, words_of_class
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count, translate_labels
from pipeline.corpus.languages import language_name

COLUMNS = {
    "rank": mark("Rank"), "word": mark("Word"), "index": mark("Index"), "count": mark("Occurrences"),
    "songs": mark("Songs"), "share": mark("Share of words"),
}  # fmt: skip
CLASSES = {
    "ad-lib": mark("Interjections"), "african": mark("African loanwords"), "anglicism": mark("Anglicisms"),
    "arabic": mark("Arabic loanwords"), "argot": mark("Argot"), "romani": mark("Romani loanwords"),
    "verlan": mark("Verlan"),
}  # fmt: skip
WORD_LIST_LABELS = {
    "typical": mark("Typical words"), "content": mark("Content words"), "frequent": mark("120 most frequent"),
    "all": mark("All words"),
}  # fmt: skip
WORDS_COUNTED = ("content", "frequent", "all")  # the lists that every selection has
MAX_BARS, CONTENT_BARS = 120, 20  # of the most frequent words, of content words
MAX_CHART_HEIGHT = 920  # pixels of them that are seen without scrolling
CLASS_COLUMN_LABELS = {"word": mark("Word"), "standard": mark("Standard form"), "count": mark("Times")}


@page_layout.fragment
def draw_frequent_words(selection: Selection, slot: DeltaGenerator, size: str) -> None:
    """Draw frequent or typical words and the lines of the chosen one. Draw the three most typical words in `slot`,
    before the sentence `size`."""
    help = t(
        "Groups forms under their dictionary form: chevaux under cheval, j' under je. An ambiguous form goes to the "
        "more likely word: suis is always être."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choice = st.container(width="content")
        lemmas = toggle(t("Count lemmas"), key="lemmas", help=help)
    with st.spinner(t("Counting words…")):
        table = cache.query(frequency_table, selection._replace(lemmas=lemmas), selection.layer)
        typical = pd.DataFrame() if lemmas else cache.query(typical_words, selection, selection.layer)
    answer = size
    if len(typical):
        words = ", ".join(f"<b lang=fr>{escape_html(word)}</b>" for word in typical["word"].head(3))
        answer = f"{t('Far more frequent here than in everyday French: {words}.', words=words)} {size}"
    page_layout.draw_answer(answer, slot)
    with choice:
        lists = translate_labels(WORD_LIST_LABELS)
        shown = pick(t("Show"), lists if len(typical) else {each: lists[each] for each in WORDS_COUNTED}, key="words")
    content = table[content_word_mask(table["word"])].head(MAX_BARS)
    telling = typical if shown == "typical" else content
    left, right = st.columns([1, 1], gap="large")
    with right:
        start = telling["word"].iloc[0] if len(telling) else ""
        word = text_box(t("Show lines with"), start, key="word", hint=t("A word, such as rue"))
        if not word.strip():
            page_layout.empty_state(t("Click a word, or type one above, to read its lines."))
        else:
            lines, count = shuffled_lines_with_word(selection._replace(lemmas=lemmas), word)
            times = t_count("{n} time", "{n} times", count)
            title = t("{word}: {times} in {lines}", word=word.strip(), times=times, lines=count_lines(lines))
            none = t("No line contains {word}. Try another spelling, or widen the filters.", word=word.strip()[:40])
            draw_line_list(lines, key=f"lines-with-{word}", title=title, length=8, none=none)
    with left:
        draw_word_list(table, telling, shown, lemmas)
    heading(t("Verlan, argot, loanwords"), t("Based on small built-in word lists."))
    draw_word_classes(selection)
    draw_word_lengths(selection)


def draw_word_list(table: pd.DataFrame, telling: pd.DataFrame, shown: str, lemmas: bool) -> None:
    """Draw a bar chart of the most frequent words, or of the content or typical ones (`telling`), or the searchable
    table of all."""
    if shown == "all":
        search = t("Search word2index and index2word")
        draw_pickable_table(table, translate_labels(COLUMNS), key="index", picks="word", search=search, file="lexicon")
        return
    top = table.head(MAX_BARS) if shown == "frequent" else telling.head(CONTENT_BARS)
    title, note = t("Top words: {words}", words=", ".join(top["word"].head(3))), t("Click a bar to read its lines.")
    value, hover = "count", t("<b>%{y}</b><br>%{x:,} times")
    if shown == "frequent":
        title = t("{n} words make up {share} of the text", n=len(top), share=format_percentage(top["share"].sum()))
    else:
        note = t("Function words and numbers excluded. Click a bar to read its lines.")
    if shown == "typical":
        title = t("How many times more frequent than in everyday French")
        note = t("Lower limits, against a million words of example sentences (tatoeba.org).") + " " + note
        value, hover = "times", t("<b>%{y}</b><br>at least %{x:,.0f} times more frequent")
    note += "" if lemmas else " " + t("Forms as written: cheval and chevaux are two.")
    figure = bar_charts.labelled_horizontal_bars(top, "word", value, hover=hover, row=24)
    if shown == "typical":
        figure.update_traces(texttemplate="×\N{NARROW NO-BREAK SPACE}%{text}")
    if figure.layout.height > MAX_CHART_HEIGHT:
        note += " " + t("Scroll inside the chart for all {n}.", n=len(top))
    clickable_card(
        title,
        figure,
        key="frequent",
        picks="word",
        note=note,
        height=min(MAX_CHART_HEIGHT, figure.layout.height),
        table=telling if shown == "typical" else table,
        file="typical-words" if shown == "typical" else "frequencies",
    )


def draw_word_lengths(selection: Selection) -> None:
    left, right = st.columns(2, gap="large")
    tokens, types = (
        cache.query(character_distribution, selection, layer=selection.layer, over=over) for over in ("tokens", "types")
    )
    with left:
        means = (format_decimal((each["characters"] * each["share"]).sum(), 1) for each in (tokens, types))
        sizes = dict(zip(("text", "lexicon"), means, strict=True))
        title = t("{text} characters per word in the text, {lexicon} in the lexicon", **sizes)
        note = t("Rare words are longer. Elided words (j', qu') are counted without what follows.")
        figure = word_charts.word_length_chart(tokens, types)
        card(title, figure, key="characters", note=note, table=tokens, file="characters-per-word")
    with right:
        with st.spinner(t("Fitting the law…")):
            fit, points = cache.query(zipf_points, selection, layer=selection.layer)
        frequencies = cache.query(frequency_table, selection, selection.layer)
        names = frequencies["word"].to_numpy()[points["rank"] - 1]
        law = t("Too few words to fit a law")
        if fit:
            law = t(
                "A word of twice the rank is about {times} times rarer (Zipf exponent {power})",
                times=format_decimal(2**fit.a, 1),
                power=format_decimal(fit.a, 2),
            )
        figure = word_charts.rank_frequency_chart(points, names.tolist())
        note = t("Each dot is a word; the curve is the fitted law. Click a dot to show its lines above.")
        clickable_card(
            law, figure, key="zipf", picks="word", note=note, table=points.assign(word=names), file="rank-frequency"
        )
    draw_growth(selection)


def draw_growth(selection: Selection) -> None:
    """Draw the number of distinct words against the number of words read."""
    with st.spinner(t("Reading the songs in 20 random orders…")):
        table = cache.query(vocabulary_growth_curve, selection, layer=selection.layer)
    ends = {name: format_decimal(table[name].iloc[-1]) for name in ("types", "tokens")}
    title = t("{types} distinct words after {tokens}, and still rising", **ends)
    hover = t("after %{x:,} words: %{y:,.0f} distinct<br>[%{customdata[0]:,.0f} – %{customdata[1]:,.0f}]")
    axes = {"x_title": t("words read"), "y_title": t("distinct words")}
    figure = distributions.curve_with_band(table, "tokens", "types", **axes, hover=hover)
    note, width = "", float((table["high"] - table["low"]).max())
    if width:  # 0 for one song
        note = t("Songs read in 20 random orders; the band that contains 95% of them is at most {n} words wide.",
                 n=format_decimal(width))  # fmt: skip
    card(title, figure, key="growth", note=note, table=table, file="vocabulary-growth")


@page_layout.fragment
def draw_word_classes(selection: Selection) -> None:
    """Draw how often words of each slang or loanword list occur, and the words and lines of the chosen list."""
    table = cache.query(word_class_rates, selection, layer=selection.layer).sort_values("per_thousand", ascending=False)
    table = table.assign(label=table["class"].map(translate_labels(CLASSES)))
    covered = cache.query(word_list_coverage, selection, layer=selection.layer).set_index("part")
    present = {name: t(CLASSES[name]) for name in table.loc[table["count"] > 0, "class"]}
    if not present:
        page_layout.empty_state(t("None of the selected words is on a list. Widen the filters in the sidebar."))
        return
    left, right = st.columns(2, gap="large")
    with right:
        name = pick(t("Words of the class"), present, key="class", look="list")
        class_table = cache.query(words_of_class, selection, name, layer=selection.layer)
        labels, search = translate_labels(CLASS_COLUMN_LABELS), t("Search the class")
        draw_pickable_table(class_table, labels, key="class", picks="word", sets="class_word", search=search)
        exports(class_table, f"class-{name}")
        word = st.session_state.get("class_word")
        if word is not None and word in set(class_table["word"]):
            lines, _ = shuffled_lines_with_word(selection, word)
            draw_line_list(lines, key="lines-class", title=line_list_title(word, lines), length=8)
    with left:
        hover = t("<b>%{y}</b><br>%{x:.2f} per thousand<br>%{customdata[3]:,} times, %{customdata[4]} words")
        figure = distributions.interval_chart(
            table, "label", "per_thousand", x_title=t("words per thousand"), hover=hover
        )
        title = t(
            "{share} of words are on the slang and loanword lists",
            share=format_percentage(covered.at["listed", "share"]),
        )
        note = t(
            "{function} are function words; {unlisted} are on no list, so these are minimums. Error bars: 95% "
            "intervals across songs. Click a dot for its words.",
            function=format_percentage(covered.at["function words", "share"]),
            unlisted=format_percentage(covered.at["unlisted", "share"]),
        )
        names = {label: name for name, label in translate_labels(CLASSES).items()}
        clickable_card(
            title, figure, key="classes", picks="class", note=note, at="y", keys=names, table=table, file="word-classes"
        )


def draw_language_switching(selection: Selection) -> None:
    """Draw the share of lines that mix languages by group, and the list of these lines."""
    selection = selection._replace(lemmas=False)
    by = pick_grouping("switching-by", selection)
    table = cache.query(switching_table, selection, by, selection.layer)
    lines = cache.query(switching_lines, selection, selection.layer)
    if lines.empty:
        page_layout.empty_state(t("No line mixes two function words of another language with one of French."))
        return
    names = ", ".join(map(language_name, lines["language"].value_counts().index))
    title = t_count("{n} line changes language: {names}", "{n} lines change language: {names}", len(lines), names=names)
    note = t(
        "At least two function words of another language and one of French. A minimum, since borrowed nouns do not "
        "count. Strokes: 95% intervals."
    )
    left, right = st.columns(2, gap="large")
    with left:
        ranked = rankable_groups(table[table["switching"] > 0])
        shown = pick_shown_groups(ranked, by, key="switching")
        hover = t("<b>%{y}</b><br>%{x:.2%}: %{customdata[2]} of %{customdata[1]:,} lines")
        figure = distributions.interval_chart(shown, by, "share", x_title=t("share of lines"), hover=hover)
        figure = mark_omissions(figure.update_xaxes(tickformat=".1%"), ranked, shown, by)
        card(title, figure, key="switching", note=note, table=table, file=f"switching-by-{by}")
    with right:
        draw_line_list(lines.drop(columns=["words", "switches", "language"]), key="switching-lines", length=8)


def draw_lexicon() -> None:
    selection = filters.current_selection()
    slot = page_layout.draw_question(t("Which words do these songs use?"), 2)
    selection = selection._replace(variant=pick_lyrics_version("lexicon_version"))
    with slot, st.spinner(t("Counting words…")):
        size = cache.query(lexicon_size, selection, layer=selection.layer)
    if not size.types:
        page_layout.empty_state(t("Nothing selected. Clear a filter in the sidebar."))
        return
    message = t(
        "<b>{types}</b> distinct words in a text of <b>{tokens}</b>; {share} of them occur only once.",
        types=format_decimal(size.types),
        tokens=format_decimal(size.tokens),
        share=format_percentage(size.hapax_share),
    )
    page_layout.draw_answer(message, slot)
    draw_frequent_words(selection, slot, message)
    page_layout.draw_fold(t("Code-switching lines"), draw_language_switching, selection, key="switching")
