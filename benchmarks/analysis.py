"""How fast the statistics are at the size of all French rap: 445 artists, 1.1 million lines, 10.7 million words.

    python benchmarks/analysis.py [--tokens 10700000] [--json out.json]
    python benchmarks/analysis.py --once reinert [--tokens 10700000] [--words 0]     wanted: 3 minutes, 2 GB
    python benchmarks/analysis.py --once reuse [--tokens 10000000]                   wanted: 60 s

The corpus recombines lines of the embedded one (songs of about 50 lines with a refrain that recurs), and puts a
word of a long tail of 100,000 in the place of one in forty, so that the vocabulary has the size of a real one. Each
figure is the best of three runs in one process; what a job leaves with the corpus is forgotten before each, but for the
token table. `first` is the first; `processor` is the time that the process itself ran, which other work on the machine
disturbs less. Target: every page's work under 1 s once loaded; keyness and concordance are the hard ones.

Measured on 2 quiet cores with one compute thread each, seconds of the clock, first and best of three: keyness 0.46
and 0.44, concordance 0.03 to 0.52 and 0.03 to 0.24, frequency table 0.24 and 0.21, ranking by E[V(10000)] 0.62 and
0.61, by MATTR 0.56 and 0.30, all measures of 445 artists 0.84 and 0.84, dispersion 0.76 and 0.48, pairs 0.78 and
0.78, n-grams of 3 0.97 and 0.95, map by Labbé 0.76 and 0.72, by cosine 0.26 and 0.25, of all songs 0.83 and 0.59,
lemmas 0.80 and 0.55, the others below 0.4. Above 1 s: compression of every song, 1.2 and 1.1, which no page asks for.
At a load of 7 to 9, in processor seconds, before songs were left out all at once, n-grams hashed and distances worked
out from what is shared: n-grams of 3 3.9, pairs 2.9, word classes by artist 3.1 (0.2 now), map by Labbé 4.6, by
cosine 2.1, all measures 1.8, ranking by E[V(10000)] 1.1.

`--once`, whose peak of memory is its own: 114,480 segments in 20 classes 55.6 s of the clock, 79.9 of processor,
1.23 GB; shared words of 10,003,065 6.0 s, 0.68 GB. Earlier, 21,545 segments of 40 words 3.6 s of processor, 0.32 GB.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.analysis import lines as words_per_line
from pipeline.analysis.comparison import similarity
from pipeline.analysis.comparison.keyness import dispersion, keyness
from pipeline.analysis.comparison.reuse import shared_phrases
from pipeline.analysis.counting import word_counts
from pipeline.analysis.variants import each_line_once, lemmatise, solo_subcorpus
from pipeline.analysis.words import (
    collocations,
    laws,
    lexicon,
    moving_windows,
    ngrams,
    rankings,
    structure,
    timeline,
    word_classes,
)
from pipeline.analysis.words.concordance import SortKeys, concordance
from pipeline.analysis.worlds.lexical_worlds import find_worlds
from pipeline.corpus.prepare import ensure_demo
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import Vocabulary

ARTISTS, LINES_A_SONG, TAIL = 445, 50, 100_000


def recombined(demo: Corpus, tokens: int, rng: np.random.Generator) -> Corpus:
    """A corpus of about that many tokens, of lines of `demo` in new songs by 445 artists over 1990 to 2024."""
    lengths = (demo.lines["stop"] - demo.lines["start"]).to_numpy()
    songs = max(int(tokens / lengths.mean() / LINES_A_SONG), ARTISTS)
    picks = rng.integers(0, len(lengths), (songs, LINES_A_SONG))
    picks[:, 40:48] = picks[:, 16:24]  # the refrain comes back
    picks = picks.ravel()
    length = lengths[picks]
    stop = np.cumsum(length)
    places = np.arange(stop[-1]) - np.repeat(stop - length - demo.lines["start"].to_numpy()[picks], length)
    vocabulary, ids = _with_tail(demo.vocabulary, demo.tokens[places], rng)
    part = np.searchsorted([16, 24, 40, 48], np.arange(LINES_A_SONG), side="right")
    section = (np.arange(songs)[:, None] * 5 + part).ravel()
    return Corpus(
        name="recombined",
        songs=_songs(songs, rng),
        sections=_sections(songs),
        lines=pd.DataFrame(
            {
                "song": np.repeat(np.arange(songs, dtype=np.int32), LINES_A_SONG),
                "section": section.astype(np.int32),
                "position": np.tile(np.arange(LINES_A_SONG, dtype=np.int32), songs),
                "text": demo.texts.to_numpy()[picks],
                "repeat": np.int16(1),
                "start": stop - length,
                "stop": stop,
                "seconds": np.float32("nan"),
                "seconds_end": np.float32("nan"),
            }
        ).rename_axis("line"),
        tokens=ids,
        adlib=demo.adlib[places],
        vocabulary=vocabulary,
    )


def _with_tail(vocabulary: Vocabulary, ids: np.ndarray, rng: np.random.Generator) -> tuple[Vocabulary, np.ndarray]:
    ids = ids.astype(np.int64)
    swap = rng.random(len(ids)) < 1 / 40
    tail = (TAIL * rng.random(swap.sum()) ** 3).astype(np.int64)
    ids[swap] = len(vocabulary) + tail
    words = [*vocabulary.index2word, *(f"mot{k}" for k in range(TAIL))]
    counts = np.bincount(ids, minlength=len(words))
    made = Vocabulary.from_counts(dict(zip(words[4:], counts[4:].tolist(), strict=True)), level="word")
    index = np.array([made.word2index.get(word, 0) for word in words], np.int32)
    return made, index[ids]


def _songs(songs: int, rng: np.random.Generator) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "title": [f"Titre {k}" for k in range(songs)],
            "artist": [f"Artiste {k * ARTISTS // songs:03d}" for k in range(songs)],
            "album": "",
            "year": pd.array(rng.integers(1990, 2025, songs), dtype="Int16"),
            "featuring": "",
            "source": "",
            "fingerprint": "",
            "language": "fr",
            "extent": "given",
        }
    )
    return table.rename_axis("song")


def _sections(songs: int) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "song": np.repeat(np.arange(songs, dtype=np.int32), 5),
            "kind": pd.Categorical(["couplet", "refrain", "couplet", "refrain", "outro"] * songs),
            "number": pd.array([pd.NA] * (5 * songs), dtype="Int16"),
            "performers": "",
            "repeat": np.int16(1),
            "position": np.tile(np.arange(5, dtype=np.int32), songs),
            "language": "fr",
            "inferred": False,
            "certainty": np.float32(1),
        }
    )
    return table.rename_axis("section")


class Parts(NamedTuple):
    """A corpus, its first half and the rest, its first artist and the others."""

    whole: Corpus
    half: Corpus
    rest: Corpus
    one: Corpus
    others: Corpus

    @classmethod
    def of(cls, corpus: Corpus) -> "Parts":
        names, middle = corpus.artists, len(corpus.artists) // 2
        parts = names[:middle], names[middle:], names[:1], names[1:]
        return cls(corpus, *(corpus.where(artists=part) for part in parts))


def forget(parts: Parts) -> None:
    """Drop what the parts cached in earlier jobs, but for their token tables, which every page begins with."""
    for part in parts:
        tokens = part.token_table()
        part._cache.clear()
        part._cache["tokens", "lyrics"] = tokens


def jobs(parts: Parts) -> dict[str, Callable[[], object]]:
    """What pages ask for, by name; the hard ones first."""
    corpus, half, rest, one, others = parts
    ids, _ = corpus.token_table()
    by_right: SortKeys = [("right", 1), ("left", 1)]
    rng = np.random.default_rng(0)
    return {
        "MATTR(50), whole corpus": lambda: moving_windows.mattr(ids),
        "keyness, half against half": lambda: keyness(half, rest),
        "keyness, one artist against the rest": lambda: keyness(one, others),
        "concordance, a common word": lambda: concordance(corpus, "la").rows(0, 50),
        "concordance, a common word, sorted": lambda: concordance(corpus, "la", sort=by_right).rows(0, 50),
        "concordance, a phrase": lambda: concordance(corpus, "j'suis dans").rows(0, 50),
        "concordance, wildcard": lambda: concordance(corpus, "mar*", sort=by_right).rows(0, 50),
        "concordance, regular expression": lambda: concordance(corpus, "/.*ment/", sort=by_right).rows(0, 50),
        "concordance, without accents": lambda: concordance(corpus, "coeur", accents=False).rows(0, 50),
        "key figures": lambda: lexicon.key_figures(corpus),
        "voices": lambda: lexicon.artist_sizes(corpus),
        "frequency table": lambda: lexicon.frequency_table(corpus),
        "Zipf-Mandelbrot": lambda: laws.fit_zipf(corpus.word_counts()),
        "vocabulary growth, 20 shuffles": lambda: laws.vocabulary_growth(corpus, rng),
        "words per line by artist": lambda: words_per_line.line_length_summary(corpus, "artist"),
        "sections": lambda: structure.section_table(corpus),
        "refrain share by artist": lambda: structure.section_kind_shares(corpus, "artist"),
        "repetition by artist": lambda: structure.repetition_by_group(corpus),
        "each line once": lambda: each_line_once(corpus),
        "solo sections": lambda: solo_subcorpus(corpus),
        "ranking, E[V(10000)]": lambda: rankings.diversity_ranking(corpus, "rarefied_10000"),
        "ranking, MATTR": lambda: rankings.diversity_ranking(corpus, "mattr_50"),
        "all measures of 445 artists": lambda: rankings.diversity_table(corpus),
        "dispersion": lambda: dispersion(word_counts(corpus)[0]),
        "collocates of a word": lambda: collocations.collocates(corpus, "nuit"),
        "pairs of the corpus": lambda: collocations.collocations(corpus, minimum=50),
        "n-grams of 3": lambda: ngrams.ngram_table(corpus, 3, minimum=50),
        "timeline of three words": lambda: timeline.query_timeline(corpus, ["nuit", "rue", "j'suis"]),
        "first uses": lambda: timeline.first_uses(corpus),
        "map of artists, Labbé": lambda: similarity.similarity_map(corpus),
        "map of artists, cosine": lambda: similarity.similarity_map(corpus, method="cosine"),
        "map of all songs": lambda: similarity.similarity_map(corpus, "song", "cosine", minimum=100),
        "neighbours of a song": lambda: similarity.nearest_groups(corpus, 7, "song"),
        "word classes by artist": lambda: word_classes.word_class_rates(corpus, "artist"),
        "lemmas": lambda: lemmatise(corpus),
    }


def measure(corpus: Corpus, only: str = "") -> list[dict[str, object]]:
    """Seconds of each job: the first run, the best of three, the least processor time."""
    rows: list[dict[str, object]] = []
    parts = Parts.of(corpus)
    for name, job in jobs(parts).items():
        if only not in name:
            continue
        times = []
        for _ in range(3):
            forget(parts)
            wall, cpu = time.perf_counter(), time.process_time()
            job()
            times.append((time.perf_counter() - wall, time.process_time() - cpu))
        first, best, busy = times[0][0], min(wall for wall, _ in times), min(cpu for _, cpu in times)
        rows.append({"job": name, "first": round(first, 3), "best": round(best, 3), "cpu": round(busy, 3)})
        print(f"| {name} | {first:.2f} | {best:.2f} | {busy:.2f} |", flush=True)
    return rows


def measure_once(given: argparse.Namespace) -> None:
    """Reinert's classification or the shared words, once, with the memory that this process takes."""
    demo = ensure_demo()
    tokens = given.tokens
    corpus = recombined(demo, tokens, np.random.default_rng(16))
    wall, busy = time.perf_counter(), time.process_time()
    if given.once == "reinert":
        found = find_worlds(corpus, given.classes, words=given.words)
        result = f"{len(found.labels):,} segments in {found.class_count} classes"
    else:
        result = f"{len(shared_phrases(corpus)):,} shared phrases"
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{len(corpus.lines):,} lines, {len(corpus.tokens):,} words: {result}")
    print(f"{wall:.1f} s of the clock, {busy:.1f} s of processor, {peak:.2f} GB at the most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=10_700_000)
    parser.add_argument("--only", default="", help="only the jobs whose name holds this")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--once", choices=["reinert", "reuse"], help="only this, once, with its peak memory")
    parser.add_argument("--words", type=int, default=0, help="of a segment; 0: each section is one")
    parser.add_argument("--classes", type=int, default=20, help="with --once reinert")
    options = parser.parse_args()
    if options.once:
        measure_once(options)
        return
    corpus = recombined(replace(ensure_demo()), options.tokens, np.random.default_rng(16))
    start = time.perf_counter()
    ids, _ = corpus.token_table()
    cut = time.perf_counter() - start
    print(f"{len(corpus.songs):,} songs, {len(corpus.lines):,} lines, {len(corpus.tokens):,} tokens, "
          f"{len(corpus.vocabulary):,} entries; token table of the lyrics ({len(ids):,}) in {cut:.2f} s\n")  # fmt: skip
    print("| job | first, s | best, s | processor, s |\n|---|---|---|---|")
    rows = measure(corpus, options.only)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), "utf-8")


if __name__ == "__main__":
    main()
