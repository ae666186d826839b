import re

import numpy as np
import pytest

from pipeline.analysis.words import token_queries
from pipeline.analysis.words.concordance import concordance
from pipeline.analysis.words.query import find_matches
from pipeline.core.errors import SettingError
from pipeline.corpus.layers import TAGS
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


def test_lemmas_are_those_of_words_as_they_are_written():
    lines = ("il pêche la nuit", "ses péchés", "tu pèches")
    corpus = make_corpus("lemmas", [Song("t", "a", (Section("couplet", tuple(map(Line, lines))),))])
    assert found(corpus, '[lemma="pêcher"]') == ["pêche"]
    assert found(corpus, '[lemma="pécher"]') == ["pèches"]
    assert found(corpus, '[lemma="pecher"]', accents=False) == ["pêche", "pèches"]


def test_parts_of_speech_where_there_is_the_layer(corpus, monkeypatch):
    with pytest.raises(SettingError, match="--pos"):
        find_matches(corpus, '[pos="NOUN"]')
    nouns = np.isin(corpus.tokens, corpus.vocabulary.encode(["nuit", "hiver"]))
    tags = np.where(nouns, TAGS.index("NOUN"), TAGS.index("DET")).astype(np.uint8)
    monkeypatch.setattr(token_queries, "pos_tags", lambda corpus: tags)
    assert found(corpus, '[word="l.*"] [pos="NOUN"]') == ["la nuit", "la nuit", "La nuit", "L'hiver"]
    assert found(corpus, '[pos="noun" & lemma!="nuit"]') == ["hiver"]


@pytest.fixture(scope="module")
def two():
    """Two songs: refrains, a facet, words that come twice."""
    verse = Section(
        "couplet", (Line("la nuit la nuit je danse"), Line("mot pour mot dent pour oeil"), Line("la rue dort"))
    )
    hook = Section("refrain", (Line("la nuit je danse"), Line("été comme hiver")))
    about = {"label name": "Indé"}
    return make_corpus(
        "deux",
        [
            Song("Un", "Kobalt", (verse, hook), year=1999, facets=about),
            Song("Deux", "Aube", (hook,), facets={"label name": "X"}),
        ],
    )


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ('("la" "nuit"){2}', ["la nuit la nuit"]),
        ('("la" "nuit"){1,2} "je"', ["la nuit la nuit je", "la nuit je", "la nuit je", "la nuit je"]),
        ('("la" "rue" | "je") []', ["je danse", "la rue dort", "je danse", "je danse"]),
        ('"rue" "dort" | "hiver"', ["rue dort", "hiver", "hiver"]),
        ('<l> "la" []', ["la nuit", "la rue", "la nuit", "la nuit"]),
        ("[] </l>", ["danse", "oeil", "dort", "danse", "hiver", "danse", "hiver"]),
        ("<section> []", ["la", "la", "la"]),
        ("[] </song>", ["hiver", "hiver"]),
        ('<l> "la" []{2} </l>', ["la rue dort"]),
        ("<l>[]{3}</l>", ["la rue dort", "été comme hiver", "été comme hiver"]),
        ('a:[] "pour" b:[] :: a.word = b.word', ["mot pour mot"]),
        ('a:[] "pour" b:[] :: a.word != b.word', ["mot pour dent", "dent pour oeil"][1:]),
        ('a:[] "pour" [] :: a.word = "d.*"', ["dent pour oeil"]),
        ('a:[]? "pour" [] :: a.lemma = "mot" & a.word != "x"', ["mot pour mot"]),
        ('[section="refrain" & word="nuit"]', ["nuit", "nuit"]),
        ('[artist="Kobalt" & word="nuit" & section!="couplet"]', ["nuit"]),
        ('[year="1999" & word="hiver"]', ["hiver"]),
        ('[label_name="indé" & word="hiver"]', ["hiver"]),
        ('[word="hiver" & label_name!="Indé"]', ["hiver"]),
        ('"ete"%cd', ["été", "été"]),
        ('"ete"', []),
    ],
)
def test_groups_edges_labels_and_what_is_said_of_songs(two, query, matches):
    assert found(two, query) == matches


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ('la [word="nuit"]', "plain words or CQL"),
        ("la nuit{2}", "plain words or CQL"),
        ('lemma="nuit"', "plain words or CQL"),
        ('"la nuit"', '2 words: write "la" "nuit"'),
        ('"l\'hiver"', '2 words: write "l\'" "hiver"'),
        ('[mot="a"]', "no attribute 'mot' here: choose one of word, lemma, pos, section, label_name, artist"),
        ('"la" <l> "nuit"', "stay within a line"),
        ('</l> "nuit"', "stay within a line"),
        ('"la" <p> "nuit"', "cannot be read"),
        ('"la" []* "nuit" within l', "“within” is a CQP operator"),
        ('MU(meet [word="la"] [word="nuit"] -2 2)', "“MU” is a CQP operator"),
        ('MU (meet "la" "nuit")', "“MU” is a CQP operator"),
        ('[word="la"] containing "nuit"', "“containing” is a CQP operator"),
        ('a:[] "pour" [] :: a.word = b.word', "label 'b'"),
        ("a:[] b:[] :: a.word = b.lemma", "cannot be read"),
        ('("la" "nuit"', "cannot be read"),
        ("<l>", "cannot be read"),
        ('("a" ())', "cannot be read"),
        ("([]{10}){3}", "is too broad"),
        ("(([]{0,10}){0,10}){0,10}", "is too broad"),
    ],
)
def test_what_is_not_understood_is_refused(two, query, says):
    with pytest.raises(SettingError, match=re.escape(says)):
        find_matches(two, query)


