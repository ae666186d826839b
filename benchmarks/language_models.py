"""How well the language models predict, beside what they have to reach, and what a training takes.

    python benchmarks/language_models.py                                  the shipped runs, as they were judged
    python benchmarks/language_models.py --shakespeare FILE               and Tiny Shakespeare, trained for 15 minutes
    python benchmarks/language_models.py --text A --valid B --test C      and any other text; --minutes M for both

A training is `python -m pipeline train` in a process of its own and a folder that is thrown away; what it may tune on
is the validation text. The test text is read once for each figure. Nats are per character, bits are nats / ln 2.
"""

import argparse
import dataclasses
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.core.errors import RunError
from pipeline.core.paths import DEMO_NAME
from pipeline.runs.run import Run, list_runs, load_run
from pipeline.training.evaluate import evaluate_text

SHAKESPEARE_TEST = 111_540  # characters at the end, as nanoGPT splits it
# nats a character on that test text: nanoGPT's README; the n-gram and the LSTM as measured on two cores before Seize
ANCHORS = {
    "nanoGPT, its CPU recipe": 1.88,
    "Kneser-Ney of order 7": 1.5165,
    "LSTM of 384 units": 1.5138,
    "nanoGPT, its GPU recipe": 1.4697,
}
SHAKESPEARE_AIMS = {"static": 1.41, "adaptive": 1.32}  # nats a character, at most
GAIN_AIMS = {"static": 8.0, "adaptive": 15.0}  # percent below Kneser-Ney alone, at least


class Parts(NamedTuple):
    """A text to learn from, one to choose by, one to report on."""

    train: str
    valid: str
    test: str


class Training(NamedTuple):
    """A trained run, and what its process took: wall and processor seconds, bytes resident at most."""

    run: Run
    seconds: float
    processor: float
    peak: int


def shakespeare_parts(text: str, test: int = SHAKESPEARE_TEST) -> Parts:
    """The last `test` characters are for the test; of what is before them, the last tenth is to choose by."""
    before, held = text[:-test], text[-test:]
    cut = len(before) * 9 // 10
    return Parts(before[:cut], before[cut:], held)


