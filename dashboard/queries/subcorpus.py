"""Which subcorpus a page looks at: small, hashable, what every cached result is filed under.

Also what a song is called in an address, whatever its place in the corpus, and how much of the structure was inferred.
"""

import re
from collections import Counter
from typing import Any, NamedTuple

import numpy as np

from dashboard.queries.name_search import fold_case_and_accents
from pipeline.analysis.counting import GroupingKey, song_group_codes
from pipeline.analysis.variants import VARIANTS, Variant, lemmatise
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus, Layer


class Selection(NamedTuple):
    """`version` changes when the corpus is prepared again. Empty `artists`, `kinds` or `languages` and no `years` mean
    all. `facets` says (name, values or (first, last)) of each that narrows; `inferred` keeps the sections whose kind
    was inferred, or those that a tag named; `group` keeps the songs of some marks of a figure: what it is grouped by,
    and their labels. `variant` says how repeats and guests count; with `lemmas` each word counts under its dictionary
    form."""

    corpus: str
    version: int
    artists: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    kinds: tuple[str, ...] = ()
    layer: Layer = "lyrics"
    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    facets: tuple[tuple[str, Any], ...] = ()
    inferred: bool | None = None
    group: tuple[GroupingKey, tuple[str, ...]] | None = None
    variant: Variant = "written"
    lemmas: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing is filtered out."""
        filters = (self.artists, self.years, self.kinds, self.facets, self.group)
        return not any(filters) and self.inferred is None

    def of(self, corpus: Corpus) -> Corpus:
        """Return this part of `corpus`."""
        part = corpus.where(
            artists=self.artists, years=self.years, kinds=self.kinds, languages=self.languages,
            facets=dict(self.facets), inferred=self.inferred,
        )  # fmt: skip
        if self.group is not None:
            part = part.where(songs=songs_of_groups(part, *self.group))
        variant = VARIANTS[self.variant](part)
        return lemmatise(variant) if self.lemmas else variant


def songs_of_groups(corpus: Corpus, by: GroupingKey, labels: tuple[str, ...]) -> list[int]:
    """Return the ids of the songs in the groups of these labels, as a figure writes them."""
    codes, names = song_group_codes(corpus, by)
    group_codes = np.flatnonzero(names.astype(str).isin(labels))
    return corpus.songs.index[np.isin(codes, group_codes)].tolist()


_BETWEEN_WORDS = re.compile(r"[\W_]+")


def song_key(artist: str, title: str) -> str:
    """Return the key of a song, without accents and capitals.

    >>> song_key("Kobalt", "Dernier métro (remix)"), song_key("Kobalt", "…")
    ('kobalt--dernier-metro-remix', 'kobalt--')
    """
    return f"{_slugify(artist)}--{_slugify(title)}"


def song_keys(corpus: Corpus) -> dict[int, str]:
    """Return the key of each song of a whole corpus; the second of the same name ends on -2, in the corpus's order."""
    times: Counter[str] = Counter()
    keys: dict[int, str] = {}
    for song, artist, title in corpus.songs[["artist", "title"]].itertuples():
        key = song_key(artist, title)
        times[key] += 1
        keys[song] = key if times[key] == 1 else f"{key}-{times[key]}"
    return keys


def _slugify(text: str) -> str:
    return _BETWEEN_WORDS.sub("-", fold_case_and_accents(text)).strip("-")


class InferredCounts(NamedTuple):
    """`sections` of all whose kind was inferred, `songs` that hold one; `cut` songs whose borders were inferred out of
    a longer text, and `pseudo` ones, stretches of such a text where no border shows."""

    sections: int
    all_sections: int
    songs: int
    all_songs: int
    cut: int
    pseudo: int


def count_inferred(corpus: Corpus) -> InferredCounts:
    """Count what was inferred in a subcorpus."""
    inferred, extent = corpus.sections["inferred"].to_numpy(bool), corpus.songs["extent"]
    songs = corpus.sections.loc[inferred, "song"].nunique()
    cut, pseudo = int((extent == "inferred").sum()), int((extent == "pseudo").sum())
    return InferredCounts(int(inferred.sum()), len(inferred), songs, len(corpus.songs), cut, pseudo)
