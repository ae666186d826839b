"""Rhyme and syllables by song, artist, year or kind of section, with intervals over songs.

Functions take the phonetic table of the corpus, or of one that holds it (`transcribe_lines`), so that a page computes
it once. A line counts when it has a syllable: an ad-lib alone is no line. Intervals leave out
one song at a time (`intervals.jackknife`); with fewer than three songs there is none.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.analysis.counting import GroupingKey, Ints, line_group_codes, song_row_of_each_line
from pipeline.analysis.intervals import ratio_jackknife
from pipeline.analysis.lines import line_details_table, mean_and_quartiles
from pipeline.analysis.measures import POEM, Measure, ReferenceValue, example_pronunciations
from pipeline.analysis.precomputed import PHONETIC_TABLE, PrecomputedResult
from pipeline.analysis.sound.phonetic_table import phonetic_table
from pipeline.core.errors import SettingError
from pipeline.core.translation import format_percentage, mark, t
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import compare_rhyme
from pipeline.language.scheme import quatrain_patterns
from pipeline.language.section_rhymes import SectionRhymes, find_section_rhymes
from pipeline.language.syllables import scan_line


def rhyme_table(corpus: Corpus, phonetic_table: pd.DataFrame, by: GroupingKey = "artist") -> pd.DataFrame:
    """Return the rhyme measures of each group: the group, songs, lines, syllables, then six measures; higher is denser.

    density          rhymed syllables / syllables, end and internal rhymes (after Hirjee & Brown 2010)
    assonant_density the same with the last syllables of lines that assonate
    rhymed_lines     share of lines whose end rhymes in its section; a word repeated is no rhyme
    assonant_lines   the same with lines that assonate (`language.scheme`)
    internal         internal rhyming words a line
    longest          syllables of the longest match; the others have intervals, _low and _high
    """
    voiced, codes, labels, songs = _lines_with_syllables(corpus, phonetic_table, by)
    # a piece is what a song has in a group
    pieces, piece = np.unique(codes * max(len(corpus.songs), 1) + songs, return_inverse=True)

    def sum_by_song(values: Ints | None = None) -> Ints:
        return np.bincount(piece, values, minlength=len(pieces)).astype(np.int64)

    lines, syllables = sum_by_song(), sum_by_song(voiced["vowels"].to_numpy())
    rhymed, assonant = (sum_by_song(voiced[name].to_numpy()) for name in ("rhymed_syllables", "assonant_syllables"))
    ends, loose = (sum_by_song(voiced[name].to_numpy() >= 0) for name in ("group", "assonance"))
    internal = sum_by_song(voiced["internal"].to_numpy())
    longest = voiced["longest"].groupby(codes).max()
    bounds = np.searchsorted(pieces // max(len(corpus.songs), 1), np.arange(len(labels) + 1))
    rows = []
    for group, (a, b) in enumerate(pairwise(bounds.tolist())):
        if a == b:
            continue
        row = {"songs": b - a, "lines": lines[a:b].sum(), "syllables": syllables[a:b].sum()}
        for name, top, bottom in (
            ("density", rhymed, syllables),
            ("assonant_density", assonant, syllables),
            ("rhymed_lines", ends, lines),
            ("assonant_lines", loose, lines),
            ("internal", internal, lines),
        ):
            value, interval = ratio_jackknife(top[a:b], bottom[a:b])
            low, high = max(interval.low, 0), interval.high if name == "internal" else min(interval.high, 1)
            row |= {name: value, f"{name}_low": low, f"{name}_high": high}
        rows.append({labels.name or "song": labels[group], **row, "longest": longest[group]})
    return pd.DataFrame(rows)


def rhyme_density(corpus: Corpus, by: GroupingKey = "artist") -> pd.DataFrame:
    """Return the rhyme measures of each group of a corpus, the group with the highest rhyme density first.

    Density is the share of syllables that rhyme with others of the same section.
    """
    table = rhyme_table(corpus, phonetic_table(corpus), by)
    return table if table.empty else table.sort_values("density", ascending=False, ignore_index=True)


def rhyme_density_of_lines(lines: Sequence[str], pronunciations: Pronunciations) -> float:
    """Return the rhyme density of some lines, read as one section: rhymed syllables / syllables."""
    return find_section_rhymes([scan_line(line, pronunciations) for line in lines]).density()


def share_of_sections_below_density(corpus: Corpus, phonetic_table: pd.DataFrame, density: float) -> float:
    """Return the share of sections of four lines or more with a rhyme density below `density`; nan for none."""
    sounds = phonetic_table.loc[corpus.lines.index, ["rhymed_syllables", "vowels"]].to_numpy(np.int64)
    codes, _ = pd.factorize(corpus.lines["section"])
    rhymed, vowels = (np.bincount(codes, sounds[:, column]) for column in (0, 1))
    counted = (np.bincount(codes, minlength=len(vowels)) >= 4) & (vowels > 0)
    return float((rhymed[counted] / vowels[counted] < density).mean()) if counted.any() else float("nan")


def rhyme_density_sentence(density: float, less: float) -> str:
    """Return a sentence on a rhyme density and the share of less dense sections; "" for a zero density or a nan share.

    >>> rhyme_density_sentence(0.412, 0.934), rhyme_density_sentence(0.0, 0.0)
    ('41.2% of syllables rhyme: denser than 93% of this corpus', '')
    """
    if np.isnan(less) or not density:
        return ""
    values = {"density": format_percentage(density), "share": format_percentage(less, 0)}
    return t("{density} of syllables rhyme: denser than {share} of this corpus", **values)


def syllable_table(
    corpus: Corpus, phonetic_table: pd.DataFrame, by: GroupingKey = "artist", count: str = "spoken"
) -> pd.DataFrame:
    """Return the syllables per line of each group: the group, lines, syllables, mean, sd, q1, median, q3, longest.

    `count` is spoken, verse, minimum or maximum.
    """
    if count not in ("spoken", "verse", "minimum", "maximum"):
        raise SettingError("There is no count {count!r}: choose spoken, verse, minimum or maximum.", count=count)
    voiced, codes, labels, _ = _lines_with_syllables(corpus, phonetic_table, by)
    grouped = voiced[count].astype(int).groupby(codes)
    table = pd.DataFrame({"lines": grouped.size(), "syllables": grouped.sum(), **mean_and_quartiles(grouped)})
    table.insert(0, labels.name or "song", labels[table.index])
    return table.reset_index(drop=True)


def syllable_distribution(corpus: Corpus, phonetic_table: pd.DataFrame, count: str = "spoken") -> pd.DataFrame:
    """Return how many lines have each number of syllables, from 1 to the most: syllables, lines, share."""
    values = phonetic_table.loc[corpus.lines.index, count].to_numpy()
    lines = np.bincount(values[values > 0], minlength=2)[1:]
    return pd.DataFrame(
        {"syllables": np.arange(1, len(lines) + 1), "lines": lines, "share": lines / max(lines.sum(), 1)}
    )


def lines_with_longest_rhymes(corpus: Corpus, phonetic_table: pd.DataFrame, n: int = 20) -> pd.DataFrame:
    """Return the `n` lines that end the longest multisyllabic rhymes: `line_details_table` and longest (syllables)."""
    longest = phonetic_table.loc[corpus.lines.index, "longest"].to_numpy()
    order = np.argsort(-longest, kind="stable")[:n]
    return line_details_table(corpus, corpus.lines.index[order]).assign(longest=longest[order])


def _lines_with_syllables(
    corpus: Corpus, phonetic_table: pd.DataFrame, by: GroupingKey
) -> tuple[pd.DataFrame, Ints, pd.Index, Ints]:
    """Return (number columns, group codes, group labels, song rows) of the lines with syllables and a known group."""
    # texts take as long as all numbers
    numbers = [name for name, kind in phonetic_table.dtypes.items() if kind.kind == "i"]
    part = phonetic_table.loc[corpus.lines.index, numbers]
    codes, labels = line_group_codes(corpus, by)
    keep = (part["spoken"].to_numpy() > 0) & (codes >= 0)
    return part[keep], codes[keep], labels, song_row_of_each_line(corpus)[keep]


def scheme_frequencies(corpus: Corpus, phonetic_table: pd.DataFrame, *, assonance: bool = False) -> pd.DataFrame:
    """Return how often each rhyme scheme of four lines occurs, most frequent first: scheme, quatrains, share.

    With `assonance` lines that assonate count as rhyming.
    """
    _, codes = _quatrain_patterns(corpus, phonetic_table, "assonance" if assonance else "group")
    patterns, quatrains = np.unique(codes, return_counts=True)
    table = pd.DataFrame({"scheme": [_decode_pattern(code) for code in patterns.tolist()], "quatrains": quatrains})
    table = table.assign(share=quatrains / max(len(codes), 1)).astype({"scheme": "str"})
    return table.sort_values(["quatrains", "scheme"], ascending=[False, True], ignore_index=True)


def quatrains_with_scheme(
    corpus: Corpus, phonetic_table: pd.DataFrame, scheme: str, *, assonance: bool = False
) -> Ints:
    """Return int[quatrains, 4]: the rows in `corpus.lines` of the blocks of four lines with this rhyme scheme."""
    blocks, codes = _quatrain_patterns(corpus, phonetic_table, "assonance" if assonance else "group")
    pattern_codes = [code for code in np.unique(codes).tolist() if _decode_pattern(code) == scheme]
    return blocks[np.isin(codes, pattern_codes)]


def _quatrain_patterns(corpus: Corpus, phonetic_table: pd.DataFrame, column: str = "group") -> tuple[Ints, Ints]:
    """Return (int[blocks, 4]: rows of each full block of four lines with syllables; int[blocks]: its pattern's code).

    The code holds, for each line, the first line of its block that it rhymes with, 4 for none, in base 5.
    """
    voiced = phonetic_table.loc[corpus.lines.index, [column, "spoken"]]
    sounded = voiced["spoken"].to_numpy() > 0
    rows = np.flatnonzero(sounded)
    sections = corpus.lines["section"].to_numpy()[rows]
    starts = np.flatnonzero(np.diff(sections, prepend=-1))
    lengths = np.diff(starts, append=len(sections))
    within = np.arange(len(sections)) - np.repeat(starts, lengths)
    full = within < np.repeat(lengths // 4 * 4, lengths)
    blocks = rows[full].reshape(-1, 4)
    ends = voiced[column].to_numpy()[blocks]
    same = (ends[:, :, None] == ends[:, None, :]) & (ends[:, :, None] >= 0)
    return blocks, np.where(same.sum(axis=2) > 1, same.argmax(axis=2), 4) @ np.array((125, 25, 5, 1))


def _decode_pattern(code: int) -> str:
    """Return the rhyme scheme (AABB …) that a code of `_quatrain_patterns` stands for."""
    lines = [code // place % 5 for place in (125, 25, 5, 1)]
    return quatrain_patterns([None if line == 4 else line for line in lines])[0]


_EXAMPLE_QUATRAIN = ("J'ai pas le temps", "Mais va devant", "Hier la rue", "Encore perdu")
_EXAMPLE_QUATRAIN_TEXT = " / ".join(_EXAMPLE_QUATRAIN)


def _example_quatrain_rhymes() -> SectionRhymes:
    sounds = example_pronunciations()
    return find_section_rhymes([scan_line(line, sounds) for line in _EXAMPLE_QUATRAIN])


def _shared_vowels(a: str, b: str) -> float:
    return compare_rhyme(a, b, example_pronunciations()).shared_vowels


MEASURES = (
    Measure(
        "Sound", "Syllables in classical verse", "An e before a consonant is pronounced, but not at the end of "
        "the line.",
        "", "—",
        ReferenceValue(
            "the first line of the poem", "an alexandrine", 12,
            lambda: scan_line(POEM.split("\n")[0], example_pronunciations()).syllables.verse,
        ),
    ),
    Measure(
        "Sound", "Rhyme",
        "Sounds shared in a row from the end: 1 pauvre, 2 suffisante, 3 riche; with 2 vowels, léonine.",
        "", "—",
        ReferenceValue("vowels that maison and raison share", "by ear", 2, lambda: _shared_vowels("maison", "raison")),
    ),
    Measure(
        "Sound", "Multi", "Identical vowels in a row, counted back from the ends "
            "of two passages, across words.", "", "—",
        ReferenceValue(
            "la nuit est longue compared with la vie est l'ombre", "by ear", 4,
            lambda: _shared_vowels("la nuit est longue", "la vie est l'ombre"),
        ),
    ),
    Measure(
        "Sound", "Rhyme density", "Syllables that rhyme, at the end of a line or inside it, within four lines and one "
        "section.", mark("rhymed syllables / syllables"), mark("after Hirjee & Brown 2010"),
        ReferenceValue(
            _EXAMPLE_QUATRAIN_TEXT, "by hand: 4, 4, 1 and 1 of 4, 4, 3 and 4", 10 / 15, lambda:
            _example_quatrain_rhymes().density(), 1e-12
        ),
    ),
    Measure(
        "Sound", "Longest multisyllabic rhyme", "Syllables of the longest rhyme in a section.", "", "—",
        ReferenceValue(_EXAMPLE_QUATRAIN_TEXT, "by ear", 4, lambda: max(site.syllables for site in
        _example_quatrain_rhymes().sites)),
    ),
)  # fmt: skip


PRECOMPUTED_RESULTS = (PrecomputedResult("rhymes_of_artists", rhyme_table, version=3, resources=(PHONETIC_TABLE,)),)
