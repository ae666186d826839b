"""Two runs on the same songs: the arithmetic by hand, the interval by simulation, unfair pairs refused."""

import dataclasses
from itertools import combinations

import numpy as np
import pytest

from pipeline.core.errors import RunError
from pipeline.core.paths import DEMO_NAME
from pipeline.corpus.prepare import open_corpus
from pipeline.language_models.splits import split_corpus
from pipeline.runs.run import list_runs, load_run
from pipeline.runs.trash import is_shipped
from pipeline.training.evaluate import (
    RunSongs,
    compare_runs,
    paired_difference,
    score_texts,
    shared_songs,
    song_bits,
    training_and_test_songs,
)
from tests.corpora import make_corpus
from tests.small_corpus import made_song


def test_the_difference_is_that_of_all_characters():
    # (12 - 10) + (20 - 21) + (9 - 9) = 1 bit over 4 + 4 + 2 characters
    difference, interval = paired_difference([12, 20, 9], [10, 21, 9], [4, 4, 2])
    assert difference == pytest.approx(0.1)
    assert interval.low <= difference <= interval.high


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """40 songs whose gap a character is normal around 0.02: 95 % within what 200 corpora of 0.93 ± 0.04 can tell."""
    rng = np.random.default_rng(5)
    hits = 0
    for trial in range(200):
        sizes = rng.integers(1000, 4000, 40)
        gaps = rng.normal(0.02, 0.05, 40) * sizes
        _, interval = paired_difference(gaps, np.zeros(40), sizes, seed=trial, draws=400)
        hits += interval.low <= 0.02 <= interval.high
    assert 0.88 <= hits / 200 <= 0.99


def test_two_runs_on_their_test_songs(models, small_corpus):
    first, second = load_run("lettres"), load_run("mots")
    steps = []
    found = compare_runs(first, second, lambda name: small_corpus, lambda done, of: steps.append((done, of)))
    test = split_corpus(small_corpus).test
    assert len(found.songs) == len(test)
    assert steps[-1] == (2 * len(test), 2 * len(test))
    a, b = (score_texts(run.text_model(), test, ends=True) for run in (first, second))
    assert found.difference == pytest.approx(a.bits_per_char - b.bits_per_char)
    assert found.songs["difference"].is_monotonic_increasing
    assert set(found.songs["title"]) <= set(small_corpus.songs["title"])
    back = compare_runs(second, first, lambda name: small_corpus)
    assert back.difference == pytest.approx(-found.difference)


def test_a_corpus_of_other_songs_is_refused(models, small_corpus):
    smaller = small_corpus.where(songs=range(30))
    with pytest.raises(RunError, match="songs of the corpus 'petit' are not those that 'lettres'"):
        training_and_test_songs(load_run("lettres"), smaller)


def test_a_corpus_prepared_anew_has_the_same_songs(models, small_corpus):
    """Another order of the songs, other tags, other sides of the split as another tokeniser gives: known again."""
    anew = make_corpus("petit", [made_song(number, kinds=("pont", "outro")) for number in reversed(range(40))])
    anew.songs["fingerprint"] = anew.songs["fingerprint"].str[::-1]
    assert split_corpus(anew).test != split_corpus(small_corpus).test
    before, now = (training_and_test_songs(load_run("lettres"), corpus) for corpus in (small_corpus, anew))
    assert set(now.test) == set(before.test) == set(split_corpus(small_corpus).test)
    assert set(now.seen) == set(before.seen)


def test_the_filters_of_a_run_are_applied_again(models, small_corpus):
    run = load_run("lettres")
    about = {**run.config["corpus"], "artists": ["a"]}
    filtered = dataclasses.replace(run, config={**run.config, "corpus": about})
    assert training_and_test_songs(filtered, small_corpus) == training_and_test_songs(run, small_corpus)
    nobody = dataclasses.replace(run, config={**run.config, "corpus": {**about, "artists": ["nobody"]}})
    with pytest.raises(RunError, match="not those that 'lettres'"):
        training_and_test_songs(nobody, small_corpus)


def test_songs_that_one_run_has_seen_are_refused():
    a = RunSongs(seen=("x", "y", "v"), test=("s", "t"))
    assert shared_songs(("a", a), ("b", RunSongs(("x", "v"), ("t", "u")))) == ["t"]
    with pytest.raises(RunError, match="1 test songs of 'a' are among the training songs of 'b'"):
        shared_songs(("a", a), ("b", RunSongs(("s", "v"), ("t",))))
    with pytest.raises(RunError, match="1 test songs of 'b' are among the training songs of 'a'"):
        shared_songs(("a", a), ("b", RunSongs((), ("v",))))
    with pytest.raises(RunError, match="no test song in common"):
        shared_songs(("a", a), ("b", RunSongs((), ("z",))))


def test_the_shipped_runs_know_the_embedded_songs():
    """Each opens and predicts a song; any two of a corpus share their test songs, as on a fresh clone."""
    demo, judged = open_corpus(DEMO_NAME), dict[str, RunSongs]()
    for name in filter(is_shipped, list_runs()):
        run = load_run(name)
        assert 1 < song_bits(run.text_model(), ["On a monté\n"])[0] / 11 < 8
        if not run.config["corpus"].get("text") and run.corpus_name == DEMO_NAME:
            judged[name] = training_and_test_songs(run, demo)
    assert set(judged) == {"demo-char", "demo-rnn", "demo-word"}
    for first, second in combinations(judged.items(), 2):
        assert len(shared_songs(first, second)) == 21


def test_a_run_without_a_corpus(models, small_corpus):
    run = load_run("lettres")
    of_text = dataclasses.replace(run, config={**run.config, "corpus": {"name": "petit", "text": True}})
    with pytest.raises(RunError, match="has no test songs"):
        compare_runs(run, of_text, lambda name: small_corpus)
    alone = dataclasses.replace(run, config={name: v for name, v in run.config.items() if name != "corpus"})
    with pytest.raises(RunError, match="has no test songs"):
        compare_runs(alone, run, lambda name: small_corpus)
