"""Byte-pair encoding of chunks of text, capitals put aside: how a text is cut into pieces (`subword_units`).

A chunk is a word with its apostrophe and the space after it, one figure, or signs in a row with theirs: a piece never
stands in two words. The space at the end of a chunk tells whether a word goes on; the end of a line counts as one. A
capital is a token of its own before the word that it begins or fills, so that *J'* and *j'* are one word (the capital
conversion of text compressors; Skibiński et al. 2005). The text can be rebuilt exactly.

The pieces alone say how a chunk is cut: neighbours are joined in the order of the vocabulary (Sennrich et al. 2016).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import pairwise

from pipeline.core.errors import SettingError

CAPITAL, CAPITALS = "<capital>", "<capitals>"
LONGEST = 16  # characters of a piece
SAMPLE = 2_000_000  # chunks that pieces are chosen by: of more, each counts for its share
_LETTER = re.compile(r"[^\W\d_]")
_CHUNK = re.compile(r"[^\W\d_]+'? ?|\d ?|[^\w\s]+ ?|.", re.DOTALL)
_SPACE = "\u2581"  # how SentencePiece writes a space


def chunks(line: str) -> Iterator[tuple[str, str]]:
    """Yield each chunk of a line with its capital taken away, and the capital: a token or "".

    >>> list(chunks("J'vois PARIS."))
    [("j'", '<capital>'), ('vois ', ''), ('paris', '<capitals>'), ('. ', '')]
    """
    return map(_without_capital, _CHUNK.findall(line if line[-1:] in ("", "'") else line + " "))


@lru_cache(maxsize=1 << 18)
def _without_capital(chunk: str) -> tuple[str, str]:
    lowered = chunk.lower()
    if lowered == chunk:
        return chunk, ""
    if with_capital(lowered, CAPITAL) == chunk:
        return lowered, CAPITAL
    return (lowered, CAPITALS) if lowered.upper() == chunk else (chunk, "")


def is_letter(character: str) -> bool:
    """Whether it may stand in a word's chunk."""
    return _LETTER.match(character) is not None


def with_capital(text: str, capital: str) -> str:
    """Return a piece or word as its capital writes it."""
    return text.upper() if capital == CAPITALS else text[:1].upper() + text[1:] if capital else text


def count_chunks(texts: Iterable[str]) -> Counter[str]:
    """Count the chunks of texts, capitals put aside."""
    return Counter(chunk for text in texts for line in text.split("\n") for chunk, _ in chunks(line))


def merged_pieces(counts: Mapping[str, int], size: int) -> list[str]:
    """Return the pieces of several characters that join the most frequent neighbours, in their order.

    size: how many pieces there are to be, single characters among them. Fewer are returned where the chunks have no
    more. Raises SettingError without SentencePiece, which comes with the extra `train`.
    """
    try:
        import sentencepiece
    except ImportError as error:
        raise SettingError(
            "Sub-word units need SentencePiece, which is not installed: `pip install 'seize[train]'`."
        ) from error
    model, scale = BytesIO(), max(1.0, sum(counts.values()) / SAMPLE)
    rows = sorted((chunk, round(n / scale)) for chunk, n in counts.items() if chunk.strip())
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(chunk.replace(" ", _SPACE) for chunk, n in rows for _ in range(n)),
        model_writer=model, model_type="bpe", vocab_size=size, hard_vocab_limit=False, character_coverage=1.0,
        max_sentencepiece_length=LONGEST, num_threads=1, normalization_rule_name="identity", add_dummy_prefix=False,
        remove_extra_whitespaces=False, split_by_unicode_script=False, split_by_number=False, split_by_whitespace=False,
        split_digits=False, treat_whitespace_as_suffix=True, bos_id=-1, eos_id=-1, minloglevel=2,
    )  # fmt: skip
    trained = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = (trained.id_to_piece(at).replace(_SPACE, " ") for at in range(trained.get_piece_size()))
    return [piece for piece in pieces if len(piece) > 1 and piece != "<unk>"]


class BytePairs:
    """Cuts chunks by the rank of pieces; keeps what it has cut."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._rank = {piece: rank for rank, piece in enumerate(pieces)}
        self._known: dict[str, tuple[str, ...]] = {}

    def cut(self, chunk: str) -> tuple[str, ...]:
        """Return the pieces of a chunk; a character without a piece is one of its own.

        >>> BytePairs(["ou", "ui", "oui"]).cut("ouille")
        ('oui', 'l', 'l', 'e')
        """
        found = self._known.get(chunk)
        if found is None:
            if len(self._known) > 500_000:
                self._known.clear()
            found = self._known[chunk] = self._cut(chunk)
        return found

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
