"""Marked-up text: TEI with metadata for TXM (a text a file), and CoNLL-U (a line a sentence)."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from pipeline.analysis.variants import lemma
from pipeline.corpus.pos_layer import has_pos, pos_tags
from pipeline.corpus.table import Corpus
from pipeline.language.pos_tagger import TAGS
from pipeline.language.tokens import Span, align_tokens
from pipeline.publish.songs import song_metadata

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
