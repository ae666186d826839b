"""What a writer decides: the first words, the model, the measure, the plan. Every choice sits in the URL."""

import secrets
from dataclasses import replace
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.frame import bound
from dashboard.components.frame.bound import BIND, PLAIN, number, pick
from dashboard.components.writing import style_controls
from dashboard.components.writing.style_controls import ANY, keep_person, memory, style
from pipeline.core.translation import mark, t, t_each
from pipeline.generation.constraints import FREE, Constraints
from pipeline.generation.form import Part, fit_plan, parse_plan
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.sampling import SamplingSettings
from pipeline.language.rhyme import RHYME_KINDS
from pipeline.writers.requests import WriteRequest

SEED = "On a monté"
LONGEST_SEED = 20_000
LONGEST_FIT = 6000  # characters of a verse whose measure is taken
SCHEMES = {
    FREE: mark("As it comes"),
    "AABB": mark("AABB, pairs"),
    "ABAB": mark("ABAB, crossed"),
    "ABBA": mark("ABBA, embraced"),
    "AAAA": "AAAA",
}
PLANS = {
    "": mark("One verse, as many bars as below"),
    "couplet 8, refrain 4 ABAB": mark("Couplet and refrain"),
    "couplet 8, refrain 4 ABAB, couplet, refrain": mark("Short song: the refrain returns"),
    "couplet 16, refrain 4 ABAB, couplet, refrain, pont 4, refrain": mark("Whole song, sixteens"),
    "intro 2, couplet 12, pré-refrain 2, refrain 4 AAAA, couplet, pré-refrain, refrain": mark(
        "Song with a pré-refrain"
    ),
}
# What the keys of the controls take for a first visitor's one click: key -> label, values
EXAMPLES: dict[str, tuple[str, dict[str, str | int | float]]] = {
    "pairs": (mark("Sixteen in pairs"), {"seed": "On a monté", "rhyme": "AABB", "syllables": 12, "take": 4}),
    "crossed": (mark("Eight, crossed"), {"seed": "Le soir", "rhyme": "ABAB", "syllables": 8, "take": 6, "bars": 8}),
    "refrain": (
        mark("Song with refrain"),
        {
            "seed": "Dans la rue",
            "rhyme": "AABB",
            "syllables": 10,
            "plan": "couplet 8, refrain 4 ABAB, couplet, refrain",
            "take": 2,
        },
    ),
}
DRAWN = {"temperature": "daring", "top_p": "top_p", "min_p": "min_p"}  # of `SamplingSettings` -> the key of its control
DEFAULTS: dict[str, str | int | float | bool] = {
    "bars": 16, "tolerance": 1, "richness": "suffisante", "use": "", "without": "", "clean": False,
    "plan": "", "own_plan": "", "fit": "", "rhyme_with": "", "top_k": 0, "avoid": 1.0,
    "end": False, "theme": "", "theme_strength": style_controls.THEME_STRENGTH,
    "turns": False, "voice": ANY, "other_voice": ANY, "years": ANY, "share": 0.5, "memory": 0.0, "keep_person": False,
}  # fmt: skip


def examples() -> None:
    """One click each: a seed with settings under which it comes out well."""
    with st.container(horizontal=True, gap="small", key="examples"):
        for key, (label, values) in EXAMPLES.items():
            st.button(t(label), on_click=_take, args=(values,), key=f"example-{key}", icon=":material/bolt:")


