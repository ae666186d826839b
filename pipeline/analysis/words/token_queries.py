"""The query language of corpora (CQL: CQP, NoSketch Engine, TXM), and regular expressions over a vocabulary.

    "nuit" [lemma="être"] [pos="ADJ|ADV"] []     tokens: by word, lemma, part of speech; any
    [word="n.*" & !(lemma="nuit" | pos="ADV")]   conditions combined
    [section="refrain" & artist="Kobalt"]        section (its kind), artist, title, album, year, and any facet
    "la"? []{0,2} ("la" "nuit"){2}               repeats of tokens and of groups; * and + stop at ten
    ("a" "b" | "c") "d"                          alternatives of sequences
    <l> "je" []* "nuit" </l>                     where a line (l), a section or a song begins and ends
    a:[] "et" b:[] :: a.word = b.word            conditions on labelled tokens
    "ete"%d                                      without accents (%c, without case, always holds)

Matches never cross the end of a line; of those that begin at a token the shortest counts. What cannot be read is
refused: MU (meet …), within and containing are CQP's and not understood. Patterns are those of visitors: their length
and the time for one word are bounded.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import NoReturn

import numpy as np
import regex

from pipeline.analysis.counting import (
    Ints,
    Mask,
    floats_to_whole_numbers,
    section_row_of_each_line,
    song_row_of_each_line,
)
from pipeline.analysis.variants import lemma, verb_lemma
from pipeline.core.errors import Sentence, SettingError
from pipeline.corpus.layers import TAGS, has_pos_tags, pos_tags
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import SPECIALS, Vocabulary

_MAX_REGEX_LENGTH = 300  # characters of a regular expression
_REGEX_TIMEOUT = 0.1  # seconds for one word: (a+)+b would otherwise hold the server for hours


def match_vocabulary(vocabulary: Vocabulary, test: Callable[[str], object], accents: bool) -> Mask:
    """Return bool[vocabulary]: the words that pass `test`. Raise SettingError when a test takes too long."""
    words = vocabulary.index2word
    keys = words if accents else map(without_accents, words)
    try:
        mask = np.fromiter((bool(test(key)) for key in keys), bool, len(words))
    except TimeoutError as error:
        raise SettingError("The pattern takes too long to match: avoid a repeat inside a repeat.") from error
    mask[: len(SPECIALS)] = False
    return mask


def compile_regex(pattern: str, accents: bool) -> Callable[[str], object]:
    """Return a function that matches a whole word. Raise SettingError for an invalid regular expression."""
    if len(pattern) > _MAX_REGEX_LENGTH:
        raise SettingError(
            "The regular expression is too long: {characters} characters, {longest} at most.",
            characters=len(pattern),
            longest=_MAX_REGEX_LENGTH,
        )
    try:
        compiled = regex.compile(pattern if accents else without_accents(pattern), regex.IGNORECASE)
    except (regex.error, OverflowError, ValueError, RecursionError) as error:
        raise SettingError(
            "The regular expression /{pattern}/ cannot be read: {reason}.",
            pattern=pattern,
            reason=_regex_error_reason(error),
        ) from error
    return partial(compiled.fullmatch, timeout=_REGEX_TIMEOUT)


def _regex_error_reason(error: Exception) -> str:
    if isinstance(error, regex.error) and error.pos is not None:
        return Sentence("{problem} at position {position}", problem=Sentence(error.msg), position=error.pos)
    return str(error)


def without_accents(word: str) -> str:
    """Return the word with plain letters and œ, æ spelt out.

    >>> without_accents("cœur é")
    'coeur e'
    """
    if word.isascii():
        return word
    without_ligatures = word.replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", without_ligatures) if not unicodedata.combining(c))


_LEXEME = re.compile(
    r'\s*(?:(?P<string>"(?:\\.|[^"\\])*")|(?P<times>\{\s*\d+\s*(?:,\s*\d*\s*)?\})|(?P<edge></?\w+>)|(?P<flags>%[cd]{1,2})'
    r"|(?P<name>\w+)|(?P<sign>!=|::|[][()=!&|?*+:.]))"
)
_QUERY_START_PATTERN = re.compile(r'\s*(?:\(\s*)*(?:\w+\s*:\s*)?(?:["\[]|</?(?:l|section|song)>)')
_CQL_FRAGMENT = re.compile(r'\[[^]]*\]|\{\s*\d|\w\s*!?=\s*"|</?(?:l|section|song)>|"\s*[?*+|]|::')
_FOREIGN_OPERATOR = re.compile(
    r'\b(?:MU|TAB)\s*(?=\()|\b(?:meet|union)\s*(?=[("\[])|(?<=[\]")}>])\s*\b(?:within|containing|expand|cut)\b'
)
_REGEX_METACHARACTER_PATTERN = re.compile(r"[][\\.^$*+?{}|()]")
_REPEAT_RANGE_BY_SIGN = {"?": (0, 1), "*": (0, 10), "+": (1, 10)}
_MOST, _WIDEST, _FORMS = 10, 20, 400  # times of one token, tokens of a match, sequences that a query stands for
_MAX_NESTING_DEPTH = 50  # parentheses and negations: each is a step of the reader's recursion
_TOKEN_ATTRIBUTES = ("word", "lemma", "pos")
_SONG_ATTRIBUTES = ("artist", "title", "album", "year")
_EDGE_UNITS = ("l", "section", "song")
TokenTest = Callable[["QueriedTokens"], Mask]  # bool[tokens]


@dataclass(frozen=True)
class QueriedTokens:
    """The tokens of a layer of a corpus, and masks over them: by word, lemma, part of speech, or song."""

    corpus: Corpus
    layer: Layer
    accents: bool

    @property
    def token_ids(self) -> Ints:
        """int[tokens]: the vocabulary index of each token."""
        return self.corpus.token_ids(self.layer)

    @cached_property
    def rows(self) -> Ints:
        """int[tokens]: the row in `corpus.lines` of each token's line."""
        return self.corpus.token_table(self.layer)[1]

    def attribute_codes(self, attribute: str) -> Ints:
        """Return int[tokens]: the word, lemma or pos of each, as a number. Raise SettingError if pos is missing."""
        if attribute == "pos":
            return replace(self.corpus, tokens=pos_tags(self.corpus).astype(np.int32)).token_ids(self.layer)
        if attribute == "word":
            return self.token_ids
        lemmas = [lemma(word) for word in self.corpus.vocabulary.index2word]
        return np.unique(lemmas, return_inverse=True)[1][self.token_ids]

    def attribute_mask(self, name: str, pattern: str, accents: bool) -> Mask:
        """Return bool[tokens]: where an attribute matches a pattern. Raise SettingError for an unknown attribute."""
        accents, vocabulary = accents and self.accents, self.corpus.vocabulary
        matches = compile_regex(pattern, accents or name == "pos")
        if name == "pos":
            return np.array([bool(matches(tag)) for tag in TAGS])[self.attribute_codes("pos")]
        if name == "word":
            return match_vocabulary(vocabulary, matches, accents)[self.token_ids]
        if name == "lemma":
            return self._lemma_mask(lambda own: matches(own if accents else without_accents(own)))
        values = self._attribute_of_each_line(name)
        distinct, codes = np.unique(values, return_inverse=True)
        hit = np.array([bool(matches(value if accents else without_accents(value))) for value in distinct.tolist()])
        return hit[codes][self.rows]

    def _lemma_mask(self, matches: Callable[[str], object]) -> Mask:
        """Return bool[tokens]: where the lemma matches. Without pos tags, any lemma of an ambiguous form counts."""
        vocabulary, ids = self.corpus.vocabulary, self.token_ids
        noun = match_vocabulary(vocabulary, lambda word: matches(lemma(word)), accents=True)[ids]
        verb = match_vocabulary(vocabulary, lambda word: matches(verb_lemma(word) or "\n"), accents=True)[ids]
        if not has_pos_tags(self.corpus.name):
            return noun | verb
        ambiguous = match_vocabulary(vocabulary, lambda word: verb_lemma(word), accents=True)[ids]
        is_verb = np.isin(self.attribute_codes("pos"), [TAGS.index("VERB"), TAGS.index("AUX")])
        return np.where(ambiguous, np.where(is_verb, verb, noun), noun)

    def _attribute_of_each_line(self, name: str) -> Sequence[str]:
        """Return str[lines]: the kind of each line's section, or the value of an attribute of its song, "" for none."""
        if name == "section":
            return self.corpus.sections["kind"].astype(str).to_numpy()[section_row_of_each_line(self.corpus)]
        columns = {re.sub(r"\W+", "_", facet.name).lower(): facet.name for facet in self.corpus.facets}
        columns |= {column: column for column in _SONG_ATTRIBUTES}
        if name.lower() not in columns:
            raise SettingError(
                "There is no attribute {name!r} here: choose one of {names}.",
                name=name,
                names=", ".join((*_TOKEN_ATTRIBUTES, "section", *columns)),
            )
        column = floats_to_whole_numbers(self.corpus.songs[columns[name.lower()]])
        return column.astype("string").fillna("").to_numpy(str)[song_row_of_each_line(self.corpus)]

    def boundary_token_mask(self, name: str, end: bool) -> Mask:
        """Return bool[tokens]: True at the first (or, with `end`, last) token of each line, section or song."""
        groups = {"l": lambda: self.rows, "section": lambda: section_row_of_each_line(self.corpus)[self.rows]}
        of = groups.get(name, lambda: song_row_of_each_line(self.corpus)[self.rows])()
        return np.diff(of, append=-1) != 0 if end else np.diff(of, prepend=-1) != 0


