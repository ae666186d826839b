"""Lexical worlds: a corpus cut into segments, their classes by vocabulary, and what is typical of each class."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from pipeline.analysis.comparison.correspondence import CorrespondenceAnalysis, correspondence_analysis
from pipeline.analysis.counting import (
    Floats,
    GroupingKey,
    Ints,
    count_matrix,
    document_frequency,
    line_group_codes,
    section_row_of_each_line,
    word_counts,
)
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.variants import each_line_once, lemma, lemmatise
from pipeline.analysis.words.code_switching import foreign_line_mask
from pipeline.analysis.words.word_classes import function_words
from pipeline.analysis.worlds.reinert import (
    MIN_CLASS_SEGMENTS,
    MIN_FORM_SEGMENTS,
    OnSplit,
    Tree,
    classify_descending,
)
from pipeline.core.arguments import check_arguments
from pipeline.core.errors import SettingError
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus, Layer


def segment_of_each_line(corpus: Corpus, words: int, layer: Layer = "lyrics") -> Ints:
    """Return int[lines]: the number of the segment of each line, -1 for lines without words.

    Lines of a section are taken together until they hold `words` words; what is left at its end joins the segment
    before it in the section. 0: each section is a segment.
    """
    lengths, sections = corpus.line_lengths(layer), section_row_of_each_line(corpus)
    filled = np.flatnonzero(lengths)
    last = np.bincount(sections, lengths, minlength=len(corpus.sections)).tolist()  # words that are left of each
    number, before, held, numbers = -1, -1, 0, list[int]()
    for section, length in zip(sections[filled].tolist(), lengths[filled].tolist(), strict=True):
        if section != before or (words and held >= words and last[section] >= words):
            number, held, before = number + 1, 0, section
        numbers.append(number)
        held += length
        last[section] -= length
    segment_of = np.full(len(lengths), -1)
    segment_of[filled] = numbers
    return segment_of


MIN_SEGMENT_WORDS = 40  # of a segment at least: about five lines, IRaMuTeQ's default for segments of text
DEFAULT_CLASS_COUNT = 10
MAX_CLASSES = 100  # classes
SEGMENTS, SONGS = 10, 5  # at least that hold an active form
# segments of a class: with less, refrains and lists are classes (ALCESTE and IRaMuTeQ: N/k, N/2k)
MIN_CLASS_SIZE_RULE = "N/4k"
_CLASS_SIZE_PATTERN = re.compile(r"n/(\d{0,3})k|(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True)
class Worlds:
    """The segments of a corpus classified into lexical worlds, and tables of each class.

    corpus      what was classified, as lemmas if asked
    segment_of  int[lines]: the segment of each line, -1 for lines without a word
    presence    (segments, vocabulary): 1 where a segment holds a word
    active      bool[vocabulary]: the words that classify
    labels      int[segments]: the class of each, -1 where no active form is in it
    tree        how classes were cut one out of the other
    left_out    lines that were not classified, by why: other_languages (of their section, or their own), repeated (said
                before in their song)
    least_size  segments that a class has at least
    """

    corpus: Corpus
    segment_of: Ints
    presence: sparse.csr_matrix
    active: npt.NDArray[np.bool_]
    labels: Ints
    tree: Tree
    left_out: dict[str, int]
    least_size: int

    def __repr__(self) -> str:
        sizes = " + ".join(f"{size:,}" for size in self.sizes)
        return f"<Worlds: {len(self.labels):,} segments in {self.class_count} classes ({sizes}) of {self.corpus!r}>"

    @check_arguments
    def cut_into_classes(self, k: int) -> "Worlds":
        """Return the same segments in k classes, by cutting the tree after fewer splits."""
        return replace(self, labels=self.tree.labels(k))

    @cached_property
    def sizes(self) -> Ints:
        """int[classes]: the number of segments of each class."""
        return np.bincount(self.labels[self.labels >= 0], minlength=self.class_count)

    @property
    def class_count(self) -> int:
        """The number of classes, fewer than were asked for if no class could be cut any further."""
        return int(self.labels.max(initial=-1)) + 1

    @property
    def is_undivided(self) -> bool:
        """Whether one of at least four classes holds more than half of the segments: the others are what was cut
        off."""
        return self.class_count > 3 and 2 * self.sizes.max() > len(self.labels)

    @cached_property
    def document_frequencies(self) -> npt.NDArray[np.int64]:
        """int[classes, vocabulary]: segments of each class that hold each word."""
        own = np.flatnonzero(self.labels >= 0)
        membership = sparse.csr_matrix(
            (np.ones(len(own), np.int64), (self.labels[own], own)), (self.class_count, len(self.labels))
        )
        return (membership @ self.presence).toarray()

    @cached_property
    def chi_squared(self) -> Floats:
        """float[classes, vocabulary]: chi-squared (one degree of freedom) of class by word, negative where the word is
        rarer in the class than elsewhere; 0 for words below `MIN_FORM_SEGMENTS` segments.
        """
        score = _signed_chi_squared(self.document_frequencies, self.sizes[:, None])
        return np.where(self.document_frequencies.sum(axis=0) >= MIN_FORM_SEGMENTS, score, 0.0)

    @check_arguments
    def typical_words(self, name: int) -> pd.DataFrame:
        """Return the words of a class, the most typical first: word, chi2, segments, all_segments, share, active.

        chi2 is signed; `segments` of the class and `all_segments` hold the word. Raise SettingError for an unknown
        class.
        """
        self._check_class(name)
        score, frequencies = self.chi_squared[name], self.document_frequencies
        order = np.argsort(-score, kind="stable")
        order = order[score[order] != 0]
        total = frequencies.sum(axis=0)
        return pd.DataFrame(
            {
                "word": self.corpus.vocabulary.decode(order),
                "chi2": score[order],
                "segments": frequencies[name, order],
                "all_segments": total[order],
                "share": frequencies[name, order] / total[order],
                "active": self.active[order],
            }
        )

    def artists_using(self, name: int, words: Iterable[str]) -> Ints:
        """Return int[words]: how many artists use each word in segments of a class."""
        codes, lines = line_group_codes(self.corpus, "artist")[0], np.flatnonzero(self.segment_of >= 0)
        artist = np.zeros(len(self.labels), np.int64)
        artist[self.segment_of[lines]] = codes[lines]
        own, index = np.flatnonzero(self.labels == name), self.corpus.vocabulary.encode(list(words))
        uses = self.presence[own][:, index].tocoo()
        return np.bincount(np.unique(np.stack([uses.col, artist[own][uses.row]]), axis=1)[0], minlength=len(index))

    def _check_class(self, name: int) -> None:
        if name >= self.class_count:
            last = self.class_count - 1
            raise SettingError("There is no class {name}: classes are 0 to {last}.", name=name, last=last)

    @check_arguments
    def typical_segments(self, name: int, n: int = 10) -> pd.DataFrame:
        """Return the lines of the `n` most typical segments of a class: `line_details_table`, segment, score.

        The score is the sum of chi-squared of their active words. Of segments of the same words only the first is
        returned. Raise SettingError for an unknown class.
        """
        self._check_class(name)
        weights = np.where(self.active & (self.chi_squared[name] > 0), self.chi_squared[name], 0.0)
        scores = self.presence @ weights
        scores[self.labels != name] = -np.inf
        best = self._first_distinct_segments(np.argsort(-scores, kind="stable")[: int(self.sizes[name])], n)
        rows = np.flatnonzero(np.isin(self.segment_of, best))
        table = line_details_table(self.corpus, self.corpus.lines.index[rows])
        table["segment"], table["score"] = self.segment_of[rows], scores[self.segment_of[rows]]
        return table.sort_values(["score", "segment", "line"], ascending=[False, True, True], kind="stable")

    def _first_distinct_segments(self, segments: Ints, n: int) -> list[int]:
        """Return the first n of these segments with different words: a refrain comes once."""
        chosen: dict[bytes, int] = {}
        for at in segments.tolist():
            chosen.setdefault(self.presence[at].indices.tobytes(), at)
            if len(chosen) == n:
                break
        return list(chosen.values())

    @check_arguments
    def class_shares(self, by: GroupingKey) -> pd.DataFrame:
        """Return the classes of each group's segments: the group, class, segments, share, chi2.

        `share` is of the group's segments; chi2 is signed: positive where the class is typical of the group.
        """
        codes, labels = line_group_codes(self.corpus, by)
        filled = np.flatnonzero(self.segment_of >= 0)
        groups = codes[filled[np.unique(self.segment_of[filled], return_index=True)[1]]]  # of the first line of each
        classified = (self.labels >= 0) & (groups >= 0)
        table = count_matrix(self.labels[classified], groups[classified], (len(labels), self.class_count)).toarray()
        size = table.sum(axis=1, keepdims=True)
        score = _signed_chi_squared(table, size)
        at, name = np.indices(table.shape).reshape(2, -1)
        share = table / np.maximum(size, 1)
        return pd.DataFrame(
            {by: labels[at], "class": name, "segments": table.ravel(), "share": share.ravel(), "chi2": score.ravel()}
        )

    def correspondence_plane(self, classes: Ints) -> tuple[CorrespondenceAnalysis, Ints]:
        """Return (correspondence analysis of `plane_words` (rows) by some classes (columns), word index of each row).

        Words that none of these classes holds are excluded.
        """
        words = self.plane_words[self.document_frequencies[classes][:, self.plane_words].any(axis=0)]
        return correspondence_analysis(self.document_frequencies[classes][:, words].T), words

    @cached_property
    def plane_words(self) -> Ints:
        """int[words]: the indices of the words on the correspondence plane: active, in enough segments."""
        return np.flatnonzero(self.active & (self.document_frequencies.sum(axis=0) >= MIN_FORM_SEGMENTS))

    def class_separation(self) -> dict[str, float]:
        """Return how far apart the classes are: chi2_per_n by active words, cramers_v by artist."""
        table = self.document_frequencies[:, self.plane_words].astype(float)
        artists = (
            self.class_shares("artist").pivot_table(index="artist", columns="class", values="segments").to_numpy(float)
        )
        return {
            "chi2_per_n": _chi_squared(table) / table.sum(),
            "cramers_v": float(np.sqrt(_chi_squared(artists) / artists.sum() / max(min(artists.shape) - 1, 1))),
        }


def _signed_chi_squared(observed: Ints, sizes: Ints) -> Floats:
    """Return chi-squared of each cell's 2 x 2 table, negative where it has less than expected; sizes is (rows, 1)."""
    n, total = sizes.sum(), observed.sum(axis=0)
    gap = observed.astype(float) * n - sizes * total
    below = (sizes * (n - sizes)).astype(float) * total * (n - total)
    return np.sign(gap) * np.divide(n * gap**2, below, out=np.zeros_like(gap), where=below > 0)


