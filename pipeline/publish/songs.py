"""What every export writes of a song, one row of metadata and its text as `prepare` reads it; formats of plain text."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from pipeline.analysis.variants import lemma
from pipeline.corpus.pos_layer import has_pos, pos_tags
from pipeline.corpus.table import Corpus
from pipeline.language.pos_tagger import TAGS
from pipeline.language.tokens import Span, align_tokens

_TAGS = {
    "couplet": "Couplet", "refrain": "Refrain", "pré-refrain": "Pré-refrain", "pont": "Pont", "intro": "Intro",
    "outro": "Outro", "interlude": "Interlude",
}  # fmt: skip


def song_metadata(corpus: Corpus) -> pd.DataFrame:
    """Return a row a song: doc_id (unique, of letters, digits and _), title, artist, album, year, featuring, language,
    then its facets."""
    columns = ["title", "artist", "album", "year", "featuring", "language", *(facet.name for facet in corpus.facets)]
    table = corpus.songs[columns].copy()
    width = len(str(max(corpus.songs.index, default=0)))
    table.insert(0, "doc_id", [f"song_{number:0{width}d}" for number in corpus.songs.index])
    return table.reset_index(drop=True)


def song_texts(corpus: Corpus, *, tags: bool = True) -> Iterator[str]:
    """Yield the text of each song in order, one empty line between sections, with their tags or without.

    A section whose kind was inferred has no tag: it would be a claim of the source.
    """
    sections = corpus.sections
    headings = {
        number: _tag(kind, count, performers, repeat)
        for number, kind, count, performers, repeat, inferred in zip(
            sections.index,
            sections["kind"].astype(str),
            sections["number"],
            sections["performers"],
            sections["repeat"],
            sections["inferred"],
            strict=True,
        )
        if tags and not inferred
    }
    lines = corpus.lines
    rows = zip(
        lines["song"].tolist(), lines["section"].tolist(), corpus.texts.tolist(), lines["repeat"].tolist(), strict=True
    )
    for _, song in groupby(rows, key=lambda row: row[0]):
        parts = []
        for section, part in groupby(song, key=lambda row: row[1]):
            head = [headings[section]] if section in headings else []
            texts = (f"{text} (x{repeat})" if tags and repeat > 1 else text for _, _, text, repeat in part)
            parts.append("\n".join([*head, *texts]))
        yield "\n\n".join(parts) + "\n"


def file_name(text: str, longest: int = 80) -> str:
    """Return a piece of a file name: letters, digits, spaces, - and _ of the text; never empty, never a path."""
    return re.sub(r"[^\w\- ']+", "", text).strip(" .")[:longest].strip() or "untitled"


def _tag(kind: str, number: object, performers: str, repeat: int) -> str:
    name = _TAGS[kind] + ("" if pd.isna(number) else f" {number}") + (f" x{repeat}" if repeat > 1 else "")
    return f"[{name} : {performers}]" if performers else f"[{name}]"


_FRONT = ("title", "artist", "album", "year", "featuring")


def write_texts(corpus: Corpus, path: Path) -> None:
    """Write a zip of text files, a folder an artist, each with front matter and tags: what `prepare` reads best."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for about, text in zip(song_metadata(corpus).to_dict("records"), song_texts(corpus), strict=True):
            name = f"{file_name(str(about['artist']))}/{about['doc_id']} {file_name(str(about['title']))}.txt"
            archive.writestr(name, f"{_front_matter(about)}\n{text}")


def write_iramuteq(corpus: Corpus, path: Path) -> None:
    """Write `**** *song_1 *artist_x *year_y`, then lines without tags. Variables are letters, digits, _ (Ratinaud)."""
    with path.open("w", encoding="utf-8") as file:
        for about, text in zip(song_metadata(corpus).to_dict("records"), song_texts(corpus, tags=False), strict=True):
            names = {"artist": about["artist"], "year": about["year"], "album": about["album"]}
            names |= {facet.name: about[facet.name] for facet in corpus.facets}
            variables = (f"*{_ascii(name)}_{_ascii(str(value))}" for name, value in names.items() if _is_known(value))
            marks = [f"*{about['doc_id']}", *variables]
            # A line that begins with **** or -* would be read as a command.
            lines = (re.sub(r"^(?:\*{4}|-\*)", " ", line) for line in text.splitlines() if line.strip())
            file.write("**** " + " ".join(marks) + "\n" + "\n".join(lines) + "\n\n")


