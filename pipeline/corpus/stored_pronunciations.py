"""How the words of a large corpus sound, as it is stored: a tenth of the memory of `Pronunciations`."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.corpus.store import read_pronunciations
from pipeline.language.phones import Pronunciation, transcribe_tokens
from pipeline.language.pronunciations import read_columns


class StoredPronunciations:
    """Texts that nobody has analysed: `rows` gives those of some words to whoever does."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table.combine_chunks()

    @classmethod
    def of(cls, name: str) -> "StoredPronunciations":
        """Open those of a prepared corpus. Raises CorpusError when they are damaged."""
        return cls(read_pronunciations(name))

    def rows(self, words: Sequence[str]) -> list[Pronunciation]:
        """Return how these words sound, in their order; those that are not stored are transcribed."""
        places = pc.index_in(pa.array(words, pa.string()), self._table["word"])
        stored = iter(read_columns(self._table.take(places.drop_null()).to_pydict()))
        known = places.is_valid().to_pylist()
        others = iter(transcribe_tokens([word for word, known_one in zip(words, known, strict=True) if not known_one]))
        return [next(stored if each else others) for each in known]
