"""List the pairs of words that stand together more often than chance, or with --word the company of one word."""

import argparse

from pipeline.commands.picture import add_picture, check_picture, show_table
from pipeline.commands.subcorpus import add_subcorpus, add_table, read_subcorpus
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, the word and the window."""
    add_subcorpus(parser)
    parser.add_argument("--word", metavar=t("WORD"), help=t("the company of this word (default: pairs of neighbours)"))
    parser.add_argument("--left", type=int, default=5, metavar=t("N"), help=t("with --word: words to the left (5)"))
    parser.add_argument("--right", type=int, default=5, metavar=t("N"), help=t("with --word: words to the right (5)"))
    parser.add_argument(
        "--minimum", type=int, default=3, metavar=t("N"), help=t("times that a pair occurs at least (3)")
    )
    add_table(parser)
    add_picture(parser)


def run(args: argparse.Namespace) -> None:
    """Print the pairs with their scores; the order is by log Dice or as the measure says."""
    from pipeline.analysis.words.collocations import collocates, collocations
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    corpus = read_subcorpus(args)
    if args.word:
        table = collocates(corpus, args.word, args.left, args.right, args.layer, args.minimum)
        title = t("In the company of {word}", word=args.word)
    else:
        table = collocations(corpus, args.layer, args.minimum)
        title = t("Pairs that hold together")
    chart = Chart(title, "logDice", "word" if args.word else "phrase", "log_dice", source=args.name)
    shown = table.drop(columns="index", errors="ignore")
    if args.picture and not args.word:
        shown = shown.assign(phrase=shown["first"] + " " + shown["second"])
    show_table(shown, chart, args, t("nothing stands there {n} times (--minimum).", n=args.minimum))
