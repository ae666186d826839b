"""One bit of one file of a corpus or a run flips: is it told?"""

import hashlib
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from fault_bench import Bench


def flips(bench: Bench, times: int, rng: np.random.Generator) -> Iterator[tuple[str, Counter[str]]]:
    """Flip bits of a corpus and of a run."""
    yield "corpus", Counter(flip(bench.folder / "prepared" / "mine", rng, read_corpus, "corpus") for _ in range(times))
    run = bench.folder / "models" / "mine"
    yield "run", Counter(flip(run, rng, read_run, "run") for _ in range(times))


def flip(folder: Path, rng: np.random.Generator, read: Callable[[str], str], kind: str) -> str:
    """Flip one bit of one file, by size; say what happened, and flip it back."""
    from pipeline.core.errors import SeizeError

    files = sorted(path for path in folder.iterdir() if path.name not in ("card.md", "report.html"))
    path = files[rng.integers(len(files))]
    before, told = read(folder.name), "silent"
    data = bytearray(path.read_bytes())
    place, bit = int(rng.integers(len(data))), 1 << int(rng.integers(8))
    data[place] ^= bit
    path.write_bytes(data)
    try:
        told = "harmless" if read(folder.name) == before else "silent"
    except SeizeError:
        told = "told when opened"
    if told != "told when opened" and is_told(kind, folder.name):
        told = f"told by check ({'it reads the same' if told == 'harmless' else 'it reads otherwise'})"
    data[place] ^= bit
    path.write_bytes(data)
    if told == "silent":
        print(f"silent: bit {bit} of byte {place} of {path.name}")
    return told


def is_told(kind: str, name: str) -> bool:
    from pipeline.corpus import store
    from pipeline.runs import run

    return bool((store if kind == "corpus" else run).changed_parts(name))


def read_corpus(name: str) -> str:
    """All that pages read of a corpus, as one text to be compared."""
    from pipeline.corpus.store import load_corpus, load_original, load_pronunciations, load_report

    corpus = load_corpus(name)
    tables = [getattr(corpus, table).to_csv() for table in ("songs", "sections", "lines")]
    sounds = load_pronunciations(name)
    parts = [*tables, corpus.tokens.tobytes(), corpus.adlib.tobytes(), corpus.vocabulary.to_json(), corpus.facets]
    parts += [load_report(name), load_original(name, 0), vars(sounds) if hasattr(sounds, "__dict__") else str(sounds)]
    return hashlib.sha256(pickle.dumps(parts)).hexdigest()


def read_run(name: str) -> str:
    """All that pages read of a run."""
    from pipeline.runs.run import load_run

    run = load_run(name)
    parts = [dict(run.config), run.vocabulary.to_json(), run.weights(), run.history().to_csv(), run.card()]
    return hashlib.sha256(pickle.dumps([*parts, run.arrays("ngrams.npz")])).hexdigest()
