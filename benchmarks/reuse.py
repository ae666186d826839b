"""How many of the first 20 shared runs are borrowings: lines planted in songs of others, changed by a word or two.

    python benchmarks/reuse.py [--verse FILE.jsonl.xz]

Songs of the demonstration corpus, or poems (one JSON object a line: author, title, stanzas of [verse, metre]), by their
authors. Into them go what a corpus of songs has of its own: refrains (a block three times, in every third song),
boilerplate (idioms and cries as lines, or parts of lines, of two to four artists each), and the borrowings: lines of
seven words or more that stand again in a song of somebody else, one or two words of them exchanged, in their order.
Precision counts a run as true where its two lines are such a pair; borrowings that the texts have already count as
false, so that it is the least it can be.

Measured on worlds that nothing was chosen by (seeds 50 to 54; of the poems, 13 of 26 authors): 0.99 of the first 20 in
songs and 0.84 in poems are planted; 0.97 and 0.68 when runs were ranked by rarity alone.
"""

import argparse
import json
import lzma
from pathlib import Path

import numpy as np

from pipeline.analysis.comparison.reuse import rank_runs, shared_runs
from pipeline.corpus.prepare import load
from pipeline.corpus.song import Line, Section, Song
from pipeline.language.tokens import tokenise
from tests.corpora import make_corpus

BORROWED, BOILERPLATE_TIMES, WORLDS = 80, (2, 4), 5
BOILERPLATE = (
    """
à la vie à la mort mon frère|la tête sur les épaules|les deux pieds sur terre|le cœur sur la main
tout ce qui brille n'est pas de l'or|on ne change pas une équipe qui gagne|je ne dors que d'un œil
mets tes mains en l'air|lève ta main si tu es là|fais du bruit pour la rue|du lundi au dimanche
de l'argent plein les poches|j'ai grandi dans la rue|je suis né sous la même étoile|l'union fait la force
qui vole un œuf vole un bœuf|la vie est une école|jamais deux sans trois|un pour tous et tous pour un
la nuit tous les chats sont gris|c'est la goutte d'eau qui fait déborder le vase|l'habit ne fait pas le moine
il n'y a pas de fumée sans feu|après la pluie le beau temps|je m'en lave les mains|sur la tête de ma mère
on récolte ce que l'on sème|rien ne sert de courir|les murs ont des oreilles|un jour ou l'autre ça finit mal
le temps passe et rien ne change|chacun sa route chacun son chemin|c'est pour mes frères et mes sœurs
""".strip()
    .replace("\n", "|")
    .split("|")
)


def read_poems(path: Path) -> list[tuple[str, str, list[str]]]:
    """Return (author, title, verses) of each poem of twelve verses or more."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        poems = [json.loads(line) for line in file]
    texts = [
        (each["author"], each["title"], [verse for part in each["stanzas"] for verse, _ in part]) for each in poems
    ]
    return [text for text in texts if len(text[2]) >= 12]


def read_demo() -> list[tuple[str, str, list[str]]]:
    """Return (artist, title, lines) of each song of the demonstration corpus."""
    corpus = load("demo")
    texts = corpus.texts.groupby(corpus.lines["song"])
    return [(*corpus.songs.loc[song, ["artist", "title"]], part.tolist()) for song, part in texts]


def plant(texts: list[tuple[str, str, list[str]]], seed: int) -> tuple[list[Song], set[frozenset[str]]]:
    """Return songs with what is planted, and the pairs of lines that are borrowed."""
    rng = np.random.default_rng(seed)
    songs = [(artist, title, list(lines)) for artist, title, lines in texts]
    words = [word for _, _, lines in songs for line in lines[:4] for word in line.split()]
    true = set()
    for _ in range(BORROWED):
        one, other = rng.choice(len(songs), 2, replace=False)
        long = [line for line in songs[one][2] if len(tokenise(line)) >= 7]
        if songs[one][0] == songs[other][0] or not long:
            continue
        line = str(rng.choice(long))
        changed = line.split()
        for at in rng.choice(len(changed), min(int(rng.integers(1, 3)), len(changed)), replace=False):
            changed[at] = str(rng.choice(words))
        songs[other][2].insert(int(rng.integers(len(songs[other][2]))), " ".join(changed))
        true.add(frozenset((line, " ".join(changed))))
    artists = sorted({artist for artist, _, _ in songs})
    for phrase in BOILERPLATE:
        for artist in rng.choice(artists, int(rng.integers(*BOILERPLATE_TIMES, endpoint=True)), replace=False):
            own = [lines for name, _, lines in songs if name == artist]
            lines = own[rng.integers(len(own))]
            at = int(rng.integers(len(lines)))
            lines.insert(at, phrase if rng.random() < 0.5 else f"{phrase}, {lines[at]}")
    for _, _, lines in songs[::3]:
        block = lines[:4]
        lines[4:4] = block
        lines.extend(block)
    return [Song(title, artist, (Section("couplet", tuple(map(Line, lines))),)) for artist, title, lines in songs], true


def precision(texts: list[tuple[str, str, list[str]]], seed: int, first: int = 20, show: bool = False) -> float:
    """Return the share of the first sources that are borrowings: one run a cluster, as pages list them."""
    songs, true = plant(texts, seed)
    corpus = make_corpus("planted", songs)
    runs = rank_runs(shared_runs(corpus), corpus).drop_duplicates("cluster").head(first)
    pairs = zip(corpus.texts_of(runs["line"]), corpus.texts_of(runs["later_line"]), strict=True)
    hits = [frozenset(pair) in true for pair in pairs]
    if show:
        for hit, text in zip(hits, runs["text"], strict=True):
            print("+" if hit else "-", text)
    return sum(hits) / first


def main() -> None:
    """Print the precision of each world and their mean."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--verse", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    texts = read_poems(args.verse) if args.verse else read_demo()
    shares = [precision(texts, args.seed + world, show=args.show) for world in range(WORLDS)]
    print("precision of the first 20:", *(f"{each:.2f}" for each in shares), f"mean {np.mean(shares):.2f}")


if __name__ == "__main__":
    main()
