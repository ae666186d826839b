"""Findings on songs where what is striking was put in."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.analysis.findings import (
    Finding,
    artist_with_most_own_words,
    closest_artists,
    commonest_rhyme,
    commonest_word,
    contrasting_artists,
    longest_multisyllabic_rhyme,
    most_quoted_refrain,
    most_repeated_line,
    newly_adopted_word,
    striking_findings,
)
from pipeline.analysis.portrait import Rank, artist_portrait, favourite_rhymes
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from tests.corpora import make_corpus

COMMON = "je marche dans la ville et la ville me regarde passer sans rien dire"


def song(title: str, artist: str, year: int | None, lines: list[str], refrain: str = "") -> Song:
    sections = [Section("couplet", tuple(map(Line, lines)))]
    if refrain:
        sections.append(Section("refrain", (Line(refrain),)))
    return Song(title, artist, tuple(sections), album="disque", year=year)


@pytest.fixture(scope="module")
def told() -> Corpus:
    """Four voices; "drône" arrives in 2010 and three take it up; Rare has own words; Hymne's refrain is quoted."""
    songs = []
    for year in range(2000, 2012):
        for artist in ("Aube", "Brume", "Crue"):
            extra = ["le drône passe"] if year >= 2010 else []
            first = ["la lune éclaire le chemin du port", "la pluie recouvre le jardin du fort"] if not songs else []
            own_word = f"{artist.lower()}tte"  # names of artists are no words of theirs
            songs.append(song(f"{artist} {year}", artist, year, [*first, *[f"{COMMON} {own_word}"] * 9, *extra]))
    own = " ".join(f"zanzibar{n % 7}" for n in range(14))
    songs += [song(f"Rare {n}", "Rare", 2000 + n, [f"{COMMON} {own}"] * 5) for n in range(11)]
    hymn = "nous sommes tous les enfants du soir"
    songs.append(song("Hymne", "Aube", 2001, ["rien"], hymn))
    songs += [song(f"Citation {n}", "Brume", 2005 + n, [f"il disait {hymn} oui"]) for n in range(3)]
    songs += [song("Citation", "Crue", 2009, [f"ils disaient {hymn} aussi"])]
    return make_corpus("told", songs)


def sounds(corpus: Corpus) -> pd.DataFrame:
    """A phonetic table in which the first two lines end on a match of nine syllables."""
    table = pd.DataFrame(
        {"longest": 2, "rhymed_syllables": 3, "vowels": 20, "key": "aR", "end": "soir", "group": 0, "internal": 0}
        | {"assonance": -1, "assonant_syllables": 3},
        index=corpus.lines.index,
    )
    table["spoken"] = 9
    table.loc[corpus.lines.index[:2], "longest"] = 9
    table["end"] = ["soir" if n % 3 else "espoir" for n in range(len(table))]
    return table


def test_a_word_arrives(told: Corpus) -> None:
    values = {"word": "drône", "year": 2010, "artists": 3, "songs": 6, "voices": 4, "before": 45}  # 7 of 52 are later
    assert newly_adopted_word(told) == Finding("word-arrives", values, -3 * np.log2(1 - 45 / 52) / 10)


def test_a_form_of_a_word_that_was_there_does_not_arrive() -> None:
    """Chevaux in 2001: that all say cheval from 2010 on is no arrival."""
    songs = [song(f"{a} {y}", a, y, ["il passe", "le cheval passe" if y >= 2010 else "les gens passent"])
             for y in range(2000, 2012) for a in ("Aube", "Brume", "Crue")]  # fmt: skip
    assert newly_adopted_word(make_corpus("new", songs)) is not None
    two = [each for each in songs if each.artist != "Crue" or (each.year or 0) < 2010]
    assert newly_adopted_word(make_corpus("two", two)) is None  # three artists at least
    old = make_corpus("old", [*songs, song("Avant", "Aube", 2001, ["les chevaux passent"])])
    found = newly_adopted_word(old)
    assert found is None or found.values["word"] != "cheval"


def test_a_refrain_is_quoted_by_two_others_or_more(told: Corpus) -> None:
    place = {"artist": "Aube", "title": "Hymne", "line": 388, "song": 47, "row": 1}
    spread = {"text": "nous sommes tous les enfants du soir", "artists": 2, "songs": 4, "year": 2001}
    assert most_quoted_refrain(told) == Finding("quoted-refrain", {**place, **spread}, 0.25 * 2)
    assert most_quoted_refrain(told.where(artists=["Aube", "Brume"])) is None


def test_of_two_refrains_the_one_that_more_artists_quote_is_told() -> None:
    hymn, song_of_songs = "nous sommes tous les enfants du soir", "la ville est une longue chanson bleue"
    songs = [song("Un", "Aube", 2001, ["rien"], hymn), song("Deux", "Aube", 2001, ["rien"], song_of_songs)]
    songs += [song(artist, artist, 2005, [f"on disait {hymn} oui"]) for artist in ("Brume", "Crue")]
    songs += [song(artist, artist, 2006, [f"on chante {song_of_songs} oui"]) for artist in ("Brume", "Crue", "Dune")]
    quoted = most_quoted_refrain(make_corpus("refrains", songs))
    assert quoted is not None
    assert (quoted.values["text"], quoted.values["artists"]) == (song_of_songs, 3)


