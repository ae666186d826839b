"""The rhyming dictionary as its page asks for it: words and line ends that rhyme with a text, as tables."""

import pandas as pd

from dashboard import cache
from pipeline.analysis.lines import describe_lines
from pipeline.corpus.table import Corpus
from pipeline.language.adlibs import blank_adlibs
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import KINDS, Kind, Rhyme, compare_phones, line_endings, phones_key
from pipeline.language.rhyme_index import RhymeIndex
from pipeline.language.scheme import end_word
from pipeline.language.syllables import ScannedLine, scan_line
from pipeline.language.tokens import token_spans

MOST = 2000  # rows of an answer


def index(name: str, version: int) -> RhymeIndex:
    """The words of a corpus, indexed by their ends. `version` is that of the corpus: a new one is indexed anew."""
    corpus = cache.whole(name)
    counts = corpus.counts().tolist()
    return RhymeIndex.of(
        cache.pronunciations(name), dict(zip(corpus.vocabulary.index2word[4:], counts[4:], strict=True))
    )


def words(corpus: Corpus, text: str, least: Kind, syllables: tuple[int, ...]) -> pd.DataFrame:
    """Words of the corpus that rhyme with `text`: word, kind, shared_vowels, shared_phones, syllables, frequency."""
    found = cache.keep(index, corpus.name, cache.version(corpus.name)).rhymes(
        text, cache.own_pronunciations(corpus.name), least=least, syllables=syllables, limit=MOST
    )
    columns = ["word", "kind", "shared_vowels", "shared_phones", "syllables", "frequency"]
    return pd.DataFrame([entry._asdict() for entry in found if entry.frequency], columns=columns)


def line_ends(corpus: Corpus, text: str, least: Kind) -> pd.DataFrame:
    """Lines whose end rhymes with `text`, the longest match first: `describe_lines`, rhyme, syllables, spans."""
    table = cache.own_pronunciations(corpus.name)
    asked = scan_line(text, table)
    keys = {phones_key(ending) for ending in line_endings(asked)} - {""}
    sounds = cache.sounds(corpus.name).loc[corpus.lines.index]
    hits = sounds.index[sounds["key"].isin(keys) & (sounds["end"] != end_word(asked))]
    found = describe_lines(corpus, hits).drop_duplicates("text")
    scanned = [scan_line(line, table) for line in found["text"]]
    matches = [_best(asked, line) for line in scanned]
    found["rhyme"] = [match.kind for match in matches]
    found["syllables"] = [match.shared_vowels for match in matches]
    found["spans"] = pd.Series(
        [[_end(t, s, m.shared_vowels)] for t, s, m in zip(found["text"], scanned, matches, strict=True)],
        index=found.index,
        dtype=object,
    )
    rank = found["rhyme"].map(KINDS.index)
    found = found.assign(rank=rank)[rank >= KINDS.index(least)]
    found = found.sort_values(["syllables", "rank"], ascending=False, kind="stable")
    return found.drop(columns="rank").head(MOST).reset_index(drop=True)


def phones(text: str, pronunciations: Pronunciations) -> str:
    """How a text sounds, in the phonetic alphabet; empty when nothing of it can be said."""
    return scan_line(text, pronunciations).ipa


def _best(asked: ScannedLine, line: ScannedLine) -> Rhyme:
    pairs = [compare_phones(a, b) for a in line_endings(asked) for b in line_endings(line)]
    return max(pairs, key=lambda rhyme: (KINDS.index(rhyme.kind), rhyme.shared_vowels))


def _end(text: str, line: ScannedLine, syllables: int) -> tuple[int, int]:
    """Where the last words stand that hold so many syllables."""
    spans = token_spans(blank_adlibs(text))
    at = last = max((i for i, spoken in enumerate(line.spoken) if spoken), default=0)
    held = line.spoken[at]
    while held < syllables and at:
        at -= 1
        held += line.spoken[at]
    return spans[at].start, spans[last].stop
