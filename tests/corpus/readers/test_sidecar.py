"""Tables of metadata beside text files, as they come. All lyrics are invented."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.core.errors import SourceError
from pipeline.corpus.prepare import prepare
from pipeline.corpus.preview import preview
from pipeline.corpus.readers import sidecar
from pipeline.corpus.readers.sidecar import SidecarRow
from pipeline.corpus.readers.sources import read_blob, recognise_source
from pipeline.corpus.song import RawSong

Write = Callable[..., Path]

# the shape of a collection of 6,062 songs: names of files in a column of its own, who was searched, nbsp in titles
ROWS = [
    {"songShortcut": "UNTEL1", "geniusName": "Untel", "title": "Le port by\u00a0Untel (Ft. A & B)",
     "releaseDate": "2004-05-01", "songId": 1000001, "pageviews": 12},
    {"songShortcut": "UNTEL2", "geniusName": "Untel", "title": "La rue by\u00a0X (Ft. Untel)",
     "releaseDate": "", "songId": 1000002, "pageviews": 5},
    {"songShortcut": "LA_RUE1", "geniusName": "La Rue", "title": "93 mesures by\u00a0La Rue",
     "releaseDate": "1998", "songId": 1000003, "pageviews": None},
    {"songShortcut": "PERDU1", "geniusName": "Perdu", "title": "Rien by\u00a0Perdu", "songId": 1000004},
    {"songShortcut": "UNTEL1", "geniusName": "Untel", "title": "Le port (live) by\u00a0Untel", "songId": 1000005},
    {"songShortcut": "", "geniusName": "Untel", "title": "", "songId": 1000006},
]  # fmt: skip
TEXTS = {
    "Files/UNTEL1.txt": "La mer est là\nElle attend le bateau",
    "Files/UNTEL2.txt": "Le bitume est froid\nLa nuit tombe vite",
    "Files/LA_RUE1.txt": "Quatre-vingt-treize mesures\nPour une seule rime",
    "Files/SEUL1.txt": "Personne ne me connaît\nDans la table",
}


def source(write: Write, rows: list[dict[str, object]] = ROWS, **files: str) -> Path:
    return write(TEXTS | {"meta/songs.csv": pd.DataFrame(rows).to_csv(index=False)} | files)


def test_rows_are_found_by_any_column_that_names_the_files(write: Write, prepared: Path) -> None:
    corpus, report = prepare(source(write), "mine")
    songs = corpus.songs.set_index("source")
    assert songs.loc["Files/UNTEL1.txt", ["title", "artist", "featuring", "year"]].tolist() == [
        "Le port", "Untel", "A & B", 2004,
    ]  # fmt: skip
    assert songs.loc["Files/UNTEL2.txt", ["title", "artist", "featuring", "search artist"]].tolist() == [
        "La rue", "X", "Untel", "Untel",
    ]  # fmt: skip
    assert songs.loc["Files/LA_RUE1.txt", ["title", "artist", "year"]].tolist() == ["93 mesures", "La Rue", 1998]
    assert songs.loc["Files/SEUL1.txt", ["title", "artist"]].tolist() == ["SEUL 1", "SEUL"]
    assert [facet.name for facet in corpus.facets] == ["pageviews", "search artist"]
    assert sorted(songs["pageviews"].dropna()) == [5, 12]
    assert [skip.source for skip in report.unmatched] == [
        "Files/SEUL1.txt", "meta/songs.csv#4", "meta/songs.csv#5", "meta/songs.csv#6",
    ]  # fmt: skip


def test_a_row_without_a_file_says_why(write: Write) -> None:
    reasons = {skip.source: skip.reason for skip in recognise_source(source(write)).unmatched}
    assert reasons["meta/songs.csv#4"].endswith("none is named 'PERDU1', and none is 'Rien' by 'Perdu'")
    assert reasons["meta/songs.csv#5"].endswith("meta/songs.csv#1 is about Files/UNTEL1.txt too and comes first")
    assert reasons["meta/songs.csv#6"].endswith("it names no file or title")


@pytest.mark.parametrize("file", ["", "PERDU1"])
@pytest.mark.parametrize("artist", ["", "Perdu"])
@pytest.mark.parametrize("title", ["", "Rien", "Rien by\u00a0Autre"])
def test_the_reason_names_what_the_row_gives_and_nothing_else(title: str, artist: str, file: str) -> None:
    row = SidecarRow("songs.csv#1", {"title": title, "artist": artist}, {}, file)
    reason = str(sidecar._unmatched_reason(row))
    performer = "" if not title else "Autre" if "Autre" in title else artist
    given = [f"'{name}'" for name in (file, "Rien" if title else "", performer) if name]
    assert [word for word in ("'PERDU1'", "'Rien'", "'Autre'", "'Perdu'") if word in reason] == given
    assert ("no file or title" in reason) == (not given)
    assert ("no column names a file" in reason) == bool(title and not file)


def test_files_are_found_by_number_and_by_artist_and_title(write: Write) -> None:
    files = {"1000001.txt": "La mer", "la-rue-1000002.txt": "La rue", "La_Rue - 93 mesures.txt": "La rime"}
    rows = [{key: value for key, value in row.items() if key != "songShortcut"} for row in ROWS[:3]]
    beside = recognise_source(write(files | {"songs.csv": pd.DataFrame(rows).to_csv(index=False)})).beside
    assert beside.mapping["file"] == "songId"
    assert beside.found_by == {"id": 2, "song": 1}
    assert len(beside.songs) == 3


def test_a_number_that_names_a_file_has_four_digits(write: Write) -> None:
    files = {"la-rue-1234.txt": "La rue", "la-mer-123.txt": "La mer"}
    rows = [{"title": "Une", "id": 1234}, {"title": "Deux", "id": 123}]
    table = pd.DataFrame(rows).to_csv(index=False)
    beside = recognise_source(write(files | {"songs.csv": table}), None, {"file": "id"}).beside
    assert beside.found_by == {"id": 1}
    assert list(beside.songs) == ["la-rue-1234.txt"]


def test_the_match_is_shown_and_can_be_overridden(write: Write, prepared: Path) -> None:
    folder = source(write)
    first = preview(folder)
    assert first.columns == ["songShortcut", "geniusName", "title", "releaseDate", "songId", "pageviews"]
    assert first.mapping == {
        "title": "title", "artist": "geniusName", "date": "releaseDate", "file": "songShortcut",
    }  # fmt: skip
    assert (first.matched, first.rows) == (3, 6)
    other = preview(folder, columns={"artist": "", "album": "geniusName"})
    assert other.mapping == {"title": "title", "date": "releaseDate", "file": "songShortcut", "album": "geniusName"}
    corpus, _ = prepare(folder, "mine", columns={"album": "geniusName"})
    assert set(corpus.songs["album"]) == {"Untel", "La Rue", ""}


def test_a_column_that_is_not_there_is_said_with_and_without_a_table(write: Write) -> None:
    with pytest.raises(SourceError, match="no column 'nom': the columns are 'songShortcut'"):
        recognise_source(source(write), None, {"artist": "nom"})
    with pytest.raises(SourceError, match="no field 'colour'"):
        recognise_source(source(write), None, {"colour": "title"})
    (write({}) / "meta/songs.csv").unlink()
    with pytest.raises(SourceError, match="has no table with columns to choose"):
        recognise_source(write({}), None, {"artist": "nom"})


def test_front_matter_stands_behind_a_table_and_before_the_path(write: Write, prepared: Path) -> None:
    matter = "---\ntitle: Autre\nalbum: Quai\n---\nLa mer est là"
    corpus, _ = prepare(source(write, **{"Files/UNTEL1.txt": matter}), "mine")
    song = corpus.songs.set_index("source").loc["Files/UNTEL1.txt"]
    assert (song["title"], song["album"], song["artist"]) == ("Le port", "Quai", "Untel")


def freestyle(word: str = "Bitume") -> str:
    """A long text that shows the signs of several songs."""
    return "\n\n".join(
        f"[Couplet {at % 3 + 1}]\n" + "\n".join(f"{word} numéro {at} chauffe devant le quai {n}" for n in range(12))
        for at in range(160)
    )


def test_a_file_whose_title_a_row_says_is_one_song(write: Write, prepared: Path) -> None:
    rows = [*ROWS, {"songShortcut": "UNTEL10", "geniusName": "Untel", "title": "Freestyle by\u00a0Untel"}]
    corpus, _ = prepare(source(write, rows, **{"Files/UNTEL10.txt": freestyle()}), "mine")
    own = corpus.songs[corpus.songs["source"].str.contains("UNTEL10")]
    assert own[["title", "artist", "artist_origin"]].to_numpy().tolist() == [["Freestyle", "Untel", "sidecar"]]


def test_a_file_without_a_row_has_the_artist_of_its_siblings(write: Write, prepared: Path) -> None:
    files = {"Files/UNTEL3.txt": "La gare est vide\nLe train est loin", "Files/UNTEL10.txt": freestyle()}
    corpus, _ = prepare(source(write, **files), "mine")
    songs = corpus.songs[~corpus.songs["source"].isin(["Files/UNTEL1.txt", "Files/UNTEL2.txt", "Files/LA_RUE1.txt"])]
    assert len(songs) > 3
    assert set(songs["artist"]) == {"Untel", "SEUL"}
    assert set(songs["artist_origin"]) == {"inferred"}
    assert (corpus.songs["artist_origin"] == "inferred").sum() == len(songs)
    assert "sidecar" in set(corpus.songs["artist_origin"])


def test_a_file_of_many_songs_in_the_folder_of_an_artist_is_theirs(write: Write, prepared: Path) -> None:
    songs = {f"{name}.txt": f"[Couplet 1]\n{name} est loin\nPersonne ne répond" for name in ("Fleuvio/Port", "Ria/Mer")}
    corpus, _ = prepare(write({**songs, "Fleuvio/Le Fleuve.txt": freestyle()}), "mine")
    of_file = corpus.songs[corpus.songs["source"].str.startswith("Fleuvio/Le Fleuve.txt#")]
    assert len(of_file) > 3
    assert set(of_file["artist"]) == {"Fleuvio"}
    assert set(of_file["artist_origin"]) == {"path"}


def test_a_file_of_many_songs_alone_may_be_named_by_a_title(write: Write) -> None:
    source = recognise_source(write({"Le Fleuve.txt": freestyle()}) / "Le Fleuve.txt")
    songs = [item for item in read_blob(source, source.blobs[0]) if isinstance(item, RawSong)]
    assert {(song.artist, song.artist_origin) for song in songs} == {("Le Fleuve", "inferred")}


def test_a_file_of_many_rows_is_no_song(write: Write, prepared: Path) -> None:
    rows = [{"file": "Untel.txt", "title": f"Chanson {at}", "artist": "Untel"} for at in range(8)]
    texts = {"Untel.txt": freestyle(), "Autre.txt": freestyle("Plume")}
    corpus, _ = prepare(write(texts | {"songs.csv": pd.DataFrame(rows).to_csv(index=False)}), "mine")
    assert (corpus.songs["artist"] == "Untel").sum() > 8


def test_names_of_files_are_spelled_as_others_spell_them(write: Write, prepared: Path) -> None:
    files = {
        "Mhd(1).txt": "[Couplet 1 : MHD]\nLa mer est là\nElle attend\n[Refrain : Unetelle & MHD]\nLa nuit tombe",
        "Unetelle.txt": "[Couplet 1]\nLe bitume est froid\n[Couplet 2 : Mhd]\nLa rue est longue",
        "Inconnu.txt": "[Couplet]\nPersonne ne répond",
    }
    corpus, _ = prepare(write({name: text + "\n\n" + text for name, text in files.items()}), "mine", format="artists")
    assert set(corpus.songs["artist"]) == {"MHD", "Unetelle", "Inconnu"}


def test_a_table_of_one_artist_is_theirs(write: Write, prepared: Path) -> None:
    rows = 'title,lyrics,featuring\nT,"La mer est là\nElle attend",IAM\nU,"La nuit tombe\nSur le port",IAM\n'
    alone, _ = prepare(write({"lyrics_Iam.csv": rows.replace("IAM", "")}) / "lyrics_Iam.csv", "alone")
    assert alone.songs["artist"].tolist() == ["Iam", "Iam"]
    assert set(alone.songs["artist_origin"]) == {"inferred"}
    write({"lyrics_Untel.csv": rows.replace("La", "Une")})
    corpus, _ = prepare(write({"lyrics_Iam.csv": rows.replace("IAM", "")}), "mine")
    assert set(corpus.songs["artist"]) == {"IAM", "Untel"}
