"""The commands that train: a language model, every combination of settings, an architecture of the Learn pages."""

import argparse
import dataclasses
import math
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pipeline.commands.arguments import Choices, add_arguments, call, command, options, read_text
from pipeline.commands.output import Progress, print_json
from pipeline.commands.subcorpus import Table
from pipeline.core.errors import SeizeError, Sentence, SettingError
from pipeline.core.translation import t, translate_sentence

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.runs.run import Run
    from pipeline.training.settings import Progress as Step
    from pipeline.training.settings import TrainSettings
    from pipeline.training.sweep import TrainingOutcome

_UNIT_CHOICES = Choices("pipeline.language_models.units", "UNITS")
_KINDS = Choices("pipeline.runs.config", "KINDS")
_CELLS = Choices("pipeline.cells.registry", "CELLS")


@options()
class TrainArguments:
    """What a training learns from, and how.

    corpus NAME: a prepared corpus, such as demo
    --text FILE: instead of a corpus: a UTF-8 text to train on
    --valid-text FILE: with --text: the text for validation (default: its last twentieth)
    --artists NAME: only songs of this artist; may be repeated
    --years FIRST-LAST: only songs of these years, such as 1995-2005
    --name: name of the model (default: my-CORPUS-LEVEL)
    --level UNITS: text units: %(choices)s (default: those of --from, else char)
    --kind KIND: a network mixed with a Kneser-Ney n-gram, or either alone: %(choices)s (default mixture)
    --cell CELL: kind of recurrent layer: %(choices)s (default lstm)
    --minutes: time budget of the network (default 15)
    --steps N: this many updates instead: the same model each time
    --units: width of each recurrent layer
    --layers: recurrent layers (default 1)
    --embedding: width of the embedding
    --dropout: dropout before and after the recurrent layers
    --from RUN: start from the network of this model, such as base-subword
    --seed: the same seed gives the same start and order (default 1)
    --resume [RUN]: continue from the last checkpoint of RUN (default: of --name)
    --replace: replace a model of this name; a copy goes to the trash
    --json: print the scores as one JSON object
    """

    corpus: str | None = None
    text: Path | None = None
    valid_text: Path | None = None
    artists: Sequence[str] = ()
    years: str | None = None
    name: str | None = None
    level: Annotated[str, _UNIT_CHOICES] | None = None
    kind: Annotated[str, _KINDS] = "mixture"
    cell: Annotated[str, _CELLS] = "lstm"
    minutes: float = 15.0
    steps: int | None = None
    units: int | None = None
    layers: int = 1
    embedding: int | None = None
    dropout: float | None = None
    from_: str | None = None
    seed: int = 1
    resume: str | None = None
    replace: bool = False
    json: bool = False


@command()
def train(args: TrainArguments) -> None:
    """Train a character or word model on a prepared corpus or a plain text, and test it on unseen text."""
    from pipeline.networks.quiet_start import tensorflow_missing_error
    from pipeline.runs.trash import claim_name
    from pipeline.training.card import localised_card

    _check_corpus_or_text(args)
    settings = _settings(args, args.text.stem if args.text else args.corpus or "")
    if settings.kind != "ngram" and (missing := tensorflow_missing_error()) is not None:
        raise missing  # at once, not when the n-grams are counted
    settings.complete()  # a value outside its range is told before anything is read
    with claim_name(settings.name, replace=args.replace, resume=args.resume is not None):
        trained = _train(args, settings)
    if args.json:
        print_json({"run": trained.name, **trained.scores})
    else:
        print(localised_card(trained))


def _train(args: TrainArguments, settings: "TrainSettings") -> "Run":
    from pipeline.training.train import hold_out_end, train, train_text

    progress, resume = Progress(), args.resume is not None

    def on_progress(step: "Step") -> None:
        share = min(0.99, step.seconds / max(step.seconds + step.seconds_left, 1e-9))
        report = progress if step.valid_bits is None else progress.milestone
        report(share, step.terminal_line(), **_known_step_values(step))

    progress(0.0, Sentence("counting n-grams"))
    if args.text:
        read = read_text(args.text)
        read, valid = (read, read_text(args.valid_text)) if args.valid_text else hold_out_end(read)
        trained = train_text(read, valid, settings, args.text.name, on_progress, resume=resume)
    else:
        corpus, about = _corpus_and_selection(args)
        trained = train(corpus, settings, on_progress, resume=resume, about=about)
    progress(1.0, Sentence("saved in {folder}", folder=trained.folder))
    return trained