@dataclass(frozen=True, eq=False)
class QueryStep:
    """A token of a query with its test and label, or with `edge` ("first", "last") a border of a line or section."""

    test: TokenTest
    label: str = ""
    edge: str = ""


StepSequences = list[tuple[QueryStep, ...]]  # what a query stands for: steps one after the other, in alternatives


@dataclass
class Query:
    """A parsed query: alternative sequences and conditions; ("a", "word", False, "b", "lemma") is a.word != b.lemma."""

    sequences: StepSequences
    conditions: list[tuple[str, str, bool, str, str]] = field(default_factory=list)


def is_token_query(query: str) -> bool:
    """Return whether a query is written in this language (CQL) rather than as plain words.

    >>> is_token_query('[lemma="être"]'), is_token_query('("la" "nuit"){2}'), is_token_query("la nuit (bis)")
    (True, True, False)
    """
    return _QUERY_START_PATTERN.match(query) is not None


def refuse_foreign_operators(query: str) -> None:
    """Raise SettingError for a query with an operator of CQP that is not supported here (MU, within …)."""
    unquoted = re.sub(r'"(?:\\.|[^"\\])*"', '""', query)
    if operator := _FOREIGN_OPERATOR.search(unquoted):
        raise SettingError(
            '“{operator}” is a CQP operator that is not supported here. Write what comes between the words, as in "la" '
            '[]{{0,5}} "nuit".',
            operator=operator[0].strip(),
        )


