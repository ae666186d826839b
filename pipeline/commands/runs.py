"""The commands about trained runs: which there are, what they predict, their word vectors."""

import argparse
from collections.abc import Callable
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.commands.arguments import command, read_text
from pipeline.commands.output import Progress, print_json, print_named_values
from pipeline.core.errors import RunError, Sentence, SettingError, os_errors_as
from pipeline.core.folders import replace_file_atomically
from pipeline.core.translation import LANGUAGES, localise_number, mark, mark_all, t, translate_sentence

if TYPE_CHECKING:
    from pipeline.language.vocabulary import Vocabulary
    from pipeline.runs.vectors import Floats


mark_all("first", "second", "songs", "difference", "low", "high", "unit")
_DESTINATION_BY_METAVAR = {
    mark("RUN"): "first",
    mark("OTHER"): "second",
    mark("FILE"): "file",
}  # `args.run` is the command itself


def runs_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=t("print one JSON object per model"))
    parser.set_defaults(act=_list)
    actions = parser.add_subparsers(title=t("actions"), metavar=t("ACTION"))
    _add_action(actions, "card", _card, t("print the model card"), "RUN")
    _add_action(actions, "export", _export, t("write a model as one file"), "RUN", "FILE")
    _add_action(actions, "import", _import, t("check and keep an exported model"), "FILE").add_argument(
        "--name", default="", metavar=t("NAME"), help=t("its name here (default: the name it had)")
    )
    _add_action(actions, "delete", _delete, t("move a model to the trash"), "RUN")
    restore = _add_action(actions, "restore", _restore, t("restore the last deleted model of this name"), "RUN")
    restore.add_argument("--name", default="", metavar=t("NAME"), help=t("another name for it"))
    restore.add_argument("--replace", action="store_true", help=t("first move the model of that name to the trash"))
    compare = _add_action(
        actions, "compare", _compare, t("compare two models on their common test songs"), "RUN", "OTHER"
    )
    compare.add_argument("--json", action="store_true", help=t("print one JSON object, including every song"))


def runs(args: argparse.Namespace) -> None:
    """List the models, show the card of one, compare two, or move them: export, import, delete, restore."""
    args.act(args)


def _add_action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    act: Callable[[argparse.Namespace], None],
    summary: str,
    *arguments: str,
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=argparse.SUPPRESS)  # as elsewhere
    for argument in arguments:
        parser.add_argument(
            _DESTINATION_BY_METAVAR[argument], metavar=t(argument), type=Path if argument == "FILE" else str
        )
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
            bits = "    –   " if row["test_bits"] is None else localise_number(f"{row['test_bits']:8.4f}")
            gain = "    –   " if row["difference"] is None else localise_number(f"{row['difference']:+6.1f}") + " %"
            print(f"{row['name']:<24} {row['kind']:<8} {row['level']:<5} {row['corpus'] or '–':<16} {bits} {gain}")
    for problem in problems:
        print(f"seize: {translate_sentence(problem)}", file=sys.stderr)


def _card(args: argparse.Namespace) -> None:
    from pipeline.runs.run import load_run
    from pipeline.training.card import localised_card

    print(localised_card(load_run(args.first)))


def _export(args: argparse.Namespace) -> None:
    from pipeline.runs.archive import export_run
    from pipeline.runs.run import load_run

    export_run(load_run(args.first), args.file)
    print(t("{file} contains the model {run}.", file=args.file, run=args.first))


def _import(args: argparse.Namespace) -> None:
    from pipeline.runs.archive import import_run

    print(t("The model {run} is ready.", run=import_run(args.file, args.name).name))


def _delete(args: argparse.Namespace) -> None:
    from pipeline.runs.trash import delete_run

    deleted = delete_run(args.first)
    undo = f"python -m pipeline runs restore {args.first}"
    print(t("{run} is in the trash. Undo: {command}", run=deleted.name, command=undo))


def _restore(args: argparse.Namespace) -> None:
    from pipeline.runs.trash import list_trash, restore_run

    deleted = next((entry for entry in list_trash() if entry.name == args.first), None)
    if deleted is None:
        names = ", ".join(sorted({entry.name for entry in list_trash()}))
        raise RunError(
            "There is no model {name!r} in the trash (it contains {held}).",
            name=args.first,
            held=names or Sentence("nothing"),
        )
    print(t("The model {run} is restored.", run=restore_run(deleted.id, args.name, replace=args.replace).name))


