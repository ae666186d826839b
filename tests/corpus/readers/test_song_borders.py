"""Songs out of artist files: borders, artists, pseudo-songs, blocks. All lyrics are invented."""

import random
from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.corpus.prepare import prepare
from pipeline.corpus.readers import song_borders
from pipeline.corpus.readers.glued import split_into_songs, text_has_several_songs
from pipeline.corpus.readers.song_borders import (
    PSEUDO_WORDS,
    PassageConflict,
    find_songs,
    find_title_lines,
    link_songs_sharing_lines,
    score_border_candidates,
)
from pipeline.corpus.readers.sources import recognise_source

WORDS = [
    "bitume", "plume", "tambour", "fenêtre", "voisin", "goudron", "silence", "mandarine", "étage", "papier", "matin",
    "phare", "tunnel", "cahier", "béton", "lampe",
]  # fmt: skip


def verse(rng: random.Random, lines: int) -> str:
    return "\n".join(" ".join(rng.sample(WORDS, 8)).capitalize() for _ in range(lines))


def song(seed: int) -> str:
    rng = random.Random(seed)
    refrain = verse(rng, 4)
    couplets = [verse(rng, 14) for _ in range(2)]
    return "\n\n".join(
        f"[Couplet {at}]\n{couplet}\n\n[Refrain]\n{refrain}" for at, couplet in enumerate(couplets, 1)
    )  # fmt: skip


SONGS = [song(seed) for seed in range(8)]


def first_words(text: str) -> list[str]:
    return [text[span.start : span.stop].split("\n")[0] for span in find_songs(text)]


@pytest.mark.parametrize("between", ["", "\n", "\n\n", "\n   \n   \n   \n"])
def test_songs_part_where_numbers_begin_anew(between: str) -> None:
    text = between.join(SONGS)
    spans = find_songs(text)
    assert [text[span.start : span.stop].strip() for span in spans] == SONGS
    assert {span.extent for span in spans} == {"inferred"}


def lyrics_of_pieces(text: str) -> list[str]:
    return [piece.lyrics for piece in split_into_songs(text) if piece.lyrics]


@pytest.mark.parametrize("ruler", ["---", "****"])
def test_a_lone_ruler_does_not_outweigh_the_other_borders(ruler: str) -> None:
    glued = "".join(SONGS[:4]) + f"\n{ruler}\n" + "".join(SONGS[4:])
    assert lyrics_of_pieces(glued) == SONGS


def test_rulers_part_songs_where_nothing_else_does() -> None:
    untagged = [verse(random.Random(seed), 40) for seed in range(12)]
    assert lyrics_of_pieces("\n---\n".join(untagged)) == untagged
    assert lyrics_of_pieces("\n---\n".join(untagged[:2])) == untagged[:2]


def test_rulers_between_stanzas_part_no_songs() -> None:
    stanzas = [verse(random.Random(seed), 4) for seed in range(120)]
    assert len(lyrics_of_pieces("\n---\n".join(stanzas))) < 30


def test_a_stretch_without_its_rulers_is_parted_by_other_signs() -> None:
    long = [song(seed) for seed in range(100, 124)]  # 6,000 words
    text = "\n---\n".join([*SONGS, "".join(long)])
    assert lyrics_of_pieces(text) == [*SONGS, *long]


def test_a_crowd_of_tags_takes_time_by_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = list[int]()
    scores = song_borders._score_song_lengths

    def counting(own: np.ndarray, stop: int, tables: Sequence[song_borders.ConflictTable]) -> np.ndarray:
        starts.append(len(own))
        return scores(own, stop, tables)

    monkeypatch.setattr(song_borders, "_score_song_lengths", counting)
    spans = find_songs("[Refrain]\n" * 4_000)
    assert spans[-1].stop == 40_000
    assert sum(starts) < 4_000  # starts that stops were compared with; 9 million before crowds were thinned


def titled(at: int) -> str:
    """A song without tags whose refrain, of a seed, says its title."""
    title = f"{WORDS[at]} {WORDS[at + 8]}".capitalize()
    rng = random.Random(100 + at)
    refrain = f"{verse(rng, 3)}\nEt {title.lower()} demain"
    return f"{title}\n\n" + "\n\n".join(f"{verse(rng, 16)}\n\n{refrain}" for _ in range(2))


def test_songs_part_at_titles_alone_on_their_line() -> None:
    songs = [titled(at) for at in range(8)]
    assert first_words("\n\n".join(songs)) == [song.split("\n")[0] for song in songs]