def test_words_amid_a_refrain_are_no_quotation() -> None:
    hymn = "nous sommes tous les enfants du soir"
    songs = [song("Hymne", "Aube", 2001, ["rien"], f"quand la nuit tombe sur la ville {hymn} et du matin aussi")]
    songs += [song(f"Citation {a}", a, 2005, [f"il disait {hymn} oui"]) for a in ("Brume", "Crue", "Dune")]
    assert most_quoted_refrain(make_corpus("part", songs)) is None


def test_the_longest_multi_has_its_two_lines(told: Corpus) -> None:
    first, second = told.texts.iloc[:2]
    place = {"artist": "Aube", "title": "Aube 2000", "line": 1, "song": 0, "row": 1}
    for syllables, weight in ((9, 1), (8, 1), (7, 7 / 8), (4, 1 / 2), (3, None)):
        values = {"syllables": syllables, "with": first, "text": second, **place}
        found = longest_multisyllabic_rhyme(told, sounds(told).replace({"longest": {9: syllables}}))
        assert found == (weight and Finding("longest-multi", values, weight))


def test_matches_far_apart_or_inside_lines_are_no_multi(told: Corpus) -> None:
    table = sounds(told)
    table["longest"] = 2
    table.loc[told.lines.index[[0, 5]], "longest"] = 9
    assert longest_multisyllabic_rhyme(told, table) is None
    table = sounds(told).assign(group=-1)
    assert longest_multisyllabic_rhyme(told, table) is None


def test_a_line_returns(told: Corpus) -> None:
    place = {"artist": "Aube", "title": "Aube 2000", "line": 2, "song": 0, "row": 2}
    assert most_repeated_line(told) == Finding("line-returns", {"times": 9, "text": told.texts[2], **place}, 9 / 40)
    assert most_repeated_line(told.where(songs=told.songs.index[told.songs["title"] == "Hymne"])) is None


def test_a_line_that_returns_in_a_chunk_of_a_file_is_no_finding(told: Corpus) -> None:
    assert most_repeated_line(replace(told, songs=told.songs.assign(extent="pseudo"))) is None


def test_lines_of_the_same_words_are_different_lines() -> None:
    lines = ["Encore et encore une fois là"] * 5 + ["Encore et encore, une fois là !"] * 5
    assert most_repeated_line(make_corpus("signs", [song("Signes", "A", 2000, lines)])) is None
    for times, weight in ((6, 0.15), (28, 0.7), (40, 0.7)):
        returning = ["la", *["la pluie recouvre le jardin"] * times]
        found = most_repeated_line(make_corpus("signs", [song("Signes", "A", 2000, returning)]))
        assert found is not None
        assert (found.values["times"], found.values["row"], found.weight) == (times, 1, weight)


def test_voices_years_apart_are_close() -> None:
    """Of six voices, Aube and Crue say the same; 11 years lie between them. Brume and Dune are close in time."""

    def own(letter: str) -> list[str]:
        return [" ".join(f"{letter}{n}" for n in range(20))] * 30

    voices = {"Aube": ("a", 2000), "Crue": ("a", 2011), "Brume": ("b", 2000), "Dune": ("d", 2001)}
    songs = [song(name, name, year, own(letter)) for name, (letter, year) in voices.items() for _ in range(3)]
    songs.append(song("Court", "Trop court", 1990, own("a")[:2]))  # two lines: not ranked
    values = {"first": "Aube", "second": "Crue", "years": 11, "closer": 0, "pairs": 6}
    far = {"far_first": "Crue", "far_second": "Dune"}  # the last of five pairs without a word in common
    assert closest_artists(make_corpus("apart", songs)) == Finding("closest-voices", values | far, 0.5 + 11 / 50)
    assert closest_artists(make_corpus("two", [each for each in songs if each.artist in ("Aube", "Brume")])) is None
    sooner = [replace(each, year=each.year and min(each.year, 2009)) for each in songs]
    found = closest_artists(make_corpus("near", sooner))
    assert found == Finding("closest-voices", values | far | {"years": 0}, 0.5)


def test_a_voice_has_words_of_its_own(told: Corpus) -> None:
    values = {"artist": "Rare", "share": 14 / 28, "words": 11 * 5 * 28}
    examples = {"examples": ["zanzibar0", "zanzibar1", "zanzibar2"]}
    assert artist_with_most_own_words(told) == Finding("own-words", values | examples, 0.7)
    assert contrasting_artists(told) == ("Crue", "Rare")


def test_findings_are_of_different_kinds_the_most_striking_first(told: Corpus) -> None:
    found = striking_findings(told, sounds(told))
    assert len(found) == 3 == len({finding.code for finding in found})
    assert [f.weight for f in found] == sorted((f.weight for f in found), reverse=True)
    every = [each.code for each in striking_findings(told, sounds(told), 99)]
    assert [each.code for each in found] == every[:3] == ["longest-multi", "word-arrives", "own-words"]
    assert every[-2:] == ["commonest-word", "commonest-rhyme"]


