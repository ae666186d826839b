"""Themes: classes of segments by their words (Reinert), and positive or negative words."""

from functools import partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.charts import bar_charts, distributions, plane_charts
from dashboard.charts.palette import INK
from dashboard.components.corpus import choices, filters
from dashboard.components.corpus.choices import (
    INTERVALS_NOTE,
    explain_missing_groups,
    note_ungrouped_songs,
    pick_grouping,
    pick_shown_groups,
)
from dashboard.components.corpus.line_list import draw_group_card, draw_line_list
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, pick, toggle
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.figure_card import card, clickable_card, heading
from dashboard.navigation import draw_open_tab
from dashboard.queries.groups import lexical_class_plane, meaningful_words_of_class, words_naming_each_class
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import GroupingKey
from pipeline.analysis.firsts import drop_line_variants
from pipeline.analysis.measures import rankable_groups
from pipeline.analysis.variants import lemma
from pipeline.analysis.words.tone import (
    Lexicon,
    lines_by_tone,
    polarity_lexicon,
    rated_word_spans,
    read_lexicon,
    tone_table,
)
from pipeline.analysis.worlds.class_agreement import agreement_by_k, longer_segment_words, propose_class_count
from pipeline.analysis.worlds.lexical_worlds import MIN_CLASS_SIZE_RULE, MIN_SEGMENT_WORDS, Worlds, find_worlds
from pipeline.analysis.worlds.reinert import UNCLASSIFIED
from pipeline.core.translation import (
    format_decimal,
    format_percentage,
    mark,
    t,
    t_count,
    translate_labels,
)
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import token_spans

UNIT_LABELS = {MIN_SEGMENT_WORDS: mark("Segments of {n} words"), 0: mark("Whole sections")}
LEAST_SIZES = {MIN_CLASS_SIZE_RULE: "N/4k", "N/2k": "N/2k", "N/k": "N/k", "5": mark("5 segments")}
SHOWN, SEGMENTS, ARTISTS = 24, 6, 12
NAMED_THEMES = 3  # in the answer
STABILITY = {"k": mark("Themes"), "adjusted_rand": mark("Stability")}
GROUP_COLUMN_LABELS = {"segments": mark("Segments"), "held": mark("Share of their segments"), "chi2": "χ²"}


def draw_class_words(worlds: Worlds, names: list[str], picked: int) -> None:
    """Draw the words that are typical of a class by chi-squared; the file has all its words."""
    typical = meaningful_words_of_class(worlds, picked).head(SHOWN)
    typical = typical.assign(chi2=typical["chi2"].round().astype(int))
    figure = bar_charts.labelled_horizontal_bars(typical, "word", "chi2", hover="<b>%{y}</b><br>χ² %{x:,}")
    figure.update_traces(marker_color=plane_charts.class_colour(picked))
    size = t_count("{n} segment", "{n} segments", int(worlds.sizes[picked]))
    bars = t("Bars: χ², how typical the word is. Names, function words, words of few artists: only in the download.")
    title = mark("Class {n}: {words}") if worlds.is_undivided else mark("Theme {n}: {words}")
    title, table = t(title, n=picked + 1, words=names[picked]), worlds.typical_words(picked)
    card(title, figure, key="world-words", note=f"{size}. {bars}", table=table, file=f"theme-{picked + 1}")


def draw_class_segments(worlds: Worlds, picked: int) -> None:
    """Draw typical segments of a class, with its words that `draw_class_words` shows marked."""
    lines = worlds.typical_segments(picked, SEGMENTS).drop(columns=["segment", "score"])
    typical = set(meaningful_words_of_class(worlds, picked)["word"].head(SHOWN))
    own = [[span for span in token_spans(text) if {span.token, lemma(span.token)} & typical] for text in lines["text"]]
    lines["spans"] = [[(span.start, span.stop) for span in spans] for spans in own]
    draw_line_list(lines, key=f"world-{picked}", title=t("Typical segments"), length=12)


