"""Collections as people have them: what is no song, where titles and artists stand, where songs begin. Invented lyrics.

Each case was read wrong once, in a collection that nobody here had made.
"""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.core.errors import SourceError
from pipeline.corpus.prepare import prepare
from pipeline.corpus.table import Corpus
from tests.corpus.files import zipped

Write = Callable[..., Path]
LINES = ["La mer est là", "Elle attend le soir", "Le bitume est froid", "La rue s'endort enfin"]
LYRICS = "\n".join(LINES)
PDF = "%PDF-1.3\n" + "2 0 obj\nBT /F1 24 Tf (La mer est la) Tj ET\nendstream\n" * 40


@pytest.fixture(autouse=True)
def _elsewhere(prepared: Path) -> None:
    """Nothing here is written among the real prepared corpora."""


def read(source: Path) -> Corpus:
    corpus, report = prepare(source, "mine")
    assert not report.account.unaccounted_size
    return corpus


def names(corpus: Corpus) -> list[tuple[str, str]]:
    return list(zip(corpus.songs["artist"], corpus.songs["title"], strict=True))


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", PDF, "PDF"),
        ("a.rtf", r"{\rtf1\ansi " + LYRICS + "}", "RTF"),
        ("a.docx", zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "Word"),
        ("a.odt", zipped({"mimetype": "x", "content.xml": "<w/>"}), "OpenDocument"),
        ("a.epub", zipped({"META-INF/container.xml": "<w/>", "1.xhtml": "<p>La mer</p>"}), "EPUB"),
    ],
)
def test_a_document_is_no_song(write: Write, name: str, data: str | bytes, kind: str) -> None:
    with pytest.raises(SourceError, match=rf"a document \({kind}\)"):
        prepare(write({name: data}) / name, "mine")


def test_a_document_among_songs_costs_itself(write: Write) -> None:
    corpus, report = prepare(write({"a.txt": LYRICS, "b.txt": PDF}), "mine")
    assert corpus.texts.tolist() == LINES
    assert [skip.source for skip in report.skipped] == ["b.txt"]


@pytest.mark.parametrize(
    "rows",
    [
        "TRAAAAV128F421A322,4623710,1:6,2:4,3:2,4:2\n",
        "TRAAAAV128F421A322,4623710,1:6\n",
        "TRAAAAV128F421A322\t4623710\t1:6\t2:4\n",
    ],
)
def test_counts_of_words_are_no_lyrics(write: Write, rows: str) -> None:
    with pytest.raises(SourceError, match="bags of words"):
        prepare(write({"mxm.txt": "# comment\n%i,the,you,to,and\n" + rows * 20}) / "mxm.txt", "mine")


def test_markdown_says_titles_and_sections(write: Write) -> None:
    song = f"# Le port\n\n## Couplet 1 : Untel\n\n{LYRICS}\n\n## Refrain\n\nLa nuit\nLe bruit\n"
    corpus = read(write({"Untel/un.md": song, "Untel/deux.md": f"# La rue #\n\n{LYRICS}\nencore"}))
    assert names(corpus) == [("Untel", "La rue"), ("Untel", "Le port")]
    sections = corpus.sections[corpus.sections["song"] == 1]
    assert sections["kind"].tolist() == ["couplet", "refrain"]
    assert sections["performers"].tolist() == ["Untel", ""]


def test_a_note_in_markdown_beside_songs_is_none(write: Write) -> None:
    corpus = read(write({"a.txt": LYRICS, "b.txt": LYRICS + "\nencore une fois", "notes.md": "# À faire\n\nRelire"}))
    assert len(corpus.songs) == 2


@pytest.mark.parametrize("head", ["# {title}", "===== {title} =====", "## {title} ##", "*** * {title} *****"])
def test_headings_part_songs(write: Write, head: str) -> None:
    head = head.replace("*** * ", "***** ")
    text = "\n\n".join(f"{head.format(title=title)}\n{LYRICS}\n{title}" for title in ("Le port", "La rue", "Le bar"))
    corpus = read(write({"Untel.txt": text}) / "Untel.txt")
    assert names(corpus) == [("Untel", "Le port"), ("Untel", "La rue"), ("Untel", "Le bar")]
    assert corpus.lines.groupby("song").size().tolist() == [5, 5, 5]


