"""The commands about the sound of words and lines: phones, syllables, rhymes."""

import argparse
from pathlib import Path

from pipeline.commands.arguments import Choices, unsayable
from pipeline.commands.output import print_json, printable
from pipeline.commands.subcorpus import add_table, print_table
from pipeline.core.errors import SourceError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import t


def phones_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the words."""
    parser.add_argument("words", nargs="+", metavar=t("WORD"), help=t("a word, or a phrase in quotes"))


def phones(args: argparse.Namespace) -> None:
    """Transcribe words as French rap says them: IPA, and where it comes from (lexicon, model or rule)."""
    from pipeline.language.scansion import transcribe_words

    silent = []
    for row in transcribe_words(args.words):
        if row["ipa"]:
            print_json(row)
        else:
            silent.append(row["word"])
    if silent:
        raise unsayable(silent[0], len(silent) - 1)


def scan_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the text."""
    parser.add_argument("file", type=Path, metavar=t("FILE"), help=t("a UTF-8 text; empty lines part the sections"))
    parser.add_argument("--json", action="store_true", help=t("print one JSON object a line (else a table)"))


def scan(args: argparse.Namespace) -> None:
    """Scan a text: each line's syllables (spoken and in verse), phones, rhyme key, and the scheme of its section.

    In the table a capital is a rhyme and a small letter an assonance; --json has the strict scheme too.
    """
    from pipeline.commands.arguments import read_text
    from pipeline.language.scansion import scan_text

    empty = True
    for row in scan_text(read_text(args.file).splitlines()):
        empty = False
        if args.json:
            print_json(row)
        else:
            text = printable(str(row["text"]))
            print(f"{row['syllables_spoken']:3} {row['rhyme_key']:>6} {row['reading']:>6}  {text}")
    if empty:
        raise SourceError("{file} holds no line to scan: give a text of one line or more.", file=args.file)


def rhyme_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the two ends."""
    parser.add_argument("a", metavar=t("A"), help=t("a word, or a phrase in quotes"))
    parser.add_argument("b", metavar=t("B"), help=t("a word, or a phrase in quotes"))


def rhyme(args: argparse.Namespace) -> None:
    """Compare two words or phrases: kind of rhyme, common phones and vowels counted from the end."""
    from pipeline.language.scansion import compare_rhyme, transcribe_words

    if silent := [row["word"] for row in transcribe_words([args.a, args.b]) if not row["ipa"]]:
        raise unsayable(silent[0])
    print_json(compare_rhyme(args.a, args.b))


def rhymes_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the word, the corpus and what to look for."""
    parser.add_argument("text", metavar=t("WORD"), help=t("a word, or a phrase in quotes"))
    parser.add_argument("--corpus", default=DEMO_NAME, metavar=t("NAME"), help=t("a prepared corpus (default demo)"))
    parser.add_argument(
        "--least",
        choices=Choices("pipeline.language.rhyme", "KINDS"),
        default="near",
        help=t("the poorest kind (near)"),
    )
    parser.add_argument(
        "--syllables", type=int, nargs="+", default=[], metavar=t("N"), help=t("only words of so many syllables")
    )
    parser.add_argument("--register", default="", metavar=t("CLASS"), help=t("only verlan, argot, anglicism and so on"))
    parser.add_argument("--vowel", action="store_true", help=t("only words that begin with a vowel"))
    parser.add_argument("--corpus-only", action="store_true", help=t("no words of French beyond the corpus"))
    parser.add_argument("--phrases", action="store_true", help=t("phrases of the corpus that rhyme over their words"))
    add_table(parser)


def rhymes(args: argparse.Namespace) -> None:
    """List the words that rhyme with a word or phrase: those of a corpus first, and of French beyond it."""
    from pipeline.analysis.sound.rhyming_dictionary import rhymes, rhyming_phrases
    from pipeline.corpus.prepare import open_corpus
    from pipeline.language.scansion import transcribe_words

    if not transcribe_words([args.text])[0]["ipa"]:
        raise unsayable(args.text)
    corpus = open_corpus(args.corpus)
    if args.phrases:
        table = rhyming_phrases(corpus, args.text)
    else:
        table = rhymes(
            corpus,
            args.text,
            least=args.least,
            syllables=args.syllables,
            register=args.register,
            vowel=args.vowel,
            french=not args.corpus_only,
        )
    print_table(table, args)