def test_a_corpus_of_one_song_without_a_year_has_nothing_to_tell() -> None:
    alone = make_corpus("alone", [song("Une", "Aube", None, ["la nuit"])])
    assert striking_findings(alone) == []


def test_the_commonest_word_is_in_most_songs_however_often_it_is_said() -> None:
    lines = [["la nuit"], ["la nuit"], ["la nuit la rue"], ["la rue la rue la rue la rue"]]
    found = commonest_word(make_corpus("few", [song(str(at), "Aube", None, own) for at, own in enumerate(lines)]))
    assert found == Finding("commonest-word", {"word": "nuit", "songs": 3, "of": 4, "times": 3}, 0.1)


def test_a_portrait_says_what_the_corpus_holds(told: Corpus) -> None:
    found = artist_portrait(told, sounds(told), "Aube")
    assert (found.songs, found.first_year, found.last_year, found.albums) == (13, 2000, 2011, 1)
    assert found.words == told.where(artists=["Aube"]).word_counts().sum()
    assert found.types == np.count_nonzero(told.where(artists=["Aube"]).word_counts())
    assert found.lines == len(told.where(artists=["Aube"]).lines)
    assert found.typical["word"].tolist()[:1] == ["aubette"]
    assert found.density is not None
    assert found.density.of == 4
    assert found.couplet.empty, "each of its couplets says a line again and again"
    assert found.multis["longest"].iloc[0] == 9


def test_favourite_rhymes_are_sounds_of_different_words(told: Corpus) -> None:
    table = favourite_rhymes(told, sounds(told))
    assert table["key"].tolist() == ["aR"]
    values = {"sound": "aR", "words": 2, "examples": ["soir", "espoir"]}
    assert commonest_rhyme(told, sounds(told)) == Finding("commonest-rhyme", values, 0.05)


def test_the_rarest_rhyme_is_the_one_that_fewest_lines_of_the_corpus_end_on() -> None:
    ends = {"Aube": ["nuit", "bruit", "pluie", "rue", "vue"], "Brume": ["tordue", "venue", "perdue", "déçue"]}
    corpus = make_corpus("two", [song(artist, artist, None, words) for artist, words in ends.items()])
    table = pd.DataFrame({"end": [end for each in ends.values() for end in each], "group": 0}, index=corpus.lines.index)
    table["key"] = ["i"] * 3 + ["øʁ"] * 6
    own = corpus.where(artists=["Aube"])
    assert favourite_rhymes(own, table, 1)["key"].tolist() == ["i"]
    assert favourite_rhymes(own, table, 1, rare_in=own)["key"].tolist() == ["œʁ"], (
        "as it sounds, not as rhymes merge it"
    )
    assert favourite_rhymes(own, table, 1, rare_in=corpus)["key"].tolist() == ["i"]


def test_a_portrait_of_nobody_is_one_sentence(told: Corpus) -> None:
    with pytest.raises(SettingError, match="no artist 'Personne'"):
        artist_portrait(told, sounds(told), "Personne")


def test_a_lone_artist_has_a_portrait_too() -> None:
    alone = make_corpus("alone", [song("Une", "Aube", None, ["la nuit", "la rue"])])
    found = artist_portrait(alone, sounds_of(alone), "Aube")
    assert found.typical.empty
    assert found.couplet.empty
    assert found.first_year is None
    assert found.near.empty


SYLLABLES = ("rhymed_syllables", "assonance", "assonant_syllables")


def sounds_of(corpus: Corpus) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: ["x"] * 2 if name in ("key", "end") else [1] * 2
            for name in ("longest", "vowels", "key", "end", "group", "internal", "spoken", *SYLLABLES)
        },
        index=corpus.lines.index,
    )


def test_voices_without_a_word_of_their_own_are_no_finding() -> None:
    songs = [song(f"{name} {n}", name, None, [COMMON] * 30) for name in ("Aube", "Brume", "Crue") for n in range(4)]
    assert artist_with_most_own_words(make_corpus("same", songs)) is None


@pytest.mark.parametrize(
    ("ranks", "part"),
    [("3", "top"), ("80", "top"), ("1–80", "top"), ("81", "upper"), ("1–81", "upper"), ("200", "upper"),
     ("1–200", "upper"), ("1–201", "likely-upper"), ("100–219", "likely-upper"), ("100–220", "middle"),
     ("90–320", "middle"), ("200–280", "middle"), ("200–281", "likely-lower"), ("201–400", "lower"), ("201", "lower"),
     ("320–400", "lower"), ("321–400", "bottom"), ("400", "bottom")],
)  # fmt: skip
def test_a_standing_contradicts_no_rank(ranks: str, part: str) -> None:
    """Of 400: a fifth is the top or bottom, half the upper or lower, the middle from two fifths to three."""
    assert Rank(0.7, 0.6, 0.8, 400, ranks).position_in_ranking == part
