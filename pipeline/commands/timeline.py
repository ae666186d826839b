"""Count words or phrases year by year, per million words; without any, list the words by the year they come up."""

import argparse

from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and the queries."""
    add_subcorpus(parser)
    parser.add_argument("queries", nargs="*", metavar=t("QUERY"), help=t("words or phrases"))
    parser.add_argument("--no-accents", action="store_true", help=t("e finds é too"))
    add_table(parser)


def run(args: argparse.Namespace) -> None:
    """Print one row a query and year, or one row a word."""
    from pipeline.analysis.timeline import first_uses, timeline

    corpus = read_subcorpus(args)
    if args.queries:
        table = timeline(corpus, args.queries, args.layer, not args.no_accents)
    else:
        table = first_uses(corpus, args.layer).drop(columns="index")
    print_table(table, args)
