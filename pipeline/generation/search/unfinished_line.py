"""A line while it is drawn: where it begins, what it has to meet, the tokens so far, and the next token of many rows.

A line may be a template, words and holes: the given words are written by force, the holes are drawn. A plain line is
one hole. Knows nothing of songs and of how a line ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.constraints import Phrase, contains_phrase
from pipeline.generation.context import Context, ContextBatch, space_before_next_word
from pipeline.generation.own_line import Template
from pipeline.generation.sampling import Generator, SamplingSettings
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.endings import Key
from pipeline.generation.word_bonus import WordBonus
from pipeline.language.ipa import vowels_of
from pipeline.language.rhyme import line_phone_variants
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import detokenise, tokenise
from pipeline.language.vocabulary import LINE, PAD, SONG, UNK, Vocabulary
from pipeline.language_models.control_tokens import control_tokens_of

FREE_SYLLABLE_RANGE = (5, 15)  # syllables of a line when none are asked for: 5 to 95 % of the embedded corpus
ONE_HOLE: Template = (None,)


@dataclass(frozen=True, kw_only=True)
class LineConstraints:
    """Constraints on one line: endings (indices in `Endings`), syllables, words to avoid, a phrase to include.

    `endings_after` has more endings, for lines that already end on such vowels: a multi across words.
    """

    endings: tuple[int, ...] = ()
    endings_after: Mapping[Key, tuple[int, ...]] = field(default_factory=dict)
    syllables: tuple[int, int] = FREE_SYLLABLE_RANGE
    avoid: frozenset[str] = frozenset()
    include: Phrase = ()


@dataclass(frozen=True, kw_only=True)
class LineSearch:
    """A search for one line: the `context` where it begins, its constraints, and how its tokens are drawn.

    opening         how the first tokens of a line are drawn
    template        the words and holes of the line
    end_tokens      the control tokens that the model read last: the word that ends the line
    end_word_log_p  the log-probability of that
    end_word        the word, "" for none; the line has it at its end alone
    """

    index: ConstraintIndex
    context: Context
    constraints: LineConstraints
    sampling: SamplingSettings
    opening: SamplingSettings
    rng: Generator
    bonus: WordBonus | None = None
    template: Template = ONE_HOLE
    end_tokens: tuple[int, ...] = ()
    end_word_log_p: float = 0.0
    end_word: str = ""

    def has_avoided_pair(self, text: str, words: int = 1) -> bool:
        """Return whether one of the last `words` words of a text forms an avoided pair with the word before it."""
        chunk = text.rfind(" ", 0, -1)
        last = tokenise(text[text.rfind(" ", 0, max(chunk, 0)) + 1 :])  # those of two chunks
        return not self.index.avoided_word_pairs.isdisjoint(pairwise(last[-words - 1 :]))

    @cached_property
    def forbidden_token_mask(self) -> Any:
        """A mask `(V,)` to add to logits: -inf for the end of the line and for words to avoid, 0 for other tokens."""
        index = self.index.vocabulary.word2index
        words = self.index.modelling_units.banned_tokens(self.constraints.avoid)
        banned = [index[word] for word in words if word in index]
        return forbidden_mask(self.index.vocabulary, (LINE, SONG, *banned))

    @cached_property
    def mask_allowing_line_end(self) -> Any:
        """A mask `(V,)` like `forbidden_token_mask`, in which the line may end."""
        mask = self.forbidden_token_mask.copy()
        mask[LINE] = 0
        return mask

    @cached_property
    def user_words(self) -> frozenset[str]:
        """The visitor's own words, whose spelling is not checked."""
        given = filter(None, self.template)
        return frozenset((*tokenise(self.context.before), *self.constraints.include, *given))

    def last_word_syllable_range(self, text: str, *, checked: bool) -> tuple[int, int] | None:
        """Return the fewest and most syllables for a last word after this text; None if the line must be given up.

        It is when there is no room left, or its last word is misspelled, unwanted or cannot stand there.
        """
        words = tokenise(text[text.rfind(" ", 0, -1) + 1 :])  # those of the last chunk
        if checked:
            spelled = self.index.accepted_words.issuperset(word for word in words if word not in self.user_words)
            wanted = self.constraints.avoid.isdisjoint(words) and self.end_word not in words
            if not (spelled and wanted) or self.has_avoided_pair(text, len(words)):
                return None
        so_far = self.index.spoken_syllables(text)
        fewest, most = (syllables - so_far for syllables in self.constraints.syllables)
        return None if most < 1 else (max(1, fewest), most)

    def allowed_endings(self, text: str) -> tuple[int, ...]:
        """Return the words that may end the line after this text, as indices in `Endings`."""
        constraints = self.constraints
        if not constraints.endings_after:
            return constraints.endings
        vowels = vowels_of(line_phone_variants(scan_line(text, self.index.pronunciations))[0])
        more = [words for before, words in constraints.endings_after.items() if vowels[-len(before) :] == before]
        return tuple(chain(constraints.endings, *more)) if more else constraints.endings


def forbidden_mask(vocabulary: Vocabulary, banned: Sequence[int]) -> Any:
    """Return a mask to add to logits `(V,)`: -inf for padding, unknown, control and `banned` tokens, 0 for others."""
    mask = np.zeros(len(vocabulary), np.float32)
    mask[[PAD, UNK, *banned, *map(vocabulary.word2index.__getitem__, control_tokens_of(vocabulary))]] = -np.inf
    return mask


