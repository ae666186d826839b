"""Speed and quality of sound, on the embedded corpus and the development cases.

    python benchmarks/sound.py [FOLDER]

FOLDER holds verses of known metre (see `sound_tables.py`, which says how authors that were not read are counted)
and plays in couplets: their counts and rhymes are printed too. Prints one JSON object.

Speeds are of the processor, the median of three runs, whatever else the machine is doing; "vocabulary" is timed with
the model's loading. The development cases were written by one ear before the code: they say that nothing broke,
not how right it is. Speeds with their load are in docs/decisions/sound.md.
"""

import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, median

from sound_tables import read_verses

from pipeline.analysis.sound.phonetic_table import transcribe_lines
from pipeline.analysis.sound.rhyming_dictionary import index_rhymes, rhyming_words
from pipeline.analysis.sound.rhyming_dictionary import rhymes_of_text as rhymes_of
from pipeline.corpus.prepare import ensure_demo
from pipeline.language.ipa import phones_for_rhyme
from pipeline.language.phone_similarity import split_ending_similarity
from pipeline.language.phones import transcribe_text, transcribe_tokens
from pipeline.language.pronunciations import (
    Pronunciations,
    pronunciations_from_columns,
    pronunciations_to_columns,
)
from pipeline.language.rhyme import (
    PERFECT_KIND_NAMES,
    compare_rhyme,
    line_ending_parts,
    rhyme_keys_of_line,
)
from pipeline.language.rhythm import place_line_in_bars
from pipeline.language.scansion import scan_text_lines
from pipeline.language.scheme import MIN_ASSONANCE_SIMILARITY
from pipeline.language.section_rhymes import rhyme_spans
from pipeline.language.syllables import scan_line

RHYMED = ("maison", "simple", "parler", "vie")
CASES = Path(__file__).parent.parent / "tests" / "data"


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Median processor time of `work`."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return median(taken)


