"""How much of a world's truth a corpus holds: songs, who made them and when, sections, kinds and words.

A song of the corpus stands for the song of the truth with which it shares most lines; lines are compared by their
letters and digits, and aligned (difflib), since cleaning mends some of them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.corpus.table import Corpus
from tests.corpora import lines_with_texts

from .truth import Truth

Counts = npt.NDArray[np.int64]  # int[songs, 3]: right, read, true

_MOST = 0.8  # of a song's lines, on both sides, from which it was found whole


@dataclass(frozen=True)
class Scores:
    """`counts` holds (right, read, true) of each song, by what is compared.

    songs                 those that hold nearly all lines of one song, and few of others
    artists titles years guests   of the songs that stand for one
    borders kinds refrains   first lines of sections, lines by kind, lines in refrains
    words                 of the lines that stand for one of the truth; read and true are all of them
    """

    counts: dict[str, Counts]

    def f1(self, what: str) -> float:
        """2 right / (read + true), over all songs."""
        right, read, true = self.counts[what].sum(axis=0).tolist()
        return 2 * right / max(read + true, 1)


def score(corpus: Corpus, truth: Truth) -> Scores:
    """Compare a corpus with the truth of the world that it was prepared from."""
    true_lines = dict(iter(truth.lines.merge(truth.sections, on=["song", "section"]).groupby("song")))
    lines = lines_with_texts(corpus).join(corpus.sections["kind"], on="section")
    ours = dict(iter(lines.groupby("song")))
    partners = dict(_partners(ours, {song: true_lines[song] for song in truth.unique.index if song in true_lines}))
    rows: dict[str, list[tuple[int, int, int]]] = {}
    for song, true in partners.items():
        compared = {**_compare_about(corpus.songs.loc[song], truth, true), **_compare(ours[song], true_lines[true])}
        for what, counts in compared.items():
            rows.setdefault(what, []).append(counts)
    rows["songs"].append((0, len(ours) - len(partners), len(truth.unique) - len(partners)))
    missed = set(truth.unique.index) & set(true_lines) - set(partners.values())
    rows["words"] += [(0, 0, _words(true_lines[song]["text"])) for song in sorted(missed)]
    return Scores({what: np.array(counts, np.int64) for what, counts in rows.items()})


def _partners(ours: dict[int, pd.DataFrame], theirs: dict[int, pd.DataFrame]) -> Iterator[tuple[int, int]]:
    """(song of the corpus, song of the truth) that share most lines, each song once."""
    holders: dict[str, set[int]] = {}
    for song, lines in theirs.items():
        for text in _plain(lines["text"]):
            holders.setdefault(text, set()).add(song)
    votes = {
        song: Counter(true for text in _plain(lines["text"]) for true in holders.get(text, ()))
        for song, lines in ours.items()
    }
    taken = set[int]()
    for song in sorted(votes, key=lambda song: -max(votes[song].values(), default=0)):
        best = next((true for true, _ in votes[song].most_common(3) if true not in taken), None)
        if best is not None:
            taken.add(best)
            yield song, best


def _compare_about(song: "pd.Series[object]", truth: Truth, number: int) -> dict[str, tuple[int, int, int]]:
    """Metadata: what the collection does not say is not compared."""
    copies = truth.songs[(truth.songs.index == number) | (truth.songs["duplicate_of"] == number)]
    true = truth.songs.loc[number]
    guests, read = set(true["featuring"]), set(filter(None, str(song["featuring"]).split(" & ")))
    compared = {"guests": (len(guests & read), len(read), len(guests))}
    for what, column in (("artists", "artist"), ("titles", "title")):
        if true[column]:
            compared[what] = (int(song[column] in set(copies[column])), 1, 1)
    if pd.notna(true["year"]) or pd.notna(song["year"]):
        same = pd.notna(true["year"]) and pd.notna(song["year"]) and int(true["year"]) == int(song["year"])  # type: ignore[call-overload]
        compared["years"] = (int(same), int(pd.notna(song["year"])), int(pd.notna(true["year"])))
    return compared


def _compare(ours: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, tuple[int, int, int]]:
    """Sections, kinds and words of two songs."""
    pairs = _aligned(_plain(ours["text"]), _plain(theirs["text"]))
    first, true_first = _first_lines(ours["section"]), _first_lines(theirs["section"])
    kinds, true_kinds = (frame["kind"].astype(str).to_numpy() for frame in (ours, theirs))
    refrain, true_refrain = kinds == "refrain", true_kinds == "refrain"
    whole = len(pairs) >= _MOST * max(len(ours), len(theirs))
    both = sum(refrain[a] and true_refrain[b] for a, b in pairs.items())
    kept = theirs["text"].iloc[sorted(pairs.values())]
    return {
        "songs": (int(whole), 1, 1),
        "borders": (sum(b in true_first and a in first for a, b in pairs.items()), len(first), len(true_first)),
        "kinds": (sum(kinds[a] == true_kinds[b] for a, b in pairs.items()), len(ours), len(theirs)),
        "refrains": (int(both), int(refrain.sum()), int(true_refrain.sum())),
        "words": (_words(kept), _words(ours["text"]), _words(theirs["text"])),
    }


def _words(texts: "pd.Series[str]") -> int:
    return sum(len(text.split()) for text in texts)


def _plain(texts: "pd.Series[str]") -> list[str]:
    return ["".join(c for c in text.lower() if c.isalnum()) for text in texts]


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> dict[int, int]:
    """Our line -> theirs, for lines that are the same, or stand alone between such."""
    pairs: dict[int, int] = {}
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and b - a == d - c):
            pairs |= dict(zip(range(a, b), range(c, d), strict=True))
    return pairs


def _first_lines(sections: "pd.Series[int]") -> set[int]:
    numbers = sections.to_numpy()
    return set((np.flatnonzero(numbers[1:] != numbers[:-1]) + 1).tolist())
