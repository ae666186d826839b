"""Reinert's descending hierarchical classification (1983, 1990), as in ALCESTE, IRaMuTeQ and rainette: lexical worlds.

Segments (a few lines) are rows, the forms that stand in them columns, 1 where a form is in a segment. The largest class
is cut in two until there are k: segments are laid along the first axis of a correspondence analysis, cut where the
chi-squared of the two halves by the forms is highest, then moved one by one to the other half while that raises it.
Each half forgets the forms that stand out for the other before it is cut again.

Knows nothing of text: a binary matrix in, a tree of classes out. `lexical_worlds` makes the matrix.

For two halves with a_j and b_j segments that hold form j, t_j = a_j + b_j, A = Σ a_j, B = Σ b_j and N = A + B:

    χ² = N² / (A B) · (Σ a_j² / t_j - A² / N)

so a cut anywhere along the order, or a move of one segment, changes one sum, and all cuts together take one pass.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import ArpackError, LinearOperator, svds

from pipeline.analysis.counting import Floats, Ints

RowIndices = npt.NDArray[np.intp]
OnSplit = Callable[[int, int], None]  # classes so far, of how many

MIN_FORM_SEGMENTS = 3  # that hold a form, in a class that is to be cut by it (rainette's tsj)
CONTINGENCY_THRESHOLD = 0.3  # coefficient above which a form stands out for one half (rainette's cc_test)
MIN_CLASS_SEGMENTS = 5  # segments of a class at least
UNCLASSIFIED = -1  # segments without any form
_CHI_SQUARED_TOLERANCE = 1e-9  # chi-squared an entry: what rounding leaves of halves that hold the same
_MAX_MOVE_ROUNDS = 200  # of moving segments: each raises chi-squared, a few dozen are enough


@dataclass(frozen=True)
class ClassSplit:
    """The split of a class in two: the number of the class, the numbers of its halves, the chi-squared of the split."""

    parent: int
    left: int
    right: int
    chi_squared: float


@dataclass(frozen=True)
class Tree:
    """The tree of a descending classification. Class 0 holds all segments; each split adds two classes, numbered next.

    members   segments of each class, by its number
    splits    the cuts, in order: after i of them there are i + 1 classes
    segments  how many there are, those without any form included
    """

    segments: int
    members: list[RowIndices]
    splits: list[ClassSplit] = field(default_factory=list)

    def class_numbers_for_k(self, k: int) -> list[int]:
        """Return the numbers of the classes after k - 1 splits, or after all splits if the tree has fewer."""
        current = [0]
        for split in self.splits[: max(k - 1, 0)]:
            at = current.index(split.parent)
            current[at : at + 1] = [split.left, split.right]
        return current

    def labels(self, k: int) -> Ints:
        """Return int[segments]: the class of each segment, 0 to k - 1 in the order of the tree, `UNCLASSIFIED` for
        none."""
        labels = np.full(self.segments, UNCLASSIFIED)
        for number, name in enumerate(self.class_numbers_for_k(k)):
            labels[self.members[name]] = number
        return labels


def classify_descending(
    table: sparse.csr_matrix, k: int, *, smallest: int = MIN_CLASS_SEGMENTS, on_split: OnSplit = lambda done, of: None
) -> Tree:
    """Cut the segments (rows) of a table by their forms (columns) into k classes, fewer where no class can be cut.

    Any count above 0 is presence. `smallest` is the fewest segments of a class: the published algorithm has no such
    limit, and a few segments that share words with no others, such as copies of one text, then make the best cut there
    is. Deterministic. Linear in the entries of the table a cut.
    """
    presence = (sparse.csr_matrix(table) > 0).astype(np.float64).tocsr()
    filled = np.flatnonzero(np.diff(presence.indptr))
    members: list[RowIndices] = [filled]
    splits: list[ClassSplit] = []
    forms = [np.arange(presence.shape[1])]
    open_classes = {0}
    while len(splits) < k - 1:
        candidates = [name for name in open_classes if len(members[name]) >= 2 * smallest]
        if not candidates:
            break
        parent = max(candidates, key=lambda name: (len(members[name]), -name))
        cut = split_class(presence, members[parent], forms[parent], smallest)
        open_classes.discard(parent)
        if cut is None:
            continue
        left, right, chi_squared = cut
        splits.append(ClassSplit(parent, len(members), len(members) + 1, chi_squared))
        for half, other in ((left, right), (right, left)):
            open_classes.add(len(members))
            members.append(half)
            forms.append(_forms_for_next_split(presence, half, other, forms[parent]))
        on_split(len(splits) + 1, k)
    return Tree(presence.shape[0], members, splits)


def split_class(
    presence: sparse.csr_matrix, rows: RowIndices, forms: RowIndices, smallest: int = 1
) -> tuple[RowIndices, RowIndices, float] | None:
    """Return the two halves of a class (segments `rows`, cut by `forms`) and their chi-squared; None when it cannot be
    cut.

    Segments that hold none of `forms` follow the half that most of their other forms are in, else the larger one.
    """
    table = presence[rows][:, forms]
    form_counts = np.asarray(table.sum(axis=0)).ravel()
    table = table[:, form_counts >= MIN_FORM_SEGMENTS].tocsr()
    weighty = np.flatnonzero(np.diff(table.indptr))
    if len(weighty) < 2 * smallest or table.shape[1] < 2:
        return None
    table = table[weighty]
    half = _move_segments(table, _split_along_first_axis(table, smallest), smallest)
    chi_squared = chi_squared_of_halves(table, half)
    if chi_squared <= _CHI_SQUARED_TOLERANCE * table.nnz:
        return None
    side = _assign_remaining(presence[rows], weighty, half)
    return rows[side], rows[~side], chi_squared


def chi_squared_of_halves(table: sparse.csr_matrix, half: npt.NDArray[np.bool_]) -> float:
    """Return chi-squared of the 2 x forms table of the segments in one half and in the other."""
    total = np.asarray(table.sum(axis=0)).ravel()
    inside = np.asarray(table[half].sum(axis=0)).ravel()
    return float(_chi_squared((inside**2 / total).sum(), inside.sum(), total.sum()))


def _chi_squared(squares: npt.ArrayLike, inside: npt.ArrayLike, n: float) -> Floats:
    """Return chi-squared of two halves by forms, from Σ a²/t, Σ a and Σ t: a of a form's t uses are in the first."""
    inside = np.asarray(inside, float)
    both = inside * (n - inside)
    gap = np.asarray(squares) - inside**2 / n
    return np.divide(n * n * gap, both, out=np.zeros_like(gap), where=both > 0)


