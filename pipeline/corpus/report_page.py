"""A report as one HTML page that needs nothing else. Lyrics are untrusted: everything is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

_MOST_ROWS = 500  # of a list; the JSON holds all
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:#1c1917;background:#faf8f3}
h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem;font-variant-numeric:tabular-nums}
td,th{padding:.25rem .5rem;border-bottom:1px solid #d6d3cc;text-align:left;vertical-align:top;overflow-wrap:anywhere}
.n{text-align:right;white-space:nowrap}tr.sum{font-weight:600}code{font-size:.9em}
@media(prefers-color-scheme:dark){body{color:#e7e5e0;background:#1a1917}td,th{border-color:#44403c}}
"""


def report_page(report: Mapping[str, Any]) -> str:
    """The page of a report as `Report.to_json` makes it."""
    name = escape(str(report["name"]))
    counts = [f"{report[what]:,} {what}" for what in ("songs", "lines", "words")]
    head = f"{', '.join(counts)} from {report['files']:,} files"
    parts = [
        f"<h1>{name}: what reading and cleaning did</h1><p>{escape(head)} ({escape(str(report['format']))}).</p>",
        "<h2>Read, dropped, kept</h2><p>Words are what stands between blanks.</p>",
        _account(report["account"]),
        _inferred(report.get("inferred", {})),
        _rules(report["rules"]),
        _skips("Could not be read", report["skipped"]),
        _skips("Metadata without a partner", report["unmatched"]),
        _table("Left out as duplicates", ("dropped", "kept", "kind"), report["duplicates"]),
        _statement(report.get("statement", {})),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"{''.join(parts)}</body></html>"
    )


def _account(account: Mapping[str, Any]) -> str:
    rows = [("Read", account["read"], "sum")]
    rows += [(f"− {entry['what']}", _negative(entry), "") for entry in account["dropped"]]
    if any(account["unexplained"].values()):
        rows.append(("− unexplained", _negative(account["unexplained"]), ""))
    rows.append(("= Kept", account["kept"], "sum"))
    body = "".join(
        f'<tr class="{kind}"><td>{escape(what)}<td class="n">{size["lines"]:,}<td class="n">{size["words"]:,}</tr>'
        for what, size, kind in rows
    )
    return f'<table><tr><th><th class="n">Lines<th class="n">Words</tr>{body}</table>'


def _negative(size: Mapping[str, int]) -> dict[str, int]:
    return {"lines": -size["lines"], "words": -size["words"]}


def _inferred(inferred: Mapping[str, int]) -> str:
    known = [f"{count:,} {escape(what)}" for what, count in inferred.items() if count]
    return f"<p>Inferred, and marked as such: {', '.join(known)}.</p>" if known else ""


def _rules(rules: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        f'<tr><td>{escape(rule["what"])}<td class="n">{rule["songs"]:,}<td class="n">{rule["lines"]:,}'
        f"<td>{_examples(rule['examples'])}</tr>"
        for rule in rules
    )
    head = '<tr><th>Rule<th class="n">Songs<th class="n">Lines<th>Examples</tr>'
    return f"<h2>What each rule touched</h2><table>{head}{rows}</table>" if rules else ""


def _examples(examples: Iterable[Mapping[str, str]]) -> str:
    return "<br>".join(f"<code>{escape(e['before'])}</code> → <code>{escape(e['after'])}</code>" for e in examples)


def _skips(title: str, skips: Sequence[Mapping[str, str]]) -> str:
    return _table(title, ("file", "reason"), skips)


def _table(title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(row[column]))}' for column in columns)}</tr>" for row in rows[:_MOST_ROWS]
    )
    more = f"<p>… and {len(rows) - _MOST_ROWS:,} more.</p>" if len(rows) > _MOST_ROWS else ""
    return f"<h2>{title}: {len(rows):,}</h2><table>{body}</table>{more}"


def _statement(statement: Mapping[str, str]) -> str:
    rows = "".join(f"<tr><th>{escape(name)}<td>{escape(text)}</tr>" for name, text in statement.items())
    return f"<h2>Data statement</h2><table>{rows}</table>" if rows else ""
