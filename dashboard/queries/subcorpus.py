"""Which subcorpus a page looks at: small, hashable, what every cached result is filed under."""

from typing import NamedTuple

from pipeline.analysis.lemmas import lemmatise
from pipeline.analysis.variants import VARIANTS, Variant
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus, Layer


class Selection(NamedTuple):
    """`version` changes when the corpus is prepared again. Empty `artists`, `kinds` or `languages` and no `years` mean
    all. `variant` says how repeats and guests count; with `lemmas` each word counts under its dictionary form."""

    corpus: str
    version: int
    artists: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    kinds: tuple[str, ...] = ()
    layer: Layer = "lyrics"
    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    variant: Variant = "written"
    lemmas: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is filtered out."""
        return not (self.artists or self.years or self.kinds)

    def of(self, corpus: Corpus) -> Corpus:
        """Return this part of `corpus`."""
        part = corpus.where(artists=self.artists, years=self.years, kinds=self.kinds, languages=self.languages)
        variant = VARIANTS[self.variant](part)
        return lemmatise(variant) if self.lemmas else variant