def _check_corpus_or_text(args: TrainArguments) -> None:
    if bool(args.corpus) == bool(args.text):
        raise SettingError("Give either the name of a prepared corpus or --text FILE.")
    if args.valid_text and not args.text:
        raise SettingError("--valid-text goes with --text: one file for training, one for validation.")
    if args.text and (args.artists or args.years):
        raise SettingError("--artists and --years select songs of a corpus; a plain text has none.")


def _settings(args: TrainArguments, source: str) -> "TrainSettings":
    from pipeline.training.base import level_of
    from pipeline.training.settings import TrainSettings

    level: Any = args.level or level_of(args.from_)
    name = args.resume or (f"my-{source}-{level}" if args.name is None else args.name)
    same = ("kind", "cell", "minutes", "steps", "units", "layers", "embedding", "dropout", "seed")
    return TrainSettings(
        name=name, level=level, base=args.from_, **{setting: getattr(args, setting) for setting in same}
    )


def _corpus_and_selection(args: TrainArguments) -> tuple[Any, dict[str, Any]]:
    """The corpus, or the part of it that was asked for, and how it was chosen."""
    from pipeline.corpus.prepare import open_corpus

    part: dict[str, Any] = {}
    if args.artists:
        part["artists"] = list(args.artists)
    if args.years:
        first, _, last = args.years.partition("-")
        if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
            raise SettingError(
                "--years is {years!r}: give the first and the last, such as 1995-2005.", years=args.years
            )
        part["years"] = [int(first), int(last)]
    corpus = open_corpus(args.corpus or "")
    if part:
        years = part.get("years")
        corpus = corpus.where(artists=part.get("artists") or (), years=tuple(years) if years else None)
    return corpus, part


def _known_step_values(step: "Step") -> dict[str, Any]:
    """What a page draws, without what is not known yet."""
    return {
        name: value
        for name, value in dataclasses.asdict(step).items()
        if value is not None and (isinstance(value, str) or math.isfinite(value))
    }


_ARCHITECTURES = Choices("pipeline.learn.architectures", "ARCHITECTURES")


@command()
def learn(
    name: Annotated[str, _ARCHITECTURES],
    *,
    minutes: float = 5.0,
    corpus: str = "demo",
    replace: bool = False,
    json: bool = False,
) -> None:
    """Train one of the six architectures, or the time series, of the lessons; replaces models/learn-NAME.

    name NAME: one of %(choices)s
    --minutes: time budget (default 5)
    --corpus: a prepared corpus (default demo)
    --replace: replace the existing one; a copy goes to the trash
    --json: print each step and score as one JSON object per line
    """
    from pipeline.corpus.prepare import open_corpus
    from pipeline.learn.architecture import run_name
    from pipeline.learn.architectures import train_architecture
    from pipeline.networks.quiet_start import tensorflow_missing_error
    from pipeline.runs.trash import claim_name

    if (missing := tensorflow_missing_error()) is not None:
        raise missing  # before the trash gets a copy of what is replaced
    progress = Progress(quiet=json)

    def on_step(share: float, message: str, figures: dict[str, float]) -> None:
        report = progress.milestone if "valid_loss" in figures else progress
        report(min(share, 0.99), message, **figures)
        if json:
            print_json({"share": share, **figures})

    with claim_name(run_name(name), replace=replace):
        saved = train_architecture(name, lambda: open_corpus(corpus), minutes, on_step)
    progress(1.0, Sentence("saved in {folder}", folder=saved.run.folder))
    if json:
        print_json({"run": saved.run.name, "scores": saved.scores})
    else:
        print(saved.run.card())


# Settings that may have several values: name in `TrainSettings`, type or where the choices are.
_SWEPT: dict[str, Any] = {
    **{"level": _UNIT_CHOICES, "kind": _KINDS, "cell": _CELLS, "units": int, "layers": int, "embedding": int},
    **{"dropout": float, "learning_rate": float, "minutes": float, "steps": int, "seed": int, "base": str},
}


