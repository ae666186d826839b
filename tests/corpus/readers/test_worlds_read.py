"""Whole collections, as they come, are recognised and read: who, when, with whom, and every column."""

from pathlib import Path

import pytest

from pipeline.corpus.prepare import prepare
from tests.worlds import make_world
from tests.worlds.table_shapes import LRFAF_COLUMNS


def test_lrfaf_just_works(tmp_path: Path, prepared: Path) -> None:
    truth = make_world("L", tmp_path, megabytes=0.2)
    corpus, report = prepare(truth.source, "lrfaf")
    assert report.format == "csv"
    assert not report.skipped
    songs = corpus.songs.reset_index()
    assert len(songs) == len(truth.unique)
    assert set(songs["artist"]) == set(truth.songs["artist"])
    assert songs["year"].isna().sum() == truth.unique["year"].isna().sum()
    facets = set(LRFAF_COLUMNS) - {"artist", "title", "year", "lyrics", "url"}
    assert facets <= set(corpus.songs.columns)
    assert corpus.songs["born_in_france"].dtype == "boolean"
    assert len(corpus.sections) / len(songs) > 5  # stanzas, not one couplet a song


@pytest.mark.slow
def test_words_that_are_no_lyrics_leave_and_sung_ones_stay(tmp_path: Path, prepared: Path) -> None:
    truth = make_world("K", tmp_path, megabytes=0.6)
    corpus, _ = prepare(truth.source, "mine")
    text = "\n".join(corpus.texts)
    for dirt in (
        "À RETRANSCRIRE",
        "Img src",
        "En cours d'écriture",
        "annotées par",
        "Paroles de la chanson",
        "*bruit de",
    ):
        assert dirt not in text
    sung = truth.traps[truth.traps["trap"].isin(["asterisks", "bracketed-lyric"])]
    kept = sum(right in text for right in sung["right"])
    assert kept >= 0.85 * len(sung)
