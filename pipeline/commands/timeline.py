"""Count words or phrases year by year, per million words; without any, list the words by the year they come up."""

import argparse

from pipeline.commands.picture import add_picture, check_picture, show_table
from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.core.errors import SettingError
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and the queries."""
    add_subcorpus(parser)
    parser.add_argument("queries", nargs="*", metavar=t("QUERY"), help=t("words or phrases"))
    parser.add_argument("--no-accents", action="store_true", help=t("e finds é too"))
    add_table(parser)
    add_picture(parser)


def run(args: argparse.Namespace) -> None:
    """Print one row a query and year, or one row a word."""
    from pipeline.analysis.words.timeline import first_uses, timeline
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    if args.picture and not args.queries:
        raise SettingError("--picture draws words over the years: name a word, or several.")
    corpus, empty = read_subcorpus(args), t("no song here has a year.")
    if not args.queries:
        print_table(first_uses(corpus, args.layer).drop(columns="index"), args, empty)
        return
    table = timeline(corpus, args.queries, args.layer, not args.no_accents)
    title, unit = t("{words} over the years", words=", ".join(args.queries)), t("Songs that hold it, of a thousand")
    shown = table.assign(share=1000 * table["share"]) if args.picture else table
    show_table(shown, Chart(title, unit, "year", "share", series="query", source=args.name), args, empty)
