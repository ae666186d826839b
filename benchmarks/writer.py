"""Writing to measure: sixteen lines AABB of 12 ± 1 syllables, over many seeds; what the constraints cost.

    python benchmarks/writer.py [RUN] [--songs 200] [--free 50]

The scorer of log-probability is the run's Kneser-Ney n-gram, which had no part in writing. Beside the songs, for
comparison: the first approach one would try (draw whole lines, keep those that fit) on the same budget of rows.
Times are of the processor; the clock of a busy machine says more about the machine.

Measured, 200 songs each beside other work, first line and all sixteen: demo-word 0.19 s (95 %: 0.22) and 3.36 s, rhymes
and syllables 100 %, bits 0.8 % fewer than free, longest copy 5 words, distinct-2 0.927, density 0.414, five proposals
0.28 s; demo-char 0.22 s (0.26) and 3.70 s, 100 %, bits 3.3 % fewer, longest copy 5, distinct-2 0.983, density 0.403,
five proposals 0.44 s.
"""

import argparse
import time
from itertools import pairwise

import numpy as np

from pipeline.analysis.phonetic_table import transcribe_lines
from pipeline.analysis.rhymes import rhyme_table
from pipeline.corpus.build import build_corpus
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.store import load_corpus
from pipeline.generation.constrained_decoding import propose_lines
from pipeline.generation.constraint_index import build_constraint_index
from pipeline.generation.constraints import Constraints
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.writing import write, write_lyric
from pipeline.language.rhyme import compare
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import SPECIALS
from pipeline.language_models.units import encode
from pipeline.runs.run import load_run

CONSTRAINTS = Constraints(scheme="AABB", syllables=12)
SETTINGS = WriteSettings(lines=16, constraints=CONSTRAINTS)
ROWS = 32  # lines that plain drawing may try for each line
PLAIN = 20  # seeds of that comparison


def seeds(corpus, number):
    """Beginnings of lines of the corpus, two words each, spread over it."""
    texts = corpus.lines["text"].to_numpy()
    picked = texts[np.linspace(0, len(texts) - 1, number).astype(int)]
    return [" ".join(text.split("(")[0].split()[:2]) for text in picked]


def bits_per_char(run, text):
    """Of the n-gram, over the whole text."""
    return -float(run.ngrams.score([encode(text, run.vocabulary)])[0].sum()) / np.log(2) / len(text)


def distinct_2(texts):
    """Share of different pairs among the pairs of words, averaged over texts."""
    shares = []
    for text in texts:
        words = tokenise(text)
        shares.append(len(set(pairwise(words))) / max(1, len(words) - 1))
    return float(np.mean(shares))


def corpus_texts(corpus, lines=16):
    """Sixteen lines in a row of each song."""
    grouped = corpus.lines.groupby("song")["text"]
    return ["\n".join(texts[:lines]) for _, texts in grouped if len(texts) >= lines]


def rhyme_density(texts, pronunciations):
    """Rhymed syllables in all syllables (as on the page Sound), each text a song of one section."""
    sections = [Section("couplet", tuple(Line(line) for line in text.split("\n") if line.strip())) for text in texts]
    corpus = build_corpus("texts", [Song(str(n), "x", (section,)) for n, section in enumerate(sections)])
    pronunciations.learn([word for word in corpus.vocabulary.index2word if word not in SPECIALS])
    row = rhyme_table(corpus, transcribe_lines(corpus, pronunciations)).iloc[0]
    return f"{row['density']:.3f} ({row['density_low']:.3f} to {row['density_high']:.3f})"


def plain_drawing(run, index, seed, number):
    """Shares of lines that fit (rhyme of two in a row, syllables) when `ROWS` whole lines are drawn for each."""
    lyric = write_lyric(run, seed, WriteSettings(lines=2 * ROWS), number)
    scanned = [scan_line(line.text, index.pronunciations) for line in lyric.lines]
    fitting = [line.text for line, s in zip(lyric.lines, scanned, strict=True) if 11 <= s.syllables.spoken <= 13]
    first = fitting[:1]
    rhymes = any(
        compare(first[0], text, index.pronunciations).kind in ("suffisante", "riche", "leonine") for text in fitting[1:]
    )
    return bool(fitting), rhymes


def main(name, songs, free):
    run, corpus = load_run(name), load_corpus("demo")
    index = build_constraint_index(run, corpus)
    clock, first, whole, written = time.process_time, [], [], []
    for number, seed in enumerate(seeds(corpus, songs)):
        start = clock()
        writing = write(index, seed, SETTINGS, number)
        next(writing)
        first.append(clock() - start)
        list(writing)
        whole.append(clock() - start)
        written.append(writing.lines)
    flat = [line for lines in written for line in lines]
    answers = [line for lines in written for line in lines[1::2]]
    good = np.mean([line.rhyme_kind in ("suffisante", "riche", "leonine") for line in answers])
    texts = ["\n".join(line.text for line in lines) for lines in written]
    print(f"{name}: {songs} songs of {SETTINGS.lines} lines")
    print(f"  first line {np.median(first):.2f} s (95 %: {np.percentile(first, 95):.2f}), all {np.median(whole):.2f} s")
    print(f"  rhymes suffisante or better {good:.1%}; syllables {np.mean([11 <= x.syllables <= 13 for x in flat]):.1%}")
    print(f"  lines that lack anything {np.mean([bool(x.violations) for x in flat]):.1%}")
    print(f"  longest copies {np.bincount([x.copied.words for x in flat if x.copied]).tolist()} (lines by words)")
    print(f"  distinct-2 {distinct_2(texts):.3f}; of the corpus {distinct_2(corpus_texts(corpus)):.3f}")
    dense, usual = (rhyme_density(group, index.pronunciations) for group in (texts, corpus_texts(corpus)))
    print(f"  rhyme density {dense}; of sixteen lines of the corpus's songs {usual}")
    unbound = [write_lyric(run, seed, WriteSettings(lines=16), n).text for n, seed in enumerate(seeds(corpus, free))]
    bound, plain = (np.mean([bits_per_char(run, text) for text in group]) for group in (texts[:free], unbound))
    print(f"  n-gram bits a character: {bound:.3f} bound, {plain:.3f} free: {bound / plain - 1:+.1%}")
    few = list(enumerate(seeds(corpus, min(free, PLAIN))))
    tried = np.mean([plain_drawing(run, index, seed, number) for number, seed in few], axis=0)
    print(f"  plain drawing, {ROWS} tries a line: a line of that length {tried[0]:.1%}, a rhyme to it {tried[1]:.1%}")
    start = clock()
    for number in range(5):
        propose_lines(index, texts[0] + "\n", SETTINGS, number)
    print(f"  five proposals {(clock() - start) / 5:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("run", nargs="?", default="demo-char")
    parser.add_argument("--songs", type=int, default=200)
    parser.add_argument("--free", type=int, default=50)
    args = parser.parse_args()
    main(args.run, args.songs, min(args.free, args.songs))
