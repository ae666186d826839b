"""Blind sheets of couplets and quatrains: who reads them marks sense without knowing who wrote what.

    python benchmarks/sense_sheet.py draw sheet/ --seed 7 --count 24 --corpus demo \\
        --way "cool=demo-subword --rhyme AABB --syllables 12 --temperature 0.45" --way "free=demo-subword"
    python benchmarks/sense_sheet.py read sheet/ sheet/marks-1.csv sheet/marks-2.csv

`draw` takes passages of people (lines in a row of a section, of songs that no run learnt from) and of each way, which
is a name and what `seize generate` takes; it shuffles them and writes `sheet.md`, without their origins, `key.json`,
and `marks.csv` to be filled in. A mark of a line: 0 nonsense, 1 some words fit, 2 one understands it, 3 a person
would say it; `together` the same of all lines as one passage; `slips` counts slips of grammar.

`read` says the mean of each way with the 95 % interval of whole passages drawn again, how much readers agree (quadratic
weighted kappa, Cohen 1968), and whether the sheet holds: people have to be above a way in 85 % of the pairs of their
passages, ties half (the probability of superiority), with any writer under 2.5; else readers did not read.
"""

import argparse
import csv
import dataclasses
import functools
import json
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.metrics import cohen_kappa_score

from pipeline.commands.arguments import call
from pipeline.commands.generate import GenerateArguments, writing_from_args
from pipeline.commands.parser import build_parser
from pipeline.corpus.prepare import open_corpus
from pipeline.language.tokens import tokenise
from pipeline.language_models.splits import split_corpus
from pipeline.runs import run as runs

PEOPLE = "people"
HOLDS = 0.85
WORDS = (4, 16)  # of a line of people: a shout and a paragraph are no lines to compare with
INSTRUCTIONS = """# Sheet

Mark each line: 0 nonsense · 1 some words fit together · 2 one understands it · 3 a person would say it.
`together`: the same for the passage as a whole, 0 where its lines share nothing. `slips`: how many slips of grammar.
Spelling as people sing (j'suis, y'a, p'tit) is no slip. Judge sense alone, neither beauty nor rhyme.
"""


def draw_people(corpus: str, lines: int, rng: np.random.Generator) -> Iterator[str]:
    """Yield passages of so many lines in a row of one section, from the test songs, in a drawn order."""
    sections = [
        block.splitlines() for song in split_corpus(open_corpus(corpus)).test for block in song.split("\n\n") if block
    ]
    starts = [(section, at) for section in sections for at in range(0, len(section) - lines + 1, lines)]
    for number in rng.permutation(len(starts)):
        section, at = starts[number]
        passage = section[at : at + lines]
        if all(WORDS[0] <= len(tokenise(line)) <= WORDS[1] for line in passage) and len(set(passage)) == lines:
            yield "\n".join(passage)


def draw_way(options: str, lines: int, rng: np.random.Generator) -> Iterator[str]:
    """Yield passages that a run writes, each from a random seed of its own."""
    given = build_parser().parse_args(["generate", *shlex.split(options), "--lines", str(lines)])
    arguments = call(GenerateArguments, given)
    while True:
        writing = writing_from_args(dataclasses.replace(arguments, random_seed=int(rng.integers(2**31))))
        for _ in writing:
            pass
        written = [line for line in writing.text.splitlines() if line.strip()]
        if len(written) >= lines:
            yield "\n".join(written[:lines])


