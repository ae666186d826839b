"""Writing to measure: sixteen lines AABB of 12 ± 1 syllables, over many seeds; what the constraints cost.

    python benchmarks/writer.py [RUN] [--songs 200] [--free 50] [--themes 9]

The scorer of log-probability is the run's Kneser-Ney n-gram, which has no part in the search for lines of sub-words.
Beside the songs, for comparison: the first approach one would try (draw whole lines, keep those that fit) on the same
budget of rows. Coherence is that of word vectors of half of the corpus, people's measured on the other half. Times are
of the processor; the clock of a busy machine says more about the machine.

Measured beside other work before `seize`, also with a model that is gone (demo-subword): seconds of the processor to
the first line (95 %) and to all sixteen: demo-subword, 200 songs, 0.09 (0.14) and 1.52, rhymes and syllables 100 %,
bits 4.8 % fewer than free, one line of 3,200 copies 8 words,
all others at most 5, distinct-2 0.990, density 0.425, five proposals 0.25; demo-word, 200 songs, 0.12 (0.18) and 2.08,
100 %, bits 0.8 % fewer, at most 5 words, distinct-2 0.927, density 0.414; demo-char, 60 songs, 0.20 (0.22) and 3.28,
100 %, bits 3.1 % fewer, at most 5 words, distinct-2 0.982, density 0.399.
"""

import argparse
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from pipeline.analysis.sound.phonetic_table import transcribe_lines
from pipeline.analysis.sound.rhymes import rhyme_table
from pipeline.analysis.words.word_vectors import WordVectors, theme_words, word_vectors
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.store import load_corpus
from pipeline.corpus.table import Corpus
from pipeline.generation.constraints import Constraints
from pipeline.generation.line_tasks import propose_lines
from pipeline.generation.lyric import GeneratedLine, LyricSettings
from pipeline.generation.policy import decoding_policy
from pipeline.generation.sampling import SamplingSettings, sampling_with_defaults
from pipeline.generation.search.constraint_index import ConstraintIndex, constraint_index
from pipeline.generation.speakers import line_person
from pipeline.generation.style import Theme
from pipeline.generation.writing import write, write_lyric
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import RHYME_KINDS, compare_rhyme
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import SPECIALS
from pipeline.language_models.units import encode_text
from pipeline.runs.run import Run, load_run
from tests.corpora import make_corpus

DRAWS = 1000
FEWEST = 4  # lines of a text that show a person, for its unity to be counted


def distinct_2(text: str) -> float:
    """Return the share of different pairs among the pairs of words of a text."""
    words = tokenise(text)
    return len(set(pairwise(words))) / max(1, len(words) - 1)


class Coherence:
    """How near neighbouring lines are: the cosine of the sums of their content words' vectors, averaged over a text."""

    def __init__(self, vectors: WordVectors) -> None:
        self._vectors = dict(zip(vectors.words, vectors.vectors, strict=True))

    def of(self, text: str) -> float:
        """Return it; nan for a text without two neighbours that have vectors."""
        lines = [self._line(line) for line in text.split("\n") if line.strip()]
        near = [float(a @ b) for a, b in pairwise(lines) if a is not None and b is not None]
        return float(np.mean(near)) if near else float("nan")

    def _line(self, line: str) -> np.ndarray | None:
        found = [self._vectors[word] for word in tokenise(line) if word in self._vectors]
        total = np.sum(found, axis=0) if found else np.zeros(1)
        length = float(np.linalg.norm(total))
        return total / length if length > 1e-9 else None


def shuffled(texts: Sequence[str], seed: int = 0) -> list[str]:
    """Return texts of the same lengths, each of whose lines is of any of the texts."""
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    mixed = [lines[at] for at in np.random.default_rng(seed).permutation(len(lines))]
    ends = np.cumsum([sum(bool(line.strip()) for line in text.split("\n")) for text in texts])
    return ["\n".join(mixed[start:end]) for start, end in pairwise([0, *ends])]


def person_unity(text: str) -> float:
    """Return the share of the most frequent person among the lines that show one; nan where few do."""
    persons = [person for line in text.split("\n") if (person := line_person(line))]
    return max(map(persons.count, persons)) / len(persons) if len(persons) >= FEWEST else float("nan")


def share_with_words(text: str, words: Collection[str]) -> float:
    """Return the share of lines that hold one of these words."""
    return float(np.mean([not set(words).isdisjoint(tokenise(line)) for line in text.split("\n")]))