def refuse_token_query(query: str) -> None:
    """Raise SettingError for a plain query with a fragment of CQL in it, which would find nothing."""
    if part := _CQL_FRAGMENT.search(query):
        raise SettingError(
            'A query is plain words or CQL, not both: {part!r} is CQL, where each word is quoted: "la" [lemma="nuit"].',
            part=part[0],
        )


def find_sequences(corpus: Corpus, query: str, layer: Layer, accents: bool) -> tuple[Ints, Ints]:
    """Return (int[matches] first positions, int[matches] numbers of tokens) of a query's matches, in corpus order.

    Raise SettingError for a query that cannot be read or is too wide, and for an attribute that the corpus lacks.
    """
    if query.count("(") + query.count("!") > _MAX_NESTING_DEPTH:
        raise _too_wide_error()
    parsed, tokens = _Parser(query).parse(), QueriedTokens(corpus, layer, accents)
    steps = dict.fromkeys(step for sequence in parsed.sequences for step in sequence)
    hits = {step: step.test(tokens) for step in steps}
    holds = _compile_conditions(parsed, tokens)
    matches = [_match_sequence(sequence, hits, tokens.rows, holds) for sequence in parsed.sequences]
    place = np.concatenate([positions for positions, _ in matches])
    width = np.concatenate([np.full(len(positions), n) for positions, n in matches])
    order = np.lexsort((width, place))
    first = np.diff(place[order], prepend=-1) > 0
    return place[order][first], width[order][first]


