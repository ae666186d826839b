"""Count a prepared corpus: size of the lexicon, words per line, voices, years."""

import argparse
from dataclasses import asdict

from pipeline.commands.output import print_figures, print_json
from pipeline.commands.subcorpus import add_subcorpus, read_subcorpus
from pipeline.core.translation import mark, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add NAME and what of it to count."""
    add_subcorpus(parser)
    parser.add_argument("--json", action="store_true", help=t("print one JSON object"))


_NAMES = (
    *(mark("songs"), mark("artists"), mark("sections"), mark("lines"), mark("words"), mark("types"), mark("years")),
    *(mark("tokens"), mark("hapax"), mark("dis"), mark("hapax share"), mark("characters per token")),
    *(mark("characters per type"), mark("words per line mean"), mark("words per line q1")),
    *(mark("words per line median"), mark("words per line q3"), mark("words per line longest")),
)


def run(args: argparse.Namespace) -> None:
    """Print the figures of the corpus, or of the subcorpus asked for."""
    from pipeline.analysis.lines import length_summary
    from pipeline.analysis.words.lexicon import key_figures, lexicon_size

    part = read_subcorpus(args)
    lengths = length_summary(part, layer=args.layer)
    figures = asdict(key_figures(part, args.layer)) | asdict(lexicon_size(part, args.layer))
    figures |= {
        f"words_per_line_{name}": float(lengths[name].iloc[0]) if len(lengths) else None
        for name in ("mean", "q1", "median", "q3", "longest")
    }
    if args.json:
        print_json(figures)
    else:
        print_figures({name.replace("_", " "): value for name, value in figures.items()})
