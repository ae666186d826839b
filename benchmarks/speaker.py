"""Whether a text keeps to who speaks in it: gender of the speaker, tense and person, with the switch and without.

    python benchmarks/speaker.py [RUN] [--songs 200] [--measured] [--seed 1]

Sixteen lines after one line in which a woman speaks of herself ("J'suis née dans la rue"), the same seeds twice.
Gender: of the words that the speaker of a line says of herself ("j'suis ..."), how many are feminine. Tense, person: of
the lines of a text that show one, the share of the most frequent; texts with four such lines or more. Bits: of the
Kneser-Ney n-gram of the run, a character. Intervals: 95 %, Wilson for shares, else bootstrap over texts.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from verse_measures import FEWEST, with_interval
from writer import CONSTRAINTS, bits_per_char

from pipeline.generation.lyric import WriteSettings
from pipeline.generation.policy import policy_of
from pipeline.generation.sampling import suited_sampling
from pipeline.generation.style.speaker import line_gender, line_person, line_tense
from pipeline.generation.writing import write_lyric
from pipeline.runs.run import load_run

OPENINGS = (
    "J'suis née dans la rue", "J'suis restée la même", "Je suis venue seule ce soir", "J'suis fatiguée de tout ça",
    "J'suis partie sans me r'tourner", "J'étais perdue dans la ville", "Quand j'étais petite on vivait à dix",
    "J'suis prête à tout", "Je suis tombée, je me suis relevée", "J'suis montée sur scène",
)  # fmt: skip


def unity(of: Callable[[str], str | None]) -> Callable[[str], float]:
    """A measure of a text: the share of what most of its lines show, among those that show it; nan where few do."""

    def measure(text: str) -> float:
        shown = [what for line in text.split("\n") if (what := of(line))]
        return max(map(shown.count, shown)) / len(shown) if len(shown) >= FEWEST else float("nan")

    return measure


def share(count: int, of: int) -> str:
    """A share with its interval."""
    z2, p = 1.96**2, count / of
    centre, spread = p + z2 / (2 * of), 1.96 * np.sqrt(p * (1 - p) / of + z2 / (4 * of**2))
    return f"{p:.3f} ({(centre - spread) / (1 + z2 / of):.3f} to {(centre + spread) / (1 + z2 / of):.3f}; n {of})"


def genders(texts: Sequence[str]) -> Iterator[str]:
    """The gender that each line gives its speaker which does, the opening apart."""
    return (gender for text in texts for line in text.split("\n")[1:] if (gender := line_gender(line)))


def main(args: argparse.Namespace) -> None:
    run = load_run(args.run)
    constraints = CONSTRAINTS if args.measured else None
    settings = WriteSettings(lines=16, constraints=constraints, sampling=suited_sampling(policy_of(run.vocabulary)))
    for keep in (False, True):
        asked, start = replace(settings, keep_person=keep), time.process_time()
        numbers = range(args.seed, args.seed + args.songs)
        texts = [write_lyric(run, OPENINGS[n % len(OPENINGS)] + "\n", asked, n).text for n in numbers]
        shown = list(genders(texts))
        print(f"{args.run}, kept: {keep}; {(time.process_time() - start) / args.songs:.2f} s a song")
        print(f"  feminine {share(shown.count('f'), len(shown))}")
        print(f"  one tense {with_interval(texts, unity(line_tense))}")
        print(f"  one person {with_interval(texts, unity(line_person))}")
        print(f"  bits {np.mean([bits_per_char(run, text) for text in texts]):.3f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="?", default="demo-subword")
    parser.add_argument("--songs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--measured", action="store_true")
    main(parser.parse_args())