def _compare(args: argparse.Namespace) -> None:
    from pipeline.corpus.prepare import open_corpus
    from pipeline.runs.run import load_run
    from pipeline.training.evaluate import compare_runs

    progress = Progress(quiet=args.json)

    def on_song(done: int, of: int) -> None:
        progress(min(done / of, 0.99), Sentence("song {done} of {of}", done=done, of=of))

    compared = compare_runs(load_run(args.first), load_run(args.second), open_corpus, on_song)
    songs = compared.songs.to_dict("records")
    figures = {"first": compared.first, "second": compared.second, "songs": len(songs)}
    figures |= {"difference": compared.difference}
    figures |= {side: None if isnan(limit) else limit for side, limit in compared.interval._asdict().items()}
    progress(1.0, Sentence("compared"), **figures, table=songs)
    if args.json:
        print_json({**figures, "songs": songs})
    else:
        print_named_values({**figures, "unit": t("bits per character, first minus second")})


@command()
def vectors(
    run_name: str, *, word: str | None = None, neighbours: int = 10, export: Path | None = None, json: bool = False
) -> None:
    """Word vectors of a model: the nearest neighbours of a word, or all vectors with their map as a file.

    run_name RUN: a model with a network, such as demo-word
    --word: print the nearest neighbours of this word (or character)
    --neighbours N: how many (default 10)
    --export FILE: write all vectors: .csv, .tsv or .parquet with the map's x and y, .txt in word2vec format
    --json: print one JSON object per neighbour
    """
    from pipeline.runs.run import load_run
    from pipeline.runs.vectors import embedding_of, project_embedding, token_id
    from pipeline.runs.vectors import neighbours as nearest

    if neighbours < 1:
        raise SettingError("--neighbours must be at least 1, not {count}.", count=neighbours)
    trained = load_run(run_name)
    vocabulary, embedding = trained.vocabulary, embedding_of(trained)
    if export:
        _export_vectors(export, embedding, vocabulary)
    if word is not None:
        near = nearest(embedding, vocabulary, token_id(vocabulary, word), neighbours)
        for row in near.to_dict("records"):
            if json:
                print_json(row)
            else:
                print(f"{row['cosine']:6.3f}  {row['token']}")
    elif not export:
        table, held = project_embedding(embedding, vocabulary)
        figures = {
            mark("tokens"): len(table),
            mark("numbers each"): embedding.shape[1],
            mark("variance on the map"): held,
        }
        (print_json if json else print_named_values)(figures)


def _export_vectors(file: Path, embedding: "Floats", vocabulary: "Vocabulary") -> None:
    from pipeline.publish.tables import escape_formulas, to_csv, to_parquet
    from pipeline.runs.vectors import embedding_table, to_word2vec

    writers = {
        ".csv": lambda: to_csv(embedding_table(embedding, vocabulary)),
        ".tsv": lambda: escape_formulas(embedding_table(embedding, vocabulary)).to_csv(index=False, sep="\t").encode(),
        ".parquet": lambda: to_parquet(embedding_table(embedding, vocabulary)),
        ".txt": lambda: to_word2vec(embedding, vocabulary).encode(),
    }
    if file.suffix not in writers:
        raise SettingError(
            "{file} should end in one of {endings}: that chooses the format.", file=file, endings=", ".join(writers)
        )
    data = writers[file.suffix]()
    with (
        os_errors_as(RunError, mark("{file} could not be written: {reason}."), file=str(file)),
        replace_file_atomically(file) as draft,
    ):
        draft.write_bytes(data)


mark_all(
    "bits_per_char", "bits_per_char_adaptive", "characters", "tokens", "unknown", "seconds", "level", "perplexity",
    "oov_rate", "parts", "spelling", "surface",
)  # fmt: skip


@command("text", "corpus", required=True)
def evaluate(
    run_name: str,
    *,
    text: Path | None = None,
    corpus: str | None = None,
    split: Literal["train", "valid", "test"] = "test",
    dynamic: bool = False,
    json: bool = False,
) -> None:
    """Measure how well a model predicts a text or the test songs of a corpus: bits per character, perplexity.

    run_name RUN: a trained model, such as seize
    --text FILE: a UTF-8 text file
    --corpus NAME: a prepared corpus
    --split: with --corpus: which songs (default test)
    --dynamic: let the network also learn from the text, for the adaptive bits
    --json: print one JSON object
    """
    from pipeline.corpus.prepare import open_corpus
    from pipeline.runs.run import load_run
    from pipeline.training.evaluate import evaluate_split, evaluate_text

    trained = load_run(run_name)
    if text:
        scores = evaluate_text(trained, read_text(text), dynamic=dynamic)
    else:
        scores = evaluate_split(trained, open_corpus(corpus or ""), split, dynamic=dynamic)
    (print_json if json else print_named_values)(scores.to_json())
