"""The commands that write lyrics: a text from a seed, one of quoted lines, other words for one line."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pipeline.commands.arguments import Choices, command, read_text
from pipeline.commands.output import print_json, replace_controls
from pipeline.commands.subcorpus import Subcorpus
from pipeline.core.reproducibility import reproducible_environment
from pipeline.core.translation import mark, t

if TYPE_CHECKING:
    from pipeline.generation.constraints import Constraints
    from pipeline.generation.form import SectionPlan
    from pipeline.generation.lyric import WriteSettings
    from pipeline.generation.style import Theme
    from pipeline.generation.writing import Writing
    from pipeline.runs.run import Run


_RICHNESS = Choices("pipeline.language.rhyme", "RHYME_KINDS")


def _add_richness(parser: argparse._ActionsContainer) -> None:
    about = t("the weakest rhyme accepted (default suffisante)")
    parser.add_argument("--richness", choices=_RICHNESS, default="suffisante", metavar=t("RICHNESS"), help=about)


def generate_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("run_name", metavar=t("RUN"), help=t("a trained model, such as seize"))
    add("--seed", default="", metavar=t("TEXT"), help=t("the text to continue; may be empty"))
    add("--lines", type=int, default=16, help=t("lines to write (default 16)"))
    _add_sampling(parser)
    add(
        "--memory",
        type=float,
        default=0.0,
        help=t("for a mixture: how much of the song so far is repeated (default 0)"),
    )
    add("--stop-at-song-end", action="store_true", help=t("stop early when the model ends the song"))
    style = parser.add_argument_group(t("style (for models that know it)"))
    style.add_argument("--voice", default="", metavar=t("NAME"), help=t("write as this artist"))
    style.add_argument("--other-voice", default="", metavar=t("NAME"), help=t("mixed with this artist"))
    style.add_argument("--share", type=float, default=0.5, help=t("share of the second artist, 0 to 1 (default 0.5)"))
    style.add_argument(
        "--in-turn", action="store_true", help=t("the two artists take turns, a section each, instead of being mixed")
    )
    style.add_argument("--section", default="", metavar=t("KIND"), help=t("couplet, refrain, …"))
    style.add_argument(
        "--told", action="append", default=[], metavar=t("KIND:VALUE"),
        help=t("another control token of the model, such as who:je or tense:présent; may be repeated"),
    )  # fmt: skip
    style.add_argument("--year", type=int, help=t("in the style of these years"))
    theme = parser.add_argument_group(t("theme"))
    theme.add_argument(
        "--theme", default="", metavar=t("WORDS"), help=t("the theme: these words and related ones become likelier")
    )
    theme.add_argument(
        "--theme-strength",
        type=float,
        default=3.0,
        metavar=t("NATS"),
        help=t("weight of the theme; 0: none (default 3)"),
    )
    _add_constraint_options(parser)
    add("--random-seed", type=int, default=0, help=t("the same number writes the same text (default 0)"))
    add("--json", action="store_true", help=t("print the text with everything needed to reproduce it, as JSON"))


def _add_sampling(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--temperature",
        type=float,
        help=t("0: always the most likely; higher: more inventive (default: the model's own)"),
    )
    add("--top-k", type=int, default=0, help=t("choose among the k most likely only (0: all)"))
    add("--top-p", type=float, help=t("choose among the most likely that sum to p (1: all)"))
    add("--min-p", type=float, help=t("exclude what is less likely than p times the most likely"))
    add(
        "--sampler",
        default="truncation",
        choices=Choices("pipeline.generation.sampling", "SAMPLERS"),
        help=t("mirostat: follow --surprise instead of the options above (default truncation)"),
    )
    add("--surprise", type=float, metavar=t("BITS"), help=t("for mirostat: bits per token (default: the model's own)"))
    add("--repetition-penalty", type=float, default=1.0, help=t("above 1: avoid repeating (default 1)"))


def _add_constraint_options(parser: argparse.ArgumentParser) -> None:
    measure = parser.add_argument_group(t("form"))
    measure.add_argument("--rhyme", metavar=t("SCHEME"), help=t("rhyme scheme: AABB, ABAB, ABBA, AAAA … or free"))
    measure.add_argument("--rhyme-with", metavar=t("WORD"), help=t("every line rhymes with this word or phrase"))
    _add_richness(measure)
    measure.add_argument("--syllables", type=int, help=t("spoken syllables per line, plus or minus --tolerance"))
    measure.add_argument("--tolerance", type=int, default=0, help=t("in syllables (default 0)"))
    measure.add_argument(
        "--rhyme-beat", type=int, metavar=t("BEAT"), help=t("the beat of the bar, 1 to 4, on which each rhyme falls")
    )
    measure.add_argument(
        "--use", action="append", default=[], metavar=t("WORDS"), help=t("a word or phrase to include; may be repeated")
    )
    measure.add_argument(
        "--avoid", action="append", default=[], metavar=t("WORDS"), help=t("a word or phrase to avoid; may be repeated")
    )
    measure.add_argument(
        "--end-words", default="", metavar=t("WORDS"), help=t("the last word of each of the first lines, with commas")
    )
    measure.add_argument("--clean", action="store_true", help=t("no coarse words"))
    measure.add_argument(
        "--partner",
        action="store_true",
        help=t(
            "use lines of a local model where they meet all settings: the model chosen in the Studio, or SEIZE_PARTNER"
        ),
    )
    sections = measure.add_mutually_exclusive_group()
    sections.add_argument("--plan", metavar=t("TEXT"), help=t("sections, such as 'couplet 16 AABB 12, refrain 4 ABAB'"))
    sections.add_argument(
        "--fit", type=Path, metavar=t("FILE"), help=t("new words in the form of the verse in this UTF-8 text")
    )


def generate(args: argparse.Namespace) -> None:
    """Write lyrics with a trained model, from opening words."""
    os.environ.update(reproducible_environment())
    writing = writing_from_args(args)
    if not args.json:
        _print(writing)
        return
    for _ in writing:
        pass
    print_json(writing.lyric().to_json())


def writing_from_args(args: argparse.Namespace) -> "Writing":
    """Return what the arguments ask for, to be written by whoever iterates over it."""
    from pipeline.generation.partner.proposer import PartnerProposer
    from pipeline.generation.partner.server import local_server
    from pipeline.generation.writing import write
    from pipeline.runs.run import load_run

    trained = load_run(args.run_name)
    settings = _settings(args, trained)
    return write(
        trained, args.seed, settings, args.random_seed, PartnerProposer(local_server()) if args.partner else None
    )


def _settings(args: argparse.Namespace, trained: "Run") -> "WriteSettings":
    from pipeline.generation.lyric import WriteSettings
    from pipeline.generation.policy import policy_of
    from pipeline.generation.sampling import suited_sampling
    from pipeline.generation.style import Style

    return WriteSettings(
        constraints=_constraints(args),
        plan=_plan(args),
        theme=_theme(args, trained),
        lines=args.lines,
        memory=args.memory,
        style=Style(
            voice=args.voice,
            other=args.other_voice,
            share=args.share,
            section=args.section,
            year=args.year,
            turns=args.in_turn,
            told=tuple(args.told),
        ),
        stop_at_song_end=args.stop_at_song_end,
        sampling=suited_sampling(
            policy_of(trained.vocabulary),
            temperature=args.temperature,
            top_k=args.top_k,
            top_p=args.top_p,
            min_p=args.min_p,
            repetition_penalty=args.repetition_penalty,
            sampler=args.sampler,
            surprise=args.surprise,
        ),
    )


def _theme(args: argparse.Namespace, trained: "Run") -> "Theme | None":
    from pipeline.analysis.words.word_vectors import theme_words
    from pipeline.corpus.prepare import open_corpus
    from pipeline.generation.style import Theme, words_of_theme

    if not args.theme.strip():
        return None
    # a run of a plain text has no songs that say which words are near others
    field = theme_words(open_corpus(trained.corpus_name), args.theme) if trained.corpus_names else None
    return Theme(words=tuple(field or words_of_theme(args.theme)), strength=args.theme_strength)


def _plan(args: argparse.Namespace) -> "tuple[SectionPlan, ...]":
    from pipeline.generation.form import parse_plan, plan_from_verse
    from pipeline.language.pronunciations import Pronunciations

    if args.fit is not None:
        return plan_from_verse(read_text(args.fit), Pronunciations())
    return parse_plan(args.plan) if args.plan else ()


def _constraints(args: argparse.Namespace) -> "Constraints | None":
    from pipeline.generation.constraints import Constraints

    options = (args.rhyme, args.rhyme_with, args.syllables, args.rhyme_beat, args.use, args.avoid, args.clean, args.fit)
    if not any((*options, args.end_words)) and args.syllables is None:
        return None
    return Constraints(
        scheme=args.rhyme or "free",
        rhyme_with=args.rhyme_with or "",
        richness=args.richness,
        syllables=args.syllables,
        tolerance=args.tolerance,
        rhyme_beat=args.rhyme_beat,
        use=tuple(args.use),
        avoid=tuple(args.avoid),
        end_words=tuple(word.strip() for word in args.end_words.split(",") if word.strip()),
        clean=args.clean,
    )


def _print(writing: "Writing") -> None:
    """Print the text as it comes; what a line lacks, and how a partner did, goes to stderr."""
    from pipeline.generation.constraints import violation_text
    from pipeline.generation.partner.proposer import PartnerProposer
    from pipeline.generation.partner.server import report_text

    print(writing.seed, end="")
    reported = 0
    for text in writing:
        print(text, end="", flush=True)
        for line in writing.lines[reported:]:
            for violation in line.violations:
                print(f"  {violation_text(violation)}", file=sys.stderr)
            if line.by:
                print(f"  {line.by}", file=sys.stderr)
        reported = len(writing.lines)
    if not writing.text.endswith("\n"):
        print()
    if isinstance(writing.proposer, PartnerProposer):
        print(report_text(writing.proposer.report()), file=sys.stderr)


@command()
def centon(
    part: Subcorpus,
    *,
    first: str = "",
    lines: int = 16,
    rhyme: str = "AABB",
    richness: Annotated[str, _RICHNESS] = "suffisante",
    syllables: int | None = None,
    tolerance: int = 0,
    avoid: Sequence[str] = (),
    run_: str = "seize",
    random_seed: int = 0,
    json: bool = False,
) -> None:
    """Combine whole lines from different songs that rhyme, have the right number of syllables and follow on.

    Lines are unchanged; each is followed by the title and artist of its song.

    --first WORDS: words that the first line should contain
    --lines: lines to write (default 16)
    --rhyme SCHEME: rhyme scheme: AABB, ABAB, ABBA, AAAA … or free
    --richness RICHNESS: the weakest rhyme accepted (default suffisante)
    --syllables: spoken syllables per line, plus or minus --tolerance
    --tolerance: in syllables (default 0)
    --avoid WORDS: a word or phrase to avoid; may be repeated
    --run RUN: the model that ranks lines (default demo-subword)
    --random-seed: the same number writes the same text (default 0)
    --json: print the text with everything needed to reproduce it, as JSON
    """
    os.environ.update(reproducible_environment())

    from pipeline.generation.centon import Centon, QuotedLines
    from pipeline.generation.constraints import Constraints
    from pipeline.generation.lyric import WriteSettings
    from pipeline.generation.writing import write
    from pipeline.runs.run import load_run

    constraints = Constraints(
        scheme=rhyme, richness=richness, syllables=syllables, tolerance=tolerance, avoid=tuple(avoid)
    )
    quoted = Centon(QuotedLines.from_corpus(part.read()), first)
    writing = write(load_run(run_), "", WriteSettings(lines=lines, constraints=constraints), random_seed, quoted)
    if not json:
        _print(writing)
        return
    for _ in writing:
        pass
    print_json(writing.lyric().to_json())


def revise_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("run_name", metavar=t("RUN"), help=t("a trained model, such as seize"))
    add("line", metavar=t("LINE"), help=t("the line to rephrase; with … or ___ for each gap to fill"))
    add("--before", default="", metavar=t("TEXT"), help=t("the lines before it"))
    add("--syllables", type=int, help=t("spoken syllables per line, plus or minus --tolerance"))
    add("--tolerance", type=int, default=0, help=t("in syllables (default 0)"))
    add("--rhyme-with", default="", metavar=t("WORD"), help=t("a word or phrase it must rhyme with"))
    _add_richness(parser)
    add(
        "--avoid", action="append", default=[], metavar=t("WORDS"), help=t("a word or phrase to avoid; may be repeated")
    )
    add(
        "--temperature",
        type=float,
        help=t("0: always the most likely; higher: more inventive (default: the model's own)"),
    )
    add("--count", type=int, default=5, metavar=t("N"), help=t("how many (default 5)"))
    add("--random-seed", type=int, default=0, help=t("the same number writes the same text (default 0)"))
    add("--json", action="store_true", help=t("print one JSON object per line"))


def revise(args: argparse.Namespace) -> None:
    """Suggest other words for a line of your own: rephrase it, or fill in its gaps."""
    os.environ.update(reproducible_environment())

    from pipeline.generation.constraints import Constraints, violation_text
    from pipeline.generation.lyric import WriteSettings
    from pipeline.generation.own_line import HOLE, read_template, words_to_revise
    from pipeline.generation.revision import fill_gaps, revise_line
    from pipeline.generation.sampling import check_range, suited_sampling
    from pipeline.writers.desk import open_index

    check_range(mark("number of proposals"), args.count, 1, 20)
    constraints = Constraints(
        rhyme_with=args.rhyme_with,
        richness=args.richness,
        syllables=args.syllables,
        tolerance=args.tolerance,
        avoid=tuple(args.avoid),
    )
    propose, check = (fill_gaps, read_template) if HOLE.search(args.line) else (revise_line, words_to_revise)
    check(args.line)
    index = open_index(args.run_name)
    sampling = suited_sampling(index.policy, temperature=args.temperature)
    settings = WriteSettings(sampling=sampling, constraints=constraints)
    before = args.before.rstrip("\n") + "\n" if args.before.strip() else ""
    for line in propose(index, before, args.line, settings, args.random_seed, count=args.count):
        lacks = [violation_text(violation) for violation in line.violations]
        if args.json:
            print_json({"text": line.text, "syllables": line.syllables, "rhyme": line.rhyme_kind, "lacks": lacks})
        else:
            print(f"{line.syllables:3}  {replace_controls(' · '.join([line.text, *lacks]))}")
