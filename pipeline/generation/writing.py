"""A run and a seed -> lyrics, as they are written or all at once, freely or to measure.

The same run, seed, settings and random seed write the same text.
"""

from collections.abc import Iterator

from pipeline.generation.constrained_decoding import decode_under_constraints
from pipeline.generation.context import WritableRun, random_generator, read_seed
from pipeline.generation.demand import Proposer
from pipeline.generation.free_decoding import LineGatherer, decode_freely, learnt_spans
from pipeline.generation.lyric import GeneratedLine, Lyric, TextSoFar, WriteSettings
from pipeline.generation.policy import policy_of
from pipeline.generation.sampling import Generator, suited_sampling
from pipeline.generation.search.constraint_index import constraint_index
from pipeline.language.vocabulary import LINE, SONG


def write(
    run: WritableRun,
    seed_text: str = "",
    settings: WriteSettings | None = None,
    random_seed: int = 0,
    proposer: Proposer | None = None,
) -> "Writing":
    """Begin to write what follows the seed, freely or to measure as `settings` say, drawn as suits the run if none do.

    Lines to measure are those of a `proposer` where they meet everything; such a text is written again nowhere else.
    Raises SettingError for a random seed that is no whole number from 0 up, and for settings that the run cannot meet.
    """
    suited = settings or WriteSettings(sampling=suited_sampling(policy_of(run.vocabulary)))
    return Writing(run, seed_text, suited, random_seed, proposer)


def write_lyric(
    run: WritableRun, seed_text: str = "", settings: WriteSettings | None = None, random_seed: int = 0
) -> Lyric:
    """Return the whole text that `write` gives."""
    writing = write(run, seed_text, settings, random_seed)
    for _ in writing:
        pass
    return writing.lyric()


class Writing(TextSoFar):
    """A text while it is written: an iterator of the text as it comes, a token at a time or, to measure, a line."""

    def __init__(
        self,
        run: WritableRun,
        seed_text: str,
        settings: WriteSettings,
        random_seed: int,
        proposer: Proposer | None = None,
    ) -> None:
        super().__init__(run.name, seed_text, settings, random_seed)
        self.run, self.proposer = run, proposer
        self.unknown = read_seed(seed_text, run.vocabulary).unknown
        self._gatherer = LineGatherer(seed_text, None if settings.is_constrained else learnt_spans(run))
        rng = random_generator(random_seed)
        self._texts = self._write_under_constraints(rng) if settings.is_constrained else self._write_freely(rng)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = next(self._texts)
        self.written += text
        return text

    @property
    def lines(self) -> tuple[GeneratedLine, ...]:
        """The lines that are finished."""
        return self._gatherer.finished_lines()

    @property
    def unfinished_line(self) -> str:
        """The line under way."""
        return self._gatherer.unfinished_line

    def _write_freely(self, rng: Generator) -> Iterator[str]:
        for piece, token in decode_freely(self.run, self.seed, self.settings, rng):
            self._gatherer.add(piece, ends=token in (LINE, SONG))
            self.ended = token == SONG
            yield piece.text

    def _write_under_constraints(self, rng: Generator) -> Iterator[str]:
        # here, so that what it raises is raised now
        index = constraint_index(self.run)
        return self._join_lines(decode_under_constraints(index, self.seed, self.settings, rng, self.proposer))

    def _join_lines(self, lines: Iterator[GeneratedLine]) -> Iterator[str]:
        section = 0
        for line in lines:
            gap, section = "\n" * (line.section != section), line.section
            self._gatherer.add_line(line)
            yield gap + "".join(piece.text for piece in line.pieces)
