"""What a line must do (rhyme, have so many syllables, hold or avoid words), and what it lacks of that: a code and
values, which become a sentence where somebody reads it. Says what is asked, not how it is met.

The words that clean language does without stand in data/lexicons/coarse.tsv.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from pipeline.core.errors import SettingError
from pipeline.core.translation import mark, t
from pipeline.generation.sampling import check_range
from pipeline.language.lexicons import read_word_table
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import RHYME_KINDS, compare_rhyme
from pipeline.language.rhythm import BEAT, STEPS, place_line_in_bars
from pipeline.language.scheme import UNRHYMED_LETTER, end_word, rhyme_group_letter
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import detokenise, tokenise

Richness = str  # a name of `pipeline.language.rhyme.RHYME_KINDS`
FREE_SCHEME = "free"
LONGEST_SCHEME = 64  # letters: those of a section
LONGEST_PHRASE = 16  # words, more than a line has: one of thousands is written for minutes
Phrase = tuple[str, ...]  # tokens in a row


@dataclass(frozen=True, kw_only=True)
class Constraints:
    """Constraints on every line of a text; the defaults only ask for lines that are not copied from the corpus.

    scheme          letters, one a line, used again for each group of lines (AABB, ABAB, ABBA, AAAA; X rhymes with
                    nothing), or "free"
    rhyme_with      a word or phrase that every line rhymes with, instead of a scheme
    richness        the poorest rhyme accepted; multi2 to multi4: that many last vowels alike
    syllables       spoken syllables a line, give or take `tolerance`; None: any number
    rhyme_beat      the beat of the bar, 1 to 4, that the rhyme falls on (`language.rhythm`); None: any
    use, avoid      words or phrases that the text must hold, and those that it must not
    end_words       the last word of each of the first lines of the text (bouts-rimés), in place of a rhyme
    clean           no coarse words (data/lexicons/coarse.tsv)

    Raises SettingError outside these ranges.
    """

    scheme: str = FREE_SCHEME
    rhyme_with: str = ""
    richness: Richness = "suffisante"
    syllables: int | None = None
    tolerance: int = 0
    rhyme_beat: int | None = None
    use: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    end_words: tuple[str, ...] = ()
    clean: bool = False

    def __post_init__(self) -> None:
        if self.scheme != FREE_SCHEME and not (
            self.scheme.isascii() and self.scheme.isalpha() and self.scheme.isupper()
        ):
            raise SettingError(
                "The rhyme scheme is {scheme!r}: use capitals such as AABB, ABAB, ABBA, or free.", scheme=self.scheme
            )
        if len(self.scheme) > LONGEST_SCHEME:
            raise SettingError(
                "The rhyme scheme has {count} letters: use at most {most}.",
                count=len(self.scheme),
                most=LONGEST_SCHEME,
            )
        if self.richness not in RHYME_KINDS:
            raise SettingError(
                "The minimum rhyme is {richness!r}: choose one of {known}.",
                richness=self.richness,
                known=", ".join(RHYME_KINDS),
            )
        if self.syllables is not None:
            check_range(mark("number of syllables"), self.syllables, 2, 30)
        if self.rhyme_beat is not None:
            check_range(mark("beat of the rhyme"), self.rhyme_beat, 1, STEPS // BEAT)
            if self.syllables is not None and self.syllable_range[0] > self.syllable_range[1]:  # type: ignore[index]
                raise SettingError(
                    "A line of {count} syllables cannot have its rhyme on beat {beat}: use at most {most} syllables, "
                    "or a later beat.",
                    count=self.syllables,
                    beat=self.rhyme_beat,
                    most=self.syllable_range[1],  # type: ignore[index]
                )
        for word in (*self.use, *self.avoid):
            if not tokenise(word):
                raise SettingError("A word to include or avoid is empty, “{word}”: give a word or a phrase.", word=word)
        for word in self.end_words:
            if len(tokenise(word)) != 1:
                raise SettingError("A line cannot end with “{word}”: give one word for each line.", word=word)
        if long := [phrase for phrase in tokenised_phrases((*self.use, *self.avoid)) if len(phrase) > LONGEST_PHRASE]:
            raise SettingError(
                "A phrase to include or avoid has {count} words: use at most {most}, since it must fit in one line.",
                count=len(long[0]),
                most=LONGEST_PHRASE,
            )
        if both := set(tokenised_phrases(self.use)) & set(tokenised_phrases(self.avoid)):
            raise SettingError(
                "“{words}” is both to be included and avoided: remove it from one list.",
                words=detokenise(min(both)),
            )
        check_range(mark("tolerance in syllables"), self.tolerance, 0, 10)

    @property
    def syllable_range(self) -> tuple[int, int] | None:
        """Fewest and most syllables of a line; None when any number is allowed."""
        if self.syllables is None and self.rhyme_beat is None:
            return None
        room = 40 if self.rhyme_beat is None else BEAT * (self.rhyme_beat - 1) + 1  # a syllable a step up to the rhyme
        if self.syllables is None:
            return 1, room
        return max(1, self.syllables - self.tolerance), min(self.syllables + self.tolerance, room)


def tokenised_phrases(words: Iterable[str]) -> list[Phrase]:
    """Return each different word or phrase as a tuple of its tokens.

    >>> tokenised_phrases(["Nuit", "l’amour", "nuit"])
    [('nuit',), ("l'", 'amour')]
    """
    return list(dict.fromkeys(tuple(tokenise(word)) for word in words))


def contains_phrase(words: Sequence[str], phrase: Phrase) -> bool:
    """Return whether these words contain the tokens of a phrase one after another."""
    size = len(phrase)
    return any(tuple(words[at : at + size]) == phrase for at in range(len(words) - size + 1))


def rhyme_letters(scheme: str, lines: int) -> list[str]:
    """Return the rhyme letter of each line of a text with this scheme, a new one per rhyme; "" for a free line (X).

    >>> "".join(rhyme_letters("ABAB", 8)), rhyme_letters("XAXA", 4)
    ('ABABCDCD', ['', 'A', '', 'A'])
    """
    if scheme == FREE_SCHEME:
        return [""] * lines
    letters, names = [], dict[tuple[int, str], str]()
    for line in range(lines):
        group, at = divmod(line, len(scheme))
        key = (group, scheme[at])
        letters.append("" if scheme[at] == UNRHYMED_LETTER else names.setdefault(key, rhyme_group_letter(len(names))))
    return letters


@cache
def coarse_words() -> frozenset[str]:
    """Return the coarse words, in lower case, that clean language avoids. Raises SourceError without their table."""
    return frozenset(word for word, _ in read_word_table("coarse.tsv", 2))


def unwanted_tokens(avoid: Iterable[Phrase], *, clean: bool) -> frozenset[str]:
    """Return the tokens that lines may not contain: the phrases in `avoid` of one word, and coarse words if `clean`."""
    return frozenset(phrase[0] for phrase in avoid if len(phrase) == 1) | (coarse_words() if clean else frozenset())


# code -> (English template, type of each value)
_CODES: dict[str, tuple[str, dict[str, type]]] = {
    "no-line": (mark("no line could be written here"), {}),
    "no-words": (mark("no words"), {}),
    "syllables": (mark("{count} syllables instead of {least} to {most}"), {"count": int, "least": int, "most": int}),
    "off-beat": (mark("the rhyme does not fall on beat {beat}"), {"beat": int}),
    "no-rhyme": (mark("does not rhyme ({richness} or better) with “{answer}”"), {"richness": str, "answer": str}),
    "no-end-word": (mark("does not end with “{word}”"), {"word": str}),
    "never-together": (mark("“{words}”: never side by side in the model's training text"), {"words": str}),
    "phrase-missing": (mark("does not contain “{phrase}”"), {"phrase": str}),
    "phrase-missing-in-text": (mark("the text does not contain “{phrase}”"), {"phrase": str}),
    "phrase-avoided": (mark("contains “{phrase}”"), {"phrase": str}),
    "corpus-line": (mark("a line of the corpus"), {}),
    "corpus-words": (mark("{count} consecutive words from the corpus"), {"count": int}),
    "repeated-line": (mark("repeats a line"), {}),
}
VIOLATION_CODES = tuple(_CODES)


@dataclass(frozen=True)
class Violation:
    """A constraint that is not met. Raises ValueError for an unknown code, or values that do not belong to the code."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        types = _CODES[self.code][1] if self.code in VIOLATION_CODES else None
        if types is None or {name: type(value) for name, value in self.values.items()} != types:
            raise ValueError(f"{self.code!r} with {dict(self.values)!r} is no violation.")

    @property
    def is_copy(self) -> bool:
        """Whether the violation is that the line copies words of the training text."""
        return self.code in ("corpus-line", "corpus-words")


