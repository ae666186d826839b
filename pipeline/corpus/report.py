"""Report: what reading and cleaning did to a source, as a text, a JSON object and an HTML page, with a data statement.

Nothing leaves a corpus without a line here: lines and words read are those kept and those that each rule dropped. The
statement (Bender & Friedman 2018, Data Statements for Natural Language Processing, TACL 6) fills in what the corpus
itself can tell; what only its collector knows says so, so that nobody reads a guess. Lyrics are untrusted: everything
in the page is escaped.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import PurePath
from typing import Any

from pipeline.core.errors import Sentence, sentence_from_json, sentence_to_json
from pipeline.core.translation import format_decimal, language, mark, t, t_count, translate_sentence
from pipeline.corpus.account import Account, Tally, rule_description
from pipeline.corpus.languages import language_name
from pipeline.corpus.song import SkippedItem
from pipeline.corpus.table import Corpus

MAX_PRINTED_ROWS = 3  # of each list, in the printed report; the JSON holds all
_DUPLICATE_KIND_LABELS = {
    "exact": mark("exact"),
    "near": mark("near"),
    "part": mark("part of another"),
    "concatenation": mark("several in one"),
}
_OBJECT_FIELDS = ("tally", "account")
_TO_BE_FILLED_IN = Sentence("Unknown to Seize: to be filled in by whoever collected the texts.")

MINUS = "\u2212"
_WORD_COUNT_NOTE = mark(
    "Every line read is kept or counted in one of these rows. Here words are separated by spaces; the corpus splits "
    "them further (l'eau is two words) and counts {words}."
)
_SKIP_COLUMN_LABELS = {"file": mark("File"), "reason": mark("Reason")}
_DUPLICATE_COLUMN_LABELS = {"dropped": mark("Excluded"), "kept": mark("Kept"), "kind": mark("Kind")}
_MOST_ROWS = 500  # of a list; the JSON holds all
_MAX_UNFOLDED_ROWS = 12  # of a list that is shown without a click
_STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
p{max-width:44rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
td,th{padding:.3rem .5rem;border-bottom:1px solid #8886;text-align:left;vertical-align:top;overflow-wrap:anywhere}
.account :is(td,th)+*,.rules tr>:nth-child(2),.rules tr>:nth-child(3){text-align:right;white-space:nowrap}
.example{display:block}code{background:#8882}.statement td:first-child{width:13rem;font-weight:600}
"""


