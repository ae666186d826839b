"""Count a prepared corpus: size of the lexicon, words per line, voices, years."""

import argparse
from dataclasses import asdict

from pipeline.commands.output import print_figures, print_json

_VARIANTS = ("written", "heard", "once", "solo")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add NAME and what of it to count."""
    parser.add_argument("name", metavar="NAME", help="a prepared corpus, such as demo")
    parser.add_argument(
        "--artist", action="append", default=[], metavar="NAME", help="only this artist; may be repeated"
    )
    parser.add_argument("--years", nargs=2, type=int, metavar=("FIRST", "LAST"), help="only songs of these years")
    parser.add_argument(
        "--section", action="append", default=[], metavar="KIND", help="only such sections, as refrain; may be repeated"
    )
    parser.add_argument("--layer", choices=["lyrics", "adlibs", "all"], default="lyrics", help="which words to count")
    parser.add_argument(
        "--as",
        dest="variant",
        choices=_VARIANTS,
        default="written",
        help="the lyrics as written (default), as heard (x2 and [Refrain x2] carried out), each line once a song, or "
        "without the sections of guests",
    )
    parser.add_argument("--all-languages", action="store_true", help="count sections that are not French too")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> None:
    """Print the figures of the corpus, or of the subcorpus asked for."""
    from pipeline.analysis.lexicon import lexicon_size
    from pipeline.analysis.overview import key_figures
    from pipeline.analysis.variants import VARIANTS
    from pipeline.analysis.words_per_line import length_summary
    from pipeline.corpus.prepare import open_corpus
    from pipeline.corpus.table import DEFAULT_LANGUAGES
    from pipeline.errors import SettingError

    corpus = open_corpus(args.name)
    part = corpus.where(
        artists=args.artist,
        years=args.years and tuple(args.years),
        kinds=args.section,
        languages=() if args.all_languages else DEFAULT_LANGUAGES,
    )
    part = VARIANTS[args.variant](part)
    if part.lines.empty:
        raise SettingError(
            "stats-empty",
            "No line of {name!r} matches: check --artist, --years, --section and --as.",
            name=args.name,
        )
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
