"""Measures of sound as a page asks for them: all start from the one table of `cache.sounds`, and end in lines."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from dashboard import cache
from pipeline.analysis import rhymes
from pipeline.analysis.counting import By
from pipeline.analysis.lines import describe_lines
from pipeline.corpus.table import Corpus
from pipeline.language.ipa import is_vowel, split_phones
from pipeline.language.rhyme_spans import RhymeSpan, rhyme_spans
from pipeline.language.scheme import quatrain_patterns

BREAK = "\n"  # between lines shown as one
SHORT = 6  # vowels under which a line is too short to be a feat of assonance


def rhyme_groups(corpus: Corpus, by: By) -> pd.DataFrame:
    """`rhyme_table` of the selection."""
    return rhymes.rhyme_table(corpus, cache.sounds(corpus.name), by)


def syllable_groups(corpus: Corpus, by: By, count: str) -> pd.DataFrame:
    """`syllable_table` of the selection."""
    return rhymes.syllable_table(corpus, cache.sounds(corpus.name), by, count)


def factor_groups(corpus: Corpus, by: By) -> pd.DataFrame:
    """`factor_table` of the selection: the group, factor, factor_low, factor_high."""
    table = rhymes.factor_table(corpus, cache.pronunciations(corpus.name), by).drop(columns="songs")
    return table.rename(columns={"low": "factor_low", "high": "factor_high"})


def whole(corpus: Corpus) -> dict[str, float]:
    """Key figures: lines, syllables, mean, q1, q3, density, rhymed_lines, longest; empty when nothing is said."""
    part = cache.sounds(corpus.name).loc[
        corpus.lines.index, ["spoken", "vowels", "rhymed_syllables", "group", "longest"]
    ]
    part = part[part["spoken"] > 0].astype({"spoken": int, "vowels": int, "rhymed_syllables": int})
    if part.empty:
        return {}
    spoken = part["spoken"]
    return {
        "lines": len(part),
        "syllables": spoken.sum(),
        "mean": spoken.mean(),
        "q1": spoken.quantile(0.25),
        "q3": spoken.quantile(0.75),
        "density": part["rhymed_syllables"].sum() / max(part["vowels"].sum(), 1),
        "rhymed_lines": (part["group"] >= 0).mean(),
        "longest": int(part["longest"].max()),
    }


def lengths(corpus: Corpus, count: str) -> pd.DataFrame:
    """`syllable_distribution` of the selection."""
    return rhymes.syllable_distribution(corpus, cache.sounds(corpus.name), count)


def lines_of(corpus: Corpus, syllables: int, count: str) -> pd.DataFrame:
    """The lines of so many syllables."""
    values = cache.sounds(corpus.name).loc[corpus.lines.index, count]
    return describe_lines(corpus, values.index[values == syllables])


def multis(corpus: Corpus, by: By, value: str, n: int = 60) -> pd.DataFrame:
    """The longest rhymes of one artist or year, each with the line it answers: `describe_lines`, spans, syllables."""
    songs = corpus.songs.index[corpus.songs[by].astype(str) == value]
    part = corpus.where(songs=songs.tolist()) if len(songs) else corpus
    found = rhymes.longest_matches(part, cache.sounds(corpus.name), n)
    pairs = [_pair(part, line) for line in found["line"]]
    found["text"] = [text for text, _ in pairs]
    found["spans"] = pd.Series([spans for _, spans in pairs], dtype=object)
    found = found.rename(columns={"longest": "syllables"})
    return found[found["syllables"] > 1].drop_duplicates("text").reset_index(drop=True)


def _pair(corpus: Corpus, line: int) -> tuple[str, list[tuple[int, int]]]:
    """(a line and the one that its longest rhyme answers, in order, and where that rhyme stands in both)."""
    section = corpus.lines[corpus.lines["section"] == corpus.lines.at[line, "section"]]
    texts, at = section["text"].tolist(), section.index.get_loc(line)
    spans = rhyme_spans(texts, cache.pronunciations(corpus.name))
    best = max((span for span in spans if span.line == at), key=lambda span: span.syllables)
    mates = [span for span in spans if span.group == best.group and span.line != at]
    if not mates:
        inside = sorted(
            (s.start, s.stop) for s in spans if s.line == at and s.group == best.group and s.syllables == best.syllables
        )
        return texts[at], _apart(inside)
    mate = min(mates, key=lambda span: (-min(span.syllables, best.syllables), abs(span.line - at)))
    first, second = sorted((best, mate), key=lambda span: span.line)
    return _joined(texts, first, second)


def _joined(texts: list[str], first: RhymeSpan, second: RhymeSpan) -> tuple[str, list[tuple[int, int]]]:
    shift = len(texts[first.line]) + len(BREAK)
    text = texts[first.line] + BREAK + texts[second.line]
    return text, [(first.start, first.stop), (second.start + shift, second.stop + shift)]


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, stop in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, stop))
    return kept


def schemes(corpus: Corpus) -> pd.DataFrame:
    """`scheme_frequencies` of the selection."""
    return rhymes.scheme_frequencies(corpus, cache.sounds(corpus.name))


def quatrains(corpus: Corpus, scheme: str) -> pd.DataFrame:
    """The blocks of four lines of that scheme, each as one text: `describe_lines` of the first line."""
    part = cache.sounds(corpus.name).loc[corpus.lines.index, ["group", "spoken"]]
    said = corpus.lines.assign(group=part["group"])[part["spoken"].to_numpy() > 0]
    firsts: list[int] = []
    texts: list[str] = []
    for _, lines in said.groupby("section", sort=False):
        groups = [None if group < 0 else int(group) for group in lines["group"]]
        for block, pattern in enumerate(quatrain_patterns(groups)):
            if pattern == scheme:
                firsts.append(lines.index[4 * block])
                texts.append(BREAK.join(lines["text"].iloc[4 * block : 4 * block + 4]))
    return describe_lines(corpus, firsts).assign(text=texts).drop_duplicates("text").reset_index(drop=True)


def palette(corpus: Corpus) -> pd.DataFrame:
    """`vowel_palette` of the lyrics."""
    return rhymes.palette_of(corpus, cache.vowels(corpus.name))


def fullest(corpus: Corpus, vowel: str, n: int = 120) -> pd.DataFrame:
    """The lines where most vowels are that one, of those with at least `SHORT`: `describe_lines`, share."""
    table = cache.pronunciations(corpus.name)
    words = corpus.vocabulary.index2word
    sounds = [[p for p in split_phones(table[w].ipa) if is_vowel(p)] if at >= 4 else [] for at, w in enumerate(words)]
    ids, rows = corpus.token_table()
    size = len(corpus.lines)
    every = np.bincount(rows, np.array([len(own) for own in sounds])[ids], size)
    hits = np.bincount(rows, np.array([own.count(vowel) for own in sounds])[ids], size)
    share = np.where(every >= SHORT, hits / np.maximum(every, 1), 0)
    order = np.argsort(-share, kind="stable")[: 2 * n]
    order = order[share[order] > 0]
    found = describe_lines(corpus, corpus.lines.index[order]).assign(share=share[order])
    return found.drop_duplicates("text").head(n).reset_index(drop=True)
