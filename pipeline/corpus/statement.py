"""A data statement for a corpus (Bender & Friedman 2018, Data Statements for Natural Language Processing, TACL 6).

What the corpus itself can tell is filled in; what only its collector knows says so, so that nobody reads a guess.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from pipeline.core.errors import Sentence, from_plain
from pipeline.core.translation import mark, say, t
from pipeline.corpus.report import Report
from pipeline.corpus.table import Corpus

_ASK = Sentence("Not known to Seize: to be filled in by whoever collected the texts.")


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
    said = report.get("statement_said", {})
    return {t(name): say(from_plain(said.get(name, text))) for name, text in report.get("statement", {}).items()}


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
