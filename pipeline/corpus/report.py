"""Report: what reading and cleaning did to a source, as a text and a JSON object, with a data statement.

Nothing leaves a corpus without a line here: lines and words read are those kept and those that each rule dropped. The
statement (Bender & Friedman 2018, Data Statements for Natural Language Processing, TACL 6) fills in what the corpus
itself can tell; what only its collector knows says so, so that nobody reads a guess.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from pipeline.core.errors import Sentence, from_plain, to_plain
from pipeline.core.translation import mark, number, say, t, t_count
from pipeline.corpus.account import Account, Tally, rule_text
from pipeline.corpus.languages import language_name
from pipeline.corpus.song import Skip
from pipeline.corpus.table import Corpus

SHOWN = 3  # of each list, in the printed report; the JSON holds all
_KINDS = {
    "exact": mark("exact"),
    "near": mark("near"),
    "part": mark("part of another"),
    "concatenation": mark("several in one"),
}
_OBJECTS = ("tally", "account")
_ASK = Sentence("Not known to Seize: to be filled in by whoever collected the texts.")


@dataclass
class Report:
    """`seconds` is the whole preparation; `languages` counts sections; `related` counts songs that share a split.

    `inferred` counts what no tag and no border of the source said: {"sections", "lines", "songs"}.
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
    related: int = 0
    inferred: dict[str, int] = field(default_factory=dict)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    unmatched: list[Skip] = field(default_factory=list)
    unusable: int = 0  # of the files: those of which no song came
    statement: Mapping[str, str] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    account: Account = field(default_factory=Account)

    def to_json(self) -> dict[str, Any]:
        """A plain JSON object: sizes, the account, skipped files, duplicates, one entry a rule, the data statement."""
        data = {key: value for key, value in vars(self).items() if key not in _OBJECTS}
        for skips in ("skipped", "unmatched"):
            data[skips] = [
                {"file": skip.source, "reason": skip.reason, "said": to_plain(skip.reason)} for skip in data[skips]
            ]
        data["statement_said"] = {name: to_plain(text) for name, text in self.statement.items()}
        return {**data, "account": self.account.to_json(), "rules": self.tally.to_json()}

    def __str__(self) -> str:
        """For the command line, in the language of the moment."""
        text = [self._head(), *account_lines(self.account)]
        if any(self.inferred.values()):
            text.append("  " + t("inferred: {parts}", parts=_counts_text(**self.inferred)))
        others = {code: n for code, n in self.languages.items() if code != "fr"}
        if others:
            parts = ", ".join(f"{language_name(code)} {number(n)}" for code, n in others.items())
            text.append("  " + t("sections not in French: {parts}", parts=parts))
        if self.duplicates:
            kinds = Counter(merged["kind"] for merged in named_kinds(self.duplicates))
            parts = ", ".join(f"{kind} {number(n)}" for kind, n in kinds.items())
            text.append("  " + t("duplicates left out: {parts}", parts=parts))
        text += _skip_lines(t("skipped"), self.skipped) + _skip_lines(t("unmatched"), self.unmatched)
        for row in self.tally.to_json():
            counts = _counts_text(songs=row["songs"]), _counts_text(lines=row["lines"])
            text.append(f"  {row['rule']}: {', '.join(counts)}. {rule_text(row)}")
        return "\n".join(text)

    def _head(self) -> str:
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
            seconds=number(self.seconds, 1),
        )


def _counts_text(songs: int = 0, sections: int = 0, lines: int = 0, words: int = 0) -> str:
    """What is there of each, with its number."""
    parts = (
        songs and t_count("{n} song", "{n} songs", songs),
        sections and t_count("{n} section", "{n} sections", sections),
        lines and t_count("{n} line", "{n} lines", lines),
        words and t_count("{n} word", "{n} words", words),
    )
    return ", ".join(part for part in parts if part)