@dataclass
class UnfinishedLine:
    """A line being written: its tokens and text, and the tokens of given words that are still to be appended.

    to_come     what of the template comes after the hole that is being filled
    given       the words before that hole
    hole_start  where in the text the hole begins; None while given words are written
    """

    search: LineSearch
    text: str
    to_come: Template = ()
    given: tuple[str, ...] = ()
    hole_start: int | None = None
    tokens: tuple[int, ...] = ()
    weight: float = 0.0  # log-probability of having kept to what was allowed: not to end, to spell known words
    log_p: tuple[float, ...] = ()  # of each token, as the model predicts it
    forced: list[int] = field(default_factory=list)
    decoded: tuple[str, int] = ("", 0)  # the text up to the word under way, and how many tokens that is

    @classmethod
    def from_search(cls, search: LineSearch) -> "UnfinishedLine":
        """Return the unfinished line, still empty, with which a search begins."""
        if search.template == ONE_HOLE:
            return cls(search, search.context.before, hole_start=len(search.context.before))
        line = cls(search, "", search.template)
        line.write_given_words()
        return line

    @property
    def hole_words(self) -> tuple[str, ...]:
        """The words drawn so far for the present hole."""
        return () if self.hole_start is None else tuple(tokenise(self.text[self.hole_start :]))

    def add_token(self, token: int, log_p: float, share: float) -> None:
        """Append a token with its log-probability; `share` is the log-probability of all tokens that were allowed."""
        units, vocabulary = self.search.index.modelling_units, self.search.index.vocabulary
        self.tokens, self.log_p, self.weight = (*self.tokens, token), (*self.log_p, log_p), self.weight + share
        before, read = self.decoded if self.decoded[1] else (self.search.context.before, 0)
        self.text = units.append_tokens(before, [vocabulary.index2word[each] for each in self.tokens[read:]])
        if units.spells and units.begins_word(self.text):  # what comes is written after that: fewer tokens to spell
            self.decoded = self.text, len(self.tokens)

    def write_given_words(self) -> None:
        """Queue the tokens of the given words up to the next hole or the end; they are appended without sampling."""
        self.given, self.hole_start = (*self.given, *self.hole_words), None
        text = self.text
        while self.to_come and (word := self.to_come[0]) is not None:
            self.forced += self._word_tokens(text, word)
            self.given, self.to_come = (*self.given, word), self.to_come[1:]
            text += space_before_next_word(text, word) + word
        if self.to_come and not text.endswith(" "):
            self.forced += self._word_tokens(text, "")

    def _word_tokens(self, line: str, word: str) -> list[int]:
        """Return the tokens that append a word to an unfinished line, with the token of a space before it if needed."""
        units, vocabulary = self.search.index.modelling_units, self.search.index.vocabulary
        if vocabulary.level == "char":
            return vocabulary.encode(list(space_before_next_word(line, word) + word)).tolist()
        return vocabulary.encode(units.phrase_tokens_with_trailing_space((word,)) if word else []).tolist()

    def begin_template_hole(self) -> None:
        """Begin the next hole of the template, whose words the model samples."""
        self.hole_start, self.to_come = len(self.text), self.to_come[1:]

    def lacks_phrase(self) -> bool:
        """Return whether the phrase that the line has to include is not in it yet."""
        phrase = self.search.constraints.include
        return bool(phrase) and not contains_phrase(tokenise(self.text), phrase)

    def force_phrase(self) -> None:
        """Queue the tokens of the phrase that the line has to include; they are appended without sampling."""
        index = self.search.index
        tokens = index.modelling_units.phrase_tokens_with_trailing_space(self.search.constraints.include)
        self.forced = index.vocabulary.encode(tokens).tolist()

    def finished_text(self, last: Sequence[int] = ()) -> str:
        """Return the text of the line with the tokens `last` appended. Words of the template keep their spelling."""
        index, before = self.search.index, self.search.context.before
        units, vocabulary = index.modelling_units, index.vocabulary
        if self.search.template != ONE_HOLE:
            end = units.detokenise([vocabulary.index2word[token] for token in last])
            return detokenise((*self.given, *self.hole_words, *tokenise(end)))
        words = [vocabulary.index2word[token] for token in (*self.tokens, *last)]
        return before + "".join(map(units.detokeniser(before).decode_token, words))


def draw_next_tokens(
    rows: Sequence[UnfinishedLine], read: ContextBatch, sampling: SamplingSettings, mask: Any, *, spelled: bool = True
) -> ContextBatch:
    """Draw a token for each row, append it, and return the model's predictions after it.

    mask     -inf for tokens that are never drawn, 0 for others `(V,)`
    spelled  whether rows keep to words that the run learnt from
    """
    search, normaliser = rows[0].search, log_sum_exp(read.logits)
    options = read.logits + mask
    for i, row in enumerate(rows):
        if row.search.bonus:
            options[i] += row.search.bonus.logit_adjustments(row.text)
    if spelled and search.index.spelling_constraint is not None:
        options, allowed = search.index.spelling_constraint.restrict_logits(options, [row.text for row in rows])
    else:
        allowed = log_sum_exp(options)
    drawn = sampling.sample(options, search.rng).tolist()
    tokens = [row.forced.pop(0) if row.forced else token for row, token in zip(rows, drawn, strict=True)]
    log_p = read.logits[range(len(rows)), tokens] - normaliser
    for row, token, share, expected in zip(rows, tokens, (allowed - normaliser).tolist(), log_p.tolist(), strict=True):
        row.add_token(token, expected, share)
    return read.feed_tokens(tokens)
