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
from functools import partial
from typing import NoReturn

import numpy as np
import regex

from pipeline.analysis.counting import Ints, Mask, section_row_of_each_line, song_row_of_each_line, whole_numbers
from pipeline.analysis.variants import lemma, verb_lemma
from pipeline.core.errors import Sentence, SettingError
from pipeline.corpus.layers import TAGS, has_pos_tags, pos_tags
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import SPECIALS, Vocabulary

_MAX_REGEX_LENGTH = 300  # characters of a regular expression
_REGEX_TIMEOUT = 0.1  # seconds for one word: (a+)+b would otherwise hold the server for hours


def match_vocabulary(vocabulary: Vocabulary, test: Callable[[str], object], accents: bool) -> Mask:
    """Return bool[vocabulary]: the words of which `test` is true. Raise SettingError when one takes too long."""
    words = vocabulary.index2word
    keys = words if accents else map(without_accents, words)
    try:
        mask = np.fromiter((bool(test(key)) for key in keys), bool, len(words))
    except TimeoutError as error:
        raise SettingError("The pattern takes too long to match: avoid a repeat inside a repeat.") from error
    mask[: len(SPECIALS)] = False
    return mask


def compile_regex(pattern: str, accents: bool) -> Callable[[str], object]:
    """Return what tells whether the whole of a word matches. Raise SettingError for what is no expression."""
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
    """What a test looks at: the tokens of a layer, by id, and where they are asked for by part of speech."""

    corpus: Corpus
    layer: Layer
    accents: bool

    @property
    def ids(self) -> Ints:
        """int[tokens]: the word of each."""
        return self.corpus.token_table(self.layer)[0]

    @property
    def rows(self) -> Ints:
        """int[tokens]: the line of each."""
        return self.corpus.token_table(self.layer)[1]

    def codes(self, attribute: str) -> Ints:
        """Return int[tokens], equal where the attribute is: word, lemma or pos. Raise SettingError as `pos_tags`."""
        if attribute == "pos":
            return replace(self.corpus, tokens=pos_tags(self.corpus).astype(np.int32)).token_table(self.layer)[0]
        if attribute == "word":
            return self.ids
        lemmas = [lemma(word) for word in self.corpus.vocabulary.index2word]
        return np.unique(lemmas, return_inverse=True)[1][self.ids]

    def matching(self, name: str, pattern: str, accents: bool) -> Mask:
        """Return bool[tokens]: which match a pattern by an attribute. Raise SettingError for one that there is not."""
        accents, vocabulary = accents and self.accents, self.corpus.vocabulary
        matches = compile_regex(pattern, accents or name == "pos")
        if name == "pos":
            return np.array([bool(matches(tag)) for tag in TAGS])[self.codes("pos")]
        if name == "word":
            return match_vocabulary(vocabulary, matches, accents)[self.ids]
        if name == "lemma":
            return self._lemma_mask(lambda own: matches(own if accents else without_accents(own)))
        values = self._values(name)
        distinct, codes = np.unique(values, return_inverse=True)
        hit = np.array([bool(matches(value if accents else without_accents(value))) for value in distinct.tolist()])
        return hit[codes][self.rows]

    def _lemma_mask(self, matches: Callable[[str], object]) -> Mask:
        """Return bool[tokens]: tombe is of tomber and of tombe, unless the layer of parts of speech decides it."""
        vocabulary = self.corpus.vocabulary
        noun = match_vocabulary(vocabulary, lambda word: matches(lemma(word)), accents=True)[self.ids]
        verb = match_vocabulary(vocabulary, lambda word: matches(verb_lemma(word) or "\n"), accents=True)[self.ids]
        if not has_pos_tags(self.corpus.name):
            return noun | verb
        ambiguous = match_vocabulary(vocabulary, lambda word: verb_lemma(word), accents=True)[self.ids]
        is_verb = np.isin(self.codes("pos"), [TAGS.index("VERB"), TAGS.index("AUX")])
        return np.where(ambiguous, np.where(is_verb, verb, noun), noun)

    def _values(self, name: str) -> Sequence[str]:
        """Return str[lines]: the kind of each line's section, or what is said of its song, "" where nothing is."""
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
        column = whole_numbers(self.corpus.songs[columns[name.lower()]])
        return column.astype("string").fillna("").to_numpy(str)[song_row_of_each_line(self.corpus)]

    def edge(self, name: str, end: bool) -> Mask:
        """Return bool[tokens]: the first tokens, or the last, of lines, sections or songs."""
        groups = {"l": lambda: self.rows, "section": lambda: section_row_of_each_line(self.corpus)[self.rows]}
        of = groups.get(name, lambda: song_row_of_each_line(self.corpus)[self.rows])()
        return np.diff(of, append=-1) != 0 if end else np.diff(of, prepend=-1) != 0


