"""The commands that train: a language model, an architecture of the Learn pages."""

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pipeline.commands.arguments import Choices, command, options_dataclass, read_text
from pipeline.commands.output import Progress, print_json
from pipeline.core.errors import Sentence, SettingError

if TYPE_CHECKING:
    from pipeline.runs.run import Run
    from pipeline.training.settings import TrainingProgress, TrainSettings

# What is not given is as `TrainSettings` says.
_SETTINGS = ("kind", "cell", "minutes", "steps", "units", "layers", "embedding", "dropout", "seed")


@options_dataclass()
class TrainArguments:
    """Options of `train`: what a training reads, and how.

    corpus NAME: a prepared corpus, such as demo
    --text FILE: instead of a corpus: a UTF-8 text to train on
    --valid-text FILE: with --text: the text for validation (default: its last twentieth)
    --artists NAME: only songs of this artist; may be repeated
    --years FIRST LAST: only songs of these years
    --name: name of the model (default: my-CORPUS-LEVEL)
    --level UNITS: text units: %(choices)s (default: those of --from, else char)
    --kind KIND: a network mixed with a Kneser-Ney n-gram, or either alone: %(choices)s (default mixture)
    --cell CELL: kind of recurrent layer: %(choices)s (default lstm)
    --minutes: time budget of the network (default 15)
    --steps N: train for this many updates instead: the same model each time
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
    years: tuple[int, int] | None = None
    name: str | None = None
    level: Annotated[str, Choices("pipeline.language_models.units", "UNITS")] | None = None
    kind: Annotated[str, Choices("pipeline.runs.config", "KINDS")] | None = None
    cell: Annotated[str, Choices("pipeline.cells.registry", "CELLS")] | None = None
    minutes: float | None = None
    steps: int | None = None
    units: int | None = None
    layers: int | None = None
    embedding: int | None = None
    dropout: float | None = None
    from_: str | None = None
    seed: int | None = None
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
    settings = _train_settings(args, args.text.stem if args.text else args.corpus or "")
    if settings.kind != "ngram" and (missing := tensorflow_missing_error()) is not None:
        raise missing  # at once, not when the n-grams are counted
    settings.with_defaults()  # a value outside its range is told before anything is read
    with claim_name(settings.name, replace=args.replace, resume=args.resume is not None):
        trained = _run_training(args, settings)
    if args.json:
        print_json({"run": trained.name, **trained.scores})
    else:
        print(localised_card(trained))


def _run_training(args: TrainArguments, settings: "TrainSettings") -> "Run":
    from pipeline.corpus.prepare import open_corpus
    from pipeline.training.train import hold_out_end, train, train_on_text

    progress, resume = Progress(), args.resume is not None

    def on_progress(step: "TrainingProgress") -> None:
        share = min(0.99, step.seconds / max(step.seconds + step.seconds_left, 1e-9))
        report = progress if step.valid_bits is None else progress.report_milestone
        report(share, step.terminal_line(), **_finite_progress_fields(step))

    progress(0.0, Sentence("counting n-grams"))
    if args.text:
        read = read_text(args.text)
        read, valid = (read, read_text(args.valid_text)) if args.valid_text else hold_out_end(read)
        trained = train_on_text(read, valid, settings, args.text.name, on_progress, resume=resume)
    else:
        corpus = open_corpus(args.corpus or "").where(artists=args.artists, years=args.years)
        filters = {name: list(value) for name in ("artists", "years") if (value := getattr(args, name))}
        trained = train(corpus, settings, on_progress, resume=resume, about=filters)
    progress(1.0, Sentence("saved in {folder}", folder=trained.folder))
    return trained


def _check_corpus_or_text(args: TrainArguments) -> None:
    if bool(args.corpus) == bool(args.text):
        raise SettingError("Give either the name of a prepared corpus or --text FILE.")
    if args.valid_text and not args.text:
        raise SettingError("--valid-text goes with --text: one file for training, one for validation.")
    if args.text and (args.artists or args.years):
        raise SettingError("--artists and --years select songs of a corpus; a plain text has none.")


def _train_settings(args: TrainArguments, source: str) -> "TrainSettings":
    from pipeline.training.base import base_run_unit_level
    from pipeline.training.settings import TrainSettings

    level: Any = args.level or base_run_unit_level(args.from_)
    name = args.resume or (f"my-{source}-{level}" if args.name is None else args.name)
    settings = {each: value for each in _SETTINGS if (value := getattr(args, each)) is not None}
    return TrainSettings(name=name, level=level, base=args.from_, **settings)


def _finite_progress_fields(step: "TrainingProgress") -> dict[str, Any]:
    """Return the fields of a progress report as a dict, without those that are None or not finite."""
    return {
        name: value
        for name, value in dataclasses.asdict(step).items()
        if value is not None and (isinstance(value, str) or math.isfinite(value))
    }


@command()
def learn(
    name: Annotated[str, Choices("pipeline.learn.architectures", "ARCHITECTURES")],
    *,
    minutes: float = 5.0,
    corpus: str = "demo",
    replace: bool = False,
    json: bool = False,
) -> None:
    """Train one of the networks of the lessons (six architectures and a time series), and save it as models/learn-NAME.

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
        report = progress.report_milestone if "valid_loss" in figures else progress
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
