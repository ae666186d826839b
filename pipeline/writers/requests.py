"""What may be asked of the writers, as values and as plain data that crosses a pipe."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

from pipeline.core.plain_data import from_plain_data
from pipeline.generation.lyric import LyricSettings

Writer = Literal["network", "centon", "partner"]


@dataclass(frozen=True)
class QuotedPart:
    """The songs that a centon (a text of quoted lines) may quote: songs of a corpus by these artists, of these years
    and kinds of section. An empty filter admits all. The first line should contain `first_words`."""

    corpus: str
    artists: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    kinds: tuple[str, ...] = ()
    first_words: str = ""


@dataclass(frozen=True)
class WriteRequest:
    """A request for a whole text: the same request gives the same text, unless a local model proposes lines of it.

    `quoted` says what a centon quotes, whose lines the run then reads.
    """

    kind: ClassVar = "write"
    run: str
    seed: str
    random_seed: int
    settings: LyricSettings
    writer: Writer = "network"
    quoted: QuotedPart | None = None


LineTask = Literal["next", "revise", "fill", "between"]


@dataclass(frozen=True)
class LineRequest:
    """A request for `count` lines after a text. `line` is the line to revise or fill in, or the line that follows, or
    "". New lines rhyme with `answer` and may quote the songs in `quoted`."""

    kind: ClassVar = "line"
    run: str
    text: str
    task: LineTask
    line: str
    random_seed: int
    settings: LyricSettings
    count: int = 5
    answer: str | None = None
    quoted: QuotedPart | None = None


@dataclass(frozen=True)
class OriginalityRequest:
    """A request for the share of a text that the training corpus of a run contains."""

    kind: ClassVar = "originality"
    run: str
    text: str


Request = WriteRequest | LineRequest | OriginalityRequest
_KINDS: dict[str, type[Request]] = {each.kind: each for each in (WriteRequest, LineRequest, OriginalityRequest)}


def request_to_json(request: Request) -> dict[str, Any]:
    """Return a request as plain data that `request_from_json` reads back."""
    return {"kind": request.kind, **asdict(request)}


def request_from_json(data: Mapping[str, Any]) -> Request:
    """Return the request that `request_to_json` encoded."""
    request: Request = from_plain_data(_KINDS[data["kind"]], data)
    return request
