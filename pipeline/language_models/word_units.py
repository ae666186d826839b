"""Words as tokens: those of `pipeline.language.tokens`, in lower case, without punctuation."""

from collections.abc import Iterator, Sequence, Set

from pipeline.core.translation import mark
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import Span, detokenise, is_clitic, token_spans, tokenise
from pipeline.language.vocabulary import LINE, SONG, SPECIALS
from pipeline.language_models.unit_contract import Defaults, Speller, Units, is_open

_LINE = SPECIALS[LINE]


class Words(Units):
    """The tokens of `pipeline.language.tokens`: lower case, without punctuation."""

    key, noun, complete = "word", mark("word"), False
    spells = counts_contexts = False
    ngram_orders, cache_order = range(2, 6), 6

    def tokens(self, text: str) -> list[str]:
        """
        >>> Words().tokens("J'arrive\\n")
        ["j'", 'arrive', '<line>']
        """
        parts = [tokenise(part) for part in text.split("\n")]
        return [token for part in parts for token in (*part, _LINE)][:-1]

    def spans(self, text: str) -> Iterator[Span]:
        """
        >>> [tuple(span) for span in Words().spans("J'arrive\\nlà")]
        [("j'", 0, 2), ('arrive', 2, 8), ('<line>', 8, 9), ('là', 9, 11)]
        """
        start = 0
        for part in text.split("\n"):
            yield from (Span(span.token, start + span.start, start + span.stop) for span in token_spans(part))
            start += len(part) + 1
            if start <= len(text):
                yield Span(_LINE, start - 1, start)

    def text(self, tokens: Sequence[str]) -> str:
        lines = " ".join(tokens).replace(SPECIALS[SONG], _LINE).split(_LINE)
        return "\n".join(detokenise(line.split()) for line in lines)

    def speller(self, before: str) -> Speller:
        return _WordSpeller(before)

    def join(self, before: str, tokens: Sequence[str]) -> str:
        return f"{before} {detokenise(tokens)}"

    def begins_word(self, line: str) -> bool:
        return True

    def phrase(self, words: Sequence[str]) -> list[str]:
        return list(words)

    def forced(self, words: Sequence[str]) -> list[str]:
        return list(words)

    def unwritable(self, avoid: Set[str]) -> Set[str]:
        return avoid

    def typed(self, text: str) -> list[str]:
        return self.tokens(text.strip())

    def sizes(self, corpus: Corpus) -> tuple[int, int]:
        lines = corpus.lines
        tokens = int((lines["stop"] - lines["start"]).sum()) + len(lines)
        return tokens, int((corpus.counts("all") > 1).sum())

    def defaults(self, minutes: float | None, epochs: float | None) -> Defaults:
        return Defaults(
            units=256,
            embedding=128,
            tied=True,
            batch=32,
            time=35,
            vocabulary_limit=20_000,
            dropout=0.5,
            recurrent_gap=0.2,
        )


class _WordSpeller(Speller):
    """Knows whether a space or a capital is due.

    >>> speller = Words().speller("")
    >>> "".join(map(speller.spell, ["j'", "suis", "là", "<line>", "dis", "-le", "<song>"]))
    "J'suis là\\nDis-le"
    """

    def __init__(self, before: str) -> None:
        self._capital = not before.rsplit("\n", 1)[-1].strip()
        self._glued = is_open(before)

    def spell(self, token: str) -> str:
        if token == _LINE:
            self._glued = self._capital = True
            return "\n"
        if token == SPECIALS[SONG]:
            return ""
        text = token[:1].upper() + token[1:] if self._capital else token
        if not (self._glued or token.startswith("-")):
            text = " " + text
        self._glued, self._capital = is_clitic(token), False
        return text
