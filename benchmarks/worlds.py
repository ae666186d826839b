"""How much of the truth of ten collections arrives in a corpus: F1 of songs, names, years, sections, kinds and words.

    python benchmarks/worlds.py [SHAPES] [MEGABYTES] [SEED]     KRMLFGTDS and F+ by default, of 1 MB each, seed 1

One line a world (`tests/worlds`; F+ is F in the mix of a real collection): what its shape says of songs, in
thousandths.
"""

import os
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from pipeline.corpus.prepare import prepare

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
COMPARED = ("songs", "artists", "titles", "years", "guests", "borders", "kinds", "refrains", "words")


def main() -> None:
    from tests.worlds import SHAPES, make_world
    from tests.worlds.scores import score

    given = dict(enumerate(sys.argv[1:]))
    shapes = [*given[0].replace("F+", "")] if 0 in given else [*SHAPES]
    shapes += ["F+"] if "F+" in given.get(0, "F+") else []
    print("world", *(f"{what:>8}" for what in COMPARED), flush=True)
    for shape in shapes:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SEIZE_PREPARED"] = str(Path(folder, "prepared"))
            truth = make_world(
                shape[0], Path(folder), megabytes=float(given.get(1, 1)), seed=int(given.get(2, 1)), real=len(shape) > 1
            )
            with patch("pipeline.corpus.prepare.pronounce_vocabulary", lambda *_: None):
                corpus, report = prepare(truth.source, "world")
            scores = score(corpus, truth)
            figures = [f"{1000 * scores.f1(what):8.1f}" if what in scores.counts else f"{'-':>8}" for what in COMPARED]
            print(f"{shape:5}", *figures, "" if not report.account.unaccounted_size else "unexplained", flush=True)


if __name__ == "__main__":
    main()