def test_a_heading_may_name_the_artist(write: Write) -> None:
    text = "\n".join(f"===== {who} =====\n{LYRICS}\n{who}\n" for who in ("Untel - Le port", "Autre - La rue"))
    corpus = read(write({"tout.txt": text}) / "tout.txt")
    assert names(corpus) == [("Untel", "Le port"), ("Autre", "La rue")]
    assert corpus.song_lines(0)[-1][1] == "Untel - Le port"


def test_headings_of_sections_part_no_songs(write: Write) -> None:
    corpus = read(write({"Untel.txt": f"=== Couplet 1 ===\n{LYRICS}\n=== Refrain ===\n{LYRICS}\n"}) / "Untel.txt")
    assert len(corpus.songs) == 1


@pytest.mark.parametrize(
    "title",
    [
        "Paroles de Le port par Untel - Paroles.net",
        "Paroles Le port par Untel | Site",
        "Untel – Le port Lyrics | Genius",
    ],
)
def test_titles_of_french_pages(write: Write, title: str) -> None:
    page = f"<html><head><title>{title}</title></head><div class='paroles'>{'<br>'.join(LINES)}</div></html>"
    assert names(read(write({"p.html": page}) / "p.html")) == [("Untel", "Le port")]


def test_file_names_of_french_pages(write: Write) -> None:
    corpus = read(write({"Paroles de Le port par Untel.txt": LYRICS, "Paroles La rue par Autre.txt": LYRICS + "\nfin"}))
    assert sorted(names(corpus)) == [("Autre", "La rue"), ("Untel", "Le port")]


@pytest.mark.parametrize("name", ["LISEZMOI.txt", "LISEZ-MOI.txt", "lisez moi.md", "README.fr.txt", "À lire.txt"])
def test_notes_about_a_collection_are_no_songs(write: Write, name: str) -> None:
    corpus = read(write({name: "Ces textes ont été recopiés à la main", "Untel - Le port.txt": LYRICS}))
    assert names(corpus) == [("Untel", "Le port")]


def test_tags_in_parentheses_name_performers(write: Write) -> None:
    text = (
        f"(COUPLET 1 : Akhenaton)\n{LYRICS}\n\n(REFRAIN)\nLa nuit\nLe bruit\n\n(Couplet 2 - Untel & Autre)\n{LYRICS}\n"
    )
    corpus = read(write({"a.txt": text + "(refrain de ma vie)\n"}) / "a.txt")
    assert corpus.sections["kind"].tolist() == ["couplet", "refrain", "couplet"]
    assert corpus.sections["performers"].tolist() == ["Akhenaton", "", "Untel & Autre"]
    assert corpus.texts.tolist()[-1] == "(refrain de ma vie)"


SYNCED = "\n".join(f"[00:1{at}.00] {line}" for at, line in enumerate(LINES))


@pytest.mark.parametrize("plain", [LYRICS, ""])
@pytest.mark.parametrize("name", ["x.json", "x.csv", "x.db"])
def test_plain_lyrics_have_the_times_of_those_beside_them(plain: str, name: str, write: Write, tmp_path: Path) -> None:
    if name == "x.json":
        song = {"trackName": "Le port", "artistName": "Untel", "plainLyrics": plain, "syncedLyrics": SYNCED}
        source = write({name: json.dumps([song])}) / name
    elif name == "x.csv":
        source = (
            write({name: f'track_name,artist_name,plain_lyrics,synced_lyrics\nLe port,Untel,"{plain}","{SYNCED}"\n'})
            / name
        )
    else:
        source = tmp_path / name
        with sqlite3.connect(source) as database:
            database.execute("CREATE TABLE tracks (name, artist_name, album_name, last_lyrics_id)")
            database.execute("CREATE TABLE lyrics (id INTEGER PRIMARY KEY, plain_lyrics, synced_lyrics)")
            database.execute("INSERT INTO tracks VALUES ('Le port', 'Untel', '', 1)")
            database.execute("INSERT INTO lyrics VALUES (1, ?, ?)", (plain, SYNCED))
        database.close()
    corpus = read(source)
    assert corpus.texts.tolist() == LINES
    assert corpus.lines["seconds"].tolist() == [10, 11, 12, 13]
    assert corpus.facets == ()
