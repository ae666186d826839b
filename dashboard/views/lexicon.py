"""What words does this rap use?"""

import streamlit as st

from dashboard import cache, measures
from dashboard.charts import bars, distributions, words
from dashboard.components import filters, frame
from dashboard.components.card import card, pick_card
from dashboard.components.exports import exports
from dashboard.components.lines import line_list
from dashboard.components.table import pick_table
from dashboard.selection import Selection
from dashboard.words import count, number, share
from pipeline.analysis.lexicon import character_distribution, frequency_table, lexicon_size
from pipeline.analysis.lines import lines_with_word

COLUMNS = {"rank": "Rank", "word": "Word", "index": "Index", "count": "Occurrences", "songs": "Songs", "share": "Share"}


@st.fragment
def frequent(selection: Selection) -> None:
    table = cache.ask(frequency_table, selection, layer=selection.layer)
    left, right = st.columns([1, 1], gap="large")
    with right:
        word = st.text_input(
            "Read the lines that hold", key="word", bind="query-params", placeholder="A word, such as rue"
        )
        if word.strip():
            lines = cache.ask(lines_with_word, selection, word, layer=selection.layer)
            found = f"{count(int(lines['spans'].map(len).sum()), 'time')} in {count(len(lines), 'line')}"
            line_list(lines, key=f"lines-with-{word}", title=f"{word.strip()}: {found}")
        else:
            frame.empty("Click a word, or type one above, to read the lines that hold it.")
    with left:
        if (
            st.segmented_control(
                "Show",
                ["120 most frequent", "All words"],
                default="120 most frequent",
                required=True,
                key="words",
                bind="query-params",
            )
            == "All words"
        ):
            pick_table(table, COLUMNS, key="index", picks="word", search="Search word2index and index2word")
            exports(table, "lexicon")
        else:
            top = table.head(120)
            title = f"120 words make {share(top['share'].sum())} of the text"
            figure = bars.ranked(top, "word", "count", hover="<b>%{y}</b><br>%{x:,} times", picked=word.strip().lower())
            pick_card(title, figure, key="frequent", picks="word", note="Click a bar to read its lines.", height=560)


@st.fragment
def shapes(selection: Selection) -> None:
    left, right = st.columns(2, gap="large")
    tokens, types = (
        cache.ask(character_distribution, selection, layer=selection.layer, over=over) for over in ("tokens", "types")
    )
    with left:
        mean = [(t["characters"] * t["share"]).sum() for t in (tokens, types)]
        title = f"{number(mean[0], 1)} characters a word in the text, {number(mean[1], 1)} in the lexicon"
        card(
            title,
            words.characters(tokens, types),
            key="characters",
            note="Rare words are longer; elided ones (j', qu') count their letters.",
        )
    with right:
        fit, points = cache.ask(measures.zipf, selection, layer=selection.layer)
        names = cache.ask(frequency_table, selection, layer=selection.layer)["word"].to_numpy()[points["rank"] - 1]
        law = f"Frequency falls as rank to the power {number(fit.a, 2)}" if fit else "Too few words for a law"
        card(
            law,
            words.rank_frequency(points, names.tolist()),
            key="zipf",
            note="Each dot is a word; the line is the fitted law.",
        )
    growth = cache.ask(measures.growth, selection, layer=selection.layer)
    last = growth.iloc[-1]
    figure = distributions.curve(
        growth,
        "tokens",
        "types",
        low="low",
        high="high",
        x_title="words read",
        y_title="different words met",
        hover="after %{x:,} words: %{y:,.0f} different ones<br>[%{customdata[0]:,.0f} – %{customdata[1]:,.0f}]",
    )
    card(
        f"{number(last['types'])} different words after {number(last['tokens'])}, and still rising",
        figure,
        key="growth",
        note="Songs read in 20 random orders; the band holds 95% of them.",
    )


selection = filters.selected()
frame.question("What words is it made of?")
size = cache.ask(lexicon_size, selection, layer=selection.layer)
if not size.types:
    frame.empty("Nothing is selected. Clear a filter in the sidebar to see words again.")
    st.stop()
frame.answer(
    f"<b>{number(size.types)}</b> different words in a text of <b>{number(size.tokens)}</b>. "
    f"<b>{share(size.hapax_share)}</b> of them, {number(size.hapax)}, are used a single time."
)
frequent(selection)
shapes(selection)
frame.how_to_read("lexicon")
