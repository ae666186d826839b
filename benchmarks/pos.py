"""How often parts of speech are right on rap: 542 words of the embedded corpus, annotated by hand (`pos.tsv`).

    python benchmarks/pos.py            share of right tags, with 95 % (Wilson), with and without the corrections

52 lines drawn at random (seed 16) of six words or more. Annotated by one person after the tagger, which favours it;
`VERB|ADJ` is a word that may be either, such as a participle. What a tag of the tagger is most often taken for follows.
"""

from collections import Counter
from pathlib import Path

from pipeline.analysis.intervals import wilson
from pipeline.language.pos_tagger import TAGS, tag_lines
from pipeline.language.tokens import tokenise


def main() -> None:
    """Print the shares, and the confusions that are left."""
    rows = [row.split("\t") for row in Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()[1:]]
    lines = [(text, tokenise(text)) for text, _ in rows]
    gold = [tags.split(" ") for _, tags in rows]
    for corrected in (False, True):
        wrong: Counter[tuple[str, str]] = Counter()
        words = right = 0
        for found, wanted in zip(tag_lines(lines, corrected=corrected), gold, strict=True):
            for number, tags in zip(found.tolist(), wanted, strict=True):
                words, right = words + 1, right + (TAGS[number] in tags.split("|"))
                wrong[TAGS[number], tags] += TAGS[number] not in tags.split("|")
        low, high = wilson(right, words)
        name = "with the corrections" if corrected else "the model alone"
        print(f"{name}: {right} of {words}, {right / words:.1%} [{low:.1%} - {high:.1%}]")
    print(", ".join(f"{found} for {wanted}: {n}" for (found, wanted), n in wrong.most_common(8)))


if __name__ == "__main__":
    main()