def train(parts: Parts, minutes: float, folder: Path) -> Training:
    """Train on `parts` in a process of its own; its run goes to `folder`. Exits when it fails."""
    os.environ["SEIZE_MODELS"] = str(folder)
    for name in ("train", "valid"):
        (folder / f"{name}.txt").write_text(getattr(parts, name), "utf-8", newline="")
    files = ["--text", str(folder / "train.txt"), "--valid-text", str(folder / "valid.txt")]
    command = [sys.executable, "-m", "pipeline", "train", *files, "--name", "measured", "--minutes", str(minutes)]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"Training ended with status {os.waitstatus_to_exitcode(status)}.")
    seconds = time.perf_counter() - start
    return Training(load_run("measured"), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def bits(run: Run, test: str) -> dict[str, float]:
    """Bits a character on the test text: each part alone; the mixture static and adaptive.

    Static learns nothing from the test text; adaptive learns from what comes before in it.
    """
    names = {"ngram": f"Kneser-Ney of order {run.ngram_model.order} alone", "network": "network alone"}
    alone = {name: dataclasses.replace(run, config={**run.config, "kind": kind}) for kind, name in names.items()}
    found = {name: evaluate_text(part, test).bits_per_char for name, part in alone.items()}
    mixed = evaluate_text(run, test)
    assert mixed.bits_per_char_adaptive is not None
    return {
        **found,
        "static": mixed.bits_per_char,
        "adaptive": mixed.bits_per_char_adaptive,
    }


def report(title: str, parts: Parts, minutes: float, anchors: dict[str, float], aims: dict[str, float]) -> None:
    """Train, evaluate and print. `anchors` and `aims` are nats a character."""
    with tempfile.TemporaryDirectory() as folder:
        trained = train(parts, minutes, Path(folder))
        found = bits(trained.run, parts.test)
    print(f"\n{title}: {', '.join(f'{name} {len(part):,}' for name, part in parts._asdict().items())} characters")
    print(f"{'':<34}{'nats':>8}{'bits':>8}")
    for name, nats in anchors.items():
        print(f"{'(anchor) ' + name:<34}{nats:8.4f}{nats / math.log(2):8.4f}")
    baseline = next(iter(found.values()))
    for name, value in found.items():
        nats, gain, kind = value * math.log(2), 100 * (1 - value / baseline), name.partition(",")[0]
        told = _reached(nats <= aims[kind], f"at most {aims[kind]}") if kind in aims else ""
        if kind in GAIN_AIMS:
            told += f"  {gain:.1f} % below Kneser-Ney"
            if not aims:
                told += _reached(gain >= GAIN_AIMS[kind], f"at least {GAIN_AIMS[kind]:.0f} %")
        print(f"{name:<34}{nats:8.4f}{value:8.4f}{told}")
    fitted, shape = trained.run.config["training"], trained.run.config["network"]
    print(
        f"{shape['layers']} x {shape['units']} {shape['cell']}, {fitted['steps']:,} steps in {fitted['seconds']:.0f} s;"
    )
    print(
        f"the training process: {trained.seconds:.0f} s of wall time, {trained.processor:.0f} s of processor, "
        f"{trained.peak / 1e9:.2f} GB of memory at most"
    )


def report_shipped() -> None:
    """The runs of the embedded corpus, from what training wrote when it judged them on the songs that it never saw."""
    head = f"{'shipped run, test songs':<24}{'n-gram':>8}{'network':>9}{'static':>8}{'gain':>8}"
    print(f"{head}   {'interval':<18}{'adaptive':>8}{'gain':>8}")
    for name in list_runs():
        try:
            run = load_run(name)
        except RunError as error:
            print(f"{name:<24}{error}")
            continue
        if run.config["corpus"].get("name") == DEMO_NAME and "test" in run.scores:
            print(shipped_row(run))
    print(f"{'to reach':<24}{'':25}{GAIN_AIMS['static']:7.1f}%{'':29}{GAIN_AIMS['adaptive']:7.1f}%")


def shipped_row(run: Run) -> str:
    """Bits a character and percent below the best character Kneser-Ney of the same songs; – what was not measured."""
    scores: dict[str, Any] = run.scores
    baseline, static = scores["baseline"]["test"], scores["test"]["bits_per_char"]
    adaptive, network = scores["test"].get("bits_per_char_adaptive"), scores.get("network", {}).get("test")
    if run.kind == "network":
        network = static
    interval = "–"
    if "gain_interval" in scores:
        low, high = scores["gain_interval"]
        interval = f"95 %: {100 * low:.1f} to {100 * high:.1f}"
    return (
        f"{run.name + ', ' + run.kind:<24}{baseline:8.4f}{_or_dash(network, 9)}{static:8.4f}"
        f"{_gain(static, baseline)}   {interval:<18}{_or_dash(adaptive, 8)}{_gain(adaptive, baseline)}"
    )


def _or_dash(value: float | None, width: int) -> str:
    return f"{'–':>{width}}" if value is None else f"{value:{width}.4f}"


def _gain(value: float | None, baseline: float) -> str:
    return f"{'–':>8}" if value is None else f"{100 * (1 - value / baseline):7.1f}%"


def _reached(yes: bool, aim: str) -> str:
    return f"  ({aim}: {'reached' if yes else 'NOT reached'})"


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shakespeare", type=Path, metavar="FILE", help="Tiny Shakespeare, 1,115,394 characters")
    parser.add_argument("--minutes", type=float, default=15.0, help="budget of each training (default 15)")
    for name in Parts._fields:
        option = "--text" if name == "train" else f"--{name}"
        parser.add_argument(option, type=Path, metavar="FILE", dest=name, help=f"any other text: {name}")
    args = parser.parse_args()
    given = [getattr(args, name) for name in Parts._fields]
    if any(given) and not all(given):
        parser.error("--text, --valid and --test go together")
    report_shipped()
    if args.shakespeare:
        parts = shakespeare_parts(args.shakespeare.read_text("utf-8"))
        report("Tiny Shakespeare", parts, args.minutes, ANCHORS, SHAKESPEARE_AIMS)
    if all(given):
        report(args.train.name, Parts(*(path.read_text("utf-8") for path in given)), args.minutes, {}, {})


if __name__ == "__main__":
    main()
