"""The findings of a corpus as sentences on the first page, each a link to the page that shows it."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from dashboard import cache, navigation
from dashboard.components.frame import page_layout
from dashboard.components.frame.share import rhymed_lines
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.findings import Finding
from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS
from pipeline.core.translation import format_decimal, format_percentage, t, t_count
from pipeline.corpus.song import display_name

LINE_END_WORDS = 6  # words of a line that show its rhyme


class LinkedSentence(NamedTuple):
    """A sentence as HTML, with the page and the query parameters of the address that it links to."""

    html: str
    page: str
    query: dict[str, str]


def draw_findings(selection: Selection, findings: list[Finding]) -> None:
    """Draw a list of the findings as linked sentences."""
    songs = cache.song_url_keys(selection.corpus)
    items = "".join(_finding_html(each, songs, selection.corpus) for each in findings)
    if items:
        st.html(f'<ul class="findings">{items}</ul>')


def compute_and_draw_findings(selection: Selection) -> None:
    """Compute the findings of a corpus, while its first visitor waits. Draw them, or why there are none."""
    with st.spinner(t("Looking for highlights in this corpus…")):
        findings = cache.corpus_findings(selection, wait=True)
    if findings:
        draw_findings(selection, findings)
    elif findings is None:
        message = t("The import of a large corpus ends with its highlights. If it has ended, import the corpus again.")
        page_layout.remark(message)
    else:
        message = t(
            "Nothing striking yet: artists need at least {songs} songs and {words} words each to be compared; "
            "trends need songs from several years.",
            songs=format_decimal(LEAST_SONGS),
            words=format_decimal(LEAST_WORDS),
        )
        page_layout.remark(message)


def _finding_html(finding: Finding, songs: Mapping[int, str], corpus: str) -> str:
    """Return a list item: the sentence of a finding as a link. `songs`: id -> key in addresses."""
    sentence = _SENTENCES[finding.code]({**finding.values, "corpus": corpus}, songs)
    address = escape(navigation.address(sentence.page, corpus=corpus, **sentence.query))
    name = navigation.title_of(sentence.page)
    return f'<li><a href="{address}" target="_self">{sentence.html} <span class="to">{name}</span></a></li>'


def _new_word_sentence(values: Mapping[str, Any], _: Mapping[int, str]) -> LinkedSentence:
    sentence = t(
        "<b>{artists} of {voices} artists</b> have used <b>{word}</b> since {year}; in {before} earlier songs "
        "nobody did.",
        **_escape_values(values),
    )
    return LinkedSentence(sentence, "timeline", {"said": values["word"], "said_as": "share"})


def _closest_voices_sentence(values: Mapping[str, Any], _: Mapping[int, str]) -> LinkedSentence:
    words = _escape_values(values)
    if not values["years"]:
        sentence = t(
            "<b>{first}</b> and <b>{second}</b> have the closest vocabularies of all pairs; {far_first} and "
            "{far_second} the most distant.",
            **words,
        )
    elif not values["closer"]:
        sentence = t(
            "<b>{first}</b> and <b>{second}</b> are <b>{years} years</b> apart, yet their vocabularies are the closest "
            "of all pairs.",
            **words,
        )
    else:
        sentence = t_count(
            "<b>{first}</b> and <b>{second}</b> are <b>{years} years</b> apart, yet only {n} of {pairs} pairs has "
            "closer vocabularies.",
            "<b>{first}</b> and <b>{second}</b> are <b>{years} years</b> apart, yet only {n} of {pairs} pairs have "
            "closer vocabularies.",
            values["closer"],
            **words,
        )
    return LinkedSentence(sentence, "compare", {"these": values["first"], "against": values["second"]})


def _exclusive_words_sentence(values: Mapping[str, Any], _: Mapping[int, str]) -> LinkedSentence:
    words = {"artist": escape(values["artist"]), "examples": _italic_html(", ".join(values["examples"]))}
    artist_share = format_percentage(values["share"])
    sentence = t(
        "<b>{held}</b> of <b>{artist}</b>'s words occur in the songs of nobody else: {examples}.",
        held=artist_share,
        **words,
    )
    return LinkedSentence(sentence, "artist", {"artist": values["artist"]})


def _longest_rhyme_sentence(values: Mapping[str, Any], songs: Mapping[int, str]) -> LinkedSentence:
    lines = [values["with"], values["text"]]
    marked = rhymed_lines(lines, cache.line_pronunciations(lines, values["corpus"]))
    ends = [_line_end_html(line["text"], *next(iter(line["rhymes"]), (len(line["text"]),) * 2)[:2]) for line in marked]
    words = _escape_values(values) | {"lines": f'<i lang="fr">{" / ".join(ends)}</i>'}
    sentence = t("The longest rhyme spans <b>{syllables} syllables</b>: {lines} (<b>{artist}</b>).", **words)
    return LinkedSentence(sentence, "song", {"song": songs[values["song"]], "itself_line": str(values["row"] + 1)})


def _line_end_html(line: str, start: int, stop: int) -> str:
    """Return the end of a line as HTML: its last `LINE_END_WORDS` words, or its rhyme, start to stop, if longer.

    >>> _line_end_html("— Je sais. — Et Kévin pose des stores. — Je sais, les stores, c'est clair", 54, 73)
    "… Je sais, les <b>stores, c'est clair</b>"
    """
    last_words = [word.start() for word in re.finditer(r"\S+", line)][-LINE_END_WORDS:]
    cut = min([*last_words[:1], line.rfind(" ", 0, start) + 1])
    before, rhyme, after = (escape(part, quote=False) for part in (line[cut:start], line[start:stop], line[stop:]))
    return f"{'… ' * bool(cut)}{before}<b>{rhyme}</b>{after}"


def _quoted_refrain_sentence(values: Mapping[str, Any], _: Mapping[int, str]) -> LinkedSentence:
    words = _escape_values(values) | {"line": _italic_html(values["text"])}
    sentence = t(
        "<b>{artists} other artists</b> have a line of a <b>{artist}</b> chorus ({year}) in later songs: {line}.",
        **words,
    )
    return LinkedSentence(sentence, "concordance", {"q": values["text"]})


def _repeated_line_sentence(values: Mapping[str, Any], songs: Mapping[int, str]) -> LinkedSentence:
    words = _escape_values(values) | {"line": _italic_html(values["text"])}
    sentence = t("One line occurs <b>{times} times</b> in a song: {line} (<b>{artist}</b>).", **words)
    return LinkedSentence(sentence, "song", {"song": songs[values["song"]], "itself_line": str(values["row"] + 1)})


def _commonest_word_sentence(values: Mapping[str, Any], _: Mapping[int, str]) -> LinkedSentence:
    sentence = t("<b>{word}</b> is in more songs than any other word: {songs} of {of}.", **_escape_values(values))
    return LinkedSentence(sentence, "concordance", {"q": values["word"]})


def _commonest_rhyme_sentence(values: Mapping[str, Any], _: Mapping[int, str]) -> LinkedSentence:
    sound, examples = escape(f"-{values['sound']}"), _italic_html(", ".join(values["examples"]))
    sentence = t_count(
        "<b>{n} word</b> rhymes on <b>{sound}</b>, more than on any other sound: {examples}.",
        "<b>{n} words</b> rhyme on <b>{sound}</b>, more than on any other sound: {examples}.",
        values["words"],
        sound=sound,
        examples=examples,
    )
    return LinkedSentence(sentence, "rhymes", {"rhymes-with": values["examples"][0]})


def _italic_html(words: str) -> str:
    return f'<i lang="fr">{escape(words)}</i>'


def _escape_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a finding for its sentence: texts escaped, numbers in the visitor's language, years
    unchanged."""
    return {
        name: str(value)
        if name == "year"
        else escape(display_name(value))
        if isinstance(value, str)
        else format_decimal(value)
        for name, value in values.items()
        if isinstance(value, str | int)
    }


_SENTENCES: dict[str, Callable[[Mapping[str, Any], Mapping[int, str]], LinkedSentence]] = {
    "word-arrives": _new_word_sentence, "closest-voices": _closest_voices_sentence,
    "own-words": _exclusive_words_sentence, "longest-multi": _longest_rhyme_sentence,
    "quoted-refrain": _quoted_refrain_sentence, "line-returns": _repeated_line_sentence,
    "commonest-word": _commonest_word_sentence, "commonest-rhyme": _commonest_rhyme_sentence,
}  # fmt: skip