def cases(name: str) -> list[list[str]]:
    """Rows of a file of development cases."""
    lines = (CASES / f"sound_{name}.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def speeds() -> dict[str, float]:
    """Seconds and items a second on the embedded corpus."""
    corpus = ensure_demo()
    words = corpus.vocabulary.index2word[4:]
    lines = corpus.texts.tolist()
    sections = [corpus.texts_of(part.index) for _, part in corpus.lines.groupby("section")]
    text = [line for section in sections for line in [*section, ""]]
    table = Pronunciations()
    vocabulary = seconds(lambda: table.transcribe_missing(words), 1)
    columns = pronunciations_to_columns(transcribe_tokens(words))
    index = index_rhymes(corpus, table)
    scanned = [(line, scan_line(line, table)) for line in lines[:2000]]
    return {
        "words": len(words),
        "lines": len(lines),
        "vocabulary_seconds": vocabulary,
        "table_read_seconds": seconds(lambda: Pronunciations(pronunciations_from_columns(columns))),
        "words_a_second_through_the_table": len(words) / seconds(lambda: [table[word] for word in words]),
        "lines_a_second_counted": len(lines) / seconds(lambda: [scan_line(line, table) for line in lines]),
        "lines_a_second_scan_command": len(lines) / seconds(lambda: list(scan_text_lines(text, table))),
        "lines_a_second_coloured": len(lines) / seconds(lambda: [rhyme_spans(s, table) for s in sections], 1),
        "lines_a_second_in_time": len(scanned) / seconds(lambda: [place_line_in_bars(*each) for each in scanned], 1),
        "phonetic_table_seconds": seconds(lambda: transcribe_lines(corpus, table), 1),
        **{f"milliseconds_first_rhymes_of_{word}": 1000 * first_rhymes(word) for word in RHYMED},
        **{
            f"milliseconds_what_rhymes_with_{word}": 1000 * seconds(lambda: rhyming_words(index, table, word))  # noqa: B023
            for word in RHYMED
        },
    }


def first_rhymes(word: str) -> float:
    """Processor seconds of the first answer of a new process after its imports: the corpus is opened, its sounds, their
    index and the lexicon of French are read.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_first_rhymes, word).result()


def _first_rhymes(word: str) -> float:
    return seconds(lambda: rhymes_of(ensure_demo(), word), 1)


def quality() -> dict[str, float]:
    """Shares of the development cases that are right."""
    table = Pronunciations()
    words, lines, pairs, multis = (cases(name) for name in ("words", "lines", "pairs", "multis"))
    heard = [phones_for_rhyme(transcribe_text(word).ipa) for word, *_ in words]
    spoken = [scan_line(line, table).syllables for line, *_ in lines]
    kinds = [compare_rhyme(a, b, table).kind for a, b, _ in pairs]
    return {
        "words_right": share(h in map(phones_for_rhyme, w[1].split("|")) for h, w in zip(heard, words, strict=True)),
        "spoken_exact": share(s.spoken == int(row[1]) for s, row in zip(spoken, lines, strict=True)),
        "spoken_within_one": share(abs(s.spoken - int(row[1])) <= 1 for s, row in zip(spoken, lines, strict=True)),
        "verse_exact": share(s.verse == int(row[2]) for s, row in zip(spoken, lines, strict=True)),
        "rhyme_kind": share(kind in row[2].split("|") for kind, row in zip(kinds, pairs, strict=True)),
        "rhyme_or_not": share(
            rhymes(kind) in map(rhymes, row[2].split("|")) for kind, row in zip(kinds, pairs, strict=True)
        ),
        "multis": share(compare_rhyme(a, b, table).shared_vowels == int(n) for a, b, n in multis),
        **harder(table),
    }


def harder(table: Pronunciations) -> dict[str, float]:
    """Shares of the harder cases: words, lines, kinds, and what of the pairs is alike enough for the reading."""
    words, lines, pairs = (cases(f"{name}_harder") for name in ("words", "lines", "pairs"))
    ears = [{phones_for_rhyme(ipa) for ipa in accepted.split("|")} for _, accepted, _ in words]
    spoken = [scan_line(line, table).syllables for line, *_ in lines]
    found = [compare_rhyme(a, b, table) for a, b, _ in pairs]
    alike = [not {"none", "contre-assonance", "assonance"} >= set(row[2].split("|")) for row in pairs]
    passes = [rhymes(each.kind) or each.similarity >= MIN_ASSONANCE_SIMILARITY for each in found]
    both = sum(a and b for a, b in zip(alike, passes, strict=True))
    return {
        "harder_words": share(
            phones_for_rhyme(transcribe_text(w).ipa) in ear for (w, *_), ear in zip(words, ears, strict=True)
        ),
        "harder_spoken": share(s.spoken == int(row[1]) for s, row in zip(spoken, lines, strict=True)),
        "harder_verse": share(str(s.verse) in row[2].split("|") for s, row in zip(spoken, lines, strict=True)),
        "harder_kinds": share(each.kind in row[2].split("|") for each, row in zip(found, pairs, strict=True)),
        "near_or_rhyme_precision": both / sum(passes),
        "near_or_rhyme_recall": both / sum(alike),
    }


def assonance(pairs: int = 40_000) -> dict[str, float]:
    """How many ends of the embedded corpus are alike: of random lines, of neighbours."""
    corpus, table = ensure_demo(), Pronunciations()
    sections = [corpus.texts_of(part.index) for _, part in corpus.lines.groupby("section")]
    table.transcribe_missing_in_lines(line for section in sections for line in section)
    scanned = [[line for line in (scan_line(text, table) for text in section) if line.words] for section in sections]
    lines, draw = [line for section in scanned for line in section], random.Random(0)
    chance = [(draw.choice(lines), draw.choice(lines)) for _ in range(pairs)]
    neighbours = [pair for section in scanned for pair in pairwise(section)]
    figures: dict[str, float] = {}
    for name, some in (("random", chance), ("neighbours", neighbours)):
        apart = [(a, b) for a, b in some if a.words[-1].text != b.words[-1].text]
        rhyming = [bool(set(rhyme_keys_of_line(a)) & set(rhyme_keys_of_line(b))) for a, b in apart]
        likeness = [split_ending_similarity(line_ending_parts(a.words), line_ending_parts(b.words)) for a, b in apart]
        loose = [not r and s >= MIN_ASSONANCE_SIMILARITY for r, s in zip(rhyming, likeness, strict=True)]
        figures |= {f"{name}_rhyme": mean(rhyming), f"{name}_only_assonate": mean(loose)}
    return figures


def verses(folder: Path) -> dict[str, float]:
    """Counts of verses of known metre, and the couplets of plays; the metres of 400 lines and more by themselves."""
    lines, table = read_verses(folder), Pronunciations()
    table.transcribe_missing_in_lines(text for _, text, _ in lines)
    exact: dict[int, list[bool]] = defaultdict(list)
    within = []
    for _, text, metre in lines:
        syllables = scan_line(text, table).syllables
        exact[metre].append(syllables.verse == metre)
        within.append(syllables.minimum <= metre <= syllables.maximum)
    figures = {"verse_exact": mean(right for each in exact.values() for right in each), "verse_in_range": mean(within)}
    figures |= {f"verse_exact_{metre}": mean(each) for metre, each in sorted(exact.items()) if len(each) > 400}
    couplets, others = [], []
    for path in sorted(folder.glob("corneille*.txt")):
        texts = [text for text in path.read_text("utf-8").splitlines() if text.strip()]
        alike = [rhymes(compare_rhyme(a, b, table, verse=True).kind) for a, b in pairwise(texts)]
        for start in range(0, len(texts) - 42, 40):  # a verse in two parts may shift the couplets
            shift = max((0, 1), key=lambda s: sum(alike[start + s : start + 40 : 2]))
            for at in range(start + shift, start + 39, 2):
                couplets.append(texts[at : at + 2])
                others.append(texts[at + 1 : at + 3])
    for name, pairs in (("couplets", couplets), ("false", others)):
        figures[f"{name}_rhyme"] = mean(rhymes(compare_rhyme(a, b, table).kind) for a, b in pairs)
        figures[f"{name}_rhyme_in_verse"] = mean(rhymes(compare_rhyme(a, b, table, verse=True).kind) for a, b in pairs)
    return figures


def rhymes(kind: str) -> bool:
    """Whether a kind is a rhyme: assonance is not."""
    return kind in PERFECT_KIND_NAMES


def share(right: object) -> float:
    """Mean of booleans."""
    values = list(right)  # type: ignore[call-overload]
    return sum(values) / len(values)


if __name__ == "__main__":
    figures = {**speeds(), **quality(), **assonance()}
    print(json.dumps(figures | (verses(Path(sys.argv[1])) if sys.argv[1:] else {}), indent=2))
