"""Scan a text: each line's syllables (spoken and in verse), phones, rhyme key, and the scheme of its section."""

import argparse
from pathlib import Path

from pipeline.commands.output import print_json, printable
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the text."""
    parser.add_argument("file", type=Path, metavar=t("FILE"), help=t("a UTF-8 text; empty lines part the sections"))
    parser.add_argument("--json", action="store_true", help=t("print one JSON object a line (else a table)"))


def run(args: argparse.Namespace) -> None:
    """Print one row a line of the text. Raise SourceError for a text without a line."""
    from pipeline.commands.input import read_text
    from pipeline.core.errors import SourceError
    from pipeline.language.scansion import scan_text

    empty = True
    for row in scan_text(read_text(args.file).splitlines()):
        empty = False
        if args.json:
            print_json(row)
        else:
            text = printable(str(row["text"]))
            print(f"{row['syllables_spoken']:3} {row['rhyme_key']:>6} {row['scheme']:>6}  {text}")
    if empty:
        raise SourceError("{file} holds no line to scan: give a text of one line or more.", file=args.file)
