"""Words and n-grams by slices of the files are those of the corpus in memory, of parts too."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from pipeline.analysis.file_counts import count_words
from pipeline.analysis.file_ngrams import count_ngrams
from pipeline.analysis.ngrams import ngram_counts
from pipeline.corpus.prepare import ensure_demo
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.store import load_corpus
from pipeline.corpus.table import Layer
from tests.corpora import make_corpus, save_corpus


@pytest.mark.parametrize("layer", ["lyrics", "adlibs", "all"])
@pytest.mark.parametrize("together", [1, 3, 1 << 20])
def test_slices_count_what_the_corpus_counts(
    layer: Layer, together: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path))
    lines = (Line("la rue (la nuit)", ((7, 16),)), Line("la mer est là"))
    save_corpus(make_corpus("mine", [Song("Une", "Untel", (Section("couplet", lines),))]))
    with ThreadPoolExecutor(2) as executor:
        counts = count_words("mine", layer, executor, together)
    assert np.array_equal(counts, load_corpus("mine").counts(layer))
    assert counts.sum() == {"lyrics": 6, "adlibs": 2, "all": 8}[layer]


@pytest.mark.parametrize(("n", "layer", "together"), [(1, "all", 40_000), (2, "adlibs", 9_000), (3, "lyrics", 60_000)])
def test_ngrams_of_slices_are_those_of_the_corpus(n: int, layer: Layer, together: int) -> None:
    with ThreadPoolExecutor(2) as executor:
        found = count_ngrams(ensure_demo().name, n, layer, 2, executor, together)
    for part, whole in zip(found, ngram_counts(ensure_demo(), n, layer, 2), strict=True):
        assert np.array_equal(part, whole)


def test_a_part_by_artist_and_year_is_the_part_of_the_corpus() -> None:
    demo = ensure_demo()
    artists, years = demo.artists[3:9], (2000, 2015)
    part = demo.where(artists=artists, years=years)
    assert 0 < len(part.songs) < len(demo.songs)
    words = count_words(demo.name, "all", together=30_000, artists=artists, years=years)
    assert np.array_equal(words, part.counts("all"))
    found = count_ngrams(demo.name, 4, "lyrics", 3, together=30_000, artists=artists, years=years)
    for ours, theirs in zip(found, ngram_counts(part, 4, "lyrics", 3), strict=True):
        assert np.array_equal(ours, theirs)