@dataclass
class Report:
    """The quality report of a prepared corpus: sizes, account, skipped files, duplicates, rule counts, data statement.

    `seconds` is the time of the whole preparation, `languages` counts sections, `inferred` sections, lines and songs
    whose kind or borders the source did not give.
    """

    name: str
    source: str
    format: str
    files: int = 0
    songs: int = 0
    sections: int = 0
    lines: int = 0
    words: int = 0
    seconds: float = 0.0
    languages: dict[str, int] = field(default_factory=dict)
    inferred: dict[str, int] = field(default_factory=dict)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[SkippedItem] = field(default_factory=list)
    unmatched: list[SkippedItem] = field(default_factory=list)
    unusable: int = 0  # of the files: those of which no song came
    statement: Mapping[str, str] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    account: Account = field(default_factory=Account)

    def to_json(self) -> dict[str, Any]:
        """Return the report as a JSON object: sizes, account, skipped files, duplicates, rules, data statement."""
        data = {key: value for key, value in vars(self).items() if key not in _OBJECT_FIELDS}
        for skips in ("skipped", "unmatched"):
            data[skips] = [
                {"file": skip.source, "reason": skip.reason, "said": sentence_to_json(skip.reason)}
                for skip in data[skips]
            ]
        data["statement_said"] = {name: sentence_to_json(text) for name, text in self.statement.items()}
        return {**data, "account": self.account.to_json(), "rules": self.tally.to_json()}

    def __str__(self) -> str:
        """Return the report as text for the command line, in the current language."""
        text = [self._summary_line(), *format_read_and_dropped_counts(self.account)]
        if any(self.inferred.values()):
            text.append("  " + t("inferred: {parts}", parts=_counts_text(**self.inferred)))
        others = {code: n for code, n in self.languages.items() if code != "fr"}
        if others:
            parts = ", ".join(f"{language_name(code)} {format_decimal(n)}" for code, n in others.items())
            text.append("  " + t("sections not in French: {parts}", parts=parts))
        if self.duplicates:
            kinds = Counter(merged["kind"] for merged in translate_duplicate_kinds(self.duplicates))
            parts = ", ".join(f"{kind} {format_decimal(n)}" for kind, n in kinds.items())
            text.append("  " + t("duplicates left out: {parts}", parts=parts))
        text += _skipped_item_lines(t("skipped"), self.skipped) + _skipped_item_lines(t("unmatched"), self.unmatched)
        for row in self.tally.to_json():
            counts = _counts_text(songs=row["songs"]), _counts_text(lines=row["lines"])
            text.append(f"  {row['rule']}: {', '.join(counts)}. {rule_description(row)}")
        return "\n".join(text)

    def _summary_line(self) -> str:
        files = t_count("{n} file", "{n} files", self.files)
        if self.unusable:
            unusable = t_count("{n} of them without a song", "{n} of them without a song", self.unusable)
            files = f"{files}, {unusable}"
        return t(
            "{name}: {sizes} from {files} ({format}) in {seconds} s",
            name=self.name,
            sizes=_counts_text(songs=self.songs, sections=self.sections, lines=self.lines, words=self.words),
            files=files,
            format=self.format,
            seconds=format_decimal(self.seconds, 1),
        )


def _counts_text(songs: int = 0, sections: int = 0, lines: int = 0, words: int = 0) -> str:
    parts = (
        songs and t_count("{n} song", "{n} songs", songs),
        sections and t_count("{n} section", "{n} sections", sections),
        lines and t_count("{n} line", "{n} lines", lines),
        words and t_count("{n} word", "{n} words", words),
    )
    return ", ".join(part for part in parts if part)


