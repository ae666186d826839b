"""Where the rhymes of a section are in the text as written, for whatever colours them."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from pipeline.language.adlibs import blank_adlibs
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import REACH
from pipeline.language.section_rhymes import RhymeSite, SectionRhymes, find_section_rhymes
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import Span, fold, token_spans

_VOWELS = "aeiouyàâäéèêëîïôöûüùœæ"
# Letters that spell one vowel each: glides go with the vowel after them, a nasal's n or m is none.
_SPELLED = re.compile(
    rf"(?:qu|gu|(?<=g)e)(?=[{_VOWELS}])|(?P<nucleus>eau|oeu|œu|oui|ieu|[iy](?=[aeoéèêœ])[aeoéèêœ][iu]?|u[iy]|ou[aeiéè]"
    rf"|oi|oy|ou|où|au|eu|œ|ai|aî|ei|ay|ey|[{_VOWELS}])"
)
_SILENT_E = re.compile(r"(?:(?<=[qg])ue|(?<=[^aeœ])e|(?<=ai)e)(?:s|nt)?$|(?<=ai)ent$")


class RhymeSpan(NamedTuple):
    """`lines[line][start:stop]` rhymes with the other spans of `group`; `syllables` of it match."""

    line: int
    start: int
    stop: int
    group: int
    syllables: int
    kind: Literal["end", "internal"]


def rhyme_spans(
    lines: Sequence[str], pronunciations: Pronunciations, *, least: int = 1, reach: int = REACH
) -> list[RhymeSpan]:
    """Return the rhymes of one section in order; `least` is the fewest syllables of an internal match that is shown.

    Groups are numbered by first appearance and keep their number whatever `least` is, so that a colour is stable.
    Spans of one line may touch or overlap when a long match runs over another rhyme; the end of a span always is
    the end of its word.
    """
    echoes = find_section_rhymes([scan_line(line, pronunciations) for line in lines], reach)
    tokens = [token_spans(blank_adlibs(line)) for line in lines]
    return [
        RhymeSpan(
            site.line,
            _span_start(site, echoes, tokens[site.line]),
            tokens[site.line][site.word].stop,
            site.group,
            site.syllables,
            "end" if site.is_end else "internal",
        )
        for site in echoes.sites
        if site.is_end or site.syllables >= least
    ]


def _span_start(site: RhymeSite, echoes: SectionRhymes, tokens: Sequence[Span]) -> int:
    """Return the offset of the first matched vowel; of its word when the spelling does not show where that vowel is."""
    owners = echoes.words[site.line]
    first = site.vowel - site.syllables + 1
    owner = owners[first]
    inside = first - owners.index(owner)
    span = tokens[owner]
    return span.start + (vowel_offset(span.token, inside, owners.count(owner)) if inside else 0)


def vowel_offset(word: str, index: int, count: int) -> int:
    """Return where vowel number `index` of the `count` vowels of `word` is written; 0 when the spelling has others.

    >>> vowel_offset("maison", 1, 2), vowel_offset("quatre", 0, 1)
    (4, 2)
    """
    word = fold(word)
    visible = _SILENT_E.sub("", word)
    starts = [match.start() for match in _SPELLED.finditer(visible) if match["nucleus"]]
    return starts[index] if len(starts) == count else 0
