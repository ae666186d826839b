"""What the names of folders and files tell of songs."""

import pytest

from pipeline.corpus.readers.names import (
    artist_of_table,
    file_metadata_by_path,
    file_metadata_from_path,
    have_track_numbers,
)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("93 mesures.txt", None, "93 mesures"),
        ("Untel/69 année érotique.txt", "Untel", "69 année érotique"),
        ("Untel/03-le-port.txt", "Untel", "Le port"),
        ("Untel/3 - Le port.txt", "Untel", "Le port"),
        ("Kery_James/Lettre_à_la_rue.txt", "Kery James", "Lettre à la rue"),
        ("Kery_James - Lettre_à_la_rue.txt", "Kery James", "Lettre à la rue"),
        ("Files/Untel - Le port.txt", "Untel", "Le port"),
        ("Files/Le port.txt", None, "Le port"),
        ("lyrics/txt/Untel/Le port.txt", "Untel", "Le port"),
        ("113/Le port.txt", "113", "Le port"),
    ],
)
def test_a_path_for_itself(name: str, artist: str | None, title: str) -> None:
    fields = file_metadata_from_path(name).fields
    assert (fields.get("artist"), fields["title"]) == (artist, title)


def test_leading_numbers_are_tracks_where_they_run() -> None:
    album = ["X/1 La mer.txt", "X/2 93 mesures.txt", "X/3 La rue.txt", "X/4 Le quai.txt"]
    assert [known.fields["title"] for known in file_metadata_by_path(album).values()] == [
        "La mer", "93 mesures", "La rue", "Le quai",
    ]  # fmt: skip
    titles = ["X/93 mesures.txt", "X/16 barres.txt", "X/La rue.txt"]
    assert [known.fields["title"] for known in file_metadata_by_path(titles).values()] == [
        "93 mesures",
        "16 barres",
        "La rue",
    ]
    assert have_track_numbers(["7 jours", "24 heures", "365 nuits"]) is False


def test_files_of_artist_and_number() -> None:
    files = [f"Files/{artist}{at}.txt" for artist in ("UNTEL", "LA_RUE", "113X") for at in (1, 2, 3)]
    assert {known.fields["artist"] for known in file_metadata_by_path(files).values()} == {"UNTEL", "LA RUE", "113X"}
    grouped = file_metadata_by_path([f"1990s/rap/{artist}{at}.txt" for artist in ("UNTEL", "X") for at in (1, 2, 3)])
    assert [(known.fields["title"], known.facets) for known in grouped.values()] == [
        (f"{artist} {at}", {"decade": "1990s", "genre": "rap"}) for artist in ("UNTEL", "X") for at in (1, 2, 3)
    ]
    album = file_metadata_by_path([f"Untel/Freestyle {at}.txt" for at in (1, 2, 3)])
    assert {known.fields["artist"] for known in album.values()} == {"Untel"}


@pytest.mark.parametrize(
    ("stems", "numbered"),
    [("UNTEL1 UNTEL2 X1", True), ("UNTEL1 X1", False), ("UNTEL1 X1 Y1", False), ("UNTEL1 UNTEL2 UNTEL3", False),
     ("UNTEL1 UNTEL2 X1 X2 port", True), ("UNTEL1 UNTEL2 X1 port", False)],
)  # fmt: skip
def test_most_files_of_a_folder_say_whether_names_are_artists_with_numbers(stems: str, numbered: bool) -> None:
    known = file_metadata_by_path([f"Files/{stem}.txt" for stem in stems.split()])
    artists = [each.fields.get("artist") for each in known.values()]
    assert artists == [stem.rstrip("123") if numbered and stem != "port" else None for stem in stems.split()]


@pytest.mark.parametrize(
    ("numbers", "tracks"),
    [("12", None), ("123", True), ("1234-", True), ("123-", False), ("1235", True), ("1236", False), ("1122", True),
     ("11122", False)],
)  # fmt: skip
def test_numbers_of_tracks_run_with_few_gaps_and_come_no_more_than_twice(numbers: str, tracks: bool | None) -> None:
    assert have_track_numbers([f"{number} La mer" for number in numbers]) is tracks


@pytest.mark.parametrize(
    "decade", ["1990s", "90s", "90's", "1990", "1990-1999", "années 90", "2000 - 2010", "2000_2009"]
)
def test_folders_of_decades(decade: str) -> None:
    assert file_metadata_from_path(f"{decade}/rap/Le quai-artist-Untel/La mer.txt").facets == {
        "decade": decade,
        "genre": "rap",
    }
    assert file_metadata_from_path(f"{decade}/Untel/La mer.txt").facets == {"decade": decade}


@pytest.mark.parametrize(
    ("name", "artist"),
    [("lyrics_Untel.csv", "Untel"), ("La_Rue-paroles.tsv", "La Rue"), ("lyrics_Untel(1).csv", "Untel"),
     ("lyrics_clean.csv", ""), ("rap_lyrics.csv", ""), ("lyrics_2004.csv", ""), ("ma_table.csv", "")],
)  # fmt: skip
def test_a_table_of_one_artist_says_so_by_its_name(name: str, artist: str) -> None:
    assert artist_of_table(name) == artist


def test_decade_and_genre_are_facets() -> None:
    known = file_metadata_from_path("1990s/rap/Le quai-artist-Untel/La mer.txt")
    assert known.facets == {"decade": "1990s", "genre": "rap"}
    assert file_metadata_from_path("2000s/chanson/X-artist-Y/Z.txt").facets == {"decade": "2000s"}
    assert file_metadata_from_path("2000s/zouk/X-artist-Y/Z.txt").facets == {"decade": "2000s", "genre": "zouk"}
