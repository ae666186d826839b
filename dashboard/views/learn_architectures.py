"""Learn 4: which shapes can sequences take?"""

from html import escape
from types import ModuleType

import numpy as np
import streamlit as st
from plotly.graph_objects import Figure

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components import job_card, lesson, page_layout
from dashboard.components.figure_card import card, heading
from dashboard.lessons import shapes
from dashboard.lessons.influence import influence
from dashboard.lessons.study import visible
from dashboard.locale.formats import count, number, share
from pipeline.errors import SeizeError
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary
from pipeline.paths import DEMO_NAME
from pipeline.teaching import classic, cloze, known, many_to_one, one_to_many, reply, reversal, tagging
from pipeline.teaching.encoder_decoder import Seq2Seq
from pipeline.teaching.saved import is_trained

BIND = "query-params"
MODULES: dict[str, ModuleType] = {
    "classic": classic, "cloze": cloze, "tagging": tagging, "many-to-one": many_to_one,
    "one-to-many": one_to_many, "reply": reply, "reversal": reversal,
}  # fmt: skip


def loaded(name: str, version: int):
    return MODULES[name].load()


def opened(name: str):
    """The trained architecture, read once. Raises RunError."""
    return cache.call_resource(loaded, name, cache.run_version(f"learn-{name}"))


def scores(name: str) -> None:
    """One row a measure, its baselines side by side."""
    found: dict[tuple[str, ...], list[str]] = {}
    for s in opened(name).saved.scores:
        n = f"{s['n']:,}" + (f", {s['songs']} songs" if s["songs"] else "")
        row = (s["measure"], f"{s['value']:.3f} [{s['low']:.3f} – {s['high']:.3f}]", n)
        found.setdefault(row, []).append(f"{s['baseline_name']}: {s['baseline']:.3f}")
    lesson.plain_table(
        ["Measure", "Value [95%]", "Baseline", "n"],
        [[measure, value, "; ".join(baselines), n] for (measure, value, n), baselines in found.items()],
    )


def show_classic(text: str) -> None:
    model = opened("classic")
    cell = st.segmented_control(
        "Cell",
        ["rnn", "lstm", "gru"],
        default="lstm",
        required=True,
        format_func=str.upper,
        key="classic_cell",
        bind=BIND,
    )
    table = classic.surprise(model, text)
    guesses = classic.guesses(model, cell, text)
    hints = [
        ", ".join(f"{visible(c)} {p:.0%}" for c, p in zip(part["character"], part["probability"], strict=True))
        for _, part in guesses.groupby("position")
    ]
    columns = [c for c in ("rnn", "lstm", "gru", "ngram") if c in table]
    means = {c: table[c].mean() for c in columns}
    heading(
        "Bits a character on your line: "
        + ", ".join(f"{c.upper() if c != 'ngram' else '5-gram'} {v:.2f}" for c, v in means.items()),
        "Hover a character for the five guesses made before it.",
    )
    st.html(
        lesson.tinted(
            table["character"].tolist(), (table[cell] / max(table[columns].max().max(), 1)).tolist(), hints=hints
        )
    )
    st.caption("Numbers held: " + ", ".join(f"{c.upper()} {number(n)}" for c, n in classic.parameters(model).items()))


def show_cloze(text: str) -> None:
    model = opened("cloze")
    words = tokenise(text)
    if not words:
        page_layout.empty_state("There is no word in your line to hide.")
        return
    hidden = (
        st.slider(
            "Hide the word",
            1,
            len(words),
            min(len(words), max(1, len(words) - 1)),
            key="hidden",
            bind=BIND,
            help="The place in the line of the word to guess.",
        )
        - 1
        if len(words) > 1
        else 0
    )
    found = cloze.fill(model, text, hidden)
    st.html(
        f'<p class="continued" lang="fr">{escape(" ".join(words[:hidden]))} <b>▢</b> {escape(" ".join(words[hidden + 1 :]))}</p>'
    )
    names = {
        "left": "left side alone",
        "right": "right side alone",
        "both": "both sides",
        "left-to-right": "a left-to-right network of the same size",
    }
    lesson.plain_table(
        ["Who guesses", "Best five"],
        [
            [names.get(side, side), ", ".join(f"{r.word} {r.probability:.0%}" for r in part.itertuples())]
            for side, part in found.guesses.groupby("side", sort=False)
        ],
    )
    states = np.vstack([found.left[:, :16].T, np.full((1, len(found.words)), np.nan), found.right[:, :16].T])
    figure = learn_heat.heat(
        states,
        columns=[f"{i} {w}" for i, w in enumerate(found.words, 1)],
        diverging=True,
        limit=1,
        hover="%{x}: %{z:+.2f}",
        height=330,
    )
    figure.update_yaxes(tickvals=[8, 24], ticktext=["from the left", "from the right"])
    card(
        "Two rows of states: one reads →, the other ←",
        learn_heat.letters(figure, [f"{i} {w}" for i, w in enumerate(found.words, 1)]),
        key="two-rows",
    )


