"""What may be asked of the writers, as values and as plain data that crosses a pipe."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

from pipeline.generation.lyric import WriteSettings, settings_from_json


@dataclass(frozen=True)
class WriteRequest:
    """All that decides a text: the same request writes the same text, unless a `partner` proposes lines of it."""

    kind: ClassVar = "write"
    run: str
    seed: str
    random_seed: int
    settings: WriteSettings
    partner: bool = False


Task = Literal["next", "revise", "fill", "between"]


@dataclass(frozen=True)
class LineRequest:
    """Lines for the place after a text; `line` is one to revise, one with holes to fill, the line that comes after it,
    or "" for the next. `answer` is the line that it has to rhyme with, None for what the constraints say.
    """

    kind: ClassVar = "line"
    run: str
    text: str
    task: Task
    line: str
    random_seed: int
    settings: WriteSettings
    count: int = 5
    answer: str | None = None


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
    return _KINDS[data["kind"]](**rest)
