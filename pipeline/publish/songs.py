"""What every export writes of a song, one row of metadata and its text as `prepare` reads it; formats of plain text."""

import re
import unicodedata
import zipfile
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from pipeline.analysis.counting import floats_to_whole_numbers
from pipeline.analysis.variants import lemma
from pipeline.corpus.layers import has_pos_tags, pos_tags
from pipeline.corpus.table import Corpus
from pipeline.language.pos_tagger import TAGS
from pipeline.language.tokens import Span, align_tokens

_SECTION_TAG_NAMES = {
    "couplet": "Couplet", "refrain": "Refrain", "pré-refrain": "Pré-refrain", "pont": "Pont", "intro": "Intro",
    "outro": "Outro", "interlude": "Interlude",
}  # fmt: skip


def song_metadata(corpus: Corpus) -> pd.DataFrame:
    """Return one row per song: doc_id (unique, of letters, digits and _), title, artist, album, year, featuring,
    language, facets."""
    columns = ["title", "artist", "album", "year", "featuring", "language", *(facet.name for facet in corpus.facets)]
    table = corpus.songs[columns].apply(floats_to_whole_numbers)
    width = len(str(max(corpus.songs.index, default=0)))
    table.insert(0, "doc_id", [f"song_{number:0{width}d}" for number in corpus.songs.index])
    return table.reset_index(drop=True)


def song_texts(corpus: Corpus, *, tags: bool = True) -> Iterator[str]:
    """Yield the text of each song, an empty line between sections, with or without section tags.

    A section whose kind was inferred has no tag: it would be a claim of the source.
    """
    headings = _section_tags(corpus) if tags else {}
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


def _section_tags(corpus: Corpus) -> dict[int, str]:
    """Return section id -> tag, for the sections that have a tag in the source."""
    sections = corpus.sections[~corpus.sections["inferred"].to_numpy(bool)]
    columns = (sections[name].tolist() for name in ("number", "performers", "repeat"))
    return {
        section: _section_tag(*tag)
        for section, *tag in zip(sections.index, sections["kind"].astype(str), *columns, strict=True)
    }


def to_file_name(text: str) -> str:
    """Return a text as part of a file name: its letters, digits, spaces, - and _; never empty, never a path."""
    return re.sub(r"[^\w\- ']+", "", text).strip(" .")[:80].strip() or "untitled"


def _section_tag(kind: str, number: object, performers: str, repeat: int) -> str:
    """Return the tag of a section, such as "[Couplet 1 x2 : X & Y]"."""
    name = _SECTION_TAG_NAMES[kind] + ("" if pd.isna(number) else f" {number}") + (f" x{repeat}" if repeat > 1 else "")
    return f"[{name} : {performers}]" if performers else f"[{name}]"


_FRONT_MATTER_FIELDS = ("title", "artist", "album", "year", "featuring")


def write_texts(corpus: Corpus, path: Path) -> None:
    """Write a zip of one text file per song, in a folder per artist, with front matter and tags."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for about, text in zip(song_metadata(corpus).to_dict("records"), song_texts(corpus), strict=True):
            name = f"{to_file_name(str(about['artist']))}/{about['doc_id']} {to_file_name(str(about['title']))}.txt"
            front = [
                f"{name}: {' '.join(str(about[name]).split())}"
                for name in _FRONT_MATTER_FIELDS
                if _is_present(about[name])
            ]
            archive.writestr(name, "\n".join(["---", *front, "---", text]))


def write_iramuteq(corpus: Corpus, path: Path) -> None:
    """Write the songs for IRaMuTeQ: `**** *song_1 *artist_x *year_y`, then lines without tags. Variables are letters,
    digits, _ (Ratinaud)."""
    with path.open("w", encoding="utf-8") as file:
        for about, text in zip(song_metadata(corpus).to_dict("records"), song_texts(corpus, tags=False), strict=True):
            names = {"title": about["title"], "artist": about["artist"], "year": about["year"], "album": about["album"]}
            names |= {facet.name: about[facet.name] for facet in corpus.facets}
            variables = (
                f"*{_variable_name(name)}_{_variable_name(str(value))}"
                for name, value in names.items()
                if _is_present(value)
            )
            marks = [f"*{about['doc_id']}", *variables]
            # A line that begins with **** or -* would be read as a command.
            lines = (re.sub(r"^(?:\*{4}|-\*)", " ", line) for line in text.splitlines() if line.strip())
            file.write("**** " + " ".join(marks) + "\n" + "\n".join(lines) + "\n\n")


def _is_present(value: object) -> bool:
    return not pd.isna(value) and value != ""


def _variable_name(text: str) -> str:
    """Return a text as a variable name of IRaMuTeQ: ASCII letters, digits and _, or "x" if none remain."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = re.sub(r"(?<=\d)[.,](?=\d)", "_", plain)  # 1.5 is not 15
    return re.sub(r"[^0-9A-Za-z_]+", "", plain).lower() or "x"


