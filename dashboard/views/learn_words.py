"""Learn 10: how do words become numbers?"""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_heat, learn_map
from dashboard.components import lesson, page_layout
from dashboard.components.data_table import matching
from dashboard.components.exports import exports
from dashboard.components.figure_card import card, heading
from dashboard.lessons import counting, tokenisers
from dashboard.locale.formats import count, number
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import SPECIALS, UNK, Vocabulary
from pipeline.paths import DEMO_NAME
from pipeline.runs.vectors import map_of, neighbours, to_word2vec, vectors_of

BIND = "query-params"
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


@page_layout.fragment
def sizes() -> None:
    corpus = cache.open_corpus(DEMO_NAME)
    letters, small, words = cache.call(_sizes)
    left, right = st.columns([2, 3], gap="large")
    with left:
        n_a = st.slider(
            "Units, n_a", 16, 512, 128, 16, key="words_n_a", bind=BIND, help="How many numbers the state holds."
        )
        width = st.slider(
            "Width of the embedding", 8, 256, 64, 8, key="width", bind=BIND, help="How many numbers stand for a word."
        )
        verdict = "so “below 100” is true" if letters < 100 else "so “below 100” is not true"
        st.markdown(
            f"The article says: over 10,000 words against fewer than 100 characters. In **{corpus.name}**: **{number(words)}** words against "
            f"**{letters}** characters, accents, capitals and signs counted ({small} without capitals): {verdict}."
        )
    with right:
        found = cache.call(counting.costs, letters, words, n_a, width)
        lesson.plain_table(
            ["Input", "Vocabulary", "Parameters", "One batch of 32 × 40", "Reading, ms a step", "Whole step, ms"],
            [
                [
                    c.name,
                    number(c.vocabulary),
                    number(c.parameters),
                    _size(c.bytes),
                    number(c.reading, 3),
                    number(c.step, 3),
                ]
                for c in found
            ],
        )
        st.caption(
            f"Measured once on this machine, 32 lines side by side. Reading dense one-hot words took {found[1].reading / max(found[2].reading, 1e-9):,.0f} times as long as looking up the same rows; "
            f"a whole step, with the state and the guess over the vocabulary, {found[1].step / max(found[2].step, 1e-9):.1f} times."
        )


def _sizes() -> tuple[int, int, int]:
    return characters_of(cache.open_corpus(DEMO_NAME))


def _size(n: int) -> str:
    return f"{n / 1e6:,.1f} MB" if n >= 1e6 else f"{n / 1e3:,.1f} kB"


