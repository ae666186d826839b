"""How texts of each kind of units are drawn: the numbers of free and of constrained decoding. Knows no tokens.

What they were measured by stands in docs/decisions/generation.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.language.vocabulary import UnitLevel, Vocabulary

RECENT_LINE_COUNT = 16  # lines within which no other begins, or ends, as one does


@dataclass(frozen=True, kw_only=True)
class DecodingPolicy:
    """The limits and settings of generation with one kind of units (characters, sub-words, words).

    line_limit      tokens after which a line ends anyway: an untrained model may never end one
    seed_limit      tokens of a long seed that are read: after them the next-token distribution is that after all of it
                    (benchmarks/speed.py generation prints the difference)
    sampling        how a token is drawn where nothing else is asked for, if not as `SamplingSettings` says
    search_rows     rows of each batch that a line under constraints may cost
    search_width    beams kept where its last words are searched for
    sample_length   tokens of the sample on a model card, and of the one after each validation of a training
    """

    line_limit: int
    seed_limit: int
    sampling: Mapping[str, float] = field(default_factory=dict)
    search_rows: Sequence[int]
    search_width: int = 128
    sample_length: int
    progress_sample_length: int


POLICIES: dict[UnitLevel, DecodingPolicy] = {
    "char": DecodingPolicy(
        line_limit=160,
        seed_limit=500,
        search_rows=(16, 24, 48, 96),
        sample_length=700,
        progress_sample_length=120,
    ),
    "subword": DecodingPolicy(
        line_limit=64,
        seed_limit=250,
        sampling={"temperature": 0.5, "min_p": 0.0},  # a cool draw makes whole sentences
        search_rows=(32, 48, 96, 96),
        search_width=48,
        sample_length=260,
        progress_sample_length=45,
    ),
    "word": DecodingPolicy(
        line_limit=32,
        seed_limit=200,
        search_rows=(16, 24, 32, 64),
        sample_length=160,
        progress_sample_length=30,
    ),
}


def decoding_policy(vocabulary: Vocabulary) -> DecodingPolicy:
    """Return the limits and sampling settings for generation with the units of a vocabulary."""
    return POLICIES[vocabulary.level]
