"""Findings on songs where what is striking was put in."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.analysis.findings import (
    artist_with_most_own_words,
    closest_artists,
    commonest_word,
    longest_multisyllabic_rhyme,
    most_repeated_line,
    newly_adopted_word,
    quoted_refrain,
    striking_findings,
)
from pipeline.analysis.portrait import artist_portrait, favourite_rhymes
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
    found = newly_adopted_word(told)
    assert found is not None
    older = int((told.songs["year"] < 2010).sum())
    assert found.values == {"word": "drône", "year": 2010, "artists": 3, "songs": 6, "voices": 4, "before": older}


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
    found = quoted_refrain(told)
    assert found is not None
    assert found.values["text"] == "nous sommes tous les enfants du soir"
    assert (found.values["title"], found.values["songs"], found.values["year"]) == ("Hymne", 4, 2001)
    assert found.values["artists"] == 2
    assert quoted_refrain(told.where(artists=["Aube", "Brume"])) is None


def test_of_two_refrains_the_one_that_more_artists_quote_is_told() -> None:
    hymn, song_of_songs = "nous sommes tous les enfants du soir", "la ville est une longue chanson bleue"
    songs = [song("Un", "Aube", 2001, ["rien"], hymn), song("Deux", "Aube", 2001, ["rien"], song_of_songs)]
    songs += [song(artist, artist, 2005, [f"on disait {hymn} oui"]) for artist in ("Brume", "Crue")]
    songs += [song(artist, artist, 2006, [f"on chante {song_of_songs} oui"]) for artist in ("Brume", "Crue", "Dune")]
    quoted = quoted_refrain(make_corpus("refrains", songs))
    assert quoted is not None
    assert (quoted.values["text"], quoted.values["artists"]) == (song_of_songs, 3)


def test_words_amid_a_refrain_are_no_quotation() -> None:
    hymn = "nous sommes tous les enfants du soir"
    songs = [song("Hymne", "Aube", 2001, ["rien"], f"quand la nuit tombe sur la ville {hymn} et du matin aussi")]
    songs += [song(f"Citation {a}", a, 2005, [f"il disait {hymn} oui"]) for a in ("Brume", "Crue", "Dune")]
    assert quoted_refrain(make_corpus("part", songs)) is None


def test_the_longest_multi_has_its_two_lines(told: Corpus) -> None:
    found = longest_multisyllabic_rhyme(told, sounds(told))
    assert found is not None
    assert found.values["syllables"] == 9
    assert (found.values["with"], found.values["text"]) == tuple(told.texts.iloc[:2])
    assert found.values["row"] == 1


def test_matches_far_apart_or_inside_lines_are_no_multi(told: Corpus) -> None:
    table = sounds(told)
    table["longest"] = 2
    table.loc[told.lines.index[[0, 5]], "longest"] = 9
    assert longest_multisyllabic_rhyme(told, table) is None
    table = sounds(told).assign(group=-1)
    assert longest_multisyllabic_rhyme(told, table) is None


def test_a_line_returns(told: Corpus) -> None:
    found = most_repeated_line(told)
    assert found is not None
    assert found.values["times"] == 9
    assert most_repeated_line(told.where(songs=told.songs.index[told.songs["title"] == "Hymne"])) is None


def test_a_line_that_returns_in_a_chunk_of_a_file_is_no_finding(told: Corpus) -> None:
    assert most_repeated_line(replace(told, songs=told.songs.assign(extent="pseudo"))) is None


def test_lines_of_the_same_words_are_different_lines() -> None:
    lines = ["Encore et encore une fois là"] * 5 + ["Encore et encore, une fois là !"] * 5
    assert most_repeated_line(make_corpus("signs", [song("Signes", "A", 2000, lines)])) is None


def test_voices_years_apart_are_close() -> None:
    """Of six voices, Aube and Crue say the same; 11 years lie between them. Brume and Dune are close in time."""

    def own(letter: str) -> list[str]:
        return [" ".join(f"{letter}{n}" for n in range(20))] * 30

    voices = {"Aube": ("a", 2000), "Crue": ("a", 2011), "Brume": ("b", 2000), "Dune": ("d", 2001)}
    songs = [song(name, name, year, own(letter)) for name, (letter, year) in voices.items() for _ in range(3)]
    songs.append(song("Court", "Trop court", 1990, own("a")[:2]))  # two lines: not ranked
    found = closest_artists(make_corpus("apart", songs))
    assert found is not None
    assert {found.values["first"], found.values["second"]} == {"Aube", "Crue"}
    assert (found.values["years"], found.values["closer"], found.values["pairs"]) == (11, 0, 6)


def test_a_voice_has_words_of_its_own(told: Corpus) -> None:
    found = artist_with_most_own_words(told)
    assert found is not None
    assert found.values["artist"] == "Rare"
    assert set(found.values["examples"]) <= {f"zanzibar{n}" for n in range(7)}


def test_findings_are_of_different_kinds_the_most_striking_first(told: Corpus) -> None:
    found = striking_findings(told, sounds(told))
    assert len(found) == 3 == len({finding.code for finding in found})
    assert [f.weight for f in found] == sorted((f.weight for f in found), reverse=True)


def test_a_corpus_of_one_song_without_a_year_has_nothing_to_tell() -> None:
    alone = make_corpus("alone", [song("Une", "Aube", None, ["la nuit"])])
    assert striking_findings(alone) == []


def test_the_commonest_word_is_in_most_songs_however_often_it_is_said() -> None:
    lines = [["la nuit"], ["la nuit"], ["la nuit la rue"], ["la rue la rue la rue la rue"]]
    found = commonest_word(make_corpus("few", [song(str(at), "Aube", None, own) for at, own in enumerate(lines)]))
    assert found is not None
    assert found.values == {"word": "nuit", "songs": 3, "of": 4, "times": 3}


def test_a_portrait_says_what_the_corpus_holds(told: Corpus) -> None:
    found = artist_portrait(told, sounds(told), "Aube")
    assert (found.songs, found.first_year, found.last_year, found.albums) == (13, 2000, 2011, 1)
    assert found.words == told.where(artists=["Aube"]).word_counts().sum()
    assert found.typical["word"].tolist()[:1] == ["aubette"]
    assert found.density is not None
    assert found.density.of == 4
    assert found.couplet.empty, "each of its couplets says a line again and again"
    assert found.multis["longest"].iloc[0] == 9


def test_favourite_rhymes_are_sounds_of_different_words(told: Corpus) -> None:
    table = favourite_rhymes(told, sounds(told))
    assert table["key"].tolist() == ["aR"]
    assert set(table["examples"][0]) == {"soir", "espoir"}


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
