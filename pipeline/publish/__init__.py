"""A corpus as files that other tools read; `prepare` reads them back with the same words, songs and sections.

    FORMATS         name -> what writes it: a new one is a function that writes a path, and a line here
    songs           what every format writes of a song, its metadata and its text; plain text, IRaMuTeQ, TEI
    tables          token table (CSV, Parquet) · quanteda's CSV · JSON lines

In files words stand as they are: these are data for programs. (Tables of the pages, which a spreadsheet may open, are
guarded against formulas by `to_csv`.)

The command line lists the formats: what writes one, and the libraries that it takes, is imported when it is asked for.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.core.errors import SettingError, spelling_suggestion
from pipeline.core.folders import replace_file_atomically
from pipeline.core.translation import mark

if TYPE_CHECKING:
    from pipeline.corpus.table import Corpus


@dataclass(frozen=True)
class Format:
    """An export format: its file `suffix`, a sentence on its contents (`what`), the function `writer` in a `module` of
    this package, and whether that function can write only lyrics or only ad-libs (`by_layer`)."""

    suffix: str
    what: str
    module: str
    writer: str
    by_layer: bool = False


FORMATS: dict[str, Format] = {
    "tokens": Format(".csv", mark("Every token with its lemma, as CSV"), "tables", "write_token_csv", True),
    "tokens-parquet": Format(
        ".parquet", mark("The same as Parquet, with types"), "tables", "write_token_parquet", True
    ),
    "quanteda": Format(".csv", mark("Songs with their text, for quanteda in R"), "tables", "write_quanteda"),
    "iramuteq": Format(".txt", mark("One text with starred lines, for IRaMuTeQ"), "songs", "write_iramuteq"),
    "txm": Format(".zip", mark("TEI files with metadata, for TXM"), "songs", "write_tei"),
    "text": Format(".zip", mark("One text file per song, with tags and front matter"), "songs", "write_texts"),
    "jsonl": Format(".jsonl", mark("One song per line, as JSON"), "tables", "write_jsonl"),
}


def export_corpus(
    corpus: "Corpus", name: str, path: Path | str, layer: Literal["lyrics", "adlibs", "all"] = "all"
) -> None:
    """Write a corpus to the file `path` in the format `name`, or nothing on failure. Token tables can have one `layer`.

    Raise SettingError for a format that is none or has no layers, a corpus without songs or a path that is a folder;
    OSError as the disk does.
    """
    if name not in FORMATS:
        raise SettingError(
            "There is no export format {name!r}{near}: choose one of {known}.",
            name=name,
            known=", ".join(FORMATS),
            near=spelling_suggestion(name, FORMATS),
        )
    if layer != "all" and not FORMATS[name].by_layer:
        raise SettingError(
            "The format {name!r} writes whole songs: only {known} have layers.",
            name=name,
            known=", ".join(each for each, one in FORMATS.items() if one.by_layer),
        )
    if Path(path).is_dir():  # an empty path is this folder
        raise SettingError("{path} is a folder: give the name of a file in it.", path=Path(path))
    if corpus.lines.empty:
        raise SettingError("No songs selected: there is nothing to export.")
    write = getattr(import_module(f"pipeline.publish.{FORMATS[name].module}"), FORMATS[name].writer)
    with replace_file_atomically(Path(path)) as draft:
        write(corpus, draft, *([layer] if FORMATS[name].by_layer else []))