def show_tagging(text: str) -> None:
    model = opened("tagging")
    corpus = cache.open_corpus(DEMO_NAME)
    titles = corpus.songs["title"].head(60)
    song = st.selectbox(
        "A song",
        titles.index.tolist(),
        format_func=lambda s: f"{titles[s]}, {corpus.songs['artist'][s]}",
        key="tag_song",
    )
    table = tagging.tag(model, [line for _, line in corpus.song_lines(song)])
    figure = learn_curves.lines(
        {
            "both sides": (np.arange(1, len(table) + 1), table["both"]),
            "left to right": (np.arange(1, len(table) + 1), table["left_to_right"]),
        },
        x="line",
        y="P(refrain)",
        hover="%{y:.2f}",
    )
    card("Which lines are the refrain?", figure, key="tags")


def show_many_to_one(text: str) -> None:
    model = opened("many-to-one")
    label = st.segmented_control(
        "Guess its", list(model.classes), default="voice", required=True, key="label", bind=BIND
    )
    after = many_to_one.after_each_word(model, text, label)
    final = after.iloc[-1, 1:].astype(float).sort_values(ascending=False)
    steps = [f"{i} {visible(w)}" for i, w in enumerate(after["word"], 1)]
    figure = learn_heat.heat(
        after[final.index[:8]].to_numpy(float).T,
        columns=steps,
        rows=list(final.index[:8]),
        hover="after %{x}: %{y} %{z:.1%}",
        height=320,
    )
    card(
        f"After the last word: {final.index[0]}, {share(final.iloc[0])}",
        learn_heat.letters(figure, steps),
        key="after-word",
        note="Probability of each class after each word.",
    )
    evidence = many_to_one.evidence(model, text, label)
    peak = max(float(evidence["push"].abs().max()), 1e-12)
    heading(
        f"The word that spoke most for {final.index[0]}: {visible(evidence.loc[evidence['push'].idxmax(), 'word'])}",
        "Ground: how much a word pushes towards it, ∂logit/∂x · x. Hover for ‖∂logit/∂x‖ and for words that push away.",
    )
    st.html(
        '<p class="tints">'
        + " ".join(
            f'<span class="tint" style="--share:{100 * max(p, 0) / peak:.0f}%" '
            f'title="push {p / peak:+.2f} of the strongest, gradient {g:.2g}">{escape(visible(w))}</span>'
            for w, g, p in zip(evidence["word"], evidence["gradient"], evidence["push"], strict=True)
        )
        + "</p>"
    )
    table = many_to_one.confusion(model, label)
    shares = table.to_numpy(float) / np.maximum(table.to_numpy(float).sum(axis=1, keepdims=True), 1)
    figure = learn_heat.heat(
        shares,
        columns=list(map(str, table.columns)),
        rows=list(map(str, table.index)),
        x="guessed",
        y="true",
        hover="true %{y}, guessed %{x}: %{z:.0%}",
        height=160 + 18 * len(table),
    )
    figure.update_xaxes(tickangle=-45)
    card("What it confuses, on songs never seen", figure, key="confusion", note="Each row sums to 1.")


def show_one_to_many(text: str) -> None:
    model = opened("one-to-many")
    left, right = st.columns([3, 1], gap="large")
    voices = left.multiselect(
        "Voices", list(model.voices), list(model.voices)[:3], max_selections=4, key="voices", bind=BIND
    )
    seed = int(right.number_input("Noise (random seed)", 0, 9999, 1, key="noise", bind=BIND))
    if not voices:
        page_layout.empty_state("Choose a voice.")
        return
    table = one_to_many.side_by_side(model, voices[:4], seed)
    for column, row in zip(st.columns(len(table), gap="medium"), table.itertuples(), strict=True):
        with column:
            heading(
                row.voice,
                f"The judge says {row.judged} ({row.probability:.0%}); {row.own:.0%} for the voice asked for.",
            )
            st.html(f'<p class="continued" lang="fr">{escape(row.verse)}</p>')
    st.caption("The same noise, different labels. The judge is the many-to-one network, trained on other songs.")


