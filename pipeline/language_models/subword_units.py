"""Sub-words: byte-pair encoding of chunks of text, capitals put aside.

A chunk is a word with its apostrophe and the space after it, one figure, or signs in a row with theirs: a piece never
stands in two words. The space at the end of a chunk tells whether a word goes on; the end of a line counts as one. A
capital is a token of its own before the word that it begins or fills, so that *J'* and *j'* are one word (the capital
conversion of text compressors; Skibiński et al. 2005). The text can be rebuilt exactly.

The pieces alone say how a chunk is cut: neighbours are joined in the order of the vocabulary (Sennrich et al. 2016).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from io import BytesIO
from itertools import pairwise

import numpy as np

from pipeline.core.errors import SettingError
from pipeline.core.translation import mark
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import Span, detokenise
from pipeline.language.vocabulary import LINE, SONG, SPECIALS, Vocabulary
from pipeline.language_models.control_tokens import control_tokens_of
from pipeline.language_models.unit_contract import Detokeniser, TrainingDefaults, WordParts, needs_no_space_after

CAPITAL, CAPITALS = "<capital>", "<capitals>"
MAX_PIECE_LENGTH = 16  # characters of a piece
CLOSING = tuple(",.)…")  # signs before which French has no space
MAX_SAMPLED_CHUNKS = 2_000_000  # chunks that pieces are chosen by: of more, each counts for its share
_LETTER = re.compile(r"[^\W\d_]")
_CHUNK = re.compile(r"[^\W\d_]+'? ?|\d ?|[^\w\s]+ ?|.", re.DOTALL)
_SPACE = "\u2581"  # how SentencePiece writes a space


def split_chunks(line: str) -> Iterator[tuple[str, str]]:
    """Yield (lower-case chunk, capital token or "") for each chunk of a line: a word with its space, a digit, or signs.

    >>> list(split_chunks("J'vois PARIS."))
    [("j'", '<capital>'), ('vois ', ''), ('paris', '<capitals>'), ('. ', '')]
    """
    return map(_split_capital, _CHUNK.findall(line if line[-1:] in ("", "'") else line + " "))


@lru_cache(maxsize=1 << 18)
def _split_capital(chunk: str) -> tuple[str, str]:
    lowered = chunk.lower()
    if lowered == chunk:
        return chunk, ""
    if with_capital(lowered, CAPITAL) == chunk:
        return lowered, CAPITAL
    return (lowered, CAPITALS) if lowered.upper() == chunk else (chunk, "")


def is_letter(character: str) -> bool:
    """Return whether a character is a letter, as words are made of."""
    return _LETTER.match(character) is not None


def with_capital(text: str, capital: str) -> str:
    """Return a text with its first letter (`<capital>`) or all letters (`<capitals>`) in upper case."""
    return text.upper() if capital == CAPITALS else text[:1].upper() + text[1:] if capital else text


def count_chunks(texts: Iterable[str]) -> Counter[str]:
    """Return how often each lower-case chunk (a word with the space after it, a figure, signs) occurs in texts."""
    return Counter(chunk for text in texts for line in text.split("\n") for chunk, _ in split_chunks(line))


def learn_merges(counts: Mapping[str, int], size: int) -> list[str]:
    """Return the sub-words of a byte-pair encoding in the order of their merges, learnt from counts of chunks.

    size: entries of the encoding, single characters included, which are not returned. Raise SettingError without
    SentencePiece, which comes with the extra `train`.
    """
    try:
        import sentencepiece
    except ImportError as error:
        raise SettingError(
            "Subword units need SentencePiece, which is not installed: `pip install 'seize[train]'`."
        ) from error
    model, scale = BytesIO(), max(1.0, sum(counts.values()) / MAX_SAMPLED_CHUNKS)
    rows = sorted((chunk, round(n / scale)) for chunk, n in counts.items() if chunk.strip())
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(chunk.replace(" ", _SPACE) for chunk, n in rows for _ in range(n)),
        model_writer=model, model_type="bpe", vocab_size=size, hard_vocab_limit=False, character_coverage=1.0,
        max_sentencepiece_length=MAX_PIECE_LENGTH, num_threads=1, normalization_rule_name="identity",
        add_dummy_prefix=False, remove_extra_whitespaces=False, split_by_unicode_script=False, split_by_number=False,
        split_by_whitespace=False, split_digits=False, treat_whitespace_as_suffix=True, bos_id=-1, eos_id=-1,
        minloglevel=2,
    )  # fmt: skip
    trained = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = (trained.id_to_piece(at).replace(_SPACE, " ") for at in range(trained.get_piece_size()))
    return [piece for piece in pieces if len(piece) > 1 and piece != "<unk>"]


class BytePairs:
    """A byte-pair encoding, which cuts chunks of text into sub-words, given in the order of their merges."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._rank = {piece: rank for rank, piece in enumerate(pieces)}
        self._pieces_of: dict[str, tuple[str, ...]] = {}

    def cut_chunk(self, chunk: str) -> tuple[str, ...]:
        """Return the sub-words of a chunk; characters that no merge joins stay alone.

        >>> BytePairs(["ou", "ui", "oui"]).cut_chunk("ouille")
        ('oui', 'l', 'l', 'e')
        """
        pieces = self._pieces_of.get(chunk)
        if pieces is None:
            if len(self._pieces_of) > 500_000:
                self._pieces_of.clear()
            pieces = self._pieces_of[chunk] = self._cut(chunk)
        return pieces

    def _cut(self, chunk: str) -> tuple[str, ...]:
        parts, last = list(chunk), len(self._rank)
        while len(parts) > 1:
            ranks = [self._rank.get(left + right, last) for left, right in pairwise(parts)]
            best = min(ranks)
            if best == last:
                break
            at = ranks.index(best)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return tuple(parts)


