"""Compare two words or phrases: kind of rhyme, common phones and vowels counted from the end."""

import argparse

from pipeline.commands.input import unsayable
from pipeline.commands.output import print_json
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the two ends."""
    parser.add_argument("a", metavar=t("A"), help=t("a word, or a phrase in quotes"))
    parser.add_argument("b", metavar=t("B"), help=t("a word, or a phrase in quotes"))


def run(args: argparse.Namespace) -> None:
    """Print one JSON object. Raise SettingError for what cannot be said."""
    from pipeline.language.scansion import compare_rhyme, transcribe_words

    if silent := [row["word"] for row in transcribe_words([args.a, args.b]) if not row["ipa"]]:
        raise unsayable(silent[0])
    print_json(compare_rhyme(args.a, args.b))
