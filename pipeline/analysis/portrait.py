"""The portrait of an artist: figures, ranks among all artists, typical words, favourite rhymes, nearest artists."""

import re
from dataclasses import dataclass

import pandas as pd

from pipeline.analysis.comparison.keyness import keyness_of_groups
from pipeline.analysis.comparison.similarity import MIN_GROUP_WORDS, nearest_groups
from pipeline.analysis.counting import word_counts
from pipeline.analysis.firsts import (
    best_rhymed_couplet,
    cries_and_artist_names,
    ends_on_filler,
    is_meaningful_line,
    meaningful_word_mask,
)
from pipeline.analysis.intervals import rank_ranges
from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS, rankable_groups
from pipeline.analysis.precomputed import load_or_compute
from pipeline.analysis.sound.rhymes import lines_with_longest_rhymes, rhyme_table
from pipeline.analysis.variants import each_line_once, first_occurrence_mask, solo_subcorpus
from pipeline.analysis.words.rankings import RICHNESS, diversity_ranking
from pipeline.analysis.words.structure import section_kind_shares
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus

TYPICAL, RHYMES, NEAR, MULTIS = 12, 8, 5, 5
_OPEN_VOWELS = {"e": "ɛ", "o": "ɔ", "ø": "œ"}
_CLOSED_BY_R = re.compile("[eoø](?=ʁ)")  # merged by rhyme keys; before ʁ always open: heure, port, mer
OUTER_SHARE = 0.2  # of the artists that are its top, or its bottom
MAX_P = 0.05  # of a typical word, by song


@dataclass(frozen=True)
class Rank:
    """The rank of an artist by a measure: value with interval, rank among `of` artists (1 is highest).

    `text` is the rank as read: "3", or "3–7" where intervals overlap; `place` the rank of the value itself.
    """

    value: float
    low: float
    high: float
    of: int
    text: str
    place: int = 1

    @property
    def limits(self) -> tuple[int, int]:
        """The highest and the lowest rank that the interval allows."""
        first, _, last = self.text.partition("–")
        return int(first), int(last or first)

    @property
    def position_in_ranking(self) -> str:
        """Return the part of the ranking that the whole interval is in: top, upper, lower or bottom.

        Where that is no half: likely-upper or likely-lower, by the middle of the interval, or middle.
        """
        first, last = (end / self.of for end in self.limits)
        if last <= OUTER_SHARE or first > 1 - OUTER_SHARE:
            return "top" if last <= OUTER_SHARE else "bottom"
        if last <= 0.5 or first > 0.5:
            return "upper" if last <= 0.5 else "lower"
        middle = (first + last) / 2
        return "likely-upper" if middle < 0.4 else "likely-lower" if middle > 0.6 else "middle"


@dataclass(frozen=True)
class ArtistPortrait:
    """The figures and tables of an artist's page. Tables are empty and ranks None where there is too little data.

    typical   keyness's columns: content words, the most typical first
    rhymes    key, words (different last words), lines, examples: the rhymes of the artist's lines
    rarest    the same, of the one rhyme that fewest lines of the corpus end on, if that is none of `rhymes`
    multis    line_details_table and longest: the lines that end the longest multisyllabic rhymes
    kinds     kind, lines, share, inferred (whether no section of the kind is named by its source)
    near      label, words, distance (Labbé): the artists of the most similar vocabulary
    couplet   `best_rhymed_couplet`
    """

    artist: str
    songs: int
    albums: int
    lines: int
    words: int
    types: int
    first_year: int | None
    last_year: int | None
    richness: Rank | None
    density: Rank | None
    typical: pd.DataFrame
    rhymes: pd.DataFrame
    rarest: pd.DataFrame
    multis: pd.DataFrame
    kinds: pd.DataFrame
    near: pd.DataFrame
    couplet: pd.DataFrame


def artist_portrait(corpus: Corpus, phonetic_table: pd.DataFrame, artist: str) -> ArtistPortrait:
    """Return the portrait of an artist of the corpus. Raise SettingError for an artist that it lacks."""
    of_artist = corpus.where(artists=[artist])
    if of_artist.songs.empty:  # in this part, though in the corpus
        raise SettingError("There is no artist {artist!r} in this part of the corpus.", artist=artist)
    years = of_artist.songs["year"].dropna().astype(int)
    counts = of_artist.word_counts()
    richness = load_or_compute(diversity_ranking, corpus, RICHNESS, least_songs=LEAST_SONGS, least_words=LEAST_WORDS)
    richness = diversity_ranking(corpus, RICHNESS) if richness.empty else richness
    multis = lines_with_longest_rhymes(each_line_once(solo_subcorpus(of_artist)), phonetic_table, 4 * MULTIS)
    shown = [is_meaningful_line(text, of_artist) and not ends_on_filler(text) for text in multis["text"]]
    multis = multis[shown].head(MULTIS)
    rhymes = favourite_rhymes(of_artist, phonetic_table)
    rarest = favourite_rhymes(of_artist, phonetic_table, 1, rare_in=corpus)
    return ArtistPortrait(
        artist=artist,
        songs=len(of_artist.songs),
        albums=of_artist.songs.loc[of_artist.songs["album"] != "", "album"].nunique(),
        lines=len(of_artist.lines),
        words=int(counts.sum()),
        types=int((counts > 0).sum()),
        first_year=None if years.empty else int(years.min()),
        last_year=None if years.empty else int(years.max()),
        richness=_rank_in_table(richness, artist),
        density=_rhyme_density_rank(corpus, artist, phonetic_table),
        typical=_typical_words(corpus, artist),
        rhymes=rhymes,
        rarest=rarest[~rarest["key"].isin(rhymes["key"])],
        multis=multis[multis["longest"] > 1],
        kinds=_section_kind_shares(of_artist),
        near=_nearest_artists(corpus, artist),
        couplet=best_rhymed_couplet(of_artist, phonetic_table),
    )


