"""The formats that a corpus can be exported to. A new one is a function that writes a path, and a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import SettingError
from pipeline.core.folders import replacing_file
from pipeline.core.translation import mark
from pipeline.corpus.table import Corpus
from pipeline.exports.annotated_text import write_conllu, write_tei
from pipeline.exports.matrix import write_matrix
from pipeline.exports.tables import write_jsonl, write_quanteda, write_token_csv, write_token_parquet
from pipeline.exports.texts import write_iramuteq, write_texts


@dataclass(frozen=True)
class Format:
    """`suffix` of the file; `what` is in it, a sentence to be translated; `write` makes it."""

    suffix: str
    what: str
    write: Callable[[Corpus, Path], None]


FORMATS: dict[str, Format] = {
    "tokens": Format(".csv", mark("Every token with its lemma, as CSV"), write_token_csv),
    "tokens-parquet": Format(".parquet", mark("The same as Parquet, types kept"), write_token_parquet),
    "matrix": Format(".zip", mark("Document-term matrix, Matrix Market"), write_matrix),
    "quanteda": Format(".csv", mark("Songs with their text, for quanteda in R"), write_quanteda),
    "iramuteq": Format(".txt", mark("One text with starred lines, for IRaMuTeQ"), write_iramuteq),
    "txm": Format(".zip", mark("TEI files with metadata, for TXM"), write_tei),
    "conllu": Format(".conllu", mark("Words, lemmas and tags, CoNLL-U"), write_conllu),
    "text": Format(".zip", mark("A text file a song, with tags and front matter"), write_texts),
    "jsonl": Format(".jsonl", mark("A song a line, as JSON"), write_jsonl),
}


def export_corpus(corpus: Corpus, name: str, path: Path | str) -> None:
    """Write a corpus, or part of one, at `path`, whole or not at all.

    Raise SettingError for a format that is none or a corpus without songs; OSError as the disk does.
    """
    if name not in FORMATS:
        raise SettingError(
            "There is no export format {name!r}: take one of {known}.", name=name, known=", ".join(FORMATS)
        )
    if corpus.lines.empty:
        raise SettingError("No song is selected: there is nothing to export.")
    with replacing_file(Path(path)) as draft:
        FORMATS[name].write(corpus, draft)
