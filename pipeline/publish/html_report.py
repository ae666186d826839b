"""A report on what is selected: filters, sizes, tables, definitions and versions, as one HTML page.

It opens without Seize and without a network, light or dark as its reader likes, ready to print. Names and lyrics are
anybody's: everything is escaped.
"""

import platform
from collections.abc import Callable, Mapping
from html import escape
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

from pipeline.analysis.lines import length_summary
from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS
from pipeline.analysis.methods import METHODS
from pipeline.analysis.precomputed import load_or_compute
from pipeline.analysis.variants import Variant, each_line_once
from pipeline.analysis.words.collocations import LEAST_COUNT, collocations
from pipeline.analysis.words.lexicon import artist_sizes, frequency_table, key_figures
from pipeline.analysis.words.ngrams import min_phrase_count, phrase_table
from pipeline.analysis.words.rankings import MEASURES, diversity_ranking
from pipeline.analysis.words.structure import kind_shares
from pipeline.analysis.words.tone import tone_table
from pipeline.analysis.words.word_classes import content_word_mask
from pipeline.core.translation import format_decimal, format_interval, format_percentage, language, mark, t
from pipeline.corpus.table import Corpus, Layer, selection_text

Columns = Mapping[
    str, tuple[str, Callable[..., str]]
]  # column -> (heading, a sentence to be translated; how it is written)
_MAX_TABLE_ROWS = 30  # of a table
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
        return f'{head}<p class="soft">{escape(t("Not enough text."))}</p>'
    shown = table.head(_MAX_TABLE_ROWS)
    names = "".join(
        f"<th{_cell_class_attribute(name, shown)}>{escape(t(label))}" for name, (label, _) in columns.items()
    )
    top = float(shown[bar].max()) if bar else 1.0
    rows = []
    for row in shown.to_dict("records"):
        cells = "".join(
            f"<td{_cell_class_attribute(name, shown)}>{escape(write(row[name]))}"
            for name, (_, write) in columns.items()
        )
        length = max(float(row[bar]) / top, 0) if bar and top > 0 else 0.0
        rows.append(
            f"<tr>{cells}" + (f'<td class="b"><div class="bar" style="width:{length:.1%}"></div>' if bar else "")
        )
    cut = t("The first {shown} of {rows}.", shown=_MAX_TABLE_ROWS, rows=format_decimal(len(table)))
    more = f'<p class="soft">{escape(cut)}</p>'
    names += '<th class="b">' if bar else ""
    body = f'<div class="wide"><table><thead><tr>{names}</thead>{"".join(rows)}</table></div>'
    return head + body + (more if len(table) > _MAX_TABLE_ROWS else "")


def _cell_class_attribute(name: str, table: pd.DataFrame) -> str:
    return ' class="n"' if name == "interval" or table[name].dtype.kind in "iuf" else ""


DIVERSITY_MEASURE_KEY = "mattr_50"
_METHOD_NAMES = ("Tokens", "MATTR", "Jackknife over songs", "logDice", "G² of a pair")
_PACKAGES = ("seize", "numpy", "pandas", "scipy", "simplemma")
_LAYER_LABELS = {
    "lyrics": mark("lyrics without ad-libs"),
    "adlibs": mark("ad-libs only"),
    "all": mark("lyrics and ad-libs"),
}
_VARIANT_LABELS = {
    "written": mark("repeats as written"),
    "heard": mark("repeats as performed"),
    "once": mark("each line once per song"),
    "solo": mark("without guests"),
}


def html_report(corpus: Corpus, layer: Layer = "lyrics", variant: Variant = "written") -> str:
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
        t("Counted"): f"{t(_LAYER_LABELS[layer])}, {t(_VARIANT_LABELS[variant])}",
        t("Songs"): format_decimal(figures.songs),
        t("Artists"): format_decimal(figures.artists),
        t("Years"): "–" if figures.years is None else f"{figures.years[0]}–{figures.years[1]}",
        t("Lines"): format_decimal(figures.lines),
        t("Words"): format_decimal(figures.words),
        t("Distinct words"): format_decimal(figures.types),
    }
    rows = "".join(f"<tr><th>{escape(name)}<td>{escape(value)}</tr>" for name, value in facts.items())
    return f"<table>{rows}</table>"


