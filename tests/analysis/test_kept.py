"""Answers kept beside a corpus: the same as those worked out, for the very question, and no other."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.analysis import kept
from pipeline.analysis.collocations import collocations
from pipeline.analysis.lemmas import lemmatised
from pipeline.analysis.ngrams import ngram_table
from pipeline.analysis.versions import each_line_once, find_first_in_song
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import kept_table
from pipeline.corpus.table import Corpus

LINES = "Le soir tombe sur la ville\nLa nuit tombe sur la ville\nLe jour tombe sur la ville\n"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    for n, lines in enumerate((LINES, LINES + "Elles tombent sur la ville\n" * 2, "Rien ne tombe sur la mer\n")):
        song = "".join(f"Chanson {n} ligne {k} du texte\n" for k in range(100))  # enough words for the map
        (tmp_path / f"{n}.txt").write_text(lines + song, "utf-8")
    return prepare(tmp_path, "un")[0]


def test_the_least_grows_with_the_corpus() -> None:
    assert [kept.least_times(words) for words in (0, 799_999, 800_000, 10_700_000, 10**9)] == [3, 3, 4, 53, 1000]


def test_a_kept_table_is_the_one_that_would_be_made(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    once = each_line_once(corpus)
    made = kept.phrases(once, minimum=3), kept.pairs(once, minimum=3)
    pd.testing.assert_frame_equal(made[0].drop(columns="phrase"), ngram_table(once, 3, minimum=3).drop(columns="words"))
    pd.testing.assert_frame_equal(made[1], collocations(once, minimum=5))
    words, grown, (places, share) = kept.frequencies(corpus), kept.growth(corpus), kept.places(corpus)
    assert min(map(len, (*made, words, grown, places))) > 0
    kept.keep_answers(corpus)
    monkeypatch.setattr(kept, "find_first_in_song", None)
    monkeypatch.setattr(kept, "ngram_table", None)
    monkeypatch.setattr(kept, "collocations", None)
    monkeypatch.setattr(kept, "frequency_table", None)
    monkeypatch.setattr(kept, "vocabulary_growth", None)
    monkeypatch.setattr(kept, "map_of", None)
    assert (kept.first_lines(replace(corpus)) == find_first_in_song(corpus)).all()
    assert not kept.first_lines(replace(corpus)).all()
    pd.testing.assert_frame_equal(kept.phrases(once, minimum=3), made[0])
    pd.testing.assert_frame_equal(kept.pairs(once, minimum=3), made[1])
    pd.testing.assert_frame_equal(kept.frequencies(corpus), words)
    pd.testing.assert_frame_equal(kept.growth(corpus), grown)
    pd.testing.assert_frame_equal(kept.places(corpus)[0], places)
    assert kept.places(corpus)[1] == share


def test_another_question_is_worked_out(corpus: Corpus) -> None:
    kept.keep_answers(corpus)
    for part, n, minimum in (
        (corpus, 3, 3),
        (each_line_once(corpus), 2, 3),
        (each_line_once(corpus), 3, 2),
        (each_line_once(corpus.where(songs=[0, 1])), 3, 3),
        (lemmatised(each_line_once(corpus)), 3, 3),
    ):
        table = kept.phrases(part, n, minimum=minimum)
        pd.testing.assert_frame_equal(
            table.drop(columns="phrase"), ngram_table(part, n, minimum=minimum).drop(columns="words")
        )


def test_where_nothing_can_be_kept_nothing_is_wrong(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    kept.keep_answers(corpus)
    assert kept_table("un", "phrases") is None
    assert len(kept.phrases(each_line_once(corpus), minimum=3))
