"""Blind sheets of whole texts: readers mark them without knowing who wrote what.

    python benchmarks/text_sheet.py draw sheet/ network=network.txt centon=centon.txt --seed 7 --count 8
    python benchmarks/text_sheet.py read sheet/ sheet/marks-1.csv sheet/marks-2.csv

A file holds the texts of a way of writing, an empty line between two, `LINES` lines a text (as in mould.py). Beside
them are songs of the embedded corpus (`people`: the first lines of test and validation songs), stanzas of data/verses
drawn at random (`shuffled`), and for each way one item of three texts, to be told from each other or not.
`draw` shuffles all and writes `sheet.md`, without origins, `key.json`, and `marks.csv` to be filled in.

`read` prints the mean of each way with the 95 % interval of texts drawn again, the correlation of readers (Spearman, of
`overall`), and whether the sheet counts: people have 7 and more, shuffled stanzas fewer marks for thread than people.
"""

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from mould import LINES, some
from scipy.stats import spearmanr
from train_seize import plain_stanzas

from pipeline.corpus.prepare import open_corpus
from pipeline.language_models.splits import split_corpus

PEOPLE, SHUFFLED = "people", "shuffled"
MARKS = ("sense", "thread", "variety", "rap", "overall")
LEAST_OF_PEOPLE = 7  # overall, for the sheet to count
INSTRUCTIONS = """# Sheet

French texts, some by people, some by machines, in a drawn order. Read each aloud in your head, then mark it:

- `sense` 0-3: of its lines. 0 nonsense, 1 some words fit, 2 one understands them, 3 a person would say them.
- `thread` 0-3: does one thing go on? 0 lines share nothing, 1 a subject, 2 most lines follow, 3 a whole.
- `variety` 0-3: 0 all lines are built alike or the same words come back, 3 lines differ as people's do.
- `rap` 0-3: does somebody speak who could rap this? 0 no, 3 yes.
- `overall` 0-10: as a text that somebody might perform.
- `what`: what happens, in eight words at most; empty where you cannot say.

An item with three texts (A, B, C) gets `alike` alone: 0-3, 3 where they are the same song three times.
Spelling as people sing (j'suis, y'a, p'tit) is no fault. Use the whole range.
"""


def shuffled_stanzas(count: int, rng: np.random.Generator) -> list[list[str]]:
    """Return texts of `LINES` lines made of stanzas of `data/verses` drawn at random."""
    stanzas = [text.split("\n") for text in split_corpus(plain_stanzas(open_corpus("verses"))).test]
    stanzas = [stanza for stanza in ([line for line in each if line] for each in stanzas) if len(stanza) == 4]
    drawn = rng.choice(len(stanzas), (count, LINES // 4), replace=False)
    return [[line for at in row for line in stanzas[at]] for row in drawn]


def draw(args: argparse.Namespace) -> None:
    """Write the sheet, its key and an empty table of marks."""
    rng = np.random.default_rng(args.seed)
    songs = split_corpus(open_corpus("demo"))
    ways = {PEOPLE: some((*songs.test, *songs.valid)), SHUFFLED: shuffled_stanzas(args.count, rng)}
    ways |= {name: some(Path(path).read_text("utf-8").split("\n\n")) for name, _, path in
             (way.partition("=") for way in args.ways)}  # fmt: skip
    items = []
    for name, texts in ways.items():
        order = [texts[at] for at in rng.permutation(len(texts))]
        items += [(name, "\n".join(text)) for text in order[: args.count]]
        if name not in (PEOPLE, SHUFFLED):
            three = zip("ABC", order[args.count : args.count + 3], strict=True)
            items.append((f"{name} ×3", "\n\n".join(f"{letter})\n" + "\n".join(text) for letter, text in three)))
    items = [items[at] for at in rng.permutation(len(items))]
    args.folder.mkdir(parents=True, exist_ok=True)
    numbered = "\n\n".join(f"## {number}\n{text}" for number, (_, text) in enumerate(items, 1))
    (args.folder / "sheet.md").write_text(f"{INSTRUCTIONS}\n{numbered}\n", "utf-8")
    key = {"seed": args.seed, "origins": [name for name, _ in items]}
    (args.folder / "key.json").write_text(json.dumps(key, ensure_ascii=False, indent=1) + "\n", "utf-8")
    with (args.folder / "marks.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["number", *MARKS, "alike", "what"])
        table.writerows([[number] for number in range(1, len(items) + 1)])


def read_marks(path: Path) -> dict[int, dict[str, float]]:
    """Return the marks of each item; what is left empty is left out."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        int(row["number"]): {name: float(row[name]) for name in (*MARKS, "alike") if (row.get(name) or "").strip()}
        for row in rows
    }


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of a mean, texts drawn again 2,000 times."""
    drawn = np.random.default_rng(seed).choice(values, (2000, len(values))).mean(1)
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def agreement(marks: Sequence[Mapping[int, Mapping[str, float]]]) -> float:
    """Return the mean of Spearman's correlation of all pairs of readers, over `overall`."""
    found = []
    for one, other in combinations(marks, 2):
        both = sorted(n for n in one.keys() & other.keys() if "overall" in one[n] and "overall" in other[n])
        found.append(spearmanr([one[n]["overall"] for n in both], [other[n]["overall"] for n in both]).statistic)
    return float(np.mean(found)) if found else float("nan")


def read(args: argparse.Namespace) -> None:
    """Print what readers marked, by way."""
    origins = json.loads((args.folder / "key.json").read_text("utf-8"))["origins"]
    marks = [read_marks(path) for path in args.marks]
    by_way: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number, origin in enumerate(origins, 1):
        readers = [reader[number] for reader in marks if number in reader]
        for name in (*MARKS, "alike"):
            values = [reader[name] for reader in readers if name in reader]
            if values:
                by_way[origin][name].append(float(np.mean(values)))
    print(f"{len(marks)} readers; Spearman of overall {agreement(marks):.2f}")
    for way, means in by_way.items():
        cells = [f"{name} {np.mean(values):.2f} ({interval(values)[0]:.2f}–{interval(values)[1]:.2f})"
                 for name, values in means.items()]  # fmt: skip
        print(f"{way:<14} n {max(map(len, means.values()))}  " + "  ".join(cells))
    people, mixed = by_way[PEOPLE], by_way[SHUFFLED]
    counts = np.mean(people["overall"]) >= LEAST_OF_PEOPLE and np.mean(mixed["thread"]) < np.mean(people["thread"])
    print("The sheet counts." if counts else "The sheet does not count: readers did not tell people from shuffled.")


def main() -> None:
    """Draw a sheet, or read the marks of one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("folder", type=Path)
    drawing.add_argument("ways", nargs="*", metavar="WAY=FILE")
    drawing.add_argument("--count", type=int, default=8, help="texts of each way")
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