def _concatenate_sequences(parts: Sequence[StepSequences]) -> StepSequences:
    """Return all sequences that join one sequence of each part. Raise SettingError for too many or too long ones."""
    joined: StepSequences = [()]
    for part in parts:
        if len(joined) * len(part) > _FORMS:
            raise _too_wide_error()
        joined = [(*before, *after) for before in joined for after in part]
        if max(map(_count_tokens, joined)) > _WIDEST:
            raise _too_wide_error()
    return joined


def _count_tokens(sequence: Sequence[QueryStep]) -> int:
    return sum(not step.edge for step in sequence)


def _too_wide_error() -> SettingError:
    return SettingError("The query is too broad: at most {most} words, and fewer repeats.", most=_WIDEST)


ConditionCheck = Callable[
    [Sequence[QueryStep], Ints], Mask
]  # (the tokens of a sequence, places of the first) -> bool[places]


def _compile_conditions(query: Query, tokens: QueriedTokens) -> ConditionCheck:
    """Return a function that tells which matches meet the conditions of a query. Unknown labels meet none."""
    codes = {
        name: tokens.attribute_codes(name)
        for condition in query.conditions
        for name in (condition[1], condition[4])
        if name
    }
    masks = {
        (name, text): tokens.attribute_mask(name, text, True)
        for _, name, _, text, other in query.conditions
        if not other
    }

    def condition_mask(sequence: Sequence[QueryStep], positions: Ints) -> Mask:
        at = {step.label: number for number, step in enumerate(sequence) if step.label}
        met = np.ones(len(positions), bool)
        for label, name, equal, other, other_name in query.conditions:
            if label not in at or (other_name and other not in at):
                return np.zeros(len(positions), bool)
            own = positions + at[label]
            if other_name:
                met &= (codes[name][own] == codes[name][positions + at[other]]) == equal
            else:
                met &= masks[name, other][own] == equal
        return met

    return condition_mask


def _match_sequence(
    sequence: Sequence[QueryStep], hits: dict[QueryStep, Mask], rows: Ints, holds: ConditionCheck
) -> tuple[Ints, int]:
    """Return (positions where all steps match consecutive tokens within a line, number of tokens)."""
    width, at = _count_tokens(sequence), 0
    tests: list[tuple[int, Mask]] = []  # where a mask has to hold, counted from the first token
    for step in sequence:
        tests.append((at - (step.edge == "last"), hits[step]))
        at += not step.edge
    if len(rows) < width:
        return np.empty(0, np.intp), width
    rarest, mask = min(tests, key=lambda test: np.count_nonzero(test[1]))
    place = np.flatnonzero(mask) - rarest
    place = place[(place >= 0) & (place + width <= len(rows))]
    for offset, mask in tests:
        place = place[mask[place + offset]]
    place = place[rows[place] == rows[place + width - 1]]
    return place[holds([step for step in sequence if not step.edge], place)], width


