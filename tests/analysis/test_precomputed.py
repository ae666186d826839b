"""Precomputed answers: the same as those computed, for the very question, and no other."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.analysis import methods, precomputed
from pipeline.analysis.comparison.reuse import shared_phrases
from pipeline.analysis.comparison.similarity import similarity_map
from pipeline.analysis.counting import word_counts
from pipeline.analysis.methods import PRECOMPUTED_RESULTS, precompute
from pipeline.analysis.precomputed import PrecomputedResult, load_or_compute, precomputed_result_of
from pipeline.analysis.sound.phonetic_table import transcribe_lines, vowel_counts
from pipeline.analysis.sound.rhymes import rhyme_table
from pipeline.analysis.variants import FIRST_OCCURRENCES_KEY, each_line_once, first_occurrence_mask, lemmatise
from pipeline.analysis.words.collocations import collocations
from pipeline.analysis.words.laws import vocabulary_growth_curve
from pipeline.analysis.words.lexicon import frequency_table
from pipeline.analysis.words.ngrams import min_phrase_count, ngram_table, phrase_table
from pipeline.analysis.words.rankings import FIRST_RANKING, diversity_ranking
from pipeline.analysis.words.tone import lines_by_tone, tone_table
from pipeline.core.paths import prepared_folder
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import load_corpus, load_precomputed, load_pronunciations
from pipeline.corpus.table import Corpus

LINES = "Le soir tombe sur la ville\nLa nuit tombe sur la ville\nLe jour tombe sur la ville\n"


@pytest.fixture(scope="module")
def prepared_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the prepared corpus `un`."""
    source, folder = tmp_path_factory.mktemp("songs"), tmp_path_factory.mktemp("prepared")
    for n, lines in enumerate((LINES, LINES + "Elles tombent sur la ville\n" * 2, "Rien ne tombe sur la mer\n")):
        song = "".join(
            f"Chanson {n} ligne {k} du {'beau' if k < 9 else 'triste' if k > 95 else 'long'} texte\n"
            for k in range(100)
        )  # enough words for the map
        (source / f"{n}.txt").write_text(f"---\nartist: Untel\ntitle: {n}\n---\n{lines}{song}", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZE_PREPARED", str(folder))
        prepare(source, "un")
    return folder


@pytest.fixture
def corpus(prepared_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """A copy of it for one test."""
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    shutil.copytree(prepared_once, tmp_path / "prepared")
    return load_corpus("un")


@pytest.fixture(scope="module")
def precomputed_once(prepared_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder with all answers beside the corpus."""
    folder = tmp_path_factory.mktemp("precomputed") / "prepared"
    shutil.copytree(prepared_once, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZE_PREPARED", str(folder))
        precompute_all(load_corpus("un"))
    return folder


@pytest.fixture
def answered(precomputed_once: Path, corpus: Corpus) -> Corpus:
    """The corpus with all answers beside it."""
    shutil.copytree(precomputed_once, prepared_folder(), dirs_exist_ok=True)
    return load_corpus("un")


@pytest.fixture
def nothing_is_computed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and from then on only what is stored can be answered."""

    def refuse(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def fail(*_: object, **__: object) -> None:
            raise AssertionError(f"{function.__name__} was computed")

        return fail

    def apply() -> None:
        entries: dict[Any, list[PrecomputedResult[..., Any]]] = {}
        for entry in PRECOMPUTED_RESULTS:
            refusing = replace(entry, function=refuse(entry.function))
            entries[entry.function] = [*entries.get(entry.function, []), refusing]
        monkeypatch.setattr(precomputed, "_precomputed_results_of", lambda function: entries.get(function, []))

    return apply


def precompute_all(corpus: Corpus) -> None:
    precompute(corpus, pronunciations=load_pronunciations(corpus.name))


@pytest.mark.slow
def test_what_is_counted_before_the_lines_are_heard_is_the_same(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    precompute_all(corpus)
    beside = {entry.name: load_precomputed("un", entry.name) for entry in PRECOMPUTED_RESULTS}
    for name in beside:
        (prepared_folder() / "un" / f"{name}.parquet").unlink()
    monkeypatch.setattr(methods, "MAX_CONCURRENT_TOKENS", 0)
    precompute_all(corpus)
    for name, table in beside.items():
        pd.testing.assert_frame_equal(load_precomputed("un", name), table)
    assert not corpus._cache.keys() - {FIRST_OCCURRENCES_KEY}  # what was cached on the way has left


def test_the_least_grows_with_the_corpus() -> None:
    assert [min_phrase_count(words) for words in (0, 799_999, 800_000, 10_700_000, 10**9)] == [3, 3, 4, 53, 1000]


def test_a_stored_answer_is_the_one_that_would_be_computed(
    corpus: Corpus, precomputed_once: Path, nothing_is_computed: Callable[[], None]
) -> None:
    once = each_line_once(corpus)
    phrases, pairs = phrase_table(once, minimum=3), collocations(once, minimum=5)
    pd.testing.assert_frame_equal(phrases.drop(columns="phrase"), ngram_table(once, 3, minimum=3).drop(columns="words"))
    words, grown, (places, share) = frequency_table(corpus), vocabulary_growth_curve(corpus), similarity_map(corpus)
    first, ranked, shared = (
        first_occurrence_mask(corpus),
        diversity_ranking(corpus, **FIRST_RANKING),
        shared_phrases(corpus),
    )
    words_of_artists = word_counts(corpus, "artist")
    tones = {by: tone_table(corpus, by) for by in (None, "artist")}
    toned = {dark: lines_by_tone(corpus, dark=dark) for dark in (False, True)}
    sounds, vowels = (f(corpus, load_pronunciations("un")) for f in (transcribe_lines, vowel_counts))
    rhymes = rhyme_table(corpus, sounds)
    assert min(map(len, (rhymes, phrases, pairs, words, grown, places, sounds, vowels))) > 0
    shutil.copytree(precomputed_once, prepared_folder(), dirs_exist_ok=True)
    nothing_is_computed()
    assert (load_or_compute(first_occurrence_mask, replace(corpus)) == first).all()
    assert not load_or_compute(first_occurrence_mask, replace(corpus)).all()
    pd.testing.assert_frame_equal(load_or_compute(phrase_table, once, minimum=3), phrases)
    pd.testing.assert_frame_equal(load_or_compute(collocations, once), pairs)
    pd.testing.assert_frame_equal(load_or_compute(frequency_table, corpus), words)
    pd.testing.assert_frame_equal(load_or_compute(vocabulary_growth_curve, corpus, "lyrics"), grown)
    pd.testing.assert_frame_equal(load_or_compute(similarity_map, corpus, by="artist", method="labbe")[0], places)
    assert load_or_compute(similarity_map, corpus)[1] == share
    measure, *least = FIRST_RANKING.values()
    pd.testing.assert_frame_equal(
        load_or_compute(diversity_ranking, corpus, measure, "artist", "lyrics", *least), ranked
    )
    pd.testing.assert_frame_equal(load_or_compute(shared_phrases, corpus, "lyrics", artists=4), shared)
    for by, table in tones.items():
        pd.testing.assert_frame_equal(load_or_compute(tone_table, corpus, by, (), "lyrics"), table)
    for dark, table in toned.items():
        pd.testing.assert_frame_equal(load_or_compute(lines_by_tone, corpus, (), "lyrics", 20, dark), table)
    pd.testing.assert_frame_equal(load_or_compute(rhyme_table, corpus, sounds), rhymes)
    opened = replace(corpus)
    counts, names = load_or_compute(word_counts, opened, "artist", "lyrics")
    assert (counts != words_of_artists[0]).nnz == 0
    pd.testing.assert_index_equal(names, words_of_artists[1])
    assert word_counts(opened, "artist")[0] is counts  # the corpus caches what was stored
    pd.testing.assert_frame_equal(precomputed_result_of(transcribe_lines).load(corpus), sounds)
    pd.testing.assert_frame_equal(precomputed_result_of(vowel_counts).load(corpus), vowels)


def test_what_a_function_caches_with_the_corpus_is_what_is_stored(
    answered: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = answered
    opened = replace(corpus)
    load_or_compute(first_occurrence_mask, opened)
    monkeypatch.setattr("pipeline.analysis.variants.line_hashes", None)
    assert len(each_line_once(opened).lines) == len(corpus.lines) - 1


def test_another_question_is_computed(answered: Corpus) -> None:
    corpus = answered
    for part, n, minimum in (
        (corpus, 3, 3),
        (each_line_once(corpus), 2, 3),
        (each_line_once(corpus), 3, 2),
        (each_line_once(corpus.where(songs=[0, 1])), 3, 3),
        (lemmatise(each_line_once(corpus)), 3, 3),
    ):
        table = load_or_compute(phrase_table, part, n, minimum=minimum)
        pd.testing.assert_frame_equal(
            table.drop(columns="phrase"), ngram_table(part, n, minimum=minimum).drop(columns="words")
        )


def test_an_answer_of_another_version_is_computed_and_stored_anew(answered: Corpus) -> None:
    corpus = answered
    stored = load_precomputed("un", "frequencies")
    newer = PrecomputedResult(
        "frequencies", lambda corpus, layer="lyrics": frequency_table(corpus, layer).head(2), version=2
    )
    assert newer.load(corpus) is None
    assert len(newer.load_or_renew(corpus)) == 2 < len(stored)
    assert len(load_precomputed("un", "frequencies")) == len(newer.load(corpus)) == 2
    assert newer.load_or_renew(corpus, "all") is None  # another question: nothing replaced
    assert load_precomputed("un", "frequencies").attrs["asked"] == ["lyrics"]


def test_a_function_that_is_not_precomputed_is_called(corpus: Corpus) -> None:
    assert load_or_compute(lambda part, add: len(part.lines) + add, corpus, add=1) == len(corpus.lines) + 1


def test_where_nothing_can_be_stored_nothing_is_wrong(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    precompute_all(corpus)
    assert load_precomputed("un", "phrases") is None
    assert len(load_or_compute(phrase_table, each_line_once(corpus), minimum=3))
    assert np.array_equal(load_or_compute(first_occurrence_mask, corpus), first_occurrence_mask(replace(corpus)))


def test_counts_of_no_group_are_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    (tmp_path / "x.txt").write_text(LINES, "utf-8")
    corpus = prepare(tmp_path / "x.txt", "un")[0]  # nobody's
    precompute_all(corpus)
    counts, names = load_or_compute(word_counts, replace(corpus), "artist", "lyrics")
    assert (counts.shape[0], len(names)) == (0, 0)
    assert word_counts(corpus, "artist")[0].shape == counts.shape