def draw_class_groups(selection: Selection, worlds: Worlds, picked: int) -> None:
    """Draw the groups that use a class most."""
    by = pick_grouping("world-by", selection, t("Who uses these words most"), groups=("artist", "year", "decade"))
    shares = worlds.class_shares(by)
    own = shares[shares["class"] == picked]
    if not choices.are_groups_ordered(selection, by):
        own = own[own["chi2"] > 0].nlargest(ARTISTS, "chi2")
    if len(own) > 1:
        columns = {by: t("Group"), **translate_labels(GROUP_COLUMN_LABELS)}
        named_table(
            own.rename(columns={"share": "held"}).astype({by: str}), columns, alt=t("Who uses these words most")
        )
        if not choices.are_groups_ordered(selection, by):
            page_layout.remark(t("Shares above average, the strongest evidence (χ²) first."))
        exports(shares, f"class-shares-{by}")


@page_layout.fragment
def draw_stability(selection: Selection, k: int, words: int, lemmas: bool, least: str) -> None:
    """Draw how well classes agree with those of segments of another length, for each number of classes."""
    worlds, other = (
        classify_selection(selection, k, each, lemmas, least) for each in (words, longer_segment_words(words))
    )
    heading(
        t("Themes that remain when the text is split differently"),
        t("Adjusted Rand index of lines; 1: identical themes."),
    )
    agreement = agreement_by_k(worlds, other)
    proposed = propose_class_count(agreement)
    unstable = t("No number of themes up to {k} is stable: treat the themes as one reading among others.", k=k)
    page_layout.remark(unstable if proposed is None else t("Most stable: {k} themes.", k=proposed))
    figures = worlds.class_separation()
    distances = t(
        "Distance between themes: χ²/n {chi2} by words, Cramér's V {cramer} by artist.",
        chi2=format_decimal(figures["chi2_per_n"], 3),
        cramer=format_decimal(figures["cramers_v"], 3),
    )
    page_layout.remark(distances)
    named_table(agreement, translate_labels(STABILITY), alt=t("Stability by number of themes"))


def classify_selection(selection: Selection, k: int, words: int, lemmas: bool, least: str) -> Worlds:
    """Return the classes of the selection; draw a progress bar while they are computed. A change of a control meanwhile
    ends the computation."""
    cached = cache.resource(empty_class_cache, selection, k, words, lemmas, least)
    if not cached:
        doing = t("Classifying the segments…")
        bar = st.progress(0.0, doing)

        def show_progress(done: int, of: int) -> None:
            bar.progress(done / of, doing)

        try:
            part = cache.subcorpus(selection._replace(languages=()))  # so that what is left out is counted
            worlds = find_worlds(
                part, k, words=words, lemmas=lemmas, layer=selection.layer, least_size=least,
                languages=selection.languages, on_split=show_progress,
            )  # fmt: skip
            cached.append(worlds)
        finally:
            bar.empty()
    return cached[0]


def empty_class_cache(corpus: Corpus, *settings: object) -> list[Worlds]:
    """Return an empty list, which is cached for these settings and filled once the classes are computed."""
    return []


def draw_class_tree(worlds: Worlds, names: list[str], picked: int, title: str) -> None:
    """Draw how the classes were split, with class `picked` marked; a click picks another."""
    numbered = [f"{at} {name}" for at, name in enumerate(names, 1)]
    figure = plane_charts.class_dendrogram(worlds.tree, worlds.class_count, numbered, picked)
    note = t("How the segments were split, from the left. Click a dot to read what it contains.")
    clickable_card(title, figure, key="tree", picks="world", note=note)


def draw_class_plane(worlds: Worlds) -> None:
    """Draw the plane of classes and of the words that set them apart; nothing for fewer than three classes."""
    plane = lexical_class_plane(worlds)
    if plane is None:
        return
    note = t(
        "Correspondence analysis: the ninety words that contribute most. The two axes show {share} of the differences. "
        "Each word has the colour and shape of the large mark that it is typical of.",
        share=format_percentage(sum(plane.shares), 0),
    )
    if plane.far:
        note += " " + t("Too far from the others to be shown: {themes}.", themes=", ".join(plane.far))
    figure = plane_charts.class_plane(plane.words, plane.classes, plane.shares)
    card(t("Map of the words that set them apart"), figure, key="plane", note=note)


def draw_class_cuts(worlds: Worlds, names: list[str], picked: int, title: str) -> None:
    draw_class_tree(worlds, names, picked, title)
    draw_class_plane(worlds)