def draw(args: argparse.Namespace) -> None:
    """Write the sheet, its key and an empty table of marks."""
    runs.load_run = functools.cache(runs.load_run)  # its index is built once, not for each passage
    rng = np.random.default_rng(args.seed)
    ways = dict(way.split("=", 1) for way in args.way)
    sources = {PEOPLE: draw_people(args.corpus, args.lines, rng)}
    sources |= {name: draw_way(options, args.lines, rng) for name, options in ways.items()}
    passages = [(name, next(source)) for name, source in sources.items() for _ in range(args.count)]
    passages = [passages[at] for at in rng.permutation(len(passages))]
    args.folder.mkdir(parents=True, exist_ok=True)
    numbered = "\n\n".join(f"{number}.\n{text}" for number, (_, text) in enumerate(passages, 1))
    (args.folder / "sheet.md").write_text(f"{INSTRUCTIONS}\n{numbered}\n", "utf-8")
    key = {"seed": args.seed, "ways": ways, "origins": [name for name, _ in passages]}
    (args.folder / "key.json").write_text(json.dumps(key, ensure_ascii=False, indent=1) + "\n", "utf-8")
    with (args.folder / "marks.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["number", *(f"line{at}" for at in range(1, args.lines + 1)), "together", "slips"])
        table.writerows([[number] for number in range(1, len(passages) + 1)])


def read_marks(path: Path) -> dict[int, dict[str, float]]:
    """Return the marks of each passage: line (mean of its lines), together, slips. Rows left empty are left out."""
    marks = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row.get("together"):
                lines = [float(value) for name, value in row.items() if name.startswith("line") and value]
                values = {
                    "line": float(np.mean(lines)),
                    "together": float(row["together"]),
                    "slips": float(row["slips"]),
                }
                marks[int(row["number"])] = values
    return marks


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of a mean, passages drawn again 2,000 times."""
    drawn = np.random.default_rng(seed).choice(values, (2000, len(values))).mean(1)
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def superiority(above: Sequence[float], below: Sequence[float]) -> float:
    """Return how often a value of the first is above one of the second, ties half."""
    a, b = np.array(above)[:, None], np.array(below)
    return float((a > b).mean() + (a == b).mean() / 2)


def agreement(marks: Sequence[Mapping[int, Mapping[str, float]]]) -> float:
    """Return the mean quadratic weighted kappa of all pairs of readers, over the mark of the passage as a whole."""
    kappas = []
    for one, other in combinations(marks, 2):
        both = sorted(one.keys() & other.keys())
        pair = [[round(reader[number]["together"]) for number in both] for reader in (one, other)]
        kappas.append(cohen_kappa_score(*pair, weights="quadratic", labels=[0, 1, 2, 3]))
    return float(np.mean(kappas)) if kappas else float("nan")


def read(args: argparse.Namespace) -> None:
    """Print what readers marked, by way."""
    origins = json.loads((args.folder / "key.json").read_text("utf-8"))["origins"]
    marks = [read_marks(path) for path in args.marks]
    by_way: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number, origin in enumerate(origins, 1):
        readers = [reader[number] for reader in marks if number in reader]
        for name in readers[0] if readers else ():
            by_way[origin][name].append(float(np.mean([reader[name] for reader in readers])))
    people = by_way[PEOPLE]["together"]
    print(f"{len(marks)} readers; kappa between readers {agreement(marks):.2f}")
    print("| way | n | a line | together | slips | people above it |\n|---|---|---|---|---|---|")
    void = False
    for way, values in sorted(by_way.items(), key=lambda item: -np.mean(item[1]["together"])):
        cells = []
        for name in ("line", "together", "slips"):
            low, high = interval(values[name])
            cells.append(f"{np.mean(values[name]):.2f} ({low:.2f}–{high:.2f})")
        above = superiority(people, values["together"])
        void |= way != PEOPLE and float(np.mean(values["together"])) < 2.5 and above < HOLDS
        cells.append("" if way == PEOPLE else f"{above:.0%}")
        print(f"| {way} | {len(values['line'])} | {' | '.join(cells)} |")
    print("VOID: people are not above a writer often enough." if void else "The sheet holds.")


def main() -> None:
    """Draw a sheet, or read the marks of one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("folder", type=Path)
    drawing.add_argument("--way", action="append", default=[], metavar="NAME=RUN OPTIONS")
    drawing.add_argument("--corpus", default="demo", help="whose test songs are the people's")
    drawing.add_argument("--lines", type=int, default=2)
    drawing.add_argument("--count", type=int, default=24, help="passages of each way")
    drawing.add_argument("--seed", type=int, required=True)
    drawing.set_defaults(run=draw)
    reading = commands.add_parser("read")
    reading.add_argument("folder", type=Path)
    reading.add_argument("marks", type=Path, nargs="+")
    reading.set_defaults(run=read)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
