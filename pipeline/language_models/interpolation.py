"""Interpolation of counts in contexts with a lower-order model (Jelinek & Mercer 1980).

    p_k(w) = s(c) count(c w) / count(c) + (1 - s(c)) p_{k-1}(w)
    s(c) = sigmoid(a_k + b_k log count(c) + c_k log types(c))

c is the context of level k; p_0 is any other model. s is high where one token always followed and low where many
different ones did. (a, b, c) of each level are fitted on songs that were not counted. Knows nothing of what the
contexts are: a level is a table of the tokens whose context was counted, int64 (known, 4): the token's position, the
count of the context, the number of different tokens after it, and the count of this one.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import sigmoid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LEAST_SHARE = 1e-4  # what is left at least to either side, however sure the other: 14 bits more for a surprise
PRIOR_WEIGHTS = np.array([-1.0, 0.0, 0.0])  # where the fit begins, and what it is drawn to by one token's worth
_ITERATIONS = 40
_CACHED_SHARES = 1 << 14  # shares of one context, kept for who asks for one context after the other


def interpolation_weights(count: npt.ArrayLike, types: npt.ArrayLike, weights: Floats) -> Floats:
    """Return the interpolation weight of each context from its count, its types and coefficients (3,) or (n, 3)."""
    return _shares_from_logs(np.log(count), np.log(types), weights)


def _shares_from_logs(log_count: Floats, log_types: Floats, weights: Floats) -> Floats:
    s: Floats = sigmoid(weights[..., 0] + weights[..., 1] * log_count + weights[..., 2] * log_types)
    return np.minimum(
        np.maximum(s, LEAST_SHARE), 1 - LEAST_SHARE
    )  # np.clip takes three times as long for a few numbers


@lru_cache(maxsize=_CACHED_SHARES)
def cached_interpolation_weight(count: int, types: int, weights: tuple[float, ...]) -> float:
    """Return the interpolation weight s of one context from its count and types, cached by these arguments."""
    (share,) = interpolation_weights([count], [types], np.array(weights)).tolist()
    return float(share)


def interpolate(levels: Sequence[Ints], lower_order: Floats, weights: Floats) -> Floats:
    """Return the probability of each token: `lower_order` interpolated with each level's counts. Weights: (levels,
    3)."""
    p = lower_order.copy()
    for _ in _interpolate_levels(levels, map(_context_features, levels), p, weights):
        pass
    return p


def fit_interpolation(levels: Sequence[Ints], lower_order: Floats) -> Floats:
    """Return the interpolation weights (levels, 3) that maximise the probability of the tokens
    (expectation-maximisation, with a Newton step of logistic regression a level)."""
    weights, features = np.tile(PRIOR_WEIGHTS, (len(levels), 1)), list(map(_context_features, levels))
    for _ in range(_ITERATIONS):
        p = lower_order.copy()
        climbed = list(_interpolate_levels(levels, features, p, weights))
        reach = np.ones(len(p))  # of each token, the chance that it comes from this level or below
        for k in reversed(range(len(levels))):
            at, count, _, own = levels[k].T
            before, share = climbed[k]
            due = share * own / count
            due = reach[at] * due / (due + (1 - share) * before)
            weights[k] += _newton_step(features[k], due, reach[at], weights[k])
            reach[at] -= due
    return weights


def _context_features(level: Ints) -> Floats:
    """Return float64 (contexts, 3): 1, log count and log types of each context in one level's table of counts."""
    return np.stack([np.ones(len(level)), np.log(level[:, 1]), np.log(level[:, 2])], 1)


def _interpolate_levels(
    levels: Sequence[Ints], features: Iterable[Floats], p: Floats, weights: Floats
) -> Iterator[tuple[Floats, Floats]]:
    """Interpolate p in place with the counts of each level. Yield p before each level, and the level's weights s."""
    for (at, count, _, own), known, row in zip((level.T for level in levels), features, weights, strict=True):
        before, share = p[at], _shares_from_logs(known[:, 1], known[:, 2], row)
        p[at] += share * (own / count - before)
        yield before, share


def _newton_step(features: Floats, responsibilities: Floats, reach_probabilities: Floats, weights: Floats) -> Floats:
    """Return one Newton step (3,) of a level's weights in expectation-maximisation; no weight moves by more than 1."""
    s = sigmoid(features @ weights)
    gradient = features.T @ (responsibilities - reach_probabilities * s) + PRIOR_WEIGHTS - weights
    curvature = (features * (reach_probabilities * s * (1 - s))[:, None]).T @ features + np.eye(len(weights))
    return np.clip(np.linalg.solve(curvature, gradient), -1, 1)
