"""What a visitor's ear says of two words: they rhyme, or they do not. Kept in the notebook, given as a gold file.

A verdict is of a pair, whichever of the two comes first: a later one takes the place of an earlier. No Streamlit.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.queries.draft_store import VisitorStore
from pipeline.core.checksums import checksum_of_bytes
from pipeline.core.errors import SettingError
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import KINDS, Rhyme, compare
from pipeline.language.scheme import MIN_ASSONANCE_SIMILARITY
from pipeline.language.tokens import fold_case, tokenise
from pipeline.publish.tables import escape_formula

VERDICT_KIND = "rhyme-verdict"  # its kind in the store of the visitor
MAX_VERDICTS = 2000  # verdicts of one visitor; the oldest make room
MAX_PHRASE_CHARACTERS = 60  # characters of a word or phrase


@dataclass(frozen=True)
class RhymeVerdict:
    """Two words or phrases, whether they rhyme to a visitor's ear, and when they said so, in seconds since 1970."""

    a: str
    b: str
    rhymes: bool
    seconds: float


class VerdictStore(VisitorStore):
    """The verdicts of one visitor."""

    def verdicts(self) -> list[RhymeVerdict]:
        """Return what was said, as `read` does."""
        return self.read(VERDICT_KIND, _from_json)

    def say(self, a: str, b: str, rhymes: bool) -> None:
        """Keep what is said of a pair. Raise SettingError for a pair that is none, SeizeError when the disk refuses."""
        pair = sorted(" ".join(fold_case(text).split())[:MAX_PHRASE_CHARACTERS] for text in (a, b))
        if not all(map(tokenise, pair)) or pair[0] == pair[1]:
            raise SettingError("A verdict needs two different words: give both.")
        name = checksum_of_bytes("\t".join(pair).encode())
        with self.changing() as things:
            things.put(VERDICT_KIND, self.owner, name, asdict(RhymeVerdict(pair[0], pair[1], rhymes, time.time())))
            things.trim(VERDICT_KIND, self.owner, MAX_VERDICTS)


def _from_json(data: Any) -> RhymeVerdict:
    if not isinstance(data["rhymes"], bool):
        raise ValueError("a verdict is yes or no")
    return RhymeVerdict(str(data["a"]), str(data["b"]), data["rhymes"], float(data["seconds"]))


def counts_as_rhyme(rhyme: Rhyme) -> bool:
    """Return whether Seize hears two ends as alike: a rhyme or a near one, or as like as an assonance has to be."""
    return KINDS.index(rhyme.kind) >= KINDS.index("near") or rhyme.similarity >= MIN_ASSONANCE_SIMILARITY


def gold_file(verdicts: Sequence[RhymeVerdict], sounds: Pronunciations) -> str:
    """Return verdicts as a tab-separated table: a, b, rhymes (yes or no), and what Seize hears: kind, similarity."""
    rows = ["a\tb\trhymes\tkind\tsimilarity"]
    for verdict in verdicts:
        rhyme = compare(verdict.a, verdict.b, sounds)
        pair = (str(escape_formula(text)) for text in (verdict.a, verdict.b))
        cells = (*pair, "yes" if verdict.rhymes else "no", rhyme.kind, f"{rhyme.similarity:.3f}")
        rows.append("\t".join(cells))
    return "\n".join(rows) + "\n"


def agreement(verdicts: Sequence[RhymeVerdict], sounds: Pronunciations) -> int:
    """Return with how many verdicts Seize agrees.

    >>> agreement([RhymeVerdict("maison", "raison", True, 0), RhymeVerdict("nuit", "mer", True, 0)], Pronunciations())
    1
    """
    return sum(counts_as_rhyme(compare(each.a, each.b, sounds)) == each.rhymes for each in verdicts)
