"""Blind ratings of excerpts, written by runs or by people: what is rated, kept, and what the ratings say. No Streamlit.

A rating is a grade from 1 to 5 for each of `CRITERIA`. Of each source and criterion: the mean and its 95 % interval by
Student's t over ratings, mean ± t(0.975, n - 1) s / √n, cut to 1 to 5; none for fewer than two ratings, or where all
are equal. The ratings of one person are no sample of people: an interval says how steady that person is.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from dashboard.queries.draft_store import VisitorStore
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import detokenise, tokenise

CRITERIA = ("grammar", "sense", "rhyme", "flow", "originality")
LOWEST, HIGHEST = 1, 5
HUMAN_SOURCE = "people"  # the source of excerpts of the corpus
EXCERPT_LINE_COUNT = 4  # of an excerpt
RATING_KIND = "rating"  # its kind in the store of the visitor
MAX_RATINGS = 5000  # ratings of one visitor; the oldest make room


@dataclass(frozen=True)
class Excerpt:
    """Lines to be rated, and who wrote them."""

    source: str
    text: str


@dataclass(frozen=True)
class Rating:
    """The grades that an excerpt was given; `seconds` since 1970."""

    source: str
    text: str
    grades: Mapping[str, int]
    seconds: float


def plain_excerpts(source: str, lines: Sequence[str]) -> list[Excerpt]:
    """Return lines as whole excerpts, without the punctuation and capitals that would tell who wrote them."""
    plain = [text[:1].upper() + text[1:] for text in (detokenise(tokenise(line)) for line in lines) if text]
    starts = range(0, len(plain) - EXCERPT_LINE_COUNT + 1, EXCERPT_LINE_COUNT)
    return [Excerpt(source, "\n".join(plain[start : start + EXCERPT_LINE_COUNT])) for start in starts]


def human_excerpts(corpus: Corpus, count: int, random_seed: int) -> list[Excerpt]:
    """Return excerpts of a corpus: the beginnings of so many sections of enough lines, drawn by chance."""
    sizes = corpus.lines.groupby("section").size()
    sections = sizes.index[sizes >= EXCERPT_LINE_COUNT].to_numpy()
    drawn = np.random.default_rng(random_seed).permutation(sections)[:count]
    lines = corpus.lines[corpus.lines["section"].isin(drawn)]
    texts = (corpus.texts_of(part.index) for _, part in lines.groupby("section"))
    return [each for lines in texts for each in plain_excerpts(HUMAN_SOURCE, lines[:EXCERPT_LINE_COUNT])]


def shuffle_excerpts(excerpts: Sequence[Excerpt], random_seed: int) -> list[Excerpt]:
    """Return excerpts in an order that says nothing of their sources; each text once."""
    unique = list({excerpt.text: excerpt for excerpt in excerpts}.values())
    return [unique[at] for at in np.random.default_rng(random_seed).permutation(len(unique))]


def summary(ratings: Sequence[Rating]) -> pd.DataFrame:
    """Return source, criterion, n, mean, low, high; low and high are missing where there is no interval."""
    rows = []
    for source in dict.fromkeys(rating.source for rating in ratings):
        for criterion in CRITERIA:
            grades = [rating.grades[criterion] for rating in ratings if rating.source == source]
            rows.append((source, criterion, len(grades), float(np.mean(grades)), *interval(grades)))
    return pd.DataFrame(rows, columns=["source", "criterion", "n", "mean", "low", "high"])


def interval(grades: Sequence[int]) -> tuple[float | None, float | None]:
    """Return the 95 % interval of the mean.

    >>> interval([1, 2, 3]), interval([3])
    ((1, 4.484), (None, None))
    """
    if len(grades) < 2 or len(set(grades)) == 1:
        return None, None
    half = float(student.ppf(0.975, len(grades) - 1) * np.std(grades, ddof=1) / np.sqrt(len(grades)))
    mean = float(np.mean(grades))
    return round(max(LOWEST, mean - half), 3), round(min(HIGHEST, mean + half), 3)


def ratings_table(ratings: Sequence[Rating]) -> pd.DataFrame:
    """Return one row a rating: source, text, a column a criterion, seconds."""
    rows = [(rating.source, rating.text, *(rating.grades[c] for c in CRITERIA), rating.seconds) for rating in ratings]
    return pd.DataFrame(rows, columns=["source", "text", *CRITERIA, "seconds"])


class RatingStore(VisitorStore):
    """The ratings of one visitor."""

    def ratings(self) -> list[Rating]:
        """Return what was rated, as `read` does."""
        return self.read(RATING_KIND, rating_from_json)

    def add(self, rating: Rating) -> None:
        """Keep a rating. Raise SeizeError when the disk refuses."""
        with self.changing() as things:
            things.put(RATING_KIND, self.owner, secrets.token_hex(8), asdict(rating))
            things.trim(RATING_KIND, self.owner, MAX_RATINGS)


def rating_from_json(data: Mapping[str, Any]) -> Rating:
    """Return the rating of which `data` is `dataclasses.asdict`. Raises ValueError, KeyError or TypeError."""
    grades = {criterion: int(data["grades"][criterion]) for criterion in CRITERIA}
    if not all(LOWEST <= grade <= HIGHEST for grade in grades.values()):
        raise ValueError("a grade is out of its range")
    return Rating(str(data["source"]), str(data["text"]), grades, float(data["seconds"]))