def test_lines_alone_that_nobody_says_again_are_lyrics() -> None:
    stanzas = [verse(random.Random(at), 12) for at in range(60)]
    lines = [f"Personne ne redit la ligne {chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(60)]
    text = "\n\n".join(f"{line}\n\n{stanza}" for line, stanza in zip(lines, stanzas, strict=True))
    assert {span.extent for span in find_songs(text)} == {"pseudo"}


def test_double_spaced_lines_are_no_titles() -> None:
    text = "\n\n".join("\n\n".join(song.split("\n")) for song in (titled(at) for at in range(8)))
    assert not list(find_title_lines(text))


def test_songs_part_where_an_end_and_a_beginning_are_one_word() -> None:
    bare = [text.split("\n", 1)[1] for text in SONGS]  # without their first tag
    text = "".join(bare)
    assert [text[span.start : span.stop] for span in find_songs(text)] == bare


def test_names_with_capitals_amid_them_part_nothing() -> None:
    lines = "\n".join(f"Il joue à la PlayStation avec la team du {word} tout le temps" for word in WORDS)
    assert len(find_songs(f"[Couplet 1]\n{lines}\n\n[Couplet 2]\n{lines}")) == 1


def test_one_song_is_one_song() -> None:
    (span,) = find_songs(SONGS[0])
    assert span.extent == "given"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from([*SONGS[:3], titled(1), "---", "\n\n\n", "La mer", "[Outro]", verse(random.Random(9), 99)]),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["", "\n", "\n\n"]),
)
def test_songs_cover_their_text_and_lose_no_line_of_it(parts: list[str], between: str) -> None:
    text = between.join(parts)
    spans = find_songs(text)
    assert [span.start for span in spans] == [0, *(span.stop for span in spans[:-1])]
    assert spans[-1].stop == len(text)
    assert all(text[span.start : span.stop] for span in spans[1:])
    held = " ".join(f"{piece.marks} {piece.lyrics}" for piece in split_into_songs(text))
    assert sorted("".join(held.split())) == sorted("".join(text.split()))


def test_what_shows_no_border_is_gathered_into_pseudo_songs() -> None:
    rng = random.Random(1)
    text = "\n\n".join(verse(rng, 8) for _ in range(80))
    spans = find_songs(text)
    assert {span.extent for span in spans} == {"pseudo"}
    assert (spans[0].start, spans[-1].stop) == (0, len(text))
    words = [len(text[span.start : span.stop].split()) for span in spans]
    assert all(PSEUDO_WORDS / 2 < count < 2 * PSEUDO_WORDS for count in words)
    assert all(text[span.start - 1] == "\n" for span in spans[1:])


def test_songs_that_share_lines_are_one_block() -> None:
    shared = "un vers de plus de quatre mots"
    assert link_songs_sharing_lines([f"a\n{shared}", "autre vers qui ne revient pas", f"{shared}\nb", "b"]) == [
        0,
        1,
        0,
        3,
    ]


def test_files_of_many_songs_are_recognised_by_themselves() -> None:
    assert text_has_several_songs("".join(SONGS))
    assert not text_has_several_songs(SONGS[0])
    assert not text_has_several_songs("\n\n".join(verse(random.Random(at), 14) for at in range(4)))
    assert text_has_several_songs(verse(random.Random(1), 2000))  # nothing shows, but no song is that long


def test_one_such_file_among_others_of_a_song_each(tmp_path: Path) -> None:
    for at, text in enumerate(SONGS):
        (tmp_path / f"{at}.txt").write_text(text, "utf-8")
    (tmp_path / "Kery_James.txt").write_text("".join(SONGS[::-1]), "utf-8")
    assert recognise_source(tmp_path).format == "text"


def test_a_long_file_of_iramuteq_is_of_its_format_first(tmp_path: Path) -> None:
    """It holds several songs too, and its lines of variables are no lyrics."""
    texts = (f"**** *artist_untel *title_{at}\n{verse(random.Random(at), 700)}\n" for at in range(3))
    (tmp_path / "x.txt").write_text("\n".join(texts), "utf-8")
    assert text_has_several_songs((tmp_path / "x.txt").read_text("utf-8"))
    assert recognise_source(tmp_path / "x.txt").format == "iramuteq"


def test_what_stands_before_the_songs_of_a_file_is_in_no_song() -> None:
    pieces = split_into_songs("---\nalbum: Quai\n---\nLe port by Untel\nLa mer\n\nLa rue by Untel\nLe bitume")
    assert [piece.lyrics for piece in pieces] == ["", "La mer", "Le bitume"]
    assert sum("album" in piece.marks for piece in pieces) == 1


def test_sung_lines_are_nobody() -> None:
    sung = "Dubai by night\n\nOn roule sans fin\n\nDubai by night\n\nLe bitume by night\n"
    assert [piece.fields for piece in split_into_songs(sung * 3, "Untel")] == [{}]
    said = "Le port by Untel\nLa mer\nDubai by night\n\nLa rue by Untel\nLe bitume"
    assert [piece.fields.get("title") for piece in split_into_songs(said, "Untel")] == ["Le port", "La rue"]


