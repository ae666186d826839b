"""What a model reads and writes token by token: characters, words or sub-words. All that differs is in their classes.

Words are those of `language.tokens`: lower case, without punctuation.

    units = vocabulary_units(vocabulary)  # or UNITS["word"]
    ids = units.encode("J'arrive\\n", vocabulary)
    units.decode(ids, vocabulary)

In tokens an end of line is `<line>`, and `<song>` ends the song (and stands before the next, so that it also says "a
song begins"). Other units are a subclass of `unit_contract.Units` and a line in `UNITS`; its key is what configurations
and the command line call `level`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence, Set

from pipeline.core.translation import mark
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import Span, detokenise, is_clitic, token_spans, tokenise
from pipeline.language.vocabulary import LINE, SONG, SPECIALS, Ids, UnitLevel, Vocabulary
from pipeline.language_models.subword_units import Subwords, subwords_of
from pipeline.language_models.unit_contract import Detokeniser, TrainingDefaults, Units, WordParts, needs_no_space_after

_LINE_TOKEN = SPECIALS[LINE]


class Characters(WordParts):
    """Units that are the characters of the text."""

    key, noun, counts_contexts = "char", mark("character"), True
    ngram_orders, cache_order = range(5, 13), 20

    def tokenise(self, text: str) -> list[str]:
        return [_LINE_TOKEN if character == "\n" else character for character in text]

    def token_spans(self, text: str) -> Iterator[Span]:
        return (Span(token, at, at + 1) for at, token in enumerate(self.tokenise(text)))

    def detokenise(self, tokens: Sequence[str]) -> str:
        return "".join("\n" if token in SPECIALS[LINE:] else token for token in tokens)

    def detokeniser(self, before: str) -> Detokeniser:
        return _CharacterDetokeniser()

    def append_tokens(self, before: str, tokens: Sequence[str]) -> str:
        return before + "".join(tokens)

    def phrase_tokens(self, words: Sequence[str]) -> list[str]:
        return list(detokenise(words))

    def phrase_tokens_with_trailing_space(self, words: Sequence[str]) -> list[str]:
        return [*self.phrase_tokens(words), " "]

    def banned_tokens(self, avoid: Set[str]) -> Set[str]:
        return self.hiding

    def token_and_type_counts(self, corpus: Corpus) -> tuple[int, int]:
        lines = corpus.texts
        counts = Counter("".join(lines))
        ends = len(lines) + len(corpus.sections)
        return counts.total() + ends, sum(count > 1 for count in counts.values())

    def default_settings(self, minutes: float | None, epochs: float | None) -> TrainingDefaults:
        """Return default training settings; dropout, 0.05 to 0.5, rises with the number of times the text is read.

        Of the embedded songs 0.25 is best at 13 readings, 0.4 at 24 (docs/decisions/training.md).
        """
        dropout = 0.2 if epochs is None else round(min(0.5, 0.05 + 0.014 * epochs), 2)
        return TrainingDefaults(
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


class _CharacterDetokeniser(Detokeniser):
    def decode_token(self, token: str) -> str:
        return {_LINE_TOKEN: "\n", SPECIALS[SONG]: ""}.get(token, token)


class Words(Units):
    """Units that are the tokens of `pipeline.language.tokens`: words in lower case, without punctuation."""

    key, noun, complete = "word", mark("word"), False
    spells = counts_contexts = False
    ngram_orders, cache_order = range(2, 6), 6

    def tokenise(self, text: str) -> list[str]:
        """Return the words of a text, `<line>` at each end of line.

        >>> Words().tokenise("J'arrive\\n")
        ["j'", 'arrive', '<line>']
        """
        parts = [tokenise(part) for part in text.split("\n")]
        return [token for part in parts for token in (*part, _LINE_TOKEN)][:-1]

    def token_spans(self, text: str) -> Iterator[Span]:
        """Yield each word of a text with the index of its first character and that after its last.

        >>> [tuple(span) for span in Words().token_spans("J'arrive\\nlà")]
        [("j'", 0, 2), ('arrive', 2, 8), ('<line>', 8, 9), ('là', 9, 11)]
        """
        start = 0
        for part in text.split("\n"):
            yield from (Span(span.token, start + span.start, start + span.stop) for span in token_spans(part))
            start += len(part) + 1
            if start <= len(text):
                yield Span(_LINE_TOKEN, start - 1, start)

    def detokenise(self, tokens: Sequence[str]) -> str:
        lines = " ".join(tokens).replace(SPECIALS[SONG], _LINE_TOKEN).split(_LINE_TOKEN)
        return "\n".join(detokenise(line.split()) for line in lines)

    def detokeniser(self, before: str) -> Detokeniser:
        return _WordDetokeniser(before)

    def append_tokens(self, before: str, tokens: Sequence[str]) -> str:
        return f"{before} {detokenise(tokens)}"

    def begins_word(self, line: str) -> bool:
        return True

    def phrase_tokens(self, words: Sequence[str]) -> list[str]:
        return list(words)

    def phrase_tokens_with_trailing_space(self, words: Sequence[str]) -> list[str]:
        return list(words)

    def banned_tokens(self, avoid: Set[str]) -> Set[str]:
        return avoid

    def token_and_type_counts(self, corpus: Corpus) -> tuple[int, int]:
        lines = corpus.lines
        tokens = int((lines["stop"] - lines["start"]).sum()) + len(lines)
        return tokens, int((corpus.word_counts("all") > 1).sum())

    def default_settings(self, minutes: float | None, epochs: float | None) -> TrainingDefaults:
        return TrainingDefaults(
            units=256,
            embedding=128,
            tied=True,
            batch=32,
            time=35,
            vocabulary_limit=20_000,
            dropout=0.5,
            recurrent_gap=0.2,
        )


class _WordDetokeniser(Detokeniser):
    """A detokeniser that writes words with the space and the capital that belong before each.

    >>> detokeniser = Words().detokeniser("")
    >>> "".join(map(detokeniser.decode_token, ["j'", "suis", "là", "<line>", "dis", "-le", "<song>"]))
    "J'suis là\\nDis-le"
    """

    def __init__(self, before: str) -> None:
        self._capital = not before.rsplit("\n", 1)[-1].strip()
        self._glued = needs_no_space_after(before)

    def decode_token(self, token: str) -> str:
        if token == _LINE_TOKEN:
            self._glued = self._capital = True
            return "\n"
        if token == SPECIALS[SONG]:
            return ""
        text = token[:1].upper() + token[1:] if self._capital else token
        if not (self._glued or token.startswith("-")):
            text = " " + text
        self._glued, self._capital = is_clitic(token), False
        return text


CHARACTERS, WORDS, SUBWORDS = Characters(), Words(), Subwords()
UNITS: dict[UnitLevel, Units] = {units.key: units for units in (CHARACTERS, SUBWORDS, WORDS)}


def vocabulary_units(vocabulary: Vocabulary) -> Units:
    """Return the kind of units (characters, words or sub-words) that a vocabulary has as entries."""
    return subwords_of(vocabulary) if vocabulary.level == SUBWORDS.key else UNITS[vocabulary.level]


def encode_text(text: str, vocabulary: Vocabulary) -> Ids:
    """Return the token ids of a text, cut into the units of a vocabulary: int32 (n,); unknown tokens are `UNK`."""
    return vocabulary_units(vocabulary).encode(text, vocabulary)


def decode_ids(ids: Sequence[int] | Ids, vocabulary: Vocabulary) -> str:
    """Return the readable text of token ids, with capitals and spaces restored if the units omit them."""
    return vocabulary_units(vocabulary).decode(ids, vocabulary)