@page_layout.fragment
def draw_classes(selection: Selection, slot: DeltaGenerator, k: int, words: int, lemmas: bool, least: str) -> None:
    """Draw the classes: their tree, the words and segments of the chosen one, their map; write a summary in `slot`."""
    worlds = classify_selection(selection, k, words, lemmas, least)
    names = words_naming_each_class(worlds)
    if not names:
        page_layout.empty_state(t("No themes found. Select more songs or shorter segments."))
        return
    labels = {at: f"{at + 1} · {name}" for at, name in enumerate(names)}
    order = worlds.sizes.argsort(kind="stable")[::-1].tolist()
    share = format_percentage(worlds.sizes[order[0]] / len(worlds.labels))
    title = t("Largest theme: {words}, in {share} of segments", words=names[order[0]], share=share)
    if worlds.is_undivided:
        title = t("{share} of segments stay in class {n}", share=share, n=order[0] + 1)
        del order[0]  # what is left together is no theme to lead with
    shown = t("; ").join(
        f"<b lang=fr>{escape(names[at])}</b> ({format_percentage(worlds.sizes[at] / len(worlds.labels))})"
        for at in order[:NAMED_THEMES]
    )
    text = t_count("{n} theme: {themes}.", "{n} themes, the largest: {themes}.", worlds.class_count, themes=shown)
    if worlds.is_undivided:
        text = t(
            "These songs do not divide into themes: <b>{share}</b> of segments stay in one class. Set apart from it: "
            "{themes}.",
            share=share, themes=shown,
        )  # fmt: skip
    page_layout.draw_answer(text, slot)
    label = t("Class") if worlds.is_undivided else t("Theme")
    picked = pick(label, labels, order[0], key="world", look="list", width=420)
    left, right = st.columns([1, 1], gap="large")
    with left:
        if not worlds.is_undivided:
            draw_class_tree(worlds, names, picked, title)
        draw_class_words(worlds, names, picked)
    with right:
        draw_class_segments(worlds, picked)
    with left if worlds.is_undivided else right:
        draw_class_groups(selection, worlds, picked)
    if worlds.is_undivided:
        cuts = t("How the classes were split")
        page_layout.draw_fold(cuts, draw_class_cuts, worlds, names, picked, title, key="class-cuts")
    else:
        draw_class_plane(worlds)
    message = t(
        "{segments} segments, {known} classified; excluded: {repeated} repeated lines, {others} in other languages.",
        segments=format_decimal(len(worlds.labels)),
        known=format_percentage(float((worlds.labels != UNCLASSIFIED).mean())),
        repeated=format_decimal(worlds.left_out["repeated"]),
        others=format_decimal(worlds.left_out["other_languages"]),
    )
    page_layout.remark(message)


def draw_worlds() -> None:
    selection = filters.current_selection()
    slot = page_layout.draw_question(t("What do they talk about?"), 2)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        k = st.slider(t("Classes"), 2, 20, 6, key="classes", bind=BIND, width=420,
                      help=t("More classes split the largest ones further."))  # fmt: skip
        with st.popover(t("How they are cut")):
            units = {words: t(name, n=words) for words, name in UNIT_LABELS.items()}
            words = pick(t("Units"), units, key="segment")
            sizes = {size: t(name) for size, name in LEAST_SIZES.items()}
            help = t("Smallest size of a class, as a fraction of N segments for k classes.")
            least = pick(t("Min. class size"), sizes, key="least", help=help)
            lemmas = toggle(t("Count lemmas"), True, key="world-lemmas")
    draw_classes(selection, slot, k, words, lemmas, least)
    label = t("Is it stable?")
    page_layout.draw_fold(label, draw_stability, selection, k, words, lemmas, least, key="stability")


TONED_LINE_COUNT, TONED_LINES_PER_PAGE = 20, 6
NEUTRAL = 0.1  # share of the strongest rating: a mean nearer to 0 is nearly neutral
MAX_LEXICON_MEGABYTES = 2  # of a lexicon