def find_worlds(
    corpus: Corpus,
    k: int = DEFAULT_CLASS_COUNT,
    *,
    words: int = MIN_SEGMENT_WORDS,
    lemmas: bool = True,
    layer: Layer = "lyrics",
    least_size: int | str = MIN_CLASS_SIZE_RULE,
    languages: Collection[str] = DEFAULT_LANGUAGES,
    on_split: OnSplit = lambda done, of: None,
) -> Worlds:
    """Classify a corpus into k lexical worlds, by segments of at least `words` words, or by sections if `words` is 0.

    `least_size` is the minimum number of segments of a class, as a number or a part of all N: "N/4k" (default), "N/2k",
    "N/k". Only sections in `languages` take part, without their lines of other languages, all where it is empty; a line
    counts once a song. What took no part is counted in `left_out`. Raise SettingError for k outside 2 to
    `MAX_CLASSES`, for a corpus with too few segments, and for a size that is none.
    """
    if not 2 <= k <= MAX_CLASSES:
        raise SettingError("The number of classes is {k}: choose 2 to {largest}.", k=k, largest=MAX_CLASSES)
    in_languages = corpus.where(languages=languages)
    if "fr" in languages:
        foreign = foreign_line_mask(in_languages, layer)
        in_languages = in_languages.where(lines=in_languages.lines.index[~foreign]) if foreign.any() else in_languages
    counted = each_line_once(lemmatise(in_languages) if lemmas else in_languages)
    left_out = {
        "other_languages": len(corpus.lines) - len(in_languages.lines),
        "repeated": len(in_languages.lines) - len(counted.lines),
    }
    segment_of = segment_of_each_line(counted, words, layer)
    segments = int(segment_of.max(initial=-1)) + 1
    if segments < 2 * k:
        raise SettingError(
            "{segments} segments are too few for {k} classes. Select more songs, shorter segments or fewer classes.",
            segments=segments,
            k=k,
        )
    ids, rows = counted.token_table(layer)
    presence = (count_matrix(ids, segment_of[rows], (segments, len(counted.vocabulary))) > 0).astype(np.int8).tocsr()
    active = _active_form_mask(counted, presence, lemmas, layer)
    smallest = min_class_segments(segments, k, least_size)
    tree = classify_descending(presence[:, active], k, smallest=smallest, on_split=on_split)
    bare = replace(counted)  # without what was cached on the way: the longest arrays of all
    labels = tree.labels(k)
    return Worlds(bare, segment_of.astype(np.int32), presence, active, labels, tree, left_out, smallest)