def _tables(corpus: Corpus, layer: Layer) -> list[str]:
    whole = int(corpus.counts(layer).sum())
    once, least = each_line_once(corpus), max(min_phrase_count(whole), LEAST_COUNT)
    words = load_or_compute(frequency_table, corpus, layer)
    telling = words[content_word_mask(words["word"])]
    ranking = diversity_ranking(corpus, DIVERSITY_MEASURE_KEY, "artist", layer, LEAST_SONGS, LEAST_WORDS)
    toned = tone_table(corpus, "artist", layer=layer)
    return [
        html_table(t("Artists"), "", artist_sizes(corpus, layer), {**_NAME, **_SIZES}, "words"),
        html_table(
            t("The most frequent words"),
            t("Without function words, numerals and common verbs."),
            telling,
            _WORDS,
            "count",
        ),
        html_table(t("Words per line"), "", length_summary(corpus, "kind", layer), _LENGTHS, "mean"),
        html_table(t("Section types"), "", kind_shares(corpus, layer=layer), _KINDS, "word_share"),
        html_table(
            t("Diversity: {measure}", measure=t(MEASURES[DIVERSITY_MEASURE_KEY].label)),
            t(
                "Groups of at least {songs} songs and {words} words; intervals across songs, with the ranks they "
                "allow.",
                songs=LEAST_SONGS,
                words=format_decimal(LEAST_WORDS),
            ),
            ranking.assign(interval=_intervals(ranking, "value", 3)),
            _RANKS,
            "value",
        ),
        html_table(
            t("Strongest word pairs"),
            t("Each line once per song; by logDice."),
            load_or_compute(collocations, once, layer, least),
            _PAIRS,
            "log_dice",
        ),
        html_table(
            t("Phrases of three words"),
            t("Each line once per song."),
            load_or_compute(phrase_table, once, layer=layer, minimum=least),
            _PHRASES,
            "count",
        ),
        html_table(
            t("Tone"),
            t("Mean polarity of the rated words, with the share rated; intervals across songs."),
            toned.assign(interval=_intervals(toned, "tone", 2)),
            _TONES,
            "",
        ),
    ]


def _intervals(table: pd.DataFrame, value: str, decimals: int) -> list[str]:
    """Return each value with its limits, or alone where there are none."""
    limits = zip(table[value], table["low"], table["high"], strict=True)
    return [format_decimal(v, decimals) if pd.isna(a) else format_interval(v, a, b, decimals) for v, a, b in limits]


def _one_decimal(value: float) -> str:
    return format_decimal(value, 1)


_NAME: Columns = {"artist": (mark("Artist"), str)}
_SIZES: Columns = {
    "songs": (mark("Songs"), format_decimal),
    "lines": (mark("Lines"), format_decimal),
    "words": (mark("Words"), format_decimal),
}
_COUNTS: Columns = {"count": (mark("Occurrences"), format_decimal), "songs": (mark("Songs"), format_decimal)}
_WORDS: Columns = {"word": (mark("Word"), str), **_COUNTS}
_PHRASES: Columns = {"phrase": (mark("Phrase"), str), **_COUNTS}
_KIND: Columns = {"kind": (mark("Section"), str)}
_LENGTHS: Columns = {
    **_KIND,
    "lines": _SIZES["lines"],
    "mean": (mark("Mean"), _one_decimal),
    "median": (mark("Median"), _one_decimal),
}
_KINDS: Columns = {**_KIND, "lines": _SIZES["lines"], "word_share": (mark("Share of words"), format_percentage)}
_RANKS: Columns = {"rank": (mark("Rank"), str), **_NAME, "interval": (mark("Value"), str), "songs": _SIZES["songs"]}
_PAIRS: Columns = {
    "first": (mark("First"), str), "second": (mark("Second"), str), "observed": (mark("Occurrences"), format_decimal),
    "songs": _SIZES["songs"], "log_dice": ("logDice", _one_decimal), "g2": ("G²", _one_decimal),
}  # fmt: skip
_TONES: Columns = {**_NAME, "interval": (mark("Mean"), str), "coverage": (mark("Coverage"), format_percentage)}


def _definitions() -> str:
    entries = "".join(
        f"<dt>{escape(t(method.name))}<dd>{escape(t(method.definition))} {escape(t(method.formula))} "
        f'<span class="soft">{escape(method.source)}</span>'
        for method in METHODS
        if method.name in _METHOD_NAMES
    )
    return f"<h2>{escape(t('Definitions'))}</h2><dl>{entries}</dl>"


def _versions() -> str:
    versions = [f"Python {platform.python_version()}"]
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return f'<h2>{escape(t("Made with"))}</h2><p class="soft">{escape(", ".join(versions))}</p>'
