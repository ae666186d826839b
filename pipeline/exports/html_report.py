"""A report on what is selected: filters, sizes, tables, definitions and versions, as one HTML page.

It opens without Seize and without a network. Names and lyrics are anybody's: everything is escaped.
"""

import platform
from html import escape
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

from pipeline.analysis.collocations import LEAST_COUNT, collocations
from pipeline.analysis.lexicon import frequency_table
from pipeline.analysis.methods import METHODS
from pipeline.analysis.overview import key_figures, voices
from pipeline.analysis.phrases import least_count, phrase_table
from pipeline.analysis.precomputed import answer
from pipeline.analysis.rankings import LEAST_SONGS, LEAST_WORDS, MEASURES, diversity_ranking
from pipeline.analysis.structure import kind_shares
from pipeline.analysis.tone import tone_table
from pipeline.analysis.variants import each_line_once
from pipeline.analysis.word_classes import content_words
from pipeline.analysis.words_per_line import length_summary
from pipeline.core.translation import interval, mark, number, share, t
from pipeline.corpus.table import Corpus, Layer, selection_text
from pipeline.exports.html_tables import Columns, html_page, html_table

MEASURE = "mattr_50"
_METHODS = ("Tokens", "MATTR", "Jackknife over songs", "logDice", "G² of a pair")
_PACKAGES = ("seize", "numpy", "pandas", "scipy", "nltk", "simplemma")
_LAYERS = {
    "lyrics": mark("lyrics without ad-libs"),
    "adlibs": mark("ad-libs only"),
    "all": mark("lyrics and ad-libs"),
}
_VARIANTS = {
    "written": mark("repeats as written"),
    "heard": mark("repeats as heard"),
    "once": mark("each line once a song"),
    "solo": mark("without guests"),
}


def html_report(corpus: Corpus, layer: Layer = "lyrics", variant: str = "written") -> str:
    """Return the page, in the language of the moment. `variant` names how repeats are counted in `corpus`."""
    parts = [
        f"<h1>{escape(t('Report on {name}', name=corpus.name))}</h1>",
        _facts(corpus, layer, variant),
        *_tables(corpus, layer),
        _definitions(),
        _versions(),
    ]
    return html_page(corpus.name, parts)


def _facts(corpus: Corpus, layer: Layer, variant: str) -> str:
    figures = key_figures(corpus, layer)
    facts = {
        t("Selected"): selection_text(corpus) or t("everything"),
        t("Counted"): f"{t(_LAYERS[layer])}, {t(_VARIANTS[variant])}",
        t("Songs"): number(figures.songs),
        t("Artists"): number(figures.artists),
        t("Years"): "–" if figures.years is None else f"{figures.years[0]}–{figures.years[1]}",
        t("Lines"): number(figures.lines),
        t("Words"): number(figures.words),
        t("Different words"): number(figures.types),
    }
    rows = "".join(f"<tr><th>{escape(name)}<td>{escape(value)}</tr>" for name, value in facts.items())
    return f"<table>{rows}</table>"


def _tables(corpus: Corpus, layer: Layer) -> list[str]:
    whole = int(corpus.counts(layer).sum())
    once, least = each_line_once(corpus), max(least_count(whole), LEAST_COUNT)
    words = answer(frequency_table, corpus, layer)
    telling = words[content_words(words["word"])]
    ranking = diversity_ranking(corpus, MEASURE, "artist", layer, LEAST_SONGS, LEAST_WORDS)
    toned = tone_table(corpus, "artist", layer=layer)
    return [
        html_table(t("Voices"), "", voices(corpus, layer), {**_NAME, **_SIZES}, "words"),
        html_table(
            t("The most frequent words"), t("No function words, numerals, light verbs."), telling, _WORDS, "count"
        ),
        html_table(t("Words in a line"), "", length_summary(corpus, "kind", layer), _LENGTHS, "mean"),
        html_table(t("Kinds of section"), "", kind_shares(corpus, layer=layer), _KINDS, "word_share"),
        html_table(
            t("Diversity: {measure}", measure=t(MEASURES[MEASURE].label)),
            t(
                "Of {songs} songs and {words} words at least; intervals over songs, ranks as they leave them.",
                songs=LEAST_SONGS,
                words=number(LEAST_WORDS),
            ),
            ranking.assign(interval=_intervals(ranking, "value", 3)),
            _RANKS,
            "value",
        ),
        html_table(
            t("Pairs of words that belong together"),
            t("Each line once a song; by logDice."),
            answer(collocations, once, layer, least),
            _PAIRS,
            "log_dice",
        ),
        html_table(
            t("Phrases of three words"),
            t("Each line once a song."),
            answer(phrase_table, once, layer=layer, minimum=least),
            _PHRASES,
            "count",
        ),
        html_table(
            t("Tone"),
            t("Mean polarity of the rated words, with how many are rated; intervals over songs."),
            toned.assign(interval=_intervals(toned, "tone", 2)),
            _TONES,
            "",
        ),
    ]


def _intervals(table: pd.DataFrame, value: str, decimals: int) -> list[str]:
    """Return each value with its limits, or alone where there are none."""
    limits = zip(table[value], table["low"], table["high"], strict=True)
    return [number(v, decimals) if pd.isna(a) else interval(v, a, b, decimals) for v, a, b in limits]


def _one(value: float) -> str:
    return number(value, 1)


_NAME: Columns = {"artist": (mark("Artist"), str)}
_SIZES: Columns = {
    "songs": (mark("Songs"), number),
    "lines": (mark("Lines"), number),
    "words": (mark("Words"), number),
}
_COUNTS: Columns = {"count": (mark("Occurrences"), number), "songs": (mark("Songs"), number)}
_WORDS: Columns = {"word": (mark("Word"), str), **_COUNTS}
_PHRASES: Columns = {"phrase": (mark("Phrase"), str), **_COUNTS}
_KIND: Columns = {"kind": (mark("Section"), str)}
_LENGTHS: Columns = {**_KIND, "lines": _SIZES["lines"], "mean": (mark("Mean"), _one), "median": (mark("Median"), _one)}
_KINDS: Columns = {**_KIND, "lines": _SIZES["lines"], "word_share": (mark("Share of words"), share)}
_RANKS: Columns = {"rank": (mark("Rank"), str), **_NAME, "interval": (mark("Value"), str), "songs": _SIZES["songs"]}
_PAIRS: Columns = {
    "first": (mark("First"), str), "second": (mark("Second"), str), "observed": (mark("Occurrences"), number),
    "songs": _SIZES["songs"], "log_dice": ("logDice", _one), "g2": ("G²", _one),
}  # fmt: skip
_TONES: Columns = {**_NAME, "interval": (mark("Mean"), str), "coverage": (mark("Coverage"), share)}


def _definitions() -> str:
    entries = "".join(
        f"<dt>{escape(t(method.name))}<dd>{escape(t(method.definition))} {escape(t(method.formula))} "
        f'<span class="soft">{escape(method.source)}</span>'
        for method in METHODS
        if method.name in _METHODS
    )
    return f"<h2>{escape(t('Definitions'))}</h2><dl>{entries}</dl>"


def _versions() -> str:
    found = [f"Python {platform.python_version()}"]
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return f'<h2>{escape(t("Made with"))}</h2><p class="soft">{escape(", ".join(found))}</p>'
