"""Metadata as scrapes write it."""

from datetime import date
from types import SimpleNamespace

import pytest

from pipeline.corpus.account import Tally
from pipeline.corpus.cleaning import metadata
from pipeline.corpus.cleaning.metadata import clean_metadata, read_year, split_artist_names
from pipeline.corpus.song import RawSong


@pytest.mark.parametrize(
    ("text", "year"),
    [("0", None), ("", None), ("1-Jan-98", 1998), ("12/05/04", 2004), ("DateMarch 15, 2010", 2010), ("2010", 2010),
     ("2010.0", 2010), ("2004-05-01T00:00:00", 2004), ("3099", None), ("1900", 1900), ("1899", None),
     ("12345", None), ("c. 1995 ou 1996", 1995)],
)  # fmt: skip
def test_years(text: str, year: int | None) -> None:
    assert read_year(text) == year


def test_next_year_is_the_last_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "date", SimpleNamespace(today=lambda: date(2010, 5, 1)))
    years = ("2011", "2012", "2012, 2009", "1-Jan-11", "1-Jan-12")
    assert [read_year(year) for year in years] == [2011, None, 2009, 2011, 1912]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A, B & C", ("A", "B", "C")),
        ("['A', \"B d'ici\"]", ("A", "B d'ici")),
        ('[{"name": "A"}, {"name": "B"}]', ("A", "B")),
        ("[A, B", ("A", "B")),
        ("nan", ()),
        ("[]", ()),
        ("A et B", ("A", "B")),
        ("A, A", ("A",)),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert split_artist_names(text) == names


@pytest.mark.parametrize(
    ("raw", "title", "artist", "featuring"),
    [
        ({"title": "Le port by Untel (Ft. A, B & C)", "artist": "Untel"}, "Le port", "Untel", ("A", "B", "C")),
        ({"title": "Le port by Untel"}, "Le port", "Untel", ()),
        ({"title": "Stand by me", "artist": "Untel"}, "Stand by me", "Untel", ()),
        ({"title": "Le port (feat. X)", "artist": "Untel"}, "Le port", "Untel", ("X",)),
        ({"title": "Le port ft. X & Y", "artist": "Untel"}, "Le port", "Untel", ("X", "Y")),
        ({"title": "Untel – Le port Lyrics", "artist": "Untel"}, "Le port", "Untel", ()),
        ({"title": "Le port", "artist": "['Untel', 'X']"}, "Le port", "Untel", ("X",)),
        ({"title": "Le port", "artist": "Untel feat. X"}, "Le port", "Untel", ("X",)),
        ({"title": "Le port", "artist": "Cendre & Miel"}, "Le port", "Cendre & Miel", ()),
        ({"title": "Le port", "artist": "Kery_Untel"}, "Le port", "Kery Untel", ()),
        ({"title": "T", "artist": "X", "featuring": "Samb (FRA) & Samb"}, "T", "X", ("Samb",)),
        ({"title": "T (feat. Samb)", "artist": "X", "featuring": "['Samb (FRA)', 'X (FRA)']"}, "T", "X", ("Samb",)),
        ({"title": "nan", "artist": "None"}, "Untitled", "Unknown artist", ()),
        ({"title": "L’e\u0301te\u0301", "artist": "Untel\u200b"}, "L'été", "Untel", ()),
        ({"title": "Le port", "artist": "Untel", "featuring": "['X', 'Untel']"}, "Le port", "Untel", ("X",)),
        ({"title": "Le port by\u00a0Untel (Ft. A & B)"}, "Le port", "Untel", ("A", "B")),
        ({"title": "Le port by\u00a0Untel (Ft. A & B)", "artist": "A"}, "Le port", "Untel", ("A", "B")),
        ({"title": "Le port by Untel (Ft. A & B)", "artist": "A"}, "Le port", "Untel", ("A", "B")),
        ({"title": "T by\u00a0X (Ft. Un (Deux), Trois)"}, "T", "X", ("Un (Deux)", "Trois")),
        ({"title": "Stand by me by\u00a0Untel"}, "Stand by me", "Untel", ()),
        ({"title": "Dubai by night", "artist": "Untel"}, "Dubai by night", "Untel", ()),
        ({"title": "Dubai by night"}, "Dubai by night", "Unknown artist", ()),
        ({"title": "I can't cope by myself"}, "I can't cope by myself", "Unknown artist", ()),
        ({"title": "Reste avec moi", "artist": "Untel"}, "Reste avec moi", "Untel", ()),
        ({"title": "Reste (avec moi)", "artist": "Untel"}, "Reste (avec moi)", "Untel", ()),
        ({"title": "Reste (avec Unetelle)", "artist": "Untel"}, "Reste", "Untel", ("Unetelle",)),
        ({"title": "Encore des paroles", "artist": "Untel"}, "Encore des paroles", "Untel", ()),
        ({"title": "Le port (Paroles)", "artist": "Untel"}, "Le port", "Untel", ()),
        ({"title": "T by\u00a0Bigflo & Oli (Ft. X)", "featuring": "Bigflo & Oli, X"}, "T", "Bigflo & Oli", ("X",)),
    ],
)
def test_a_song_says_who_and_what(raw: dict[str, str], title: str, artist: str, featuring: tuple[str, ...]) -> None:
    metadata = clean_metadata(RawSong("", "x", **raw), Tally())
    assert (metadata.title, metadata.artist, metadata.featuring) == (title, artist, featuring)


def test_the_artist_under_whom_a_song_of_another_was_found_is_kept_aside() -> None:
    assert clean_metadata(RawSong("", "x", title="T by\u00a0X (Ft. A & B)", artist="A"), Tally()).searched == "A"
    assert clean_metadata(RawSong("", "x", title="T by\u00a0X (Ft. A & B)", artist="X"), Tally()).searched == ""


def test_an_unreadable_date_is_counted() -> None:
    tally = Tally()
    assert clean_metadata(RawSong("", "x", date="bientôt"), tally).year is None
    assert tally.rules["date-unreadable"].examples[0]["before"] == "bientôt"
