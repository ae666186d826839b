"""Trained networks that the lessons play: a character run for each cell, and the architectures behind the six shapes.

Each is opened once; the scores of an architecture are drawn as a table.
"""

from typing import Any

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.lesson import marks
from dashboard.lessons import named_units
from dashboard.lessons.named_units import NamedUnit
from pipeline.cells.registry import LABELS
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, format_interval, mark, t, t_count
from pipeline.learn.architectures import ARCHITECTURES
from pipeline.runs.run import NGRAMS, load_run


def character_run(cell: str) -> cache.OpenRun | None:
    """Return the first run of characters with this cell, in the order of `cache.run_names`."""
    for name in filter(cache.has_network, cache.run_names()):  # up to the first that suits: pages ask at each slider
        run = cache.open_network(name)
        if run.vocabulary.level == "char" and run.network().layers[-1].cell == cell:
            return run
    return None


def unit_texts() -> list[str]:
    """Return the first lines of sections of the embedded corpus, on which units are found and measured."""
    corpus = cache.open_corpus(DEMO_NAME)
    sections, of_line = corpus.sections.index, corpus.lines["section"]
    chosen = sections[:: max(1, len(sections) // named_units.SECTIONS)][: named_units.SECTIONS]
    lines = [corpus.texts_of(of_line.index[of_line == section][: named_units.LINES]) for section in chosen]
    return ["".join(f"{line}\n" for line in own) for own in lines if len(own)]


def _find_units(cell: str, version: int) -> dict[str, NamedUnit]:
    """Return the units of a cell's network that track something nameable, by name. `version` only keys the cache."""
    model = open_architecture("classic")
    return named_units.find_named_units(model.networks[cell], model.vocabulary, unit_texts())


def named_units_of_cell(cell: str) -> dict[str, NamedUnit]:
    """Return the units of this cell's shipped network that track something nameable, the highest correlation first."""
    return cache.call(_find_units, cell, cache.run_version("learn-classic"))


def ngram_run(name: str) -> cache.OpenRun | None:
    """Return the n-gram model that was saved with a run, if there is one."""
    return cache.resource(_load_ngram, name, cache.run_version(name))


def _load_ngram(name: str, version: int) -> cache.OpenRun | None:
    """Load the n-gram model of a run, if there is one; `version` only keys the cache."""
    run = load_run(name)
    return cache.OpenRun(f"{name}, n-gram", run.vocabulary, run.ngram_model) if run.has_file(NGRAMS) else None


NAMES = {
    "classic": mark("next character"), "cloze": mark("hidden word"),
    "many-to-one": mark("section of an artist"), "one-to-many": mark("verse by an artist"), "reply": mark("next line"),
    "reversal": mark("reversed symbols"),
}  # fmt: skip
# The English names in a run of its scores and parts -> the message to translate.
SCORE_LABELS = {
    **LABELS,
    "none": mark("no source"),
    "bits a character": mark("bits per character"),
    **{
        text: text
        for text in (
            mark("both"), mark("top-1"), mark("top-5"), mark("macro-F1"), mark("accuracy"),
            mark("voice"), mark("kind"), mark("decade"), mark("verses recognised"), mark("real verses recognised"),
            mark("distinct pairs of words"), mark("runs of five words copied"), mark("vector"), mark("attention"),
            mark("nats a word"), mark("gain in nats a word"), mark("share of different replies"),
            mark("drawn replies that rhyme"), mark("whole sequences right"), mark("left to right"),
            mark("left-to-right"), mark("frequent"), mark("left"), mark("right"), mark("majority"),
            mark("naive Bayes"), mark("labels shuffled"), mark("chance"), mark("one pair only"), mark("all"),
            mark("no source"), mark("one reply to all"), mark("with another line"), mark("without attention"),
            mark("unigram"), mark("3-gram"), mark("5-gram"),
        )
    },
}  # fmt: skip


def translate_score_name(words: str) -> str:
    """Return the name of a score or part, which runs hold in English, in the visitor's language."""
    return t(SCORE_LABELS.get(words, words))


def translate_measure_name(name: str) -> str:
    """Return `lstm: bits a character`, or a measure alone, in the visitor's language."""
    what, apart, measure = name.partition(": ")
    return (
        t("{what}: {measure}", what=translate_score_name(what), measure=translate_score_name(measure))
        if apart
        else translate_score_name(name)
    )


def load_architecture(name: str, version: int) -> Any:
    """Load a trained architecture; `version` only keys the cache. Raise RunError when it cannot be read."""
    return ARCHITECTURES[name].load()


def open_architecture(name: str) -> Any:
    """Return a trained architecture from the cache. Raise RunError when it cannot be read."""
    return cache.resource(load_architecture, name, cache.run_version(f"learn-{name}"))


def draw_scores(name: str) -> None:
    """Draw the scores of an architecture as a table: a row for each measure, its baselines side by side, or below them
    all where they are the same."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for s in (scores := open_architecture(name).saved.scores):
        n = format_decimal(s["n"])
        if s["songs"]:
            n = t_count("{things}, {n} song", "{things}, {n} songs", s["songs"], things=n)
        row = (translate_measure_name(s["measure"]), format_interval(s["value"], s["low"], s["high"], 3), n)
        rows.setdefault(row, []).append(
            t(
                "{what}: {measure}",
                what=translate_score_name(s["baseline_name"]),
                measure=format_decimal(s["baseline"], 3),
            )
        )
    same = len(rows) > 1 and len({(n, *baselines) for (*_, n), baselines in rows.items()}) == 1
    titles = [t("Measure"), t("Value [95% interval]"), t("Baseline"), "n"]
    cells = [[measure, value, "; ".join(baselines), n] for (measure, value, n), baselines in rows.items()]
    if not same:
        return marks.draw_table(titles, cells)
    measure = scores[0]["measure"].partition(": ")[2]
    counted = {f"{s['baseline_name']}: {measure}": format_decimal(s["baseline"], 3) for s in scores}
    below = [[translate_measure_name(name), value] for name, value in counted.items()]
    marks.draw_table(titles[:2], [*(row[:2] for row in cells), *below])
    page_layout.remark(t("n = {n} for each.", n=cells[0][3]))
