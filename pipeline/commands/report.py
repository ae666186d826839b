"""Write a report on a corpus, or on part of it: one HTML file with filters, tables, definitions and versions."""

import argparse
from pathlib import Path

from pipeline.commands.subcorpus import add_subcorpus, read_subcorpus
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and where to write."""
    add_subcorpus(parser)
    parser.add_argument("--out", type=Path, metavar=t("FILE"), help=t("where (default: NAME-report.html, here)"))


def run(args: argparse.Namespace) -> None:
    """Write the file and say where."""
    from pipeline.core.folders import replacing_file
    from pipeline.publish.html_report import html_report

    page = html_report(read_subcorpus(args), args.layer, args.variant)
    path = args.out or Path(f"{args.name}-report.html")
    with replacing_file(path) as draft:
        draft.write_text(page, "utf-8")
    print(t("The report on {corpus} is in {file}.", corpus=args.name, file=path))
