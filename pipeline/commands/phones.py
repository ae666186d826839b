"""Transcribe words as French rap says them: IPA, and where it comes from (lexicon, model or rule)."""

import argparse

from pipeline.commands.output import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words."""
    parser.add_argument("words", nargs="+", metavar="WORD", help="a word, or a phrase in quotes")


def run(args: argparse.Namespace) -> None:
    """One JSON object a word."""
    from pipeline.language.sound import phones_of

    for row in phones_of(args.words):
        print_json(row)