DEFAULT_VOCABULARY_SIZE = 2048  # entries of a vocabulary that is not told its size
_LINE_TOKEN = SPECIALS[LINE]
_CAPITAL_TOKENS = (CAPITAL, CAPITALS)
_CHARACTERS_A_TOKEN = 3.0  # about, of lyrics in 2,048 to 4,096 pieces


class Subwords(WordParts):
    """Units that are the sub-words of a vocabulary; without one, only methods that need no vocabulary work."""

    key, noun, counts_contexts = "subword", mark("subword"), False
    ngram_orders, cache_order = range(3, 9), 10
    uses_end_words = True

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._entries = () if vocabulary is None else vocabulary.index2word

    @cached_property
    def _pieces(self) -> BytePairs:
        return BytePairs(
            [entry for entry in self._entries if len(entry) > 1 and entry not in (*SPECIALS, *_CAPITAL_TOKENS)]
        )

    def tokenise(self, text: str) -> list[str]:
        """Return the sub-words of a text, a token before each capital, `<line>` at each end of line.

        >>> entries = (*SPECIALS, *_CAPITAL_TOKENS, *"aeijrvs' ", "j'", "ar", "ri", "ve", "ve ")
        >>> Subwords(Vocabulary(entries, np.zeros(20))).tokenise("J'arrive\\n")
        ['<capital>', "j'", 'ar', 'ri', 've ', '<line>']
        """
        return [token for line in text.split("\n") for token in (*self._cut_line(line), _LINE_TOKEN)][:-1]

    def _cut_line(self, line: str) -> Iterator[str]:
        for chunk, capital in split_chunks(line):
            if capital:
                yield capital
            yield from self._pieces.cut_chunk(chunk)

    def token_spans(self, text: str) -> Iterator[Span]:
        at = 0
        for token in self.tokenise(text):
            stop = at + (0 if token in _CAPITAL_TOKENS else 1 if token == _LINE_TOKEN else len(token))
            if token.endswith(" ") and text[stop - 1 : stop] != " ":
                stop -= 1  # the space that the end of a line stands for
            yield Span(token, at, stop)
            at = stop

    def detokenise(self, tokens: Sequence[str]) -> str:
        detokeniser = _SubwordDetokeniser("")
        return "".join("\n" if token == SPECIALS[SONG] else detokeniser.decode_token(token) for token in tokens)

    def detokeniser(self, before: str) -> Detokeniser:
        return _SubwordDetokeniser(before)

    def append_tokens(self, before: str, tokens: Sequence[str]) -> str:
        """Return a line with tokens appended, and a space where one is needed before a word."""
        detokeniser = _SubwordDetokeniser(before)
        return before + "".join(map(detokeniser.decode_token, tokens)) + detokeniser.due

    def phrase_tokens(self, words: Sequence[str]) -> list[str]:
        return [token for token in self._cut_line(detokenise(words)) if token not in _CAPITAL_TOKENS]

    def phrase_tokens_with_trailing_space(self, words: Sequence[str]) -> list[str]:
        return self.phrase_tokens(words)

    def banned_tokens(self, avoid: Set[str]) -> Set[str]:
        return self._entries_with_brackets

    @cached_property
    def _entries_with_brackets(self) -> Set[str]:
        return {entry for entry in self._entries if not self.hiding.isdisjoint(entry)}

    def token_and_type_counts(self, corpus: Corpus) -> tuple[int, int]:
        lines = corpus.texts
        return int(lines.str.len().sum() / _CHARACTERS_A_TOKEN) + len(lines) + len(
            corpus.sections
        ), DEFAULT_VOCABULARY_SIZE

    def default_settings(self, minutes: float | None, epochs: float | None) -> TrainingDefaults:
        return TrainingDefaults(
            units=512,
            embedding=256,
            tied=True,
            batch=64,
            time=50,
            vocabulary_limit=DEFAULT_VOCABULARY_SIZE,
            dropout=0.4,
            recurrent_gap=0.1,
        )

    def vocabulary(self, texts: Sequence[str], *, minimum: int = 2, limit: int | None = None) -> Vocabulary:
        """Return the vocabulary of training texts: characters by falling count, then sub-words as merged."""
        counts = count_chunks(texts)
        letters = _frequent_characters(counts, minimum)
        pieces = learn_merges(counts, (limit or DEFAULT_VOCABULARY_SIZE) - len(SPECIALS) - len(_CAPITAL_TOKENS))
        return _vocabulary_with_counts(
            (*SPECIALS, *_CAPITAL_TOKENS, *letters, *(p for p in pieces if set(p) <= set(letters))), counts
        )

    def extend_vocabulary(self, base: Vocabulary, texts: Sequence[str], *, limit: int | None = None) -> Vocabulary:
        """Return `base` extended by the characters that it lacks; it cuts every text as before."""
        counts = count_chunks(texts)
        entries = [entry for entry in base.index2word if entry not in control_tokens_of(base)]
        return _vocabulary_with_counts(
            (*entries, *(letter for letter in _frequent_characters(counts, 2) if letter not in base)), counts
        )


