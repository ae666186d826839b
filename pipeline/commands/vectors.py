"""Word vectors of a run: the nearest neighbours of a word, and all vectors with their map as a file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.output import print_figures, print_json
from pipeline.core.translation import mark, t

if TYPE_CHECKING:
    from pipeline.language.vocabulary import Vocabulary
    from pipeline.runs.vectors import Floats


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """RUN, a word, a file."""
    parser.add_argument("run_name", metavar=t("RUN"), help=t("a run with a network, such as demo-word"))
    parser.add_argument(
        "--word", metavar=t("WORD"), help=t("print what is nearest to this word (a character, of such a run)")
    )
    parser.add_argument("--neighbours", type=int, default=10, metavar=t("N"), help=t("how many (default 10)"))
    parser.add_argument(
        "--export",
        type=Path,
        metavar=t("FILE"),
        help=t("write every vector: .csv, .tsv or .parquet with the map's x and y, .txt in the format of word2vec"),
    )
    parser.add_argument("--json", action="store_true", help=t("print one JSON object a neighbour"))


def run(args: argparse.Namespace) -> None:
    """Print the neighbours, write the file; with neither, say what there is."""
    from pipeline.core.errors import SettingError
    from pipeline.runs.run import load_run
    from pipeline.runs.vectors import embedding_of, neighbours, project_embedding, token_id

    if args.neighbours < 1:
        raise SettingError("--neighbours must be at least 1, not {count}.", count=args.neighbours)
    trained = load_run(args.run_name)
    vocabulary, embedding = trained.vocabulary, embedding_of(trained)
    if args.export:
        _export(args.export, embedding, vocabulary)
    if args.word is not None:
        near = neighbours(embedding, vocabulary, token_id(vocabulary, args.word), args.neighbours)
        for row in near.to_dict("records"):
            if args.json:
                print_json(row)
            else:
                print(f"{row['cosine']:6.3f}  {row['token']}")
    elif not args.export:
        table, held = project_embedding(embedding, vocabulary)
        figures = {
            mark("tokens"): len(table),
            mark("numbers each"): embedding.shape[1],
            mark("variance on the map"): held,
        }
        (print_json if args.json else print_figures)(figures)


def _export(file: Path, embedding: "Floats", vocabulary: "Vocabulary") -> None:
    from pipeline.core.errors import RunError, SettingError
    from pipeline.core.folders import replacing_file
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
    try:
        with replacing_file(file) as draft:
            draft.write_bytes(data)
    except OSError as error:
        raise RunError(
            "{file} could not be written: {reason}.", file=str(file), reason=error.strerror or str(error)
        ) from error