FORM_CODES = ("syllables", "off-beat", "no-rhyme")


def form_violations(text: str, answer: str, constraints: Constraints, sounds: Pronunciations) -> Iterator[Violation]:
    """Yield the violations of the form of a line (`FORM_CODES`): its syllables, its beat, its rhyme with the line
    `answer` if that is not ""."""
    scanned = scan_line(text, sounds)
    count, allowed, beat = scanned.syllables.spoken, constraints.syllable_range, constraints.rhyme_beat
    if allowed and not allowed[0] <= count <= allowed[1]:
        yield Violation("syllables", {"count": count, "least": allowed[0], "most": allowed[1]})
    if beat is not None and not place_line_in_bars(text, scanned, beat).fits_beat(beat):
        yield Violation("off-beat", {"beat": beat})
    if answer and not (
        end_word(scanned) != end_word(scan_line(answer, sounds))
        and RHYME_KINDS[constraints.richness].includes_rhyme(compare_rhyme(answer, text, sounds))
    ):
        yield Violation("no-rhyme", {"richness": constraints.richness, "answer": answer})


def violation_text(violation: Violation) -> str:
    """Return the phrase, in the reader's language, that says which constraint a line violates.

    >>> violation_text(Violation("syllables", {"count": 9, "least": 11, "most": 13}))
    '9 syllables instead of 11 to 13'
    """
    values = violation.values
    if violation.code == "syllables" and values["least"] == values["most"]:
        return t("{count} syllables instead of {least}", **values)
    return t(_CODES[violation.code][0], **values)


def missing_phrase_violation(phrase: Phrase, *, in_text: bool = False) -> Violation:
    """Return the violation of a line, or of the whole text, that a required phrase is missing."""
    return Violation("phrase-missing-in-text" if in_text else "phrase-missing", {"phrase": detokenise(phrase)})