def show_reply(text: str, door: str, key: str) -> None:
    model = opened("reply")
    found = reply.answer(model, text, door)
    st.html(
        f'<p class="continued" lang="fr">{escape(" ".join(found.source))}<br><b>{escape(" ".join(w for w in found.reply if w != "<line>"))}</b></p>'
    )
    source = [f"{i} {w}" for i, w in enumerate(found.source, 1)]
    answer = [f"{i} {visible(w)}" for i, w in enumerate(found.reply, 1)]
    if found.weights is None:
        figure = learn_heat.heat(
            found.vector[None], diverging=True, limit=1, hover="unit %{x}: %{z:+.2f}", height=120, x="unit"
        )
        figure.update_yaxes(showticklabels=False)
        card(f"All that passes: one vector of {len(found.vector)} numbers", figure, key=f"vector-{key}")
    else:
        figure = learn_heat.heat(
            found.weights,
            columns=source,
            rows=answer,
            limit=1,
            hover="writing %{y}, it looks at %{x}: %{z:.2f}",
            height=120 + 26 * len(answer),
        )
        overlaid, agreed = overlay(figure, model.networks[door], model.vocabulary, found, source, answer)
        last = max(0, len(found.reply) - 2)
        card(
            f"Writing its last word it puts {share(float(found.weights[last, -1]))} on the rhyme word of your line",
            learn_heat.letters(overlaid, source, answer),
            key=f"weights-{key}",
            note=f"{agreed} Rows sum to 1 within {np.abs(found.weights.sum(axis=1) - 1).max():.0e}; mean entropy {found.entropy.mean():.2f} nats.",
        )
    table = reply.by_length(model)
    spans = list(dict.fromkeys(table["words"]))
    figure = learn_curves.lines(
        {d: (range(len(p)), p["gain"]) for d, p in table.groupby("door") if d != "none"},
        x="words in the line",
        y="gain, nats a word",
        hover="%{y:.3f}",
        markers=True,
        height=280,
    )
    figure.update_xaxes(tickvals=list(range(len(spans))), ticktext=spans)
    learn_curves.rule(figure, y=0)
    card("What knowing the line gains, by its length", figure, key=f"gain-{key}")


def overlay(
    figure: Figure,
    network: Seq2Seq,
    vocabulary: Vocabulary,
    found: reply.Answer | reversal.Reversed,
    columns: list[str],
    rows: list[str],
) -> tuple[Figure, str]:
    """The weights with what each written word depends on most, and in words how often the weights say the same."""
    effect = influence(network, vocabulary.encode(found.source)[None], vocabulary.encode(found.reply)[None])
    hidden, slope = effect.occlusion.argmax(axis=1), np.abs(effect.gradient).argmax(axis=1)
    learn_heat.marked(figure, columns, rows, hidden, "circle-open", "costs most to hide")
    learn_heat.marked(figure, columns, rows, slope, "x-thin", "has the largest gradient:")
    same = int((found.weights.argmax(axis=1) == hidden).sum())
    return figure, (
        f"○ the word that costs most to hide, ✕ the largest gradient × embedding: the heaviest weight is on ○ in {same} "
        f"of {count(len(rows), 'row')}. Attention is a look, not an explanation."
    )


def show_reversal(text: str) -> None:
    model = opened("reversal")
    symbols = st.text_input(
        "Symbols to reverse, a to h", "abcdefg", key="symbols", bind=BIND, max_chars=reversal.LONGEST
    )
    try:
        found = reversal.reverse(model, (symbols or "").strip())
    except SeizeError as error:
        page_layout.empty_state(str(error))
        return
    columns, rows = (
        [f"{i} {s}" for i, s in enumerate(found.source, 1)],
        [f"{i} {visible(s)}" for i, s in enumerate(found.reply, 1)],
    )
    figure = learn_heat.heat(
        found.weights, columns=columns, rows=rows, limit=1, hover="writing %{y}, it looks at %{x}: %{z:.2f}", height=340
    )
    overlaid, agreed = overlay(figure, model.attention, model.saved.vocabulary, found, columns, rows)
    good = "".join(s for s in found.reply if s != "<line>") == (symbols or "").strip()[::-1]
    card(
        f"{'Reversed: the weights lie on the anti-diagonal' if good else 'It slips here'}",
        learn_heat.letters(overlaid, columns, rows),
        key="reversal",
        note=f"{agreed} Without attention the same network replies {''.join(s for s in found.without_attention if s != '<line>')}.",
    )


