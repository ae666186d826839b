"""Rank artists, years, sections or the values of a facet by lexical diversity, each with its interval."""

import argparse

from pipeline.commands.picture import add_picture, check_picture, show_table
from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.core.translation import t, t_count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, the measure and the groups."""
    add_subcorpus(parser)
    parser.add_argument(
        "--measure",
        default="rarefied_10000",
        metavar=t("M"),
        help=t("rarefied_10000 (default), mtld, mattr_100, hdd, …; rarefied, mattr, hdd and mtld with any number"),
    )
    parser.add_argument(
        "--by", default="artist", metavar=t("GROUP"), help=t("artist (default), year, decade, kind, song or a facet")
    )
    parser.add_argument("--least-songs", type=int, default=1, metavar=t("N"), help=t("songs of a group at least (1)"))
    parser.add_argument("--least-words", type=int, default=0, metavar=t("N"), help=t("words of a group at least (0)"))
    parser.add_argument(
        "--all-measures", action="store_true", help=t("every measure of every group, without intervals")
    )
    add_table(parser)
    add_picture(parser)


def run(args: argparse.Namespace) -> None:
    """Print the ranking; overlapping intervals share their places."""
    from pipeline.analysis.words.rankings import diversity_ranking, diversity_table, find_measure
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    corpus = read_subcorpus(args)
    if args.all_measures and not args.picture:
        print_table(diversity_table(corpus, args.by, args.layer), args)
        return
    table = diversity_ranking(corpus, args.measure, args.by, args.layer, args.least_songs, args.least_words)
    empty = t("no group has as many words and songs as are asked for (--measure, --least-words, --least-songs).")
    title = t_count("{n} group, richest first", "{n} groups, richest first", len(table))
    show_table(
        table, Chart(title, t(find_measure(args.measure).label), args.by, "value", source=args.name), args, empty
    )
