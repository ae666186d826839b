"""Tone (polarity) of lines and groups, by a lexicon of rated words: the one included, or one of the reader's own.

data/lexicons/polarity.tsv rates adjectives from -1 to 1; it is that of Pattern (De Smedt and Daelemans 2012, public
domain), made for reviews of books, without forms that songs mostly use as another word (tout, droit).
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from pipeline.analysis.counting import (
    Floats,
    GroupingKey,
    Ints,
    Mask,
    line_group_codes,
    song_row_of_each_line,
    word_mask,
)
from pipeline.analysis.firsts import meaningful_lines_first
from pipeline.analysis.intervals import ratio_jackknife
from pipeline.analysis.lines import line_details_table, lyric_or_adlib_positions_in_span
from pipeline.analysis.precomputed import PrecomputedResult
from pipeline.analysis.variants import lemma, verb_lemma
from pipeline.analysis.words.names import INNER_CAPITAL_PATTERN
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import Span, blank_adlibs, fold_case, token_spans, tokenise

Lexicon = tuple[tuple[str, float], ...]  # (word, value), hashable for caches

_MAX_LEXICON_WORDS = 200_000  # words of a lexicon
_MAX_RATING = 1000.0  # value of a word, above or below 0: no scale goes beyond, and sums of them stay numbers


@cache
def polarity_lexicon() -> Lexicon:
    """Return the included polarity lexicon: 4,981 forms, most of them adjectives."""
    return tuple((word, float(value)) for word, value in read_word_table("polarity.tsv", 2))


def read_lexicon(content: bytes) -> Lexicon:
    """Return a lexicon from CSV of two columns, word and value; a first row that holds no number is a heading.

    Raise SettingError for what is not that, with the line.
    """
    try:
        text = content.decode("utf-8-sig")
        delimiter = max(";,\t", key=text.split("\n", 1)[0].count)
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingError("The lexicon is not a UTF-8 CSV with two columns, word and value.") from error
    read = [_parse_lexicon_row(row, number) for number, row in enumerate(rows, 1)]
    ratings = tuple(entry for entry in read if entry is not None)
    if not ratings or len(ratings) > _MAX_LEXICON_WORDS:
        raise SettingError("The lexicon is not a UTF-8 CSV with two columns, word and value.")
    return ratings


def _parse_lexicon_row(row: Sequence[str], number: int) -> tuple[str, float] | None:
    """Return (word, value) of a row of a lexicon, None for a heading. Raise SettingError for a row without number."""
    try:
        value = float(row[1].replace(",", "."))
    except (IndexError, ValueError):
        if number == 1:
            return None
        value = math.nan
    if not abs(value) <= _MAX_RATING:  # not a number is not less
        raise SettingError(
            "Line {line} of the lexicon has no number from -{most} to {most} next to its word.",
            line=number,
            most=round(_MAX_RATING),
        )
    return fold_case(row[0]).strip(), value


NEGATION_FACTOR = -0.5  # times the value
_LINES_PER_BATCH = 100_000  # lines
_NEGATORS_AFTER_A_VERB = ("pas", "jamais", "rien", "plus", "guère")  # j'aime pas
_NEGATORS = ("pas", "jamais", "rien", "ni", "sans", "aucun", "aucune", "guère")
_ALL_NEGATORS = {*_NEGATORS, *_NEGATORS_AFTER_A_VERB}
_CLAUSE_BOUNDARY_WORDS = (
    *("mais", "et", "ou", "donc", "car", "parce", "que", "qu'", "quand", "si", "puis", "comme", "qui"),
)
_CLAUSE_PUNCTUATION = frozenset(',;:.!?…«»—–()/"')


def word_tone(corpus: Corpus, lexicon: Lexicon = (), layer: Layer = "lyrics") -> tuple[Floats, Ints]:
    """Return (float[tokens]: value of each token, with negation, nan if unrated; int[tokens]: row of its line).

    A word is negated by a negator before it in its clause, a verb form by one right after it (j'aime pas). Names, which
    a capital inside a sentence shows (la Belle de Mai), are unrated. Without a `lexicon` the included one is used.
    """
    ids, rows = corpus.token_table(layer)
    values = _vocabulary_ratings(corpus, dict(lexicon or polarity_lexicon()))[ids]
    after_verb = _rated_verb_form_mask(corpus, ids, values)
    after_verb[:-1] &= word_mask(corpus.vocabulary, _NEGATORS_AFTER_A_VERB)[ids[1:]] & (rows[1:] == rows[:-1])
    after_verb[-1:] = False
    negator, border = (word_mask(corpus.vocabulary, words)[ids] for words in (_NEGATORS, _CLAUSE_BOUNDARY_WORDS))
    border |= np.diff(rows, prepend=-1) != 0
    # few lines: their punctuation and capitals are read
    negated = set(rows[(_negation_mask(negator, border) | after_verb) & ~np.isnan(values)].tolist())
    rated = np.unique(rows[~np.isnan(values)])
    lines, first = corpus.lines.iloc[rated], np.searchsorted(rows, rated).tolist()
    texts, bounds = corpus.texts_of(lines.index), lines[["start", "stop"]].to_numpy().tolist()
    for row, at, text, (start, stop) in zip(rated.tolist(), first, texts, bounds, strict=True):
        if row in negated or INNER_CAPITAL_PATTERN.search(text):
            spans, positions = token_spans(text), lyric_or_adlib_positions_in_span(corpus, start, stop, layer)
            if not len(positions) or positions[-1] < len(spans):  # else prepared with another tokenizer
                border[at + _words_after_punctuation(text, spans, positions)] = True
                if names := _words_of_names(text, spans):
                    values[at + np.flatnonzero(np.isin(positions, names))] = np.nan
    after_verb[:-1] &= ~border[1:]
    return np.where(_negation_mask(negator, border) | after_verb, NEGATION_FACTOR * values, values), rows


def _rated_verb_form_mask(corpus: Corpus, ids: Ints, values: Floats) -> Mask:
    """Return bool[tokens]: the rated tokens that are forms of a verb."""
    mask = np.zeros(len(corpus.vocabulary), bool)
    rated = np.unique(ids[~np.isnan(values)])
    mask[rated] = list(map(_is_verb_form, corpus.vocabulary.decode(rated)))
    return mask[ids]


@lru_cache(1 << 14)
def _is_verb_form(word: str) -> bool:
    infinitive = verb_lemma(word) or lemma(word)
    return infinitive != word and infinitive.endswith(("er", "ir", "re"))


def _negation_mask(negator: Mask, border: Mask) -> Mask:
    """Return bool[tokens]: True after a negator in the same clause; `border` marks the first tokens of clauses."""
    at = np.arange(len(negator), dtype=np.int32)
    clause = np.maximum.accumulate(np.where(border, at, np.int32(0)))
    last = np.maximum.accumulate(np.where(negator, at, np.int32(-1)))
    return (last >= clause) & (last < at)


def line_tone(corpus: Corpus, lexicon: Lexicon = (), layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the tone of each line, in the order of the corpus: words, rated (words), value (sum of their values).

    With the included lexicon cached with the corpus; read-only.
    """

    def compute_in_batches() -> pd.DataFrame:
        starts = range(0, max(len(corpus.lines), 1), _LINES_PER_BATCH)  # all at once take hundreds of megabytes
        parts = (replace(corpus, lines=corpus.lines.iloc[at : at + _LINES_PER_BATCH]) for at in starts)
        return pd.concat([_line_tone_of_batch(part, lexicon, layer) for part in parts], ignore_index=True)

    return compute_in_batches() if lexicon else corpus.cached(("line tone", layer), compute_in_batches)


def _line_tone_of_batch(corpus: Corpus, lexicon: Lexicon, layer: Layer) -> pd.DataFrame:
    values, rows = word_tone(corpus, lexicon, layer)
    rated = np.flatnonzero(~np.isnan(values))
    n = len(corpus.lines)
    return pd.DataFrame(
        {
            "words": np.bincount(rows, minlength=n),
            "rated": np.bincount(rows[rated], minlength=n),
            "value": np.bincount(rows[rated], values[rated], minlength=n),
        }
    )


def _vocabulary_ratings(corpus: Corpus, lexicon: Mapping[str, float]) -> Floats:
    values = np.full(len(corpus.vocabulary), np.nan)
    index = corpus.vocabulary.word2index
    for word, value in lexicon.items():
        if word in index:
            values[index[word]] = value
    return values


def _words_after_punctuation(text: str, spans: Sequence[Span], positions: Ints) -> Ints:
    """Return which of the words at `positions` of a line follow punctuation, as indices into `positions`."""
    ends = [0, *(span.stop for span in spans)]
    boundaries = [
        k
        for k, place in enumerate(positions.tolist())
        if _CLAUSE_PUNCTUATION.intersection(text[ends[place] : spans[place].start])
    ]
    return np.array(boundaries, np.intp)


def _words_of_names(text: str, spans: Sequence[Span]) -> list[int]:
    """Return the positions of words that are capitalised inside a sentence, and of the same words at its beginning."""
    capitals = [text[span.start].isupper() and not text[span.start : span.stop].isupper() for span in spans]
    inside = {
        span.token
        for before, span, capital in zip(spans, spans[1:], capitals[1:], strict=False)
        if capital and (_CLAUSE_PUNCTUATION - {","}).isdisjoint(text[before.stop : span.start])
    }
    return [at for at, span in enumerate(spans) if capitals[at] and span.token in inside]


def tone_table(
    corpus: Corpus, by: GroupingKey | None = None, lexicon: Lexicon = (), layer: Layer = "lyrics"
) -> pd.DataFrame:
    """Return the tone of each group, the lightest first: (the group,) songs, words, rated, coverage, tone, low, high.

    coverage = rated / words; tone is the mean of the rated words, low to high its 95 % jackknife interval over songs.
    Groups without a rated word are excluded.
    """
    codes, labels = line_group_codes(corpus, by)
    table = line_tone(corpus, lexicon, layer).assign(group=codes, song=song_row_of_each_line(corpus))
    pieces = table[(table["group"] >= 0) & (table["words"] > 0)].groupby(["group", "song"], sort=True).sum()
    result = []
    for code, part in pieces.groupby(level="group"):
        tone, interval = ratio_jackknife(part["value"], part["rated"])
        words, n = int(part["words"].sum()), int(part["rated"].sum())
        result.append((labels[int(str(code))], len(part), words, n, n / words, tone, *interval))
    columns = [by or "group", "songs", "words", "rated", "coverage", "tone", "low", "high"]
    frame = pd.DataFrame(result, columns=columns).dropna(subset="tone")
    frame = frame if by else frame.drop(columns="group")
    return frame.sort_values("tone", ascending=False, kind="stable").reset_index(drop=True)


def lines_by_tone(
    corpus: Corpus, lexicon: Lexicon = (), layer: Layer = "lyrics", limit: int = 20, dark: bool = False
) -> pd.DataFrame:
    """Return the lines of the highest sum of word values, with `dark` the lowest, meaningful first; of lines with the
    same rated words one.

    Meaningful lines come first. Lines with a negator are left out: no count tells what it negates (Pas écrire que c'est
    beau). Columns of `line_details_table`, rated (words), tone.
    """
    tone = line_tone(corpus, lexicon, layer)
    total, count = tone["value"].to_numpy(), tone["rated"].to_numpy()
    order = np.argsort(total if dark else -total, kind="stable")[: 20 * limit]
    order = order[(total[order] < 0) if dark else (total[order] > 0)]
    lines = line_details_table(corpus, corpus.lines.index[order]).assign(rated=count[order], tone=total[order])
    values, words = dict(lexicon or polarity_lexicon()), list(map(tokenise, lines["text"]))
    lines = lines.assign(rated_words=[" ".join(sorted(filter(values.get, own))) for own in words])
    lines = lines[np.array([_ALL_NEGATORS.isdisjoint(own) for own in words], bool)]
    lines = meaningful_lines_first(lines, corpus).drop_duplicates("rated_words").drop(columns="rated_words")
    return lines.head(limit).reset_index(drop=True)


def rated_word_spans(texts: Iterable[str], lexicon: Lexicon = ()) -> list[list[tuple[int, int, str]]]:
    """Return, for each text, (start, stop, "positive" or "negative") of its rated words, without ad-libs and names."""
    signs = {word: "positive" if value > 0 else "negative" for word, value in lexicon or polarity_lexicon() if value}
    marked = []
    for text in map(blank_adlibs, texts):
        spans = token_spans(text)
        names = _words_of_names(text, spans)
        rated = [span for at, span in enumerate(spans) if span.token in signs and at not in names]
        marked.append([(span.start, span.stop, signs[span.token]) for span in rated])
    return marked


PRECOMPUTED_RESULTS = (
    PrecomputedResult("tone", tone_table, version=4),
    PrecomputedResult("tone_of_artists", tone_table, arguments=lambda corpus: {"by": "artist"}, version=4),
    PrecomputedResult("light_lines", lines_by_tone, version=5),
    PrecomputedResult("dark_lines", lines_by_tone, arguments=lambda corpus: {"dark": True}, version=5),
)
