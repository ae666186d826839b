"""Worlds: collections of lyrics as they are found, made of invented text, each with its truth.

    >>> from tests.worlds import make_world
    >>> truth = make_world("F", tmp_path, megabytes=1, seed=1)          # doctest: +SKIP
    >>> prepare(truth.source, "mine"); truth.songs; truth.lines         # doctest: +SKIP

Nine real collections of French rap showed what scrapes look like (their counts are in `rates`); none may be passed
on, so a world recombines the embedded corpus: the same dirt at the same rates, at any size, the same bytes for the
same seed. Words are as varied as in real text: 10.7 million real ones had 236,811 types, and a world of that size
has about as many, so that caches do not flatter.

K  tagged songs, one a file, metadata in another folder        F  a file an artist, its songs glued
R  decade/genre/Album-artist-Artist/Title.txt, double-spaced   G  a .csv that is none: one song a line, *BREAK*
M  a CSV with lists as Python reprs                            T  a file an artist, songs apart by blank lines
L  the shape of LRFAF, 33 columns                              D  JSON {artist: {songs: [{song, lyrics}]}}
S  no file endings, cp1252 and UTF-8

material  words, lines, names and titles    songs  sections and forms           traps   what misleads, and what is right
rates     how dirty, and what was counted   writing  songs -> physical lines    truth   the tables
real_mix  a real collection's mix of it all
text_shapes, table_shapes                   the nine                            scores  a corpus against the truth
"""

from functools import partial
from pathlib import Path
from random import Random

from . import table_shapes, text_shapes
from .truth import Ledger, Truth

SHAPES = {
    "K": text_shapes.write_k,
    "R": text_shapes.write_r,
    "M": table_shapes.write_m,
    "L": table_shapes.write_l,
    "F": text_shapes.write_f,
    "G": table_shapes.write_g,
    "T": text_shapes.write_t,
    "D": table_shapes.write_d,
    "S": text_shapes.write_s,
}


def make_world(shape: str, folder: Path, *, megabytes: float = 1.0, seed: int = 1, real: bool = False) -> Truth:
    """Write the collection of a shape below `folder`, of about so many megabytes, and return its truth.

    `real` gives F the mix of a real collection (`real_mix`). The same arguments give the same bytes and the same truth.
    Raises KeyError for a shape that there is not, ValueError for one that has no such mix.
    """
    if real and shape != "F":
        raise ValueError(f"there is no real mix of {shape}")
    write, ledger = SHAPES[shape], Ledger()
    folder = folder / f"world-{shape.lower()}"
    folder.mkdir(parents=True)
    if real:
        write = partial(text_shapes.write_f, real=True)
    source = write(folder, round(megabytes * 1_000_000), Random(f"{shape} {seed}"), ledger)
    return ledger.close(shape, source)


__all__ = ["SHAPES", "Truth", "make_world"]
