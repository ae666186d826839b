"""How well structure is inferred where there are no tags, judged on tagged songs whose tags are hidden.

    python benchmarks/structure.py            judge on the half of the embedded corpus that nothing was learnt on
    python benchmarks/structure.py learn      learn the weights of section kinds on the other half and on worlds of the
                                              tests, whose forms differ from its own, and write them
    python benchmarks/structure.py worlds [SHAPES] [MEGABYTES] [SEED]      judge worlds of the tests
    python benchmarks/structure.py FOLDER     judge on tagged songs of your own, one a file, with their own blank lines

Lines of a world are aligned with those that were written (`tests/worlds/scores.py`): everything between is judged too,
blank lines, double-spaced files, marks of repeats, dirt. Intervals are 95 % percentile bootstraps over songs (Efron &
Tibshirani 1993).
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
from hidden_tags import (
    DEVELOPMENT,
    TEST,
    Counts,
    Hidden,
    f1,
    hide,
    in_quatrains,
    interval,
    own_songs,
    tagged_songs,
    world_songs,
)
from scipy.optimize import minimize

from pipeline.corpus.prepare import prepare
from pipeline.corpus.structure.section_drafts import infer_structure
from pipeline.corpus.structure.stanzas import (
    FEATURES,
    KINDS,
    WEIGHTS_FILE,
    find_recurrence,
    stanza_containment,
    stanza_features,
    stanza_starts,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


SEEDS = 4  # dirty copies of each song that are learnt on
WORLDS = (501, 502, 503)  # seeds of those that are learnt on
JUDGED = 900  # of the one that is judged on
PENALTY = 3.0  # of the squared weights


def judge(songs: Sequence[Hidden]) -> dict[str, Counts]:
    """(right, inferred, true) of each song: borders, lines in refrains, and the same for a baseline."""
    rows: dict[str, list[tuple[int, int, int]]] = {}
    for song in songs:
        stretches = infer_structure(song.lines, song.breaks)
        borders = {stretch.first for stretch in stretches} - {0}
        kinds = [s.kind for s in stretches for _ in range(s.first, s.stop)]
        refrain = {at for at, kind in enumerate(song.kinds) if kind == "refrain"}
        inferred = {at for at, kind in enumerate(kinds) if kind == "refrain"}
        same = {at for at, line in enumerate(song.lines) if song.lines.count(line) > 1}
        of = {
            "borders": (borders, song.starts),
            "borders, blank lines alone": (song.breaks, song.starts),
            "refrain lines": (inferred, refrain),
            "refrain lines, equal lines alone": (same, refrain),
        }
        for name, (guessed, true) in of.items():
            rows.setdefault(name, []).append((len(guessed & true), len(guessed), len(true)))
        right = sum(a == b for a, b in zip(kinds, song.kinds, strict=True))
        rows.setdefault("kinds of lines", []).append((right, len(kinds), len(kinds)))
    return {name: np.array(counts) for name, counts in rows.items()}


def report(title: str, songs: Sequence[Hidden]) -> None:
    """Print F1, precision and recall of each thing judged."""
    print(f"{title} (n = {len(songs)} songs)")
    for name, counts in judge(songs).items():
        right, inferred, true = counts.sum(axis=0)
        low, high = interval(counts)
        print(
            f"  {name:34} F1 {f1(counts):.3f} [{low:.3f}, {high:.3f}]  "
            f"precision {right / max(inferred, 1):.3f}  recall {right / max(true, 1):.3f}"
        )


def report_certainty(songs: Sequence[Hidden]) -> None:
    """Print how often kinds are right by how certain they are said to be, by the kind of most of their lines."""
    stretches = [(stretch, song) for song in songs for stretch in infer_structure(song.lines, song.breaks)]
    certain = np.array([stretch.certainty for stretch, _ in stretches])
    right = np.array([max_kind(song.kinds[s.first : s.stop]) == s.kind for s, song in stretches])
    print(f"certainty of sections (n = {len(certain)}): said, right")
    for low, high in pairwise((0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)):
        some = (certain >= low) & (certain < high)
        if some.any():
            span = f"{low:.2f}–{min(high, 1):.2f}"
            print(f"  {span}  {certain[some].mean():.3f}  {right[some].mean():.3f}  n = {some.sum()}")


def max_kind(kinds: Sequence[str]) -> str:
    """The kind of most lines."""
    return max(set(kinds), key=kinds.count)


def learn() -> None:
    """Fit the weights of section kinds on the development half, clean and dirty, and write them."""
    songs = list(tagged_songs(DEVELOPMENT))
    hidden = [hide(*song) for song in songs]
    hidden += [hide(*song, Random(f"{seed} {song[0]}")) for song in songs for seed in range(SEEDS)]
    hidden += [in_quatrains(song) for song in hidden[: len(songs)]]
    hidden += [song for seed in WORLDS for song in world_songs(seed)]
    features, targets = zip(*(_examples(song) for song in hidden), strict=True)
    x, y = np.concatenate(features).astype(float), np.concatenate(targets)
    weights = _fit(x, y)
    WEIGHTS_FILE.write_text(_written(weights), "utf-8")
    print(f"{len(x):,} stanzas of {len(hidden):,} songs; right in {(x @ weights).argmax(axis=1).__eq__(y).mean():.1%}")


def _examples(song: Hidden) -> tuple[np.ndarray, np.ndarray]:
    """The features of each stanza, and the number of the kind of most of its lines."""
    found = find_recurrence(song.lines)
    starts = stanza_starts(found, song.breaks)
    features = stanza_features(found, starts, stanza_containment(found, starts))
    targets = list[str]()
    for first, stop in zip(starts, [*starts[1:], len(song.lines)], strict=True):
        own = song.kinds[first:stop]
        targets.append(max_kind(own))
    again = features[:, FEATURES.index("recurs fully")] > 0
    return features, np.array([_learnt_as(kind, bool(own)) for kind, own in zip(targets, again, strict=True)])


def _learnt_as(kind: str, recurs: bool) -> int:
    """Of what comes back, pré-refrains are told from refrains later; interludes are too rare to be learnt."""
    if kind == "pré-refrain" and recurs:
        kind = "refrain"
    return KINDS.index("pont" if kind == "interlude" else kind)


def _fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    shape = (x.shape[1], len(KINDS))
    truth = np.eye(len(KINDS))[y]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        logits = x @ weights
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        value = -np.log(np.maximum(chances[truth > 0], 1e-12)).sum() + PENALTY * (weights**2).sum()
        return value, (x.T @ (chances - truth) + 2 * PENALTY * weights).ravel()

    return minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B").x.reshape(shape)


def _written(weights: np.ndarray) -> str:
    rows = [
        ("feature", *KINDS),
        *((name, *(f"{value:.2f}" for value in row)) for name, row in zip(FEATURES, weights, strict=True)),
    ]
    return "".join("\t".join(row) + "\n" for row in rows)


def judge_worlds(shapes: str = "MLR", megabytes: str = "2", seed: str = "77") -> None:
    """Judge worlds of these shapes, from the file to the corpus; all is as the command line says it."""
    from tests.worlds import make_world
    from tests.worlds.scores import score

    for shape in shapes:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SEIZE_PREPARED"] = f"{folder}/prepared"
            truth = make_world(shape, Path(folder), megabytes=float(megabytes), seed=int(seed))
            corpus, _ = prepare(truth.source, "world")
            print(f"world {shape} ({len(corpus.songs)} songs, {len(corpus.sections)} sections)")
            for name, counts in score(corpus, truth).counts.items():
                right, read, true = counts.sum(axis=0)
                low, high = interval(counts)
                print(
                    f"  {name:10} F1 {f1(counts):.3f} [{low:.3f}, {high:.3f}]  "
                    f"precision {right / max(read, 1):.3f}  recall {right / max(true, 1):.3f}  n = {len(counts)}"
                )


def main(arguments: Sequence[str]) -> None:
    """Judge, or learn."""
    if arguments and arguments[0] == "learn":
        learn()
        return
    if arguments and arguments[0] == "worlds":
        judge_worlds(*arguments[1:4])
        return
    if arguments:
        own = list(own_songs(Path(arguments[0])))
        report("your songs, tags hidden, blank lines as they are", own)
        report("your songs, as one block", [song._replace(breaks=set()) for song in own])
        report_certainty(own)
        return
    songs = list(tagged_songs(TEST))
    report("as they are", [hide(*song) for song in songs])
    report("as one block", [hide(*song, blank=False) for song in songs])
    for blank in (True, False):
        dirty = [hide(*song, Random(f"test {song[0]}"), blank) for song in songs]
        report("dirty" if blank else "dirty, as one block", dirty)
        if blank:
            report_certainty(dirty)
    world = list(world_songs(JUDGED))
    report(f"world K, seed {JUDGED}", world)
    report_certainty(world)


if __name__ == "__main__":
    main(sys.argv[1:])
