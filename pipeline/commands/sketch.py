"""Sketch a word by what stands before it and after it, alone or beside a second word, or as a network."""

import argparse

from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, the words and the window."""
    add_subcorpus(parser)
    parser.add_argument("query", metavar=t("QUERY"), help=t("a word, a phrase, or with * and ? for any letters"))
    parser.add_argument("--against", metavar=t("QUERY"), help=t("a second word, to set beside the first"))
    parser.add_argument("--network", action="store_true", help=t("the links of its company, in lines"))
    parser.add_argument("--left", type=int, default=3, metavar=t("N"), help=t("words to the left (3)"))
    parser.add_argument("--right", type=int, default=3, metavar=t("N"), help=t("words to the right (3)"))
    parser.add_argument(
        "--minimum", type=int, default=3, metavar=t("N"), help=t("times that a pair occurs at least (3)")
    )
    parser.add_argument("--content", action="store_true", help=t("without function words"))
    add_table(parser)


def run(args: argparse.Namespace) -> None:
    """Print side, word, how often at each distance and logDice."""
    from pipeline.analysis.words.word_sketch import collocation_network, sketch_difference, word_sketch

    corpus = read_subcorpus(args)
    window = (args.left, args.right, args.layer, args.minimum, not args.content)
    if args.network:
        table = collocation_network(corpus, args.query, args.layer, minimum=args.minimum)
    elif args.against:
        table = sketch_difference(corpus, args.query, args.against, *window)
    else:
        table = word_sketch(corpus, args.query, *window)
    print_table(table, args, t("nothing stands there {n} times (--minimum).", n=args.minimum))
