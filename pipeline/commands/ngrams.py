"""List the words that stand in a row most often: n-grams within lines."""

import argparse

from pipeline.commands.picture import add_picture, check_picture, show_table
from pipeline.commands.subcorpus import add_subcorpus, add_table, read_subcorpus
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and the length."""
    add_subcorpus(parser)
    parser.add_argument("-n", type=int, default=3, help=t("words in a row, 1 to 7 (default 3)"))
    parser.add_argument("--minimum", type=int, default=2, metavar=t("N"), help=t("times that it occurs at least (2)"))
    add_table(parser)
    add_picture(parser)


def run(args: argparse.Namespace) -> None:
    """Print each n-gram as tokens and as it is read, how often and in how many songs."""
    from pipeline.analysis.words.ngrams import phrase_table
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    table = phrase_table(read_subcorpus(args), args.n, args.layer, args.minimum)
    title = t("Most often {words}", words=", ".join(table["phrase"].head(3)))
    show_table(
        table,
        Chart(title, t("Times"), "phrase", "count", source=args.name),
        args,
        t("nothing stands there {n} times (--minimum).", n=args.minimum),
    )
