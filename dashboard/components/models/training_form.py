"""What a training is asked for, on a page, and what it will take."""

from contextlib import suppress
from typing import NamedTuple

import streamlit as st

from dashboard import cache
from dashboard.components.corpus import filters
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, PLAIN, pick, whole_number
from dashboard.queries.subcorpus import Selection
from dashboard.queries.training_requests import TrainingRequest, check_name, free_name
from pipeline.analysis.words.lexicon import key_figures
from pipeline.cells.registry import LABELS
from pipeline.cells.replay import NetworkSpec
from pipeline.core.errors import SeizeError, SettingError
from pipeline.core.translation import format_decimal, mark, t, translate_labels
from pipeline.language.vocabulary import UnitLevel
from pipeline.runs.config import Kind
from pipeline.runs.run import load_run
from pipeline.training import estimate
from pipeline.training.base import with_network_of
from pipeline.training.settings import TrainSettings
from pipeline.training.train import network_spec

LEVELS: dict[UnitLevel, str] = {"subword": mark("Sub-words"), "char": mark("Characters"), "word": mark("Words")}
COUNTED: Kind = "ngram"
KIND_NAMES: dict[Kind, str] = {
    "mixture": mark("Network and n-gram"), "network": mark("Network"), COUNTED: mark("N-gram")
}  # fmt: skip
SPEEDS: dict[UnitLevel, str] = {
    "char": mark("Characters a second"), "subword": mark("Sub-words a second"), "word": mark("Words a second")
}  # fmt: skip
BASE_RUN_TEMPLATE = "base-{level}"  # the shipped run to start from, where there is one
DEFAULT_CELL = "lstm"
LAYER_WIDTHS = (64, 128, 256, 384, 512, 768, 1024)
MAX_MINUTES = 24 * 60.0  # minutes


def choose_training() -> tuple[TrainingRequest, Selection]:
    """Draw the controls and return what they ask for. Raise SettingError for a name that cannot be used."""
    left, right = st.columns(2, gap="large")
    with left:
        names = cache.corpus_names()
        corpus = st.selectbox(t("Corpus"), names, key="corpus", bind=BIND) or names[0]
        songs = cache.open_corpus(corpus)
        artists, years = filters.artist_filter(songs), filters.year_filter(songs)
    with right:
        units = t(
            "Characters invent spelling and need no word list; words follow each other better; sub-words, the pieces "
            "that stand together most often, do some of both."
        )
        level = pick(t("Level"), translate_labels(LEVELS), key="level", help=units)
        mixed = t("The n-gram counts what follows what; together they predict better than either.")
        kind = pick(t("Model"), translate_labels(KIND_NAMES), key="kind", help=mixed)
        network = _network(level) if kind != COUNTED else NetworkChoices()
        default = free_name(level, kind if kind == COUNTED else network.cell)
        name = st.text_input(t("Name"), key="name", placeholder=default, max_chars=64).strip() or default
    check_name(name)
    training = TrainingRequest(
        name=name, corpus=corpus, level=level, kind=kind, artists=artists, years=years, **network._asdict()
    )
    return training, Selection(corpus, cache.corpus_version(corpus), artists, years)


class NetworkChoices(NamedTuple):
    """What is asked of a network; the names are those of `TrainingRequest`."""

    cell: str = DEFAULT_CELL
    units: int | None = None
    layers: int = 1
    minutes: float = 1.0
    base: str | None = None


def _network(level: UnitLevel) -> NetworkChoices:
    base = BASE_RUN_TEMPLATE.format(level=level)
    if base in cache.network_names():
        starts = {"french": t("French, as {run} knows it", run=base), "nothing": t("Nothing")}
        why = t("A network that has read French prose needs fewer songs, and makes words agree. It keeps its own size.")
        if pick(t("Start from"), starts, key="base", help=why) == "french":
            return NetworkChoices(minutes=_minutes(), base=base)
    cell = pick(t("Cell"), LABELS, DEFAULT_CELL, key="cell")
    left, middle, right = st.columns([5, 4, 4])
    with left:
        fits = t("Width of each layer. As fits: chosen for the level and the time.")
        sizes = {0: t("As fits")} | {units: str(units) for units in LAYER_WIDTHS}
        units = pick(t("Units"), sizes, key="units", help=fits, look="list")
    with middle:
        layers = whole_number(t("Layers"), 1, 4, 1, key="layers")
    with right:
        minutes = _minutes()
    return NetworkChoices(cell, units or None, layers, minutes)


def _minutes() -> float:
    return float(st.number_input(t("Minutes"), 0.1, MAX_MINUTES, 15.0, 5.0, key="minutes", bind=BIND, format=PLAIN))


def draw_estimate(training: TrainingRequest, selection: Selection) -> None:
    """Show songs, parameters, speed and epochs as figures. Raise SettingError for too few songs."""
    songs = cache.query(key_figures, selection).songs
    if songs == 1:  # of three, one is to learn from, one to choose by, one to judge by
        raise SettingError(
            "1 song of {corpus} left: training needs at least three. Widen the filters.", corpus=training.corpus
        )
    if songs < 3:
        raise SettingError(
            "{songs} songs of {corpus} left: training needs at least three. Widen the filters.",
            songs=songs,
            corpus=training.corpus,
        )
    if training.kind == COUNTED:
        page_layout.key_figures({t("Songs"): format_decimal(songs)})
        page_layout.remark(t("It counts what follows what: some seconds, and no network to wait for."))
        return
    sizes = cache.query(estimate.corpus_sizes, selection, training.level)
    names = ("name", "level", "cell", "minutes", "units", "layers", "base")
    settings = TrainSettings(**{name: getattr(training, name) for name in names})
    settings = with_network_of(settings, load_run(training.base)) if training.base else settings
    settings = settings.complete(sizes.characters)
    spec = network_spec(settings, min(sizes.vocabulary, settings.vocabulary_limit))
    figures = {
        t("Songs"): format_decimal(songs),
        t("Units"): f"{settings.layers} × {settings.units}",
        t("Parameters"): format_decimal(estimate.parameter_count(spec)),
    }
    estimated = _estimate(training, spec, sizes)
    if estimated is None:
        page_layout.key_figures(figures)
        page_layout.remark(t("No model of this level was trained here yet, so the speed will show once it runs."))
        return
    figures |= {
        t(SPEEDS[training.level]): f"≈ {format_decimal(round(estimated.tokens_per_second, -2))}",
        t("Epochs"): f"≈ {format_decimal(estimated.epochs, 1)}",
    }
    page_layout.key_figures(figures)
    scaled = t(
        "The speed is scaled from that of {run} where it was trained: another machine may be several times faster or "
        "slower.",
        run=estimated.after,
    )
    course = t(
        "Nine tenths of the songs are learnt from, the rest choose the best moment and judge it; an epoch reads all "
        "of the nine tenths. Counting the n-gram before and judging the test songs after take a minute or two more."
    )
    page_layout.remark(f"{scaled} {course}")


def _estimate(training: TrainingRequest, spec: NetworkSpec, sizes: estimate.TrainingSizes) -> estimate.Estimate | None:
    runs = list[estimate.TrainedRun]()
    for name in cache.run_names():
        with suppress(SeizeError):  # a damaged run says so among the runs; here it is no measure
            runs += filter(None, [cache.query_run(estimate.training_facts, name)])
    return estimate.estimate(spec, training.level, tokens=sizes.tokens, seconds=60 * training.minutes, runs=runs)