def min_class_segments(count: int, k: int, least_size: int | str = MIN_CLASS_SIZE_RULE) -> int:
    """Return the minimum number of segments per class when `count` segments are cut into k classes.

    >>> min_class_segments(4000, 10), min_class_segments(4000, 10, "N/2k"), min_class_segments(4000, 10, 60)
    (100, 200, 60)

    Raises SettingError for what is neither a number nor a part such as N/4k.
    """
    size = _CLASS_SIZE_PATTERN.fullmatch(str(least_size).replace(" ", ""))
    if size is None or size[1] == "0":
        raise SettingError(
            "The minimum class size is {size!r}: give a number of segments, or N/k, N/2k or N/4k.",
            size=str(least_size),
        )
    return max(MIN_CLASS_SEGMENTS, int(size[2]) if size[2] else count // (int(size[1] or 1) * k))


def _active_form_mask(corpus: Corpus, presence: sparse.csr_matrix, lemmas: bool, layer: Layer) -> npt.NDArray[np.bool_]:
    """Return bool[vocabulary]: content words of two letters or more in `SEGMENTS` segments and `SONGS` songs."""
    songs, _ = word_counts(corpus, "song", layer)
    active = (document_frequency(presence) >= SEGMENTS) & (document_frequency(songs) >= SONGS)
    empty = {lemma(word) for word in function_words()} | function_words() if lemmas else function_words()
    return active & np.array(
        [len(word.strip("'-")) > 1 and word[0].isalpha() and word not in empty for word in corpus.vocabulary.index2word]
    )


def _chi_squared(table: Floats) -> float:
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum())
