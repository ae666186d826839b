"""Read, clean and index raw lyrics into a corpus that the pages and the other commands open by name."""

import argparse
import json
from pathlib import Path

from pipeline.commands.input import source
from pipeline.commands.output import Progress, print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """SOURCE, --name and how to read it."""
    parser.add_argument(
        "source",
        type=source,
        metavar="SOURCE",
        help="a folder of text files; or one file: text, CSV, TSV, Parquet, JSON, JSONL; or a zip of any of them",
    )
    parser.add_argument("--name", required=True, help="the name of the corpus: small letters, digits, - and _")
    parser.add_argument(
        "--format", help="text, artists (all songs of one in a file), csv, parquet, json or jsonl (default: recognised)"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="which column holds a field (lyrics, title, artist, album, date, featuring), such as --column "
        "lyrics=paroles; nothing after =: none; may be repeated",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="also write the quality report to FILE, as JSON")
    parser.add_argument("--json", action="store_true", help="print the quality report as one JSON object")
    parser.add_argument("--quiet", action="store_true", help="print nothing unless something fails")


def run(args: argparse.Namespace) -> None:
    """Prepare, then print the quality report."""
    from pipeline.corpus.prepare import prepare
    from pipeline.errors import SettingError

    pairs = [column.partition("=") for column in args.column]
    if bad := [field for field, equals, _ in pairs if not (field and equals)]:
        raise SettingError(f"--column takes FIELD=COLUMN, such as lyrics=paroles, not {bad[0]!r}.")
    if args.report and (args.report.is_dir() or not args.report.parent.is_dir()):
        raise SettingError(f"--report cannot be written to {args.report}: give a file in a folder that exists.")
    columns = {field: column for field, _, column in pairs}
    progress = Progress(quiet=args.quiet)
    _, report = prepare(args.source, args.name, format=args.format, columns=columns or None, on_progress=progress)
    if args.report:
        args.report.write_text(json.dumps(report.to_json(), ensure_ascii=False, indent=1), "utf-8")
    if args.json:
        print_json(report.to_json())
    elif not args.quiet:
        print(report)