def test_training_does_not_part_a_block(tmp_path: Path, prepared: Path) -> None:
    rng = random.Random(5)
    refrain = verse(rng, 4)
    text = "\n\n".join(f"{verse(rng, 12)}\n\n{refrain}" for _ in range(60))
    (tmp_path / "Untel.txt").write_text(text, "utf-8")
    corpus, report = prepare(tmp_path, "mine")
    assert set(corpus.songs["extent"]) == {"pseudo"}
    assert len(corpus.songs) > 8
    assert corpus.songs["fingerprint"].nunique() == 1
    assert report.tally.rules["songs-pseudo"].songs == len(corpus.songs)
    assert np.all(corpus.songs["artist"] == "Untel")


@pytest.mark.parametrize(
    ("again", "weight"),
    [
        ("", 2.5),  # of lines of several words
        ("\ntombe tombe", 3.5),  # one of the two words is one elsewhere
        ("\nle le", 3.5),
        ("\ntombe tombe le le", 4.5),
        ("\non on soir soir", 2.5),  # which the border does not touch
        ("\ntombele", -1.5),  # the two together are a word
    ],
)
def test_what_an_end_glued_to_a_beginning_weighs(again: str, weight: float) -> None:
    assert score_border_candidates(f"on tombeLe soir{again}", [], []) == [(8, weight)]


@pytest.mark.parametrize("before", ["", "on ", "et on "])
@pytest.mark.parametrize("after", ["", " soir", " soir qui vient"])
def test_a_border_glued_in_a_line_weighs_by_the_words_of_its_own_line_alone(before: str, after: str) -> None:
    weight = 1 + 0.75 * (before != "") + 0.75 * (after != "")
    lines = f"Dans la ville\n{before}tombeLe{after}\nDans la rue"
    glued = lines.index("Le", len("Dans la ville"))
    assert score_border_candidates(lines, [], []) == [(glued, weight)]


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.integers(1, 20).map(lambda at: 700 * at), st.sampled_from([-1.0, 0.5, 1.0, 3.0]), max_size=6),
    st.lists(st.integers(0, 20).map(lambda at: 700 * at + 300), unique=True, max_size=4),
)
def test_the_best_borders_are_the_best_of_all(candidates: dict[int, float], disputed: list[int]) -> None:
    conflicts = [PassageConflict(first, second, 2.0) for first, second in pairwise(sorted(disputed))]
    end = 15_000

    def score(borders: Sequence[int]) -> float:
        total = sum(candidates[at] - 1.5 for at in borders)
        for start, stop in pairwise([0, *borders, end]):
            away = (np.log((stop - start) / 5.6) - np.log(430)) / 0.6
            total -= 0.5 * max(away, -2.2) ** 2
            total -= 2.0 * sum(start <= conflict.first and conflict.second < stop for conflict in conflicts)
        return float(total)

    chosen = song_borders._choose_borders(sorted(candidates.items()), conflicts, end)
    subsets = (each for size in range(len(candidates) + 1) for each in combinations(sorted(candidates), size))
    assert score(chosen) == pytest.approx(max(map(score, subsets)))


def test_what_pages_say_of_songs_in_one_file_is_no_lyrics() -> None:
    said = "« Le port » est un titre d'Untel.\nIl sort en 2004… Read More\u00a0\n"
    pages = [f"12 ContributorsLe port Lyrics{said}{SONGS[0]}", f"3 ContributorsLa rue Lyrics{SONGS[1]}"]
    pages.append(f"7 ContributorsLe bar Lyrics{said}{SONGS[2]}")
    pieces = split_into_songs("\n\n".join(pages))
    assert [piece.lyrics for piece in pieces] == SONGS[:3]
    assert [piece.fields["title"] for piece in pieces] == ["Le port", "La rue", "Le bar"]


@given(st.integers(0, 3), st.integers(0, 4), st.integers(1, 6), st.booleans())
def test_a_lone_line_recurs_if_it_comes_twice_in_its_song_and_more_often_than_before(
    before: int, after: int, apart: int, capitals: bool
) -> None:
    filler = "\n".join(["le bitume tambour"] * apart)
    text = "".join(f"{filler}\nun phare, la nuit\n" for _ in range(before)) + f"{filler}\n\n"
    start = len(text)
    line = "Un phare la nuit"
    text += f"{line}\n\n" + "".join(f"{filler}\nun phare: la nuit!\n" for _ in range(after)) + filler
    text = text.upper() if capitals else text
    expected = after > max(before, 1)
    assert song_borders._recurs_after(text, [(start, start + len(line))]) == [expected]
    far = text[: start + len(line)] + "\n\n" + "le bitume tambour\n" * 170 + text[start + len(line) :]
    assert song_borders._recurs_after(far, [(start, start + len(line))]) == [False], "in another song"
    long_ago = text[:start] + "le bitume tambour\n" * 170 + "\n" + text[start:]
    moved = len(long_ago) - len(text) + start
    assert song_borders._recurs_after(long_ago, [(moved, moved + len(line))]) == [after > 1]
    short = text.replace(line, "la").replace(line.upper(), "LA")
    assert song_borders._recurs_after(short, [(start, start + 2)]) == [False], "a word of two letters is no title"
