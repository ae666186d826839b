import pickle

import numpy as np
import pytest

from pipeline.analysis.counting import word_counts
from pipeline.analysis.variants import expand_repeats
from pipeline.analysis.words.lexicon import (
    artist_sizes,
    character_distribution,
    frequency_table,
    key_figures,
    lexicon_size,
    songs_per_year,
)


def test_frequency_table_by_hand(corpus):
    table = frequency_table(corpus).set_index("word")
    # la: 1 + 2 + 2 + 2 = 7, nuit: 2 + 1 + 2 = 5, rue: 1 + 1 + 1 = 3, j' and suis 1; 17 words
    assert table["count"].to_dict() == {"la": 7, "nuit": 5, "rue": 3, "j'": 1, "suis": 1}
    assert table["songs"].to_dict() == {"la": 2, "nuit": 2, "rue": 2, "j'": 1, "suis": 1}
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert table.loc["la", "share"] == pytest.approx(7 / 17)
    assert corpus.vocabulary.decode(table["index"]) == list(table.index)


def test_layers_add_up(corpus):
    parts = [frequency_table(corpus, layer)["count"].sum() for layer in ("lyrics", "adlibs", "all")]
    assert parts == [17, 3, 20]


def test_size_by_hand(corpus):
    size = lexicon_size(corpus)
    assert (size.tokens, size.types, size.hapax, size.dis) == (17, 5, 2, 0)
    assert size.hapax_share == 2 / 5
    # la 2 x 7, nuit 4 x 5, rue 3 x 3, j' 1, suis 4
    assert size.characters_per_token == pytest.approx((14 + 20 + 9 + 1 + 4) / 17)
    assert size.characters_per_type == pytest.approx((2 + 4 + 3 + 1 + 4) / 5)


def test_a_part_counts_only_itself(corpus):
    part = corpus.where(artists=["Brume"])
    assert frequency_table(part)["word"].tolist() == ["la", "nuit", "rue"]
    assert frequency_table(part)["songs"].tolist() == [1, 1, 1]


def test_an_empty_part_has_an_empty_table(corpus):
    nothing = corpus.where(years=(1900, 1901))
    assert frequency_table(nothing).empty
    assert lexicon_size(nothing).tokens == 0
    assert character_distribution(nothing)["count"].sum() == 0


def test_characters_leave_apostrophes_apart(corpus):
    tokens = character_distribution(corpus).set_index("characters")["count"]
    assert tokens.to_dict() == {1: 1, 2: 7, 3: 3, 4: 6}  # j' | la | rue | nuit, suis
    types = character_distribution(corpus, over="types").set_index("characters")["count"]
    assert types.to_dict() == {1: 1, 2: 1, 3: 1, 4: 2}
    assert np.isclose(character_distribution(corpus)["share"].sum(), 1)


@pytest.mark.parametrize("layer", ["lyrics", "adlibs", "all"])
def test_tokens_of_a_part_are_those_of_its_lines(corpus, layer):
    for part in (corpus, corpus.where(kinds=["couplet"]), expand_repeats(corpus), corpus.where(years=(1900, 1901))):
        expected = [
            (index, row)
            for row, (start, stop) in enumerate(zip(part.lines["start"], part.lines["stop"], strict=True))
            for index, adlib in zip(part.tokens[start:stop].tolist(), part.adlib[start:stop].tolist(), strict=True)
            if layer == "all" or adlib == (layer == "adlibs")
        ]
        assert list(zip(*(column.tolist() for column in part.token_table(layer)), strict=True)) == expected


def test_a_copy_of_a_corpus_leaves_behind_what_is_kept(corpus):
    word_counts(corpus, "song")
    copy = pickle.loads(pickle.dumps(corpus))
    assert frequency_table(copy).equals(frequency_table(corpus))


def test_key_figures(corpus):
    figures = key_figures(corpus)
    assert (figures.songs, figures.artists, figures.sections) == (3, 2, 4)
    assert (figures.lines, figures.words, figures.types) == (5, 17, 5)  # the line (Skrrt) is an ad-lib alone
    assert figures.years == (2001, 2003)


def test_every_year_of_the_span_is_there(corpus):
    table = songs_per_year(corpus)
    assert table["year"].tolist() == [2001, 2002, 2003]
    assert table["songs"].tolist() == [1, 0, 1]
    assert table["words"].tolist() == [12, 0, 4]
    assert songs_per_year(corpus.where(songs=[2])).empty  # a song of unknown year


def test_voices(corpus):
    table = artist_sizes(corpus)
    assert table["artist"].tolist() == ["Brume", "Aube"]
    assert table["songs"].tolist() == [2, 1]
    assert table["lines"].tolist() == [2, 3]
    assert table["words"].tolist() == [5, 12]
    assert table["first_year"].tolist() == [2003, 2001]
