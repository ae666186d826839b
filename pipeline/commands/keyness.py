"""List the words that mark some artists, or other groups, off from the others (or --against), most typical first."""

import argparse

from pipeline.commands.picture import add_picture, check_picture, show_table
from pipeline.commands.subcorpus import add_subcorpus, add_table, read_subcorpus
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and the two sides."""
    add_subcorpus(parser)
    parser.add_argument(
        "--by", default="artist", metavar=t("GROUP"), help=t("artist (default), year, decade, kind, song or a facet")
    )
    parser.add_argument(
        "--of", action="append", required=True, metavar=t("NAME"), help=t("whose words; may be repeated")
    )
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        metavar=t("NAME"),
        help=t("compared with whom (default: all the rest)"),
    )
    parser.add_argument(
        "--minimum", type=int, default=5, metavar=t("N"), help=t("times that a word occurs at least (5)")
    )
    add_table(parser)
    add_picture(parser)


def run(args: argparse.Namespace) -> None:
    """Print word, counts, G², log ratio with its conservative limit, Lafon's specificity, songs and dispersion."""
    from pipeline.analysis.comparison.keyness import keyness_of_groups
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    corpus = read_subcorpus(args)
    table = keyness_of_groups(corpus, args.by, args.of, args.against, args.layer, args.minimum)
    title, unit = t("Typical of {names}", names=", ".join(args.of)), t("Log ratio, lower limit")
    show_table(table.drop(columns="index"), Chart(title, unit, "word", "lrc", source=args.name), args)