@page_layout.fragment
def tokens(text: str) -> None:
    vocabulary = cache.open_corpus(DEMO_NAME).vocabulary
    rows = tokenisers.compare(text)
    lesson.plain_table(
        ["Tokeniser", "Tokens", "What it does with it"],
        [[name, f"{len(found)}: " + " | ".join(found), note] for name, found, note in rows],
    )
    back = tokenisers.round_trip(text)
    heading("And back again", f"Tokens joined: {back}")
    ids = vocabulary.encode(rows[0][1])
    nested = tokenisers.nested(text, cache.open_corpus(DEMO_NAME))
    st.html(f'<h3>X, as nested sentences</h3><pre class="nested" lang="fr">{escape(nested)}</pre>')
    if not len(ids):
        return
    hot, kinds = counting.one_hot_sentence(ids)
    words = vocabulary.decode(ids)
    figure = learn_heat.heat(
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
def index() -> None:
    vocabulary = cache.open_corpus(DEMO_NAME).vocabulary
    table = cache.call(_index_table)
    left, right = st.columns([2, 3], gap="large")
    with left:
        query = st.text_input(
            "Search word2index and index2word", key="index_query", bind=BIND, placeholder="rue, or 42"
        )
        word = (query or "").strip().lower()
        if word:
            at = vocabulary.word2index.get(word, UNK)
            st.markdown(
                f"word2index[“{page_layout.escape_markdown(word)}”] = **{at}**"
                + (
                    ", which is `<unk>`: out of vocabulary."
                    if at == UNK
                    else f", and index2word[{at}] = “{page_layout.escape_markdown(vocabulary.index2word[at])}”."
                )
            )
        same = Vocabulary.from_json(vocabulary.to_json()) == vocabulary
        st.markdown(
            f"{count(len(vocabulary), 'entry', 'entries')}, {number(len(set(vocabulary.index2word)))} different: a bijection. Saved and loaded again it is {'the same' if same else 'NOT the same'}. "
            f"{', '.join(f'`{s}`' for s in SPECIALS)} are 0 to 3, then words by falling count, then alphabet: the same ids on every run. (The article's came from a set: new ids each time.)"
        )
    with right:
        shown = matching(table, query or "", "word").head(500)
        st.dataframe(
            shown.rename(columns={"index": "Index", "word": "Word", "count": "Occurrences"}),
            hide_index=True,
            height=330,
            alt="word2index as a table",
        )


def _index_table() -> pd.DataFrame:
    vocabulary = cache.open_corpus(DEMO_NAME).vocabulary
    return pd.DataFrame({"index": range(len(vocabulary)), "word": vocabulary.index2word, "count": vocabulary.counts})


@page_layout.fragment
def vectors() -> None:
    names = [name for name in cache.network_names() if cache.open_network(name).vocabulary.level == "word"]
    if not names:
        page_layout.empty_state(
            "There is no word model among the runs. Train one: python -m pipeline train demo --level word."
        )
        return
    run = cache.open_network(names[0])
    embedding = run.network().embedding.astype(float)
    vocabulary = run.vocabulary
    left, right = st.columns([2, 3], gap="large")
    with left:
        typed = st.text_input("A word", "nuit", key="neighbour", bind=BIND)
        at = vocabulary.word2index.get((typed or "").strip().lower())
        if at is None:
            page_layout.empty_state("This model has never seen that word. Try rue, nuit, or frère.")
            return
        hot = np.zeros(len(vocabulary))
        hot[at] = 1
        gap = np.abs(hot @ embedding - embedding[at]).max()
        st.markdown(
            f"One-hot × matrix against row {at} of the matrix: difference **{gap:.0e}**. The product *is* a look-up."
        )
        near = neighbours(embedding, vocabulary, at, 8)
        pairs = zip(near["token"], near["cosine"], strict=True)
        lesson.plain_table(["Neighbour", "Cosine"], [[token, f"{cosine:.3f}"] for token, cosine in pairs])
        st.caption(f"{run.name}: {embedding.shape[1]} numbers a word. A small corpus teaches grammar before meaning.")
    with right:
        shown = [at, *near["id"]]
        ids = np.array([*shown, *(i for i in range(len(SPECIALS), len(SPECIALS) + 60) if i not in shown)], np.int32)
        table, held = map_of(embedding, vocabulary, ids)
        words = vocabulary.decode(ids)
        figure = learn_map.word_map(table[["x", "y"]].to_numpy(), words, near=len(near))
        card(
            f"A map of 60 frequent words and the neighbours of {vocabulary.index2word[at]}",
            figure,
            key="map",
            note=f"The two directions in which these vectors differ most hold {held:.0%} of their differences. A dot without a name has no room for one: hover it.",
        )
    st.caption(
        f"Take all {number(len(vocabulary) - len(SPECIALS))} vectors along, with their places on one map of every word:"
    )
    word2vec = ("word2vec", "txt", "text/plain", lambda _: to_word2vec(embedding, vocabulary).encode())
    exports(lambda: vectors_of(embedding, vocabulary), "vectors", more=[word2vec])


text = lesson.line()
lesson.opening(
    10,
    "How do words become numbers?",
    "A network only multiplies. So a text is cut into tokens, each token gets a number, each number a column with a single 1, and, better, a row of a learnt matrix. "
    "Cut too fine and the sequences are long; cut too coarse and the vocabulary explodes.",
)
lesson.formula(
    r"x_w=\big(0,\dots,0,\underset{\text{word2index}[w]}{1},0,\dots,0\big)^{\top},\qquad W_{ax}\,x_w=\text{column word2index}[w]\text{ of }W_{ax}",
    key="one-hot",
)
lesson.part("L1", "Characters or words? The cost, measured")
sizes()
lesson.part(
    "L8 L10 L11",
    "From your line to columns",
    "First line by line, then word by word; French elides (*j'*, *qu'*), so the apostrophe cuts.",
)
tokens(text)
lesson.part("L9", "word2index and index2word")
index()
lesson.part("L2", "Embeddings: neighbours and a map")
vectors()
lesson.part("L3 L4 L5 L6 L7 L12", "The rest of the article's program, elsewhere in Seize")
lesson.plain_table(["The article", "Here"], [[what, where] for _, what, where, _ in ELSEWHERE])
with st.container(horizontal=True):
    for _, _, where, view in ELSEWHERE:
        st.page_link(
            page_layout.VIEWS / f"{view}.py", label=where.rpartition("page ")[2], icon=":material/arrow_forward:"
        )
lesson.ask(
    "Why not simply train on one-hot words?",
    "It works and computes the same, but multiplies by thousands of zeros: the table above measures it. An embedding picks the row by construction, and a narrow one also has fewer parameters.",
)
lesson.closing(10)
