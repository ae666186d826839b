"""The search at the top of every page, by name: pages, lessons, measures, artists, songs and words.

The names stay on the server, where the typed text is looked up.
"""

from collections.abc import Iterator
from functools import cache as cache_once
from itertools import product
from typing import NamedTuple

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.locale.escaping import escape_markdown
from dashboard.navigation import LESSONS, PLACES, link
from dashboard.queries.name_search import best_matches, fold_case_and_accents, searchable_names
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.methods import METHODS
from pipeline.core.translation import LANGUAGES, in_language, mark, t, t_count
from pipeline.corpus.song import display_name

MOST_HITS = {"page": 4, "lesson": 3, "measure": 3, "artist": 4, "song": 5, "word": 4}  # of each kind that are shown
KINDS = {
    "page": mark("page"), "lesson": mark("lesson"), "measure": mark("measure"), "artist": mark("artist"),
    "song": mark("song"), "word": mark("word"),
}  # fmt: skip
MAX_QUERY_CHARACTERS = 80  # characters
# What places are looked for by that no title says: the field's terms, in both languages.
TERMS = {
    "runs": "bits per character, bits par caractère, bits, perplexité, perplexity",
    "training": "fine-tuning, epoch, dropout, époque, entraînement, apprentissage, training",
    "takes": "a/b test, évaluation humaine, human evaluation, vote, blind test, test à l'aveugle",
    "diversity": "ttr, hapax, richesse lexicale, lexical diversity, mattr",
    "map": "mds, labbé, nearest neighbours, plus proches voisins, correspondence analysis, afc",
    "worlds": "topics, lda, nmf, alceste, iramuteq, mondes lexicaux, reinert",
    "compare": "keyness, spécificités, log ratio",
    "company": "collocations, logdice, word sketch, cooccurrences",
    "tone": "sentiment, polarité, polarity",
    "learn_story": "temperature, température, sampling, échantillonnage, perplexité, perplexity, language model, "
    "modèle de langue",
    "learn_functions": "sigmoid, sigmoïde, tanh, derivative, dérivée, logits, softmax",
    "learn_rnn": "recurrent network, réseau récurrent, hidden state, état caché, rnn",
    "learn_architectures": "seq2seq, encoder, decoder, encodeur, décodeur, many to one, one to many",
    "learn_bptt": "gradient, backpropagation, descente de gradient, chain rule, rétropropagation, "
    "bptt, gradient check, vérification du gradient, finite differences, différences finies",
    "learn_vanishing": "gradient clipping, écrêtage, exploding gradient, explosion du gradient, gradient évanescent, "
    "vanishing gradient",
    "learn_lstm": "gru, gate, porte, forget gate, porte d'oubli, cell state, état de cellule, lstm",
    "learn_cost": "sgd, adam, optimiser, optimiseur, learning rate, taux d'apprentissage, loss, perte, cross-entropy, "
    "entropie croisée",
    "learn_series": "time series, séries temporelles, tensorflow, keras",
    "learn_words": "one-hot, word2vec, plongement, embedding, vecteurs de mots, word vectors",
    "learn_attention": "transformer, query, key, value, attention",
}


class SearchHit(NamedTuple):
    """A result of the search: its kind, name and description, and the page and query parameters that show it."""

    kind: str
    name: str
    about: str
    place: str
    query: dict[str, str]


def draw_search_button() -> None:
    """Draw the button that opens the search; Ctrl+K opens it too."""
    with st.container(key="find"):
        if st.button(t("Search everywhere"), icon=":material/search:", shortcut="Mod+K", key="find-button"):
            st.dialog(t("Search everywhere"), width="medium")(draw_search)()


