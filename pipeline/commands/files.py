"""The command that writes a corpus, or part of it, as a file for other tools."""

from pathlib import Path
from typing import Annotated, Literal

from pipeline.commands.arguments import Choices, command, options_dataclass
from pipeline.commands.subcorpus import Subcorpus
from pipeline.core.translation import t, t_count
from pipeline.publish import FORMATS, export_corpus


@options_dataclass()
class ExportedSubcorpus(Subcorpus):
    layer: Literal["lyrics", "adlibs", "all"] = "all"


@command()
def export(
    part: ExportedSubcorpus, *, format: Annotated[str, Choices("pipeline.publish", "FORMATS")], out: Path | None = None
) -> None:
    """Write a corpus, or part of it, as files for other tools: R, IRaMuTeQ, TXM, spreadsheets, scripts.

    Lyrics and ad-libs, unless --layer selects one; only tokens have layers.

    --format: what to write
    --out FILE: output (default: NAME-FORMAT with its extension, in this folder)
    """
    corpus = part.read()
    path = out or Path(f"{part.name}-{format}{FORMATS[format].suffix}")
    export_corpus(corpus, format, path, part.layer)
    songs = t_count("{n} song", "{n} songs", len(corpus.songs))
    print(t("{file} contains {songs} of {corpus}.", file=path, songs=songs, corpus=part.name))
