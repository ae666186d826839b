"""Counts by slices of the token file are those of the corpus in memory."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from pipeline.analysis.file_counts import count_words
from pipeline.corpus.build import build_corpus
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.store import load_corpus, save_corpus


@pytest.mark.parametrize("layer", ["lyrics", "adlibs", "all"])
@pytest.mark.parametrize("together", [1, 3, 1 << 20])
def test_slices_count_what_the_corpus_counts(
    layer: str, together: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path))
    lines = (Line("la rue (la nuit)", ((7, 16),)), Line("la mer est là"))
    save_corpus(build_corpus("mine", [Song("Une", "Untel", (Section("couplet", lines),))]))
    with ThreadPoolExecutor(2) as executor:
        counts = count_words("mine", layer, executor, together)
    assert np.array_equal(counts, load_corpus("mine").counts(layer))
    assert counts.sum() == {"lyrics": 6, "adlibs": 2, "all": 8}[layer]