# Characters that XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGN_PATTERN = re.compile(
    r"([^\w\s])\1*|[\w]+"
)  # a sign, as often as it is written: "..."; letters that no token took
_TEI_HEADER_FIELDS = ("title", "artist", "album", "year")


def write_tei(corpus: Corpus, path: Path) -> None:
    """Write a zip for TXM (its XTZ format): one TEI file per song, and `metadata.csv`.

    `lg` is a section: kind, number, performers named in its tag, and whether the kind is inferred; `l` a line; `w` a
    word with lemma and any part of speech; `pc` a sign. The attributes `performers` and `inferred` are not of TEI."""
    about = song_metadata(corpus)
    of_section = {
        section: [words for _, words in group]
        for section, group in groupby(annotated_lines(corpus), lambda line: line[0])
    }
    sections = corpus.sections.assign(kind=corpus.sections["kind"].astype(str)).to_dict("index")
    of_song = corpus.sections.loc[list(of_section)].groupby("song", sort=False).groups
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.csv", about.rename(columns={"doc_id": "id"}).to_csv(index=False))
        for song, row in zip(corpus.songs.index, about.to_dict("records"), strict=True):
            parts = [_tei_section(sections[at], of_section[at]) for at in of_song.get(song, ())]
            named = {name: "" if pd.isna(row[name]) else _xml_text(str(row[name])) for name in _TEI_HEADER_FIELDS}
            body, doc_id = "\n".join(parts), quoteattr(str(row["doc_id"]))
            archive.writestr(f"{row['doc_id']}.xml", _TEI_TEMPLATE.format(**named, doc_id=doc_id, body=body))


class AnnotatedWord(NamedTuple):
    """A word of a line as written, or a sign between words. `pos` is "" if parts of speech are not stored."""

    form: str
    lemma: str
    pos: str
    glued: bool  # no space after it

    @property
    def is_punctuation_or_symbol(self) -> bool:
        """Whether this is punctuation or a symbol, and not a word."""
        return self.pos in ("PUNCT", "SYM")


def annotated_lines(corpus: Corpus) -> Iterator[tuple[int, list[AnnotatedWord]]]:
    """Yield (section id, words and punctuation with lemma and part of speech) of each line, in order."""
    tags = pos_tags(corpus) if has_pos_tags(corpus.name) else None
    columns = (corpus.lines[name].tolist() for name in ("section", "start", "stop"))
    for written, section, start, stop in zip(corpus.texts, *columns, strict=True):
        text = " ".join(written.split())
        spans = align_tokens(text, corpus.vocabulary.decode(corpus.tokens[start:stop]))
        parts = [""] * len(spans) if tags is None else [TAGS[tag] for tag in tags[start:stop]]
        yield section, _annotated_words(text, spans, parts)


def _annotated_words(text: str, spans: Sequence[Span], parts: Sequence[str]) -> list[AnnotatedWord]:
    """Return the words of a line and the signs between them: all of its text but the spaces."""
    words, at = list[AnnotatedWord](), 0
    for span, part in zip([*spans, Span("", len(text), len(text))], [*parts, ""], strict=True):
        for sign in _SIGN_PATTERN.finditer(text, at, span.start):
            kind = {"P": "PUNCT", "L": "", "N": ""}.get(unicodedata.category(sign[0][0])[0], "SYM")
            words.append(AnnotatedWord(sign[0], sign[0], kind, text[sign.end() : sign.end() + 1] not in ("", " ")))
        if span.start >= at and span.stop > span.start:
            form = text[span.start : span.stop]
            words.append(AnnotatedWord(form, lemma(span.token), part, text[span.stop : span.stop + 1] not in ("", " ")))
            at = span.stop
    return words


def _tei_section(section: Mapping[Hashable, Any], lines: Sequence[Sequence[AnnotatedWord]]) -> str:
    body = "\n".join(f"<l>{''.join(map(_tei_word, words)).rstrip()}</l>" for words in lines)
    number, performers = section["number"], xml_attribute_text(section["performers"])
    about = "" if pd.isna(number) else f' n="{number}"'
    about += f" performers={quoteattr(performers)}" if performers else ""
    about += ' inferred="yes"' if section["inferred"] else ""
    return f"<lg type={quoteattr(section['kind'])}{about}>\n{body}\n</lg>"


def _tei_word(word: AnnotatedWord) -> str:
    space = "" if word.glued else " "
    if word.is_punctuation_or_symbol:
        return f"<pc>{_xml_text(word.form)}</pc>{space}"
    part = f" pos={quoteattr(word.pos)}" if word.pos else ""
    return f"<w lemma={quoteattr(xml_attribute_text(word.lemma))}{part}>{_xml_text(word.form)}</w>{space}"


def xml_attribute_text(value: str) -> str:
    """Return a text for an XML attribute, with U+FFFD in place of characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", value)


def _xml_text(value: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", value))


_TEI_TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
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
