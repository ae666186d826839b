"""How well languages of sections are told, on 100 written sections (`languages.tsv`) in a French song each.

    python benchmarks/languages.py            flagged, right of them, and those that were missed

Sections of "none" are vocalise, names, and languages that no list knows: they go with their song, here French.
"""

from pathlib import Path

from pipeline.corpus.languages import FRENCH, with_languages
from pipeline.corpus.markup import parse
from pipeline.corpus.song import Song

COUPLET = "J'ai grandi dans la rue avec les miens\nOn n'avait pas grand-chose mais on était bien"


def main() -> None:
    """Print the counts, and each section that is told wrong."""
    flagged = right = foreign = 0
    for row in Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()[1:]:
        truth, text = row.split("\t")
        truth = FRENCH if truth == "none" else truth
        sections = parse(f"[Couplet]\n{COUPLET}\n{COUPLET}\n[Refrain]\n" + text.replace(" / ", "\n"))
        found = with_languages(Song("title", "artist", sections)).sections[-1].language
        flagged, foreign = flagged + (found != FRENCH), foreign + (truth != FRENCH)
        right += found == truth != FRENCH
        if found != truth:
            print(f"{truth} taken for {found}: {text}")
    print(f"{flagged} flagged, {right} right; {foreign - right} of {foreign} missed")


if __name__ == "__main__":
    main()
