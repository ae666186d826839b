"""Worlds are deterministic, of the size asked for, as dirty as counted, and their truth is where it says."""

import csv
import filecmp
import json
import re
from pathlib import Path

import pytest

from tests.worlds import SHAPES, make_world, rates
from tests.worlds.traps import TRAPS
from tests.worlds.truth import Truth

WORD = re.compile(r"[^\W_]+")


def sized(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


@pytest.mark.parametrize("shape", SHAPES)
def test_a_world_is_made_of_its_arguments(shape: str, tmp_path: Path) -> None:
    first, second, other = (
        make_world(shape, tmp_path / name, megabytes=0.1, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first.to_json() == second.to_json()
    assert first.to_json() != other.to_json()
    files = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file()]
    _, different, missing = filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", files, shallow=False)
    assert not different
    assert not missing
    assert 0.7 <= sized(tmp_path / "a") / 100_000 <= 2


@pytest.mark.parametrize("shape", SHAPES)
def test_every_sung_word_is_in_the_file_and_row_that_the_truth_names(shape: str, tmp_path: Path) -> None:
    truth = make_world(shape, tmp_path, megabytes=0.1)
    rows = {file: written_rows(truth, file) for file in truth.songs["file"].unique()}
    files = truth.songs["file"].tolist()
    for song, text, row in zip(truth.lines["song"], truth.lines["text"], truth.lines["row"], strict=True):
        if row >= 0:
            here = rows[files[song]][row]
            assert all(word in here for word in WORD.findall(text)), (shape, text, here[:300])
    for name in truth.empty:
        assert not (truth.source / name).read_text().strip()


def written_rows(truth: Truth, file: str) -> list[str]:
    """The physical lines of a text file, the lyrics of the rows of a table, in order."""
    path = truth.source if truth.source.is_file() else truth.source / file
    if truth.shape in "ML":
        rows = list(csv.DictReader(path.read_text("utf-8").splitlines(keepends=True)))
        return [row.get("lyrics") or row["Lyrics"] for row in rows]
    if truth.shape == "D":  # artist by artist in the file, in the order of drawing in the truth
        found = {
            (artist, song["song"], song["lyrics"][:60]): song["lyrics"]
            for artist, songs in json.loads(path.read_text("utf-8")).items()
            for song in songs["songs"]
        }
        left = list(found.items())
        by_artist = {name: [text for (artist, *_), text in left if artist == name] for name in truth.songs["artist"]}
        return [by_artist[name].pop(0) for name in truth.songs["artist"]]
    data = path.read_bytes()
    try:
        return data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return data.decode("cp1252").split("\n")


def test_glued_songs_begin_and_end_where_the_truth_says(tmp_path: Path) -> None:
    truth = make_world("F", tmp_path, megabytes=0.2)
    glued = 0
    for file, songs in truth.songs.groupby("file"):
        text = (truth.source / file).read_text("utf-8")
        assert songs["start"].tolist() == [0, *songs["stop"][:-1]]
        assert songs["stop"].iloc[-1] == len(text)
        glued += sum(text[at - 1].isalnum() and text[at].isalnum() for at in songs["start"][1:])
    assert 0.4 <= glued / len(truth.songs) <= rates.F_GLUED_WORDS + 0.1


def test_rates_are_those_that_were_counted(tmp_path: Path) -> None:
    k = make_world("K", tmp_path, megabytes=2)
    assert k.unique["year"].notna().mean() == pytest.approx(rates.K_WITH_YEAR, abs=0.06)
    assert (k.unique["featuring"].str.len() > 0).mean() == pytest.approx(rates.K_WITH_GUESTS, abs=0.06)
    assert (k.songs["duplicate_of"] >= 0).mean() == pytest.approx(rates.K_REPEATED, abs=0.05)
    assert len(k.sections) / len(k.songs) == pytest.approx(rates.SECTIONS, abs=0.5)
    kinds = k.sections.set_index(["song", "section"])["kind"]
    of_line = kinds.loc[list(zip(k.lines["song"], k.lines["section"], strict=True))]
    assert (of_line == "refrain").mean() == pytest.approx(rates.REFRAIN_LINES, abs=0.06)
    m = make_world("M", tmp_path, megabytes=0.5)
    assert len(m.sections) / len(m.songs) == pytest.approx(rates.M_STANZAS, abs=0.3)


def test_every_trap_occurs_with_what_is_right(tmp_path: Path) -> None:
    traps = make_world("K", tmp_path, megabytes=3).traps
    assert set(traps["trap"]) == set(TRAPS) == set(rates.TRAPS)
    assert traps["right"].str.len().min() > 0