def draw_search() -> None:
    """Draw the field of the search and, as one types, its results as links."""
    hint = t("An artist, a title, a word, a page, a measure")
    text = st.text_input(
        t("Search"), key="sought", placeholder=hint, max_chars=MAX_QUERY_CHARACTERS, live="200ms", type="search",
        label_visibility="collapsed",
    )  # fmt: skip
    hits = sorted(
        search_site(text or ""), key=lambda hit: fold_case_and_accents(hit.name) != fold_case_and_accents(text or "")
    )  # what is called just so first
    for number, hit in enumerate(hits):
        with st.container(key=f"hit-{number}", gap=None):
            about = f"{t(KINDS[hit.kind])} · {hit.about}"
            label = f"**{escape_markdown(hit.name)}** :gray[{escape_markdown(about)}]"
            link(hit.place, label=label, icon=PLACES[hit.place][0].icon, **hit.query)
    if not hits:
        page_layout.remark(
            t("No results. Try fewer letters.")
            if text
            else t("Results in English and French. Use the arrow keys to choose one.")
        )


def search_site(text: str) -> Iterator[SearchHit]:
    """Yield the results for a text, one kind after the other, at most `MOST_HITS` of each."""
    for kind, entries in _fixed_entries().items():
        names = [name for name, _ in entries]
        places = dict.fromkeys(entries[at][1] for at in best_matches(text, names, 4 * MOST_HITS[kind]))
        for place in list(places)[: MOST_HITS[kind]]:
            yield _page_or_measure_hit(kind, place)
    yield from _find_in_corpus(text)


@cache_once
def _fixed_entries() -> dict[str, list[tuple[str, str]]]:
    """Return kind -> [(folded text, name)] of pages, lessons and measures. The texts are, in all languages, titles,
    then titles of the pages of tabs, then descriptions, and last `TERMS`."""
    texts: dict[str, dict[str, tuple[str, str, str]]] = {
        "page": {}, "lesson": {}, "measure": {each.name: (each.name, "", each.definition) for each in METHODS}
    }  # fmt: skip
    for name, (page, part) in PLACES.items():
        texts["lesson" if name in LESSONS else "page"][name] = (part.title, page.title, part.about)
    entries: dict[str, list[tuple[str, str]]] = {kind: [] for kind in texts}
    for kind, of_kind in texts.items():
        for depth, code in product(range(3), LANGUAGES):
            with in_language(code):
                entries[kind] += [
                    (fold_case_and_accents(t(each[depth])), name) for name, each in of_kind.items() if each[depth]
                ]
    for kind, of_kind in texts.items():
        entries[kind] += [
            (fold_case_and_accents(term), name) for name in of_kind for term in TERMS.get(name, "").split(", ") if term
        ]
    return entries


def _page_or_measure_hit(kind: str, name: str) -> SearchHit:
    if kind == "measure":
        measure = next(each for each in METHODS if each.name == name)
        return SearchHit(kind, t(measure.name), t(measure.definition), "methods", {"of": measure.family})
    page, part = PLACES[name]
    title = t(part.title) if part.title == page.title else f"{t(page.title)} · {t(part.title)}"
    return SearchHit(kind, title, t(part.about), name, {})


def _find_in_corpus(text: str) -> Iterator[SearchHit]:
    readable = cache.corpus_names()
    name = st.session_state.get("corpus")
    name = name if name in readable else next(iter(readable), None)
    if name is None:
        return
    names = cache.resource(searchable_names, Selection(name, cache.corpus_version(name), languages=()))
    corpus, keys, corpus_query = cache.open_corpus(name), cache.song_url_keys(name), {"corpus": name}
    songs_of = corpus.songs["artist"].value_counts()
    for at in best_matches(text, names.folded_artists, MOST_HITS["artist"]):
        artist = names.artists[at]
        frequency = t_count("{n} song", "{n} songs", int(songs_of[artist]))
        yield SearchHit("artist", display_name(artist), frequency, "artist", {"artist": artist, **corpus_query})
    for at in best_matches(text, names.folded_songs, MOST_HITS["song"]):
        title, artist = map(display_name, corpus.songs.loc[names.songs[at], ["title", "artist"]])
        yield SearchHit("song", title, artist, "song", {"song": keys[names.songs[at]], **corpus_query})
    counts, index = corpus.word_counts(), corpus.vocabulary.word2index
    for at in best_matches(text, names.folded_words, MOST_HITS["word"]):
        word = names.words[at]
        frequency = t_count("{n} time", "{n} times", int(counts[index[word]]))
        yield SearchHit("word", word, frequency, "concordance", {"q": word, **corpus_query})
