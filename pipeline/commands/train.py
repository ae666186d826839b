"""The commands that train one run: a language model, or an architecture of the Learn pages."""

import argparse
import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.commands.arguments import Choices, read_text
from pipeline.commands.output import Progress, print_json
from pipeline.core.errors import Sentence, SettingError
from pipeline.core.translation import t

if TYPE_CHECKING:
    from pipeline.runs.run import Run
    from pipeline.training.settings import Progress as Step
    from pipeline.training.settings import TrainSettings


def train_arguments(parser: argparse.ArgumentParser) -> None:
    """What to read, and the shape of the network; what is not given is chosen by level, text and budget."""
    parser.add_argument("corpus", metavar=t("NAME"), nargs="?", help=t("a prepared corpus, such as demo"))
    parser.add_argument(
        "--text", type=Path, metavar=t("FILE"), help=t("instead of a corpus: a UTF-8 text to learn from")
    )
    parser.add_argument("--valid-text", type=Path, metavar=t("FILE"), help=t("with --text: the text to choose by"))
    parser.add_argument(
        "--artists", action="append", metavar=t("NAME"), help=t("only songs of this artist; may be repeated")
    )
    parser.add_argument("--years", metavar=t("FIRST-LAST"), help=t("only songs of these years, such as 1995-2005"))
    parser.add_argument("--name", help=t("name of the run (default: my-CORPUS-LEVEL)"))
    parser.add_argument(
        "--level",
        metavar=t("UNITS"),
        choices=Choices("pipeline.language_models.units", "UNITS"),
        help=t("what a token is: %(choices)s (default: as the run of --from, else char)"),
    )
    _add_shape(parser)
    parser.add_argument(
        "--from", dest="base", metavar=t("RUN"), help=t("start from the network of this run, such as base-subword")
    )
    parser.add_argument(
        "--seed", type=int, default=1, help=t("the same seed gives the same start and order (default 1)")
    )
    parser.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar=t("RUN"),
        help=t("go on from the last checkpoint of RUN (default: of --name)"),
    )
    parser.add_argument(
        "--replace", action="store_true", help=t("replace a run of this name; a copy goes to the trash")
    )
    parser.add_argument("--json", action="store_true", help=t("print the scores as one JSON object"))


def _add_shape(parser: argparse.ArgumentParser) -> None:
    """Kind, cell and size of the model, and the time it has."""
    parser.add_argument(
        "--kind",
        metavar=t("KIND"),
        choices=Choices("pipeline.runs.config", "KINDS"),
        default="mixture",
        help=t("a network mixed with a Kneser-Ney n-gram, or either of them alone: %(choices)s (default mixture)"),
    )
    parser.add_argument(
        "--cell",
        metavar=t("CELL"),
        choices=Choices("pipeline.cells.registry", "CELLS"),
        default="lstm",
        help=t("kind of recurrent layer: %(choices)s (default lstm)"),
    )
    parser.add_argument("--minutes", type=float, default=15.0, help=t("time budget of the network (default 15)"))
    parser.add_argument(
        "--steps", type=int, metavar=t("N"), help=t("so many updates instead: the same run each time it is trained")
    )
    parser.add_argument("--units", type=int, help=t("width of each recurrent layer"))
    parser.add_argument("--layers", type=int, default=1, help=t("recurrent layers (default 1)"))
    parser.add_argument("--embedding", type=int, help=t("width of the embedding"))
    parser.add_argument("--dropout", type=float, help=t("share dropped before and after the recurrent layers"))


def train(args: argparse.Namespace) -> None:
    """Train a character or word model on a prepared corpus or a plain text, and judge it on what it never saw."""
    from pipeline.networks.quiet_start import tensorflow_missing
    from pipeline.runs.trash import claim_name
    from pipeline.training.card import card_to_read

    _check(args)
    settings = _settings(args, args.text.stem if args.text else args.corpus)
    if settings.kind != "ngram" and (missing := tensorflow_missing()) is not None:
        raise missing  # at once, not when the n-grams are counted
    settings.complete()  # a value outside its range is told before anything is read
    with claim_name(settings.name, replace=args.replace, resume=args.resume is not None):
        trained = _train(args, settings)
    if args.json:
        print_json({"run": trained.name, **trained.scores})
    else:
        print(card_to_read(trained))


