"""Nothing is lost in silence: what was read is what was kept and what named rules dropped, for every reader."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.errors import SeizeError
from pipeline.corpus.account import MAX_EXAMPLES_PER_RULE, Account, SongTallies, Tally, TextSize
from pipeline.corpus.compose import SongBatch, build_songs_of_files
from pipeline.corpus.prepare import prepare
from pipeline.corpus.readers.sources import recognise_source
from tests.corpus.mutations import SAMPLES, mutated
from tests.worlds import SHAPES, make_world

Write = Callable[..., Path]
WORD = re.compile(r"[^\W_]+")


def unexplained(piece: SongBatch) -> TextSize:
    """What of a piece is neither kept nor dropped by a rule."""
    outcome = piece.outcome
    kept = TextSize(len(piece.columns.texts), sum(len(text.split()) for text in piece.columns.texts))
    outcome.complete_account(np.ones(len(piece.columns.songs), bool), kept)
    return outcome.account.unaccounted_size


@pytest.mark.sampled(3)
@pytest.mark.parametrize("shape", SHAPES)
def test_worlds_add_up_and_keep_their_words(shape: str, tmp_path: Path, prepared: Path) -> None:
    truth = make_world(shape, tmp_path, megabytes=0.15)
    corpus, report = prepare(truth.source, "world")
    account = report.account
    assert account.unaccounted_size == TextSize()
    assert account.read.words > 0.9 * truth.words / 1.2  # an independent count: letters and digits apart by anything
    assert account.kept == TextSize(len(corpus.lines), sum(len(text.split()) for text in corpus.texts))
    assert account.kept.lines == report.lines
    copies = sum(entry.size.lines for rule, entry in account.entries.items() if rule == "tag-repeats")  # negative
    written = truth.lines[truth.lines["row"] >= 0]
    if shape not in "FT":  # where songs are still to be told apart
        written = written[written["song"].isin(truth.unique.index)]
    sung = sum(len(WORD.findall(text)) for text in written["text"])
    found = sum(len(WORD.findall(text)) for text in corpus.texts)
    assert found >= 0.985 * sung
    assert found <= 1.02 * sung - 12 * copies


@pytest.mark.sampled(5)
@pytest.mark.parametrize("spoiled", [2, pytest.param(10, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", SAMPLES)
def test_samples_add_up_whole_and_spoiled(name: str, spoiled: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    for data in [SAMPLES[name], *(mutated(SAMPLES[name], rng) for _ in range(spoiled))]:
        (tmp_path / name).write_bytes(data)
        try:
            piece = build_songs_of_files(recognise_source(tmp_path / name))
        except SeizeError:
            continue
        assert unexplained(piece) == TextSize(), data


@given(
    st.text(alphabet="ab \n[]()x2*:-,;\"'{}\r\t\x85Refrain<br>&é’\ufeff", max_size=200),
    st.sampled_from(sorted(SAMPLES)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text_adds_up(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / name).write_bytes(text.encode())
    try:
        piece = build_songs_of_files(recognise_source(tmp_path / name))
    except SeizeError:
        return
    assert unexplained(piece) == TextSize()


def test_a_table_of_one_song_a_line_keeps_its_words(write: Write, prepared: Path) -> None:
    lines = ["la mer, la rue *BREAK* le bar, la nuit *BREAK* le port *BREAK* encore un soir"] * 2
    lines[1] = lines[1].replace("mer", "lune, la dune")
    source = write({"x.csv": "\n".join(lines)}) / "x.csv"
    assert recognise_source(source).format == "lines"
    corpus, report = prepare(source, "mine")
    assert corpus.texts.tolist()[:2] == ["la mer, la rue", "le bar, la nuit"]
    assert report.account.entries["break-mark"].size == TextSize(-6, 6)  # eight lines of two, six marks
    assert report.account.unaccounted_size == TextSize()


def test_surplus_cells_are_understood_or_refused(write: Write, prepared: Path) -> None:
    source = write({"x.csv": "artist,title,lyrics\n" + "Untel,Le port,La mer, la rue, le bar\n" * 3}) / "x.csv"
    corpus, _ = prepare(source, "mine")  # lyrics are last: what follows belongs to them
    assert corpus.texts.tolist() == ["La mer, la rue, le bar"]
    rows = ["Untel,La mer est là,Le port"] * 20 + ["Untel,La mer, la rue,Le port"]
    source = write({"x.csv": "artist,lyrics,title\n" + "\n".join(rows)}) / "x.csv"
    _, report = prepare(source, "mine")
    assert [(skip.source, skip.reason) for skip in report.skipped] == [
        ("x.csv#21", "it has 4 cells for 3 columns: skipped")
    ]
    assert report.account.entries["unreadable"].size.words == 7
    assert report.account.unaccounted_size == TextSize()
    source = write({"x.csv": "artist,lyrics,title\n" + "\n".join(rows[-1:] * 5)}) / "x.csv"
    with pytest.raises(SeizeError, match="5 of 5 rows have more cells than the 3 columns of the header"):
        prepare(source, "mine")


def test_rules_do_not_count_songs_that_leave(write: Write, prepared: Path) -> None:
    song = "[Couplet 1]\n" + "\n".join(f"Les mots numéro {n} et d’autres encore" for n in range(20))
    _, report = prepare(write({"a.txt": song, "b.txt": song}), "mine")
    assert report.account.entries["duplicates"].count == 1
    assert report.tally.rules["apostrophes"].songs == 1
    assert report.tally.rules["apostrophes"].lines == 20
    assert report.tally.rules["tag"].songs == 1
    assert report.account.unaccounted_size == TextSize()


def test_an_account_in_json() -> None:
    account = Account()
    file = Account(TextSize(3, 10))
    file.add_dropped("song-marks", "Titles", TextSize(1, 2))
    account.add(file)
    account.kept = TextSize(2, 7)
    assert account.to_json() == {
        "read": {"lines": 3, "words": 10},
        "kept": {"lines": 2, "words": 7},
        "unexplained": {"lines": 0, "words": 1},
        "dropped": [{"rule": "song-marks", "what": "Titles", "count": 1, "lines": 1, "words": 2}],
    }


COUNTS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.integers(0, 9), st.integers(-2, 2)), max_size=3
)


def tally_of(counts: list[tuple[str, int, int, int]], song: int) -> Tally:
    tally = Tally()
    for rule, lines, characters, words in counts:
        tally.count_edit(rule, f"what {rule}", lines=lines, characters=characters, before=f"{rule}{song}", after="x")
        tally.add_dropped(rule, f"what {rule}", TextSize(lines, words))
    return tally


@given(st.lists(st.tuples(COUNTS, st.booleans()), max_size=6), st.integers(0, 6))
def test_tallies_of_songs_add_up_to_those_of_the_songs_that_stay(
    songs: list[tuple[list[tuple[str, int, int, int]], bool]], cut: int
) -> None:
    """Whatever the batches: sums by hand over the songs that are kept."""
    first, second = SongTallies(), SongTallies()
    for at, (counts, _) in enumerate(songs):
        (first if at < cut else second).add(tally_of(counts, at))
    first.extend(second)
    kept = [stays for _, stays in songs]
    total = first.sum_tallies(np.array(kept, bool))
    assert first.songs == len(songs)
    for rule, counted in total.rules.items():
        own = [[count for count in counts if count[0] == rule] for counts, stays in songs if stays]
        rows = [count for counts in own for count in counts]
        assert counted.what == f"what {rule}"
        assert (counted.lines, counted.characters) == (sum(row[1] for row in rows), sum(row[2] for row in rows))
        assert counted.dropped == TextSize(sum(row[1] for row in rows), sum(row[3] for row in rows))
        assert counted.songs == sum(any(row[1] or row[2] for row in counts) for counts in own)
        before = [example["before"] for example in counted.examples]
        assert len(before) <= MAX_EXAMPLES_PER_RULE
        assert set(before) <= {f"{rule}{at}" for at, (_, stays) in enumerate(songs) if stays}
    assert {rule for rule, *_ in (count for counts, _ in songs for count in counts)} == set(total.rules)
