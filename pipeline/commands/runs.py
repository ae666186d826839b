"""The commands about trained runs: which there are, how good they are, how they are moved."""

import sys
from math import isnan
from pathlib import Path
from typing import Literal

from pipeline.commands.arguments import command, read_text
from pipeline.commands.output import Progress, print_json, print_named_values
from pipeline.commands.subcorpus import TablePrinter
from pipeline.core.errors import RunError, Sentence
from pipeline.core.translation import mark_all, t, translate_sentence

mark_all(
    "first", "second", "songs", "difference", "low", "high", "unit",
    "bits_per_char", "bits_per_char_adaptive", "characters", "tokens", "unknown", "seconds", "level", "perplexity",
    "oov_rate", "parts", "spelling", "surface",
)  # fmt: skip


_SHORT_COLUMNS = ["name", "kind", "level", "corpus", "test_bits", "difference"]  # of the list for people


@command()
def card(run_name: str) -> None:
    """Print the model card of a run.

    run_name RUN: a trained model, such as seize
    """
    from pipeline.runs.run import load_run
    from pipeline.training.card import localised_card

    print(localised_card(load_run(run_name)))


@command()
def export(run_name: str, file: Path) -> None:
    """Write a run as one file.

    run_name RUN: a trained model, such as seize
    file FILE: a zip to write
    """
    from pipeline.runs.archive import export_run
    from pipeline.runs.run import load_run

    export_run(load_run(run_name), file)
    print(t("{file} contains the model {run}.", file=file, run=run_name))


@command()
def import_(file: Path, *, name: str = "") -> None:
    """Check and import an exported run.

    file FILE: a zip that `runs export` wrote
    --name NAME: its name here (default: the name it had)
    """
    from pipeline.runs.archive import import_run

    print(t("The model {run} is ready.", run=import_run(file, name).name))


@command()
def delete(run_name: str) -> None:
    """Move a run to the trash.

    run_name RUN: a trained model, such as seize
    """
    from pipeline.runs.trash import delete_run

    deleted = delete_run(run_name)
    undo = f"python -m pipeline runs restore {run_name}"
    print(t("{run} is in the trash. Undo: {command}", run=deleted.name, command=undo))


@command()
def restore(run_name: str, *, name: str = "", replace: bool = False) -> None:
    """Put the last deleted run of this name back.

    run_name RUN: the name that it had
    --name NAME: another name for it
    --replace: first move the model of that name to the trash
    """
    from pipeline.runs.trash import list_trash, restore_run

    deleted = next((entry for entry in list_trash() if entry.name == run_name), None)
    if deleted is None:
        names = ", ".join(sorted({entry.name for entry in list_trash()})) or Sentence("nothing")
        raise RunError("There is no model {name!r} in the trash (it contains {held}).", name=run_name, held=names)
    print(t("The model {run} is restored.", run=restore_run(deleted.id, name, replace=replace).name))


@command()
def compare(first: str, second: str, *, json: bool = False) -> None:
    """Score two runs on the test songs that they share.

    first RUN: a trained model, such as seize
    second OTHER: another one
    --json: print one JSON object, including every song
    """
    from pipeline.corpus.prepare import open_corpus
    from pipeline.runs.run import load_run
    from pipeline.training.evaluate import compare_runs

    progress = Progress(quiet=json)

    def on_song(done: int, of: int) -> None:
        progress(min(done / of, 0.99), Sentence("song {done} of {of}", done=done, of=of))

    compared = compare_runs(load_run(first), load_run(second), open_corpus, on_song)
    songs = compared.songs.to_dict("records")
    figures = {"first": compared.first, "second": compared.second, "songs": len(songs)}
    figures |= {"difference": compared.difference}
    figures |= {side: None if isnan(limit) else limit for side, limit in compared.interval._asdict().items()}
    progress(1.0, Sentence("compared"), **figures, table=songs)
    if json:
        print_json({**figures, "songs": songs})
    else:
        print_named_values({**figures, "unit": t("bits per character, first minus second")})


@command(actions=(card, export, import_, delete, restore, compare))
def runs(*, output: TablePrinter) -> None:
    """List the models, show the card of one, compare two, or move them: export, import, delete, restore."""
    from pipeline.runs.run import list_runs
    from pipeline.runs.summary import runs_table

    table, problems = runs_table(list_runs())
    table = table.astype(dict.fromkeys(("units", "layers", "parameters"), "Int64"))
    columns = list(table) if output.json or output.csv else _SHORT_COLUMNS
    output.print_table(table[columns])
    for problem in problems:
        print(f"seize: {translate_sentence(problem)}", file=sys.stderr)


@command("text", "corpus", required=True)
def evaluate(
    run_name: str,
    *,
    text: Path | None = None,
    corpus: str | None = None,
    split: Literal["train", "valid", "test"] = "test",
    json: bool = False,
) -> None:
    """Measure how well a model predicts a text or the test songs of a corpus: bits per character, perplexity.

    run_name RUN: a trained model, such as seize
    --text FILE: a UTF-8 text file
    --corpus NAME: a prepared corpus
    --split: with --corpus: which songs (default test)
    --json: print one JSON object
    """
    from pipeline.corpus.prepare import open_corpus
    from pipeline.runs.run import load_run
    from pipeline.training.evaluate import evaluate_split, evaluate_text

    trained = load_run(run_name)
    if text:
        scores = evaluate_text(trained, read_text(text))
    else:
        scores = evaluate_split(trained, open_corpus(corpus or ""), split)
    (print_json if json else print_named_values)(scores.to_json())
