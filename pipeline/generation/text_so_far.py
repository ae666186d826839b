"""A text while it is written: what stands, and the Lyric that it makes. Knows nothing of who writes it, or where."""

from abc import ABC, abstractmethod

from pipeline.generation.lyric import GeneratedLine, Lyric, WriteSettings


class TextSoFar(ABC):
    """What follows a seed, as far as it is written.

    written  all that follows the seed
    ended    whether the model ended the song by itself
    unknown  the characters or words of the seed that the run never saw
    """

    def __init__(self, run_name: str, seed: str, settings: WriteSettings, random_seed: int) -> None:
        self.run_name, self.seed, self.settings, self.random_seed = run_name, seed, settings, random_seed
        self.written = ""
        self.ended = False
        self.unknown: tuple[str, ...] = ()

    @property
    @abstractmethod
    def lines(self) -> tuple[GeneratedLine, ...]:
        """The lines that are finished."""

    @property
    @abstractmethod
    def unfinished(self) -> str:
        """The line under way."""

    @property
    def text(self) -> str:
        """The seed and what was written."""
        return self.seed + self.written

    def lyric(self) -> Lyric:
        """Return what is written so far, with all that writes it again."""
        return Lyric(
            run=self.run_name,
            seed=self.seed,
            text=self.seed + self.written.rstrip("\n"),
            lines=self.lines,
            settings=self.settings,
            random_seed=self.random_seed,
            unknown=self.unknown,
            ended=self.ended,
        )
