"""A run and a seed -> lyrics, as they are written or all at once, freely or to measure.

The same run, seed, settings and random seed write the same text.
"""

from collections.abc import Iterator

from pipeline.generation.context import RunForGeneration, encode_seed, random_generator
from pipeline.generation.decoding import write_freely, write_under_constraints
from pipeline.generation.demand import Proposer
from pipeline.generation.lyric import Lyric, LyricSettings, TextSoFar
from pipeline.generation.policy import decoding_policy
from pipeline.generation.sampling import sampling_with_defaults
from pipeline.generation.search.constraint_index import constraint_index, index_for_free_writing


def write(
    run: RunForGeneration,
    seed_text: str = "",
    settings: LyricSettings | None = None,
    random_seed: int = 0,
    proposer: Proposer | None = None,
) -> "TextStream":
    """Return a stream of the text generated after a seed, free or constrained by `settings`.

    Lines to measure are those of a `proposer` where they meet everything; such a text is written again nowhere else.
    Raises SettingError for a random seed that is no whole number from 0 up, and for settings that the run cannot meet.
    """
    suited = settings or LyricSettings(sampling=sampling_with_defaults(decoding_policy(run.vocabulary)))
    return TextStream(run, seed_text, suited, random_seed, proposer)


def write_lyric(
    run: RunForGeneration, seed_text: str = "", settings: LyricSettings | None = None, random_seed: int = 0
) -> Lyric:
    """Return a whole generated text; arguments as of `write`."""
    writing = write(run, seed_text, settings, random_seed)
    for _ in writing:
        pass
    return writing.as_lyric()


class TextStream(TextSoFar):
    """A text being written: an iterator over its pieces, a line at a time; "" while it has to wait."""

    def __init__(
        self,
        run: RunForGeneration,
        seed_text: str,
        settings: LyricSettings,
        random_seed: int,
        proposer: Proposer | None = None,
    ) -> None:
        super().__init__(run.name, seed_text, settings, random_seed)
        self.proposer = proposer
        self.unknown = encode_seed(seed_text, run.vocabulary).unknown
        rng = random_generator(random_seed)
        if settings.is_constrained:
            self._parts = write_under_constraints(constraint_index(run), seed_text, settings, rng, proposer)
        else:
            self._parts = write_freely(index_for_free_writing(run), seed_text, settings, rng)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        part = next(self._parts)
        self.written, self.ended = self.written + part.text, part.ended
        self.lines += (part.line,) if part.line else ()
        return part.text
