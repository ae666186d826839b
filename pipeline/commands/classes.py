"""Classify segments of lyrics into lexical worlds (Reinert's method), or into topics (NMF, LDA)."""

import argparse
import math

from pipeline.commands.output import Progress, print_json
from pipeline.commands.subcorpus import add_subcorpus, add_table, print_table, read_subcorpus
from pipeline.core.errors import Sentence, SettingError
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, the method and how finely to cut."""
    add_subcorpus(parser)
    parser.add_argument("-k", type=int, default=10, help=t("classes (default 10)"))
    parser.add_argument(
        "--method",
        choices=["reinert", "double", "nmf", "lda"],
        default="reinert",
        help=t("reinert (default), double (classified twice), nmf or lda"),
    )
    parser.add_argument(
        "--words", type=int, default=40, metavar=t("N"), help=t("least words of a segment (40); 0: each section is one")
    )
    parser.add_argument(
        "--show",
        choices=["words", "segments", "shares", "figures"],
        default="words",
        help=t("typical words of each class (default), typical segments, shares by artist, or how far apart they are"),
    )
    add_table(parser)


def run(args: argparse.Namespace) -> None:
    """Print a table with one row a class and word, segment or artist."""
    import pandas as pd

    from pipeline.analysis.worlds.class_agreement import labbe_separation
    from pipeline.analysis.worlds.topics import classify_by

    lemmas, args.lemmas = args.lemmas, False  # the classification does it, function words apart
    corpus, progress = read_subcorpus(args), Progress(quiet=args.json or args.csv)
    found = classify_by(
        corpus,
        args.method,
        args.k,
        args.words,
        lemmas,
        args.layer,
        on_split=lambda done, of: progress(done / of, Sentence("class {number}", number=done)),
    )
    if args.show == "figures":
        figures = {"segments": len(found.labels), "classes": found.count, **found.separation()}
        separation = labbe_separation(found)
        print_json({**figures, "labbe_separation": None if math.isnan(separation) else separation})
        return
    if args.show == "shares":
        print_table(found.shares("artist"), args)
        return
    if not found.count:
        raise SettingError("No class was found: take more songs, or shorter segments.")
    each = found.words if args.show == "words" else found.typical_segments
    parts = [each(name).head(20).assign(**{"class": name, "size": found.sizes[name]}) for name in range(found.count)]
    table = pd.concat(parts, ignore_index=True)
    first = ["class", "size"]
    print_table(table[[*first, *(name for name in table if name not in first)]], args)
