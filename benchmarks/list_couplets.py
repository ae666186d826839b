"""List the couplets of crossed lines that a run expects most, and put the list into the run (couplets.npz).

    python benchmarks/list_couplets.py demo-verses [--drawn 4000000] [--read 20000] [--count 4000]

A list is of one network and one corpus: list anew whenever either was made anew.
"""

import argparse
from dataclasses import asdict

import numpy as np

from pipeline.core.checksums import checksum_of
from pipeline.generation.search.constraint_index import constraint_index
from pipeline.generation.search.crossed_couplet import list_couplets
from pipeline.runs.config import write_config
from pipeline.runs.run import COUPLETS, load_run


def main() -> None:
    """List, write, print the best and the last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("--drawn", type=int, default=4_000_000, help="pairs of beginnings and ends")
    parser.add_argument("--read", type=int, default=20_000, help="couplets that the network reads")
    parser.add_argument("--count", type=int, default=4_000, help="couplets that are listed")
    args = parser.parse_args()
    run = load_run(args.run)
    index = constraint_index(run)
    crossed = index.crossovers
    assert crossed is not None
    listed = list_couplets(index, np.random.default_rng(1), args.drawn, args.read, args.count)
    np.savez_compressed(run.folder / COUPLETS, **asdict(listed))
    write_config(
        run.folder, {**run.config, "files": {**run.config["files"], COUPLETS: checksum_of(run.folder / COUPLETS)}}
    )
    print(f"{len(listed.marks):,} couplets, marks {listed.marks.max():.2f} to {listed.marks.min():.2f}")
    for at in (*range(5), *range(len(listed.marks) - 5, len(listed.marks))):
        couplet = crossed.join(listed.rows[at].tolist(), listed.places[at].tolist())
        print(f"{listed.marks[at]:.2f} {couplet.first} / {couplet.second}" if couplet else "")


if __name__ == "__main__":
    main()