class _Parser:
    """Parser of a query by recursive descent, from left to right."""

    def __init__(self, query: str) -> None:
        self.query, self.at = query.strip(), 0
        self.kind, self.text = "", ""
        self._read_next_lexeme()

    def parse(self) -> Query:
        query = Query([sequence for sequence in dict.fromkeys(self._parse_alternatives()) if _count_tokens(sequence)])
        if self._skip_sign("::"):
            query.conditions.append(self._parse_condition())
            while self._skip_sign("&"):
                query.conditions.append(self._parse_condition())
        if self.kind or not query.sequences:
            self._raise_syntax_error()
        for sequence in query.sequences:
            if any(step.edge for step in self._strip_outer_boundary_tags(sequence)):
                raise SettingError("Matches stay within a line: <l> goes at the beginning of a query, </l> at its end.")
        labels = {step.label for sequence in query.sequences for step in sequence}
        for label, _, _, other, other_name in query.conditions:
            for name in (label, other) if other_name else (label,):
                if name not in labels:
                    raise SettingError("No token has the label {name!r}: name one before the conditions.", name=name)
        return query

    def _strip_outer_boundary_tags(self, sequence: Sequence[QueryStep]) -> Sequence[QueryStep]:
        """Return a sequence without the tags of line and section borders (<l>, </l> …) at its two ends."""
        first = next(k for k, step in enumerate(sequence) if step.edge != "first")
        last = max(k for k, step in enumerate(sequence) if step.edge != "last")
        return sequence[first : last + 1]

    def _parse_alternatives(self) -> StepSequences:
        sequences = self._parse_sequence()
        while self._skip_sign("|"):
            sequences = sequences + self._parse_sequence()
        if len(sequences) > _FORMS:
            raise _too_wide_error()
        return sequences

    def _parse_sequence(self) -> StepSequences:
        parts = []
        while self.kind in ("string", "name", "edge") or self.text in ("[", "("):
            part = self._parse_group_or_token()
            low, high = self._parse_repeat_range()
            if high > 1 and any(_count_tokens(sequence) * low > _WIDEST for sequence in part):
                raise _too_wide_error()
            parts.append([each for times in range(low, high + 1) for each in _concatenate_sequences([part] * times)])
        return _concatenate_sequences(parts) if parts else self._raise_syntax_error()

    def _parse_group_or_token(self) -> StepSequences:
        if self._skip_sign("("):
            inner = self._parse_alternatives()
            self._expect_sign(")")
            return inner
        if self.kind == "edge":
            name, end = self.text.strip("</>"), self.text[1] == "/"
            if name not in _EDGE_UNITS:
                self._raise_syntax_error()
            self._read_next_lexeme()
            return [(QueryStep(lambda tokens: tokens.boundary_token_mask(name, end), edge="last" if end else "first"),)]
        label = ""
        if self.kind == "name":
            label = self.text
            self._read_next_lexeme()
            self._expect_sign(":")
        return [(QueryStep(self._parse_token(), label),)]

    def _parse_token(self) -> TokenTest:
        if self.kind == "string":
            return self._parse_attribute_pattern("word", equal=True)
        self._expect_sign("[")
        test = _match_any_token if self.text == "]" else self._parse_disjunction()
        self._expect_sign("]")
        return test

    def _parse_repeat_range(self) -> tuple[int, int]:
        if self.kind == "times":
            low, comma, high = self.text.strip("{}").partition(",")
            least = _read_bound(low)
            most = (_read_bound(high) if high.strip() else _MOST) if comma else least
        elif self.text in _REPEAT_RANGE_BY_SIGN and self.kind == "sign":
            least, most = _REPEAT_RANGE_BY_SIGN[self.text]
        else:
            return 1, 1
        if not least <= most <= _MOST:
            self._raise_syntax_error()
        self._read_next_lexeme()
        return least, most

    def _parse_disjunction(self) -> TokenTest:
        tests = [self._parse_conjunction()]
        while self._skip_sign("|"):
            tests.append(self._parse_conjunction())
        return tests[0] if len(tests) == 1 else lambda tokens: np.any([test(tokens) for test in tests], axis=0)

    def _parse_conjunction(self) -> TokenTest:
        tests = [self._parse_negation()]
        while self._skip_sign("&"):
            tests.append(self._parse_negation())
        return tests[0] if len(tests) == 1 else lambda tokens: np.all([test(tokens) for test in tests], axis=0)

    def _parse_negation(self) -> TokenTest:
        if self._skip_sign("!"):
            inner = self._parse_negation()
            return lambda tokens: np.logical_not(inner(tokens))
        if self._skip_sign("("):
            inner = self._parse_disjunction()
            self._expect_sign(")")
            return inner
        name = self._parse_name()
        return self._parse_attribute_pattern(name, self._parse_equality())

    def _parse_condition(self) -> tuple[str, str, bool, str, str]:
        label, attribute = self._parse_labelled_attribute()
        equal = self._parse_equality()
        if self.kind == "string":
            pattern = _unquote_string(self.text)
            self._read_next_lexeme()
            return label, attribute, equal, pattern, ""
        other, other_attribute = self._parse_labelled_attribute()
        if attribute != other_attribute or attribute not in _TOKEN_ATTRIBUTES:
            self._raise_syntax_error()
        return label, attribute, equal, other, other_attribute

    def _parse_labelled_attribute(self) -> tuple[str, str]:
        label = self._parse_name()
        self._expect_sign(".")
        return label, self._parse_name()

    def _parse_name(self) -> str:
        name = self.text
        if self.kind != "name":
            self._raise_syntax_error()
        self._read_next_lexeme()
        return name

    def _parse_equality(self) -> bool:
        equal = self.text == "="
        if self.kind != "sign" or self.text not in ("=", "!="):
            self._raise_syntax_error()
        self._read_next_lexeme()
        return equal

    def _parse_attribute_pattern(self, name: str, equal: bool) -> TokenTest:
        if self.kind != "string":
            self._raise_syntax_error()
        pattern = _unquote_string(self.text)
        if name == "word" and not _REGEX_METACHARACTER_PATTERN.search(pattern) and len(words := tokenise(pattern)) > 1:
            raise SettingError(
                "“{text}” has {n} words: write {words}.",
                text=pattern,
                n=len(words),
                words=" ".join(f'"{word}"' for word in words),
            )
        self._read_next_lexeme()
        accents = True
        if self.kind == "flags":
            accents = "d" not in self.text
            self._read_next_lexeme()
        return lambda tokens: tokens.attribute_mask(name, pattern, accents) == equal

    def _skip_sign(self, sign: str) -> bool:
        """Skip a sign and return True if it comes next; else return False."""
        there = self.kind == "sign" and self.text == sign
        if there:
            self._read_next_lexeme()
        return there

    def _expect_sign(self, sign: str) -> None:
        if not self._skip_sign(sign):
            self._raise_syntax_error()

    def _read_next_lexeme(self) -> None:
        lexeme = _LEXEME.match(self.query, self.at)
        if lexeme is None and self.at < len(self.query):
            self._raise_syntax_error()
        self.kind, self.text = (lexeme.lastgroup or "", lexeme.group(lexeme.lastgroup or 0)) if lexeme else ("", "")
        self.at = lexeme.end() if lexeme else self.at

    def _raise_syntax_error(self) -> NoReturn:
        raise SettingError(
            'The query cannot be read near “{place}”: write tokens such as [lemma="être"] []{{0,2}} [word="nuit"].',
            place=self.query[max(self.at - 12, 0) : self.at + 12] or self.query[-12:],
        )


def _unquote_string(text: str) -> str:
    return re.sub(r'\\"', '"', text[1:-1])


def _read_bound(digits: str) -> int:
    """Parse a number of repeats; four digits or more give `_MOST` + 1. Thousands of digits would take seconds."""
    return int(digits) if len(digits.strip()) < 4 else _MOST + 1


def _match_any_token(tokens: QueriedTokens) -> Mask:
    return np.ones(len(tokens.token_ids), bool)
