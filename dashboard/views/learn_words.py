"""Learn 10: how do words become numbers?"""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_heat, learn_map
from dashboard.components import bound, lesson, marks, page_layout
from dashboard.components.bound import slider
from dashboard.components.data_table import matching_rows
from dashboard.components.exports import exports
from dashboard.components.figure_card import card, heading
from dashboard.lessons import tokenisers, word_counting
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import count
from pipeline.cells.activations import Array
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import SPECIALS, UNK, Ids, Vocabulary
from pipeline.paths import DEMO_NAME
from pipeline.runs.vectors import embedding_table, neighbours, project_embedding, to_word2vec
from pipeline.translation import number

ELSEWHERE = (
    ("L3", "Data preparation and analysis: cleaning with before and after, ad-libs, tags, repeated refrains", "python -m pipeline prepare --report; page Import", "importing"),
    ("L4", "Lexicon: frequency, Zipf, hapax, growth, words in context", "Lexicon", "lexicon"),
    ("L5", "Words per line, by artist, year and section", "Words per verse", "verses"),
    ("L6", "A character LSTM in training, bits a character beside the n-gram", "python -m pipeline train; page Train", "training"),
    ("L7", "Writing: temperature, top-p, top-k, alternatives, what is copied", "python -m pipeline generate --seed; page Write", "write"),
    ("L12", "How rap is built: sections as bars, repetition, rhyme schemes", "Structure", "structure"),
)  # fmt: skip


def characters_of(corpus: Corpus) -> tuple[int, int, int]:
    """Different characters; without capitals; different words."""
    found = set("".join(corpus.lines["text"]))
    return len(found), len({c.lower() for c in found}), int((corpus.counts("all") > 0).sum())


def sizes_of_demo() -> tuple[int, int, int]:
    """The same of the embedded corpus."""
    return characters_of(cache.open_corpus(DEMO_NAME))


@page_layout.fragment
def sizes(_: str) -> None:
    letters, small, words = cache.call(sizes_of_demo)
    left, right = lesson.two_columns()
    with left:
        n_a = slider("Units, n_a", 16, 512, 128, 16, key="words_n_a", help="How many numbers the state holds.")
        wide = "How many numbers stand for a word."
        width = slider("Width of the embedding", 8, 256, 64, 8, key="width", help=wide)
        verdict = "so “below 100” is true" if letters < 100 else "so “below 100” is not true"
        st.markdown(
            f"The article says: over 10,000 words against fewer than 100 characters. In **{DEMO_NAME}**: **{number(words)}** words against "
            f"**{letters}** characters, accents, capitals and signs counted ({small} without capitals): {verdict}."
        )
    with right:
        found = cache.call(word_counting.costs, letters, words, n_a, width)
        marks.draw_table(
            ["Input", "Vocabulary", "Parameters", "One batch of 32 × 40", "Reading, ms a step", "Whole step, ms"],
            [
                [c.name, number(c.vocabulary), number(c.parameters), _size(c.bytes), number(c.reading, 3), number(c.step, 3)]
                for c in found
            ],
        )  # fmt: skip
        st.caption(
            f"Measured once on this machine, 32 lines side by side. Reading dense one-hot words took {found[1].reading / max(found[2].reading, 1e-9):,.0f} times as long as looking up the same rows; "
            f"a whole step, with the state and the guess over the vocabulary, {found[1].step / max(found[2].step, 1e-9):.1f} times."
        )


def _size(n: int) -> str:
    return f"{n / 1e6:,.1f} MB" if n >= 1e6 else f"{n / 1e3:,.1f} kB"


@page_layout.fragment
def tokens(text: str) -> None:
    corpus = cache.open_corpus(DEMO_NAME)
    rows = tokenisers.compare(text)
    marks.draw_table(
        ["Tokeniser", "Tokens", "What it does with it"],
        [[name, f"{len(found)}: " + " | ".join(found), note] for name, found, note in rows],
    )
    heading("And back again", f"Tokens joined: {tokenisers.round_trip(text)}")
    nested = escape(tokenisers.nested(text, corpus))
    st.html(f'<h3>X, as nested sentences</h3><pre class="nested" lang="fr">{nested}</pre>')
    ids = corpus.vocabulary.encode(rows[0][1])
    if len(ids):
        one_hot_rows(ids, corpus.vocabulary)


def one_hot_rows(ids: Ids, vocabulary: Vocabulary) -> None:
    """A sentence as rows with a single 1."""
    hot, kinds = word_counting.one_hot_sentence(ids)
    words = vocabulary.decode(ids)
    figure = learn_heat.heat_map(
        hot, rows=[f"{i} {w}" for i, w in enumerate(words, 1)], columns=[f"{k}: {vocabulary.index2word[k]}" for k in kinds], limit=1,
        x="index in the vocabulary", hover="word %{y}, column %{x}: %{z}", height=120 + 26 * len(words),
    )  # fmt: skip
    figure.update_xaxes(tickangle=-45)
    card(
        f"{len(words)} rows, one 1 in each: {len(words)} ones among {number(len(words) * len(vocabulary))} cells",
        figure,
        key="hot",
        note=f"Only the {len(kinds)} columns that are used are drawn, of {number(len(vocabulary))}. The sparse form is the list of indices: {ids.tolist()}.",
    )


