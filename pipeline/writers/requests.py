"""What may be asked of the writers, as values and as plain data that crosses a pipe; and a text on the side of whoever
asked for it: as far as it has come, and where it stands in line.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

from pipeline.generation.lyric import GeneratedLine, TextSoFar, WriteSettings, line_from_json, settings_from_json
from pipeline.writers.pool import Pool
from pipeline.writers.turns import QueuedRequest

Writer = Literal["network", "centon", "partner"]


@dataclass(frozen=True)
class QuotedPart:
    """The songs that a centon quotes: of a corpus, those of these artists, years and kinds of section, where some are
    named; and words that its first line should hold.
    """

    corpus: str
    artists: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    kinds: tuple[str, ...] = ()
    first_words: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "QuotedPart":
        """Read `dataclasses.asdict`'s."""
        years = data["years"] and tuple(data["years"])
        return cls(**{**data, "artists": tuple(data["artists"]), "years": years, "kinds": tuple(data["kinds"])})


@dataclass(frozen=True)
class WriteRequest:
    """All that decides a text: the same request writes the same text, unless a partner writes lines of it.

    `quoted` says what a centon quotes, whose lines the run then reads.
    """

    kind: ClassVar = "write"
    run: str
    seed: str
    random_seed: int
    settings: WriteSettings
    writer: Writer = "network"
    quoted: QuotedPart | None = None


LineTask = Literal["next", "revise", "fill", "between"]


@dataclass(frozen=True)
class LineRequest:
    """Lines for the place after a text; `line` is one to revise, one with holes to fill, the line that comes after it,
    or "" for the next. `answer` is the line that it has to rhyme with, None for what the constraints say. Next lines
    are those of songs where `quoted` says which.
    """

    kind: ClassVar = "line"
    run: str
    text: str
    task: LineTask
    line: str
    random_seed: int
    settings: WriteSettings
    count: int = 5
    answer: str | None = None
    quoted: QuotedPart | None = None


@dataclass(frozen=True)
class OriginalityRequest:
    """How much of a text the corpus of a run holds."""

    kind: ClassVar = "originality"
    run: str
    text: str


Request = WriteRequest | LineRequest | OriginalityRequest
_KINDS: dict[str, type[Request]] = {each.kind: each for each in (WriteRequest, LineRequest, OriginalityRequest)}


def request_to_json(request: Request) -> dict[str, Any]:
    """Return a request as plain data that `request_from_json` reads back."""
    return {"kind": request.kind, **asdict(request)}


def request_from_json(data: Mapping[str, Any]) -> Request:
    """Return the request that `request_to_json` made plain data of."""
    rest = {key: value for key, value in data.items() if key != "kind"}
    if "settings" in rest:
        rest["settings"] = settings_from_json(rest["settings"])
    if rest.get("quoted"):
        rest["quoted"] = QuotedPart.from_json(rest["quoted"])
    return _KINDS[data["kind"]](**rest)


class RequestedText(TextSoFar):
    """A text that the writers write for a visitor, a slice at a time, for as long as it is asked for.

    An iterator of the text as it comes, as `Writing` is; `read` and `queue_position` are for pages, which show the
    waiting. `seconds` is the time that writing took, `partner` what `PartnerProposer.report` says. A text that is not
    read costs nothing and can be read on at any time: what its writer has let go is written again, the same.
    """

    def __init__(self, pool: Pool, visitor: str, request: WriteRequest) -> None:
        super().__init__(request.run, request.seed, request.settings, request.random_seed)
        self.request, self.seconds, self.done = request, 0.0, False
        self.partner: dict[str, Any] | None = None
        self._pool, self._visitor = pool, visitor
        self._ask: QueuedRequest | None = None
        self._home: int | None = None
        self._lines: tuple[GeneratedLine, ...] = ()
        self._steps = deque[dict[str, Any]]()  # that came and were not read yet
        self._have = 0  # steps that came
        self._all_came = False

    @property
    def lines(self) -> tuple[GeneratedLine, ...]:
        """The lines that are finished."""
        return self._lines

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """Return the next step, whatever time it takes. Raises SeizeError as `read` does."""
        while not self._steps and not self._all_came:
            self._receive(None)
        if not self._steps:
            self.done = True
            raise StopIteration
        return self._apply_step(self._steps.popleft())

    def read(self, seconds: float) -> str:
        """Return what was written within so many seconds, possibly nothing; the writer goes on meanwhile.

        Raises the SeizeError of a run that cannot be opened or of settings that it cannot meet, and WriterError when
        the writer died: reading on then goes on where the text stands.
        """
        self._receive(seconds)
        text = ""
        while self._steps:
            text += self._apply_step(self._steps.popleft())
        self.done = self._all_came
        return text

    @property
    def queue_position(self) -> int:
        """Its place in line, the first being 1; 0 while it is written, and when nobody asked."""
        return self._ask.place if self._ask else 0

    def stop(self) -> None:
        """Ask for no more of it, until it is read again."""
        if self._ask:
            self._ask.cancel()
            self._ask = None

    def _receive(self, seconds: float | None) -> None:
        """Take in what came, and ask for more at once: it is written while this is shown."""
        if self._all_came:
            return
        ask = self._ask = self._ask or self._request_more()
        try:
            reply = ask.wait(seconds)
        except BaseException:
            self.stop()
            raise
        if reply is None:
            return
        self._home, self._ask = ask.home, None
        self._steps.extend(reply["steps"])
        self._have += len(reply["steps"])
        self.seconds += reply["seconds"]
        self.unknown = tuple(reply["unknown"])
        self._all_came, self.partner = reply["done"], reply["partner"]
        if not self._all_came:
            self._ask = self._request_more()

    def _request_more(self) -> QueuedRequest:
        message = {"request": request_to_json(self.request), "have": self._have}
        return self._pool.ask(self._visitor, message, self._home, effort=self.seconds)

    def _apply_step(self, step: dict[str, Any]) -> str:
        self._lines += tuple(map(line_from_json, step["lines"]))
        self.written += step["text"]
        self.ended = step["ended"]
        return str(step["text"])
