from dataclasses import replace

import numpy as np
import pytest

from pipeline.analysis.lines import (
    line_details_table,
    line_length_distribution,
    line_length_summary,
    lines_of_length,
    lines_with_word,
    rows_of_lines,
    rows_with_word,
)
from pipeline.analysis.variants import expand_repeats
from pipeline.analysis.words.lexicon import frequency_table
from pipeline.corpus.song import Line, Section, Song
from pipeline.language.vocabulary import Vocabulary
from tests.corpora import make_corpus


def test_a_line_is_described_in_the_order_asked(corpus):
    table = line_details_table(corpus, [3, 0])
    assert table["line"].tolist() == [3, 0]
    assert table["title"].tolist() == ["Deux", "Une"]
    assert table["kind"].tolist() == ["couplet", "couplet"]
    assert table["inferred"].tolist() == [False, False]
    assert table["year"].tolist() == [2003, 2001]
    with pytest.raises(KeyError):
        line_details_table(corpus.where(artists=["Aube"]), [3])


def test_a_line_performed_twice_is_found_where_it_is_first():
    sections = (Section("refrain", (Line("un"), Line("deux")), repeat=2), Section("couplet", (Line("trois"),)))
    performed = expand_repeats(make_corpus("x", [Song("t", "A", sections)]))
    assert performed.lines.index.tolist() == [0, 1, 0, 1, 2]
    assert rows_of_lines(performed, [2, 0, 1]).tolist() == [4, 0, 1]
    assert line_details_table(performed, [1, 2])["text"].tolist() == ["deux", "trois"]
    with pytest.raises(KeyError, match="3"):
        rows_of_lines(performed, [0, 3])
    assert rows_of_lines(performed.where(songs=[]), []).tolist() == []


@pytest.mark.parametrize("layer", ["lyrics", "adlibs", "all"])
def test_spans_are_the_word_as_often_as_the_table_counts_it(corpus, layer):
    for word, count in frequency_table(corpus, layer)[["word", "count"]].itertuples(index=False):
        table = lines_with_word(corpus, word, layer)
        found = [text[a:b].lower() for text, spans in zip(table["text"], table["spans"], strict=True) for a, b in spans]
        assert found == [word] * count
        rows, times = rows_with_word(corpus, word, layer)
        assert times.sum() == count
        assert lines_with_word(corpus, word, layer, rows[1:2])["spans"].tolist() == table["spans"].tolist()[1:2]


def test_search_folds_what_is_typed(corpus):
    assert lines_with_word(corpus, " J’ ")["spans"].tolist() == [[(0, 2)]]
    assert lines_with_word(corpus, "LA")["line"].tolist()[:2] == [0, 1]
    assert lines_with_word(corpus, "absent").empty


def test_words_of_a_corpus_prepared_by_an_earlier_tokenizer_are_found():
    """Then d'main was one word: its line has three tokens, not four."""
    today = make_corpus("x", [Song("t", "A", (Section("couplet", (Line("D'main la nuit"),)),))])
    vocabulary = Vocabulary.from_tokens(["d'main", "la", "nuit"], level="word")
    tokens = vocabulary.encode(["d'main", "la", "nuit"])
    lines = today.lines.assign(stop=3)
    before = replace(today, lines=lines, tokens=tokens, adlib=np.zeros(3, bool), vocabulary=vocabulary)
    assert len(today.tokens) == 4
    assert lines_with_word(before, "d'main")["spans"].tolist() == [[(0, 6)]]
    assert lines_with_word(before, "nuit")["spans"].tolist() == [[(10, 14)]]


def test_distribution_by_hand(corpus):
    table = line_length_distribution(corpus)
    assert table["words"].tolist() == [1, 2, 3, 4]
    assert table["lines"].tolist() == [1, 0, 0, 4]
    assert table["share"].tolist() == pytest.approx([0.2, 0, 0, 0.8])
    assert table["cumulative"].iloc[-1] == pytest.approx(1)


@pytest.mark.parametrize("layer", ["lyrics", "adlibs", "all"])
@pytest.mark.parametrize("by", [None, "song", "artist", "kind"])
def test_totals_reconcile_with_the_token_count(corpus, layer, by):
    tokens = len(corpus.token_ids(layer))
    table = line_length_distribution(corpus, layer)
    assert (table["words"] * table["lines"]).sum() == tokens
    assert line_length_summary(corpus, by, layer)["words"].sum() == tokens
    assert corpus.line_lengths(layer).sum() == tokens


def test_summary_by_year_leaves_unknown_years_out(corpus):
    table = line_length_summary(corpus, "year")
    assert table["year"].tolist() == [2001, 2003]
    assert table["lines"].tolist() == [3, 1]


def test_summary_by_artist(corpus):
    brume = line_length_summary(corpus, "artist").set_index("artist").loc["Brume"]
    # lengths 4 and 1
    assert brume[["lines", "words", "mean", "sd", "q1", "median", "q3", "longest"]].tolist() == [
        2, 5, 2.5, 1.5, 1.75, 2.5, 3.25, 4,
    ]  # fmt: skip


def test_drill_down(corpus):
    assert lines_of_length(corpus, 1).tolist() == [4]
    assert lines_of_length(corpus, [1, 4]).tolist() == [0, 1, 2, 3, 4]


def test_nothing(corpus):
    nothing = corpus.where(years=(1900, 1901))
    assert line_length_distribution(nothing)["lines"].sum() == 0
    assert line_length_summary(nothing).empty