@page_layout.fragment
def index(_: str) -> None:
    vocabulary = cache.open_corpus(DEMO_NAME).vocabulary
    left, right = lesson.two_columns()
    with left:
        query = bound.text("Search word2index and index2word", key="index_query", hint="rue, or 42")
        looked_up(query.strip().lower(), vocabulary)
        same = Vocabulary.from_json(vocabulary.to_json()) == vocabulary
        st.markdown(
            f"{count(len(vocabulary), 'entry', 'entries')}, {number(len(set(vocabulary.index2word)))} different: a bijection. Saved and loaded again it is {'the same' if same else 'NOT the same'}. "
            f"{', '.join(f'`{s}`' for s in SPECIALS)} are 0 to 3, then words by falling count, then alphabet: the same ids on every run. (The article's came from a set: new ids each time.)"
        )
    with right:
        shown = matching_rows(cache.call(index_table), query, "word").head(500)
        titles = {"index": "Index", "word": "Word", "count": "Occurrences"}
        st.dataframe(shown.rename(columns=titles), hide_index=True, height=330, alt="word2index as a table")


def looked_up(word: str, vocabulary: Vocabulary) -> None:
    """The index of a word, and the word of that index."""
    if not word:
        return
    at = vocabulary.word2index.get(word, UNK)
    back = f", and index2word[{at}] = “{escape_markdown(vocabulary.index2word[at])}”."
    st.markdown(
        f"word2index[“{escape_markdown(word)}”] = **{at}**"
        + (", which is `<unk>`: out of vocabulary." if at == UNK else back)
    )


def index_table() -> pd.DataFrame:
    """The vocabulary of the embedded corpus: columns index, word, count."""
    vocabulary = cache.open_corpus(DEMO_NAME).vocabulary
    return pd.DataFrame({"index": range(len(vocabulary)), "word": vocabulary.index2word, "count": vocabulary.counts})


@page_layout.fragment
def vectors(_: str) -> None:
    names = [name for name in cache.network_names() if cache.open_network(name).vocabulary.level == "word"]
    if not names:
        page_layout.empty_state(
            "There is no word model among the runs. Train one: python -m pipeline train demo --level word."
        )
        return
    run = cache.open_network(names[0])
    embedding, vocabulary = run.network().embedding.astype(float), run.vocabulary
    left, right = lesson.two_columns()
    with left:
        typed = bound.text("A word", "nuit", key="neighbour")
        at = vocabulary.word2index.get(typed.strip().lower())
        if at is None:
            page_layout.empty_state("This model has never seen that word. Try rue, nuit, or frère.")
            return
        hot = (np.arange(len(vocabulary)) == at).astype(float)
        gap = np.abs(hot @ embedding - embedding[at]).max()
        st.markdown(
            f"One-hot × matrix against row {at} of the matrix: difference **{gap:.0e}**. The product *is* a look-up."
        )
        near = neighbours(embedding, vocabulary, at, 8)
        pairs = zip(near["token"], near["cosine"], strict=True)
        marks.draw_table(["Neighbour", "Cosine"], [[token, f"{cosine:.3f}"] for token, cosine in pairs])
        st.caption(
            f"{escape_markdown(run.name)}: {embedding.shape[1]} numbers a word. A small corpus teaches grammar before meaning."
        )
    with right:
        vector_map(embedding, vocabulary, [at, *near["id"]])
    st.caption(
        f"Take all {number(len(vocabulary) - len(SPECIALS))} vectors along, with their places on one map of every word:"
    )
    word2vec = ("word2vec", "txt", "text/plain", lambda _: to_word2vec(embedding, vocabulary).encode())
    exports(lambda: embedding_table(embedding, vocabulary), "vectors", more=[word2vec])


def vector_map(embedding: Array, vocabulary: Vocabulary, shown: list[int]) -> None:
    """A word, its neighbours and sixty frequent words in two directions; `shown` holds the first two."""
    others = [i for i in range(len(SPECIALS), len(SPECIALS) + 60) if i not in shown]
    ids = np.array([*shown, *others], np.int32)
    table, held = project_embedding(embedding, vocabulary, ids)
    figure = learn_map.word_map(table[["x", "y"]].to_numpy(), vocabulary.decode(ids), near=len(shown) - 1)
    card(
        f"A map of 60 frequent words and the neighbours of {vocabulary.index2word[shown[0]]}",
        figure,
        key="map",
        note=f"The two directions in which these vectors differ most hold {held:.0%} of their differences. A dot without a name has no room for one: hover it.",
    )


def elsewhere(_: str) -> None:
    """Where the rest of the article's program is."""
    marks.draw_table(["The article", "Here"], [[what, where] for _, what, where, _ in ELSEWHERE])
    with st.container(horizontal=True):
        for _, _, where, view in ELSEWHERE:
            label = where.rpartition("page ")[2]
            st.page_link(page_layout.VIEWS / f"{view}.py", label=label, icon=":material/arrow_forward:")


lesson.show("learn_words", sizes, tokens, index, vectors, elsewhere)