def named_kinds(duplicates: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the duplicates of a report with what each is, in the language of the moment."""
    return [{**row, "kind": t(_KINDS.get(row["kind"], str(row["kind"])))} for row in duplicates]


def rows_for_people(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a list of a report's JSON for people: why files were skipped, in their language."""
    return [
        {name: value for name, value in row.items() if name != "said"}
        | ({"reason": say(from_plain(row["said"]))} if "said" in row else {})
        for row in rows
    ]


def account_lines(account: Account) -> list[str]:
    """The account as a table that sums, lines and words apart by blanks in columns."""
    rows = [(f"- {rule}", -entry.size.lines, -entry.size.words) for rule, entry in account.entries.items()]
    if account.unexplained:
        rows.append((f"- {t('unexplained')}", -account.unexplained.lines, -account.unexplained.words))
    rows = [
        (t("read"), account.read.lines, account.read.words),
        *(row for row in rows if row[1] or row[2]),
        (f"= {t('kept')}", account.kept.lines, account.kept.words),
    ]
    return [f"  {'':22} {t('lines'):>12} {t('words'):>12}"] + [
        f"  {name:22} {number(lines):>12} {number(words):>12}" for name, lines, words in rows
    ]


def _skip_lines(head: str, skips: list[Skip]) -> list[str]:
    shown = [
        "  " + t("{head} {file}: {reason}", head=head, file=skip.source, reason=say(skip.reason))
        for skip in skips[:SHOWN]
    ]
    more = t("… and {n} more {head}", n=number(len(skips) - SHOWN), head=head)
    return [*shown, f"  {more}"] if len(skips) > SHOWN else shown


def data_statement(corpus: Corpus, report: Report) -> dict[str, Sentence]:
    """Return section -> text, in the order of the schema; both are translated where they are shown."""
    songs = corpus.songs
    languages = ", ".join(f"{code} ({n:,})" for code, n in report.languages.items())
    return {
        mark("Curation rationale"): Sentence(
            "{songs:,} songs read from {files:,} files ({format}). Songs that were there more than once are left out "
            "({duplicates:,}). Why these songs: {ask}",
            songs=len(songs),
            files=report.files,
            format=report.format,
            duplicates=len(report.duplicates),
            ask=_ASK,
        ),
        mark("Language variety"): Sentence(
            "Sections by language (ISO 639-1), identified automatically: {languages}. Slang, verlan and loans are part "
            "of the genre and count as French.",
            languages=languages,
        ),
        mark("Speaker demographic"): Sentence(
            "{artists:,} artists as named by the source. Age, gender, origin, first language: {ask}",
            artists=songs["artist"].nunique(),
            ask=_ASK,
        ),
        mark("Annotator demographic"): Sentence(
            "Section tags, performers and spelling are those of the source's transcribers, who are not known. "
            "{inferred}",
            inferred=_inference_sentence(report),
        ),
        mark("Speech situation"): Sentence(
            "Lyrics of recorded songs, written down: planned, performed, often with repeats. {years}",
            years=_years(corpus),
        ),
        mark("Text characteristics"): Sentence(
            "French rap: {lines:,} lines, {words:,} words, in {sections:,} sections; ad-libs in parentheses are kept "
            "apart.",
            lines=report.lines,
            words=report.words,
            sections=report.sections,
        ),
        mark("Recording quality"): Sentence("Not applicable: texts only."),
        mark("Other"): Sentence(
            "Lyrics belong to their authors. What cleaning changed is in the report beside this statement."
        ),
        mark("Provenance"): Sentence("Read from {file}. {ask}", file=PurePath(report.source).name, ask=_ASK),
    }


def statement_text(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the data statement of a report's JSON, section -> text, in the language of the moment.

    Reports that an older Seize wrote hold their English text alone.
    """
    sentences = report.get("statement_said", {})
    return {t(name): say(from_plain(sentences.get(name, text))) for name, text in report.get("statement", {}).items()}


def _years(corpus: Corpus) -> Sentence:
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
        return Sentence("All {sections:,} sections carry their tags.", sections=report.sections)
    return Sentence(
        "Of {sections:,} sections, {inferred:,} were inferred by Seize and are marked as such.",
        sections=report.sections,
        inferred=count,
    )
