"""How well structure is inferred in the worlds of the tests, from the file to the corpus.

    python benchmarks/structure_worlds.py [SHAPES] [MEGABYTES] [SEED]

Lines of the corpus are aligned with those that were written (`tests/worlds/scores.py`). Everything between is judged
too: blank lines, double-spaced files, marks of repeats, dirt.
"""

import os
import sys
import tempfile
from pathlib import Path

from structure import f1, interval

from pipeline.core.paths import ROOT
from pipeline.corpus.prepare import prepare


def main(shapes: str = "MLR", megabytes: float = 2, seed: int = 77) -> None:
    """Judge each shape."""
    sys.path.insert(0, str(ROOT))
    from tests.worlds import make_world
    from tests.worlds.scores import score

    for shape in shapes:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SEIZE_PREPARED"] = f"{folder}/prepared"
            truth = make_world(shape, Path(folder), megabytes=megabytes, seed=seed)
            corpus, _ = prepare(truth.source, "world")
            print(f"world {shape} ({len(corpus.songs)} songs, {len(corpus.sections)} sections)")
            for name, counts in score(corpus, truth).counts.items():
                right, read, true = counts.sum(axis=0)
                low, high = interval(counts)
                print(
                    f"  {name:10} F1 {f1(counts):.3f} [{low:.3f}, {high:.3f}]  "
                    f"precision {right / max(read, 1):.3f}  recall {right / max(true, 1):.3f}  n = {len(counts)}"
                )


if __name__ == "__main__":
    main(*(kind(value) for kind, value in zip((str, float, int), sys.argv[1:], strict=False)))