def translate_duplicate_kinds(duplicates: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the duplicates of a report, with their kinds translated into the display language."""
    return [{**row, "kind": t(_DUPLICATE_KIND_LABELS.get(row["kind"], str(row["kind"])))} for row in duplicates]


def translate_reasons(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the skipped files of a report's JSON, with their reasons translated into the display language."""
    return [
        {name: value for name, value in row.items() if name != "said"}
        | ({"reason": translate_sentence(sentence_from_json(row["said"]))} if "said" in row else {})
        for row in rows
    ]


def format_read_and_dropped_counts(account: Account) -> list[str]:
    """Return the account as aligned lines of text: lines and words read, dropped by each rule, and kept."""
    rows = [(f"- {rule}", -entry.size.lines, -entry.size.words) for rule, entry in account.entries.items()]
    if account.unaccounted_size:
        rows.append((f"- {t('unexplained')}", -account.unaccounted_size.lines, -account.unaccounted_size.words))
    rows = [
        (t("read"), account.read.lines, account.read.words),
        *(row for row in rows if row[1] or row[2]),
        (f"= {t('kept')}", account.kept.lines, account.kept.words),
    ]
    return [f"  {'':22} {t('lines'):>12} {t('words'):>12}"] + [
        f"  {name:22} {format_decimal(lines):>12} {format_decimal(words):>12}" for name, lines, words in rows
    ]


def _skipped_item_lines(head: str, skips: list[SkippedItem]) -> list[str]:
    shown = [
        "  " + t("{head} {file}: {reason}", head=head, file=skip.source, reason=translate_sentence(skip.reason))
        for skip in skips[:MAX_PRINTED_ROWS]
    ]
    more = t("… and {n} more {head}", n=format_decimal(len(skips) - MAX_PRINTED_ROWS), head=head)
    return [*shown, f"  {more}"] if len(skips) > MAX_PRINTED_ROWS else shown


def data_statement(corpus: Corpus, report: Report) -> dict[str, Sentence]:
    """Return the data statement of a corpus, section -> text, in the order of Bender & Friedman (2018)."""
    songs = corpus.songs
    languages = ", ".join(f"{code} ({n:,})" for code, n in report.languages.items())
    return {
        mark("Curation rationale"): Sentence(
            "{songs:,} songs read from {files:,} files ({format}). Duplicate songs are left out ({duplicates:,}). Why "
            "these songs: {ask}",
            songs=len(songs),
            files=report.files,
            format=report.format,
            duplicates=len(report.duplicates),
            ask=_TO_BE_FILLED_IN,
        ),
        mark("Language variety"): Sentence(
            "Sections by language (ISO 639-1), identified automatically: {languages}. Slang, verlan and loanwords are "
            "part of the genre and count as French.",
            languages=languages,
        ),
        mark("Speaker demographic"): Sentence(
            "{artists:,} artists as named by the source. Age, gender, origin, first language: {ask}",
            artists=songs["artist"].nunique(),
            ask=_TO_BE_FILLED_IN,
        ),
        mark("Annotator demographic"): Sentence(
            "Section tags, performers and spelling are those of the source's transcribers, who are unknown. {inferred}",
            inferred=_inference_sentence(report),
        ),
        mark("Speech situation"): Sentence(
            "Lyrics of recorded songs: written, performed, often with repeats. {years}",
            years=_year_sentence(corpus),
        ),
        mark("Text characteristics"): Sentence(
            "French rap: {lines:,} lines, {words:,} words, in {sections:,} sections; ad-libs in parentheses are kept "
            "separate.",
            lines=report.lines,
            words=report.words,
            sections=report.sections,
        ),
        mark("Recording quality"): Sentence("Not applicable: texts only."),
        mark("Other"): Sentence(
            "Lyrics belong to their authors. The report beside this statement lists what cleaning changed."
        ),
        mark("Provenance"): Sentence(
            "Read from {file}. {ask}", file=PurePath(report.source).name, ask=_TO_BE_FILLED_IN
        ),
    }


def statement_text(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the data statement of a report's JSON, section -> text, in the current language."""
    sentences = report.get("statement_said", {})
    return {
        t(name): translate_sentence(sentence_from_json(sentences.get(name, text)))
        for name, text in report.get("statement", {}).items()
    }


def _year_sentence(corpus: Corpus) -> Sentence:
    if corpus.year_span is None:
        return Sentence("Years unknown.")
    first, last = corpus.year_span
    unknown = int(corpus.songs["year"].isna().sum())
    return Sentence(
        "Years {first} to {last}; unknown for {unknown:,} songs.", first=str(first), last=str(last), unknown=unknown
    )


def _inference_sentence(report: Report) -> Sentence:
    count = report.inferred.get("sections", 0)
    if not count:
        return Sentence("All {sections:,} sections have tags.", sections=report.sections)
    return Sentence(
        "{inferred:,} of {sections:,} sections were inferred by Seize and are marked as inferred.",
        sections=report.sections,
        inferred=count,
    )


def report_page(report: Mapping[str, Any]) -> str:
    """Return the HTML page of a report, given as `Report.to_json` returns it, in the current language."""
    name = escape(str(report["name"]))
    head = t(
        "{songs}, {lines}, {words} from {files} ({format}).",
        songs=t_count("{n} song", "{n} songs", report["songs"]),
        lines=t_count("{n} line", "{n} lines", report["lines"]),
        words=t_count("{n} word", "{n} words", report["words"]),
        files=t_count("{n} file", "{n} files", report["files"]),
        format=report["format"],
    )
    title, inferred = t("{name}: import report", name=name), inferred_count_text(report.get("inferred", {}))
    statement = statement_text(report).items()
    parts = [
        f"<h1>{title}</h1><p>{escape(head)}</p>",
        f"<h2>{escape(t('Read, dropped, kept'))}</h2>",
        f"<p>{escape(t(_WORD_COUNT_NOTE, words=format_decimal(report['words'])))}</p>",
        _table_html("account", [t("Rule"), t("Lines of text"), t("Words")], _account_rows(report["account"])),
        f"<p>{escape(inferred)}</p>" if inferred else "",
        f"<h2>{escape(t('Data statement'))}</h2>{_table_html('statement', [], statement)}" if statement else "",
        _rules_html(report["rules"]),
        _list_html(t("Unreadable"), _SKIP_COLUMN_LABELS, translate_reasons(report["skipped"])),
        _list_html(
            t("Files without metadata, metadata without a file"),
            _SKIP_COLUMN_LABELS,
            translate_reasons(report["unmatched"]),
        ),
        _list_html(t("Duplicates left out"), _DUPLICATE_COLUMN_LABELS, translate_duplicate_kinds(report["duplicates"])),
    ]
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"{''.join(parts)}</body></html>"
    )


def inferred_count_text(inferred: Mapping[str, int]) -> str:
    """Return a sentence with the numbers of inferred sections, lines and songs, or "" without any."""
    parts = _counts_text(**inferred)
    return t("Inferred, and marked as inferred: {parts}.", parts=parts) if parts else ""


class _SafeHtml(str):
    """Text that is HTML already and must not be escaped."""


def _table_html(kind: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = f"<tr>{''.join(f'<th>{escape(name)}' for name in columns)}</tr>" if columns else ""
    body = "".join(f"<tr>{''.join(map(_cell_html, row))}</tr>" for row in rows)
    return f'<table class="{kind}">{head}{body}</table>'


def _cell_html(text: str) -> str:
    return f"<td>{text if isinstance(text, _SafeHtml) else escape(text)}"


def _account_rows(account: Mapping[str, Any]) -> list[Sequence[str]]:
    dropped = [(rule_description(entry), entry) for entry in account["dropped"] if entry["lines"] or entry["words"]]
    if any(account["unexplained"].values()):
        dropped.append((t("Unexplained"), account["unexplained"]))
    changes = [(what, *(_format_signed(-size[of]) for of in ("lines", "words"))) for what, size in dropped]
    read, kept = ([format_decimal(account[of][what]) for what in ("lines", "words")] for of in ("read", "kept"))
    return [(t("Read"), *read), *changes, (t("Kept"), *kept)]


def _format_signed(value: int) -> str:
    return f"{'+' if value > 0 else MINUS}{format_decimal(abs(value))}" if value else ""


def _rules_html(rules: Sequence[Mapping[str, Any]]) -> str:
    columns = [t("Rule"), t("Songs"), t("Lines of text"), t("Examples")]
    rows = (
        (
            rule_description(rule),
            *(format_decimal(rule[of]) for of in ("songs", "lines")),
            _examples_html(rule["examples"]),
        )
        for rule in rules
    )
    return f"<h2>{escape(t('Changes by rule'))}</h2>{_table_html('rules', columns, rows)}" if rules else ""


def _examples_html(examples: Iterable[Mapping[str, str]]) -> _SafeHtml:
    nothing = f"<em>{escape(t('taken out'))}</em>"
    pairs = ([f"<code>{escape(example[when])}</code>" for when in ("before", "after")] for example in examples)
    return _SafeHtml(
        "".join(
            f'<span class="example">{before} → {nothing if after == "<code></code>" else after}</span>'
            for before, after in pairs
        )
    )


def _list_html(title: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    cells = ([str(row[column]) for column in columns] for row in rows[:_MOST_ROWS])
    table = _table_html("list", list(map(t, columns.values())), cells)
    if len(rows) > _MOST_ROWS:
        table += f"<p>{t('… and {n} more.', n=format_decimal(len(rows) - _MOST_ROWS))}</p>"
    if len(rows) > _MAX_UNFOLDED_ROWS:
        table = f"<details><summary>{escape(t('Show the list'))}</summary>{table}</details>"
    heading = t("{list}: {n}", list=title, n=format_decimal(len(rows)))
    return f"<h2>{escape(heading)}</h2>{table}"
