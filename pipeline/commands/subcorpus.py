"""Which part of a corpus a command is about: the filters of the pages, as arguments. And its table, printed or drawn.

add_subcorpus(parser); add_table(parser); add_picture(parser)
corpus = read_subcorpus(args)
show_table(table, chart, args)
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.output import format_value, print_json, replace_controls
from pipeline.commands.parser import parse_count
from pipeline.core.errors import SettingError
from pipeline.core.translation import t, t_count

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.corpus.table import Corpus
    from pipeline.publish.chart_card import Chart

VARIANT_NAMES = ("written", "heard", "once", "solo")  # those of `analysis.variants`
_DEFAULT_TABLE_ROWS = 30  # of a table for people
# What a visitor may take for a facet: the option that selects by it.
_OPTION_BY_COLUMN = {"artist": "--artist", "year": "--years", "section": "--section", "kind": "--section"}


def add_subcorpus_options(parser: argparse.ArgumentParser) -> None:
    """Add NAME and the filters."""
    add = parser.add_argument
    add("name", metavar=t("NAME"), help=t("a prepared corpus, such as demo"))
    add("--artist", action="append", default=[], metavar=t("NAME"), help=t("only this artist; may be repeated"))
    add("--years", nargs=2, type=int, metavar=(t("FIRST"), t("LAST")), help=t("only songs of these years"))
    add(
        "--section",
        action="append",
        default=[],
        metavar=t("KIND"),
        help=t("only such sections, as refrain; may be repeated"),
    )
    add(
        "--where",
        action="append",
        default=[],
        metavar=t("FACET=VALUE"),
        help=t("only songs of this facet; numbers and dates as FIRST..LAST; may be repeated"),
    )
    history_help = t("only songs of a listening history: the JSON files of an export, their folder or their zip")
    add("--heard", type=Path, metavar=t("FILE"), help=history_help)
    add("--layer", choices=["lyrics", "adlibs", "all"], default="lyrics", help=t("which words to count"))
    add(
        "--as",
        dest="variant",
        choices=VARIANT_NAMES,
        default="written",
        help=t(
            "the lyrics as written (default), as heard (x2 and [Refrain x2] carried out), each line once a song, or "
            "without the sections of guests"
        ),
    )
    add("--lemmas", action="store_true", help=t("dictionary forms instead of words"))
    add("--all-languages", action="store_true", help=t("sections that are not in French too"))


def add_grouping_option(parser: argparse.ArgumentParser) -> None:
    """Add what songs are grouped by."""
    parser.add_argument(
        "--by", default="artist", metavar=t("GROUP"), help=t("artist (default), year, decade, kind, song or a facet")
    )


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Add how a table is printed."""
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=t("print one JSON object a row"))
    shape.add_argument(
        "--csv",
        action="store_true",
        help=t("print CSV; a cell that a spreadsheet would take for a formula gets an apostrophe in front"),
    )
    parser.add_argument(
        "--rows",
        type=parse_count,
        metavar=t("N"),
        help=t("so many rows (default {rows}; CSV and JSON: all)", rows=_DEFAULT_TABLE_ROWS),
    )


def read_subcorpus(args: argparse.Namespace) -> "Corpus":
    """Open the corpus and cut what was asked for. Raise SettingError where nothing is left, CorpusError as it opens."""
    from pipeline.analysis.variants import VARIANTS, lemmatise
    from pipeline.corpus.prepare import open_corpus
    from pipeline.corpus.table import DEFAULT_LANGUAGES

    corpus, facets = open_corpus(args.name), dict(map(_parse_condition, args.where))
    for name in facets.keys() & _OPTION_BY_COLUMN.keys() - {facet.name for facet in corpus.facets}:
        raise SettingError(
            "{name!r} is no facet here: {option} selects by it.", name=name, option=_OPTION_BY_COLUMN[name]
        )
    corpus = corpus.where(
        artists=args.artist,
        years=args.years and tuple(args.years),
        kinds=args.section,
        languages=() if args.all_languages else DEFAULT_LANGUAGES,
        facets=facets,
    )
    if args.heard:
        from pipeline.corpus.listening import heard_songs, read_history

        corpus = corpus.where(songs=heard_songs(corpus, read_history(args.heard)))
    corpus = VARIANTS[args.variant](corpus)
    if corpus.lines.empty:
        raise SettingError(
            "No line of {name!r} matches: check --artist, --years, --section, --where, --heard and --as.",
            name=args.name,
        )
    return lemmatise(corpus) if args.lemmas else corpus


