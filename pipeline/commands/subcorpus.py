"""Options that commands share: which part of a corpus they are about, as on the pages, and how a table is shown.

`Subcorpus` and `TablePrinter` are parameters of a command: `part.read()` opens what was asked for, and
`output.print_table(table)` prints it.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pipeline.commands.arguments import Count, options_dataclass
from pipeline.commands.output import format_value, print_json, replace_control_codes
from pipeline.core.errors import SettingError
from pipeline.core.translation import t, t_count

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.corpus.table import Corpus

_DEFAULT_TABLE_ROWS = 30  # of a table for people
# What a visitor may take for a facet: the option that selects by it.
_OPTION_BY_COLUMN = {"artist": "--artist", "year": "--years", "section": "--section", "kind": "--section"}


@options_dataclass()
class Subcorpus:
    """Options that select a prepared corpus and filter it.

    name NAME: a prepared corpus, such as demo
    --artist NAME: only this artist; may be repeated
    --years FIRST LAST: only songs of these years
    --section KIND: only these sections, such as refrain; may be repeated
    --where FACET=VALUE: only songs with this facet value; numbers and dates as FIRST..LAST; may be repeated
    --layer: which words to count
    --as: the lyrics as written (default), as performed (x2 and [Refrain x2] expanded), each line once per song, or
        without the sections of guests
    --lemmas: dictionary forms instead of words
    --all-languages: include sections that are not in French
    """

    name: str
    artist: Sequence[str] = ()
    years: tuple[int, int] | None = None
    section: Sequence[str] = ()
    where: Sequence[str] = ()
    layer: Literal["lyrics", "adlibs", "all"] = "lyrics"
    as_: Literal["written", "heard", "once", "solo"] = "written"  # those of `analysis.variants`
    lemmas: bool = False
    all_languages: bool = False

    def read(self) -> "Corpus":
        """Return the part of the corpus that the options select.

        Raise SettingError where no line is left, CorpusError where it does not open.
        """
        from pipeline.analysis.variants import VARIANTS, lemmatise
        from pipeline.corpus.prepare import open_corpus
        from pipeline.corpus.table import DEFAULT_LANGUAGES

        corpus, facets = open_corpus(self.name), dict(map(_parse_facet_filter, self.where))
        for name in facets.keys() & _OPTION_BY_COLUMN.keys() - {facet.name for facet in corpus.facets}:
            raise SettingError("{name!r} is not a facet; use {option}.", name=name, option=_OPTION_BY_COLUMN[name])
        corpus = corpus.where(
            artists=self.artist,
            years=self.years,
            kinds=self.section,
            languages=() if self.all_languages else DEFAULT_LANGUAGES,
            facets=facets,
        )
        corpus = VARIANTS[self.as_](corpus)
        if corpus.lines.empty:
            raise SettingError(
                "No line of {name!r} matches: check --artist, --years, --section, --where and --as.",
                name=self.name,
            )
        return lemmatise(corpus) if self.lemmas else corpus


@options_dataclass("json", "csv")
class TablePrinter:
    """Prints tables as its options say.

    --json: print one JSON object per row
    --csv: print CSV; cells that a spreadsheet would read as a formula get an apostrophe in front
    --rows N: number of rows (default 30; CSV and JSON: all)
    """

    json: bool = False
    csv: bool = False
    rows: Count | None = None

    @property
    def max_rows(self) -> int | None:
        """The largest number of rows to print, None for all."""
        return self.rows if self.rows is not None else (None if self.csv or self.json else _DEFAULT_TABLE_ROWS)

    def print_table(self, table: "pd.DataFrame", empty: str = "", total: int | None = None) -> None:
        """Print a table as its options say: aligned for people, CSV, or one JSON object a row.

        An empty one is a header in CSV, nothing in JSON, and for people a sentence on stderr: `empty`, which says why.
        `total` is how many rows there are, where the table holds the first `most` of them.
        """
        shown = table if self.max_rows is None else table.head(self.max_rows)
        if self.csv:
            from pipeline.publish.tables import escape_formulas

            sys.stdout.write(escape_formulas(shown).to_csv(index=False))
        elif self.json:
            for row in shown.astype(object).where(shown.notna(), None).to_dict("records"):
                print_json(row)
        elif not len(table):
            print(f"seize: {empty or t('nothing found.')}", file=sys.stderr)
        else:
            _print_aligned(shown)
            if more := (len(table) if total is None else total) - len(shown):
                print(
                    t_count(
                        "… {n} more row (--rows N, --csv, --json)", "… {n} more rows (--rows N, --csv, --json)", more
                    )
                )


def _print_aligned(table: "pd.DataFrame") -> None:
    columns = list(table.columns)
    cells = ([_format_cell(*pair) for pair in zip(columns, row, strict=True)] for row in table.itertuples(index=False))
    rows = [columns, *cells]
    widths = [max(len(row[at]) for row in rows) for at in range(len(table.columns))]
    numbers = [table[name].dtype.kind in "iuf" for name in table.columns]
    for row in rows:
        aligned = zip(row, widths, numbers, strict=True)
        print("  ".join(cell.rjust(width) if number else cell.ljust(width) for cell, width, number in aligned).rstrip())


def _format_cell(column: str, value: object) -> str:
    import pandas as pd

    if pd.isna(value):  # a pd.NA refuses comparisons; cells are scalars
        return "–"
    plain = value.item() if hasattr(value, "item") else value
    return replace_control_codes(str(plain) if "year" in column else format_value(plain))


def _parse_facet_filter(text: str) -> tuple[str, object]:
    """Return (facet, value) of FACET=VALUE. The value of FACET=FIRST..LAST is a pair, None for an open end."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise SettingError("--where is {text!r}: give FACET=VALUE, such as topic=rue.", text=text)
    first, dots, last = value.partition("..")
    return name, ((first or None, last or None) if dots else value)
