"""Print every match of a query with the words around it (key word in context)."""

import argparse

from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and the query."""
    add_subcorpus(parser)
    parser.add_argument("query", metavar=t("QUERY"), help=t("a word, a phrase, or with * and ? for any letters"))
    parser.add_argument(
        "--sort", choices=["left", "right", "corpus"], default="corpus", help=t("by the word beside it")
    )
    parser.add_argument("--no-accents", action="store_true", help=t("e finds é too"))
    add_table(parser)


def run(args: argparse.Namespace) -> None:
    """Print left, match, right, and where it stands."""
    from pipeline.analysis.words.concordance import concordance

    sort = [] if args.sort == "corpus" else [(args.sort, 1)]
    found = concordance(read_subcorpus(args), args.query, args.layer, sort, not args.no_accents)
    table = found.rows()[["left", "match", "right", "title", "artist", "year", "kind"]]
    print_table(table, args)