def draw_tone() -> None:
    selection = filters.current_selection()
    slot, lines_place = page_layout.draw_question(t("Are the words positive or negative?"), 2), st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        selection = selection._replace(variant=choices.pick_lyrics_version("tone-version"))
        by = pick_grouping("tone-by", selection)
        with st.popover(t("Use your own lexicon")):
            st.markdown(t("CSV with two columns, word and value; it replaces the built-in lexicon."))
            most = MAX_LEXICON_MEGABYTES
            lexicon_file = st.file_uploader(t("Lexicon"), "csv", key="tone-lexicon", max_upload_size=most)
    lexicon = read_lexicon(lexicon_file.getvalue()) if lexicon_file else ()
    whole = cache.query(tone_table, selection, None, lexicon, selection.layer)
    if whole.empty:
        page_layout.empty_state(t("The lexicon rates none of these words. Widen the filters, or use your own lexicon."))
        return
    all_ = whole.iloc[0]
    values = [value for _, value in lexicon or polarity_lexicon()]
    neutral = NEUTRAL * max(map(abs, values))
    verdict = t("More positive than negative") if all_["tone"] > 0 else t("More negative than positive")
    text = t(
        "{verdict}: on average <b>{tone}</b>, from {least} (negative) to {most} (positive). But only <b>{coverage}</b> "
        "of words are rated, by {lexicon}.",
        verdict=t("Nearly neutral") if abs(all_["tone"]) < neutral else verdict,
        least=format_decimal(min(values)),
        most=format_decimal(max(values)),
        coverage=format_percentage(all_["coverage"]),
        lexicon=t("your lexicon") if lexicon else t("the <i>Pattern</i> lexicon, mostly adjectives"),
        tone=format_decimal(all_["tone"], 2),
    )
    page_layout.draw_answer(text, slot)
    with lines_place:
        draw_toned_lines(selection, lexicon)
    draw_tone_of_groups(selection, by, lexicon, neutral)


def draw_toned_lines(selection: Selection, lexicon: Lexicon) -> None:
    """Draw the most negative and the most positive lines beside each other, their rated words marked."""
    sides = (
        (True, t("Most negative lines"), t("No line has a negative word.")),
        (False, t("Most positive lines"), t("No line has a positive word.")),
    )
    page_layout.remark(t("Underlined: positive words in blue; negative words dashed, in red."))
    for column, (dark, title, none) in zip(st.columns(2, gap="large"), sides, strict=True):
        with column:
            lines = cache.query(lines_by_tone, selection, lexicon, selection.layer, TONED_LINE_COUNT, dark)
            lines = drop_line_variants(lines.drop(columns=["rated", "tone"], errors="ignore"))
            lines["spans"] = rated_word_spans(lines["text"], lexicon)
            draw_line_list(lines, key=f"toned-{dark}", title=title, none=none, length=TONED_LINES_PER_PAGE)


def draw_tone_of_groups(selection: Selection, by: GroupingKey, lexicon: Lexicon, neutral: float) -> None:
    """Draw the tone of groups on intervals; a mean nearer to 0 than `neutral` is nearly neutral."""
    table = cache.query(tone_table, selection, by, lexicon, selection.layer)
    if table.empty:
        explain_missing_groups(selection, by)
        return
    note_ungrouped_songs(selection, by)
    hover = t("<b>%{y}</b><br>%{x:.2f} [%{customdata[6]:.2f} – %{customdata[7]:.2f}]<br>coverage %{customdata[4]:.1%}")
    ranked, x_title = rankable_groups(table), t("mean of rated words: negative below 0, positive above")
    shown = pick_shown_groups(ranked, by, key="tone")
    figure = distributions.interval_chart(shown, by, "tone", x_title=x_title, hover=hover)
    figure.add_vline(0, line_color=INK["ink"], line_width=1)
    choices.mark_omissions(figure, ranked, shown, by)
    note = t(INTERVALS_NOTE) + choices.unranked_groups_sentence(table, ranked)
    several = mark("From {low} ({least}, most negative) to {high} ({most}, most positive)")
    first, last = ranked.iloc[0], ranked.iloc[-1]
    if not (first["low"] > ranked["high"].iloc[1:].max() and last["high"] < ranked["low"].iloc[:-1].min()):
        several = mark("No certain first or last: from {low} ({least}) to {high} ({most})")
    if shown["tone"].abs().max() < neutral:
        several = mark("All nearly neutral: from {low} ({least}) to {high} ({most})")
    form = partial(format_decimal, decimals=2)
    title = choices.minmax_title(shown, by, "tone", form, several, mark("{value} ({group})"))
    draw_group_card(selection, by, title, figure, table, key="toned", note=note, file="tone")


draw_open_tab(worlds=draw_worlds, tone=draw_tone)
