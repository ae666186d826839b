"""Rank artists, years, sections or the values of a facet by lexical diversity, each with its interval."""

import argparse

from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, the measure and the groups."""
    add_subcorpus(parser)
    parser.add_argument(
        "--measure",
        default="rarefied_10000",
        metavar=t("M"),
        help=t("rarefied_10000 (default), mtld, mattr_100, hdd, …"),
    )
    parser.add_argument(
        "--by", default="artist", metavar=t("GROUP"), help=t("artist (default), year, kind, song or a facet")
    )
    parser.add_argument(
        "--all-measures", action="store_true", help=t("every measure of every group, without intervals")
    )
    add_table(parser)


def run(args: argparse.Namespace) -> None:
    """Print the ranking; overlapping intervals share their places."""
    from pipeline.analysis.rankings import diversity_ranking, diversity_table

    corpus = read_subcorpus(args)
    if args.all_measures:
        print_table(diversity_table(corpus, args.by, args.layer), args)
    else:
        print_table(diversity_ranking(corpus, args.measure, args.by, args.layer), args)
