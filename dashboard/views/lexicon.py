"""What words does this rap use?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, distributions, lexicon_charts
from dashboard.components import filters, page_layout
from dashboard.components.bound import pick, pick_or_none
from dashboard.components.choices import labels_to_keys, variant
from dashboard.components.data_table import named_table, pick_table
from dashboard.components.exports import exports
from dashboard.components.figure_card import heading, pick_card
from dashboard.components.line_list import line_list
from dashboard.locale.phrasing import count
from dashboard.queries.subcorpus import Selection
from dashboard.queries.vocabulary_curves import words_met_at, zipf_points
from pipeline.analysis.laws import growth_curve
from pipeline.analysis.lexicon import character_distribution, frequency_table, lexicon_size
from pipeline.analysis.lines import lines_with_word
from pipeline.analysis.word_classes import class_rates, class_words, coverage
from pipeline.translation import number, share

COLUMNS = {"rank": "Rank", "word": "Word", "index": "Index", "count": "Occurrences", "songs": "Songs", "share": "Share"}

CLASSES = {
    "ad-lib": "Ad-libs and cries", "african": "African loans", "anglicism": "Anglicisms", "arabic": "Arabic loans",
    "argot": "Argot", "romani": "Romani loans", "verlan": "Verlan",
}  # fmt: skip
SHOWN = {"frequent": "120 most frequent", "all": "All words"}
WORDS = ("word", "count", "songs")
CLASS_WORDS = {"word": "Word", "standard": "Usual word", "count": "Times"}
RATES = {
    "label": "Class",
    "per_thousand": "Per thousand",
    "low": "From",
    "high": "To",
    "count": "Times",
    "types": "Words",
}


@page_layout.fragment
def frequent(selection: Selection) -> None:
    lemmas = st.toggle(
        "Count lemmas",
        key="lemmas",
        bind="query-params",
        help="Every form under its dictionary form: chevaux under cheval, j' under je. A form of two words goes to the "
        "likelier: suis is always être.",
    )
    with st.spinner("Counting every word…"):
        table = cache.query(frequency_table, selection._replace(lemmas=lemmas), selection.layer)
    left, right = st.columns([1, 1], gap="large")
    with right:
        word = st.text_input(
            "Read the lines that hold", key="word", bind="query-params", placeholder="A word, such as rue"
        )
        if word.strip():
            lines = cache.query(lines_with_word, selection._replace(lemmas=lemmas), word, layer=selection.layer)
            found = f"{count(int(lines['spans'].map(len).sum()), 'time')} in {count(len(lines), 'line')}"
            if lines.empty:
                page_layout.empty_state(
                    f"No line holds {word.strip()[:40]}. Try another spelling, or widen the filters."
                )
            else:
                line_list(lines, key=f"lines-with-{word}", title=f"{word.strip()}: {found}")
        else:
            page_layout.empty_state("Click a word, or type one above, to read the lines that hold it.")
    with left:
        if pick("Show", SHOWN, key="words") == "all":
            pick_table(table, COLUMNS, key="index", picks="word", search="Search word2index and index2word")
            exports(table, "lexicon")
        else:
            top = table.head(120)
            title = f"120 words make {share(top['share'].sum())} of the text"
            figure = bar_charts.ranked(
                top, "word", "count", hover="<b>%{y}</b><br>%{x:,} times", picked=word.strip().lower()
            )
            pick_card(title, figure, key="frequent", picks="word", note="Click a bar to read its lines.", height=560)
            exports(table, "frequencies")
    shapes(selection)


def shapes(selection: Selection) -> None:
    left, right = st.columns(2, gap="large")
    tokens, types = (
        cache.query(character_distribution, selection, layer=selection.layer, over=over) for over in ("tokens", "types")
    )
    with left:
        mean = [(t["characters"] * t["share"]).sum() for t in (tokens, types)]
        title = f"{number(mean[0], 1)} characters a word in the text, {number(mean[1], 1)} in the lexicon"
        note = "Rare words are longer; elided ones (j', qu') count their letters. Click a bar for its words."
        pick_card(title, lexicon_charts.characters(tokens, types), key="characters", picks="letters", note=note, at="x")
        exports(tokens, "characters-per-word")
        of_length(selection)
    with right:
        with st.spinner("Fitting the law…"):
            fit, points = cache.query(zipf_points, selection, layer=selection.layer)
        written = cache.query(frequency_table, selection, selection.layer)
        names = written["word"].to_numpy()[points["rank"] - 1]
        law = f"Frequency falls as rank to the power {number(fit.a, 2)}" if fit else "Too few words for a law"
        pick_card(
            law,
            lexicon_charts.rank_frequency(points, names.tolist()),
            key="zipf",
            picks="word",
            note="Each dot is a word; the line is the fitted law. Click one: its lines are at the top.",
        )
        exports(points.assign(word=names), "rank-frequency")
    growth_card(selection)


def growth_card(selection: Selection) -> None:
    """Draw the growth of the vocabulary, and the words that one song of it brings."""
    with st.spinner("Reading the songs in 20 orders…"):
        table = cache.query(growth_curve, selection, layer=selection.layer)
    last = table.iloc[-1]
    figure = distributions.curve(
        table,
        "tokens",
        "types",
        low="low",
        high="high",
        x_title="words read",
        y_title="different words met",
        hover="after %{x:,} words: %{y:,.0f} different ones<br>[%{customdata[0]:,.0f} – %{customdata[1]:,.0f}]",
    )
    pick_card(
        f"{number(last['types'])} different words after {number(last['tokens'])}, and still rising",
        figure,
        key="growth",
        picks="read_words",
        note="Songs read in 20 random orders; the band holds 95% of them. Click a dot for the words met there.",
        at="x",
    )
    exports(table, "vocabulary-growth")
    picked = pick_or_none(
        "Read the words first met after … words",
        {str(tokens): number(tokens) for tokens in table["tokens"]},
        key="read_words",
        look="list",
        hint="Click a dot, or choose",
    )
    if picked is not None:
        lines = cache.query(words_met_at, selection, int(picked), layer=selection.layer)
        if lines.empty:
            page_layout.empty_state("The song read there brings no new word. Choose another point.")
        else:
            new = count(int(lines["spans"].map(len).sum()), "new word")
            title = f"{lines['title'].iloc[0]}, in the first of the orders, brings {new}"
            line_list(lines, key="lines-growth", title=title, length=8)


def of_length(selection: Selection) -> None:
    table = cache.query(frequency_table, selection, selection.layer)
    sizes = table["word"].str.len()
    present = [str(size) for size in sorted(sizes.unique())]
    letters = st.selectbox(
        "Words of … characters", present, None, key="letters", bind="query-params", placeholder="Click a bar, or choose"
    )
    if letters is not None:
        same = table[sizes == int(letters)]
        search = f"Search the words of {letters} characters"
        pick_table(same, {name: COLUMNS[name] for name in WORDS}, key="letters", picks="word", search=search)
        exports(same, f"words-of-{letters}-characters")


@page_layout.fragment
def classes(selection: Selection) -> None:
    """Draw how often each word class occurs, with what the lists do not know."""
    table = cache.query(class_rates, selection, layer=selection.layer).sort_values("per_thousand", ascending=False)
    table = table.assign(label=table["class"].map(CLASSES))
    known = cache.query(coverage, selection, layer=selection.layer).set_index("part")
    left, right = st.columns(2, gap="large")
    with right:
        present = {name: CLASSES[name] for name in table.loc[table["count"] > 0, "class"]}
        if not present:
            page_layout.empty_state("No listed word is selected. Widen the filters in the sidebar.")
        else:
            name = pick("Words of the class", present, key="class", look="list")
            found = cache.query(class_words, selection, name, layer=selection.layer)
            pick_table(found, CLASS_WORDS, key="class", picks="word", sets="class_word", search="Search the class")
            exports(found, f"class-{name}")
            word = st.session_state.get("class_word")
            if word is not None and word in set(found["word"]):
                lines = cache.query(lines_with_word, selection, word, layer=selection.layer)
                line_list(lines, key="lines-class", title=f"{word}: {count(len(lines), 'line')}", length=8)
    with left:
        figure = distributions.intervals(
            table,
            "label",
            "per_thousand",
            "low",
            "high",
            x_title="words in a thousand",
            hover="<b>%{y}</b><br>%{x:.2f} in a thousand<br>%{customdata[3]:,} times, %{customdata[4]} words",
        )
        title = f"The lists know {share(known.at['listed', 'share'])} of the text"
        note = (
            f"{share(known.at['function words', 'share'])} are function words; {share(known.at['unlisted', 'share'])} "
            "stand in no list, so each rate is the least it can be. Lines: 95% intervals over songs."
        )
        pick_card(
            title,
            figure,
            key="classes",
            picks="class",
            note=note + " Click a dot for its words.",
            at="y",
            keys=labels_to_keys(CLASSES),
        )
        named_table(table, RATES, alt="Word classes: rates and counts")
        exports(table, "word-classes")


selection = filters.current_selection()
page_layout.question("What words is it made of?")
slot = st.empty()
selection = selection._replace(variant=variant("lexicon_version"))
with slot, st.spinner("Counting every word…"):
    size = cache.query(lexicon_size, selection, layer=selection.layer)
if not size.types:
    page_layout.empty_state("Nothing is selected. Clear a filter in the sidebar to see words again.")
    st.stop()
with slot:
    page_layout.answer(
        f"<b>{number(size.types)}</b> different words in a text of <b>{number(size.tokens)}</b>. "
        f"<b>{share(size.hapax_share)}</b> of them, {number(size.hapax)}, are used a single time."
    )
cache.prefetch(zipf_points, selection, layer=selection.layer)
cache.prefetch(growth_curve, selection, layer=selection.layer)
frequent(selection)
heading("Verlan, argot, loans", "By short open lists, which come with Seize.")
classes(selection)
page_layout.how_to_read("lexicon")
