from dataclasses import replace

import numpy as np
import pytest

from pipeline.analysis.lexicon import frequency_table
from pipeline.analysis.lines import describe_lines, lines_with_word
from pipeline.corpus.song import Line, Section, Song
from pipeline.language.vocabulary import Vocabulary
from tests.corpora import make_corpus


def test_a_line_is_described_in_the_order_asked(corpus):
    table = describe_lines(corpus, [3, 0])
    assert table["line"].tolist() == [3, 0]
    assert table["title"].tolist() == ["Deux", "Une"]
    assert table["kind"].tolist() == ["couplet", "couplet"]
    assert table["inferred"].tolist() == [False, False]
    assert table["year"].tolist() == [2003, 2001]
    with pytest.raises(KeyError):
        describe_lines(corpus.where(artists=["Aube"]), [3])


@pytest.mark.parametrize("layer", ["lyrics", "adlibs", "all"])
def test_spans_are_the_word_as_often_as_the_table_counts_it(corpus, layer):
    for word, count in frequency_table(corpus, layer)[["word", "count"]].itertuples(index=False):
        table = lines_with_word(corpus, word, layer)
        found = [text[a:b].lower() for text, spans in zip(table["text"], table["spans"], strict=True) for a, b in spans]
        assert found == [word] * count


def test_search_folds_what_is_typed(corpus):
    assert lines_with_word(corpus, " J’ ")["spans"].tolist() == [[(0, 2)]]
    assert lines_with_word(corpus, "LA", limit=2)["line"].tolist() == [0, 1]
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
