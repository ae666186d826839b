"""Segments of text, which lexical worlds classify: sections, or lines of one section that hold enough words."""

import numpy as np

from pipeline.analysis.counting import (
    Ints,
    section_rows,
)
from pipeline.analysis.lines import line_lengths
from pipeline.corpus.table import Corpus, Layer


def segment_lines(corpus: Corpus, words: int, layer: Layer = "lyrics") -> Ints:
    """int[lines]: the number of the segment of each line, -1 for lines without a word of the layer.

    Lines of a section are taken together until they hold `words` words; what is left at its end joins the segment
    before it in the section. 0: each section is a segment.
    """
    lengths, sections = line_lengths(corpus, layer), section_rows(corpus)
    segment_of = np.full(len(lengths), -1)
    number, before, held, last = -1, -1, 0, np.bincount(sections, lengths, minlength=len(corpus.sections))
    for row in np.flatnonzero(lengths):
        section = sections[row]
        if section != before or (words and held >= words and last[section] >= words):
            number, held = number + 1, 0
        segment_of[row], before = number, section
        held += lengths[row]
        last[section] -= lengths[row]
    return segment_of


def first_lines(segment_of: Ints, segments: int) -> Ints:
    """int[segments]: the row of the first line of each."""
    rows = np.flatnonzero(segment_of >= 0)
    first = np.full(segments, -1)
    first[segment_of[rows][::-1]] = rows[::-1]
    return first
