"""Songs that are there more than once: exact, near, a part, a concatenation; and songs that only share a refrain."""

from itertools import product
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.corpus.duplicates import DroppedSong, SongNgrams, connected_groups, find_duplicates, hash_word_ngrams
from pipeline.corpus.prepare import prepare
from tests.small_corpus import line_words


def words(seed: int, n: int = 60) -> list[int]:
    return np.random.default_rng(seed).integers(0, 5000, n).tolist()


def duplicates(*songs: list[int], worth: tuple[float, ...] | None = None):
    grams = SongNgrams.from_word_hashes([np.array(song, np.uint64) for song in songs])
    return find_duplicates(grams, [str(song) for song in songs], worth or [0.0] * len(songs))


def test_different_songs_stay() -> None:
    found = duplicates(words(1), words(2), words(3))
    assert found.merged == []
    assert found.groups == [0, 1, 2]


def test_equal_songs_are_one_and_the_worthier_stays() -> None:
    found = duplicates(words(1), words(2), words(1), worth=(0, 0, 1))
    assert found.merged == [DroppedSong(0, 2, "exact", 1.0)]
    assert found.groups == [0, 1, 0]


def test_short_songs_are_only_equal_or_not() -> None:
    assert [m.kind for m in duplicates([1, 2], [1, 2], [1, 3]).merged] == ["exact"]
    assert duplicates([], [], [1]).merged == [DroppedSong(1, 0, "exact", 1.0)]


def test_a_few_other_words_make_a_near_duplicate() -> None:
    # 200 words have 195 6-grams; one changed word spoils 6 of them: 189 / 195 = 0.969
    song = words(1, 200)
    other = [*song[:100], 9999, *song[101:]]
    assert duplicates(song, other).merged == [DroppedSong(1, 0, "near", 0.969)]


def test_a_shorter_copy_is_a_part() -> None:
    song = words(1, 200)
    assert duplicates(song[:90], song).merged == [DroppedSong(0, 1, "part", 1.0)]


def test_a_part_has_at_least_twenty_6_grams() -> None:
    song = words(10, 200)  # two of whose first 6-grams are among those that seek candidates
    assert duplicates(song[:25], song).merged == [DroppedSong(0, 1, "part", 1.0)]
    assert duplicates(song[:24], song).merged == []


def test_a_concatenation_leaves_and_its_parts_stay() -> None:
    a, b = words(1, 150), words(2, 150)
    found = duplicates(a, b, a + b)
    assert [(m.dropped, m.kept, m.kind) for m in found.merged] == [(2, 0, "concatenation")]
    assert found.merged[0].containment == round((145 + 145) / 295, 3)
    assert len(set(found.groups)) == 1


def test_a_shared_refrain_relates_songs_without_merging_them() -> None:
    refrain = words(9, 80)
    found = duplicates(words(1, 80) + refrain, words(2, 80) + refrain, words(3, 160))
    assert found.merged == []
    assert found.groups == [0, 0, 2]  # 75 of 155 6-grams: 0.48


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(60, 90)), min_size=1, max_size=7), st.randoms())
def test_the_order_of_songs_changes_no_group(drawn: list[tuple[int, int]], random: Random) -> None:
    """Songs of one seed are equal, parts of each other, or share a part; those of different seeds share nothing."""
    songs = [words(seed, 90)[:length] for seed, length in drawn]
    order = random.sample(range(len(songs)), len(songs))
    plain, moved = duplicates(*songs), duplicates(*(songs[at] for at in order))
    together = {(a, b) for a in range(len(songs)) for b in range(len(songs)) if plain.groups[a] == plain.groups[b]}
    assert together == {(order[a], order[b]) for a, b in product(range(len(songs)), repeat=2)
                        if moved.groups[a] == moved.groups[b]}  # fmt: skip
    assert together == {(a, b) for a, b in product(range(len(songs)), repeat=2) if drawn[a][0] == drawn[b][0]}
    kept = set(range(len(songs))) - {merged.dropped for merged in plain.merged}
    assert {merged.kept for merged in plain.merged} <= set(range(len(songs)))
    assert {drawn[at][0] for at in kept} == {seed for seed, _ in drawn}, "of each song one stays"


def test_prepare_keeps_one_and_reports_the_rest(prepared, write) -> None:
    lines = [" ".join(f"mot{n}" for n in words(seed, 8)) for seed in range(40)]
    others = [" ".join(f"mot{n}" for n in words(seed, 8)) for seed in range(90, 110)]
    song, remix = "\n".join(lines), "\n".join(lines[:20] + others)
    source = write(
        {
            "a.csv": "artist,title,featuring,lyrics\n"
            f'X,Le port,,"{song}"\n'
            f'Y,Le port,X,"{song}"\n'
            f'X,Le port (deluxe),,"{song}\nune ligne de plus pour la fin"\n'
            f'X,Remix,,"{remix}"\n'
            'X,Autre,,"tout autre chose"\n'
        }
    )
    corpus, report = prepare(source, "mine")
    assert sorted(merged["kind"] for merged in report.duplicates) == ["exact", "near"]
    assert len(corpus.songs) == 3
    prints = corpus.songs.set_index("title")["fingerprint"]
    assert prints["Remix"] != prints["Autre"]
    assert prints.nunique() == 2
    assert corpus.lines["stop"].iloc[-1] == len(corpus.tokens) == len(corpus.adlib)
    assert line_words(corpus, int(corpus.lines.index[-1])) == ["tout", "autre", "chose"]
    assert corpus.word_counts("all").sum() == len(corpus.tokens)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=8))
def test_a_group_is_what_links_reach(links: list[tuple[int, int]]) -> None:
    reached = [{song} for song in range(8)]
    for _ in range(8):
        for a, b in links:
            reached[a] = reached[b] = reached[a] | reached[b]
        reached = [set().union(*(reached[other] for other in own)) for own in reached]
    assert connected_groups(8, links) == [min(own) for own in reached]


@given(st.lists(st.integers(0, 2), max_size=20), st.lists(st.integers(0, 2), max_size=20))
def test_hashes_are_equal_where_six_words_are(one: list[int], other: list[int]) -> None:
    def windows(song: list[int]) -> set[tuple[int, ...]]:
        return {tuple(song[at : at + 6]) for at in range(len(song) - 5)}

    hashes = [hash_word_ngrams(np.array(song, np.uint64)) for song in (one, other)]
    assert [len(own) for own in hashes] == [len(windows(song)) for song in (one, other)]
    assert len(np.intersect1d(*hashes)) == len(windows(one) & windows(other))
    assert all((np.diff(own.astype(object)) > 0).all() for own in hashes)
