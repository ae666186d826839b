"""A long song a window at a time: what a page shows at once is bounded, whatever the song."""

from collections.abc import Sequence
from itertools import groupby

WINDOW = 150  # lines: with the marks of their rhymes some 2,000 nodes of a page, which holds 3,000 at ease


def reading_windows(sections: Sequence[int], size: int = WINDOW) -> list[tuple[int, int]]:
    """Return (start, stop) rows of each window, given the section of each line: whole sections as far as they fit.

    A section of more than `size` lines is cut.

    >>> reading_windows([7] * 3 + [8] * 2 + [9] * 9, size=5)
    [(0, 5), (5, 10), (10, 14)]
    """
    windows: list[tuple[int, int]] = []
    start = stop = 0
    for _, section in groupby(sections):
        end = stop + len(list(section))
        if end - start > size and stop > start:
            windows.append((start, stop))
            start = stop
        while end - start > size:
            windows.append((start, start + size))
            start += size
        stop = end
    return [*windows, (start, stop)] if stop > start else windows
