"""What the names of folders and files tell of songs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize("root", ["", "Lyrics/", "corpus/rap/", "data/fr/txt/"])
@pytest.mark.parametrize("album", ["{}", "{} (2004)", "2004 - {}", "[2004] {}"])
@pytest.mark.parametrize("track", ["", "03 - ", "3 - ", "03_"])
def test_what_a_path_is_written_from_is_read_from_it(root: str, album: str, track: str) -> None:
    songs = [("Kery James", "Le quai", "La mer"), ("113", "Port", "Rue du 19 mars")]
    for artist, name, title in songs:
        path = f"{root}{artist}/{album.format(name)}/{track}{title}.txt"
        date = {"date": "2004"} if "2004" in album else {}
        assert file_metadata_from_path(path).fields == {"artist": artist, "album": name, "title": title} | date


@given(st.permutations([f"Files/{name}.txt" for name in ("UNTEL1", "UNTEL2", "X1", "Le port")]), st.integers(0, 4))
def test_the_order_of_files_changes_no_name(files: list[str], first: int) -> None:
    files = [*files, *(f"Y/{number} La mer {number}.txt" for number in range(1, 5))]
    turned = files[first:] + files[:first]
    assert file_metadata_by_path(turned) == file_metadata_by_path(sorted(files))
    assert list(file_metadata_by_path(turned)) == [
        *(name for name in turned if name[0] == turned[0][0]),
        *(name for name in turned if name[0] != turned[0][0]),
    ]


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
    [
        ("UNTEL1 UNTEL2 X1", True),
        ("UNTEL1 X1", False),  # too few to tell
        ("UNTEL1 X1 Y1", False),  # no artist comes twice
        ("UNTEL1 UNTEL2 UNTEL3", False),  # of one artist alone
        ("UNTEL1 UNTEL2 X1 X2 port", True),  # four of five
        ("UNTEL1 UNTEL2 X1 port", False),
    ],
)
def test_most_files_of_a_folder_say_whether_names_are_artists_with_numbers(stems: str, numbered: bool) -> None:
    known = file_metadata_by_path([f"Files/{stem}.txt" for stem in stems.split()])
    artists = [each.fields.get("artist") for each in known.values()]
    assert artists == [stem.rstrip("123") if numbered and stem != "port" else None for stem in stems.split()]
    assert known.get("Files/port.txt", None) in (None, file_metadata_from_path("Files/port.txt"))


@pytest.mark.parametrize(
    ("stems", "tracks"),
    [
        (["1 La mer", "2 La rue"], None),
        (["1 La mer", "2 La rue", "3 Le quai"], True),
        (["1 La mer", "2 La rue", "3 Le quai", "4 Le port", "Le pont"], True),
        (["1 La mer", "2 La rue", "3 Le quai", "Le pont"], False),
        (["1 La mer", "2 La rue", "3 Le quai", "5 Le pont"], True),
        (["1 La mer", "2 La rue", "3 Le quai", "6 Le pont"], False),
        (["1 La mer", "1 La rue", "2 Le quai", "2 Le pont"], True),  # of two records
        (["1 La mer", "1 La rue", "1 Le quai", "2 Le pont", "2 Le pas"], False),
    ],
)
def test_numbers_of_tracks_run_with_few_gaps_and_no_more_than_twice(stems: list[str], tracks: bool | None) -> None:
    assert have_track_numbers(stems) is tracks


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