def layout() -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Return the places of the first words, of the verse and of the choices, in this order for keys and readers too.

    What it takes to have a verse comes first, then the verse, then all that may be changed. The first and the last are
    one form: Streamlit draws a form in one piece, so the container after the verse is told that it belongs to it.
    """
    with st.container(key="writer"):
        first, verse = st.form("settings", border=False), st.container(key="card-paper")
        choices = st.container(key="choices")
    choices._form_data = first._form_data
    return first, verse, choices


def request(runs: list[str], first: DeltaGenerator, choices: DeltaGenerator) -> WriteRequest:
    """Draw the controls and return what they ask for. Raises SettingError for a value out of its range."""
    with first:
        seed = st.text_area(t("First words"), SEED, key="seed", bind=BIND, max_chars=LONGEST_SEED, height=80)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(t("Write"), type="primary", icon=":material/edit_note:")
            st.form_submit_button(t("Another take"), on_click=_another_take, icon=":material/casino:")
    with choices:
        about = style_controls.theme_text()
        constraints = measure()
        plan, verse = _plan(), _verse_to_fit()
        lines = st.slider(t("Bars"), *(4, 64, 16, 4), key="bars", bind=BIND, help=t("A song plan counts its own."))
        run = model(runs)
        temperature = daring(run)
        with st.expander(t("Words")):
            wished, worth = words(), style_controls.strength()
        with st.expander(t("Style")):
            manner, remembered, same_person = style(run), memory(), keep_person()
        with st.expander(t("More control")):
            sampling, end, take = _more(run, temperature)
        with st.container(key="choices-end"):
            st.form_submit_button(t("Write with these"), icon=":material/arrow_upward:")
    constraints = replace(constraints, **wished._asdict())  # once all is drawn: two wishes may contradict each other
    if verse:
        constraints = replace(constraints, tolerance=0)
    free = constraints == Constraints() and not (plan or verse)
    parts = fit(verse, run) if verse else parse_plan(plan) if plan else ()
    settings = WriteSettings(
        lines=lines,
        stop_at_song_end=end and free,
        sampling=sampling,
        style=manner,
        memory=remembered,
        keep_person=same_person,
        constraints=None if free else constraints,
        plan=parts,
        theme=style_controls.theme_of(about, run, worth),
    )
    return WriteRequest(run, seed or "", take, settings)


def model(runs: list[str]) -> str:
    """Which run writes."""
    bound.report_unknown("model", runs, "model")
    return st.selectbox(t("Model"), runs, key="model", bind=BIND)


def follow_run(run: str) -> None:
    """Let what is drawn as suits the run that was picked before be drawn as suits this one."""
    sampling, before = cache.run_sampling(run), st.session_state.get("suited", {})
    suited = {name: getattr(sampling, name) for name in DRAWN}
    for name, key in DRAWN.items():
        if name in before and st.session_state.get(key) == before[name]:
            st.session_state[key] = suited[name]
    st.session_state["suited"] = suited


def daring(run: str) -> float:
    """The temperature, to begin with that which suits the run."""
    follow_run(run)
    return st.slider(
        t("Daring (temperature)"),
        *(0.0, 2.0, cache.run_sampling(run).temperature, 0.05),
        key="daring",
        bind=BIND,
        format=PLAIN,
        help=t("0 writes what is likeliest, 1 is the model as it learnt; above, it stumbles and invents."),
    )


def measure() -> Constraints:
    """Rhyme and length of every line."""
    with st.container(key="measure"):
        return _measure()


_ALIKE = mark("How much of the two ends has to sound alike.")


def _measure() -> Constraints:
    left, right = st.columns([5, 6])
    with left:
        scheme = pick(t("Rhyme scheme"), t_each(SCHEMES), "AABB", key="rhyme", look="list", everywhere=True)
    with right:
        richness = pick(
            t("At least"),
            {name: t(kind.description) for name, kind in RHYME_KINDS.items()},
            "suffisante",
            key="richness",
            help=t(_ALIKE),
            look="list",
            everywhere=True,
        )
    left, right = st.columns([5, 6])
    with left:
        syllables = number(t("Syllables a line"), *(0, 30, 12), key="syllables", help=t("As spoken. 0: any number."))
    with right:
        tolerance = number(t("Give or take"), *(0, 10, 1), key="tolerance")
    count = max(2, syllables) if syllables else None
    return Constraints(scheme=scheme, richness=richness, syllables=count, tolerance=tolerance)


_COMMAS = mark("Words or phrases, with commas between them.")


class WordWishes(NamedTuple):
    """What a visitor wishes of the words; the names are those of `Constraints`."""

    use: tuple[str, ...]
    avoid: tuple[str, ...]
    rhyme_with: str
    clean: bool


def words() -> WordWishes:
    """Words or phrases to use, to avoid, to rhyme with."""
    use = st.text_input(
        t("Use these words"), key="use", bind=BIND, placeholder="nuit, mon frère", max_chars=400, help=t(_COMMAS)
    )
    avoid = st.text_input(
        t("Avoid these words"), key="without", bind=BIND, placeholder="argent", max_chars=400, help=t(_COMMAS)
    )
    rhyme_with = st.text_input(
        t("Rhyme every line with"), key="rhyme_with", bind=BIND, placeholder="maison", max_chars=60
    )
    clean = st.toggle(t("Keep it clean"), key="clean", bind=BIND, help=t("No coarse words."))
    return WordWishes(_split_words(use), _split_words(avoid), rhyme_with.strip(), clean)


def _split_words(text: str) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in text.lower().replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _plan() -> str:
    """The plan as written; a plan of one's own goes before a ready one."""
    ready = pick(t("Song plan"), t_each(PLANS), key="plan", look="list", everywhere=True)
    with st.expander(t("A plan of your own")):
        own = _sections(
            "couplet 16 AABB 12, refrain 4 ABAB, couplet, refrain",
            t("Kind, lines, scheme and syllables; a refrain named again returns with the same words."),
        )
    return own or ready


