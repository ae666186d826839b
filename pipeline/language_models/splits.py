"""The songs that a model learns from, is chosen by and is tested on, as texts. Knows nothing of tokens (`units`).

The text of a song is its sections one after another: each line as written (ad-libs in, tags out) and its end, one
empty line between sections.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby

from pipeline.core.errors import SettingError
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.language_models.control_tokens import SectionConditions, section_conditions_by_song

Texts = tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """The texts of songs in three parts: to train on, to validate with, and to test on.

    labels: of each part, of each song, the control tokens of its sections, where they are known
    """

    train: Texts
    valid: Texts
    test: Texts
    labels: Mapping[str, tuple[SectionConditions, ...]] = field(default_factory=dict, compare=False)


def song_texts(corpus: Corpus) -> Texts:
    """Return the text of each song of the corpus, in order of `corpus.songs`."""
    lines = corpus.lines
    rows = zip(lines["song"].tolist(), lines["section"].tolist(), corpus.texts.tolist(), strict=True)
    texts = {song: _song_text(part) for song, part in groupby(rows, key=lambda row: row[0])}
    return tuple(texts[song] for song in corpus.songs.index if song in texts)


def _song_text(rows: Iterable[tuple[int, int, str]]) -> str:
    sections = groupby(rows, key=lambda row: row[1])
    return "\n".join("".join(f"{text}\n" for _, _, text in part) for _, part in sections)


def song_hash(text: str) -> str:
    """Return a hash of the letters and digits of a song's text: 16 hexadecimal digits of BLAKE2b.

    >>> song_hash("J'arrive\\n\\nlà") == song_hash("j’arrive, là !\\n")
    True
    """
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFC", text).casefold()))
    return blake2b(letters.encode(), digest_size=8).hexdigest()


def song_hashes(split: Split) -> dict[str, str | list[str]]:
    """Return the hashes that identify the songs of a run: one of all songs together, and one of each test song.

    However the corpus is prepared anew (another order, tags, cut into words), they are the same songs; the side of a
    song depends on its words, so that it may change with the tokeniser.
    """
    hashes = [song_hash(text) for text in (*split.train, *split.valid, *split.test)]
    return {"songs": song_set_hash(hashes), "test_songs": sorted(map(song_hash, split.test))}


def song_set_hash(hashes: Iterable[str]) -> str:
    """Return one hash of a set of songs, given the hash of each, in any order."""
    return blake2b("".join(sorted(hashes)).encode(), digest_size=16).hexdigest()


def split_corpus(corpus: Corpus, facets: Collection[str] = ()) -> Split:
    """Return the songs split 90 / 5 / 5 percent by a hash of their words, so that growth of a corpus moves none.

    Sections in other languages than French are left out. A corpus so small that a side stays empty gives it one song.
    The values of `facets` are among the conditions.
    Raise SettingError below three songs.
    """
    corpus = corpus.where(languages=DEFAULT_LANGUAGES)
    texts = dict(zip(corpus.songs.index, song_texts(corpus), strict=True))
    order = sorted((int(mark, 16) % 100, mark, song) for song, mark in corpus.songs["fingerprint"].items())
    if len(order) < 3:
        raise SettingError(
            "{name!r} has too few songs in French ({count}): at least three are needed, one each for "
            "training, validation and testing.",
            name=corpus.name,
            count=len(order),
        )
    test = max(1, sum(percent >= 95 for percent, _, _ in order))
    valid = max(1, sum(90 <= percent < 95 for percent, _, _ in order))
    sides = (order[: -valid - test], order[-valid - test : -test], order[-test:])
    songs = {
        name: sorted(song for _, _, song in side) for name, side in zip(("train", "valid", "test"), sides, strict=True)
    }
    labels = section_conditions_by_song(corpus, facets)
    return Split(
        **{name: tuple(texts[song] for song in part) for name, part in songs.items()},
        labels={name: tuple(labels[song] for song in part) for name, part in songs.items()},
    )
