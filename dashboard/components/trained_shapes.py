"""The trained architectures behind the six shapes: opened once, their scores and tensors as tables."""

from types import ModuleType
from typing import Any

from dashboard import cache
from dashboard.components import marks
from dashboard.lessons import shapes
from pipeline.teaching import classic, cloze, many_to_one, one_to_many, reply, reversal, tagging

MODULES: dict[str, ModuleType] = {
    "classic": classic, "cloze": cloze, "tagging": tagging, "many-to-one": many_to_one,
    "one-to-many": one_to_many, "reply": reply, "reversal": reversal,
}  # fmt: skip


def load(name: str, version: int) -> Any:
    """The trained architecture of this version. Raises RunError."""
    return MODULES[name].load()


def opened(name: str) -> Any:
    """The trained architecture, read once. Raises RunError."""
    return cache.call_resource(load, name, cache.run_version(f"learn-{name}"))


def scores(name: str) -> None:
    """Draw one row a measure, its baselines side by side."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for s in opened(name).saved.scores:
        n = f"{s['n']:,}" + (f", {s['songs']} songs" if s["songs"] else "")
        row = (s["measure"], f"{s['value']:.3f} [{s['low']:.3f} – {s['high']:.3f}]", n)
        rows.setdefault(row, []).append(f"{s['baseline_name']}: {s['baseline']:.3f}")
    marks.draw_table(
        ["Measure", "Value [95%]", "Baseline", "n"],
        [[measure, value, "; ".join(baselines), n] for (measure, value, n), baselines in rows.items()],
    )


def tensors(name: str) -> None:
    """Draw the shapes of its arrays."""
    parts = {part: [tuple(a.shape) for a in arrays] for part, arrays in opened(name).saved.parts.items()}
    marks.draw_table(["Part", "Shapes", "Numbers"], shapes.dimensions(parts))
