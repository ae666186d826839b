"""Write a corpus, or part of it, as files that other tools read: R, IRaMuTeQ, TXM, spreadsheets, scripts."""

import argparse
from pathlib import Path

from pipeline.commands.subcorpus import add_subcorpus, read_subcorpus
from pipeline.core.translation import t, t_count
from pipeline.publish.export_formats import FORMATS, export_corpus


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, what to write, and where."""
    add_subcorpus(parser)
    parser.add_argument("--format", required=True, choices=list(FORMATS), help=t("what to write"))
    parser.add_argument(
        "--out", type=Path, metavar=t("FILE"), help=t("where (default: NAME-FORMAT and its ending, here)")
    )


def run(args: argparse.Namespace) -> None:
    """Write the file and say where."""
    corpus = read_subcorpus(args)
    path = args.out or Path(f"{args.name}-{args.format}{FORMATS[args.format].suffix}")
    export_corpus(corpus, args.format, path)
    print(
        t(
            "{file} holds {songs} of {corpus}.",
            file=path,
            songs=t_count("{n} song", "{n} songs", len(corpus.songs)),
            corpus=args.name,
        )
    )
