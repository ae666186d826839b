"""Make the tables of data/lexicons that are learnt or counted from texts in the public domain.

    python benchmarks/sound_tables.py dieresis FOLDER [--write]      dieresis.tsv, and how well it counts other authors
    python benchmarks/sound_tables.py french french.txt.xz           french_words.zip
    python benchmarks/sound_tables.py reference french.txt.xz --everyday tatoeba.txt.xz     french_reference.tsv.xz

dieresis  FOLDER holds plays in alexandrines (*.txt, a verse a line) and poems (*.jsonl.xz: author, stanzas of [verse,
          metre]). Which glide of a line counts is not written there, only how many do: their sum is what the metre
          leaves, so the chances are fitted by expectation and maximisation over the ways to reach it. Figures are of
          five folds of authors.
french    The file holds sentences, one a line (Common Voice's French sentence collection, CC0 1.0). A word is in when
          it stands there in small letters mostly, but for the first of a sentence: names are out. Each with its count
          and merged phones, under its rhyme key, and its lemma.
reference The same file cut by our tokenizer, and the sentences of Tatoeba (CC-BY 2.0 FR), one a line, but for those
          with Tom and Marie, of whom its examples are full. Words that occur once are left out, and counted in the
          first row, whose word is empty.
"""

import argparse
import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_LZMA, ZipFile, ZipInfo

import numpy as np
from scipy import optimize, sparse

from pipeline.analysis.variants import lemma
from pipeline.core.paths import lexicons_folder
from pipeline.language.dieresis import OPEN_GLIDE_MARGIN, find_dieresis_glides, glide_context_features
from pipeline.language.ipa import phones_for_rhyme, vowels_of
from pipeline.language.mute_e import spoken_ipa
from pipeline.language.phones import transcribe_tokens
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import rhyme_key_of_phones
from pipeline.language.rhyme_index import FRENCH_WORDS_FILE
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

FOLDS, ROUNDS = 5, 6
RIDGE = 0.05  # of squared weights
OFTEN = 20  # times that a word is heard at most
LEAST = 3  # times that a context occurs
SMALLEST = 0.12  # weight that is kept
MOSTLY = 0.6  # of its occurrences
MOST = 100_000  # words of French
EXAMPLE_NAMES = frozenset(("tom", "marie"))
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PRONOUN = r"-(?:je|tu|ils?|elles?|on|nous|vous|ce|les?|la|lui|leur|moi|toi|y|en|là|ci)$"
_FRENCH = re.compile(rf"(?!.*{_PRONOUN})[a-zàâäéèêëîïôöùûüçœæ]{{2,}}(?:-[a-zàâäéèêëîïôöùûüçœæ]+)*")


class Verse(NamedTuple):
    """A line of a metre: its syllables without any diérèse, the (word, place) of its glides, whether it is written as
    it is spoken (mouch'ra)."""

    author: str
    text: str
    metre: int
    base: int
    glides: tuple[tuple[str, int], ...]
    as_spoken: bool = False


def read_verses(folder: Path) -> list[tuple[str, str, int]]:
    """Return (author, verse, metre) of every line of the folder."""
    lines = []
    for path in sorted(folder.glob("*.txt")):
        author = path.stem.partition("_")[0]
        lines += [(author, text.strip(), 12) for text in path.read_text("utf-8").splitlines() if text.strip()]
    for path in sorted(folder.glob("*.jsonl.xz")):
        for row in lzma.decompress(path.read_bytes()).decode().splitlines():
            poem = json.loads(row)
            lines += [
                (poem["author"], verse, sum(map(int, metre.split("+"))))
                for stanza in poem["stanzas"]
                for verse, metre in stanza
            ]
    return lines


def read_glides(lines: Iterable[tuple[str, str, int]], table: Pronunciations) -> list[Verse]:
    """Return the lines with what they count without diérèse."""
    verses = []
    for author, text, metre in lines:
        line = scan_line(text, table)
        as_spoken = any(word.apocope for word in line.words)
        made = sum(word.least_dieresis if as_spoken else word.dieresis for word in line.words)
        base = line.syllables.verse - made
        glides = tuple((word.text, place) for word in line.words for place in find_dieresis_glides(word.text, word.ipa))
        verses.append(Verse(author, text, metre, base, glides, as_spoken))
    return verses


