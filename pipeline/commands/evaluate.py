"""Measure how well a run predicts a text or the test songs of a corpus: bits per character, perplexity."""

import argparse
from pathlib import Path

from pipeline.commands.input import read_text
from pipeline.commands.output import print_figures, print_json
from pipeline.core.translation import mark, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """RUN and what to score."""
    parser.add_argument("run_name", metavar=t("RUN"), help=t("a trained run, such as demo-char"))
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--text", type=Path, metavar=t("FILE"), help=t("a UTF-8 text file"))
    source.add_argument("--corpus", metavar=t("NAME"), help=t("a prepared corpus"))
    parser.add_argument(
        "--split",
        choices=["train", "valid", "test"],
        default="test",
        help=t("with --corpus: which songs (default test)"),
    )
    parser.add_argument(
        "--dynamic", action="store_true", help=t("let the network learn from the text as well, for the adaptive bits")
    )
    parser.add_argument("--json", action="store_true", help=t("print one JSON object"))


_NAMES = (
    *(mark("bits_per_char"), mark("bits_per_char_adaptive"), mark("characters"), mark("tokens"), mark("unknown")),
    *(
        mark("seconds"),
        mark("level"),
        mark("perplexity"),
        mark("oov_rate"),
        mark("parts"),
        mark("spelling"),
        mark("surface"),
    ),
)


def run(args: argparse.Namespace) -> None:
    """Print the scores. Lower bits and perplexity are better."""
    from pipeline.corpus.prepare import open_corpus
    from pipeline.runs.run import load_run
    from pipeline.training.evaluate import evaluate_split, evaluate_text

    trained = load_run(args.run_name)
    if args.text:
        scores = evaluate_text(trained, read_text(args.text), dynamic=args.dynamic)
    else:
        scores = evaluate_split(trained, open_corpus(args.corpus), args.split, dynamic=args.dynamic)
    (print_json if args.json else print_figures)(scores.to_json())
