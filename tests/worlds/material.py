"""What worlds are made of: the lines of the embedded corpus, recombined, with words in new places and invented ones.

Reads the files of `data/demo` by itself, so that a world does not depend on the code that it tests.
"""

import bisect
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from .rates import INVENTED, MOST_INVENTED

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
_WORD = re.compile(r"[^\W\d_]{5,}")
_ONSETS = [
    "b",
    "c",
    "d",
    "f",
    "g",
    "j",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "ch",
    "br",
    "cr",
    "dr",
    "fl",
    "gr",
    "pl",
    "tr",
    "qu",
]
_NUCLEI = ["a", "e", "i", "o", "u", "é", "ou", "an", "on", "in", "eu", "oi"]
_ENDINGS = [
    "er",
    "age",
    "eur",
    "ette",
    "ard",
    "ion",
    "esse",
    "al",
    "ique",
    "oir",
    "ance",
    "et",
    "in",
    "ot",
    "asse",
    "um",
    "is",
    "ade",
    "ème",
    "ure",
]
_NAMES = [
    "Vipère",
    "Lune",
    "Bastion",
    "Marelle",
    "Cobra",
    "Pastis",
    "Falaise",
    "Mistral",
    "Rouille",
    "Cendres",
    "Boussole",
    "Tonnerre",
    "Ravin",
    "Sirocco",
    "Lanterne",
    "Métro",
    "Béton",
    "Corail",
    "Fusain",
    "Granit",
    "Hublot",
    "Ivoire",
    "Jonquille",
    "Képi",
    "Lagune",
    "Mangue",
    "Nacre",
    "Orage",
    "Pivot",
    "Quartz",
]


@dataclass(frozen=True)
class Material:
    """The embedded corpus: by voice, its couplets and refrains as lines; all titles; words of five letters or more."""

    couplets: dict[str, tuple[tuple[str, ...], ...]]
    refrains: dict[str, tuple[tuple[str, ...], ...]]
    titles: tuple[str, ...]
    words: tuple[str, ...]
    _weights: tuple[int, ...]

    def known_word(self, random: Random) -> str:
        """A word as frequent here as there."""
        return self.words[bisect.bisect(self._weights, random.randrange(self._weights[-1]))]


@cache
def material() -> Material:
    """The embedded corpus, read once."""
    couplets: dict[str, list[tuple[str, ...]]] = {}
    refrains: dict[str, list[tuple[str, ...]]] = {}
    titles: list[str] = []
    for path in sorted(DEMO.glob("*/*.txt")):
        _, matter, body = path.read_text("utf-8").split("---\n", 2)
        titles += re.findall(r"^title: (.+)$", matter, re.M)
        for section in body.split("\n\n"):
            tag, *lines = [line.strip() for line in section.splitlines() if line.strip()]
            group = refrains if tag.startswith("[Refrain") else couplets
            group.setdefault(path.parent.name, []).append(tuple(lines))
    counts = Counter(word for group in couplets.values() for lines in group for word in _WORD.findall(" ".join(lines)))
    words = sorted(word for word in counts if word.islower())
    weights = accumulate(counts[word] for word in words)
    frozen = ({voice: tuple(parts) for voice, parts in group.items()} for group in (couplets, refrains))
    return Material(*frozen, tuple(titles), tuple(words), tuple(weights))


def invented_word(rank: int) -> str:
    """The invented word of a rank, another for each.

    >>> invented_word(0), invented_word(300), len({invented_word(n) for n in range(10_000)})
    ('baer', 'coer', 10000)
    """
    word, ending = "", _ENDINGS[rank % len(_ENDINGS)]
    rank //= len(_ENDINGS)
    while True:
        rank, nucleus = divmod(rank, len(_NUCLEI))
        rank, onset = divmod(rank, len(_ONSETS))
        word = _ONSETS[onset] + _NUCLEI[nucleus] + word
        if not rank:
            return word + _ONSETS[sum(map(ord, word)) % len(_ONSETS)] * (len(word) > 3) + ending
        rank -= 1


def new_line(line: str, random: Random) -> str:
    """`line` with known or invented words in the place of some; the last word, which rhymes, stays."""
    spots = [match.span() for match in _WORD.finditer(line)][:-1]
    for start, stop in sorted(random.sample(spots, min(len(spots), random.choice((1, 1, 2, 3)))), reverse=True):
        if random.random() < INVENTED:
            word = invented_word(int(MOST_INVENTED ** random.random()) - 1)
        else:
            word = material().known_word(random)
        line = line[:start] + (word.capitalize() if line[start].isupper() else word) + line[stop:]
    return line


def couplet_lines(voice: str, count: int, random: Random) -> list[str]:
    """`count` lines of one voice, in pairs that rhyme like its own."""
    lines: list[str] = []
    while len(lines) < count:
        source = random.choice(material().couplets[voice])
        at = 2 * random.randrange(max(len(source) // 2, 1))
        lines += [new_line(line, random) for line in source[at : at + 2]]
    return lines[:count]


def refrain_lines(voice: str, random: Random) -> list[str]:
    """A refrain of four to eight lines, as recombined as the rest."""
    lines: list[str] = []
    while len(lines) < 4:
        lines += [new_line(line, random) for line in random.choice(material().refrains[voice])]
    return lines[:8]


def artist_names(count: int, random: Random) -> list[str]:
    """Different names: single ones, longer ones, and one duo in twelve."""
    names: dict[str, None] = {}
    while len(names) < count:
        first = random.choice(_NAMES) if random.random() < 0.3 else invented_word(random.randrange(40_000)).capitalize()
        second = invented_word(random.randrange(40_000)).capitalize()
        forms = (f"{first} {second}", f"MC {second}", second, f"{first} {second[0]}.", f"{second} {len(names) % 99}")
        names[f"{first} & {second}" if len(names) % 12 == 7 else random.choice(forms)] = None
    return list(names)


def new_title(random: Random) -> str:
    """A title that is likely to be the only one of its name."""
    words = random.choice(material().titles)
    return new_line(words + " " + random.choice(material().words), random).replace("/", " ").strip(" .")