@dataclass(frozen=True, eq=False)
class QueryStep:
    """A token of a query, or with an `edge` ("first" or "last") the place before or after one; `label` names it."""

    test: TokenTest
    label: str = ""
    edge: str = ""


StepSequences = list[tuple[QueryStep, ...]]  # what a query stands for: steps one after the other, in alternatives


@dataclass
class Query:
    """A query that was read: what it stands for, and (label, attribute, equal, label or pattern, attribute) to hold."""

    sequences: StepSequences
    conditions: list[tuple[str, str, bool, str, str]] = field(default_factory=list)


def is_token_query(query: str) -> bool:
    """Return whether a query is written in this language.

    >>> is_token_query('[lemma="être"]'), is_token_query('("la" "nuit"){2}'), is_token_query("la nuit (bis)")
    (True, True, False)
    """
    return _QUERY_START_PATTERN.match(query) is not None


def refuse_foreign_operators(query: str) -> None:
    """Raise SettingError for an operator of CQP that this language lacks."""
    unquoted = re.sub(r'"(?:\\.|[^"\\])*"', '""', query)
    if operator := _FOREIGN_OPERATOR.search(unquoted):
        raise SettingError(
            '“{operator}” is a CQP operator that is not supported here. Write what comes between the words, as in "la" '
            '[]{{0,5}} "nuit".',
            operator=operator[0].strip(),
        )


def refuse_token_query(query: str) -> None:
    """Raise SettingError for a plain query with a part of this language in it, which would find nothing."""
    if part := _CQL_FRAGMENT.search(query):
        raise SettingError(
            'A query is plain words or CQL, not both: {part!r} is CQL, where each word is quoted: "la" [lemma="nuit"].',
            part=part[0],
        )


def find_sequences(corpus: Corpus, query: str, layer: Layer, accents: bool) -> tuple[Ints, Ints]:
    """Return (place of the first token, number of tokens) of each match, in corpus order.

    Raise SettingError for a query that cannot be read, that is too wide, or that asks for what the corpus has not.
    """
    if query.count("(") + query.count("!") > _MAX_NESTING_DEPTH:
        raise _too_wide_error()
    parsed, tokens = _Parser(query).parse(), QueriedTokens(corpus, layer, accents)
    steps = dict.fromkeys(step for sequence in parsed.sequences for step in sequence)
    hits = {step: step.test(tokens) for step in steps}
    holds = _conditions(parsed, tokens)
    matches = [_matches_of(sequence, hits, tokens.rows, holds) for sequence in parsed.sequences]
    place = np.concatenate([positions for positions, _ in matches])
    width = np.concatenate([np.full(len(positions), n) for positions, n in matches])
    order = np.lexsort((width, place))
    first = np.diff(place[order], prepend=-1) > 0
    return place[order][first], width[order][first]


def _join_parts(parts: Sequence[StepSequences]) -> StepSequences:
    """Return every sequence of one part after the other. Raise SettingError for too many, or too long ones."""
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


