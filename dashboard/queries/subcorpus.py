"""Which subcorpus a page looks at: small, hashable, what every cached result is filed under."""

from typing import Any, NamedTuple

import numpy as np

from pipeline.analysis.counting import By, song_groups
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
    group: tuple[By, tuple[str, ...]] | None = None
    variant: Variant = "written"
    lemmas: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is filtered out."""
        filters = (self.artists, self.years, self.kinds, self.facets, self.group)
        return not any(filters) and self.inferred is None

    def of(self, corpus: Corpus) -> Corpus:
        """Return this part of `corpus`."""
        part = corpus.where(
            artists=self.artists,
            years=self.years,
            kinds=self.kinds,
            languages=self.languages,
            facets=dict(self.facets),
            inferred=self.inferred,
        )
        if self.group is not None:
            part = part.where(songs=songs_of_groups(part, *self.group))
        variant = VARIANTS[self.variant](part)
        return lemmatise(variant) if self.lemmas else variant


def songs_of_groups(corpus: Corpus, by: By, labels: tuple[str, ...]) -> list[int]:
    """Return the ids of the songs in the groups of these labels, as a figure writes them."""
    codes, names = song_groups(corpus, by)
    wanted = np.flatnonzero(names.astype(str).isin(labels))
    return corpus.songs.index[np.isin(codes, wanted)].tolist()
