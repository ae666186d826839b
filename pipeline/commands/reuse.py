"""List runs of four words or more that songs of different artists share, the longest first."""

import argparse

from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and what counts as a set phrase."""
    add_subcorpus(parser)
    parser.add_argument(
        "--artists", type=int, default=4, metavar=t("N"), help=t("runs of more artists are set phrases, put aside (4)")
    )
    parser.add_argument("--graph", action="store_true", help=t("one row a pair of artists instead"))
    add_table(parser)


def run(args: argparse.Namespace) -> None:
    """Print the runs with both songs, the earlier first where both are dated."""
    from pipeline.analysis.comparison.reuse import reuse_graph, shared_runs

    runs = shared_runs(read_subcorpus(args), args.layer, artists=args.artists)
    print_table(reuse_graph(runs) if args.graph else runs, args)
