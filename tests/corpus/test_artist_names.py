"""Names of artists: where they come from, which are suggested to be one, and a corpus with merged names."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.__main__ import main
from pipeline.analysis.comparison.similarity import similarity_map
from pipeline.analysis.precomputed import precomputed_result_of
from pipeline.core.errors import SettingError
from pipeline.corpus.artist_names import resolve_merges, suggest_merges
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import (
    artists_as_read,
    changed_corpus_files,
    corpus_version,
    load_artist_merges,
    load_corpus,
    save_artist_merges,
)

Write = Callable[..., Path]
SONG = "[Couplet 1 : {0} & Unetelle]\nLa mer est {1} et {1}\nElle {1} attend {1}\n[Refrain]\nLa nuit {1} tombe {1}\n"


def table(**songs: int) -> pd.DataFrame:
    return pd.DataFrame({"artist": list(songs), "songs": list(songs.values()), "origin": "path"})


@pytest.mark.parametrize(
    ("names", "merges"),
    [
        ({"Mhd": 1, "MHD": 9}, {"Mhd": "MHD"}),
        ({"Kéry James": 3, "Kery_James": 2, "KERY JAMES": 1}, {"Kery_James": "Kéry James", "KERY JAMES": "Kéry James"}),
        ({"UNTEL10": 5, "Untel": 1}, {"UNTEL10": "Untel"}),
        ({"Untel1": 5, "Untel 2": 1}, {"Untel1": "Untel", "Untel 2": "Untel"}),
        ({"L432": 5, "L433": 1, "113": 2, "114": 2, "Unknown artist": 3, "unknown artist": 1}, {}),
        ({"Untel": 5, "Unetelle": 1}, {}),
    ],
)
def test_suggested_merges(names: dict[str, int], merges: dict[str, str]) -> None:
    assert suggest_merges(table(**names)) == merges


def test_a_name_that_a_source_gives_is_preferred_to_an_inferred_one() -> None:
    names = table(Mhd=9, MHD=1).assign(origin=["inferred", "source"])
    assert suggest_merges(names) == {"Mhd": "MHD"}


def test_merges_lead_to_the_last_name() -> None:
    assert resolve_merges({"A": "B", "B": "C "}, ["A", "B"]) == {"A": "C", "B": "C"}
    for wrong in ({"A": "B", "B": "A"}, {"A": "A"}, {"A": " "}, {"X": "A"}):
        with pytest.raises(SettingError):
            resolve_merges(wrong, ["A", "B"])


@pytest.fixture
def source(write: Write) -> Path:
    own = SONG.format("MHD", "haute")
    files = {
        "Mhd_2/Le quai/Un.txt": SONG.format("Mhd 2", "noire"),
        "Unetelle/Le port/Deux.txt": SONG.format("MHD", "bleue"),
    }
    return write({**files, "Autre/Album/Trois.txt": f"---\ntitle: Trois\nartist: MHD\n---\n{own}"})


def test_merged_names_are_shown_and_undone(source: Path, prepared: Path) -> None:
    corpus, _ = prepare(source, "mine")
    names = artists_as_read("mine").set_index("artist")
    assert names["origin"].to_dict() == {"MHD": "source", "Mhd 2": "path", "Unetelle": "path"}
    entry = precomputed_result_of(similarity_map)
    assert names["suggested"].to_dict() == {"MHD": "", "Mhd 2": "MHD", "Unetelle": ""}
    version = corpus_version("mine")
    entry.store(corpus)
    save_artist_merges("mine", {"Mhd 2": "MHD"})
    assert corpus_version("mine") > version
    merged = load_corpus("mine")
    assert merged.artists == ["MHD", "Unetelle"]
    assert set(merged.sections["performers"]) == {"MHD & Unetelle", ""}
    assert entry.load(merged) is None  # what was precomputed says the names of before
    assert set(artists_as_read("mine")["artist"]) == {"MHD", "Mhd 2", "Unetelle"}
    assert changed_corpus_files("mine") == []
    save_artist_merges("mine", {})
    pd.testing.assert_frame_equal(load_corpus("mine").songs, corpus.songs)
    assert entry.load(load_corpus("mine")) is not None


def test_the_command_merges(source: Path, prepared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["prepare", str(source), "--name", "mine", "--quiet", "--merge", "suggested", "--merge", "Unetelle=Une"]
    assert main(wanted) == 0
    assert load_artist_merges("mine") == {"Mhd 2": "MHD", "Unetelle": "Une"}
    assert load_corpus("mine").artists == ["MHD", "Une"]
    assert main([*wanted, "--merge", "MHD"]) == 2
    assert "--merge takes" in capsys.readouterr().err