def _front_matter(about: Mapping[str, Any]) -> str:
    rows = [f"{name}: {' '.join(str(about[name]).split())}" for name in _FRONT if _is_known(about[name])]
    return "\n".join(["---", *rows, "---"])


def _is_known(value: object) -> bool:
    return not pd.isna(value) and value != ""


def _ascii(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^0-9A-Za-z]+", "", plain).lower() or "x"


# Characters that XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNKNOWN = "_"


def write_tei(corpus: Corpus, path: Path) -> None:
    """Write a zip of a TEI file a song (`lg` a section and its kind, `l` a line) and `metadata.csv`: TXM's XTZ."""
    about = song_metadata(corpus)
    sections = corpus.texts.groupby(corpus.lines["section"], sort=False).apply(list)
    kinds = corpus.sections["kind"].astype(str)
    of_song = corpus.sections.loc[sections.index].groupby("song", sort=False).groups
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.csv", about.rename(columns={"doc_id": "id"}).to_csv(index=False))
        for song, row in zip(corpus.songs.index, about.to_dict("records"), strict=True):
            parts = [_section(kinds[number], sections[number]) for number in of_song.get(song, ())]
            archive.writestr(f"{row['doc_id']}.xml", _TEI.format(**_header(row), body="\n".join(parts)))


def write_conllu(corpus: Corpus, path: Path) -> None:
    """Write ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC; what is unknown is _. `text` is the line as written,
    UPOS is there where the corpus has the layer of parts of speech.
    """
    about = song_metadata(corpus).to_dict("records")
    tags = pos_tags(corpus) if has_pos(corpus.name) else None
    with path.open("w", encoding="utf-8") as file:
        for row, (_, lines) in zip(about, corpus.lines_with_texts.groupby("song", sort=False), strict=True):
            file.write(f"# newdoc id = {row['doc_id']}\n")
            for name in ("artist", "title", "album", "year"):
                if not pd.isna(row[name]) and row[name] != "":
                    file.write(f"# {name} = {_one_line(row[name])}\n")
            for number, text, start, stop in zip(
                lines.index, lines["text"], lines["start"], lines["stop"], strict=True
            ):
                spans = align_tokens(text, corpus.vocabulary.decode(corpus.tokens[start:stop]))
                parts = [_UNKNOWN] * len(spans) if tags is None else [TAGS[tag] for tag in tags[start:stop]]
                words = _words(text, spans, parts)
                file.write(f"# sent_id = {row['doc_id']}-{number}\n# text = {_one_line(text)}\n{words}\n")


def _words(text: str, spans: Sequence[Span], parts: Sequence[str]) -> str:
    rows = []
    for number, (span, part) in enumerate(zip(spans, parts, strict=True), 1):
        glued = number < len(spans) and spans[number].start == span.stop
        form = text[span.start : span.stop].replace(" ", "\u00a0")
        note = "SpaceAfter=No" if glued else _UNKNOWN
        fields = [str(number), form, lemma(span.token) or _UNKNOWN, part, *[_UNKNOWN] * 5, note]
        rows.append("\t".join(fields) + "\n")
    return "".join(rows)


def _section(kind: str, lines: list[str]) -> str:
    body = "\n".join(f"<l>{_text(line)}</l>" for line in lines)
    return f"<lg type={quoteattr(kind)}>\n{body}\n</lg>"


def _header(row: Mapping[str, Any]) -> dict[str, str]:
    fields = {
        name: "" if pd.isna(row[name]) else _text(str(row[name])) for name in ("title", "artist", "album", "year")
    }
    return {"doc_id": quoteattr(str(row["doc_id"])), **fields}


def _text(value: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", value))


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


_TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
<teiHeader><fileDesc>
<titleStmt><title>{title}</title><author>{artist}</author></titleStmt>
<publicationStmt><p>Exported by Seize</p></publicationStmt>
<sourceDesc><bibl><title level="m">{album}</title><date>{year}</date></bibl></sourceDesc>
</fileDesc></teiHeader>
<text xml:id={doc_id}><body>
{body}
</body></text>
</TEI>
"""
