"""A report as one HTML page that needs nothing else. Lyrics are untrusted: everything is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

_MOST_ROWS = 500  # of a list; the JSON holds all
_OPEN_ROWS = 12  # of a list that is shown without a click
_STYLE = """
:root{color-scheme:light dark;--ink:#1c1917;--soft:#57534e;--rule:#d6d3cc;--ground:#faf8f3;--mark:#f0ece2}
@media(prefers-color-scheme:dark){
:root{--ink:#e7e5e0;--soft:#a8a29e;--rule:#44403c;--ground:#1a1917;--mark:#292524}}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:var(--ink);background:var(--ground)}
h1,h2{line-height:1.2;text-wrap:balance}h2{margin-top:2.5rem}p,.soft{max-width:44rem}.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-variant-numeric:tabular-nums}
td,th{padding:.3rem .5rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600}.n{text-align:right;white-space:nowrap}.sum td{font-weight:600;border-color:var(--ink)}
.example{display:block;margin-bottom:.35rem}code{font-size:.85em;background:var(--mark);padding:.1em .3em}
summary{cursor:pointer;color:var(--soft)}.statement th{width:13rem}
@media(max-width:40rem){
.rules tr{display:grid;grid-template-columns:1fr 4rem 4rem;border-bottom:1px solid var(--rule)}
.rules td,.rules th{border:0}
.rules td:nth-child(4){grid-column:1/-1}.rules th:nth-child(4){display:none}
.statement th,.statement td{display:block;width:auto}.statement th{border:0;padding-bottom:0}}
"""


def report_page(report: Mapping[str, Any]) -> str:
    """The page of a report as `Report.to_json` makes it."""
    name = escape(str(report["name"]))
    counts = [f"{report[what]:,} {what}" for what in ("songs", "lines", "words")]
    head = f"{', '.join(counts)} from {report['files']:,} files"
    parts = [
        f"<h1>{name}: what reading and cleaning did</h1><p>{escape(head)} ({escape(str(report['format']))}).</p>",
        f'<h2>Read, dropped, kept</h2><p class="soft">{escape(_WORDS.format(words=report["words"]))}</p>',
        _account(report["account"]),
        _inferred(report.get("inferred", {})),
        _statement(report.get("statement", {})),
        _rules(report["rules"]),
        _skips("Could not be read", report["skipped"]),
        _skips("Metadata without a partner", report["unmatched"]),
        _table("Left out as duplicates", ("dropped", "kept", "kind"), report["duplicates"]),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"{''.join(parts)}</body></html>"
    )


_WORDS = (
    "Every line that was read is kept or in one of these rows. Words are what stands between blanks here; "
    "the corpus cuts finer (l'eau is two), and counts {words:,}."
)


def _account(account: Mapping[str, Any]) -> str:
    rows = [("Read", account["read"], "{:,}", "sum")]
    dropped = [entry for entry in account["dropped"] if entry["lines"] or entry["words"]]
    rows += [(entry["what"], _negative(entry), "{:+,}", "") for entry in dropped]
    if any(account["unexplained"].values()):
        rows.append(("Unexplained", _negative(account["unexplained"]), "{:+,}", ""))
    rows.append(("Kept", account["kept"], "{:,}", "sum"))
    body = "".join(
        f'<tr class="{kind}"><td>{escape(what)}<td class="n">{_number(size["lines"], form)}'
        f'<td class="n">{_number(size["words"], form)}</tr>'
        for what, size, form, kind in rows
    )
    return f'<table><tr><th>Rule<th class="n">Lines<th class="n">Words</tr>{body}</table>'


def _number(value: int, form: str) -> str:
    """A number with a true minus; nothing where a rule changed nothing."""
    return form.format(value).replace("-", "\u2212") if value or "+" not in form else ""


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
    return f'<h2>What each rule touched</h2><table class="rules">{head}{rows}</table>' if rules else ""


def _examples(examples: Iterable[Mapping[str, str]]) -> str:
    """What stood there, and what stands there now."""
    return "".join(
        f'<span class="example"><code>{escape(example["before"])}</code> → {_after(example["after"])}</span>'
        for example in examples
    )


def _after(text: str) -> str:
    return f"<code>{escape(text)}</code>" if text else '<span class="soft">taken out</span>'


def _skips(title: str, skips: Sequence[Mapping[str, str]]) -> str:
    return _table(title, ("file", "reason"), skips)


def _table(title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """A list under its title; a long one opens with a click."""
    if not rows:
        return ""
    head = "".join(f"<th>{column.capitalize()}" for column in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(row[column]))}' for column in columns)}</tr>" for row in rows[:_MOST_ROWS]
    )
    more = f"<p>… and {len(rows) - _MOST_ROWS:,} more.</p>" if len(rows) > _MOST_ROWS else ""
    table = f"<table><tr>{head}</tr>{body}</table>{more}"
    if len(rows) > _OPEN_ROWS:
        table = f"<details><summary>Show the list</summary>{table}</details>"
    return f"<h2>{title}: {len(rows):,}</h2>{table}"


def _statement(statement: Mapping[str, str]) -> str:
    rows = "".join(f"<tr><th>{escape(name)}<td>{escape(text)}</tr>" for name, text in statement.items())
    return f'<h2>Data statement</h2><table class="statement">{rows}</table>' if rows else ""