def own_plan() -> tuple[Part, ...]:
    """Return the sections of a text that is written line by line; none where it has no plan."""
    own = _sections("couplet 8 AABB 12, refrain 4 ABAB", t("Kind, lines, scheme and syllables; empty: one section."))
    return parse_plan(own) if own else ()


def _sections(example: str, help: str) -> str:
    """Draw the field for a plan and return what it holds."""
    own = st.text_input(t("Sections"), key="own_plan", bind=BIND, max_chars=400, placeholder=example, help=help)
    return (own or "").strip()


def _verse_to_fit() -> str:
    """Return the verse whose measure the new words are to have; it goes before a plan."""
    with st.expander(t("Fit to a verse")):
        verse = st.text_area(
            t("The verse"),
            key="fit",
            bind=BIND,
            max_chars=LONGEST_FIT,
            height=140,
            placeholder=t("One line a row. An empty row begins a new section."),
            help=t("New words take its syllables line by line, its rhyme scheme, its multis and its sections."),
        )
    return (verse or "").strip()


def fit(verse: str, run: str) -> tuple[Part, ...]:
    """Return the plan of a verse, as the corpus of a run sounds. Raise SettingError for one without words."""
    return fit_plan(verse, cache.visitor_pronunciations(cache.open_writer(run).corpus))


def _more(run: str, temperature: float) -> tuple[SamplingSettings, bool, int]:
    top_p = st.slider(
        t("Keep the likeliest (top-p)"),
        *(0.05, 1.0, cache.run_sampling(run).top_p, 0.01),
        key="top_p",
        bind=BIND,
        format=PLAIN,
        help=t("Choose only among the likeliest, until together they reach this share."),
    )
    top_k = number(t("Choose among at most (top-k)"), *(0, 10_000, 0), key="top_k", help=t("0 sets no limit."))
    min_p = st.slider(
        t("Drop the unlikely (min-p)"),
        *(0.0, 0.5, cache.run_sampling(run).min_p, 0.01),
        key="min_p",
        bind=BIND,
        format=PLAIN,
        help=t("Leave out what is less likely than this share of the likeliest."),
    )
    repeats = t("Avoid repeating (repetition penalty)")
    avoid = st.slider(repeats, *(1.0, 2.0, 1.0, 0.05), key="avoid", bind=BIND, format=PLAIN)
    end = st.toggle(t("Let the song end by itself"), key="end", bind=BIND, help=t("When no measure is set."))
    take = number(
        t("Take (random seed)"),
        *(0, 2**31, 1),
        key="take",
        help=t("The same take with the same settings writes the same text."),
    )
    sampling = SamplingSettings(
        temperature=temperature, top_p=top_p, top_k=top_k, min_p=min_p, repetition_penalty=avoid
    )
    return sampling, end, take


def _another_take() -> None:
    st.session_state["take"] = secrets.randbelow(10_000)


def _take(values: dict[str, str | int | float]) -> None:
    suited = {DRAWN[name]: value for name, value in st.session_state.get("suited", {}).items()}
    for key, value in {**DEFAULTS, **suited, **values}.items():
        st.session_state[key] = value
