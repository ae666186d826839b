"""Every character of the text is a token."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set

from pipeline.core.translation import mark
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import Span, detokenise
from pipeline.language.vocabulary import LINE, SONG, SPECIALS
from pipeline.language_models.unit_contract import Defaults, SpelledUnits, Speller

_LINE = SPECIALS[LINE]


class Characters(SpelledUnits):
    """Every character of the text is a token."""

    key, noun, counts_contexts = "char", mark("character"), True
    ngram_orders, cache_order = range(5, 13), 20

    def tokens(self, text: str) -> list[str]:
        return [_LINE if character == "\n" else character for character in text]

    def spans(self, text: str) -> Iterator[Span]:
        return (Span(token, at, at + 1) for at, token in enumerate(self.tokens(text)))

    def text(self, tokens: Sequence[str]) -> str:
        return "".join("\n" if token in SPECIALS[LINE:] else token for token in tokens)

    def speller(self, before: str) -> Speller:
        return _CharacterSpeller()

    def join(self, before: str, tokens: Sequence[str]) -> str:
        return before + "".join(tokens)

    def phrase(self, words: Sequence[str]) -> list[str]:
        return list(detokenise(words))

    def forced(self, words: Sequence[str]) -> list[str]:
        return [*self.phrase(words), " "]

    def unwritable(self, avoid: Set[str]) -> Set[str]:
        return self.hiding

    def sizes(self, corpus: Corpus) -> tuple[int, int]:
        lines = corpus.texts
        counts = Counter("".join(lines))
        ends = len(lines) + len(corpus.sections)
        return counts.total() + ends, sum(count > 1 for count in counts.values())

    def defaults(self, minutes: float | None, epochs: float | None) -> Defaults:
        """The more often the budget allows to read the text, the more there is to forget: dropout 0.05 to 0.5.

        Of the embedded songs 0.25 is best at 13 readings, 0.4 at 24 (docs/decisions/training.md).
        """
        dropout = 0.2 if epochs is None else round(min(0.5, 0.05 + 0.014 * epochs), 2)
        return Defaults(
            # a minute is 421 updates of 256 and 149 of 512: 2.589 bits and 2.935
            units=256 if minutes is not None and minutes < 3 else 512,
            embedding=64,
            tied=False,
            batch=64,
            # what is read a few times is short of updates: 4 % fewer bits
            time=25 if minutes is not None and epochs is not None and epochs < 10 else 100,
            vocabulary_limit=20_000,
            dropout=dropout,
            recurrent_gap=0.1,
        )


class _CharacterSpeller(Speller):
    def spell(self, token: str) -> str:
        return {_LINE: "\n", SPECIALS[SONG]: ""}.get(token, token)
