"""What a training is asked for, on a page, and what it will take."""

import streamlit as st

from dashboard import cache
from dashboard.components import page_layout
from dashboard.locale.formats import count, number
from dashboard.queries.selection import Selection
from dashboard.queries.training_requests import TrainingRequest, check_name, free_name
from pipeline.analysis.overview import key_figures
from pipeline.errors import SeizeError, SettingError
from pipeline.runs.run import load_run
from pipeline.training.estimate import Estimate, Trained, corpus_sizes, estimate, parameters, trained
from pipeline.training.settings import CELLS, TrainSettings
from pipeline.training.train import network_spec

BIND = "query-params"
LEVELS = {"char": "Characters", "word": "Words"}
COUNTED = "ngram"
KIND_NAMES = {"mixture": "Network and n-gram", "network": "Network", COUNTED: "N-gram"}
CELL_NAMES = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
SIZES = (0, 64, 128, 256, 384, 512, 768, 1024)
LONGEST = 24 * 60.0  # minutes
FAR = 4  # times the products of the network that speeds are scaled from


def request() -> tuple[TrainingRequest, Selection]:
    """Draw the controls; what they ask for. Raises SettingError for a name that cannot be used."""
    left, right = st.columns(2, gap="large")
    with left:
        names = cache.corpus_names()
        corpus = st.selectbox("Corpus", names, key="corpus", bind=BIND) or names[0]
        artists, years = _filters(corpus)
    with right:
        level = st.segmented_control(
            "Level",
            list(LEVELS),
            default="char",
            required=True,
            format_func=LEVELS.get,
            key="level",
            bind=BIND,
            help="Characters invent spelling and need no word list; words follow each other better.",
        )
        kind = st.segmented_control(
            "Model",
            list(KIND_NAMES),
            default="mixture",
            required=True,
            format_func=KIND_NAMES.get,
            key="kind",
            bind=BIND,
            help="The n-gram counts what follows what; together they predict better than either.",
        )
        cell, size, layers, minutes = ("lstm", 0, 1, 1.0) if kind == COUNTED else _network()
        default = free_name(level, kind if kind == COUNTED else cell)
        name = st.text_input("Name", key="name", placeholder=default, max_chars=64).strip() or default
    check_name(name)
    assert cell in CELLS
    wanted = TrainingRequest(
        name=name,
        corpus=corpus,
        level=level,
        cell=cell,
        minutes=minutes,
        kind=kind,
        units=size or None,
        layers=layers,
        artists=artists,
        years=years,
    )
    return wanted, Selection(corpus, cache.corpus_version(corpus), artists, years)


def _filters(name: str) -> tuple[tuple[str, ...], tuple[int, int] | None]:
    corpus = cache.open_corpus(name)
    artists: list[str] = []
    if len(corpus.artists) > 1:
        artists = st.multiselect("Artists", corpus.artists, key="artists", bind=BIND, placeholder="All artists")
    span = corpus.year_span
    if span is None or span[0] == span[1]:
        return tuple(artists), None
    first, last = st.slider("Years", *span, value=span, key="years", bind=BIND)
    return tuple(artists), None if (first, last) == span else (int(first), int(last))


def _network() -> tuple[str, int, int, float]:
    cell = st.segmented_control(
        "Cell", list(CELL_NAMES), default="lstm", required=True, format_func=CELL_NAMES.get, key="cell", bind=BIND
    )
    units, layers, minutes = st.columns([5, 4, 4])
    return (
        cell,
        units.selectbox(
            "Units",
            SIZES,
            format_func=lambda n: str(n) if n else "As fits",
            key="units",
            bind=BIND,
            help="Width of each layer. As fits: chosen for the level and the time.",
        ),
        int(layers.number_input("Layers", 1, 4, 1, key="layers", bind=BIND)),
        float(minutes.number_input("Minutes", 0.1, LONGEST, 15.0, 5.0, key="minutes", bind=BIND, format="%.4g")),
    )


def what_it_takes(wanted: TrainingRequest, selection: Selection) -> None:
    """Songs, parameters, disk, speed and epochs as figures. Raises SettingError for too few songs."""
    songs = cache.query(key_figures, selection).songs
    if songs < 3:
        raise SettingError(
            f"{count(songs, 'song')} of {wanted.corpus} left: training needs at least three. Widen the filters."
        )
    if wanted.kind == COUNTED:
        page_layout.key_figures({"Songs": number(songs)})
        page_layout.remark("It counts what follows what: some seconds, and no network to wait for.")
        return
    sizes = cache.query(corpus_sizes, selection, wanted.level)
    settings = TrainSettings(
        name=wanted.name,
        level=wanted.level,
        cell=wanted.cell,
        minutes=wanted.minutes,
        units=wanted.units,
        layers=wanted.layers,
    ).complete(sizes.characters)
    spec = network_spec(settings, min(sizes.vocabulary, settings.vocabulary_limit))
    runs = [run for name in cache.run_names() if (run := cache.call(_trained, name, cache.run_version(name)))]
    found = estimate(
        spec,
        wanted.level,
        tokens=sizes.tokens,
        characters=sizes.characters,
        seconds=60 * wanted.minutes,
        runs=runs,
    )
    figures = {"Songs": number(songs), "Units": f"{settings.layers} × {settings.units}"}
    figures |= {"Parameters": number(parameters(spec))}
    if found is None:
        page_layout.key_figures(figures)
        page_layout.remark("No model of this level was trained here yet, so speed and size will show once it runs.")
        return
    page_layout.key_figures({**figures, **_scaled(found, wanted.level)})
    rough = "" if 1 / FAR < found.ratio < FAR else ", a network of quite another size, so the speed is a rough guess"
    page_layout.remark(
        f"Speed and size are scaled from {found.after}{rough}. Nine tenths of the songs are learnt from, the rest "
        "judge; an epoch reads them once. Counting the n-gram before and judging the test songs after take a minute or "
        "two more."
    )


def _scaled(found: Estimate, level: str) -> dict[str, str]:
    unit = "Characters" if level == "char" else "Words"
    return {
        "On disk": f"≈ {number(found.bytes / 1e6, 1)} MB",
        f"{unit} a second": f"≈ {number(round(found.tokens_per_second, -2))}",
        "Epochs": f"≈ {number(found.epochs, 1)}",
    }


def _trained(name: str, version: int) -> Trained | None:
    try:
        return trained(load_run(name))
    except SeizeError:  # a damaged run says so among the runs; here it is no measure
        return None
