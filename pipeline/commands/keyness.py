"""List the words that mark some artists off from the others (or from --against), the most typical first."""

import argparse

from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and the two sides."""
    add_subcorpus(parser)
    parser.add_argument(
        "--of", action="append", required=True, metavar=t("ARTIST"), help=t("whose words; may be repeated")
    )
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        metavar=t("ARTIST"),
        help=t("compared with whom (default: all the rest)"),
    )
    parser.add_argument(
        "--minimum", type=int, default=5, metavar=t("N"), help=t("times that a word occurs at least (5)")
    )
    add_table(parser)


def run(args: argparse.Namespace) -> None:
    """Print word, counts, G², log ratio with its conservative limit, Lafon's specificity, songs and dispersion."""
    from pipeline.analysis.keyness import keyness_of_artists

    corpus = read_subcorpus(args)
    table = keyness_of_artists(corpus, args.of, args.against, args.layer, args.minimum)
    print_table(table.drop(columns="index"), args)
