"""Flow: how fast lines are performed and where in the bar, in songs with timed lines (LRC, subtitles, TTML).

A line ends where the source says so, else where the next line of its song begins; it has no known end if that is more
than `LONGEST` seconds later, after a break. Syllables are spread evenly from one timed word to the next (enhanced LRC,
spans of TTML), else over their line. The length of a bar is estimated from the starts of lines
(`estimate_bar_seconds`). Lines without times are placed on the bar by `language.rhythm`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.analysis.counting import Floats, GroupingKey, Ints, line_group_codes, song_row_of_each_line
from pipeline.analysis.intervals import ratio_jackknife
from pipeline.analysis.lines import rows_of_lines
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhythm import BEAT, FASTEST, SLOWEST, STEPS, Syllable, line_syllables, place_line_in_bars
from pipeline.language.syllables import scan_line

LONGEST, SHORTEST = 8.0, 0.2  # seconds of a line
MIN_TIMED_LINES = 4  # timed lines of a song from which its bar is guessed


def timed_line_table(corpus: Corpus, phonetic_table: pd.DataFrame) -> pd.DataFrame:
    """Return a row per timed line with a syllable, by line id: song, section, start, stop, syllables, rate.

    start and stop in seconds; syllables as spoken; rate in syllables a second.

    A line of unknown end whose words have times ends as its last words would at the pace of those before: a rest
    after them is no part of it.
    """
    lines = corpus.lines[["song", "section", "seconds", "seconds_end"]]
    lines = lines[lines["seconds"].notna()].astype({"seconds": float, "seconds_end": float})
    following = lines.groupby("song")["seconds"].shift(-1)
    table = pd.DataFrame(
        {
            "song": lines["song"],
            "section": lines["section"],
            "start": lines["seconds"],
            "stop": lines["seconds_end"].fillna(
                np.fmin(_extrapolated_line_ends(corpus).reindex(lines.index), following)
            ),
            "syllables": phonetic_table.loc[lines.index, "spoken"].astype(int),
        }
    )
    length = table["stop"] - table["start"]
    table = table[(table["syllables"] > 0) & (length >= SHORTEST) & (length <= LONGEST)]
    return table.assign(rate=table["syllables"] / (table["stop"] - table["start"]))


def _extrapolated_line_ends(corpus: Corpus) -> "pd.Series[float]":
    """Return the end of each line with timed words, by line id, if its last words keep the pace of the others.

    From the first word whose time is known to the last one, extended by the words from that on.
    """
    timed, seconds = corpus.word_times.index.to_numpy(np.intp), corpus.word_times.to_numpy(float)
    starts, stops = (corpus.lines[name].to_numpy(np.intp) for name in ("start", "stop"))
    first, after = np.searchsorted(timed, starts), np.searchsorted(timed, stops)
    rows = np.flatnonzero(after - first >= 2)  # lines of two timed words and more
    first, last = first[rows], after[rows] - 1
    pace = (seconds[last] - seconds[first]) / (timed[last] - timed[first])
    return pd.Series(seconds[last] + pace * (stops[rows] - timed[last]), corpus.lines.index[rows])


def syllable_start_times(corpus: Corpus, table: pd.DataFrame, sounds: Pronunciations) -> dict[int, Floats]:
    """Return line id -> the seconds at which its spoken syllables begin, for the lines of `table` with timed words.

    `table` is a `timed_line_table`.
    """
    timed, seconds = corpus.word_times.index.to_numpy(np.intp), corpus.word_times.to_numpy(float)
    bounds = corpus.lines.loc[table.index, ["start", "stop"]].to_numpy(np.intp)
    times = {}
    for row, (first, stop), (low, high) in zip(table.itertuples(), bounds, np.searchsorted(timed, bounds), strict=True):
        begins = np.full(stop - first, np.nan)
        begins[timed[low:high] - first] = seconds[low:high]
        begins = begins[~corpus.adlib[first:stop]]
        if np.isnan(begins).all() or np.nanmax(begins) > row.stop:
            continue
        spoken = scan_line(corpus.all_texts[row.Index], sounds).spoken
        if len(spoken) != len(begins):  # a lemma, or words that were cut otherwise
            continue
        places = np.cumsum([0, *spoken])
        anchors = {0: row.start, int(places[-1]): row.stop}
        for place, begin in zip(places[:-1][::-1].tolist(), begins[::-1].tolist(), strict=True):
            if not np.isnan(begin) and place < places[-1]:
                anchors[place] = begin  # of a word without a vowel and the word that it leans on, the first
        known = sorted(anchors)
        times[int(row.Index)] = np.interp(np.arange(places[-1]), known, [anchors[place] for place in known])
    return times


def syllable_rate_table(corpus: Corpus, phonetic_table: pd.DataFrame, by: GroupingKey = "artist") -> pd.DataFrame:
    """Return the speaking rate of each group: the group, songs, lines, seconds, syllables, rate, rate_low, rate_high.

    The rate is syllables / seconds over the lines of `timed_line_table`, the interval a jackknife over songs. Groups
    without such a line have no row.
    """
    table = timed_line_table(corpus, phonetic_table)
    rows = rows_of_lines(corpus, table.index)
    of_lines, labels = line_group_codes(corpus, by)
    codes = of_lines[rows]
    songs = song_row_of_each_line(corpus)[rows]
    groups = []
    for code in np.unique(codes[codes >= 0]):
        here = codes == code
        part, own = table[here], np.unique(songs[here], return_inverse=True)[1]
        seconds = np.bincount(own, part["stop"] - part["start"])
        syllables = np.bincount(own, part["syllables"])
        rate, interval = ratio_jackknife(syllables, seconds)
        sums = (len(syllables), len(part), seconds.sum(), int(syllables.sum()))
        groups.append((labels[code], *sums, rate, max(interval.low, 0), interval.high))
    columns = [by, "songs", "lines", "seconds", "syllables", "rate", "rate_low", "rate_high"]
    return pd.DataFrame(groups, columns=columns)


def estimate_bar_seconds(starts: Sequence[float] | Floats) -> float:
    """Return the length of a bar in seconds, guessed from line starts; nan for fewer than `MIN_TIMED_LINES` of them.

    The median distance of two lines, halved or doubled until its four beats are of a tempo from 60 to 180, is what the
    beginnings agree with best within 6 % of it: the length of their mean direction on a circle of that period.

    >>> estimate_bar_seconds([0.5, 3.2, 5.8, 8.5, 13.8, 19.2]).__round__(1)
    2.7
    """
    times = np.sort(np.asarray(starts, float))
    gaps = np.diff(times)
    gaps = gaps[gaps > SHORTEST]
    if len(gaps) < MIN_TIMED_LINES - 1:
        return float("nan")
    shortest, longest = (60 / tempo * STEPS / BEAT for tempo in (FASTEST, SLOWEST))
    period = float(np.median(gaps))
    while period > longest:
        period /= 2
    while period < shortest:
        period *= 2
    periods = period * np.linspace(0.94, 1.06, 241)
    agreement = np.abs(np.exp(2j * np.pi * (times - times[0]) / periods[:, None]).sum(axis=1))
    return float(periods[agreement.argmax()])


class SyllablesOnBars(NamedTuple):
    """The syllables of a song on its bars: (step, syllable) pairs per bar, beats a minute, whether words have times."""

    rows: list[list[tuple[int, Syllable]]]
    tempo: float
    words: bool


def syllables_on_bars(
    table: pd.DataFrame, texts: Mapping[int, str], sounds: Pronunciations, syllable_times: Mapping[int, Floats]
) -> SyllablesOnBars | None:
    """Return the syllables of a song on the nearest steps of its bars, from its `timed_line_table`.

    None where no bar can be estimated.

    `texts` are by line id, `syllable_times` as in `timed_syllables_by_bar_step`. Bars of silence are kept.
    """
    bar, first = _estimate_bar(table["start"].to_numpy())
    if np.isnan(bar):
        return None
    rows: dict[int, list[tuple[int, Syllable]]] = defaultdict(list)
    for row in table.itertuples():
        line = int(row.Index)
        syllables = line_syllables(texts[line], scan_line(texts[line], sounds))
        times = syllable_times.get(line, _evenly_spaced_times(row.start, row.stop, len(syllables)))
        for step, syllable in zip(_quantise_to_sixteenths(times, bar, first).tolist(), syllables, strict=False):
            rows[step // STEPS].append((step % STEPS, syllable))
    bars = [rows.get(at, []) for at in range(min(rows), max(rows) + 1)]
    return SyllablesOnBars(bars, 60 * STEPS / BEAT / bar, any(line in syllable_times for line in table.index))


def _estimate_bar(starts: Floats) -> tuple[float, float]:
    """Return (length, start) of a bar in seconds, estimated from when lines begin; nan if there are too few."""
    bar = estimate_bar_seconds(starts)
    return bar, bar if np.isnan(bar) else float(np.angle(np.exp(2j * np.pi * starts / bar).sum()) / (2 * np.pi) * bar)


def _quantise_to_sixteenths(times: Floats, bar: float, first: float) -> Ints:
    """Return int[times]: times in seconds, rounded to sixteenths of a bar from the bar that begins at `first`."""
    return np.floor((times - first) / bar * STEPS + 0.5).astype(np.int64)


def _evenly_spaced_times(start: float, stop: float, syllables: int) -> Floats:
    return start + (stop - start) * np.arange(syllables) / syllables


def timed_syllables_by_bar_step(table: pd.DataFrame, syllable_times: Mapping[int, Floats] | None = None) -> Floats:
    """Return float[16]: the share of the timed lines' syllables on each sixteenth of the bar; zeros without any.

    `syllable_times` are those of `syllable_start_times`; syllables of other lines are evenly spaced. The bar of a song
    begins where most of its lines do.
    """
    counts = np.zeros(STEPS)
    for _, song in table.groupby("song"):
        starts = song["start"].to_numpy()
        bar, first = _estimate_bar(starts)
        if np.isnan(bar):
            continue
        for line, start, stop, syllables in zip(song.index, starts, song["stop"], song["syllables"], strict=True):
            times = (syllable_times or {}).get(line, _evenly_spaced_times(start, stop, syllables))
            counts += np.bincount(_quantise_to_sixteenths(times, bar, first) % STEPS, minlength=STEPS)
    return counts / max(counts.sum(), 1)


def text_syllables_by_bar_step(lines: Sequence[str], sounds: Pronunciations) -> Floats:
    """Return float[16]: the share of lines' syllables on each sixteenth of the bar (`place_line_in_bars`).

    >>> text_syllables_by_bar_step(["La nuit", "Le bruit"], Pronunciations())[12].item()
    0.5
    """
    placed = [place_line_in_bars(line, scan_line(line, sounds)) for line in lines]
    steps = np.array([int(step) % STEPS for bar in placed for step in bar.steps], int)
    return np.bincount(steps, minlength=STEPS) / max(len(steps), 1)
