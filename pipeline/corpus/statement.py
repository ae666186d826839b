"""A data statement for a corpus (Bender & Friedman 2018, Data Statements for Natural Language Processing, TACL 6).

What the corpus itself can tell is filled in; what only its collector knows says so, so that nobody reads a guess.
"""

from pathlib import PurePath

from pipeline.corpus.report import Report
from pipeline.corpus.table import Corpus

_ASK = "Not known to Seize: to be filled in by whoever collected the texts."


def data_statement(corpus: Corpus, report: Report) -> dict[str, str]:
    """Section -> text, in the order of the schema."""
    songs = corpus.songs
    years = corpus.year_span
    unknown = int(songs["year"].isna().sum())
    languages = ", ".join(f"{code} ({n:,})" for code, n in report.languages.items())
    when = f"Years {years[0]} to {years[1]}; unknown for {unknown:,} songs." if years else "Years unknown."
    return {
        "Curation rationale": f"{len(songs):,} songs read from {report.files:,} files ({report.format}). Songs that "
        f"were there more than once are left out ({len(report.duplicates):,}). Why these songs: {_ASK}",
        "Language variety": f"Sections by language (ISO 639-1), identified automatically: {languages}. Slang, verlan "
        "and loans are part of the genre and count as French.",
        "Speaker demographic": f"{songs['artist'].nunique():,} artists as named by the source. Age, gender, "
        f"origin, first language: {_ASK}",
        "Annotator demographic": "Section tags, performers and spelling are those of the source's transcribers, who "
        f"are not known. {_inferred(report)}",
        "Speech situation": f"Lyrics of recorded songs, written down: planned, performed, often with repeats. {when}",
        "Text characteristics": f"French rap: {report.lines:,} lines, {report.words:,} words, in "
        f"{report.sections:,} sections; ad-libs in parentheses are kept apart.",
        "Recording quality": "Not applicable: texts only.",
        "Other": "Lyrics belong to their authors. What cleaning changed is in the report beside this statement.",
        "Provenance": f"Read from {PurePath(report.source).name}. {_ASK}",
    }


def _inferred(report: Report) -> str:
    count = report.inferred.get("sections", 0)
    if not count:
        return f"All {report.sections:,} sections carry their tags."
    return f"Of {report.sections:,} sections, {count:,} were inferred by Seize and are marked as such."
