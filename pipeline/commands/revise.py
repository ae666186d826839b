"""Other words for a line of one's own: revised to a demand, or its holes filled."""

import argparse
import os

from pipeline.commands.output import print_json, printable
from pipeline.core.same_sums import same_sums
from pipeline.core.translation import t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """RUN, LINE and the demand."""
    parser.add_argument("run_name", metavar=t("RUN"), help=t("a trained run, such as demo-char"))
    parser.add_argument("line", metavar=t("LINE"), help=t("the line to revise; with … or ___ for each hole to fill"))
    parser.add_argument("--before", default="", metavar=t("TEXT"), help=t("the lines before it"))
    parser.add_argument("--syllables", type=int, help=t("spoken syllables a line, give or take --tolerance"))
    parser.add_argument("--tolerance", type=int, default=0, help=t("in syllables (default 0)"))
    parser.add_argument("--rhyme-with", default="", metavar=t("WORD"), help=t("a word or phrase that it rhymes with"))
    parser.add_argument("--richness", default="suffisante", help=t("the poorest rhyme accepted (default suffisante)"))
    parser.add_argument(
        "--avoid", action="append", default=[], metavar=t("WORDS"), help=t("a word or phrase to avoid; repeatable")
    )
    parser.add_argument(
        "--temperature",
        type=float,
        help=t("daring: 0 takes the likeliest (default: what suits the run)"),
    )
    parser.add_argument("--count", type=int, default=5, metavar=t("N"), help=t("how many (default 5)"))
    parser.add_argument(
        "--random-seed", type=int, default=0, help=t("the same number writes the same text (default 0)")
    )
    parser.add_argument("--json", action="store_true", help=t("print one JSON object a line"))


def run(args: argparse.Namespace) -> None:
    """Print the proposals, the nearest first; what one lacks stands after it."""
    os.environ.update(same_sums())
    from pipeline.core.translation import mark
    from pipeline.generation.constraints import Constraints
    from pipeline.generation.lyric import WriteSettings
    from pipeline.generation.revision.gap_filling import fill_gaps
    from pipeline.generation.revision.own_line import HOLE, own_words, read_template
    from pipeline.generation.revision.revision import revise_line
    from pipeline.generation.sampling import check_range, suited_sampling
    from pipeline.generation.violations import violation_text
    from pipeline.writers.opened import open_index

    check_range(mark("number of proposals"), args.count, 1, 20)
    asked = Constraints(
        rhyme_with=args.rhyme_with,
        richness=args.richness,
        syllables=args.syllables,
        tolerance=args.tolerance,
        avoid=tuple(args.avoid),
    )
    propose, check = (fill_gaps, read_template) if HOLE.search(args.line) else (revise_line, own_words)
    check(args.line)
    index = open_index(args.run_name)
    settings = WriteSettings(sampling=suited_sampling(index.policy, temperature=args.temperature), constraints=asked)
    before = args.before.rstrip("\n") + "\n" if args.before.strip() else ""
    for line in propose(index, before, args.line, settings, args.random_seed, count=args.count):
        lacks = [violation_text(violation) for violation in line.violations]
        if args.json:
            print_json({"text": line.text, "syllables": line.syllables, "rhyme": line.rhyme_kind, "lacks": lacks})
        else:
            print(f"{line.syllables:3}  {printable(' · '.join([line.text, *lacks]))}")
