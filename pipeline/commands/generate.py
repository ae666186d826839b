"""The commands that write lyrics: a text from a seed, one of quoted lines, other words for one line."""

import dataclasses
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pipeline.commands.arguments import Choices, command, options_dataclass, read_text
from pipeline.commands.output import print_json, replace_control_codes
from pipeline.commands.subcorpus import Subcorpus
from pipeline.core.reproducibility import reproducible_environment
from pipeline.core.translation import mark

if TYPE_CHECKING:
    from pipeline.generation.constraints import Constraints
    from pipeline.generation.form import SectionPlan
    from pipeline.generation.lyric import LyricSettings
    from pipeline.generation.style import Theme
    from pipeline.generation.writing import TextStream
    from pipeline.runs.run import Run

_Richness = Annotated[str, Choices("pipeline.language.rhyme", "RHYME_KINDS")]


@options_dataclass()
class LineArguments:
    """Options that constrain each line, named as the fields of `Constraints`.

    --richness RICHNESS: the weakest rhyme accepted (default suffisante)
    --syllables: spoken syllables per line, plus or minus --tolerance
    --tolerance: in syllables (default 0)
    --avoid WORDS: a word or phrase to avoid; may be repeated
    """

    richness: _Richness = "suffisante"
    syllables: int | None = None
    tolerance: int = 0
    avoid: Sequence[str] = ()


@options_dataclass()
class OutputArguments:
    """Options of a generated text: its random seed, and how it is printed.

    --random-seed: the same number writes the same text (default 0)
    --json: print the text with everything needed to reproduce it, as JSON
    """

    random_seed: int = 0
    json: bool = False


@options_dataclass("plan", "fit")
class GenerateArguments:
    """Options of `generate`: the run, and what it writes.

    run_name RUN: a trained model, such as seize
    --seed TEXT: the text to continue; may be empty
    --lines: lines to write (default 16)
    --temperature: 0: always the most likely; higher: more inventive (default: the model's own)
    --top-k: choose among the k most likely only (0: all)
    --top-p: choose among the most likely that sum to p (1: all)
    --min-p: exclude what is less likely than p times the most likely
    --memory: for a mixture: how much of the song so far is repeated (default 0)
    --stop-at-song-end: stop early when the model ends the song
    --voice NAME: write as this artist
    --other-voice NAME: mixed with this artist
    --share: share of the second artist, 0 to 1 (default 0.5)
    --in-turn: the two artists take turns, a section each, instead of being mixed
    --control TOKEN: another control token of the model, such as who:je or tense:présent; may be repeated
    --year: in the style of these years
    --theme WORDS: the theme: these words and related ones become likelier
    --theme-strength NATS: weight of the theme; 0: none (default 3)
    --rhyme SCHEME: rhyme scheme: AABB, ABAB, ABBA, AAAA … or free
    --rhyme-with WORD: every line rhymes with this word or phrase
    --rhyme-beat BEAT: the beat of the bar, 1 to 4, on which each rhyme falls
    --use WORDS: a word or phrase to include; may be repeated
    --end-words WORDS: the last word of each of the first lines, comma-separated
    --clean: no coarse words
    --partner: use lines of a local model where they meet all settings: the model chosen in the Studio, or
        SEIZE_PARTNER
    --plan TEXT: sections, such as 'couplet 16 AABB 12, refrain 4 ABAB'
    --fit FILE: new words in the form of the verse in this UTF-8 text
    """

    run_name: str
    seed: str = ""
    lines: int = 16
    temperature: float | None = None
    top_k: int = 0
    top_p: float | None = None
    min_p: float | None = None
    memory: float = 0.0
    stop_at_song_end: bool = False
    voice: str = ""
    other_voice: str = ""
    share: float = 0.5
    in_turn: bool = False
    control: Sequence[str] = ()
    year: int | None = None
    theme: str = ""
    theme_strength: float = 3.0
    rhyme: str | None = None
    rhyme_with: str = ""
    line: LineArguments
    rhyme_beat: int | None = None
    use: Sequence[str] = ()
    end_words: str = ""
    clean: bool = False
    partner: bool = False
    plan: str = ""
    fit: Path | None = None
    output: OutputArguments


@command()
def generate(args: GenerateArguments) -> None:
    """Write lyrics with a trained model, from opening words."""
    os.environ.update(reproducible_environment())

    from pipeline.generation.partner.proposer import PartnerProposer
    from pipeline.generation.partner.server import local_server
    from pipeline.generation.writing import write
    from pipeline.runs.run import load_run

    trained = load_run(args.run_name)
    partner = PartnerProposer(local_server()) if args.partner else None
    writing = write(trained, args.seed, _settings_from_arguments(args, trained), args.output.random_seed, partner)
    _print_writing(writing, as_json=args.output.json)


def _settings_from_arguments(args: GenerateArguments, trained: "Run") -> "LyricSettings":
    from pipeline.generation.lyric import LyricSettings
    from pipeline.generation.policy import decoding_policy
    from pipeline.generation.sampling import SamplingSettings, sampling_with_defaults
    from pipeline.generation.style import Style

    sampling = [field.name for field in dataclasses.fields(SamplingSettings)]
    return LyricSettings(
        constraints=_requested_constraints(args),
        plan=_requested_plan(args),
        theme=_requested_theme(args, trained),
        lines=args.lines,
        memory=args.memory,
        style=Style(
            voice=args.voice,
            other=args.other_voice,
            share=args.share,
            year=args.year,
            turns=args.in_turn,
            controls=tuple(args.control),
        ),
        stop_at_song_end=args.stop_at_song_end,
        sampling=sampling_with_defaults(
            decoding_policy(trained.vocabulary), **{name: getattr(args, name) for name in sampling}
        ),
    )


