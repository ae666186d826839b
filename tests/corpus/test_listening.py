"""What of a corpus one has heard, by an export of a streaming service. All plays are invented."""

import json
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.core.errors import SourceError
from pipeline.corpus.listening import heard_songs, read_history
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus
from tests.corpus.files import zipped


def extended(title: str, artist: str, milliseconds: int = 180_000) -> dict[str, object]:
    return {
        "ts": "2024-05-01T20:00:00Z", "ms_played": milliseconds, "master_metadata_track_name": title,
        "master_metadata_album_artist_name": artist, "episode_name": None,
    }  # fmt: skip


PLAYS = [
    extended("Le Port (feat. Unetelle) - Remastered 2010", "UNTEL"),
    extended("Le port", "Untel"),
    extended("La rue", "Untel", 4_000),  # skipped
    {"endTime": "2020-01-01 10:00", "artistName": "Cendre & Miel", "trackName": "L'été", "msPlayed": 60_000},
    extended("Ailleurs", "Personne"),
    {"ts": "2024", "ms_played": 99_000, "master_metadata_track_name": None},
]


@pytest.mark.parametrize("packed", [False, True])
def test_songs_that_were_heard(packed: bool, tmp_path: Path) -> None:
    files = {"MyData/Streaming_History_Audio_1.json": json.dumps(PLAYS), "MyData/Userdata.json": json.dumps({"a": 1})}
    if packed:
        (tmp_path / "my_data.zip").write_bytes(zipped(dict(files)))
    else:
        (tmp_path / "MyData").mkdir()
        for name, text in files.items():
            (tmp_path / name).write_text(text, "utf-8")
    names = [("Le port", "Untel"), ("La rue", "Untel"), ("L'été", "Cendre & Miel"), ("Le port", "Autre")]
    sections = (Section("couplet", (Line("la mer"),)),)
    corpus = make_corpus("heard", [Song(title, artist, sections) for title, artist in names])
    plays = read_history(tmp_path / "my_data.zip" if packed else tmp_path)
    assert plays["untel", "leport"] == 2
    assert heard_songs(corpus, plays) == [0, 2]


def test_what_is_no_history_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}", "utf-8")
    with pytest.raises(SourceError, match="contains no listening history"):
        read_history(tmp_path / "x.json")


def test_commands_take_what_was_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.json").write_text(json.dumps([extended("Moins six heures", "Cendre & Miel")]), "utf-8")
    asked = ["diversity", "demo", "--heard", str(tmp_path / "x.json"), "--measure", "mattr_50", "--csv"]
    assert main([*asked, "--least-songs", "1", "--least-words", "0"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 2
    assert rows[1].startswith("Cendre & Miel,1,")