def _split_along_first_axis(table: sparse.csr_matrix, smallest: int = 1) -> npt.NDArray[np.bool_]:
    """Return bool[segments]: the half before the best cut along the first axis of a correspondence analysis."""
    order = np.argsort(_first_axis(table), kind="stable")
    by_form = table[order].tocsc()  # form by form, its segments in order
    total = np.asarray(table.sum(axis=0)).ravel()
    # Segments in order, the r-th that holds form j (r = 0, 1, ...) takes a_j from r to r + 1, so a_j² grows by 2r + 1.
    segments_by_form = np.diff(by_form.indptr)
    rank = np.arange(by_form.nnz) - np.repeat(by_form.indptr[:-1], segments_by_form)
    growth = np.bincount(by_form.indices, (2 * rank + 1) / np.repeat(total, segments_by_form), minlength=len(order))
    lengths = np.diff(table.indptr)[order]
    values = _chi_squared(np.cumsum(growth), np.cumsum(lengths), total.sum())[smallest - 1 : len(order) - smallest]
    half = np.zeros(len(order), bool)
    half[order[: int(values.argmax()) + smallest]] = True
    return half


def _first_axis(table: sparse.csr_matrix) -> Floats:
    """Return float[segments]: coordinates on the first axis of a correspondence analysis, kept sparse."""
    n = table.sum()
    r, c = (np.sqrt(np.asarray(table.sum(axis=axis)).ravel() / n) for axis in (1, 0))
    scaled = sparse.diags_array(1 / r) @ (table / n) @ sparse.diags_array(1 / c)
    if min(table.shape) < 4:
        u, values, _ = np.linalg.svd(scaled.toarray() - np.outer(r, c), full_matrices=False)
        return u[:, 0] * values[0] / r
    centred = LinearOperator(
        table.shape,
        matvec=lambda x: scaled @ np.ravel(x) - r * (c @ np.ravel(x)),
        rmatvec=lambda y: scaled.T @ np.ravel(y) - c * (r @ np.ravel(y)),
        dtype=float,
    )
    try:
        u, values, _ = svds(centred, k=1, v0=np.linspace(1, 2, min(table.shape)), tol=1e-6)
    except ArpackError:  # nothing is left once the table is centred: its segments hold forms at one rate
        return np.zeros(table.shape[0])
    return u[:, 0] * values[0] / r


