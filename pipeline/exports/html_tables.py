"""Tables of a report as HTML that opens alone: light or dark as its reader likes, ready to print, all text escaped."""

from collections.abc import Callable, Mapping
from html import escape

import pandas as pd

from pipeline.core.translation import language, number, t

Columns = Mapping[
    str, tuple[str, Callable[..., str]]
]  # column -> (heading, a sentence to be translated; how it is written)
_ROWS = 30  # of a table
_STYLE = """
:root{color-scheme:light dark;--ink:#17161b;--soft:#5c5866;--rule:#d6d3cc;--ground:#fbf9f4;--bar:#0072b2}
@media(prefers-color-scheme:dark){:root{--ink:#f3f0e9;--soft:#a9a4b3;--rule:#44403c;--ground:#131217;--bar:#3f9bd6}}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:var(--ink);background:var(--ground)}
h1,h2{line-height:1.2;text-wrap:balance}h2{margin-top:2.5rem}.soft{color:var(--soft);max-width:44rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
td,th{padding:.25rem .5rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
th{font-weight:600;color:var(--soft)}.n{text-align:right;white-space:nowrap}
.bar{height:.6rem;background:var(--bar);min-width:1px;margin-top:.45rem;print-color-adjust:exact}.b{width:30%}
@media(max-width:40rem){.b{display:none}}
dt{font-weight:600;margin-top:.6rem}dd{margin:0;max-width:44rem}
@media print{:root{--ink:#000;--soft:#444;--rule:#ccc;--ground:#fff;--bar:#0072b2}body{font-size:10pt;margin:0}
h2{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}}
"""


def html_page(title: str, parts: list[str]) -> str:
    """Return the document of these parts, which are HTML, in the language of the moment."""
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"{''.join(parts)}</body></html>"
    )


def html_table(title: str, note: str, table: pd.DataFrame, columns: Columns, bar: str) -> str:
    """Return a table under its title, its first rows; the column `bar` is drawn beside them."""
    head = f"<h2>{escape(title)}</h2>" + (f'<p class="soft">{escape(note)}</p>' if note else "")
    if table.empty:
        return f'{head}<p class="soft">{escape(t("Nothing here: too little text."))}</p>'
    shown = table.head(_ROWS)
    names = "".join(f"<th{_class(name, shown)}>{escape(t(label))}" for name, (label, _) in columns.items())
    top = float(shown[bar].max()) if bar else 1.0
    rows = []
    for row in shown.to_dict("records"):
        cells = "".join(f"<td{_class(name, shown)}>{escape(write(row[name]))}" for name, (_, write) in columns.items())
        length = max(float(row[bar]) / top, 0) if bar and top > 0 else 0.0
        rows.append(
            f"<tr>{cells}" + (f'<td class="b"><div class="bar" style="width:{length:.1%}"></div>' if bar else "")
        )
    more = f'<p class="soft">{escape(t("The first {shown} of {rows}.", shown=_ROWS, rows=number(len(table))))}</p>'
    names += '<th class="b">' if bar else ""
    body = f'<div class="wide"><table><thead><tr>{names}</thead>{"".join(rows)}</table></div>'
    return head + body + (more if len(table) > _ROWS else "")


def _class(name: str, table: pd.DataFrame) -> str:
    return ' class="n"' if name == "interval" or table[name].dtype.kind in "iuf" else ""
