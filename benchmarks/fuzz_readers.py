"""Does any input make reading raise what is not ours? Mutates files of real shapes and prepares each.

    python benchmarks/fuzz_readers.py 20000 [--seed 16]

Each file is a sample of a format (invented text) with bytes flipped, cut, doubled, removed, or replaced by pieces
that are known to be awkward. `tests/corpus/test_fuzz.py` runs a few hundred of the same. Prints what happened, and
exits with 1 at the first exception that is no SeizeError. Of 20,000 files (1,000 each of seeds 31 to 50) 9,698 were
read, 9,903 held nothing to read, 399 ended with a SourceError. One raised something else, an .lrc file of heads alone:
mended, and its seed run again. Spreadsheets are opened in this process, but for seed 20: what kills it
ends the run.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.processes import limits as limited
from tests.corpus.mutations import SAMPLES, mutated, outcome


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=int, nargs="?", default=20_000)
    parser.add_argument("--seed", type=int, default=16)
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    seen: Counter[str] = Counter()
    start = time.perf_counter()
    names = sorted(SAMPLES)
    limited._here.append(limited.LIMITS)  # so that spreadsheets need no process each, which take most of the time
    with tempfile.TemporaryDirectory() as folder:
        for at in range(given.files):
            name = names[at % len(names)]
            data = mutated(SAMPLES[name], rng)
            try:
                seen[outcome(data, name, Path(folder))] += 1
            except Exception:
                (Path(tempfile.gettempdir()) / f"fuzz-{given.seed}-{at}-{name}").write_bytes(data)
                print(f"file {at} ({name}, seed {given.seed}) raised; it is kept in {tempfile.gettempdir()}")
                raise
    print(f"{given.files:,} files in {time.perf_counter() - start:.0f} s:", dict(seen.most_common()))


if __name__ == "__main__":
    main()
