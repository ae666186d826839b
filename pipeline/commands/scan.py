"""Scan a text: each line's syllables (spoken and in verse), phones, rhyme key, and the scheme of its section."""

import argparse
from pathlib import Path

from pipeline.commands.output import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The text."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a UTF-8 text; empty lines part the sections")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line (else a table)")


def run(args: argparse.Namespace) -> None:
    """One row a line of the text."""
    from pipeline.commands.input import read_text
    from pipeline.language.sound import scan_text

    for row in scan_text(read_text(args.file).splitlines()):
        if args.json:
            print_json(row)
        else:
            print(f"{row['syllables_spoken']:3} {row['rhyme_key']:>6} {row['scheme']:>6}  {row['text']}")