def max_table_rows(args: argparse.Namespace) -> int | None:
    """Return how many rows of a table are printed, None for all of them."""
    return args.rows if args.rows is not None else (None if args.csv or args.json else _DEFAULT_TABLE_ROWS)


def print_table(table: "pd.DataFrame", args: argparse.Namespace, empty: str = "", total: int | None = None) -> None:
    """Print a table as it was asked for: aligned for people, CSV, or one JSON object a row.

    An empty one is a header in CSV, nothing in JSON, and for people a sentence on stderr: `empty`, which says why.
    `total` is how many rows there are, where the table holds the first `max_table_rows` of them.
    """
    most = max_table_rows(args)
    shown = table if most is None else table.head(most)
    if args.csv:
        from pipeline.publish.tables import escape_formulas

        sys.stdout.write(escape_formulas(shown).to_csv(index=False))
    elif args.json:
        for row in shown.astype(object).where(shown.notna(), None).to_dict("records"):
            print_json(row)
    elif not len(table):
        print(f"seize: {empty or t('nothing found.')}", file=sys.stderr)
    else:
        _print_aligned(shown)
        if more := (len(table) if total is None else total) - len(shown):
            print(
                t_count("… {n} more row (--rows N, --csv, --json)", "… {n} more rows (--rows N, --csv, --json)", more)
            )


def _print_aligned(table: "pd.DataFrame") -> None:
    columns = list(table.columns)
    cells = ([_cell(*pair) for pair in zip(columns, row, strict=True)] for row in table.itertuples(index=False))
    rows = [columns, *cells]
    widths = [max(len(row[at]) for row in rows) for at in range(len(table.columns))]
    numbers = [table[name].dtype.kind in "iuf" for name in table.columns]
    for row in rows:
        aligned = zip(row, widths, numbers, strict=True)
        print("  ".join(cell.rjust(width) if number else cell.ljust(width) for cell, width, number in aligned).rstrip())


def _cell(column: str, value: object) -> str:
    import pandas as pd

    if pd.isna(value):  # a pd.NA refuses comparisons; cells are scalars
        return "–"
    plain = value.item() if hasattr(value, "item") else value
    return replace_controls(str(plain) if "year" in column else format_value(plain))


def _parse_condition(text: str) -> tuple[str, object]:
    """FACET=VALUE, or FACET=FIRST..LAST with either end open."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise SettingError("--where is {text!r}: give FACET=VALUE, such as topic=rue.", text=text)
    first, dots, last = value.partition("..")
    return name, ((first or None, last or None) if dots else value)


def add_picture_style(parser: argparse.ArgumentParser) -> None:
    """Add how a picture looks."""
    parser.add_argument("--shape", choices=["square", "story", "wide"], default="square")
    parser.add_argument(
        "--dark", dest="mode", action="store_const", const="dark", default="light", help=t("paper and ink exchanged")
    )


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """Add the picture of a table."""
    parser.add_argument(
        "--picture", type=Path, metavar=t("FILE"), help=t("draw the table as a chart, a .png or .svg to share")
    )
    add_picture_style(parser)


def check_picture(file: Path | None) -> None:
    """Raise SettingError for a file that is to hold no picture known here; nothing where none is asked for."""
    if file and file.suffix not in (".png", ".svg"):
        raise SettingError("A card is a .png or an .svg: {path} is neither.", path=file)


def write_picture(svg: str, file: Path) -> None:
    """Write a picture as the ending of its file says, and say where."""
    from pipeline.core.folders import replace_file_atomically
    from pipeline.publish.canvas import to_png

    with replace_file_atomically(file) as draft:
        draft.write_bytes(svg.encode() if file.suffix == ".svg" else to_png(svg))
    print(t("{file} is ready.", file=file))


def show_table(table: "pd.DataFrame", chart: "Chart", args: argparse.Namespace, empty: str = "") -> None:
    """Draw a table where a picture was asked for; else print it, or `empty` where it has no row."""
    from pipeline.publish.chart_card import draw_chart

    if args.picture is None:
        print_table(table, args, empty)
        return
    write_picture(draw_chart(chart, table, args.shape, args.mode), args.picture)
