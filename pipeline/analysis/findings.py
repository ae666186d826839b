"""Striking facts about a corpus: its longest rhyme, a refrain that others quote, the line repeated most, and so on.

A finding is a code with values, no sentence: pages have the words. Each function returns the most striking finding of
its kind, None where the corpus has none.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.comparison.keyness import MAX_FALSE_DISCOVERY_RATE, keyness_of_groups
from pipeline.analysis.comparison.reuse import shared_phrases
from pipeline.analysis.comparison.similarity import MAX_DENSE_GROUPS, group_word_counts, labbe_distances
from pipeline.analysis.counting import document_frequency, section_row_of_each_line, word_counts
from pipeline.analysis.firsts import ends_on_filler, is_meaningful_line, meaningful_word_mask, named_artists_subcorpus
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.measures import rankable_mask
from pipeline.analysis.portrait import favourite_rhymes
from pipeline.analysis.precomputed import PHONETIC_TABLE, PrecomputedResult, TableCodec
from pipeline.analysis.variants import french_lines_once_per_song, lemma, lemmatise, line_hashes
from pipeline.analysis.words.timeline import first_uses
from pipeline.analysis.words.word_classes import function_words
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import tokenise

MIN_MULTI_SYLLABLES = 4  # syllables of a multisyllabic rhyme that is shown
MULTIS_READ = 200  # longest matches, whose lines are looked at
MAX_MULTI_LINE_GAP = 2  # lines from one end of a multi to the other, at most
QUOTED, QUOTERS = 5, 2  # words of a refrain that so many other artists take up at least
MIN_LINE_COVERAGE = 0.75  # of its line at least is taken up: less is a turn of phrase
MAX_REFRAIN_ARTISTS = 12  # artists: what more of them say is how everyone speaks
COMMON_WORDS_READ = 500  # words of most songs, among which most are function words
MIN_REFRAIN_REPEATS = 6  # times that a line stands in its song at least


@dataclass(frozen=True)
class Finding:
    """A striking fact: `code` names its kind, `values` fill its sentence, `weight` (0 to 1) says how striking it is."""

    code: str
    values: Mapping[str, Any]
    weight: float


def longest_multisyllabic_rhyme(corpus: Corpus, phonetic_table: pd.DataFrame) -> Finding | None:
    """Return the longest rhyme between the ends of two neighbouring lines.

    Values: syllables; with (the first line); text, artist, title, line, song, row (in the song, from 0) of the second.
    """
    sounds = phonetic_table.loc[corpus.lines.index, ["longest", "group"]].to_numpy()
    sections = corpus.lines["section"].to_numpy()
    matches = list[tuple[int, int, int]]()
    for step in range(1, MAX_MULTI_LINE_GAP + 1):
        one, two = sounds[:-step], sounds[step:]
        alike = (one == two).all(axis=1) & (two[:, 1] >= 0) & (sections[:-step] == sections[step:])
        lengths = np.where(alike, two[:, 0], 0)
        longest = np.flatnonzero(lengths >= MIN_MULTI_SYLLABLES)
        longest = longest[np.argsort(-lengths[longest], kind="stable")][:MULTIS_READ]
        matches += [(int(lengths[at]), int(at), step) for at in longest]
    for syllables, at, step in sorted(matches, key=lambda match: -match[0]):
        first, second = (str(text) for text in corpus.texts_of(corpus.lines.index[[at, at + step]]))
        tells = all(is_meaningful_line(text, corpus) and not ends_on_filler(text) for text in (first, second))
        if tokenise(first) != tokenise(second) and tells:
            values = {"syllables": syllables, "with": first, **_line_with_its_place(corpus, at + step)}
            return Finding("longest-multi", values, min(1.0, syllables / 8))
    return None


def most_quoted_refrain(corpus: Corpus) -> Finding | None:
    """Return the refrain line that the largest number of other artists quote in later songs.

    Values: text; songs and artists (that quote it); year, artist, title, line, song, row of its first occurrence.
    """
    if corpus.songs["year"].nunique() < 2:
        return None  # nobody comes later
    refrains = (corpus.sections["kind"] == "refrain").to_numpy()[section_row_of_each_line(corpus)]
    runs = shared_phrases(corpus, artists=MAX_REFRAIN_ARTISTS, least=QUOTED, dated=True, of=refrains)
    named = (runs[["artist", "later_artist"]] != UNKNOWN_ARTIST).all(axis=1)
    lengths = pd.Series(corpus.line_lengths(), corpus.lines.index)
    lengths = runs["line"].map(lengths[~lengths.index.duplicated()])
    runs = runs[named & ~runs["same_song"] & (runs["words"] >= MIN_LINE_COVERAGE * lengths)]
    runs = runs[[is_meaningful_line(text, corpus) for text in runs["text"]]]
    if runs.empty:
        return None
    others = runs.groupby(["text", "song"], sort=True).agg(
        artists=("later_artist", "nunique"), songs=("later_song", "nunique"), words=("words", "max")
    )
    best = others.sort_values(["artists", "songs", "words"], ascending=False, kind="stable").iloc[0]
    if best["artists"] < QUOTERS:
        return None
    first = runs[(runs["text"] == best.name[0]) & (runs["song"] == best.name[1])].iloc[0]
    spread = {"artists": int(best["artists"]), "songs": int(best["songs"]), "year": int(first["year"])}
    place = _line_with_its_place(corpus, corpus.lines.index.get_loc(int(first["line"])))
    return Finding("quoted-refrain", {**place, **spread, "text": first["text"]}, min(1.0, 0.25 * spread["artists"]))


def most_repeated_line(corpus: Corpus) -> Finding | None:
    """Return the line that is repeated most within one song (no chunk of a file): text, times, its first place."""
    songs = corpus.lines["song"].to_numpy()
    whole = corpus.songs.index[corpus.songs["extent"] != "pseudo"] if "extent" in corpus.songs else corpus.songs.index
    rows = np.flatnonzero((corpus.lines["stop"] - corpus.lines["start"] >= QUOTED) & np.isin(songs, whole))
    if not len(rows):
        return None
    songs = songs[rows]
    words = line_hashes(corpus, "all")[rows] ^ songs.astype(np.uint64)  # few lines are left whose texts are compared
    _, which, times = np.unique(words, return_inverse=True, return_counts=True)
    often = times[which] >= MIN_REFRAIN_REPEATS
    rows, songs = rows[often], songs[often]
    if not len(rows):
        return None
    keys = pd.factorize(np.array(corpus.texts_of(corpus.lines.index[rows]), object))[0].astype(np.int64) << 32 | songs
    _, first, times = np.unique(keys, return_index=True, return_counts=True)
    for each in np.lexsort((first, -times)):
        details, count = _line_with_its_place(corpus, int(rows[first[each]])), int(times[each])
        if count >= MIN_REFRAIN_REPEATS and is_meaningful_line(details["text"], corpus):
            return Finding("line-returns", {"times": count, **details}, min(0.7, count / 40))
    return None


def _line_with_its_place(corpus: Corpus, at: int) -> dict[str, Any]:
    """Return text, artist, title, line (id), song and row in the song of a line, given its row in `corpus.lines`."""
    line = line_details_table(corpus, [int(corpus.lines.index[at])]).iloc[0]
    row = int((corpus.lines["song"].to_numpy()[:at] == line["song"]).sum())
    numbers = {"line": int(line["line"]), "song": int(line["song"]), "row": row}
    return {name: str(line[name]) for name in ("text", "artist", "title")} | numbers


MAX_COMPARED_ARTISTS = 60  # artists that are compared at most, those of the most songs
CLOSE_PAIR_SHARE = 0.02  # of all pairs of artists: how many count as close
MIN_YEARS_APART = 10  # years between two artists that make it a surprise how close they are
MIN_EARLIER_SONG_SHARE = 0.25  # of the songs at least are older than a word that arrives
MIN_ADOPTING_ARTISTS = 3  # artists at least, and a sixth of all, that take a word up
EXAMPLE_WORD_COUNT = 3
MAX_CONTRASTED_ARTISTS = 20  # those of the most songs: of few words no difference is certain
CONTRASTS_TRIED = 25  # pairs of artists whose every word is compared, in 20 to 50 ms each


def striking_findings(corpus: Corpus, phonetic_table: pd.DataFrame | None = None, count: int = 3) -> list[Finding]:
    """Return up to `count` findings of different kinds, the most striking first.

    Without a phonetic table nothing is said of sound.
    """
    candidates = [newly_adopted_word(corpus), closest_artists(corpus), artist_with_most_own_words(corpus)]
    candidates += [most_quoted_refrain(corpus), most_repeated_line(corpus)]
    if phonetic_table is not None:
        candidates.append(longest_multisyllabic_rhyme(corpus, phonetic_table))
    found = sorted(filter(None, candidates), key=lambda finding: -finding.weight)
    if len(found) < count:
        found += filter(None, [commonest_word(corpus)])
        if phonetic_table is not None:
            found += filter(None, [commonest_rhyme(corpus, phonetic_table)])
    return found[:count]


def commonest_word(corpus: Corpus) -> Finding | None:
    """Return the meaningful word that occurs in most songs: word, songs, of (all songs), times."""
    counts, _ = word_counts(corpus, "song")
    songs, times = document_frequency(counts), np.asarray(counts.sum(axis=0)).ravel()
    order = np.lexsort((-times, -songs))[:COMMON_WORDS_READ]
    words = np.array(corpus.vocabulary.decode(order.tolist()), object)
    told = np.flatnonzero(meaningful_word_mask(words, corpus) & (songs[order] > 1))
    if not len(told):
        return None
    at = int(order[told[0]])
    sizes = {"songs": int(songs[at]), "of": len(corpus.songs), "times": int(times[at])}
    return Finding("commonest-word", {"word": str(words[told[0]]), **sizes}, 0.1)


def commonest_rhyme(corpus: Corpus, phonetic_table: pd.DataFrame) -> Finding | None:
    """Return the rhyme with the most different last words: sound, words (their number), examples."""
    best = favourite_rhymes(corpus, phonetic_table, 1)
    if best.empty:
        return None
    row = best.iloc[0]
    values = {"sound": str(row["key"]), "words": int(row["words"]), "examples": list(row["examples"])}
    return Finding("commonest-rhyme", values, 0.05)


def newly_adopted_word(corpus: Corpus) -> Finding | None:
    """Return the word that appears late in a corpus and then spreads most strikingly from artist to artist.

    Values: word, year; voices (all artists); artists, songs (with it); before (earlier songs, without any of its
    forms). Where a share r of all songs is of its first year or later, r^k is the probability that all its k artists
    are by chance: the least is most striking.
    """
    part = named_artists_subcorpus(corpus)
    years = np.sort(part.songs["year"].dropna().to_numpy(np.int64))
    if not len(years) or years[0] == years[-1]:
        return None
    voices = part.songs["artist"].nunique()
    table = first_uses(part, minimum_artists=max(MIN_ADOPTING_ARTISTS, -(-voices // 6)))
    before = np.searchsorted(years, table["first_year"])
    table = table.assign(before=before, bits=-table["artists"] * np.log2(1 - before / len(years)))
    table = table[(before >= MIN_EARLIER_SONG_SHARE * len(years)) & meaningful_word_mask(table["word"], part)]
    if table.empty:
        return None
    firsts = first_uses(lemmatise(part), minimum_artists=1).set_index("word")["first_year"]
    table = table[table["first_year"] <= table["word"].map(lemma).map(firsts).fillna(-1)]
    if table.empty:
        return None
    best = table.sort_values(["bits", "songs", "word"], ascending=[False, False, True], kind="stable").iloc[0]
    sizes = {name: int(best[name]) for name in ("artists", "songs", "before")}
    values = {"word": str(best["word"]), "year": int(best["first_year"]), "voices": voices, **sizes}
    return Finding("word-arrives", values, min(1.0, float(best["bits"]) / 10))


def closest_artists(corpus: Corpus) -> Finding | None:
    """Return two artists of similar vocabulary, preferably with songs `MIN_YEARS_APART` or more years apart.

    Values: first, second; years between them (0: unknown or fewer); pairs (of artists), closer (pairs that are closer);
    far_first, far_second (the two artists who have least in common).
    """
    names, pairs = _artist_pairs_by_distance(corpus, MAX_DENSE_GROUPS)
    if len(pairs) < 3:
        return None
    middle = corpus.songs.dropna(subset="year").astype({"year": float}).groupby("artist")["year"].median()
    years = middle.reindex(names).to_numpy()
    gaps = np.abs(years[pairs[:, 0]] - years[pairs[:, 1]])
    near = np.flatnonzero(gaps[: max(1, round(CLOSE_PAIR_SHARE * len(pairs)))] >= MIN_YEARS_APART)
    at, gap = (int(near[0]), int(gaps[near[0]])) if len(near) else (0, 0)
    first, second, far_first, far_second = (names[each] for each in (*pairs[at], *pairs[-1]))
    values = {"first": first, "second": second, "years": gap, "closer": at, "pairs": len(pairs)}
    far = {"far_first": far_first, "far_second": far_second}
    return Finding("closest-voices", {**values, **far}, min(1.0, 0.5 + gap / 50))


def contrasting_artists(corpus: Corpus) -> tuple[str, str] | None:
    """Return the two artists with least in common who each have `EXAMPLE_WORD_COUNT` meaningful distinctive words, of
    the `MAX_CONTRASTED_ARTISTS` with the most songs.

    Where none of the `CONTRASTS_TRIED` farthest pairs has as many, that with most on its poorer side; None where fewer
    than two artists are large enough.
    """
    names, pairs = _artist_pairs_by_distance(corpus, MAX_CONTRASTED_ARTISTS, function_words())
    best, best_score = None, (-1, -1)
    for one, other in pairs[::-1][:CONTRASTS_TRIED].tolist():
        sides = (names[one], names[other])
        table = keyness_of_groups(corpus, "artist", sides[:1], sides[1:])
        table = table[(table["q"] < MAX_FALSE_DISCOVERY_RATE).to_numpy()]
        ours = (table["g2"] > 0)[meaningful_word_mask(table["word"], corpus, sides)]
        score = (int(min(ours.sum(), (~ours).sum())), len(ours))
        if score > best_score:
            best, best_score = sides, score
        if score[0] >= EXAMPLE_WORD_COUNT:
            break
    return best


def _artist_pairs_by_distance(
    corpus: Corpus, most: int, excluded_words: Collection[str] = ()
) -> tuple[list[str], npt.NDArray[np.intp]]:
    """Return (names of the `most` artists with most songs; intp[pairs, 2]: their indices, the nearest pair first)."""
    counts, labels = group_word_counts(_rankable_artists_subcorpus(corpus), "artist", excluded_words=excluded_words)
    songs = corpus.songs["artist"].value_counts()
    order = sorted(range(len(labels)), key=lambda at: (-songs[labels[at]], labels[at]))[:most]
    pairs = np.stack(np.triu_indices(len(order), 1), axis=1)
    if len(pairs):
        distances = labbe_distances(counts[order])
        pairs = pairs[np.argsort(distances[pairs[:, 0], pairs[:, 1]], kind="stable")]
    return [str(labels[at]) for at in order], pairs


def artist_with_most_own_words(corpus: Corpus) -> Finding | None:
    """Return the artist with the largest share of words that nobody else uses: artist, share, words, examples."""
    counts, labels = word_counts(named_artists_subcorpus(corpus), "artist")
    sizes = np.asarray(counts.sum(axis=1)).ravel()
    songs = corpus.songs["artist"].value_counts().reindex(labels)
    large = np.flatnonzero(rankable_mask(pd.DataFrame({"songs": songs.to_numpy(), "words": sizes})))
    if len(large) < 3:
        return None
    single = np.flatnonzero(document_frequency(counts) == 1)
    own = counts[large][:, single]
    share = np.asarray(own.sum(axis=1)).ravel() / sizes[large]
    if not share.max():
        return None  # nobody has a word of their own
    at = int(share.argmax())
    commonest = np.argsort(-own[[at]].toarray().ravel(), kind="stable")[: 10 * EXAMPLE_WORD_COUNT]
    words = np.array(corpus.vocabulary.decode(single[commonest].tolist()), object)
    telling = meaningful_word_mask(words, corpus, [str(labels[large[at]])])
    examples = words[telling][:EXAMPLE_WORD_COUNT].tolist()
    if not examples:
        return None
    values = {"artist": str(labels[large[at]]), "share": float(share[at]), "words": int(sizes[large[at]])}
    beyond = float(share[at]) / max(float(np.median(share)), 1e-9)
    return Finding("own-words", {**values, "examples": examples}, min(0.7, 0.25 * beyond))


def _rankable_artists_subcorpus(corpus: Corpus) -> Corpus:
    """Return the songs of known artists with enough songs and words to be compared (`measures.rankable_mask`)."""
    named = named_artists_subcorpus(corpus)
    counts, labels = word_counts(named, "artist")
    songs = named.songs["artist"].value_counts().reindex(labels).to_numpy()
    large = rankable_mask(pd.DataFrame({"songs": songs, "words": np.asarray(counts.sum(axis=1)).ravel()}))
    return named.where(artists=labels[large].tolist()) if large.any() else named.where(songs=[])


_FINDINGS_CODEC = TableCodec[list[Finding]](
    lambda result: pd.DataFrame(
        [(each.code, json.dumps(each.values), each.weight) for each in result], columns=["code", "values", "w"]
    ),
    lambda table: [Finding(row.code, json.loads(row.values), row.w) for row in table.itertuples()],
)
_ARTIST_PAIR_CODEC = TableCodec[tuple[str, str] | None](
    lambda pair: pd.DataFrame({"artist": pair or ()}, dtype=str),
    lambda table: tuple(table["artist"]) or None,
)
PRECOMPUTED_RESULTS = (
    PrecomputedResult("contrast", contrasting_artists, french_lines_once_per_song, storage=_ARTIST_PAIR_CODEC),
    PrecomputedResult("findings", striking_findings, storage=_FINDINGS_CODEC, version=5, resources=(PHONETIC_TABLE,)),
)