def _requested_theme(args: GenerateArguments, trained: "Run") -> "Theme | None":
    from pipeline.analysis.words.word_vectors import theme_words
    from pipeline.corpus.prepare import open_corpus
    from pipeline.generation.style import Theme, words_of_theme

    if not args.theme.strip():
        return None
    # a run of a plain text has no songs that say which words are near others
    field = theme_words(open_corpus(trained.corpus_name), args.theme) if trained.training_corpora else None
    return Theme(words=tuple(field or words_of_theme(args.theme)), strength=args.theme_strength)


def _requested_plan(args: GenerateArguments) -> "tuple[SectionPlan, ...]":
    from pipeline.generation.form import parse_plan, plan_from_verse
    from pipeline.language.pronunciations import Pronunciations

    if args.fit is not None:
        return plan_from_verse(read_text(args.fit), Pronunciations())
    return parse_plan(args.plan) if args.plan else ()


def _requested_constraints(args: GenerateArguments) -> "Constraints | None":
    from pipeline.generation.constraints import Constraints

    line, others = args.line, (args.rhyme, args.rhyme_with, args.rhyme_beat, args.use, args.clean, args.fit)
    if not any((*others, line.avoid, args.end_words)) and line.syllables is None:
        return None
    return Constraints(
        **vars(line),
        scheme=args.rhyme or "free",
        rhyme_with=args.rhyme_with,
        rhyme_beat=args.rhyme_beat,
        use=tuple(args.use),
        end_words=tuple(word.strip() for word in args.end_words.split(",") if word.strip()),
        clean=args.clean,
    )


def _print_writing(writing: "TextStream", *, as_json: bool) -> None:
    """Print a text while it is written, or all of it as JSON; violated constraints of lines go to stderr."""
    from pipeline.generation.constraints import violation_text
    from pipeline.generation.partner.proposer import PartnerProposer
    from pipeline.generation.partner.server import describe_accepted_lines

    if as_json:
        for _ in writing:
            pass
        print_json(writing.as_lyric().to_json())
        return
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
        print(describe_accepted_lines(writing.proposer.usage()), file=sys.stderr)


@command()
def centon(
    part: Subcorpus,
    *,
    first: str = "",
    lines: int = 16,
    rhyme: str = "AABB",
    line: LineArguments,
    run_: str = "seize",
    output: OutputArguments,
) -> None:
    """Combine whole lines from different songs that rhyme, have the right number of syllables and follow on.

    Lines are unchanged; each is followed by the title and artist of its song.

    --first WORDS: words that the first line should contain
    --lines: lines to write (default 16)
    --rhyme SCHEME: rhyme scheme: AABB, ABAB, ABBA, AAAA … or free
    --run RUN: the model that ranks lines (default seize)
    """
    os.environ.update(reproducible_environment())

    from pipeline.generation.centon import Centon, QuotedLines
    from pipeline.generation.constraints import Constraints
    from pipeline.generation.lyric import LyricSettings
    from pipeline.generation.writing import write
    from pipeline.runs.run import load_run

    quoted = Centon(QuotedLines.from_corpus(part.read()), first)
    settings = LyricSettings(lines=lines, constraints=Constraints(**vars(line), scheme=rhyme))
    _print_writing(write(load_run(run_), "", settings, output.random_seed, quoted), as_json=output.json)


@command()
def revise(
    run_name: str,
    text: str,
    *,
    before: str = "",
    rhyme_with: str = "",
    line: LineArguments,
    temperature: float | None = None,
    count: int = 5,
    random_seed: int = 0,
    json: bool = False,
) -> None:
    """Suggest other words for a line of your own: rephrase it, or fill in its gaps.

    run_name RUN: a trained model, such as seize
    text LINE: the line to rephrase; with … or ___ for each gap to fill
    --before TEXT: the lines before it
    --rhyme-with WORD: a word or phrase it must rhyme with
    --temperature: 0: always the most likely; higher: more inventive (default: the model's own)
    --count N: how many (default 5)
    --random-seed: the same number writes the same text (default 0)
    --json: print one JSON object per line
    """
    os.environ.update(reproducible_environment())

    from pipeline.generation.constraints import Constraints, violation_text
    from pipeline.generation.line_tasks import fill_gaps, revise_line
    from pipeline.generation.lyric import LyricSettings
    from pipeline.generation.own_line import HOLE, read_template, words_to_revise
    from pipeline.generation.sampling import check_range, sampling_with_defaults
    from pipeline.writers.desk import open_constraint_index

    check_range(mark("number of suggestions"), count, 1, 20)
    propose, check = (fill_gaps, read_template) if HOLE.search(text) else (revise_line, words_to_revise)
    check(text)
    index = open_constraint_index(run_name)
    sampling = sampling_with_defaults(index.decoding_policy, temperature=temperature)
    settings = LyricSettings(sampling=sampling, constraints=Constraints(**vars(line), rhyme_with=rhyme_with))
    before = before.rstrip("\n") + "\n" if before.strip() else ""
    for proposal in propose(index, before, text, settings, random_seed, count=count):
        lacks = [violation_text(violation) for violation in proposal.violations]
        if json:
            figures = {"text": proposal.text, "syllables": proposal.syllables, "rhyme": proposal.rhyme_kind}
            print_json({**figures, "lacks": lacks})
        else:
            print(f"{proposal.syllables:3}  {replace_control_codes(' · '.join([proposal.text, *lacks]))}")
