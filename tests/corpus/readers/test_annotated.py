"""The formats of corpus linguistics: what is written comes back, word for word; annotations do not. Invented words."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.errors import SourceError
from pipeline.corpus.account import Account, text_size
from pipeline.corpus.readers import ReadingHints
from pipeline.corpus.readers.annotated import read_conllu, read_iramuteq, read_tei, read_tokens
from pipeline.corpus.song import RawSong, ReaderItems

WORDS = st.lists(st.text("abcdéœ", min_size=1, max_size=6), min_size=1, max_size=5)
STANZAS = st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=3)  # stanza, line, word
SONGS = st.lists(STANZAS, min_size=1, max_size=3)
quick = settings(max_examples=30, deadline=None)

Stanzas = Sequence[Sequence[Sequence[str]]]


def read(items: ReaderItems) -> list[RawSong]:
    """The songs of a file; every word that was read is in one of them."""
    *songs, account = items
    assert isinstance(account, Account)
    assert account.read == sum((text_size(song.text) for song in songs), text_size(""))
    return [song for song in songs if isinstance(song, RawSong)]


def text_of(stanzas: Stanzas) -> str:
    return "\n\n".join("\n".join(" ".join(line) for line in stanza) for stanza in stanzas) + "\n"


def conllu_of(stanzas: Stanzas, title: str) -> str:
    sentences = []
    for at, stanza in enumerate(stanzas):
        for number, line in enumerate(stanza):
            comments = [f"# newdoc id = {title}", "# artist = Untel"] if at == number == 0 else []
            comments += ["# newpar"] if number == 0 else []
            rows = [f"{place}\t{word}" + "\t_" * 8 for place, word in enumerate(line, 1)]
            sentences.append("\n".join([*comments, f"# sent_id = {title}-{at}-{number}", *rows]))
    return "\n\n".join(sentences) + "\n\n"


@quick
@given(SONGS)
def test_conllu_round_trip(songs: list[Stanzas]) -> None:
    written = "".join(conllu_of(stanzas, f"t{at}") for at, stanzas in enumerate(songs))
    for data in (written, written.replace("\n", "\r\n")):
        read_back = read(read_conllu(data.encode(), "x.conllu", ReadingHints()))
        assert [song.text for song in read_back] == list(map(text_of, songs))
        assert [(song.title, song.artist) for song in read_back] == [(f"t{at}", "Untel") for at in range(len(songs))]
        assert [song.source for song in read_back] == [f"x.conllu#{at}" for at in range(1, len(songs) + 1)]


def test_words_of_a_multiword_token_are_said_once() -> None:
    rows = [("1-2", "au"), ("1", "à"), ("2", "le"), ("3", "port"), ("3.1", "vide"), ("4", ".")]
    lines = [f"{number}\t{word}" + "\t_" * 8 for number, word in rows]
    lines[3] = lines[3][:-1] + "SpaceAfter=No"
    (song,) = read(read_conllu("\n".join(lines).encode(), "x.conllu", ReadingHints()))
    assert song.text == "au port.\n"


def test_sections_repeats_and_texts_of_conllu() -> None:
    head = "# newdoc\n# section = Refrain\n# repeat = 2\n# text = L'eau, là\n# label = Quai\n"
    (song,) = read(read_conllu(f"{head}1\tL'\n2\teau\n\n# text = fin\n1\tfin\n".encode(), "x.conllu", ReadingHints()))
    assert song.text == "[Refrain]\nL'eau, là (x2)\nfin\n"
    assert song.facets == {"label": "Quai"}
    assert song.title == ""


def tei_of(stanzas: Stanzas, kinds: Sequence[str]) -> str:
    groups = (
        f"<lg type={quoteattr(kind)} n='1'>"
        + "".join(f"<l>{' '.join(f'<w>{escape(word)}</w>' for word in line)}</l>" for line in stanza)
        + "</lg>"
        for stanza, kind in zip(stanzas, kinds, strict=True)
    )
    return (
        "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>Le  port</title>"
        "<author>Untel</author></titleStmt><sourceDesc><bibl><title>Quai</title><date>2004</date></bibl></sourceDesc>"
        f"</fileDesc></teiHeader><text><body>{''.join(groups)}</body></text></TEI>"
    )


@quick
@given(STANZAS, st.data())
def test_tei_round_trip(stanzas: Stanzas, data: st.DataObject) -> None:
    kinds = [data.draw(st.sampled_from(["Refrain", "couplet", "strophe"])) for _ in stanzas]
    (song,) = read(read_tei(tei_of(stanzas, kinds).encode(), "x.xml", ReadingHints()))
    heads = {"Refrain": "[Refrain 1]\n", "couplet": "[Couplet 1]\n", "strophe": ""}
    parts = (heads[kind] + text_of([stanza])[:-1] for stanza, kind in zip(stanzas, kinds, strict=True))
    assert song.text == "\n\n".join(parts) + "\n"
    assert (song.title, song.artist, song.album, song.date) == ("Le port", "Untel", "Quai", "2004")


def test_lines_of_tei_stay_wherever_they_stand() -> None:
    body = "<l>un</l><lg type='refrain'><l>deux</l><lg><l>trois</l></lg></lg><l>quatre</l>"
    (song,) = read(read_tei(f"<TEI><text><body>{body}</body></text></TEI>".encode(), "x.xml", ReadingHints()))
    assert song.text == "un\n\n[Refrain]\ndeux\n\ntrois\n\nquatre\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<TEI><p>prose</p></TEI>", "no line of verse"),
        (b"<TEI><l>cut", "not complete XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><TEI><l>&b;</l></TEI>", "declares"),
    ],
)
def test_tei_that_is_not_read(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read(read_tei(data, "x.xml", ReadingHints()))


@quick
@given(SONGS)
def test_iramuteq_round_trip(songs: list[Stanzas]) -> None:
    written = "\n".join(
        f"**** *song_{at} *artist_Untel *genre_rap\n{text_of(song)}" for at, song in enumerate(songs, 1)
    )
    read_back = read(read_iramuteq(written.encode(), "x.txt", ReadingHints()))
    assert [song.text for song in read_back] == list(map(text_of, songs))
    assert [song.title for song in read_back] == [f"song {at}" for at in range(1, len(songs) + 1)]
    assert all((song.artist, song.facets) == ("Untel", {"genre": "rap"}) for song in read_back)


@quick
@given(SONGS)
def test_tokens_round_trip(songs: list[Stanzas]) -> None:
    rows = ["doc_id,section,line,kind,title,token,adlib"]
    for at, stanzas in enumerate(songs):
        for section, stanza in enumerate(stanzas):
            for line, words in enumerate(stanza):
                rows += [f"{at},{section},{line},couplet,t{at},{word},False" for word in words]
                rows.append(f"{at},{section},{line},couplet,t{at},ouais,True")
    read_back = read(read_tokens("\n".join(rows).encode(), "x.csv", ReadingHints()))
    sung = [[[[*line, "(ouais)"] for line in stanza] for stanza in stanzas] for stanzas in songs]
    assert [song.text for song in read_back] == [
        "\n\n".join("[Couplet]\n" + text_of([stanza])[:-1] for stanza in stanzas) + "\n" for stanzas in sung
    ]
    assert [song.title for song in read_back] == [f"t{at}" for at in range(len(songs))]