def with_interval(texts: Sequence[str], measure: Callable[[str], float]) -> str:
    """Return the mean of a measure over texts with its interval, those left out for which it is nan."""
    values = np.array([measure(text) for text in texts])
    values = values[~np.isnan(values)]
    drawn = np.random.default_rng(0).choice(values, (DRAWS, len(values))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{values.mean():.3f} ({low:.3f} to {high:.3f}; n {len(values)})"


CONSTRAINTS = Constraints(scheme="AABB", syllables=12)
LINES = 16
THEMES = (
    "la mer",
    "l'argent",
    "la mère",
    "la nuit",
    "la rue",
    "l'amour",
    "le travail",
    "la mort",
    "le soleil",
    "un train",
)
ROWS = 32  # lines that plain drawing may try for each line
PLAIN = 20  # seeds of that comparison


def seeds(corpus: Corpus, number: int) -> list[str]:
    """Beginnings of lines of the corpus, two words each, spread over it."""
    texts = corpus.texts.to_numpy()
    picked = texts[np.linspace(0, len(texts) - 1, number).astype(int)]
    return [" ".join(text.split("(")[0].split()[:2]) for text in picked]


def bits_per_char(run: Run, text: str) -> float:
    """Of the n-gram, over the whole text."""
    return -float(run.ngram_model.score([encode_text(text, run.vocabulary)])[0].sum()) / np.log(2) / len(text)


def corpus_texts(corpus: Corpus, lines: int = LINES) -> list[str]:
    """Sixteen lines in a row of each song."""
    grouped = corpus.texts.groupby(corpus.lines["song"])
    return ["\n".join(texts[:lines]) for _, texts in grouped if len(texts) >= lines]


def rhyme_density(texts: Sequence[str], pronunciations: Pronunciations) -> str:
    """Rhymed syllables in all syllables (as on the page Sound), each text a song of one section."""
    sections = [Section("couplet", tuple(Line(line) for line in text.split("\n") if line.strip())) for text in texts]
    corpus = make_corpus("texts", [Song(str(n), "x", (section,)) for n, section in enumerate(sections)])
    pronunciations.transcribe_missing([word for word in corpus.vocabulary.index2word if word not in SPECIALS])
    row = rhyme_table(corpus, transcribe_lines(corpus, pronunciations)).iloc[0]
    return f"{row['density']:.3f} ({row['density_low']:.3f} to {row['density_high']:.3f})"


def plain_drawing(
    run: Run, index: ConstraintIndex, sampling: SamplingSettings, seed: str, number: int
) -> tuple[bool, bool]:
    """Shares of lines that fit (rhyme of two in a row, syllables) when `ROWS` whole lines are drawn for each."""
    lyric = write_lyric(run, seed, LyricSettings(lines=2 * ROWS, sampling=sampling), number)
    scanned = [scan_line(line.text, index.pronunciations) for line in lyric.lines]
    fitting = [line.text for line, s in zip(lyric.lines, scanned, strict=True) if 11 <= s.syllables.spoken <= 13]
    first = fitting[:1]
    rhymes = any(
        RHYME_KINDS["suffisante"].includes_rhyme(compare_rhyme(first[0], text, index.pronunciations))
        for text in fitting[1:]
    )
    return bool(fitting), rhymes


def write_songs(
    run: Run, settings: LyricSettings, openings: Sequence[str]
) -> Iterator[tuple[Sequence[GeneratedLine], float, float]]:
    """Sixteen lines after each opening: of each text its lines, the seconds to the first, the seconds to the last."""
    for number, seed in enumerate(openings):
        start = time.process_time()
        writing = write(run, seed, settings, number)
        next(writing)
        first = time.process_time() - start
        list(writing)
        yield writing.lines, first, time.process_time() - start


def show_demands(written: Sequence[Sequence[GeneratedLine]]) -> None:
    """What the lines do of what was asked, and how much of them is the corpus's."""
    flat = [line for lines in written for line in lines]
    answers = [line for lines in written for line in lines[1::2]]
    good = np.mean([line.rhyme_kind in ("suffisante", "riche", "leonine") for line in answers])
    fitting = np.mean([x.syllables in (11, 12, 13) for x in flat])
    print(f"  rhymes suffisante or better {good:.1%}; syllables {fitting:.1%}")
    print(f"  lines that lack anything {np.mean([bool(x.violations) for x in flat]):.1%}")
    print(f"  longest copies {np.bincount([span.words for x in flat for span in x.copies]).tolist()} (lines by words)")


def show_texts(texts: Sequence[str], free: Sequence[str], corpus: Corpus, index: ConstraintIndex) -> None:
    """Variety, rhyme, coherence and person of texts to measure and free ones, beside those of people."""
    people = corpus_texts(corpus)
    print(f"  distinct-2 {with_interval(texts, distinct_2)}; people {with_interval(people, distinct_2)}")
    dense, usual = (rhyme_density(group, index.pronunciations) for group in (texts, people))
    print(f"  rhyme density {dense}; people {usual}")
    halves = [set(corpus.songs.index[start::2]) for start in (0, 1)]  # vectors know nothing of what is measured
    coherence = Coherence(word_vectors(corpus.where(songs=halves[0]))).of
    unread = corpus_texts(corpus.where(songs=halves[1]))
    for label, group in (("measured", texts), ("free", free), ("people", unread)):
        if group:
            near, mixed = with_interval(group, coherence), with_interval(shuffled(group), coherence)
            print(f"  coherence, {label}: {near}; of shuffled lines {mixed}")
            print(f"  one person, {label}: {with_interval(group, person_unity)}")


def show_themes(run: Run, settings: LyricSettings, corpus: Corpus, plain: Sequence[str]) -> None:
    """Lines with a word of the field of a theme, written to it and not; what that costs in bits."""
    vectors, shares, usual, texts = word_vectors(corpus), [], [], []
    for number, theme in enumerate(THEMES[: len(plain)]):
        field = theme_words(corpus, theme, vectors=vectors)
        asked = replace(settings, theme=Theme(words=tuple(field)))
        texts.append(write_lyric(run, "", asked, number).text)
        words = {word for word, _ in field}
        shares.append(share_with_words(texts[-1], words))
        usual.append(np.mean([share_with_words(text, words) for text in plain]))
    bits, before = (np.mean([bits_per_char(run, text) for text in group]) for group in (texts, plain))
    kind = "measured" if settings.is_constrained else "free"
    print(f"  theme, {kind}: {np.mean(shares):.1%} of lines for {np.mean(usual):.1%}, bits {bits / before - 1:+.1%}")


def show_plain_drawing(run: Run, index: ConstraintIndex, sampling: SamplingSettings, openings: Sequence[str]) -> None:
    """What drawing whole lines and keeping those that fit would give."""
    tried = np.mean([plain_drawing(run, index, sampling, seed, n) for n, seed in enumerate(openings)], axis=0)
    print(f"  plain drawing, {ROWS} tries a line: a line of that length {tried[0]:.1%}, a rhyme to it {tried[1]:.1%}")


def main(args: argparse.Namespace) -> None:
    run, corpus = load_run(args.run), load_corpus("demo")
    index, sampling = constraint_index(run), sampling_with_defaults(decoding_policy(run.vocabulary))
    settings = LyricSettings(lines=LINES, sampling=sampling, constraints=CONSTRAINTS)
    songs = list(write_songs(run, settings, seeds(corpus, args.songs)))
    written, first, whole = zip(*songs, strict=True)
    print(f"{args.run}: {args.songs} songs of {LINES} lines")
    print(f"  first line {np.median(first):.2f} s (95 %: {np.percentile(first, 95):.2f}), all {np.median(whole):.2f} s")
    show_demands(written)
    texts = ["\n".join(line.text for line in lines) for lines in written]
    unbound = replace(settings, constraints=None)
    free = [write_lyric(run, seed, unbound, n).text for n, seed in enumerate(seeds(corpus, args.free))]
    bound, plain = (np.mean([bits_per_char(run, text) for text in group]) for group in (texts[: args.free], free))
    print(f"  n-gram bits a character: {bound:.3f} bound, {plain:.3f} free: {bound / plain - 1:+.1%}", flush=True)
    show_texts(texts, free, corpus, index)
    for asked, before in ((settings, texts), (unbound, free)):
        show_themes(run, asked, corpus, before[: args.themes])
    show_plain_drawing(run, index, sampling, seeds(corpus, min(args.free, PLAIN)))
    start = time.process_time()
    for number in range(5):
        propose_lines(index, texts[0] + "\n", settings, number)
    print(f"  five proposals {(time.process_time() - start) / 5:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("run", nargs="?", default="seize")
    parser.add_argument("--songs", type=int, default=200)
    parser.add_argument("--free", type=int, default=50)
    parser.add_argument("--themes", type=int, default=len(THEMES))
    main(parser.parse_args())
