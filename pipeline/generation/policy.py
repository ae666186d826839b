"""How texts of each kind of units are drawn: the numbers of free and of constrained decoding. Knows no tokens.

What they were measured by stands in docs/decisions/writers.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.language.vocabulary import UnitLevel, Vocabulary

RECENT_LINE_COUNT = 16  # lines within which no other begins, or ends, as one does


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The numbers of one kind of units.

    line_limit      tokens after which a line ends anyway: an untrained model may never end one
    seed_limit      tokens of a long seed that are read: after them the next-token distribution is that after all of it
                    (benchmarks/speed.py generation prints the difference)
    repeated_order  length of the n-grams that are not to be repeated
    sampling        how a token is drawn where nothing else is asked for, if not as `SamplingSettings` says
    surprise        bits a token that `mirostat` keeps to where no other number is asked for: those of texts drawn with
                    the default settings
    warmth          how many times the temperature of free lines is that of lines to measure
    beginning       how many times that again is the temperature of the first tokens of a line to measure: it may begin
                    as it likes
    search_rows     rows of each batch that a line under constraints may cost
    search_width    beams kept where its last words are searched for
    likeliest       tokens among which a row is drawn on, 0 for all: beyond 256 words stands less than a hundredth of
                    the probability
    drafts          whether a line is searched for with the draft of the model (`LanguageModel.draft`), and its beams
                    compared as whole lines: texts of other units keep what they were written with
    agrees          whether words that do not agree are kept apart in lines to measure; the texts of other units stay
                    what they were
    compared        lines that meet what is asked for, at most, of which one is chosen
    expectedness    how much the choice goes by how the model expects a line to go on (`Candidate.expectedness`), in
                    the exponent of a draw; 0: the line that rhymes most within and repeats least is taken
    openings        lines that the first of two is one of, where two are chosen together; 1: every line by itself
    answer_rows     rows of each batch that is drawn after each opening
    sample_length   tokens of the sample on a model card, and of the one after each validation of a training
    """

    line_limit: int
    seed_limit: int
    repeated_order: int
    sampling: Mapping[str, float] = field(default_factory=dict)
    surprise: float
    warmth: float = 1.0
    beginning: float = 1.0
    search_rows: Sequence[int]
    search_width: int = 128
    likeliest: int = 256
    drafts: bool = False
    agrees: bool = False
    compared: int = 4
    expectedness: float = 0.0
    openings: int = 1
    answer_rows: Sequence[int] = ()
    sample_length: int
    progress_sample_length: int


POLICIES: dict[UnitLevel, Policy] = {
    "char": Policy(
        line_limit=160,
        seed_limit=500,
        repeated_order=8,
        surprise=1.5,
        search_rows=(16, 24, 48, 96),
        sample_length=700,
        progress_sample_length=120,
    ),
    "subword": Policy(
        line_limit=64,
        seed_limit=250,
        repeated_order=4,
        sampling={"temperature": 0.5, "min_p": 0.0},  # blind readers understand a cool draw, not a warm one
        surprise=4.4,
        beginning=1.5,
        compared=1,
        expectedness=2.0,
        openings=6,
        answer_rows=(6, 12),
        search_rows=(24, 24, 48, 96),
        search_width=48,
        likeliest=0,
        drafts=True,
        agrees=True,
        sample_length=260,
        progress_sample_length=45,
    ),
    "word": Policy(
        line_limit=32,
        seed_limit=200,
        repeated_order=2,
        surprise=4.9,
        search_rows=(16, 24, 32, 64),
        sample_length=160,
        progress_sample_length=30,
    ),
}


def policy_of(vocabulary: Vocabulary) -> Policy:
    """Return how texts of the units of a vocabulary are drawn."""
    return POLICIES[vocabulary.level]
