"""Spoiled archives and lyrics raise nothing but our own errors; benchmarks/fuzz.py runs 2,000 of each."""

import numpy as np
import pytest

from tests.runs.archive_mutations import (
    outcome_of_archive,
    outcome_of_lyric,
    packed_parts,
    parts_of,
    spoiled_archive,
    spoiled_lyric,
)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lettres", "mots-mixed"])
def test_spoiled_archives(models, tmp_path, name):
    rng, parts = np.random.default_rng(16), parts_of(models / name)
    assert outcome_of_archive(packed_parts(parts), tmp_path) == "kept"
    for _ in range(100):
        outcome_of_archive(spoiled_archive(parts, rng), tmp_path)


def test_spoiled_lyrics():
    rng = np.random.default_rng(16)
    outcomes = {outcome_of_lyric(spoiled_lyric(rng)) for _ in range(200)}
    assert outcomes == {"opened", "SettingError"}