def _conditions(query: Query, tokens: QueriedTokens) -> ConditionCheck:
    """Return what tells which places meet the conditions; where a label names no token, none does."""
    codes = {
        name: tokens.codes(name) for condition in query.conditions for name in (condition[1], condition[4]) if name
    }
    masks = {
        (name, text): tokens.matching(name, text, True) for _, name, _, text, other in query.conditions if not other
    }

    def holds(sequence: Sequence[QueryStep], positions: Ints) -> Mask:
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

    return holds


def _matches_of(
    sequence: Sequence[QueryStep], hits: dict[QueryStep, Mask], rows: Ints, holds: ConditionCheck
) -> tuple[Ints, int]:
    """Return the places at which these steps hold one after the other within a line, and the number of tokens."""
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
    """Reads a query from left to right by recursive descent."""

    def __init__(self, query: str) -> None:
        self.query, self.at = query.strip(), 0
        self.kind, self.text = "", ""
        self._next()

    def parse(self) -> Query:
        query = Query([sequence for sequence in dict.fromkeys(self._alternatives()) if _count_tokens(sequence)])
        if self._take("::"):
            query.conditions.append(self._condition())
            while self._take("&"):
                query.conditions.append(self._condition())
        if self.kind or not query.sequences:
            self._fail()
        for sequence in query.sequences:
            if any(step.edge for step in self._without_edges(sequence)):
                raise SettingError("Matches stay within a line: <l> goes at the beginning of a query, </l> at its end.")
        labels = {step.label for sequence in query.sequences for step in sequence}
        for label, _, _, other, other_name in query.conditions:
            for name in (label, other) if other_name else (label,):
                if name not in labels:
                    raise SettingError("No token has the label {name!r}: name one before the conditions.", name=name)
        return query

    def _without_edges(self, sequence: Sequence[QueryStep]) -> Sequence[QueryStep]:
        """Return the steps but for the edges that a match may begin and end with."""
        first = next(k for k, step in enumerate(sequence) if step.edge != "first")
        last = max(k for k, step in enumerate(sequence) if step.edge != "last")
        return sequence[first : last + 1]

    def _alternatives(self) -> StepSequences:
        sequences = self._sequence()
        while self._take("|"):
            sequences = sequences + self._sequence()
        if len(sequences) > _FORMS:
            raise _too_wide_error()
        return sequences

    def _sequence(self) -> StepSequences:
        parts = []
        while self.kind in ("string", "name", "edge") or self.text in ("[", "("):
            part = self._item()
            low, high = self._repeats()
            if high > 1 and any(_count_tokens(sequence) * low > _WIDEST for sequence in part):
                raise _too_wide_error()
            parts.append([each for times in range(low, high + 1) for each in _join_parts([part] * times)])
        return _join_parts(parts) if parts else self._fail()

    def _item(self) -> StepSequences:
        if self._take("("):
            inner = self._alternatives()
            self._expect(")")
            return inner
        if self.kind == "edge":
            name, end = self.text.strip("</>"), self.text[1] == "/"
            if name not in _EDGE_UNITS:
                self._fail()
            self._next()
            return [(QueryStep(lambda tokens: tokens.edge(name, end), edge="last" if end else "first"),)]
        label = ""
        if self.kind == "name":
            label = self.text
            self._next()
            self._expect(":")
        return [(QueryStep(self._token(), label),)]

    def _token(self) -> TokenTest:
        if self.kind == "string":
            return self._leaf("word", equal=True)
        self._expect("[")
        test = _match_any_token if self.text == "]" else self._disjunction()
        self._expect("]")
        return test

    def _repeats(self) -> tuple[int, int]:
        if self.kind == "times":
            low, comma, high = self.text.strip("{}").partition(",")
            least = _read_bound(low)
            most = (_read_bound(high) if high.strip() else _MOST) if comma else least
        elif self.text in _REPEAT_RANGE_BY_SIGN and self.kind == "sign":
            least, most = _REPEAT_RANGE_BY_SIGN[self.text]
        else:
            return 1, 1
        if not least <= most <= _MOST:
            self._fail()
        self._next()
        return least, most

    def _disjunction(self) -> TokenTest:
        tests = [self._conjunction()]
        while self._take("|"):
            tests.append(self._conjunction())
        return tests[0] if len(tests) == 1 else lambda tokens: np.any([test(tokens) for test in tests], axis=0)

    def _conjunction(self) -> TokenTest:
        tests = [self._negation()]
        while self._take("&"):
            tests.append(self._negation())
        return tests[0] if len(tests) == 1 else lambda tokens: np.all([test(tokens) for test in tests], axis=0)

    def _negation(self) -> TokenTest:
        if self._take("!"):
            inner = self._negation()
            return lambda tokens: np.logical_not(inner(tokens))
        if self._take("("):
            inner = self._disjunction()
            self._expect(")")
            return inner
        name = self._name()
        return self._leaf(name, self._equality())

    def _condition(self) -> tuple[str, str, bool, str, str]:
        label, attribute = self._labelled_attribute()
        equal = self._equality()
        if self.kind == "string":
            pattern = _unquote(self.text)
            self._next()
            return label, attribute, equal, pattern, ""
        other, other_attribute = self._labelled_attribute()
        if attribute != other_attribute or attribute not in _TOKEN_ATTRIBUTES:
            self._fail()
        return label, attribute, equal, other, other_attribute

    def _labelled_attribute(self) -> tuple[str, str]:
        label = self._name()
        self._expect(".")
        return label, self._name()

    def _name(self) -> str:
        name = self.text
        if self.kind != "name":
            self._fail()
        self._next()
        return name

    def _equality(self) -> bool:
        equal = self.text == "="
        if self.kind != "sign" or self.text not in ("=", "!="):
            self._fail()
        self._next()
        return equal

    def _leaf(self, name: str, equal: bool) -> TokenTest:
        if self.kind != "string":
            self._fail()
        pattern = _unquote(self.text)
        if name == "word" and not _REGEX_METACHARACTER_PATTERN.search(pattern) and len(words := tokenise(pattern)) > 1:
            raise SettingError(
                "“{text}” has {n} words: write {words}.",
                text=pattern,
                n=len(words),
                words=" ".join(f'"{word}"' for word in words),
            )
        self._next()
        accents = True
        if self.kind == "flags":
            accents = "d" not in self.text
            self._next()
        return lambda tokens: tokens.matching(name, pattern, accents) == equal

    def _take(self, sign: str) -> bool:
        """QueryStep over a sign and return whether it was there."""
        there = self.kind == "sign" and self.text == sign
        if there:
            self._next()
        return there

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            self._fail()

    def _next(self) -> None:
        lexeme = _LEXEME.match(self.query, self.at)
        if lexeme is None and self.at < len(self.query):
            self._fail()
        self.kind, self.text = (lexeme.lastgroup or "", lexeme.group(lexeme.lastgroup or 0)) if lexeme else ("", "")
        self.at = lexeme.end() if lexeme else self.at

    def _fail(self) -> NoReturn:
        raise SettingError(
            'The query cannot be read near “{place}”: write tokens such as [lemma="être"] []{{0,2}} [word="nuit"].',
            place=self.query[max(self.at - 12, 0) : self.at + 12] or self.query[-12:],
        )


def _unquote(text: str) -> str:
    return re.sub(r'\\"', '"', text[1:-1])


def _read_bound(digits: str) -> int:
    """Return the number, of those beyond reach one that is: thousands of digits would take seconds to read."""
    return int(digits) if len(digits.strip()) < 4 else _MOST + 1


def _match_any_token(tokens: QueriedTokens) -> Mask:
    return np.ones(len(tokens.ids), bool)
