import numpy as np
import pytest

from pipeline.analysis.words import token_queries
from pipeline.analysis.words.concordance import concordance
from pipeline.analysis.words.query import find_matches
from pipeline.core.errors import SettingError
from pipeline.corpus.pos_layer import TAGS
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus

LINES = ("Je suis né la nuit", "Tu es la nuit noire", "La nuit est si froide", "Nuit", "L'hiver je suis né là")


@pytest.fixture(scope="module")
def corpus():
    return make_corpus("requetes", [Song("t", "a", (Section("couplet", tuple(map(Line, LINES))),))])


def found(corpus, query, accents=True):
    return concordance(corpus, query, accents=accents).rows()["match"].tolist()


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ('"nuit"', ["nuit", "nuit", "nuit", "Nuit"]),
        ('[word="nuit"]', ["nuit", "nuit", "nuit", "Nuit"]),
        ('[lemma="être"]', ["suis", "es", "est", "suis"]),
        ('[lemma="être"] [] "nuit"', ["es la nuit"]),
        ('[lemma="être"] []{0,2} "nuit"', ["suis né la nuit", "es la nuit"]),
        ('"la" "nuit" "noire"?', ["la nuit", "la nuit", "La nuit"]),  # the shortest
        ('[word="n.*" & word!="né"] [word="noire|est"]', ["nuit noire", "nuit est"]),
        ('[!(word="nuit" | lemma="le")] "la"', ["né la", "es la"]),
        ('"si" []+', ["si froide"]),
        ('"nuit"{2}', []),
        ('[lemma="être" | word="l\'"] []', ["suis né", "es la", "est si", "L'hiver", "suis né"]),
    ],
)
def test_what_a_query_matches(corpus, query, matches):
    assert found(corpus, query) == matches


def test_one_token_counts_as_the_other_query_does(corpus):
    for one, other in (('[word="nuit"]', "nuit"), ('[lemma="être"]', "lemma:être"), ('"n.*t"', "n*t")):
        assert len(find_matches(corpus, one)) == len(find_matches(corpus, other))
    assert found(corpus, '"ne"', accents=False) == ["né", "né"]


def test_parts_of_speech_where_there_is_the_layer(corpus, monkeypatch):
    with pytest.raises(SettingError, match="--pos"):
        find_matches(corpus, '[pos="NOUN"]')
    nouns = np.isin(corpus.tokens, corpus.vocabulary.encode(["nuit", "hiver"]))
    tags = np.where(nouns, TAGS.index("NOUN"), TAGS.index("DET")).astype(np.uint8)
    monkeypatch.setattr(token_queries, "pos_tags", lambda corpus: tags)
    assert found(corpus, '[word="l.*"] [pos="NOUN"]') == ["la nuit", "la nuit", "La nuit", "L'hiver"]
    assert found(corpus, '[pos="noun" & lemma!="nuit"]') == ["hiver"]


@pytest.mark.parametrize(
    "query",
    ["[", "[word]", '[word="a"', '[mot="a"]', '"a" )', '[word="a" word="b"]', '"a"{3,1}', "[]*", "[]{0}", '[word="("]'],
)
def test_what_cannot_be_read_is_a_sentence(corpus, query):
    if query == "[]*":
        assert len(find_matches(corpus, query)) == len(corpus.token_table()[0])  # each word, the shortest
        return
    with pytest.raises(SettingError):
        find_matches(corpus, query)


@pytest.mark.parametrize("query", ['[]*"a"[]*"b"[]*', "[" + "(" * 5000, "[" + "!" * 5000, '[!(word="a")]' * 30])
def test_what_spans_too_much_is_refused(corpus, query):
    with pytest.raises(SettingError, match="spans too much"):
        find_matches(corpus, query)


def test_a_query_may_span_twenty_words_and_four_hundred_sequences(corpus):
    for widest in ("[]{0,4}[]{0,4}[]{0,3}[]{0,3}", "[]{10}[]{10}"):  # 5 * 5 * 4 * 4 sequences; 20 words
        find_matches(corpus, widest)
    for wider in ("[]{0,4}[]{0,8}[]{0,8}", "[]{10}[]{10}[]"):  # 5 * 9 * 9 = 405 sequences; 21 words
        with pytest.raises(SettingError, match="spans too much"):
            find_matches(corpus, wider)


def test_a_number_of_thousands_of_digits_is_refused_at_once(corpus):
    with pytest.raises(SettingError, match="cannot be read"):
        find_matches(corpus, '"a"{' + "9" * 100_000 + "}")
