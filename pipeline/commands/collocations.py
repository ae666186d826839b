"""List the pairs of words that stand together more often than chance, or with --word the company of one word."""

import argparse

from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, the word and the window."""
    add_subcorpus(parser)
    parser.add_argument("--word", metavar="WORD", help="the company of this word (default: pairs of neighbours)")
    for side in ("left", "right"):
        parser.add_argument(f"--{side}", type=int, default=5, metavar="N", help=f"with --word: words to the {side} (5)")
    parser.add_argument("--minimum", type=int, default=3, metavar="N", help="times that a pair occurs at least (3)")
    add_table(parser)


def run(args: argparse.Namespace) -> None:
    """Print the pairs with their scores; the order is by log Dice or as the measure says."""
    from pipeline.analysis.collocations import collocates, collocations

    corpus = read_subcorpus(args)
    if args.word:
        table = collocates(corpus, args.word, args.left, args.right, args.layer, args.minimum)
    else:
        table = collocations(corpus, args.layer, args.minimum)
    print_table(table.drop(columns="index", errors="ignore"), args)