def sweep_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("corpus", metavar=t("NAME"), help=t("a prepared corpus, such as demo"))
    add("--name", help=t("prefix of the models' names (default: sweep-CORPUS)"))
    settings = parser.add_argument_group(t("settings"), t("those of `train`, each with one or several values"))
    for name, kind in _SWEPT.items():
        option = "--from" if name == "base" else f"--{name.replace('_', '-')}"
        limits = {"choices": kind} if isinstance(kind, Choices) else {"type": kind}
        settings.add_argument(option, dest=name, nargs="+", metavar=t("VALUE"), **limits)
    add(
        "--ensemble",
        type=int,
        default=3,
        metavar=t("N"),
        help=t("average the networks of this many of the best (default 3; 0: none)"),
    )
    add(
        "--scheduler",
        metavar=t("ADDRESS"),
        help=t(
            "a Dask scheduler, such as tcp://10.0.0.1:8786, whose workers train; they must share a file system with "
            "this computer (extra dask)"
        ),
    )
    add("--replace", action="store_true", help=t("replace models of these names; a copy goes to the trash"))
    add_arguments(parser, Table)


def sweep(args: argparse.Namespace) -> None:
    """Train all combinations of settings on a corpus, several at a time, and print one table.

    Each setting has one or several values; the models are NAME-1, NAME-2 and so on, each as `train` makes it. Models
    trained at the same time share the computer: with --steps that changes nothing, with --minutes each learns less.
    The table is sorted by bits per character on validation; its last row is NAME-mean, the mean of the predictions of
    the best networks. A failed training run is a row with its reason; Ctrl-C keeps what is finished.
    """
    from pipeline.networks.quiet_start import tensorflow_missing_error
    from pipeline.processes.executors import cluster_executor
    from pipeline.training.sweep import INTERRUPTED, cross_product, outcome_table, sweep

    values = {name: chosen_values for name in _SWEPT if (chosen_values := getattr(args, name))}
    if not args.scheduler and values.get("kind") != ["ngram"] and (missing := tensorflow_missing_error()) is not None:
        raise missing
    name = args.name or f"sweep-{args.corpus}"
    settings = cross_product(name, values)
    if len({one.name for one in settings}) < 2:
        raise SettingError("This is a single training run: give several values to a setting, or use `train`.")
    report = _SweepReport(len(settings), quiet=args.json or args.csv)
    with ExitStack() as stack:
        executor = stack.enter_context(cluster_executor(args.scheduler)) if args.scheduler else None
        outcomes = sweep(args.corpus, settings, report, replace=args.replace, executor=executor)
    table = outcome_table(outcomes, [name for name, each in values.items() if len(each) > 1])
    call(Table, args).print(_with_ensemble(table, args, f"{name}-mean"))
    if any(outcome.reason == INTERRUPTED for outcome in outcomes):
        raise KeyboardInterrupt


class _SweepReport:
    """Says after each training how many are done, and which is best so far."""

    def __init__(self, trainings: int, *, quiet: bool) -> None:
        self.trainings, self.done, self.best = trainings, 0, (float("inf"), "")
        self.progress = Progress(quiet=quiet)
        self.progress(0.0, Sentence("{n} training runs", n=trainings))

    def __call__(self, outcome: "TrainingOutcome") -> None:
        from pipeline.training.sweep import run_results

        self.done += 1
        name = outcome.settings.name
        if outcome.reason:
            message = Sentence("{name}: {reason}", name=name, reason=outcome.reason)
        else:
            self.best = min(self.best, (run_results(name)["valid_bits"], name))
            bits, best = self.best
            message = Sentence(
                "{name} is trained; the best is {best} ({bits:.4f} bits)", name=name, best=best, bits=bits
            )
        self.progress.milestone(self.done / self.trainings, message)


def _with_ensemble(table: "pd.DataFrame", args: argparse.Namespace, name: str) -> "pd.DataFrame":
    """Save the mean of the best runs that have the tokens of the very best, and return the table with it, last."""
    import pandas as pd

    from pipeline.corpus.prepare import open_corpus
    from pipeline.language_models.splits import split_corpus
    from pipeline.runs.run import load_run
    from pipeline.runs.trash import claim_name
    from pipeline.training.sweep import run_results, runs_sharing_vocabulary, save_ensemble

    trained = [load_run(run) for run in table.loc[table["valid_bits"].notna(), "run"]]
    runs = runs_sharing_vocabulary(trained)[: args.ensemble]
    if len(runs) < 2:
        return table
    try:
        with claim_name(name, replace=args.replace):
            save_ensemble(name, runs, split_corpus(open_corpus(args.corpus)))
        row = {"run": name, **run_results(name), "reason": ""}
    except SeizeError as error:  # what is trained stays, and is told
        row = {"run": name, "reason": translate_sentence(error.as_sentence)}
    return pd.concat([table, pd.DataFrame([row])], ignore_index=True)