def _section_kind_shares(of_artist: Corpus) -> pd.DataFrame:
    table = section_kind_shares(of_artist)[["kind", "lines", "line_share"]].rename(columns={"line_share": "share"})
    all_inferred = of_artist.sections.groupby("kind", observed=True)["inferred"].all()
    return table.assign(inferred=table["kind"].map(all_inferred).astype(bool))


def favourite_rhymes(
    corpus: Corpus, phonetic_table: pd.DataFrame, n: int = RHYMES, rare_in: Corpus | None = None
) -> pd.DataFrame:
    """Return the `n` rhymes with most different last words: key (their sound), words, lines, examples (a list).

    With `rare_in` the rhymes that fewest lines of that corpus end on come first.
    """
    table = phonetic_table.loc[each_line_once(corpus).lines.index, ["key", "end", "group"]]
    table = table[(table["group"] >= 0) & (table["key"] != "") & ~table["end"].isin(cries_and_artist_names(corpus))]
    groups = table.groupby("key", sort=True)["end"]
    rhymes = pd.DataFrame({"words": groups.nunique(), "lines": groups.size()})
    rhymes = rhymes[rhymes["words"] > 1].sort_values(["words", "lines"], ascending=False, kind="stable")
    if rare_in:
        sounds = phonetic_table.loc[rare_in.lines.index]
        counts = sounds.loc[sounds["group"] >= 0, "key"].value_counts()
        rhymes = rhymes.loc[counts[rhymes.index].sort_values(kind="stable").index]
    rhymes = rhymes.head(n)
    examples = [groups.get_group(key).value_counts(sort=True).index[:4].tolist() for key in rhymes.index]
    rhymes.index = rhymes.index.map(lambda key: _CLOSED_BY_R.sub(lambda vowel: _OPEN_VOWELS[vowel[0]], key))
    return rhymes.rename_axis("key").reset_index().assign(examples=pd.Series(examples, dtype=object))


def _rhyme_density_rank(corpus: Corpus, artist: str, phonetic_table: pd.DataFrame) -> Rank | None:
    table = rankable_groups(load_or_compute(rhyme_table, corpus, phonetic_table))
    table = table.rename(columns={"density": "value", "density_low": "low", "density_high": "high"})
    return _rank_in_table(table, artist)


def _rank_in_table(table: pd.DataFrame, artist: str) -> Rank | None:
    own = table["artist"] == artist
    if not own.any():
        return None
    low, high = table[["low", "high"]].to_numpy(float).T
    first, last = (int(ranks[own][0]) for ranks in rank_ranges(low, high))
    text = str(first) if first == last else f"{first}–{last}"
    value = float(table.loc[own, "value"].iloc[0])
    place = 1 + int((table["value"] > value).sum())
    return Rank(value, float(low[own][0]), float(high[own][0]), len(table), text, place)


def _typical_words(corpus: Corpus, artist: str) -> pd.DataFrame:
    if len(corpus.artists) < 2:
        return pd.DataFrame(columns=["word", "count", "songs", "lrc", "log_ratio"])
    load_or_compute(first_occurrence_mask, corpus)  # which the corpus caches
    table = keyness_of_groups(each_line_once(corpus), "artist", [artist])
    telling = meaningful_word_mask(table["word"], corpus, [artist])
    is_typical = telling & (table["songs"] > 1) & (table["g2"] > 0) & (table["p"] < MAX_P)
    return table[is_typical].head(TYPICAL).reset_index(drop=True)


def _nearest_artists(corpus: Corpus, artist: str) -> pd.DataFrame:
    load_or_compute(word_counts, corpus, "artist")  # which the corpus caches
    try:
        return nearest_groups(corpus, artist, n=NEAR, minimum=MIN_GROUP_WORDS)  # as on the map
    except SettingError:  # too few words, or nobody else
        return pd.DataFrame(columns=["label", "words", "distance"])
