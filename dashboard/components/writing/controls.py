"""What a writer decides: the first words, the measure, the plan, the model, the voice. Every choice sits in the URL."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import BIND, number, pick, slider, text, toggle
from dashboard.components.frame.page_layout import button
from dashboard.components.writing import themes
from pipeline.core.errors import SeizeError
from pipeline.core.translation import mark, t, t_each
from pipeline.generation import partner
from pipeline.generation.constraints import FREE, Constraints
from pipeline.generation.form import Part, Slot, fit_plan, parse_plan
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.sampling import SamplingSettings
from pipeline.generation.style import Style
from pipeline.language.rhyme import RHYME_KINDS
from pipeline.language_models.control_tokens import conditions_of, readable
from pipeline.writers.requests import WriteRequest


def introduce_writers(question: str, answer: str) -> list[str]:
    """Draw the head of a page on which runs write, and return their names; without any, the way to one stands there."""
    page_layout.question(question)
    if runs := cache.writer_names():
        page_layout.answer(answer)
    else:
        page_layout.no_model()
    return runs


ANY = ""  # the key of no voice, no years

SEED = "Je sors mon vieux cahier"
LONGEST_SEED = 20_000
LONGEST_FIT = 6000  # characters of a verse whose measure is taken
SCHEMES = {
    FREE: mark("As it comes"), "AABB": mark("AABB, pairs"), "ABAB": mark("ABAB, crossed"),
    "ABBA": mark("ABBA, embraced"), "AAAA": "AAAA",
}  # fmt: skip
PLANS = {
    "": mark("One verse, as many bars as below"),
    "couplet 8, refrain 4 ABAB": mark("Couplet and refrain"),
    "couplet 8, refrain 4 ABAB, couplet, refrain": mark("Short song: the refrain returns"),
    "couplet 16, refrain 4 ABAB, couplet, refrain, pont 4, refrain": mark("Whole song, sixteens"),
    "intro 2, couplet 12, pré-refrain 2, refrain 4 AAAA, couplet, pré-refrain, refrain": mark(
        "Song with a pré-refrain"
    ),
}
# What the keys of the controls take for a first visitor's one click: label -> values under which it comes out well
EXAMPLES: dict[str, dict[str, str | int | float]] = {
    mark("Sixteen in pairs"): {"seed": "Je sors mon vieux cahier", "take": 4},
    mark("Eight, crossed"): {"seed": "Le soir", "rhyme": "ABAB", "syllables": 8, "take": 6, "bars": 8},
    mark("Song with refrain"): {
        "seed": "Dans la rue", "syllables": 10, "take": 2, "plan": "couplet 8, refrain 4 ABAB, couplet, refrain"
    },
}  # fmt: skip
DRAWN = {"temperature": "daring", "top_p": "top_p", "min_p": "min_p"}  # of `SamplingSettings` -> the key of its control
DEFAULTS: dict[str, str | int | float | bool] = {
    "seed": SEED, "rhyme": "AABB", "syllables": 12, "take": 1, "bars": 16,
    "tolerance": 0, "beat": 0, "richness": "suffisante", "use": "", "without": "", "clean": False,
    "plan": "", "own_plan": "", "fit": "", "rhyme_with": "", "top_k": 0, "avoid": 1.0,
    "end": False, "theme": "", "theme_strength": themes.THEME_STRENGTH,
    "partner": False, "after_verse": False,
    "turns": False, "voice": ANY, "other_voice": ANY, "years": ANY, "share": 0.5, "memory": 0.0, "keep_person": False,
}  # fmt: skip
WRITE = "write-now"  # key: whether a button asked for a text


class Choices(NamedTuple):
    """All that is chosen: what writes which text, and what every line is asked for."""

    run: str
    seed: str
    take: int
    settings: WriteSettings
    partner: bool = False

    @property
    def constraints(self) -> Constraints:
        """What a line is asked for; nothing where the model writes freely."""
        return self.settings.constraints or Constraints()

    @property
    def plan(self) -> Sequence[Part]:
        """The sections that the text is to have; none where it has no plan."""
        return self.settings.plan

    def request(self) -> WriteRequest:
        """What to ask the writers for: the text of these choices."""
        return WriteRequest(self.run, self.seed, self.take, self.settings, self.partner)

    def of_line(self, slot: Slot) -> WriteSettings:
        """The settings of one line, which has a measure of its own."""
        return replace(self.settings, lines=1, stop_at_song_end=False, constraints=slot.constraints, plan=())


def is_asked() -> bool:
    """Whether the address asks for a text by any of the choices."""
    return any(name in st.query_params for name in (*DEFAULTS, *DRAWN.values(), "model"))


def choose(runs: list[str], first: DeltaGenerator, choices: DeltaGenerator) -> Choices:
    """Draw the controls and return what they say. Raises SettingError for a value out of its range.

    The first words and their button stand in `first`, the rest in `choices`: three of them open, the others folded.
    """
    with first, st.form("settings", border=False):
        seed = st.text_area(t("First words"), SEED, key="seed", bind=BIND, max_chars=LONGEST_SEED, height=80)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(t("Write"), on_click=_write, type="primary", icon=":material/edit_note:")
            st.form_submit_button(t("Another take"), on_click=_another_take, icon=":material/casino:")
    with choices:
        with st.container(key="measure"):
            left, right = st.columns([6, 5])
            scheme, syllables = _scheme(left), _syllables(right)
        lines = st.slider(t("Bars"), *(4, 64, 16, 4), key="bars", bind=BIND, help=t("A song plan counts its own."))
        with st.expander(t("Measure and plan")) as fold:
            richness, tolerance, beat = _richness(fold), _tolerance(fold), _beat(fold)
            plan, verse = _plan(), _verse_to_fit()
        with st.expander(t("Theme and words")):
            theme, worth, wished = themes.theme_text(), themes.strength(), _words()
        with st.expander(t("Model and daring")):
            bound.report_unknown("model", runs)
            run = st.selectbox(t("Model"), runs, key="model", bind=BIND)
            with_partner = _with_partner()
            sampling, end, take = _sampling(run)
        with st.expander(t("Style")):
            after_verse = _after_verse()
            style, memory, keep_person = _style(run), *_coherence()
        page_layout.remark(t("Or begin with an example:"))
        with st.container(horizontal=True, gap="small", key="examples"):
            for at, (label, values) in enumerate(EXAMPLES.items()):
                button(t(label), "bolt", _take, values, key=f"example-{at}")
    constraints = _constraints(scheme, richness, syllables, 0 if verse else tolerance)
    wished["rhyme_beat"] = beat or None
    constraints = replace(constraints, **wished)  # once all is drawn: two wishes may contradict each other
    free = constraints == Constraints(tolerance=constraints.tolerance) and not (plan or verse)
    plan_of = parse_plan(plan) if plan else ()
    if verse:
        plan_of = fit_plan(verse, cache.visitor_pronunciations(cache.open_writer(run).corpus))
    settings = WriteSettings(
        lines=lines, stop_at_song_end=end and free, sampling=sampling, style=style, memory=memory,
        keep_person=keep_person, after_verse=after_verse and not free, plan=plan_of,
        constraints=None if free else constraints,
        theme=themes.theme_of(theme, run, worth),
    )  # fmt: skip
    return Choices(run, seed or "", take, settings, with_partner and not free)


def measure() -> Constraints:
    """Draw rhyme and length of every line, on two rows."""
    with st.container(key="measure"):
        (one, two), (three, four) = st.columns([5, 6]), st.columns([5, 6])
        scheme, richness = _scheme(one), _richness(two)
        return _constraints(scheme, richness, _syllables(three), _tolerance(four))


def _constraints(scheme: str, richness: str, syllables: int, tolerance: int) -> Constraints:
    count = max(2, syllables) if syllables else None
    return Constraints(scheme=scheme, richness=richness, syllables=count, tolerance=tolerance)


def _scheme(place: DeltaGenerator) -> str:
    with place:
        return pick(t("Rhyme scheme"), t_each(SCHEMES), "AABB", key="rhyme", look="list", everywhere=True)


def _syllables(place: DeltaGenerator) -> int:
    with place:
        return number(t("Syllables a line"), *(0, 30, 12), key="syllables", help=t("As spoken. 0: any number."))


def _richness(place: DeltaGenerator) -> str:
    kinds = {name: t(kind.description) for name, kind in RHYME_KINDS.items()}
    with place:
        label, help = t("Rhymes at least"), t("How much of the two ends has to sound alike.")
        return pick(label, kinds, "suffisante", key="richness", help=help, look="list", everywhere=True)


def _tolerance(place: DeltaGenerator) -> int:
    with place:
        return number(t("Syllables more or less"), *(0, 10, 0), key="tolerance")


def _beat(place: DeltaGenerator) -> int:
    with place:
        help = t("The beat of its bar that the rhyme of each line falls on, 1 to 4. 0: any.")
        return number(t("Rhyme on beat"), *(0, 4, 0), key="beat", help=help)


def _follow_run(run: str) -> None:
    """Let what is drawn as suits the run that was picked before be drawn as suits this one."""
    sampling, before = cache.run_sampling(run), st.session_state.get("suited", {})
    suited = {name: getattr(sampling, name) for name in DRAWN}
    for name, key in DRAWN.items():
        if name in before and st.session_state.get(key) == before[name]:
            st.session_state[key] = suited[name]
    st.session_state["suited"] = suited


def _words() -> dict[str, Any]:
    """Return the words or phrases to use, to avoid, to rhyme with, under their names in `Constraints`."""
    commas = t("Words or phrases, with commas between them.")
    use = text(t("Use these words"), key="use", hint="nuit, mon frère", help=commas)
    avoid = text(t("Avoid these words"), key="without", hint="argent", help=commas)
    rhyme_with = text(t("Rhyme every line with"), key="rhyme_with", hint="maison", longest=60)
    clean = toggle(t("Keep it clean"), key="clean", help=t("No coarse words."))
    return {"use": split_words(use), "avoid": split_words(avoid), "rhyme_with": rhyme_with.strip(), "clean": clean}


def split_words(text: str) -> tuple[str, ...]:
    """Return the words or phrases between the commas of a text, in small letters, each once.

    >>> split_words("Nuit,  mon   frère;nuit")
    ('nuit', 'mon frère')
    """
    parts = (" ".join(part.split()) for part in text.lower().replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _plan() -> str:
    """The plan as written; a plan of one's own goes before a ready one."""
    ready = pick(t("Song plan"), t_each(PLANS), key="plan", look="list", everywhere=True)
    help = t("Kind, lines, scheme and syllables; a refrain named again returns with the same words.")
    example = "couplet 16 AABB 12, refrain 4 ABAB, couplet, refrain"
    return text(t("A plan of your own"), key="own_plan", hint=example, help=help).strip() or ready


