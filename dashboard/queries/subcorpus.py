"""The selection of a subcorpus that a page shows: small and hashable, part of the key of every cached result.

Also the keys of songs in addresses, and how much of the structure of songs was inferred.
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
    """The part of a corpus that a page shows. `version` changes when the corpus is prepared again.

    Empty `artists`, `kinds` or `languages` and no `years` mean all. `facets` has (name, values or (first, last)) of
    each one that narrows; `inferred` keeps the sections whose kind was inferred, or those that a tag named; `group`
    keeps the songs of some marks of a figure: what it is grouped by, and their labels. `variant` says how repeats and
    guests count; with `lemmas` each word counts under its dictionary form.
    """

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
        """Whether the selection is the whole corpus: it has no filters except, perhaps, one of languages."""
        filters = (self.artists, self.years, self.kinds, self.facets, self.group)
        return not any(filters) and self.inferred is None

    def subcorpus_of(self, corpus: Corpus) -> Corpus:
        """Return the subcorpus of `corpus` that this selection describes."""
        part = corpus.where(
            artists=self.artists, years=self.years, kinds=self.kinds, languages=self.languages,
            facets=dict(self.facets), inferred=self.inferred,
        )  # fmt: skip
        if self.group is not None:
            part = part.where(songs=songs_of_groups(part, *self.group))
        variant = VARIANTS[self.variant](part)
        return lemmatise(variant) if self.lemmas else variant


def select_groups(selection: Selection, by: GroupingKey, groups: tuple[str, ...]) -> Selection:
    """Return the selection narrowed to some groups of a figure, such as artists or types of section."""
    return selection._replace(kinds=groups) if by == "kind" else selection._replace(group=(by, groups))


def songs_of_groups(corpus: Corpus, by: GroupingKey, labels: tuple[str, ...]) -> list[int]:
    """Return the ids of the songs whose group has one of these labels. `by` says how songs are grouped."""
    codes, names = song_group_codes(corpus, by)
    group_codes = np.flatnonzero(names.astype(str).isin(labels))
    return corpus.songs.index[np.isin(codes, group_codes)].tolist()


_BETWEEN_WORDS = re.compile(r"[\W_]+")


def song_key(artist: str, title: str) -> str:
    """Return the key of a song for addresses: artist and title without accents and capitals.

    >>> song_key("Kobalt", "Dernier métro (remix)"), song_key("Kobalt", "…")
    ('kobalt--dernier-metro-remix', 'kobalt--')
    """
    return f"{slugify(artist)}--{slugify(title)}"


def song_keys(corpus: Corpus) -> dict[int, str]:
    """Return song id -> its key for addresses, of a whole corpus; the second of the same name ends on -2."""
    times: Counter[str] = Counter()
    keys: dict[int, str] = {}
    for song, artist, title in corpus.songs[["artist", "title"]].itertuples():
        key = song_key(artist, title)
        times[key] += 1
        keys[song] = key if times[key] == 1 else f"{key}-{times[key]}"
    return keys


def slugify(text: str) -> str:
    """Return a text as part of an address: lower case, without accents, hyphens between words."""
    return _BETWEEN_WORDS.sub("-", fold_case_and_accents(text)).strip("-")


class InferredStructureCounts(NamedTuple):
    """Counts of what was inferred in a subcorpus: sections with an inferred type, songs with such a section, songs
    `cut` from a longer text at inferred borders, and `pseudo` songs, chunks of a text without borders."""

    sections: int
    all_sections: int
    songs: int
    all_songs: int
    cut: int
    pseudo: int


def count_inferred_data(corpus: Corpus) -> InferredStructureCounts:
    """Return how many sections of a subcorpus have an inferred type, and how many songs inferred borders."""
    inferred, extent = corpus.sections["inferred"].to_numpy(bool), corpus.songs["extent"]
    songs = corpus.sections.loc[inferred, "song"].nunique()
    cut, pseudo = int((extent == "inferred").sum()), int((extent == "pseudo").sum())
    return InferredStructureCounts(int(inferred.sum()), len(inferred), songs, len(corpus.songs), cut, pseudo)
