"""Pictures that commands write: cards, and tables as charts. PNG or SVG, square, story (9:16) or wide."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.subcorpus import print_table
from pipeline.core.errors import SettingError
from pipeline.core.translation import t

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.publish.chart_card import Chart


def add_look(parser: argparse.ArgumentParser) -> None:
    """Add how a picture looks."""
    parser.add_argument("--shape", choices=["square", "story", "wide"], default="square")
    parser.add_argument("--dark", action="store_true", help=t("paper and ink exchanged"))


def add_picture(parser: argparse.ArgumentParser) -> None:
    """Add the picture of a table."""
    parser.add_argument(
        "--picture", type=Path, metavar=t("FILE"), help=t("draw the table as a chart, a .png or .svg to share")
    )
    add_look(parser)


def check_picture(file: Path | None) -> None:
    """Raise SettingError for a file that is to hold no picture known here; nothing where none is asked for."""
    if file and file.suffix not in (".png", ".svg"):
        raise SettingError("A card is a .png or an .svg: {path} is neither.", path=file)


def write_picture(svg: str, file: Path) -> None:
    """Write a picture as the ending of its file says, and say where."""
    from pipeline.core.folders import replacing_file
    from pipeline.publish.canvas import to_png

    with replacing_file(file) as draft:
        draft.write_bytes(svg.encode() if file.suffix == ".svg" else to_png(svg))
    print(t("{file} is ready.", file=file))


def show_table(table: "pd.DataFrame", chart: "Chart", args: argparse.Namespace, empty: str = "") -> None:
    """Draw a table where a picture was asked for; else print it, or `empty` where it has no row."""
    from pipeline.publish.chart_card import draw_chart

    if args.picture is None:
        print_table(table, args, empty)
        return
    write_picture(draw_chart(chart, table, args.shape, "dark" if args.dark else "light"), args.picture)