def _verse_to_fit() -> str:
    """Return the verse whose measure the new words are to have; it goes before a plan."""
    help = t("New words take its syllables line by line, its rhyme scheme, its multis and its sections.")
    hint = t("One line a row. An empty row begins a new section.")
    verse = st.text_area(
        t("Fit to a verse"), key="fit", bind=BIND, max_chars=LONGEST_FIT, height=110, placeholder=hint, help=help
    )
    return (verse or "").strip()


def _sampling(run: str) -> tuple[SamplingSettings, bool, int]:
    """How the model draws, to begin with as suits it; whether the song may end by itself; the random seed."""
    _follow_run(run)
    suited = cache.run_sampling(run)
    help = t("0 writes what is likeliest, 1 is the model as it learnt; above, it stumbles and invents.")
    daring = slider(t("Daring (temperature)"), *(0.0, 2.0, suited.temperature, 0.05), key="daring", help=help)
    help = t("Choose only among the likeliest, until together they reach this share.")
    top_p = slider(t("Keep the likeliest (top-p)"), *(0.05, 1.0, suited.top_p, 0.01), key="top_p", help=help)
    top_k = number(t("Choose among at most (top-k)"), *(0, 10_000, 0), key="top_k", help=t("0 sets no limit."))
    help = t("Leave out what is less likely than this share of the likeliest.")
    min_p = slider(t("Drop the unlikely (min-p)"), *(0.0, 0.5, suited.min_p, 0.01), key="min_p", help=help)
    help = t("What was written becomes less likely by so much; 1 changes nothing.")
    repeats = slider(t("Avoid repeating (repetition penalty)"), *(1.0, 2.0, 1.0, 0.05), key="avoid", help=help)
    end = toggle(t("Let the song end by itself"), key="end", help=t("When no measure is set."))
    help = t("The same take with the same settings writes the same text.")
    take = number(t("Take (random seed)"), *(0, 2**31, 1), key="take", help=help)
    drawn = SamplingSettings(temperature=daring, top_p=top_p, top_k=top_k, min_p=min_p, repetition_penalty=repeats)
    return drawn, end, take


