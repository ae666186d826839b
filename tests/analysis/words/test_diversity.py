"""Reference values: the packages' own tests and READMEs, each named in the vectors file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.words import diversity as d
from pipeline.analysis.words.moving_windows import (
    first_in_window_counts,
    mattr,
    previous_occurrence,
    token_window_weights,
    types_in_first_words,
)


def coded(tokens):
    return np.unique(list(tokens), return_inverse=True)[1].astype(np.int32)


def counted(tokens):
    return d.frequency_spectrum(np.bincount(coded(tokens)))


def close(value):
    return pytest.approx(value, rel=1e-9)


MEASURES = {
    "TTR": d.ttr, "Guiraud_R": d.root_ttr, "Herdan_C": d.herdan_c, "Yule_K": d.yule_k, "HDD42": d.hdd,
    "HDD42_x42": lambda s: 42 * d.hdd(s),
}  # fmt: skip


def test_every_measure_of_the_poem(vectors):
    poem = vectors["diversity"]["harmonie_du_soir"]
    s = counted(poem["tokens"])
    for name, measure in MEASURES.items():
        assert measure(s) == close(poem["expected"][name]), name
    assert (s.tokens, s.type_count) == (140, 66)
    for n, value in poem["rarefaction_E_V_n"].items():
        assert d.rarefaction(s, int(n)) == pytest.approx(value, abs=1e-6)


def test_windows_of_the_poem(vectors):
    poem = vectors["diversity"]["harmonie_du_soir"]
    ids = coded(poem["tokens"])
    for window in (10, 25, 50, 100):
        assert mattr(ids, window) == close(poem["expected"][f"MATTR{window}"])
    assert mattr(ids, 11) == close(poem["packages"]["taaled"]["mattr11"])


def test_lexicalrichness_sentence(vectors):
    case = vectors["diversity"]["lexicalrichness_test_sentence"]
    expected, ids, s = case["expected"], coded(case["tokens"]), counted(case["tokens"])
    assert (s.tokens, s.type_count) == (expected["words"], expected["terms"])
    pairs = [
        (d.ttr(s), "ttr"), (d.root_ttr(s), "rttr"), (d.herdan_c(s), "Herdan"), (d.yule_k(s), "yulek"),
        (mattr(ids, 5), "mattr_w5"), (d.hdd(s, 5), "hdd_draws5"),
    ]  # fmt: skip
    for observed, name in pairs:
        assert observed == close(expected[name]), name


def test_yule_k_of_quanteda_and_of_saint_john(vectors):
    for text, value in vectors["diversity"]["quanteda_yule_k"].items():
        if text != "source":
            assert d.yule_k(counted(text.split())) == close(value)
    john = vectors["diversity"]["stjohn_yule_k"]
    times = np.array([int(i) for i in john["freq_spectrum"]])
    assert d.yule_k(d.FrequencySpectrum(times, np.array(list(john["freq_spectrum"].values())))) == close(
        john["K_exact"]
    )


def test_quanteda_windows(vectors):
    case = vectors["diversity"]["quanteda_mattr"]
    for window in (2, 3, 4):
        assert mattr(coded(case["tokens"]), window) == close(case[f"window{window}"])


def test_the_poem_with_each_line_once(vectors):
    expected = vectors["diversity"]["harmonie_du_soir"]["dedup_lines"]["div"]
    tokens = _lines_once(vectors["diversity"]["harmonie_du_soir"]["tokens"])
    s, ids = counted(tokens), coded(tokens)
    for name, measure in MEASURES.items():
        assert measure(s) == close(expected[name]), name
    for window in (10, 25, 50):
        assert mattr(ids, window) == close(expected[f"MATTR{window}"])


def _lines_once(tokens):
    """The poem's lines by the words they begin with; a pantoum repeats whole lines."""
    begins = ["voici", "chaque", "les sons", "valse", "le violon", "le ciel", "un cœur tendre", "le soleil", "du passé",
              "ton souvenir"]  # fmt: skip
    text = " ".join(tokens)
    for begin in begins:
        text = text.replace(begin, "\n" + begin)
    return " ".join(dict.fromkeys(line.strip() for line in text.splitlines())).split()


@given(st.lists(st.integers(0, 12), max_size=120), st.integers(1, 12))
def test_windows_agree_with_their_definition(ids, window):
    array = np.array(ids, np.int32)
    if len(ids) >= window:
        sizes = [len(set(ids[k : k + window])) for k in range(len(ids) - window + 1)]
        assert mattr(array, window) == pytest.approx(np.mean(sizes) / window)
        assert token_window_weights(len(ids), window).sum() == pytest.approx(len(sizes))
        assert first_in_window_counts(previous_occurrence(array), window).sum() == sum(sizes)
    else:
        assert np.isnan(mattr(array, window))
    last = {}
    for place, word in enumerate(ids):
        assert previous_occurrence(array)[place] == last.get(word, -1)
        last[word] = place


def test_where_measures_are_undefined():
    nothing, unique = d.frequency_spectrum([]), d.frequency_spectrum([1, 1, 1])
    assert all(np.isnan(measure(nothing)) for measure in MEASURES.values())
    assert np.isnan(d.rarefaction(unique, 4))
    empty = np.empty(0, np.int32)
    assert np.isnan([mattr(empty), types_in_first_words(empty)]).all()


def test_spectra_of_many_texts_at_once():
    texts = [[3, 1, 1, 60], [1] * 9, [2, 2, 5, 40, 8], [90], [7] * 30]
    times = np.unique(np.concatenate(texts))
    types = np.array([[text.count(n) for n in times.tolist()] for text in texts])
    for name, measure in (MEASURES | {"E[V(50)]": lambda s: d.rarefaction(s, 50)}).items():
        alone = [measure(d.frequency_spectrum(text)) for text in texts]
        assert measure(d.FrequencySpectrum(times, types)) == pytest.approx(alone, nan_ok=True), name


def test_first_words():
    assert types_in_first_words(np.array([5, 5, 2, 2, 9], np.int32), 4) == 2
    assert np.isnan(types_in_first_words(np.array([5], np.int32), 4))


def test_rarefied_is_the_mean_over_all_samples():
    # {a, a, b}: of the 3 pairs, aa has 1 type, ab and ab have 2
    assert d.rarefaction(d.frequency_spectrum([2, 1]), 2) == pytest.approx(5 / 3)