@pytest.mark.parametrize(
    "query",
    ["[", "[word]", '[word="a"', '[mot="a"]', '"a" )', '[word="a" word="b"]', '"a"{3,1}', "[]*", "[]{0}", '[word="("]'],
)
def test_what_cannot_be_read_is_a_sentence(corpus, query):
    if query == "[]*":
        assert len(find_matches(corpus, query)) == len(corpus.token_ids())  # each word, the shortest
        return
    with pytest.raises(SettingError):
        find_matches(corpus, query)


@pytest.mark.parametrize("query", ['[]*"a"[]*"b"[]*', "[" + "(" * 5000, "[" + "!" * 5000, '[!(word="a")]' * 30])
def test_what_spans_too_much_is_refused(corpus, query):
    with pytest.raises(SettingError, match="is too broad"):
        find_matches(corpus, query)


def test_a_query_may_span_twenty_words_and_four_hundred_sequences(corpus):
    for widest in ("[]{0,4}[]{0,4}[]{0,3}[]{0,3}", "[]{10}[]{10}"):  # 5 * 5 * 4 * 4 sequences; 20 words
        find_matches(corpus, widest)
    for wider in ("[]{0,4}[]{0,8}[]{0,8}", "[]{10}[]{10}[]"):  # 5 * 9 * 9 = 405 sequences; 21 words
        with pytest.raises(SettingError, match="is too broad"):
            find_matches(corpus, wider)


@pytest.mark.parametrize(("repeat", "fewest"), [("*", 0), ("+", 1)])
def test_a_star_and_a_plus_stop_at_ten(repeat, fewest):
    lines = tuple(Line(f"un {'la ' * n} deux") for n in range(12))
    corpus = make_corpus("ten", [Song("t", "a", (Section("couplet", lines),))])
    assert concordance(corpus, f'"un" []{repeat} "deux"').rows()["line"].tolist() == list(range(fewest, 11))


def test_a_number_of_thousands_of_digits_is_refused_at_once(corpus):
    with pytest.raises(SettingError, match="cannot be read"):
        find_matches(corpus, '"a"{' + "9" * 100_000 + "}")


def test_a_form_of_a_noun_and_a_verb_is_found_by_both(monkeypatch):
    corpus = make_corpus(
        "tombe", [Song("t", "a", (Section("couplet", (Line("La nuit tombe"), Line("sur la tombe"))),))]
    )
    assert found(corpus, '[lemma="tomber"]') == found(corpus, "lemma:tomber") == ["tombe", "tombe"]
    assert found(corpus, '[lemma="tombe"]') == ["tombe", "tombe"]
    tags = np.array([TAGS.index(tag) for tag in ("DET", "NOUN", "VERB", "ADP", "DET", "NOUN")], np.uint8)
    monkeypatch.setattr(token_queries, "pos_tags", lambda corpus: tags)
    monkeypatch.setattr(token_queries, "has_pos_tags", lambda name: True)
    assert found(corpus, '[] [lemma="tomber"]') == ["nuit tombe"]
    assert found(corpus, '[] [lemma="tombe"]') == ["la tombe"]


def test_numbers_of_songs_are_asked_for_as_they_are_written() -> None:
    years = [
        Song(f"{n}", "a", (Section("couplet", (Line("la nuit"),)),), facets={"born": f"{1990 + n}"}) for n in range(9)
    ]
    corpus = make_corpus("numbers", years)
    assert [len(find_matches(corpus, f'[born="{year}" & word="nuit"]')) for year in ("1993", "1993.0")] == [1, 0]


def test_words_that_are_no_operators_are_words(two) -> None:
    for query in ("within", "meet la", "mu (la", '"within"', "containing nuit"):
        find_matches(two, query)
