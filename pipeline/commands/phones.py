"""Transcribe words as French rap says them: IPA, and where it comes from (lexicon, model or rule)."""

import argparse

from pipeline.commands.input import unsayable
from pipeline.commands.output import print_json
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the words."""
    parser.add_argument("words", nargs="+", metavar=t("WORD"), help=t("a word, or a phrase in quotes"))


def run(args: argparse.Namespace) -> None:
    """Print one JSON object a word. Raise SettingError, at the end, for words that cannot be said."""
    from pipeline.language.scansion import transcribe_words

    silent = []
    for row in transcribe_words(args.words):
        if row["ipa"]:
            print_json(row)
        else:
            silent.append(row["word"])
    if silent:
        raise unsayable(silent[0], len(silent) - 1)