class Model(NamedTuple):
    """Weights of contexts; "" is the intercept."""

    weights: dict[str, float]

    def chance(self, word: str, place: int) -> float:
        """Return the probability that this glide counts."""
        total = self.weights.get("", 0.0) + sum(
            self.weights.get(context, 0.0) for context in set(glide_context_features(word, place))
        )
        return float(1 / (1 + np.exp(-total)))


def fit(verses: Sequence[Verse]) -> Model:
    """Fit the chances to lines whose metre the glides can reach."""
    lines = [v for v in verses if v.glides and 0 <= v.metre - v.base <= len(v.glides)]
    kinds = sorted({glide for v in lines for glide in v.glides})
    number = {glide: at for at, glide in enumerate(kinds)}
    features, counts = [set(glide_context_features(*glide)) for glide in kinds], Counter[str]()
    times = Counter(glide for v in lines for glide in v.glides)
    for glide, own in zip(kinds, features, strict=True):
        counts.update(dict.fromkeys(own, times[glide]))
    names = [name for name, n in counts.items() if n >= LEAST]
    for _ in range(2):  # all contexts, then those that weigh something
        model = _fit_weights(lines, number, features, names)
        names = [name for name in names if abs(model.weights[name]) >= SMALLEST]
    return model


def _fit_weights(lines, number, features, names) -> Model:
    column = {name: at for at, name in enumerate(names)}
    rows, columns = zip(*((at, column[f]) for at, own in enumerate(features) for f in own if f in column), strict=True)
    x = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), (len(features), len(names)))
    weights = np.zeros(len(names) + 1)
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-(x @ weights[1:] + weights[0])))
        counted, total = np.zeros(len(features)), np.zeros(len(features))
        for verse in lines:
            own = [number[glide] for glide in verse.glides]
            share = posterior(chance[own], verse.metre - verse.base)
            np.add.at(counted, own, share)
            np.add.at(total, own, 1.0)

        damping = np.minimum(
            1, OFTEN / np.maximum(total, 1)
        )  # bien says less of what ends on -ien than all other words
        counted, total = counted * damping, total * damping

        def loss(w, counted=counted, total=total):
            z = x @ w[1:] + w[0]
            value = (np.logaddexp(0, z) * total - counted * z).sum() + RIDGE * (w[1:] ** 2).sum()
            slope = total / (1 + np.exp(-z)) - counted
            return value, np.concatenate([[slope.sum()], x.T @ slope + 2 * RIDGE * w[1:]])

        weights = optimize.minimize(loss, weights, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return Model({"": float(weights[0]), **{name: float(w) for name, w in zip(names, weights[1:], strict=True)}})


def posterior(chances, needed: int):
    """Return how probable it is that each glide counts, when so many of them do."""
    share = np.zeros(len(chances))
    whole = 0.0
    for chosen in combinations(range(len(chances)), needed):
        inside = np.zeros(len(chances), bool)
        inside[list(chosen)] = True
        mass = float(np.where(inside, chances, 1 - chances).prod()) + 1e-12
        share[inside] += mass
        whole += mass
    return share / whole


def score(verses: Sequence[Verse], model: Model) -> list[tuple[bool, bool]]:
    """Return whether each line is counted as its metre, and whether its metre is within the range of its diérèses."""
    scores = []
    for verse in verses:
        chances = [model.chance(*glide) for glide in verse.glides]
        count, least, most = (
            verse.base + sum(c >= t for c in chances) for t in (0.5, 1 - OPEN_GLIDE_MARGIN, OPEN_GLIDE_MARGIN)
        )
        scores.append(((least if verse.as_spoken else count) == verse.metre, least <= verse.metre <= most))
    return scores


def make_dieresis(folder: Path, *, write: bool) -> None:
    """Learn the table, print how well it counts authors that were held out, and write it."""
    table = Pronunciations()
    lines = read_verses(folder)
    table.transcribe_missing_in_lines(text for _, text, _ in lines)
    verses = read_glides(lines, table)
    authors = sorted({v.author for v in verses})
    exact: dict[int, list[tuple[bool, bool]]] = defaultdict(list)
    for fold in range(FOLDS):
        held_out = set(authors[fold::FOLDS])
        model = fit([v for v in verses if v.author not in held_out])
        part = [v for v in verses if v.author in held_out]
        for verse, right in zip(part, score(part, model), strict=True):
            exact[verse.metre].append(right)
    every = [right for rights in exact.values() for right in rights]
    figures = {str(metre): [len(rights), *np.mean(rights, axis=0)] for metre, rights in sorted(exact.items())}
    print(json.dumps({"lines, exact, in range": [len(every), *np.mean(every, axis=0)], **figures}))
    if write:
        model = fit(verses)
        rows = [
            f"{context}\t{weight:.2f}"
            for context, weight in sorted(model.weights.items())
            if context == "" or abs(weight) >= SMALLEST
        ]
        (lexicons_folder() / "dieresis.tsv").write_text("context\tweight\n" + "\n".join(rows) + "\n", "utf-8")
        print(len(rows), "rows")


def make_french_words(path: Path) -> None:
    """Count, transcribe and write the words."""
    counts: Counter[str] = Counter()
    for line in lzma.decompress(path.read_bytes()).decode().splitlines():
        counts.update(_WORD.findall(line)[1:])  # the first has its capital from the sentence
    every: Counter[str] = Counter()
    for word, n in counts.items():
        every[word.lower()] += n
    small = [(n, word) for word, n in counts.items() if n >= MOSTLY * every[word.lower()]]
    words = [(word, n) for n, word in sorted(small, key=lambda each: (-each[0], each[1])) if _FRENCH.fullmatch(word)][
        :MOST
    ]
    rows = [
        (word, phones, n)
        for (word, n), said in zip(words, transcribe_tokens([word for word, _ in words]), strict=True)
        if vowels_of(phones := phones_for_rhyme(spoken_ipa(said.ipa)))
    ]
    write_french_words(rows)


def write_french_words(rows: Iterable[tuple[str, Sequence[str], int]]) -> None:
    """Write words with their phones and counts in blocks, as the index wants them: under each last vowel its rhyme
    keys, under each key its words by reversed phones. The lemma of a word is written where it is another."""
    blocks: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for word, phones, n in rows:
        said, own = "".join(phones), lemma(word)
        row = f"{said[::-1]}\t{word}\t{n}\t{own if own != word else ''}"
        blocks[vowels_of(phones)[-1]][rhyme_key_of_phones(phones)].append(row)
    table = lexicons_folder() / FRENCH_WORDS_FILE
    with ZipFile(table, "w", ZIP_LZMA) as lexicon:
        for vowel in sorted(blocks):
            keys = (f"#{key}\n" + "\n".join(sorted(blocks[vowel][key])) for key in sorted(blocks[vowel]))
            lexicon.writestr(ZipInfo(vowel), "\n".join(keys), ZIP_LZMA)
    print(sum(len(each) for keys in blocks.values() for each in keys.values()), "words,", table.stat().st_size, "bytes")


def make_reference(path: Path, everyday: Path) -> None:
    """Count and write the references of keyness."""
    texts = {"general": path, "everyday": everyday}
    counts: dict[str, Counter[str]] = {name: Counter() for name in texts}
    for name, file in texts.items():
        for line in lzma.decompress(file.read_bytes()).decode().splitlines():
            words = tokenise(line)
            if name == "general" or EXAMPLE_NAMES.isdisjoint(words):
                counts[name].update(words)
    general, own = counts.values()
    words = sorted({word for each in counts.values() for word, n in each.items() if n > 1})
    words.sort(key=lambda word: (-general[word], -own[word]))
    rest = [sum(each.values()) - sum(each[word] for word in words) for each in counts.values()]
    text = "word\tgeneral\teveryday\n" + "\t".join(map(str, ["", *rest])) + "\n"
    text += "".join(f"{word}\t{general[word]}\t{own[word]}\n" for word in words)
    table = lexicons_folder() / "french_reference.tsv.xz"
    table.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(
        [sum(each.values()) for each in counts.values()], "words,", len(words), "rows,", table.stat().st_size, "bytes"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=("dieresis", "french", "reference"))
    parser.add_argument("source", type=Path)
    parser.add_argument("--everyday", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if args.table == "french":
        make_french_words(args.source)
    elif args.table == "reference":
        if args.everyday is None:
            parser.error("reference needs --everyday")
        make_reference(args.source, args.everyday)
    else:
        make_dieresis(args.source, write=args.write)


if __name__ == "__main__":
    main()
