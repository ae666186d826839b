"""Tables: every token with where it stands; songs with their text, for quanteda's readtext; songs as JSON
lines; links as GraphML.
"""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.analysis.counting import section_row_of_each_line, song_row_of_each_line
from pipeline.analysis.variants import lemma
from pipeline.corpus.song import count_letters
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import align_tokens
from pipeline.publish.songs import song_metadata, song_texts, xml_attribute_text

_LINES_PER_BATCH = 50_000  # lines of a corpus whose tokens are held at once


def token_tables(corpus: Corpus, layer: Layer = "all") -> Iterator[pd.DataFrame]:
    """Yield tables with one row per token of a layer, each for some lines of the corpus.

    Columns: doc_id, artist, title, year, section, kind, inferred (whether the kind is a guess), performers (that the
    section's tag names), line (numbered as in the corpus), place (in the line, from 1), token, lemma, adlib; if the
    source has times, seconds and seconds_end of the line, and word_seconds of the token."""
    metadata = song_metadata(corpus)
    songs, sections = song_row_of_each_line(corpus), section_row_of_each_line(corpus)
    about = {name: corpus.sections[name].to_numpy() for name in ("inferred", "performers")}
    about = {
        "section": corpus.sections.index.to_numpy(),
        "kind": corpus.sections["kind"].astype(str).to_numpy(),
        **about,
    }
    words = np.array(corpus.vocabulary.index2word, object)
    forms = np.array([lemma(word) for word in words], object)
    starts, stops = (corpus.lines[name].to_numpy() for name in ("start", "stop"))
    for first in range(0, len(starts), _LINES_PER_BATCH):
        rows = np.arange(first, min(first + _LINES_PER_BATCH, len(starts)))
        lengths = stops[rows] - starts[rows]
        line_rows = np.repeat(rows, lengths)
        place = np.arange(len(line_rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        at = starts[line_rows] + place
        ids, own = corpus.tokens[at], metadata.iloc[songs[line_rows]]
        table: dict[str, Any] = {name: own[name].array for name in ("doc_id", "artist", "title", "year")}
        table |= {
            **{name: values[sections[line_rows]] for name, values in about.items()},
            "line": corpus.lines.index[line_rows].to_numpy(),
            "place": place + 1,
            "token": words[ids],
            "lemma": forms[ids],
        }
        times = {name: corpus.lines[name].to_numpy()[line_rows] for name in time_columns(corpus)}
        if len(corpus.word_times):
            times["word_seconds"] = corpus.word_times.reindex(at).to_numpy()
        tokens = pd.DataFrame(table | {"adlib": corpus.adlib[at]} | times)
        yield tokens if layer == "all" else tokens[tokens["adlib"] == (layer == "adlibs")]


def write_token_csv(corpus: Corpus, path: Path, layer: Layer = "all") -> None:
    """Write the token table of a corpus as CSV: UTF-8, commas, a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, table in enumerate(token_tables(corpus, layer)):
            table.to_csv(file, index=False, header=not number)


def write_token_parquet(corpus: Corpus, path: Path, layer: Layer = "all") -> None:
    """Write the token table of a corpus as Parquet, with column types."""
    writer = None
    for table in token_tables(corpus, layer):
        columns = pa.Table.from_pandas(table, preserve_index=False)
        writer = writer or pq.ParquetWriter(path, columns.schema, compression="zstd")
        writer.write_table(columns)
    if writer is not None:
        writer.close()


def write_quanteda(corpus: Corpus, path: Path) -> None:
    """Write songs for quanteda as CSV: doc_id, text (without tags), document variables. R reads the file by
    `corpus(readtext("FILE", text_field = "text"))`."""
    table = song_metadata(corpus)
    table.insert(1, "text", list(song_texts(corpus, tags=False)))
    table.to_csv(path, index=False, encoding="utf-8")


def write_jsonl(corpus: Corpus, path: Path) -> None:
    """Write songs as JSON, one per line, for `prepare` to read: metadata, facets, tagged `lyrics` and any `times`. For
    each line, these are [start, end] in seconds and, if words are timed, a list of [letters before a word, start]."""
    times = dict(_song_times(corpus))
    with path.open("w", encoding="utf-8") as file:
        for song, about, text in zip(
            corpus.songs.index, song_metadata(corpus).to_dict("records"), song_texts(corpus), strict=True
        ):
            fields = {key: _to_json_value(value) for key, value in about.items() if not pd.isna(value) and value != ""}
            timed = {"times": times[song]} if song in times else {}
            file.write(json.dumps({**fields, "lyrics": text, **timed}, ensure_ascii=False) + "\n")


def time_columns(corpus: Corpus) -> list[str]:
    """Return the columns of `corpus.lines` that hold times in seconds. There are none if no source gives times."""
    columns = ["seconds", "seconds_end"]
    return columns if "seconds" in corpus.lines and corpus.lines["seconds"].notna().any() else []


def _song_times(corpus: Corpus) -> Iterator[tuple[int, list[list[Any]]]]:
    """Yield (song id, times of its lines in seconds) for the songs that have times."""
    columns = time_columns(corpus)
    for song, lines in corpus.lines.groupby("song") if columns else ():
        if lines["seconds"].notna().any():
            rows = lines[columns].to_numpy(float).round(3).tolist()
            times = [[None if value != value else value for value in row] for row in rows]
            words = _word_times(corpus, lines)
            yield (
                song,
                [
                    [*time, words[line]] if line in words else time
                    for line, time in zip(lines.index, times, strict=True)
                ],
            )


def _word_times(corpus: Corpus, lines: pd.DataFrame) -> dict[int, list[list[float]]]:
    """Return line id -> [letters of the line before a word, start of the word in seconds] for words with a time."""
    times = dict[int, list[list[float]]]()
    bounds = lines[["start", "stop"]].to_numpy(np.intp)
    rows = np.searchsorted(corpus.word_times.index.to_numpy(), bounds)
    for line, (start, stop), (low, high) in zip(lines.index, bounds, rows, strict=True):
        if low < high:
            text, own = corpus.all_texts[line], corpus.word_times.iloc[low:high]
            spans = align_tokens(text, corpus.vocabulary.decode(corpus.tokens[start:stop]))
            times[line] = [
                [count_letters(text[: spans[token - start].start]), round(float(seconds), 3)]
                for token, seconds in own.items()
            ]
    return times


def _to_json_value(value: object) -> object:
    """Return a value as JSON can hold it: dates as text, NumPy's numbers as Python's."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if isinstance(value, np.generic) else value


def to_graphml(links: pd.DataFrame, *, directed: bool = False) -> bytes:
    """Return links (source, target, weight) as GraphML bytes (Brandes et al. 2002), for Gephi, igraph and NetworkX.

    Where they have no direction, those of the same two ends are one, of their weight together: a simple graph.
    """
    if not directed:
        pairs = np.sort(links[["source", "target"]].to_numpy(object), axis=1)
        links = links.assign(source=pairs[:, 0], target=pairs[:, 1])
        links = links.groupby(["source", "target"], sort=False)["weight"].sum().reset_index()
    graph = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    attributes = {"attr.name": "weight", "attr.type": "double"}
    ElementTree.SubElement(graph, "key", {"id": "weight", "for": "edge", **attributes})
    inside = ElementTree.SubElement(graph, "graph", edgedefault="directed" if directed else "undirected")
    for name in dict.fromkeys([*links["source"], *links["target"]]):
        ElementTree.SubElement(inside, "node", id=xml_attribute_text(name))
    for row in links.itertuples():
        ends = {at: xml_attribute_text(getattr(row, at)) for at in ("source", "target")}
        edge = ElementTree.SubElement(inside, "edge", ends)
        ElementTree.SubElement(edge, "data", key="weight").text = f"{row.weight:g}"
    return ElementTree.tostring(graph, encoding="utf-8", xml_declaration=True)


# What a spreadsheet skips or does not show in front of a formula: spaces of any width, controls, zero-width characters,
# marks of direction, variation selectors, a byte order mark.
_INVISIBLE_CHARACTERS = (
    r"\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
# The signs of OWASP's CSV injection page; full-width and small forms are read as the plain ones by some spreadsheets.
_FORMULA = re.compile(rf"[{_INVISIBLE_CHARACTERS}]*[=+\-@\u2212＝＋－＠﹦﹢﹣﹫]|[\t\r]")


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV bytes, UTF-8 with a BOM so that spreadsheets read accents; texts that a spreadsheet would
    run as formulas get an apostrophe in front.

    Numbers are left alone, negative ones too; words such as -le come out as '-le.
    """
    return escape_formulas(table).to_csv(index=False).encode("utf-8-sig")


def to_parquet(table: pd.DataFrame) -> bytes:
    """Return a table with its types as Parquet bytes. Lists of spans become lists of [start, stop]."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def escape_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of a table in which texts and column names that a spreadsheet would run as formulas are escaped."""
    safe = table.rename(columns=escape_formula)
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_bool_dtype(safe[column]):
            safe[column] = safe[column].astype(object).map(escape_formula)
    return safe


def escape_formula(cell: object) -> object:
    r"""Return a cell, with an apostrophe in front if a spreadsheet would take it for a formula.

    >>> escape_formula("=1+1"), escape_formula("la rue"), escape_formula(-1)
    ("'=1+1", 'la rue', -1)
    """
    return "'" + cell if isinstance(cell, str) and _FORMULA.match(cell) else cell