SHOW = {
    "classic": show_classic,
    "cloze": show_cloze,
    "tagging": show_tagging,
    "many-to-one": show_many_to_one,
    "one-to-many": show_one_to_many,
    "reversal": show_reversal,
}


@page_layout.fragment
def one(shape: shapes.Shape, text: str) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        lesson.drawing(shapes.drawing(shape))
    with right:
        st.markdown(f"**Task.** {shape.task}  \n**Known answer.** {shape.sanity}")
        for name in shape.runs:
            if is_trained(name):
                scores(name)
            else:
                page_layout.empty_state(
                    f"{name} has not been trained on this machine yet: use the button at the end of this page."
                )
    for name in shape.runs:
        if not is_trained(name):
            continue
        if name == "reply":
            show_reply(text, "attention" if shape.kind == "attention" else "vector", shape.row)
        else:
            SHOW[name](text)
    trained = [name for name in shape.runs if is_trained(name)]
    if trained:
        with st.expander("Its tensors, with their real shapes"):
            for name in trained:
                parts = opened(name).saved.parts
                lesson.plain_table(
                    ["Part", "Shapes", "Numbers"],
                    shapes.dimensions({p: [tuple(a.shape) for a in arrays] for p, arrays in parts.items()}),
                )


TASKS = {
    "Classic: one line by heart": "by_heart",
    "Bidirectional: the next symbol": "next_symbol",
    "Many to one: the first symbol": "first_token",
    "One to many: a label's own string": "fixed_strings",
}


@page_layout.fragment
def sanity(text: str) -> None:
    st.markdown(
        "A network that fails a task with a known answer is wrong, whatever it scores on lyrics. These learn in NumPy while you wait, some seconds each."
    )
    task = st.pills("Learn now", list(TASKS), key="task", bind=BIND)
    if task is None:
        return
    with st.spinner("Learning…"):
        table = cache.call(solved, TASKS[task], text)
    if TASKS[task] != "by_heart":
        lesson.plain_table(
            [c.replace("_", " ").capitalize() for c in table.columns], table.round(3).astype(str).to_numpy().tolist()
        )
        return
    figure = learn_curves.lines(
        {"RNN": (table["step"], table["nats"])}, x="step", y="nats a character", hover="%{y:.3f}"
    )
    card(
        f"From {table['nats'].iloc[0]:.2f} nats, about ln {len(set(text))} = {np.log(len(set(text))):.2f}, to {table['nats'].iloc[-1]:.3f}",
        figure,
        key="by-heart",
    )


def solved(task: str, text: str):
    """The task learnt from a fixed random seed."""
    rng = np.random.default_rng(0)
    return known.overfit("rnn", text, rng) if task == "by_heart" else getattr(known, task)(rng)


def retrain() -> None:
    name = st.selectbox(
        "Train again",
        [n for shape in shapes.SHAPES for n in shape.runs if shape.row != "F6" or n != "reply"],
        key="retrain",
    )
    job_card.draw(job_card.latest("learn"), f"Train {name}, five minutes", "learn", ["learn", name, "--minutes", "5"])


text = lesson.line()
lesson.opening(
    4,
    "Which shapes can sequences take?",
    "The article names six architectures and shows six missing pictures. Here each is drawn, trained on the same corpus, measured on songs it never saw beside a baseline, and given a task whose answer is known. "
    "All of them are the same cell; only what goes in and what comes out differs.",
)
lesson.formula(
    r"\text{attention: }\;e_{t'}=v^{\top}\tanh(W_ss+W_hh^{\langle t'\rangle}+b_e),\qquad\alpha=\operatorname{softmax}(e),\qquad\mathrm{ctx}=\sum_{t'}\alpha_{t'}h^{\langle t'\rangle}",
    key="attention",
)
chosen = st.segmented_control(
    "Shape",
    [s.row for s in shapes.SHAPES],
    default="F1",
    required=True,
    format_func=lambda r: next(s.name for s in shapes.SHAPES if s.row == r),
    key="shape",
    bind=BIND,
)
shape = next(s for s in shapes.SHAPES if s.row == chosen)
lesson.part(
    " ".join([shape.row, *(s.row for s in shapes.SHAPES if s.row != shape.row)]), f"{shape.name} ({shape.french})"
)
one(shape, text)
lesson.part("known", "Known answers, learnt now")
sanity(text)
lesson.part("again", "Train one again")
job_card.polled("learn", retrain)
lesson.ask(
    "Why does the encoder and decoder lose on long lines, and attention less?",
    "The single vector is the only door: every word of the line has to fit in the same few numbers. Attention lets each written word look back at all of them.",
)
lesson.closing(4)
