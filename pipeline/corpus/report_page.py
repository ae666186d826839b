"""A report as one HTML page that needs nothing else. Lyrics are untrusted: everything is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from pipeline.core.translation import language, mark, number, t, t_count
from pipeline.corpus.account import rule_text
from pipeline.corpus.report import named_kinds, rows_for_people, statement_text

MINUS = "\u2212"
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
    """The page of a report as `Report.to_json` makes it, in the language of the moment."""
    name = escape(str(report["name"]))
    head = t(
        "{songs}, {lines}, {words} from {files} ({format}).",
        songs=t_count("{n} song", "{n} songs", report["songs"]),
        lines=t_count("{n} line", "{n} lines", report["lines"]),
        words=t_count("{n} word", "{n} words", report["words"]),
        files=t_count("{n} file", "{n} files", report["files"]),
        format=report["format"],
    )
    title, inferred = t("{name}: what reading and cleaning did", name=name), inferred_text(report.get("inferred", {}))
    parts = [
        f"<h1>{title}</h1><p>{escape(head)}</p>",
        f"<h2>{escape(t('Read, dropped, kept'))}</h2>",
        f'<p class="soft">{escape(t(_WORDS, words=number(report["words"])))}</p>',
        _account(report["account"]),
        f"<p>{escape(inferred)}</p>" if inferred else "",
        _statement(statement_text(report)),
        _rules(report["rules"]),
        _table(t("Could not be read"), _SKIPS, rows_for_people(report["skipped"])),
        _table(t("Metadata without a partner"), _SKIPS, rows_for_people(report["unmatched"])),
        _table(t("Left out as duplicates"), _DUPLICATES, named_kinds(report["duplicates"])),
    ]
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"{''.join(parts)}</body></html>"
    )


_WORDS = mark(
    "Every line that was read is kept or in one of these rows. Words are what stands between blanks here; "
    "the corpus cuts finer (l'eau is two), and counts {words}."
)
_SKIPS = {"file": mark("File"), "reason": mark("Reason")}
_DUPLICATES = {"dropped": mark("Left out"), "kept": mark("Kept"), "kind": mark("Kind")}


def inferred_text(inferred: Mapping[str, int]) -> str:
    """Return the sentence on what no tag and no border of the source said; "" where they said all."""
    sections, lines, songs = (inferred.get(what, 0) for what in ("sections", "lines", "songs"))
    counts = [
        t_count("{n} section", "{n} sections", sections) if sections else "",
        t_count("{n} line", "{n} lines", lines) if lines else "",
        t_count("{n} song", "{n} songs", songs) if songs else "",
    ]
    parts = ", ".join(filter(None, counts))
    return t("Inferred, and marked as such: {parts}.", parts=parts) if parts else ""


def _account(account: Mapping[str, Any]) -> str:
    rows = [(t("Read"), account["read"], False, "sum")]
    dropped = [entry for entry in account["dropped"] if entry["lines"] or entry["words"]]
    rows += [(rule_text(entry), _negative(entry), True, "") for entry in dropped]
    if any(account["unexplained"].values()):
        rows.append((t("Unexplained"), _negative(account["unexplained"]), True, ""))
    rows.append((t("Kept"), account["kept"], False, "sum"))
    body = "".join(
        f'<tr class="{kind}"><td>{escape(what)}<td class="n">{_number(size["lines"], signed)}'
        f'<td class="n">{_number(size["words"], signed)}</tr>'
        for what, size, signed, kind in rows
    )
    return f"<table>{_head(t('Rule'), t('Lines of text'), t('Words'))}{body}</table>"


def _head(first: str, *numbers: str, last: str = "") -> str:
    cells = "".join(f'<th class="n">{escape(name)}' for name in numbers)
    return f"<tr><th>{escape(first)}{cells}{f'<th>{escape(last)}' if last else ''}</tr>"


def _number(value: int, signed: bool) -> str:
    """A number with a true minus; nothing where a rule changed nothing."""
    if not signed:
        return number(value)
    return f"{'+' if value > 0 else MINUS}{number(abs(value))}" if value else ""


def _negative(size: Mapping[str, int]) -> dict[str, int]:
    return {"lines": -size["lines"], "words": -size["words"]}


def _rules(rules: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        f'<tr><td>{escape(rule_text(rule))}<td class="n">{number(rule["songs"])}<td class="n">{number(rule["lines"])}'
        f"<td>{_examples(rule['examples'])}</tr>"
        for rule in rules
    )
    head = _head(t("Rule"), t("Songs"), t("Lines of text"), last=t("Examples"))
    return f'<h2>{escape(t("What each rule touched"))}</h2><table class="rules">{head}{rows}</table>' if rules else ""


def _examples(examples: Iterable[Mapping[str, str]]) -> str:
    """What stood there, and what stands there now."""
    return "".join(
        f'<span class="example"><code>{escape(example["before"])}</code> → {_after(example["after"])}</span>'
        for example in examples
    )


def _after(text: str) -> str:
    return f"<code>{escape(text)}</code>" if text else f'<span class="soft">{escape(t("taken out"))}</span>'


def _table(title: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
    """A list under its title; a long one opens with a click."""
    if not rows:
        return ""
    head = "".join(f"<th>{escape(t(name))}" for name in columns.values())
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(row[column]))}' for column in columns)}</tr>" for row in rows[:_MOST_ROWS]
    )
    more = f"<p>{t('… and {n} more.', n=number(len(rows) - _MOST_ROWS))}</p>" if len(rows) > _MOST_ROWS else ""
    table = f"<table><tr>{head}</tr>{body}</table>{more}"
    if len(rows) > _OPEN_ROWS:
        table = f"<details><summary>{escape(t('Show the list'))}</summary>{table}</details>"
    heading = t("{list}: {n}", list=title, n=number(len(rows)))
    return f"<h2>{escape(heading)}</h2>{table}"


def _statement(statement: Mapping[str, str]) -> str:
    rows = "".join(f"<tr><th>{escape(name)}<td>{escape(text)}</tr>" for name, text in statement.items())
    return f'<h2>{escape(t("Data statement"))}</h2><table class="statement">{rows}</table>' if rows else ""
