"""List the runs, compare two, move them: export, import, delete, restore."""

import argparse
from collections.abc import Callable
from math import isnan
from pathlib import Path

from pipeline.commands.output import Progress, print_figures, print_json

_PLACES = {"RUN": "first", "OTHER": "second", "FILE": "file"}  # `args.run` is the command itself


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the runs; nothing lists them."""
    parser.add_argument("--json", action="store_true", help="print one JSON object a run")
    parser.set_defaults(act=_list)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    _action(actions, "export", _export, "write a run as one file", "RUN", "FILE")
    _action(actions, "import", _import, "check and keep a run that was exported", "FILE").add_argument(
        "--name", default="", help="name here (default: the name that it had)"
    )
    _action(actions, "delete", _delete, "move a run to the trash", "RUN")
    restore = _action(actions, "restore", _restore, "put the last deleted run of this name back", "RUN")
    restore.add_argument("--name", default="", help="another name for it")
    restore.add_argument("--replace", action="store_true", help="move the run of that name to the trash instead")
    compare = _action(actions, "compare", _compare, "score two runs on the test songs that they share", "RUN", "OTHER")
    compare.add_argument("--json", action="store_true", help="print one JSON object, with every song")


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
    for argument in arguments:
        parser.add_argument(_PLACES[argument], metavar=argument, type=Path if argument == "FILE" else str)
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
            bits = "    –   " if row["test_bits"] is None else f"{row['test_bits']:8.4f}"
            gain = "    –   " if row["difference"] is None else f"{row['difference']:+6.1f} %"
            print(f"{row['name']:<24} {row['kind']:<8} {row['level']:<5} {row['corpus'] or '–':<16} {bits} {gain}")
    for problem in problems:
        print(f"seize: {problem}", file=sys.stderr)


def _export(args: argparse.Namespace) -> None:
    from pipeline.runs.archive import export_run
    from pipeline.runs.run import load_run

    export_run(load_run(args.first), args.file)
    print(f"{args.file} holds the run {args.first}.")


def _import(args: argparse.Namespace) -> None:
    from pipeline.runs.archive import import_run

    print(f"The run {import_run(args.file, args.name).name} is ready.")


def _delete(args: argparse.Namespace) -> None:
    from pipeline.runs.trash import delete_run

    print(f"{delete_run(args.first).name} is in the trash. Undo: python -m pipeline runs restore {args.first}")


def _restore(args: argparse.Namespace) -> None:
    from pipeline.errors import RunError
    from pipeline.runs.trash import list_trash, restore_run

    found = next((entry for entry in list_trash() if entry.name == args.first), None)
    if found is None:
        names = ", ".join(sorted({entry.name for entry in list_trash()})) or "nothing"
        raise RunError(
            "run-not-in-trash",
            "There is no run {name!r} in the trash (it holds {held}).",
            name=args.first,
            held=names,
        )
    print(f"The run {restore_run(found.id, args.name, replace=args.replace).name} is back.")


def _compare(args: argparse.Namespace) -> None:
    from pipeline.corpus.prepare import open_corpus
    from pipeline.evaluation.comparison import compare
    from pipeline.runs.run import load_run

    progress = Progress(quiet=args.json)

    def on_song(done: int, of: int) -> None:
        progress(min(done / of, 0.99), f"song {done} of {of}")

    found = compare(load_run(args.first), load_run(args.second), open_corpus, on_song)
    figures = {"first": found.first, "second": found.second, "songs": len(found.songs), "difference": found.difference}
    figures |= {side: None if isnan(limit) else limit for side, limit in found.interval._asdict().items()}
    progress(1.0, "compared", **figures, table=found.songs.to_dict("records"))
    if args.json:
        print_json({**figures, "songs": found.songs.to_dict("records")})
    else:
        print_figures({**figures, "unit": "bits a character, first less second"})
