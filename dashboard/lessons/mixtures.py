"""Counts, discounts and mixtures at the size of ten words, with the very models of `pipeline.language_models`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dashboard.lessons.scenes import Scene, ScenePart, bar_track, curve_track, shade_track, text_track
from dashboard.lessons.study import visible_symbol
from pipeline.cells.activations import Array
from pipeline.core.translation import format_decimal, t
from pipeline.language.vocabulary import SONG, Ids, Vocabulary
from pipeline.language_models.cache_model import cache_log_probabilities
from pipeline.language_models.kneser_ney import KneserNey, train_kneser_ney
from pipeline.language_models.mixture import scale_share_odds
from pipeline.language_models.ngram_trie import estimate_discounts
from pipeline.language_models.protocol import LanguageModel

MAX_TEST_WORDS = 10  # that are worked out by hand


class CountedWord(NamedTuple):
    """How a bigram comes by the probability of one word: p = max(count − D, 0) / total + γ·below."""

    context: str
    word: str
    times: int
    total: int
    discount: float
    left: float  # γ
    below: float
    p: float


class CountedText(NamedTuple):
    """Ten words at most, and what was counted: words, different pairs, and the discounts of pairs."""

    words: list[CountedWord]
    tokens: int
    pairs: int
    discounts: Array

    @property
    def perplexity(self) -> float:
        """exp of the mean loss."""
        return float(np.exp(-np.mean([np.log(word.p) for word in self.words])))


def count_by_hand(learnt: Sequence[str], tested: Sequence[str]) -> CountedText:
    """Count pairs of the words learnt, and give each of the words tested its probability, in order from a beginning.

    Words that were not learnt are `<unk>`, which stands in the vocabulary: it gets its share of what is left.
    """
    vocabulary = Vocabulary.from_counts({word: learnt.count(word) for word in learnt}, level="word")
    ids, own = vocabulary.encode(learnt), vocabulary.encode(tested[:MAX_TEST_WORDS])
    model = train_kneser_ney([ids], len(vocabulary), 2)
    one, two = model.orders
    rows, context = [], SONG
    for word, token in zip(tested, own.tolist(), strict=False):
        number_of = dict(zip(one.keys.tolist(), range(len(one.keys)), strict=True))
        node = number_of.get(context, -1)
        cut = slice(two.first[node], two.first[node + 1]) if node >= 0 else slice(0, 0)
        counts = dict(zip(two.tokens[cut].tolist(), two.counts[cut].tolist(), strict=True))
        shares = dict(zip(two.tokens[cut].tolist(), two.share[cut].tolist(), strict=True))
        total, left = sum(counts.values()), float(two.backoff[node]) if node >= 0 else 1.0
        below = unigram(model, token)
        taken = estimate_discounts(two.counts)[min(counts.get(token, 0), 3)]
        p = shares.get(token, 0.0) + left * below
        before = visible_symbol(vocabulary.index2word[context])
        rows.append(CountedWord(before, word, counts.get(token, 0), total, float(taken), left, below, p))
        context = token
    return CountedText(rows, len(ids), int((two.counts > 0).sum()), estimate_discounts(two.counts)[1:])


def unigram(model: KneserNey, token: int) -> float:
    """p of a word by how many different words it follows: what stands below the pairs."""
    lowest = model.orders[0]
    own = float(lowest.share[lowest.tokens == token].sum())
    return own + float(lowest.backoff[0]) / model.size


class CacheSurprisal(NamedTuple):
    """Bits of each character of a text, under the model of all songs and with the cache of this one; the cache's share."""

    alone: Array
    mixed: Array
    shares: Array


def score_with_cache(model: LanguageModel, weights: Array, ids: Ids, weight: float = 1.0) -> CacheSurprisal:
    """Read a text once, and mix: p = s·cache + (1 − s)·model, where s is what the contexts of the cache say."""
    (alone,) = model.score([ids])
    cached, own = cache_log_probabilities(ids, weights)
    s = scale_share_odds(own, weight)
    with np.errstate(divide="ignore"):
        mixed = np.logaddexp(np.log(s) + cached, np.log1p(-s) + alone)
    return CacheSurprisal(-alone / np.log(2), -mixed / np.log(2), s)


class Fit(NamedTuple):
    """Expectation-maximisation of one share: it, and the mean bits, before each step `(steps,)`; what is due to the first
    model `(steps, T)`."""

    shares: Array
    bits: Array
    due: Array


def fit_share(first: Array, second: Array, steps: int = 12, start: float = 0.5) -> Fit:
    """Fit the share of the first of two models, given log p of each token under both, `(T,)`."""
    p, q = np.exp(first), np.exp(second)
    shares: list[float] = []
    nats: list[float] = []
    dues: list[Array] = []
    s = start
    for _ in range(steps):
        mixed = s * p + (1 - s) * q
        due = s * p / mixed
        shares.append(s)
        nats.append(-float(np.log(mixed).mean()))
        dues.append(due)
        s = float(due.mean())
    return Fit(np.array(shares), np.array(nats) / np.log(2), np.array(dues))


def fit_scene(symbols: Sequence[str], fit: Fit, names: Sequence[str]) -> Scene:
    """The steps of the fit: whose each symbol is, the share that follows, the bits that fall."""
    captions = [
        t(
            "weight of {name} {share}: {bits} bits per character; the mean credit, {due}, is the next weight",
            name=names[0], share=format_decimal(s, 3), bits=format_decimal(b, 3), due=format_decimal(due.mean(), 3),
        )
        for s, b, due in zip(fit.shares, fit.bits, fit.due, strict=True)
    ]  # fmt: skip
    top = 1.2 * float(fit.bits.max())
    tracks = [
        text_track(captions),
        shade_track(
            list(map(visible_symbol, symbols)),
            fit.due,
            label=t("credit of {name}: the darker, the more", name=names[0]),
        ),
        bar_track(list(names), np.column_stack([fit.shares, 1 - fit.shares]), label=t("weights")),
        curve_track([t("bits per character")], fit.bits[:, None], top),
    ]
    return Scene([ScenePart("", tracks)], [t("step {step}", step=step) for step in range(len(fit.shares))], 0.8)


def probability_formula(word: CountedWord) -> str:
    """The probability of a word as a sum.

    >>> probability_formula(CountedWord("la", "nuit", 2, 4, 0.75, 0.5, 0.1, 0.3625))
    '(2 − 0.75) / 4 + 0.500 · 0.100 = 0.362'
    """
    kept = f"({word.times} − {format_decimal(word.discount, 2)}) / {word.total}" if word.times else "0"
    return f"{kept} + {format_decimal(word.left, 3)} · {format_decimal(word.below, 3)} = {format_decimal(word.p, 3)}"
