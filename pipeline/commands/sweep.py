"""The command that trains every combination of settings, and the table of its runs."""

import argparse
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from pipeline.commands.arguments import Choices
from pipeline.commands.output import Progress
from pipeline.commands.subcorpus import add_table, print_table
from pipeline.core.errors import SeizeError, Sentence, SettingError
from pipeline.core.translation import say, t

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.training.sweep import Outcome

# Settings that may have several values: option, name in `TrainSettings`, type or where the choices are.
_SETTINGS: tuple[tuple[str, str, Any], ...] = (
    ("--level", "level", Choices("pipeline.language_models.units", "UNITS")),
    ("--kind", "kind", Choices("pipeline.runs.config", "KINDS")),
    ("--cell", "cell", Choices("pipeline.cells.registry", "CELLS")),
    ("--units", "units", int),
    ("--layers", "layers", int),
    ("--embedding", "embedding", int),
    ("--dropout", "dropout", float),
    ("--learning-rate", "learning_rate", float),
    ("--minutes", "minutes", float),
    ("--steps", "steps", int),
    ("--seed", "seed", int),
    ("--from", "base", str),
)


def sweep_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, the settings, and where the work is done."""
    parser.add_argument("corpus", metavar=t("NAME"), help=t("a prepared corpus, such as demo"))
    parser.add_argument("--name", help=t("beginning of the names of the runs (default: sweep-CORPUS)"))
    settings = parser.add_argument_group(t("settings"), t("as of `train`, each with one value or several"))
    for option, name, kind in _SETTINGS:
        limits = {"choices": kind} if isinstance(kind, Choices) else {"type": kind}
        settings.add_argument(option, dest=name, nargs="+", metavar=t("VALUE"), **limits)
    parser.add_argument(
        "--ensemble",
        type=int,
        default=3,
        metavar=t("N"),
        help=t("average the networks of so many of the best (default 3; 0: none)"),
    )
    parser.add_argument(
        "--scheduler",
        metavar=t("ADDRESS"),
        help=t(
            "a Dask scheduler, such as tcp://10.0.0.1:8786, whose workers train; they reach the corpus and the runs "
            "of this machine by a shared file system (extra dask)"
        ),
    )
    parser.add_argument(
        "--replace", action="store_true", help=t("replace runs of these names; a copy goes to the trash")
    )
    add_table(parser)


def sweep(args: argparse.Namespace) -> None:
    """Train every combination of settings on a corpus, several at a time, and print one table.

    Each setting takes one value or several; the runs are NAME-1, NAME-2 and so on, each as `train` makes it alone. What
    is trained at once shares the machine: with --steps that changes nothing, with --minutes each run learns less. The
    table is sorted by bits a character on validation; its last row is one more run, NAME-mean: the mean of what the
    networks of the best predict. A training that fails is a row with its reason, Ctrl-C keeps what is finished.
    """
    from pipeline.networks.quiet_start import tensorflow_missing
    from pipeline.processes.executors import cluster
    from pipeline.training.sweep import INTERRUPTED, cross_product, outcome_table, sweep

    values = {name: asked for _, name, _ in _SETTINGS if (asked := getattr(args, name))}
    if not args.scheduler and values.get("kind") != ["ngram"] and (missing := tensorflow_missing()) is not None:
        raise missing
    name = args.name or f"sweep-{args.corpus}"
    settings = cross_product(name, values)
    if len({one.name for one in settings}) < 2:
        raise SettingError("That is a single training: give a setting several values, or use `train`.")
    report = _Report(len(settings), quiet=args.json or args.csv)
    with ExitStack() as stack:
        executor = stack.enter_context(cluster(args.scheduler)) if args.scheduler else None
        outcomes = sweep(args.corpus, settings, report, replace=args.replace, executor=executor)
    table = outcome_table(outcomes, [name for name, each in values.items() if len(each) > 1])
    print_table(_with_ensemble(table, args, f"{name}-mean"), args)
    if any(outcome.reason == INTERRUPTED for outcome in outcomes):
        raise KeyboardInterrupt


class _Report:
    """Says after each training how many are done, and which is best so far."""

    def __init__(self, trainings: int, *, quiet: bool) -> None:
        self.trainings, self.done, self.best = trainings, 0, (float("inf"), "")
        self.progress = Progress(quiet=quiet)
        self.progress(0.0, Sentence("{n} trainings", n=trainings))

    def __call__(self, outcome: "Outcome") -> None:
        from pipeline.training.sweep import run_figures

        self.done += 1
        name = outcome.settings.name
        if outcome.reason:
            said = Sentence("{name}: {reason}", name=name, reason=outcome.reason)
        else:
            self.best = min(self.best, (run_figures(name)["valid_bits"], name))
            bits, best = self.best
            said = Sentence("{name} is trained; the best is {best} ({bits:.4f} bits)", name=name, best=best, bits=bits)
        self.progress.milestone(self.done / self.trainings, said)


def _with_ensemble(table: "pd.DataFrame", args: argparse.Namespace, name: str) -> "pd.DataFrame":
    """Save the mean of the best runs that have the tokens of the very best, and return the table with it, last."""
    import pandas as pd

    from pipeline.corpus.prepare import open_corpus
    from pipeline.language_models.splits import split_corpus
    from pipeline.runs.run import load_run
    from pipeline.runs.trash import claim_name
    from pipeline.training.sweep import run_figures, same_tokens, save_ensemble

    trained = [load_run(run) for run in table.loc[table["valid_bits"].notna(), "run"]]
    runs = same_tokens(trained)[: args.ensemble]
    if len(runs) < 2:
        return table
    try:
        with claim_name(name, replace=args.replace):
            save_ensemble(name, runs, split_corpus(open_corpus(args.corpus)))
        row = {"run": name, **run_figures(name), "reason": ""}
    except SeizeError as error:  # what is trained stays, and is told
        row = {"run": name, "reason": say(error.said)}
    return pd.concat([table, pd.DataFrame([row])], ignore_index=True)
