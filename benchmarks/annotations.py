"""How often what is told of lyrics agrees with people who read them: languages, parts of speech, tone.

    python benchmarks/annotations.py languages|pos|tone

languages  100 written sections (`languages.tsv`) in a French song each: how many are flagged, how many of these
           rightly, how many are missed. Sections of "none" are vocalise, names, and languages that no list knows: they
           go with their song, here French.
pos        542 words of the embedded corpus (`pos.tsv`), 52 lines drawn at random (seed 16) of six words or more: the
           share of right tags with 95 % (Wilson), with and without the corrections, and what is most often confused.
           Annotated by one person after the tagger, which favours it; `VERB|ADJ` is a word that may be either, such as
           a participle.
tone       300 lines rated -1, 0 or 1 by one reader before any score was seen (`tone.tsv`): share of the same sign, and
           rank correlation. Drawn of those that hold a word that the lexicon rates 0.05 or more away from 0: 150 of the
           embedded corpus (seed 20), then 75 of it and 75 of a world of scraped text (tests/worlds, K, 1 MB; seed 21).
           Tone is the mean of a line's rated words, dark below -0.1, light above 0.1. Measured: the same sign for 132
           of 300, 44.0 % [38.5 - 49.7]; guessing neutral 60.3 %; 62 of 83 that both call dark or light; correlation
           0.37.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from pipeline.analysis.intervals import wilson
from pipeline.analysis.words.tone import word_tone
from pipeline.corpus.languages import FRENCH, with_languages
from pipeline.corpus.markup import parse
from pipeline.corpus.song import Line, Section, Song
from pipeline.language.pos_tagger import TAGS, tag_lines
from pipeline.language.tokens import tokenise

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.corpora import make_corpus

COUPLET = "J'ai grandi dans la rue avec les miens\nOn n'avait pas grand-chose mais on était bien"


def judge_languages() -> None:
    """Print the counts, and each section that is told wrong."""
    flagged = right = foreign = 0
    for row in Path(__file__).with_name("languages.tsv").read_text("utf-8").splitlines()[1:]:
        truth, text = row.split("\t")
        truth = FRENCH if truth == "none" else truth
        sections = parse(f"[Couplet]\n{COUPLET}\n{COUPLET}\n[Refrain]\n" + text.replace(" / ", "\n"))
        found = with_languages(Song("title", "artist", sections)).sections[-1].language
        flagged, foreign = flagged + (found != FRENCH), foreign + (truth != FRENCH)
        right += found == truth != FRENCH
        if found != truth:
            print(f"{truth} taken for {found}: {text}")
    print(f"{flagged} flagged, {right} right; {foreign - right} of {foreign} missed")


def judge_pos() -> None:
    """Print the shares, and the confusions that are left."""
    rows = [row.split("\t") for row in Path(__file__).with_name("pos.tsv").read_text("utf-8").splitlines()[1:]]
    lines = [(text, tokenise(text)) for text, _ in rows]
    gold = [tags.split(" ") for _, tags in rows]
    for corrected in (False, True):
        wrong: Counter[tuple[str, str]] = Counter()
        own, hits, given = (Counter[str]() for _ in range(3))  # of each class: annotated, right, tagged
        words = right = 0
        for found, wanted in zip(tag_lines(lines, corrected=corrected), gold, strict=True):
            for number, tags in zip(found.tolist(), wanted, strict=True):
                words, right = words + 1, right + (TAGS[number] in tags.split("|"))
                wrong[TAGS[number], tags] += TAGS[number] not in tags.split("|")
                truth = TAGS[number] if TAGS[number] in tags.split("|") else tags.split("|")[0]
                own[truth], given[TAGS[number]] = own[truth] + 1, given[TAGS[number]] + 1
                hits[truth] += truth == TAGS[number]
        low, high = wilson(right, words)
        name = "with the corrections" if corrected else "the model alone"
        print(f"{name}: {right} of {words}, {right / words:.1%} [{low:.1%} - {high:.1%}]")
    print(", ".join(f"{found} for {wanted}: {n}" for (found, wanted), n in wrong.most_common(8)))
    for name, n in own.most_common():
        print(f"{name}: precision {hits[name]} of {given[name]}, recall {hits[name]} of {n}")


NEUTRAL = 0.1


def judge_tone() -> None:
    """Print the agreement, and that of guessing the commonest rating."""
    rows = [row.split("\t") for row in Path(__file__).with_name("tone.tsv").read_text("utf-8").splitlines()[1:]]
    ratings = np.array([int(rating) for rating, _ in rows])
    lines = tuple(Line(text) for _, text in rows)
    values, line = word_tone(make_corpus("rated", [Song("title", "artist", (Section("couplet", lines),))]))
    rated = ~np.isnan(values)
    count = np.bincount(line[rated], minlength=len(rows))
    tone = np.bincount(line[rated], values[rated], minlength=len(rows)) / np.maximum(count, 1)
    sign = np.where(np.abs(tone) <= NEUTRAL, 0, np.sign(tone))
    right = int((sign == ratings).sum())
    low, high = (float(limit) for limit in wilson(right, len(rows)))
    print(f"same sign: {right} of {len(rows)}, {right / len(rows):.1%} [{low:.1%} - {high:.1%}]")
    print(f"always guessing the commonest: {np.unique(ratings, return_counts=True)[1].max() / len(rows):.1%}")
    toned = (ratings != 0) & (sign != 0)
    print(f"both not neutral: {int((sign == ratings)[toned].sum())} of {int(toned.sum())} agree")
    print(f"rank correlation {spearmanr(tone, ratings).statistic:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["languages", "pos", "tone"])
    {"languages": judge_languages, "pos": judge_pos, "tone": judge_tone}[parser.parse_args().what]()
