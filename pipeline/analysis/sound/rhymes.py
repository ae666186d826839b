"""Rhyme and syllables by song, artist, year or kind of section, with intervals over songs.

Every function takes the phonetic table of `transcribe_lines` (or one that holds at least the corpus's lines), so that
a page computes it once. A line counts when something of it is said: an ad-lib alone is no line. Intervals leave out
one song at a time (`intervals.jackknife`); with fewer than three songs there is none.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.analysis.counting import GroupingKey, Ints, line_group_codes, song_group_codes, song_row_of_each_line
from pipeline.analysis.intervals import ratio_jackknife
from pipeline.analysis.lines import line_details_table, quartiles_by
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
    """Return the rhyme of each group: the group, songs, lines, syllables, then value, _low and _high of

    density          rhymed syllables / syllables, end and internal rhymes (after Hirjee & Brown 2010)
    assonant_density the same with the last syllables of lines that assonate
    rhymed_lines     share of lines whose end rhymes in its section; a word repeated is no rhyme
    assonant_lines   the same with lines that assonate (`language.scheme`)
    internal         internal rhyming words a line
    and longest, the syllables of the longest match. Higher is denser in all of them.
    """
    voiced, codes, labels, songs = _voiced_lines(corpus, phonetic_table, by)
    # a piece is what a song has in a group
    pieces, piece = np.unique(codes * max(len(corpus.songs), 1) + songs, return_inverse=True)

    def add(values: Ints | None = None) -> Ints:
        return np.bincount(piece, values, minlength=len(pieces)).astype(np.int64)

    lines, syllables, rhymed = add(), add(voiced["vowels"].to_numpy()), add(voiced["rhymed_syllables"].to_numpy())
    ends, internal = add(voiced["group"].to_numpy() >= 0), add(voiced["internal"].to_numpy())
    loose, assonant = add(voiced["assonance"].to_numpy() >= 0), add(voiced["assonant_syllables"].to_numpy())
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
    """Return `rhyme_table` of a corpus, the densest group first.

    Density is the share of syllables that rhyme with others of the same section.
    """
    table = rhyme_table(corpus, phonetic_table(corpus), by)
    return table if table.empty else table.sort_values("density", ascending=False, ignore_index=True)


def rhyme_density_of_lines(lines: Sequence[str], pronunciations: Pronunciations) -> float:
    """Return rhymed syllables / syllables of lines that are read as one section."""
    return find_section_rhymes([scan_line(line, pronunciations) for line in lines]).density()


def less_dense_section_share(corpus: Corpus, phonetic_table: pd.DataFrame, density: float) -> float:
    """Return the share of the corpus's sections of four lines or more whose density is lower; nan without one."""
    sounds = phonetic_table.loc[corpus.lines.index, ["rhymed_syllables", "vowels"]].to_numpy(np.int64)
    codes, _ = pd.factorize(corpus.lines["section"])
    rhymed, vowels = (np.bincount(codes, sounds[:, column]) for column in (0, 1))
    counted = (np.bincount(codes, minlength=len(vowels)) >= 4) & (vowels > 0)
    return float((rhymed[counted] / vowels[counted] < density).mean()) if counted.any() else float("nan")


def density_text(density: float, less: float) -> str:
    """Return density and the share of what is less dense as a line of measure; "" where there is nothing to say.

    >>> density_text(0.412, 0.934), density_text(0.0, 0.0)
    ('41.2% of syllables rhyme: denser than 93% of this corpus', '')
    """
    if np.isnan(less) or not density:
        return ""
    values = {"density": format_percentage(density), "share": format_percentage(less, 0)}
    return t("{density} of syllables rhyme: denser than {share} of this corpus", **values)


def syllable_table(
    corpus: Corpus, phonetic_table: pd.DataFrame, by: GroupingKey = "artist", count: str = "spoken"
) -> pd.DataFrame:
    """Return the syllables a line of each group: the group, lines, syllables, mean, sd, q1, median, q3, longest.

    `count` is spoken, verse, minimum or maximum.
    """
    if count not in ("spoken", "verse", "minimum", "maximum"):
        raise SettingError("There is no count {count!r}: choose spoken, verse, minimum or maximum.", count=count)
    voiced, codes, labels, _ = _voiced_lines(corpus, phonetic_table, by)
    grouped = voiced[count].astype(int).groupby(codes)
    table = pd.DataFrame({"lines": grouped.size(), "syllables": grouped.sum(), **quartiles_by(grouped)})
    table.insert(0, labels.name or "song", labels[table.index])
    return table.reset_index(drop=True)


def syllable_distribution(corpus: Corpus, phonetic_table: pd.DataFrame, count: str = "spoken") -> pd.DataFrame:
    """Return a row a number of syllables from 1 to the most, empty ones included: syllables, lines, share."""
    values = phonetic_table.loc[corpus.lines.index, count].to_numpy()
    lines = np.bincount(values[values > 0], minlength=2)[1:]
    return pd.DataFrame(
        {"syllables": np.arange(1, len(lines) + 1), "lines": lines, "share": lines / max(lines.sum(), 1)}
    )


