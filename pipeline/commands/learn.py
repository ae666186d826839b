"""Train one of the six architectures, or the time series, that the Learn pages show; replaces models/learn-NAME."""

import argparse

from pipeline.commands.choices import Choices
from pipeline.commands.output import Progress, print_json
from pipeline.core.errors import Sentence
from pipeline.core.translation import t

NAMES = Choices("pipeline.learn.architectures", "ARCHITECTURES")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NAME and a budget."""
    parser.add_argument("name", metavar=t("NAME"), choices=NAMES, help=t("one of {names}", names="%(choices)s"))
    parser.add_argument("--minutes", type=float, default=5.0, help=t("time budget (default 5)"))
    parser.add_argument("--corpus", default="demo", help=t("a prepared corpus (default demo)"))
    parser.add_argument("--replace", action="store_true", help=t("replace the one there is; a copy goes to the trash"))
    parser.add_argument("--json", action="store_true", help=t("print every step and score as a JSON object of a line"))


def run(args: argparse.Namespace) -> None:
    """Train, and print the card or, as JSON, the steps while they come and then the scores."""
    from pipeline.corpus.prepare import open_corpus
    from pipeline.learn.architecture import run_name
    from pipeline.learn.architectures import learn
    from pipeline.networks.quiet_start import tensorflow_missing
    from pipeline.runs.trash import claim_name

    if (missing := tensorflow_missing()) is not None:
        raise missing  # before the trash gets a copy of what is replaced
    progress = Progress(quiet=args.json)

    def on_step(share: float, message: str, figures: dict[str, float]) -> None:
        report = progress.milestone if "valid_loss" in figures else progress
        report(min(share, 0.99), message, **figures)
        if args.json:
            print_json({"share": share, **figures})

    with claim_name(run_name(args.name), replace=args.replace):
        saved = learn(args.name, lambda: open_corpus(args.corpus), args.minutes, on_step)
    progress(1.0, Sentence("saved in {folder}", folder=saved.run.folder))
    if args.json:
        print_json({"run": saved.run.name, "scores": saved.scores})
    else:
        print(saved.run.card())
