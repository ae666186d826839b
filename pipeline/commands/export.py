"""Write a corpus, or part of it, as files that other tools read: R, IRaMuTeQ, TXM, spreadsheets, scripts."""

import argparse
from pathlib import Path

from pipeline.exports.names import FORMAT_NAMES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to write, where, and which songs."""
    parser.add_argument("corpus", metavar="NAME", help="a prepared corpus, such as demo")
    parser.add_argument("--format", required=True, choices=FORMAT_NAMES, help="what to write")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where (default: NAME-FORMAT and its ending, here)")
    parser.add_argument("--artists", action="append", metavar="NAME", help="only songs of this artist; may be repeated")
    parser.add_argument("--all-languages", action="store_true", help="sections that are not in French as well")


def run(args: argparse.Namespace) -> None:
    """Write the file and say where."""
    from pipeline.corpus.prepare import open_corpus
    from pipeline.corpus.table import DEFAULT_LANGUAGES
    from pipeline.exports.formats import FORMATS, export_corpus

    languages = () if args.all_languages else DEFAULT_LANGUAGES
    corpus = open_corpus(args.corpus).where(artists=args.artists or (), languages=languages)
    path = args.out or Path(f"{args.corpus}-{args.format}{FORMATS[args.format].suffix}")
    export_corpus(corpus, args.format, path)
    print(f"{path} holds {len(corpus.songs):,} songs of {args.corpus}.")