def longest_matches(corpus: Corpus, phonetic_table: pd.DataFrame, n: int = 20) -> pd.DataFrame:
    """Return the `n` lines where the longest multisyllabic matches end: `line_details_table` and a column longest."""
    longest = phonetic_table.loc[corpus.lines.index, "longest"].to_numpy()
    order = np.argsort(-longest, kind="stable")[:n]
    return line_details_table(corpus, corpus.lines.index[order]).assign(longest=longest[order])


def _voiced_lines(
    corpus: Corpus, phonetic_table: pd.DataFrame, by: GroupingKey
) -> tuple[pd.DataFrame, Ints, pd.Index, Ints]:
    """Return (rows of the lines that are said and whose group is known, group and song row of each, groups' labels)."""
    # texts take as long as all numbers
    numbers = [name for name, kind in phonetic_table.dtypes.items() if kind.kind == "i"]
    part = phonetic_table.loc[corpus.lines.index, numbers]
    codes, labels = line_group_codes(corpus, by)
    keep = (part["spoken"].to_numpy() > 0) & (codes >= 0)
    return part[keep], codes[keep], labels, song_row_of_each_line(corpus)[keep]


def scheme_frequencies(
    corpus: Corpus, phonetic_table: pd.DataFrame, by: GroupingKey | None = None, *, assonance: bool = False
) -> pd.DataFrame:
    """Return how often each pattern of four lines occurs, most first: (the group,) scheme, quatrains, share.

    With `assonance` lines that assonate stand together too.
    """
    blocks, codes = _quatrains(corpus, phonetic_table, "assonance" if assonance else "group")
    about = corpus.sections.loc[corpus.lines["section"].to_numpy()[blocks[:, 0]], ["song", "kind"]]
    if by is None:
        group, names = np.zeros(len(blocks), np.intp), pd.Index(["all"])
    elif by == "kind":
        group, names = pd.factorize(about["kind"].astype(str), sort=True)
    else:
        of_songs, names = song_group_codes(corpus, by)
        group = of_songs[corpus.songs.index.get_indexer(about["song"])]
    grouped = group >= 0
    pattern_counts = np.bincount(group[grouped] * 625 + codes[grouped], minlength=625 * len(names)).reshape(-1, 625)
    rows = []
    for label, row in zip(names, pattern_counts, strict=True):
        counts = [(_decode_pattern(code), int(row[code])) for code in np.flatnonzero(row).tolist()]
        total = row.sum()
        rows += [(label, pattern, n, n / total) for pattern, n in sorted(counts, key=lambda c: (-c[1], c[0]))]
    table = pd.DataFrame(rows, columns=[by or "group", "scheme", "quatrains", "share"])
    return table.drop(columns="group") if by is None else table


def quatrains_with_scheme(
    corpus: Corpus, phonetic_table: pd.DataFrame, scheme: str, *, assonance: bool = False
) -> Ints:
    """Return the rows in `corpus.lines` of the blocks of four lines of that scheme, int[blocks, 4]."""
    blocks, codes = _quatrains(corpus, phonetic_table, "assonance" if assonance else "group")
    pattern_codes = [code for code in np.unique(codes).tolist() if _decode_pattern(code) == scheme]
    return blocks[np.isin(codes, pattern_codes)]


def _quatrains(corpus: Corpus, phonetic_table: pd.DataFrame, column: str = "group") -> tuple[Ints, Ints]:
    """Return (rows of each full block of four lines that are said, int[blocks, 4]; the number of its pattern).

    One number a pattern, a quarter of the time that naming each block takes: of each line the first of its block
    that it rhymes with, 4 where there is none, in base 5.
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
    """Return the name of a pattern of `scheme_frequencies`."""
    lines = [code // place % 5 for place in (125, 25, 5, 1)]
    return quatrain_patterns([None if line == 4 else line for line in lines])[0]


_EXAMPLE_QUATRAIN = ("J'ai pas le temps", "Mais va devant", "Hier la rue", "Encore perdu")
_EXAMPLE_QUATRAIN_TEXT = " / ".join(_EXAMPLE_QUATRAIN)


def _quatrain_rhymes() -> SectionRhymes:
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
        "Sound", "Rhyme", "Sounds shared from the end: 1 pauvre, 2 suffisante, 3 riche; 2 vowels or more léonine.",
        "", "—",
        ReferenceValue("vowels that maison and raison share", "by ear", 2, lambda: _shared_vowels("maison", "raison")),
    ),
    Measure(
        "Sound", "Multi", "Equal vowels in a row, counted back from the ends of two passages, across words.", "", "—",
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
            _quatrain_rhymes().density(), 1e-12
        ),
    ),
    Measure(
        "Sound", "Longest multisyllabic rhyme", "Syllables of the longest rhyme in a section.", "", "—",
        ReferenceValue(_EXAMPLE_QUATRAIN_TEXT, "by ear", 4, lambda: max(site.syllables for site in
        _quatrain_rhymes().sites)),
    ),
)  # fmt: skip


PRECOMPUTED_RESULTS = (PrecomputedResult("rhymes_of_artists", rhyme_table, version=3, resources=(PHONETIC_TABLE,)),)
