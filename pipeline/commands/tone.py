"""Measure the tone of the lyrics: the mean polarity of the words that a lexicon rates, with its coverage."""

import argparse
from pathlib import Path

from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, the groups and the lexicon."""
    add_subcorpus(parser)
    parser.add_argument(
        "--by", default="artist", metavar=t("GROUP"), help=t("artist (default), year, decade, kind, song or a facet")
    )
    parser.add_argument(
        "--lexicon", type=Path, metavar=t("FILE"), help=t("your own: CSV of word and value (default: Pattern's)")
    )
    add_table(parser)


def run(args: argparse.Namespace) -> None:
    """Print each group with its coverage, mean tone and interval. Raise SourceError for a file that cannot be read."""
    from pipeline.analysis.words.tone import read_lexicon, tone_table
    from pipeline.core.errors import SourceError

    try:
        lexicon = read_lexicon(args.lexicon.read_bytes()) if args.lexicon else ()
    except OSError as error:
        raise SourceError(
            "The lexicon {file} cannot be read: {reason}.", file=args.lexicon, reason=error.strerror
        ) from None
    print_table(tone_table(read_subcorpus(args), args.by, lexicon, args.layer), args)
