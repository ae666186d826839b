"""Archives of runs and saved lyrics, spoiled in every way that keeps them plausible; shared by the tests and the long
fuzz run."""

import contextlib
import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.components.writing.drafts import read_draft, to_json_text
from pipeline.core.checksums import checksum_of_bytes, with_checksum
from pipeline.core.errors import SeizeError
from pipeline.generation.lyric import GeneratedLine, Lyric, LyricSettings, WrittenToken
from pipeline.runs.archive import unpack_run
from pipeline.runs.run import read_run
from pipeline.runs.summary import run_summary, validation_curve
from pipeline.training.estimate import training_speed

LARGEST = 64 << 20
AWKWARD: list[Any] = [
    *(None, True, False, 0, -1, 3, 2**31, 10**30, 1e308, 0.5, float("nan"), float("inf")),
    *("", "x", "char", "word", "\x00", "é" * 300, "9" * 5000, "../x", "{x!r}", "<b>", "\ud800"),
    *([], [[]], [None], [1, 2], {}, {"a": {}}, [{}], [[0.5] * 3]),
]  # fmt: skip
ARRAYS = [
    np.zeros(0, np.uint8), np.zeros(3), np.full(4, -1), np.full(1, 2_000_000_000, np.uint32), np.array(3),
    np.array("x"), np.full((2, 2), np.nan), np.ones(5, np.uint8), np.array([2**63], np.uint64),
    np.zeros(5, np.complex64),
]  # fmt: skip
Parts = dict[str, bytes]


def parts_of(folder: Path) -> Parts:
    """The files of a run by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def packed_parts(parts: Mapping[str, bytes]) -> bytes:
    """A zip of them."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def flipped(data: bytes, rng: np.random.Generator) -> bytes:
    """The data with a few bits flipped, or cut short."""
    spoiled = bytearray(data)
    for place in rng.integers(0, max(len(spoiled), 1), int(rng.integers(1, 5))):
        if spoiled:
            spoiled[place] ^= 1 << int(rng.integers(8))
    return bytes(spoiled if rng.random() < 0.9 else spoiled[: int(rng.integers(len(spoiled) + 1))])


def with_other_value(node: Any, rng: np.random.Generator) -> Any:
    """JSON with one value, somewhere in it, replaced, removed or moved one level down."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
    if not keys or rng.random() < 0.15:
        return AWKWARD[rng.integers(len(AWKWARD))]
    key, copy = keys[rng.integers(len(keys))], node.copy()
    if rng.random() < 0.05:
        del copy[key]
    else:
        copy[key] = with_other_value(node[key], rng)
    return copy


def other_arrays(data: bytes, rng: np.random.Generator) -> bytes:
    """An .npz file with one array replaced, shortened or permuted."""
    with np.load(io.BytesIO(data)) as file:
        arrays = dict(file)
    name = sorted(arrays)[rng.integers(len(arrays))]
    array = arrays[name]
    others = [ARRAYS[rng.integers(len(ARRAYS))], array[:-1] if array.ndim else array, np.flip(array), array * 0]
    arrays[name] = others[rng.integers(len(others))]
    out = io.BytesIO()
    np.savez(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def spoiled_archive(parts: Parts, rng: np.random.Generator) -> bytes:
    """An archive with something wrong in it, under checksums that fit: only what is checked can find it."""
    if rng.random() < 0.15:
        return flipped(packed_parts(parts), rng)
    name = sorted(parts)[rng.integers(len(parts))] if rng.random() < 0.6 else "config.json"
    data = parts[name]
    if name.endswith(".json") and rng.random() < 0.9:
        data = json.dumps(with_other_value(json.loads(data), rng)).encode()
    elif name.endswith(".npz") and rng.random() < 0.8:
        data = other_arrays(data, rng)
    else:
        data = flipped(data, rng)
    parts = {**parts, name: data}
    with contextlib.suppress(ValueError, TypeError, AttributeError, KeyError):
        config = json.loads(parts["config.json"])
        known = {file: checksum_of_bytes(parts[file]) for file in config["files"] if file in parts}
        parts["config.json"] = json.dumps(with_checksum({**config, "files": {**config["files"], **known}})).encode()
    return packed_parts(parts)


def outcome_of_archive(data: bytes, folder: Path) -> str:
    """What became of an archive: "kept", or the name of our error. What is kept is then used as pages do."""
    target = folder / "draft"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    (folder / "run.zip").write_bytes(data)
    try:
        unpack_run(str(folder / "run.zip"), str(target), LARGEST)
    except SeizeError as error:
        return _name_of(error)
    run = read_run(target)
    _ = run_summary(run), validation_curve(run), run.card(), training_speed(run)
    _ = run.control_token_names, run.modelling_units
    model = run.language_model()
    model.feed_tokens([3], model.initial_state())
    about = run.config.get("corpus", {})
    assert about.get("text") or isinstance(about.get("name", ""), str)
    return "kept"


def _name_of(error: SeizeError) -> str:
    if "\n" in str(error):
        raise AssertionError("an error is one line") from error
    return type(error).__name__


def a_lyric() -> dict[str, Any]:
    """A lyric with every field filled, as JSON."""
    pieces = (WrittenToken("la", 0.5, (("la", 0.5), ("le", 0.1))), WrittenToken(" nuit", 0.25))
    line = GeneratedLine(
        text="la nuit", log_probability=-2.0, tokens=2, section=0, kind="couplet", syllables=2, rhyme="A",
        rhyme_key="ɥi", rhyme_kind="riche", pieces=pieces,
    )  # fmt: skip
    lyric = Lyric(run="x", seed="la", text="la nuit\n", lines=(line,), settings=LyricSettings(), random_seed=3)
    return json.loads(json.dumps(lyric.to_json()))


def spoiled_lyric(rng: np.random.Generator) -> bytes:
    """A saved lyric with something wrong in it."""
    data: Any = a_lyric()
    if rng.random() < 0.3:
        return flipped(json.dumps(data).encode(), rng)
    for _ in range(int(rng.integers(1, 4))):
        data = with_other_value(data, rng)
    return json.dumps(data).encode()


def outcome_of_lyric(data: bytes) -> str:
    """What became of a saved lyric: "opened", or the name of our error. What is opened is shown and saved again."""
    try:
        lyric = read_draft(data)
    except SeizeError as error:
        return _name_of(error)
    assert read_draft(to_json_text(lyric).encode()) == lyric
    return "opened"
