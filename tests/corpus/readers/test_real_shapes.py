"""Shapes in which people find lyrics: LRCLIB, Vagalume, chats, duets, Apple's documents, tars, tables of slugs.

All lyrics are invented.
"""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.core.errors import SourceError
from pipeline.corpus.prepare import prepare
from pipeline.corpus.preview import preview, table_columns
from pipeline.corpus.report import Report
from pipeline.corpus.table import Corpus

Write = Callable[..., Path]
ONE = "La mer est là ce soir\nLa rue est longue et noire\nOn marche vers le port\nEncore un tour dehors"
TWO = "Le bar est plein de gens\nLa nuit attend dedans\nPersonne ne répond\nLes murs sont en béton"
PROSE = (
    "Le disque s'ouvre sur une longue plage instrumentale, presque muette. La voix n'arrive qu'après deux minutes, et "
    "le texte, d'une grande sobriété, tient en quelques images que le refrain reprend. On y entend la ville et la mer."
)


@pytest.fixture(autouse=True)
def _elsewhere(prepared: Path) -> None:
    """Nothing here is written among the real prepared corpora."""


def read(write: Write, content: str | bytes, name: str) -> tuple[Corpus, Report]:
    corpus, report = prepare(write({name: content}) / name, "mine")
    assert not report.account.unaccounted_size
    return corpus, report


def named(corpus: Corpus) -> list[list[str]]:
    return corpus.songs[["title", "artist"]].to_numpy().tolist()


def test_what_a_model_is_asked_in_a_chat_is_no_song(write: Write) -> None:
    turns = [
        {"role": "system", "content": TWO},
        {"role": "user", "content": TWO},
        {"role": "assistant", "content": ONE},
    ]
    corpus, report = read(write, "\n".join([json.dumps({"messages": turns})] * 2).replace("mer", "mer", 1), "x.jsonl")
    assert corpus.texts.tolist() == ONE.split("\n")
    assert corpus.songs["artist"].tolist() == ["Unknown artist"]
    assert report.account.entries["texts-unread"].size.words == 4 * len(TWO.split())


def test_songs_and_addresses_of_artists_as_vagalume_names_them(write: Write) -> None:
    table = (
        f'ALink,SName,SLink,Lyric,Idiom\n/kery-untel/,Le port,/x,"{ONE}",PORTUGUESE\n/x-y/,Le bar,/y,"{TWO}",FRENCH\n'
    )
    corpus, _ = read(write, table, "lyrics-data.csv")
    assert named(corpus) == [["Le port", "Kery untel"], ["Le bar", "X y"]]
    assert [facet.name for facet in corpus.facets] == ["Idiom"]


@pytest.mark.parametrize("column", ["interpreter", "interprète", "Interprète", "performer"])
def test_who_performs(column: str, write: Write) -> None:
    corpus, _ = read(write, f'{column},title,lyrics\nUntel,Le port,"{ONE}"\n', "x.csv")
    assert named(corpus) == [["Le port", "Untel"]]


def test_columns_of_slugs_become_words(write: Write) -> None:
    corpus, _ = read(write, f'song,artist,lyrics\nla-rue,kery-untel,"{ONE}"\nle-bar,untel,"{TWO}"\n', "x.csv")
    assert named(corpus) == [["La rue", "Kery untel"], ["Le bar", "Untel"]]
    corpus, _ = read(write, f'song,artist,lyrics\nla-rue,Kery-Untel,"{ONE}"\nPeut-être,untel,"{TWO}"\n', "y.csv")
    assert corpus.songs["title"].tolist() == ["la-rue", "Peut-être"]
    corpus, _ = read(write, f'song,artist,lyrics\nla-rue,untel,"{ONE}"\nle-bar,iam,"{TWO}"\n', "z.csv")
    assert named(corpus) == [["La rue", "untel"], ["Le bar", "iam"]]  # names in small letters may be so


def tar_of(files: dict[str, str], link: str = "") -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
        if link:
            member = tarfile.TarInfo("lien.txt")
            member.type, member.linkname = tarfile.SYMTYPE, link
            archive.addfile(member)
    return data.getvalue()


def test_texts_in_a_tar_beside_tables_of_their_songs(write: Write) -> None:
    data = tar_of({"corpus/Untel/a1.txt": ONE, "corpus/Untel/b2.txt": TWO, "../mal.txt": ONE}, link="/etc/passwd")
    table = "file,title,artist,year\na1,Le port,Untel,2004\nb2,Le bar,Untel,2010\n"
    corpus, report = prepare(
        write({"corpus.tar.gz": data, "songs.csv": table, "rappeurs.csv": "rappeur\nUntel\n"}), "mine"
    )
    assert sorted(named(corpus)) == [["Le bar", "Untel"], ["Le port", "Untel"]]
    assert sorted(corpus.songs["year"]) == [2004, 2010]
    assert "its name points outside the archive" in [skip.reason for skip in report.skipped]
    alone, _ = prepare(write({"corpus.tar.gz": data}) / "corpus.tar.gz", "alone")
    assert len(alone.songs) == 2


def test_a_tar_that_is_cut_or_a_bomb_ends_in_a_sentence(write: Write) -> None:
    data = tar_of({"a.txt": "".join(chr(97 + at % 26) for at in range(3000))})
    with pytest.raises(SourceError, match="cannot be unpacked"):
        prepare(write({"x.tar.gz": data[:60]}) / "x.tar.gz", "mine")
    with pytest.raises(SourceError, match="is too large"):
        prepare(write({"y.tar.gz": tar_of({"a.txt": "a" * (20 << 20)})}) / "y.tar.gz", "mine")
    corpus, report = prepare(write({"z/x.tar": b"no tar at all", "z/Untel/a.txt": ONE}) / "z", "mine")
    assert len(corpus.songs) == 1
    assert [skip.source for skip in report.skipped] == ["x.tar"]


def test_prose_alone_is_asked_about(write: Write) -> None:
    table = write({"x.csv": f'avis,rappeur,note\n"{PROSE}",Untel,4\n"{PROSE} Bis.",Untel,5\n'}) / "x.csv"
    with pytest.raises(SourceError, match=r"'avis' has the longest texts, but as prose.*lyrics=COLUMN"):
        prepare(table, "mine")
    assert table_columns(table) == (["avis", "rappeur", "note"], {"artist": "rappeur"})
    assert [song.artist for song in preview(table, columns={"lyrics": "avis"}).songs] == ["Untel"] * 2
