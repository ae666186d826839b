"""The rhyming dictionary: words and line ends of a corpus that rhyme with a text, as tables."""

import pandas as pd

from dashboard.queries.phonetics import Phonetics
from pipeline.analysis.lines import describe_lines
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import KINDS, Rhyme, compare_phones, line_endings, phones_key
from pipeline.language.rhyme_index import RhymeIndex
from pipeline.language.scheme import end_word
from pipeline.language.syllables import LineScansion, scan_line
from pipeline.language.tokens import blank_adlibs, token_spans
from pipeline.language.vocabulary import SPECIALS

MOST = 2000  # rows of a table


def index_rhymes(corpus: Corpus, pronunciations: Pronunciations) -> RhymeIndex:
    """Return the words of a whole corpus with their frequencies, indexed by their endings."""
    first = len(SPECIALS)
    counts = corpus.counts().tolist()[first:]
    return RhymeIndex.of(pronunciations, dict(zip(corpus.vocabulary.index2word[first:], counts, strict=True)))


def rhyming_words(
    corpus: Corpus, phonetics: Phonetics, text: str, least: str, syllables: tuple[int, ...]
) -> pd.DataFrame:
    """Return the words of the whole corpus that rhyme with `text` at least so richly, in one of these lengths.

    Columns word, kind, shared_vowels, shared_phones, syllables, frequency.
    """
    entries = phonetics.rhyme_index.rhymes(
        text, phonetics.visitor_pronunciations(), least=least, syllables=syllables, limit=MOST
    )
    columns = ["word", "kind", "shared_vowels", "shared_phones", "syllables", "frequency"]
    return pd.DataFrame([entry._asdict() for entry in entries if entry.frequency], columns=columns)


def rhyming_lines(corpus: Corpus, phonetics: Phonetics, text: str, least: str) -> pd.DataFrame:
    """Return the lines whose end rhymes with `text`, the longest match first.

    Columns of `describe_lines`, then rhyme, syllables, and spans: where the rhyme stands.
    """
    pronunciations = phonetics.visitor_pronunciations()
    wanted = scan_line(text, pronunciations)
    keys = {phones_key(ending) for ending in line_endings(wanted)} - {""}
    ends = phonetics.line_table.loc[corpus.lines.index]
    hits = ends.index[ends["key"].isin(keys) & (ends["end"] != end_word(wanted))]
    table = describe_lines(corpus, hits).drop_duplicates("text")
    scanned = [scan_line(line, pronunciations) for line in table["text"]]
    matches = [_richest_match(wanted, line) for line in scanned]
    table["rhyme"] = [match.kind for match in matches]
    table["syllables"] = [match.shared_vowels for match in matches]
    table["spans"] = pd.Series(
        [[_ending_span(t, s, m.shared_vowels)] for t, s, m in zip(table["text"], scanned, matches, strict=True)],
        index=table.index,
        dtype=object,
    )
    rank = table["rhyme"].map(KINDS.index)
    table = table.assign(rank=rank)[rank >= KINDS.index(least)]
    table = table.sort_values(["syllables", "rank"], ascending=False, kind="stable")
    return table.drop(columns="rank").head(MOST).reset_index(drop=True)


def phones(text: str, pronunciations: Pronunciations) -> str:
    """Return how a text sounds, in the phonetic alphabet; empty when nothing of it can be said."""
    return scan_line(text, pronunciations).ipa


def _richest_match(wanted: LineScansion, line: LineScansion) -> Rhyme:
    pairs = [compare_phones(a, b) for a in line_endings(wanted) for b in line_endings(line)]
    return max(pairs, key=lambda rhyme: (KINDS.index(rhyme.kind), rhyme.shared_vowels))


def _ending_span(text: str, line: LineScansion, syllables: int) -> tuple[int, int]:
    """Return where the last words stand that hold so many syllables."""
    spans = token_spans(blank_adlibs(text))
    at = last = max((i for i, spoken in enumerate(line.spoken) if spoken), default=0)
    held = line.spoken[at]
    while held < syllables and at:
        at -= 1
        held += line.spoken[at]
    return spans[at].start, spans[last].stop
