"""List the runs, read the card of one, compare two, move them: export, import, delete, restore."""

import argparse
from collections.abc import Callable
from math import isnan
from pathlib import Path

from pipeline.commands.output import Progress, print_figures, print_json
from pipeline.core.errors import Sentence
from pipeline.core.translation import LANGUAGES, mark, say, t, with_marks

_NAMES = (*(mark("first"), mark("second"), mark("songs"), mark("difference"), mark("low"), mark("high"), mark("unit")),)
_PLACES = {mark("RUN"): "first", mark("OTHER"): "second", mark("FILE"): "file"}  # `args.run` is the command itself


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the runs; nothing lists them."""
    parser.add_argument("--json", action="store_true", help=t("print one JSON object a run"))
    parser.set_defaults(act=_list)
    actions = parser.add_subparsers(title=t("actions"), metavar=t("ACTION"))
    _action(actions, "card", _card, t("print the model card of a run"), "RUN")
    _action(actions, "export", _export, t("write a run as one file"), "RUN", "FILE")
    _action(actions, "import", _import, t("check and keep a run that was exported"), "FILE").add_argument(
        "--name", default="", metavar=t("NAME"), help=t("name here (default: the name that it had)")
    )
    _action(actions, "delete", _delete, t("move a run to the trash"), "RUN")
    restore = _action(actions, "restore", _restore, t("put the last deleted run of this name back"), "RUN")
    restore.add_argument("--name", default="", metavar=t("NAME"), help=t("another name for it"))
    restore.add_argument("--replace", action="store_true", help=t("move the run of that name to the trash instead"))
    compare = _action(
        actions, "compare", _compare, t("score two runs on the test songs that they share"), "RUN", "OTHER"
    )
    compare.add_argument("--json", action="store_true", help=t("print one JSON object, with every song"))


def run(args: argparse.Namespace) -> None:
    """Do it, and say what was done."""
    args.act(args)


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    act: Callable[[argparse.Namespace], None],
    summary: str,
    *arguments: str,
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=argparse.SUPPRESS)  # as elsewhere
    for argument in arguments:
        parser.add_argument(_PLACES[argument], metavar=t(argument), type=Path if argument == "FILE" else str)
    parser.set_defaults(act=act)
    return parser


def _list(args: argparse.Namespace) -> None:
    import sys

    from pipeline.runs.run import list_runs
    from pipeline.runs.summary import runs_table

    table, problems = runs_table(list_runs())
    whole = table.astype(dict.fromkeys(("units", "layers", "parameters"), "Int64")).astype(object)
    for row in whole.where(table.notna(), None).to_dict("records"):
        if args.json:
            print_json(row)
        else:
            bits = "    –   " if row["test_bits"] is None else with_marks(f"{row['test_bits']:8.4f}")
            gain = "    –   " if row["difference"] is None else with_marks(f"{row['difference']:+6.1f}") + " %"
            print(f"{row['name']:<24} {row['kind']:<8} {row['level']:<5} {row['corpus'] or '–':<16} {bits} {gain}")
    for problem in problems:
        print(f"seize: {say(problem)}", file=sys.stderr)


def _card(args: argparse.Namespace) -> None:
    from pipeline.runs.run import load_run
    from pipeline.training.card import card_to_read

    print(card_to_read(load_run(args.first)))


def _export(args: argparse.Namespace) -> None:
    from pipeline.runs.archive import export_run
    from pipeline.runs.run import load_run

    export_run(load_run(args.first), args.file)
    print(t("{file} holds the run {run}.", file=args.file, run=args.first))


def _import(args: argparse.Namespace) -> None:
    from pipeline.runs.archive import import_run

    print(t("The run {run} is ready.", run=import_run(args.file, args.name).name))


def _delete(args: argparse.Namespace) -> None:
    from pipeline.runs.trash import delete_run

    deleted = delete_run(args.first)
    undo = f"python -m pipeline runs restore {args.first}"
    print(t("{run} is in the trash. Undo: {command}", run=deleted.name, command=undo))


def _restore(args: argparse.Namespace) -> None:
    from pipeline.core.errors import RunError
    from pipeline.runs.trash import list_trash, restore_run

    found = next((entry for entry in list_trash() if entry.name == args.first), None)
    if found is None:
        names = ", ".join(sorted({entry.name for entry in list_trash()}))
        raise RunError(
            "There is no run {name!r} in the trash (it holds {held}).",
            name=args.first,
            held=names or Sentence("nothing"),
        )
    print(t("The run {run} is back.", run=restore_run(found.id, args.name, replace=args.replace).name))


def _compare(args: argparse.Namespace) -> None:
    from pipeline.corpus.prepare import open_corpus
    from pipeline.runs.run import load_run
    from pipeline.training.comparison import compare

    progress = Progress(quiet=args.json)

    def on_song(done: int, of: int) -> None:
        progress(min(done / of, 0.99), Sentence("song {done} of {of}", done=done, of=of))

    found = compare(load_run(args.first), load_run(args.second), open_corpus, on_song)
    figures = {"first": found.first, "second": found.second, "songs": len(found.songs), "difference": found.difference}
    figures |= {side: None if isnan(limit) else limit for side, limit in found.interval._asdict().items()}
    progress(1.0, Sentence("compared"), **figures, table=found.songs.to_dict("records"))
    if args.json:
        print_json({**figures, "songs": found.songs.to_dict("records")})
    else:
        print_figures({**figures, "unit": t("bits a character, first less second")})