def _with_partner() -> bool:
    """Who proposes lines: the network, or the server that the operator named; no choice where there is none."""
    if not partner.is_named():
        return False
    help = t(
        "A language model on the machine that runs Seize proposes lines; those that meet everything are taken, the "
        "network writes the others. Each line says who wrote it. When a measure is set."
    )
    return toggle(t("Lines of the local partner"), key="partner", help=help)


def _after_verse() -> bool:
    """Whether each couplet is written after one of the corpus."""
    help = t("Each couplet is written after one of the corpus, shown below it in grey. When rhymes in pairs are set.")
    return toggle(t("After a verse of the corpus"), key="after_verse", help=help)


def _style(run: str) -> Style:
    """The controls that this run was taught to follow; with none, a word that says so."""
    try:
        entries = conditions_of(cache.open_writer(run).vocabulary)
    except SeizeError:  # said where the run is to write
        return Style()
    taught = {kind: [readable(entry) for entry in entries if entry[1:].startswith(kind)] for kind in ("voice", "years")}
    if not taught["voice"] and not taught["years"]:
        page_layout.remark(t("This model was not taught voices or years."))
        return Style()
    first = _one_of(t("Voice"), taught["voice"], "voice")
    other, share, turns = "", 0.5, False
    if len(taught["voice"]) > 1:
        other = _one_of(t("With"), taught["voice"], "other_voice")
        turns = toggle(t("In turn"), key="turns", help=t("A duet: four lines each, or a section each of the plan."))
        help = t("Both voices read the same text; their next letters are mixed in this proportion.")
        share = slider(t("Share of the second voice"), *(0.0, 1.0, 0.5, 0.05), key="share", help=help)
    years = _one_of(t("Years"), taught["years"], "years")
    year, blended = int(years.split("-")[0]) if years else None, bool(first and other and first != other)
    voice, other = first or other, other if blended else ""
    return Style(voice=voice, other=other, share=share, year=year, turns=turns and blended)


def _coherence() -> tuple[float, bool]:
    """Return how strongly what the song has said comes back, and whether a section keeps to who speaks in it."""
    help = t(
        "0 forgets its own phrases, 1 lets them return as often as in real songs, above more often. "
        "For models mixed with an n-gram."
    )
    memory = slider(t("Memory of the song"), *(0.0, 3.0, 0.0, 0.25), key="memory", help=help)
    help = t(
        "A section that begins with *je*, *tu* or *on* tends to go on with it, in its tense; "
        "who was *née* tends not to become *parti*."
    )
    return memory, toggle(t("Keep to who speaks"), key="keep_person", help=help)


def _one_of(label: str, names: list[str], key: str) -> str:
    options = {ANY: t("Any")} | {name: name for name in names}
    return pick(label, options, key=key, look="list", everywhere=True) if names else ""


def _write() -> None:
    st.session_state[WRITE] = True


def _another_take() -> None:
    st.session_state["take"] = secrets.randbelow(10_000)
    _write()


def _take(values: dict[str, str | int | float]) -> None:
    suited = {DRAWN[name]: value for name, value in st.session_state.get("suited", {}).items()}
    for key, value in {**DEFAULTS, **suited, **values}.items():
        st.session_state[key] = value
    _write()