def _move_segments(table: sparse.csr_matrix, half: npt.NDArray[np.bool_], smallest: int = 1) -> npt.NDArray[np.bool_]:
    """Move segments to the other half until no single move raises chi-squared.

    The published algorithm tries one segment after the other. What each move would give is one sparse product for
    all of them; the most promising are then moved together as long as that raises chi-squared, fewer at a time where
    it does not, so that few passes are enough, and the end is the same kind of place: no move helps.
    """
    half = half.copy()
    total = np.asarray(table.sum(axis=0)).ravel()
    lengths, n = np.diff(table.indptr).astype(float), total.sum()
    spread = np.asarray(table @ (1 / total)).ravel()
    together = len(half)
    for _ in range(_MAX_MOVE_ROUNDS):
        inside = np.asarray(table[half].sum(axis=0)).ravel()
        squares, size = (inside**2 / total).sum(), inside.sum()
        now = float(_chi_squared(squares, size, n))
        sign = np.where(half, -1, 1)
        after = squares + sign * 2 * (table @ (inside / total)) + spread
        gains = _chi_squared(after, size + sign * lengths, n) - now
        better = np.flatnonzero(gains > 1e-9 * max(now, 1))
        if not len(better):
            break
        better = better[np.argsort(-gains[better], kind="stable")]
        together = min(together, len(better))
        while True:
            tried = half.copy()
            tried[better[:together]] ^= True
            if together == 1 or chi_squared_of_halves(table, tried) > now:
                break
            together = -(-together // 4)
        if min(tried.sum(), (~tried).sum()) < smallest:
            break
        half = tried
        together *= 2
    return half


def _assign_remaining(
    table: sparse.csr_matrix, weighty: RowIndices, half: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return bool[segments]: the half of each segment. Those not in `weighty` join the half with more similar forms."""
    side = np.zeros(table.shape[0], bool)
    side[weighty] = half
    others = np.delete(np.arange(table.shape[0]), weighty)
    if len(others):
        inside = np.asarray(table[weighty[half]].sum(axis=0)).ravel() / half.sum()
        outside = np.asarray(table[weighty[~half]].sum(axis=0)).ravel() / (~half).sum()
        lean = table[others] @ (inside - outside)
        side[others] = np.where(lean == 0, 2 * half.sum() >= len(half), lean > 0)
    return side


def _forms_for_next_split(
    presence: sparse.csr_matrix, half: RowIndices, other: RowIndices, forms: RowIndices
) -> RowIndices:
    """Return the forms for cutting a half again: frequent in it, and not overrepresented in the other half.

    As in rainette: of t segments that hold a form, a are in the half, where e are expected by the share s of the half
    in all forms; χ² = (a - e)² / (t s (1 - s)), and the coefficient of contingency is sqrt(χ² / (χ² + t)).
    """
    a, b = (np.asarray(presence[rows][:, forms].sum(axis=0)).ravel() for rows in (half, other))
    total, share = a + b, a.sum() / (a.sum() + b.sum())
    gap = a - total * share
    chi_squared = gap**2 / np.maximum(total * share * (1 - share), 1e-12)
    stands_out = np.sqrt(chi_squared / np.maximum(chi_squared + total, 1)) > CONTINGENCY_THRESHOLD
    return forms[(a >= MIN_FORM_SEGMENTS) & ~(stands_out & (gap < 0))]
