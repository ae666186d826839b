"""How much of the structure of a corpus no tag and no border of its source gave."""

from typing import NamedTuple

from pipeline.corpus.table import Corpus


class Inferred(NamedTuple):
    """`sections` of all whose kind was inferred, `songs` that hold one; `cut` songs whose borders were inferred out of
    a longer text, and `pseudo` ones, stretches of such a text where no border shows."""

    sections: int
    all_sections: int
    songs: int
    all_songs: int
    cut: int
    pseudo: int


def count_inferred(corpus: Corpus) -> Inferred:
    """Count what was inferred in a subcorpus."""
    inferred = corpus.sections["inferred"].to_numpy(bool)
    extent = corpus.songs["extent"]
    return Inferred(
        int(inferred.sum()),
        len(inferred),
        corpus.sections.loc[inferred, "song"].nunique(),
        len(corpus.songs),
        int((extent == "inferred").sum()),
        int((extent == "pseudo").sum()),
    )
