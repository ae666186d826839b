"""Speed and quality of sound, on the embedded corpus and the development cases.

    python benchmarks/sound.py

Prints one JSON object. Speeds are the median of three runs on whatever the machine is doing; "vocabulary" is timed
with the model's loading. The development cases were written by one ear before the code: they say that nothing broke,
not how right it is. Speeds with their load are in docs/decisions/sound.md.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from pipeline.analysis.sound.phonetic_table import transcribe_lines
from pipeline.corpus.prepare import ensure_demo
from pipeline.language.ipa import merged_phones
from pipeline.language.phones import transcribe_text
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import KINDS, compare
from pipeline.language.rhyme_index import RhymeIndex
from pipeline.language.scansion import scan_text
from pipeline.language.section_rhymes import rhyme_spans
from pipeline.language.syllables import scan_line

CASES = Path(__file__).parent.parent / "tests" / "data"


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Median wall time of `work`."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
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
    sections = [part["text"].tolist() for _, part in corpus.lines.groupby("section")]
    text = [line for section in sections for line in [*section, ""]]
    table = Pronunciations()
    vocabulary = seconds(lambda: table.learn(words), 1)
    columns = table.to_columns()
    index = RhymeIndex.of(table, {})
    return {
        "words": len(words),
        "lines": len(lines),
        "vocabulary_seconds": vocabulary,
        "table_read_seconds": seconds(lambda: Pronunciations.from_columns(columns)),
        "words_a_second_through_the_table": len(words) / seconds(lambda: [table[word] for word in words]),
        "lines_a_second_counted": len(lines) / seconds(lambda: [scan_line(line, table) for line in lines]),
        "lines_a_second_scan_command": len(lines) / seconds(lambda: list(scan_text(text, table))),
        "lines_a_second_coloured": len(lines) / seconds(lambda: [rhyme_spans(s, table) for s in sections], 1),
        "phonetic_table_seconds": seconds(lambda: transcribe_lines(corpus, table), 1),
        "dictionary_query_milliseconds": 1000 * seconds(lambda: index.rhymes("maison", table)),
    }


def quality() -> dict[str, float]:
    """Shares of the development cases that are right."""
    table = Pronunciations()
    words, lines, pairs, multis = (cases(name) for name in ("words", "lines", "pairs", "multis"))
    heard = [merged_phones(transcribe_text(word).ipa) for word, *_ in words]
    spoken = [scan_line(line, table).syllables for line, *_ in lines]
    kinds = [compare(a, b, table).kind for a, b, _ in pairs]
    return {
        "words_right": share(h in map(merged_phones, w[1].split("|")) for h, w in zip(heard, words, strict=True)),
        "spoken_exact": share(s.spoken == int(row[1]) for s, row in zip(spoken, lines, strict=True)),
        "spoken_within_one": share(abs(s.spoken - int(row[1])) <= 1 for s, row in zip(spoken, lines, strict=True)),
        "verse_exact": share(s.verse == int(row[2]) for s, row in zip(spoken, lines, strict=True)),
        "rhyme_kind": share(kind in row[2].split("|") for kind, row in zip(kinds, pairs, strict=True)),
        "rhyme_or_not": share(
            rhymes(kind) in map(rhymes, row[2].split("|")) for kind, row in zip(kinds, pairs, strict=True)
        ),
        "multis": share(compare(a, b, table).shared_vowels == int(n) for a, b, n in multis),
    }


def rhymes(kind: str) -> bool:
    """Whether a kind is a rhyme: assonance is not."""
    return kind in KINDS[2:]


def share(right: object) -> float:
    """Mean of booleans."""
    values = list(right)  # type: ignore[call-overload]
    return sum(values) / len(values)


if __name__ == "__main__":
    print(json.dumps({**speeds(), **quality()}, indent=2))