def _frequent_characters(counts: Counter[str], minimum: int) -> list[str]:
    """Return the characters seen at least `minimum` times, by falling count, then by code point."""
    letters = Counter[str]()
    for chunk, count in counts.items():
        for letter in chunk:
            letters[letter] += count
    return sorted((c for c, n in letters.items() if n >= minimum), key=lambda c: (-letters[c], c))


def _vocabulary_with_counts(entries: Sequence[str], counts: Counter[str]) -> Vocabulary:
    """Return the vocabulary of these sub-words with their frequencies in the text chunks that `counts` counts."""
    pieces = Counter[str]()
    units = Subwords(Vocabulary(tuple(entries), np.zeros(len(entries), np.int32), "subword"))
    for chunk, count in counts.items():
        for piece in units._pieces.cut_chunk(chunk):
            pieces[piece] += count
    return Vocabulary(tuple(entries), np.array([pieces[entry] for entry in entries], np.int32), "subword")


@lru_cache(maxsize=8)
def subwords_of(vocabulary: Vocabulary) -> Subwords:
    """Return the sub-word units of a vocabulary; those of the last eight vocabularies are cached."""
    return Subwords(vocabulary)


class _SubwordDetokeniser(Detokeniser):
    """A detokeniser that writes sub-words with the space and the capital that belong before each.

    >>> tokens = ["j'", "ai ", "<capitals>", "vu", ", ", "<line>", "<capital>", "là ", "<song>"]
    >>> "".join(map(_SubwordDetokeniser("Hier").decode_token, tokens))
    " j'ai VU,\\nLà"
    >>> _SubwordDetokeniser("On a monté").decode_token(", ")
    ','
    """

    def __init__(self, before: str) -> None:
        self.due = "" if needs_no_space_after(before) else " "
        self._capital, self._is_first = "", True

    def decode_token(self, token: str) -> str:
        if token in _CAPITAL_TOKENS:
            self._capital = token
            return ""
        if token in (_LINE_TOKEN, SPECIALS[SONG]):
            self.due = self._capital = ""
            return "\n" if token == _LINE_TOKEN else ""
        bare, space, begins, ends = _split_piece(token)
        if self._is_first and bare[:1] in CLOSING:
            self.due = ""  # the end of a seed counts as a space to the model, and a comma stands right after the seed
        text = self.due + (with_capital(bare, self._capital) if begins else bare)
        self.due, self._is_first = space, False
        if self._capital and not (begins and ends and self._capital == CAPITALS):
            self._capital = ""
        return text


@lru_cache(maxsize=1 << 16)
def _split_piece(token: str) -> tuple[str, str, bool, bool]:
    """Return a sub-word without its final space, that space, and whether it begins and ends with a letter."""
    bare = token.removesuffix(" ")
    return bare, token[len(bare) :], is_letter(token[0]), is_letter(token[-1])
