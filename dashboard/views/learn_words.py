"""Learn 10: how do words become numbers?"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_heat
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import slider
from dashboard.components.frame.data_table import exports, matching_rows, named_table
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import lesson, marks
from dashboard.lessons import word_counting
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import format_number
from dashboard.navigation import link
from pipeline.cells.activations import Array
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, format_percentage, t, t_count
from pipeline.language.vocabulary import SPECIALS, UNK, Ids, Vocabulary
from pipeline.language_models.unit_contract import Units
from pipeline.runs.run import Run, load_run
from pipeline.runs.vectors import embedding_table, nearest_tokens, project_embedding, to_word2vec

RELATED_PAGES = ("importing", "lexicon", "verses", "training", "studio", "structure")
SUBWORD_RUN_NAME = "base-subword"  # the run whose sub-words are shown


def demo_vocabulary_sizes() -> tuple[int, int, int]:
    """Return how many distinct characters the embedded corpus has, how many without capitals, and how many words."""
    corpus = cache.open_corpus(DEMO_NAME)
    characters = set("".join(corpus.texts))
    return len(characters), len({c.lower() for c in characters}), int((corpus.word_counts("all") > 0).sum())


@page_layout.fragment
def draw_vocabulary_sizes(_: str) -> None:
    """Draw a table of the vocabulary, numbers per input and parameters for characters, words and an embedding."""
    letters, small, words = cache.call(demo_vocabulary_sizes)
    left, right = lesson.two_columns()
    with left:
        n_a = slider(
            t("Units of the state"), 16, 512, 128, 16, key="words_n_a", help=t("How many numbers the state has.")
        )
        wide = t("How many numbers represent a word.")
        width = slider(t("Width of the embedding"), 8, 256, 64, 8, key="width", help=wide)
        st.markdown(
            t(
                "**{corpus}** has **{words}** distinct words, and **{letters}** distinct characters, counting accents, capitals and symbols ({small} without capitals).",
                corpus=DEMO_NAME,
                words=format_decimal(words),
                letters=format_decimal(letters),
                small=format_decimal(small),
            )
        )
    with right:
        counted = word_counting.input_encoding_costs(letters, words, n_a, width)
        marks.draw_table(
            [t("Input"), t("Vocabulary"), t("Numbers per input"), t("Parameters")],
            [
                [t(word_counting.INPUT_LABELS[c.name], width=width), *map(format_decimal, (c.vocabulary, c.width, c.parameters))]
                for c in counted
            ],
        )  # fmt: skip


def _load_subword_units(name: str, version: int) -> Units:
    """Return the subwords of a run; its version only keys the cache."""
    return load_run(name).modelling_units


@page_layout.fragment
def draw_tokenisers(text: str) -> None:
    """Draw the words of the line as one-hot columns, and tabulate it as several tokenisers cut it."""
    corpus = cache.open_corpus(DEMO_NAME)
    pieces = (
        cache.call(_load_subword_units, SUBWORD_RUN_NAME, cache.run_version(SUBWORD_RUN_NAME))
        if SUBWORD_RUN_NAME in cache.run_names()
        else None
    )
    rows = word_counting.compare_tokenisers(text, pieces)
    ids = corpus.vocabulary.encode(rows[0][1])
    if len(ids):
        draw_one_hot_columns(ids, corpus.vocabulary)
    marks.draw_table(
        [t("Tokeniser"), t("Tokens"), t("What it does")],
        [
            [name, t("{count}: {tokens}", count=len(pieces_of_line), tokens=" | ".join(pieces_of_line)), note]
            for name, pieces_of_line, note in rows
        ],
    )
    st.caption(t("Tokens joined: {text}", text=escape_markdown(word_counting.tokenise_and_rejoin(text))))


def draw_one_hot_columns(ids: Ids, vocabulary: Vocabulary) -> None:
    """Draw the words of a line as columns with a single 1."""
    hot, kinds = word_counting.one_hot_sentence(ids)
    words = vocabulary.decode(ids)
    figure = learn_heat.heat_map(
        hot, columns=[f"{i} {w}" for i, w in enumerate(words, 1)], rows=[f"{vocabulary.index2word[k]}: {k}" for k in kinds], limit=1,
        x=t("word of the line"), y=t("index in the vocabulary"), hover=t("word %{x}, row %{y}: %{z}"), height=140 + 26 * len(kinds),
    )  # fmt: skip
    figure.update_xaxes(tickangle=-45)
    card(
        t_count(
            "{n} column, with one 1 among {cells} cells",
            "{n} columns, with one 1 in each: {n} ones among {cells} cells",
            len(words),
            cells=format_decimal(len(words) * len(vocabulary)),
        ),
        figure,
        key="hot",
        note=t(
            "Only the rows in use are shown, {used} of {all}. The sparse form is the list of indices: {ids}.",
            used=len(kinds),
            all=format_decimal(len(vocabulary)),
            ids=ids.tolist(),
        ),
    )


@page_layout.fragment
def draw_vocabulary_index(_: str) -> None:
    """Draw the search in the vocabulary, and its table of words and numbers."""
    vocabulary = cache.open_corpus(DEMO_NAME).vocabulary
    left, right = lesson.two_columns()
    with left:
        query = bound.text_box(t("Search word2index and index2word"), key="index_query", hint=t("rue, or 42"))
        draw_vocabulary_lookup(query.strip().lower(), vocabulary)
        st.markdown(
            t(
                "{entries} entries: {specials} are 0 to 3, then come {words} words by decreasing frequency, those of "
                "equal frequency by the alphabet.",
                entries=format_decimal(len(vocabulary)), specials=", ".join(f"`{s}`" for s in SPECIALS),
                words=format_decimal(len(vocabulary) - len(SPECIALS)),
            )
        )  # fmt: skip
    with right:
        shown = matching_rows(cache.call(index_table), query, "word").head(500)
        titles = {"index": t("Index"), "word": t("Word"), "count": t("Occurrences")}
        named_table(shown, titles, alt=t("word2index as a table"))


def draw_vocabulary_lookup(word: str, vocabulary: Vocabulary) -> None:
    """Say which index a word has, and which word that index has."""
    if not word:
        return
    at = vocabulary.word2index.get(word, UNK)
    st.markdown(
        t(
            "word2index[“{word}”] = **{at}**, which is `<unk>`: out of vocabulary.",
            word=escape_markdown(word),
            at=int(at),
        )
        if at == UNK
        else t(
            "word2index[“{word}”] = **{at}**, and index2word[{at}] = “{back}”.",
            word=escape_markdown(word),
            at=int(at),
            back=escape_markdown(vocabulary.index2word[at]),
        )
    )


def index_table() -> pd.DataFrame:
    """Return the vocabulary of the embedded corpus: columns index, word, count."""
    vocabulary = cache.open_corpus(DEMO_NAME).vocabulary
    return pd.DataFrame({"index": range(len(vocabulary)), "word": vocabulary.index2word, "count": vocabulary.counts})


def run_modelling_unit(run: Run) -> str:
    """Return the units that a run reads, `char`, `word` or `subword`, without opening its weights."""
    return run.unit_level


@page_layout.fragment
def draw_word_vectors(_: str) -> None:
    """Draw the vector of a word in a trained embedding, its neighbours, and a map of frequent words."""
    names = [name for name in cache.network_names() if cache.cached_result_of_run(run_modelling_unit, name) == "word"]
    if not names:
        page_layout.empty_state(t("There is no word model yet. Train one: python -m pipeline train demo --level word."))
        return
    run = cache.open_network(names[0])
    embedding, vocabulary = run.network().embedding.astype(float), run.vocabulary
    left, right = lesson.two_columns()
    with left:
        typed = bound.text_box(t("A word"), "nuit", key="neighbour")
        at = vocabulary.word2index.get(typed.strip().lower())
        if at is None:
            page_layout.empty_state(t("This model has never seen that word. Try rue, nuit, or frère."))
            return
        hot = (np.arange(len(vocabulary)) == at).astype(float)
        gap = np.abs(hot @ embedding - embedding[at]).max()
        st.markdown(
            t(
                "One-hot × matrix, compared with row {row} of the matrix: difference **{gap}**. The product *is* a "
                "look-up.",
                row=int(at),
                gap=format_number(gap, ".0e") if gap else "0",
            )
        )
        near = nearest_tokens(embedding, vocabulary, at, 8)
        pairs = zip(near["token"], near["cosine"], strict=True)
        marks.draw_table([t("Neighbour"), t("Cosine")], [[token, format_decimal(cosine, 3)] for token, cosine in pairs])
        st.caption(
            t(
                "{name}: {width} numbers per word. A small corpus teaches grammar before meaning.",
                name=escape_markdown(run.name),
                width=format_decimal(embedding.shape[1]),
            )
        )
    with right:
        draw_vector_map(embedding, vocabulary, [at, *near["id"]])
    st.caption(
        t(
            "Download all {count} vectors, with their positions on a map of all words:",
            count=format_decimal(len(vocabulary) - len(SPECIALS)),
        )
    )
    word2vec = ("word2vec", "txt", "text/plain", lambda _: to_word2vec(embedding, vocabulary).encode())
    exports(lambda: embedding_table(embedding, vocabulary), "vectors", more=[word2vec])


def draw_vector_map(embedding: Array, vocabulary: Vocabulary, shown: list[int]) -> None:
    """Draw a two-dimensional map of a word, its neighbours (their ids are `shown`) and sixty frequent words."""
    others = [i for i in range(len(SPECIALS), len(SPECIALS) + 60) if i not in shown]
    ids = np.array([*shown, *others], np.int32)
    table, variance_share = project_embedding(embedding, vocabulary, ids)
    figure = learn_heat.word_neighbour_map(table[["x", "y"]].to_numpy(), vocabulary.decode(ids), near=len(shown) - 1)
    card(
        t("A map of 60 frequent words and the neighbours of {word}", word=vocabulary.index2word[shown[0]]),
        figure,
        key="map",
        note=t(
            "The two directions in which these vectors differ most explain {part} of their variance. Hover over "
            "unlabelled dots.",
            part=format_percentage(variance_share, 0),
        ),
    )


def draw_related_pages(_: str) -> None:
    """Draw links to the pages on which a visitor can go on with their own songs and texts."""
    with st.container(horizontal=True):
        for page in RELATED_PAGES:
            link(page)


lesson.draw_lesson(
    "learn_words", draw_tokenisers, draw_vocabulary_index, draw_word_vectors, draw_vocabulary_sizes, draw_related_pages
)