def _train(args: argparse.Namespace, settings: "TrainSettings") -> "Run":
    from pipeline.training.train import train, train_text

    progress, resume = Progress(), args.resume is not None

    def on_progress(step: "Step") -> None:
        share = min(0.99, step.seconds / max(step.seconds + step.seconds_left, 1e-9))
        report = progress if step.valid_bits is None else progress.milestone
        report(share, step.line(), **_figures(step))

    progress(0.0, Sentence("counting n-grams"))
    if args.text:
        read, valid = read_text(args.text), read_text(args.valid_text)
        trained = train_text(read, valid, settings, args.text.name, on_progress, resume=resume)
    else:
        corpus, about = _songs(args)
        trained = train(corpus, settings, on_progress, resume=resume, about=about)
    progress(1.0, Sentence("saved in {folder}", folder=trained.folder))
    return trained


def _check(args: argparse.Namespace) -> None:
    if bool(args.corpus) == bool(args.text):
        raise SettingError("Give a prepared corpus by name or --text FILE: one of the two.")
    if bool(args.text) != bool(args.valid_text):
        raise SettingError("--text and --valid-text go together: one file to learn from and one to choose by.")
    if args.text and (args.artists or args.years):
        raise SettingError("--artists and --years choose songs of a corpus; a plain text has none.")


def _settings(args: argparse.Namespace, source: str) -> "TrainSettings":
    from pipeline.training.base import level_of
    from pipeline.training.settings import TrainSettings

    level = args.level or level_of(args.base)
    return TrainSettings(
        name=args.resume or (f"my-{source}-{level}" if args.name is None else args.name),
        level=level,
        kind=args.kind,
        cell=args.cell,
        minutes=args.minutes,
        steps=args.steps,
        units=args.units,
        layers=args.layers,
        embedding=args.embedding,
        dropout=args.dropout,
        seed=args.seed,
        base=args.base,
    )


def _songs(args: argparse.Namespace) -> tuple[Any, dict[str, Any]]:
    """The corpus, or the part of it that was asked for, and how it was chosen."""
    from pipeline.corpus.prepare import open_corpus

    about: dict[str, Any] = {}
    if args.artists:
        about["artists"] = list(args.artists)
    if args.years:
        first, _, last = args.years.partition("-")
        if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
            raise SettingError(
                "--years is {years!r}: give the first and the last, such as 1995-2005.", years=args.years
            )
        about["years"] = [int(first), int(last)]
    corpus = open_corpus(args.corpus)
    if about:
        years = about.get("years")
        corpus = corpus.where(artists=about.get("artists") or (), years=tuple(years) if years else None)
    return corpus, about


def _figures(step: "Step") -> dict[str, Any]:
    """What a page draws, without what is not known yet."""
    return {
        name: value
        for name, value in dataclasses.asdict(step).items()
        if value is not None and (isinstance(value, str) or math.isfinite(value))
    }


_ARCHITECTURES = Choices("pipeline.learn.architectures", "ARCHITECTURES")


def learn_arguments(parser: argparse.ArgumentParser) -> None:
    """NAME and a budget."""
    parser.add_argument(
        "name", metavar=t("NAME"), choices=_ARCHITECTURES, help=t("one of {names}", names="%(choices)s")
    )
    parser.add_argument("--minutes", type=float, default=5.0, help=t("time budget (default 5)"))
    parser.add_argument("--corpus", default="demo", help=t("a prepared corpus (default demo)"))
    parser.add_argument("--replace", action="store_true", help=t("replace the one there is; a copy goes to the trash"))
    parser.add_argument("--json", action="store_true", help=t("print every step and score as a JSON object of a line"))


def learn(args: argparse.Namespace) -> None:
    """Train one of the six architectures, or the time series, that the Learn pages show; replaces models/learn-NAME."""
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
