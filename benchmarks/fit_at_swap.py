"""fit@swap: how often a run finds the word that stood in a line likelier than one of the same kind put in its place.

    python benchmarks/fit_at_swap.py demo-subword demo-verses [--count 500] [--text french_cc0.txt.xz] [--sheet DIR]

One word of content of each line, of songs that no run learnt from, is swapped for another with as many syllables, up to
twice as frequent or rare, whose neighbours among function words are alike (PPMI of the two words on either side, 60
singular vectors, cosine of 0.7 and more), which gives part of speech, gender, number and person without a lexicon. A
run compares ln p of the two lines, after the two before them. 0.5 is chance. `--text` adds French to tell kinds by.
`--sheet` writes the pairs for a reader, and the key.

Measured: 566 lines of the test songs, kinds by the first 300,000 sentences of the CC0 base too, seed 7; intervals of
3.7 points on either side. Networks: demo-subword 77.0 %, demo-verses 73.9, base-subword 66.8; n-grams of the first two
68.9 and 69.4. On an earlier draw of 540 all five weighed together, by five-fold cross-validation, had 77.0 where the
first alone had 76.7, and a careful automatic reader was right in 240 of its first 240. Wanted were 88: what a reader
knows of things, networks of 2.8 million weights have not read enough of.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from base_of_french import read_works
from scipy import sparse
from scipy.sparse.linalg import svds

from pipeline.analysis.words.word_classes import function_words
from pipeline.corpus.prepare import open_corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.tokens import token_spans, tokenise
from pipeline.language_models.protocol import LanguageModel
from pipeline.language_models.splits import split_corpus
from pipeline.runs.run import Run, load_run

WORDS, RAREST, FUNCTION_WORDS, WIDTH = 40_000, 4, 150, 60
ALIKE, TIMES_AS_FREQUENT, MIN_CHOICE = 0.7, 2, 5
LINE_WORDS = range(4, 15)
SENTENCES = 300_000  # of French, that kinds are told by
OFFSETS = (-2, -1, 1, 2)  # places of the neighbours of a word


class Swap(NamedTuple):
    """The lines before one, and the line as it stood and with another word."""

    before: tuple[str, ...]
    stood: str
    put: str


class WordKinds:
    """Which words of content are of one kind."""

    def __init__(self, texts: Sequence[str]) -> None:
        lines = [tokenise(text) for text in texts]
        counts = Counter(word for line in lines for word in line)
        self.words = [word for word, count in counts.most_common(WORDS) if count >= RAREST]
        self.number = {word: at for at, word in enumerate(self.words)}
        sounds = Pronunciations.from_words(self.words)
        self.syllables = np.array([sounds[word].syllables for word in self.words])
        self.counts = np.array([counts[word] for word in self.words])
        functions = function_words()
        self.content = np.array([word not in functions and word.isalpha() and len(word) > 2 for word in self.words])
        self.plural = np.array([word[-1] in "sx" for word in self.words])
        self.vectors = self._neighbour_vectors(lines)

    def _neighbour_vectors(self, lines: Sequence[Sequence[str]]) -> npt.NDArray[np.float64]:
        functions = [word for word in self.words if word in function_words()][:FUNCTION_WORDS]
        column = {word: at for at, word in enumerate(functions)}
        size, rows, columns = len(functions) + 1, list[int](), list[int]()
        for line in lines:
            padded = ["", *line, ""]
            for at, word in enumerate(line, 1):
                for place, offset in enumerate(OFFSETS):
                    if word in self.number and 0 <= at + offset < len(padded):
                        rows.append(self.number[word])
                        columns.append(place * size + column.get(padded[at + offset], size - 1))
        table = sparse.coo_matrix((np.ones(len(rows)), (rows, columns)), (len(self.words), len(OFFSETS) * size)).tocsr()
        table = table.tocoo()
        of_row, of_column = (np.asarray(table.sum(axis)).ravel() for axis in (1, 0))
        pmi = np.log(table.data * table.sum() / (of_row[table.row] * of_column[table.col]))
        left, values, _ = svds(sparse.csr_matrix((np.maximum(pmi, 0), (table.row, table.col)), table.shape), k=WIDTH)
        vectors = left * values
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def other(self, word: str, rng: np.random.Generator) -> str | None:
        """Return another word of its kind, None where there are too few."""
        at = self.number.get(word)
        if at is None or not self.content[at]:
            return None
        ratio = self.counts / self.counts[at]
        fits = self.content & (self.syllables == self.syllables[at]) & (self.plural == self.plural[at])
        fits &= (ratio <= TIMES_AS_FREQUENT) & (ratio >= 1 / TIMES_AS_FREQUENT)
        fits &= self.vectors @ self.vectors[at] >= ALIKE
        fits[at] = False
        choice = np.flatnonzero(fits)
        return self.words[rng.choice(choice)] if len(choice) >= MIN_CHOICE else None


def draw_swaps(songs: Sequence[str], kinds: WordKinds, rng: np.random.Generator) -> Iterator[Swap]:
    """Yield lines of songs, each with one word swapped, in a random order."""
    places = [(song.split("\n"), at) for song in songs for at in range(1, len(song.split("\n")))]
    for number in rng.permutation(len(places)):
        lines, at = places[number]
        words, spans = tokenise(lines[at]), token_spans(lines[at])
        content = [place for place, word in enumerate(words) if kinds.content[kinds.number.get(word, 0)]]
        if not lines[at - 1] or len(words) not in LINE_WORDS or len(spans) != len(words) or not content:
            continue
        place = int(rng.choice(content))
        if other := kinds.other(words[place], rng):
            line, span = lines[at], spans[place]
            other = other.capitalize() if line[span.start].isupper() else other
            put = line[: span.start] + other + line[span.stop :]
            yield Swap(tuple(lines[max(0, at - 2) : at]), line, put)


def gains(model: LanguageModel, run: Run, swaps: Sequence[Swap]) -> npt.NDArray[np.float64]:
    """Return by how many nats each line that stood is likelier `(n,)`."""

    def encode(line: str, before: Sequence[str]) -> tuple[list[int], int]:
        first = run.units.encode("\n".join(before) + "\n", run.vocabulary)
        return [*first, *run.units.encode(line + "\n", run.vocabulary)], len(first)

    sums = []
    for lines in ([swap.stood for swap in swaps], [swap.put for swap in swaps]):
        tokens = [encode(line, swap.before) for line, swap in zip(lines, swaps, strict=True)]
        scores = model.score([np.array(each, np.int32) for each, _ in tokens])
        sums.append([float(score[start:].sum()) for score, (_, start) in zip(scores, tokens, strict=True)])
    return np.array(sums[0]) - np.array(sums[1])


def write_sheet(folder: Path, swaps: Sequence[Swap], rng: np.random.Generator) -> None:
    """Write the pairs in two versions, a and b, and which of them stood."""
    folder.mkdir(parents=True, exist_ok=True)
    key, items = ["ab"[int(turn)] for turn in rng.integers(2, size=len(swaps))], list[str]()
    for number, (swap, stood) in enumerate(zip(swaps, key, strict=True), 1):
        one, other = (swap.stood, swap.put) if stood == "a" else (swap.put, swap.stood)
        items.append("\n".join([f"{number}.", *(f"  {line}" for line in swap.before), f"a: {one}", f"b: {other}"]))
    (folder / "sheet.md").write_text("# Which stood there, a or b?\n\n" + "\n\n".join(items) + "\n", "utf-8")
    (folder / "key.json").write_text(json.dumps(key), "utf-8")


def main() -> None:
    """Draw swaps and say how often each run is right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--text", type=Path, help="French, .xz or plain, a sentence a line")
    parser.add_argument("--sheet", type=Path)
    args = parser.parse_args()
    split, texts = split_corpus(open_corpus("demo")), open_corpus("verses").texts.tolist()
    texts += [line for song in split.train for line in song.split("\n")]
    if args.text:
        texts += [line for work in read_works(args.text) for line in work.split("\n")][:SENTENCES]
    rng = np.random.default_rng(args.seed)
    drawn = draw_swaps(split.test, WordKinds(texts), rng)
    swaps = [swap for swap, _ in zip(drawn, range(args.count), strict=False)]
    if args.sheet:
        write_sheet(args.sheet, swaps, rng)
    for name in args.runs:
        run = load_run(name)
        models = {"network": run.network_model(), "n-gram": run.ngrams if run.has_file("ngrams.npz") else None}
        for label, model in models.items():
            if model is not None:
                right = gains(model, run, swaps) > 0
                low, high = np.quantile(rng.choice(right, (2000, len(right))).mean(1), (0.025, 0.975))
                print(f"{name}, {label}: {right.mean():.1%} ({low:.1%} to {high:.1%}), n = {len(right)}")


if __name__ == "__main__":
    main()
