"""Learn 1: how could a machine finish a sentence?"""

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components import lesson, page_layout, players
from dashboard.components.choices import choice
from dashboard.components.figure_card import card, heading
from dashboard.lessons import gates, memory, windows
from dashboard.lessons.study import CELLS, Setting, clean, visible
from dashboard.locale.formats import count, number, share
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.sampling import SamplingSettings
from pipeline.generation.writer import write_lyric
from pipeline.language.tokens import tokenise
from pipeline.paths import DEMO_NAME

LONGEST = 16  # words of a story whose states are drawn: their names stay apart on a phone
BIND, HERE = "query-params", Path(windows.__file__).parent


def continued(kind: str, name: str, opener: str, daring: float, seed: int) -> str:
    run = players.ngram(name) if kind == "n-gram" else cache.open_network(name)
    settings = WriteSettings(lines=2, sampling=SamplingSettings(temperature=daring))
    return write_lyric(run, opener, settings, seed).text[len(opener) :]


@page_layout.fragment
def finish(text: str) -> None:
    words = text.split()
    default = " ".join(words[: max(1, len(words) // 2)])
    left, middle, right = st.columns([3, 2, 1], gap="medium")
    opener = clean(left.text_input("A beginning", default, key="opener", bind=BIND, max_chars=60) or "")
    daring = middle.slider(
        "Daring (temperature)",
        0.0,
        1.5,
        0.6,
        0.1,
        key="story_T",
        bind=BIND,
        help="0 writes what is likeliest; above 1 it stumbles and invents.",
    )
    seed = int(right.number_input("Random seed", 0, 9999, 1, key="story_seed", bind=BIND))
    models = [
        ("n-gram", players.character_run("lstm")),
        ("RNN", players.character_run("rnn")),
        ("LSTM", players.character_run("lstm")),
    ]
    stories: dict[str, tuple[str, str]] = {}  # network -> its run, and the whole text
    for column, (kind, run) in zip(st.columns(3, gap="large"), models, strict=True):
        with column:
            if run is None or (kind == "n-gram" and players.ngram(run.name) is None):
                heading(kind)
                page_layout.empty_state(f"No character {kind} among the models yet.")
                continue
            heading(
                kind,
                {
                    "n-gram": "Counts of what followed the last characters.",
                    "RNN": "One state, rewritten at each step.",
                    "LSTM": "A second state that gates protect.",
                }[kind],
            )
            written = cache.call(continued, kind, run.name, opener, daring, seed)
            st.html(f'<p class="continued" lang="fr">{escape(opener)}<b>{escape(written)}</b></p>')
            if kind != "n-gram":
                stories[kind] = (run.name, opener + written)
    run, _ = players.lstm()
    unknown = sorted({c for c in opener if c not in run.vocabulary})
    if unknown:
        page_layout.remark(f"Never seen by the network: {', '.join(unknown)}. It reads on as best it can.")
    carried(stories or {"LSTM": (run.name, opener)}, opener)
    st.caption("The same beginning, settings and random seed always write the same text.")


@page_layout.fragment
def carried(stories: dict[str, tuple[str, str]], opener: str) -> None:
    """The state of a network as its story grows, a column a word."""
    kind = choice("The state of", {kind: kind for kind in stories}, "carrier")
    name, story = stories[kind]
    words, hidden = cache.call(strip, name, story)
    if len(words) < 2:
        return
    last = max(1, len(opener.split()))
    read = st.slider(
        "Words read",
        1,
        len(words),
        min(last, len(words)),
        key=f"words_read_{len(words)}",
        help="Move it to watch the state grow, a column a word.",
    )
    steps = [f"{t} {word}" for t, word in enumerate(words, 1)]
    figure = learn_heat.heat(
        np.where(np.arange(len(words)) < read, hidden.T, np.nan),
        columns=steps,
        rows=[str(u) for u in range(1, hidden.shape[1] + 1)],
        diverging=True,
        limit=1,
        hover="after %{x}: %{z:+.2f}",
        height=340,
    )
    figure.update_yaxes(showticklabels=False)
    own = "your beginning" if read <= last else f"your beginning and {count(read - last, 'word')} of its own"
    card(
        f"What the {kind} carries after {count(read, 'word')}: {own}",
        learn_heat.letters(figure, steps),
        key="strip",
        note=f"{name}, the 24 units that move most. A column is all that is left of the words up to it.",
    )


def strip(name: str, story: str) -> tuple[list[str], np.ndarray]:
    """The first words of a story, and the state after the last letter of each (words, 24)."""
    run = cache.open_network(name) if name in cache.run_names() else players.lstm()[0]
    hidden = gates.trace(run.network(), gates.tokens_of(story.replace("\n", " "), run.vocabulary))["hidden"]
    words = list(re.finditer(r"\S+", story))[:LONGEST]
    after = hidden[[word.end() - 1 for word in words]]
    return [word.group() for word in words], after[:, np.argsort(-after.std(axis=0), kind="stable")[:24]]


def corpus_lines() -> tuple[list, list]:
    return windows.lines_of(cache.open_corpus(DEMO_NAME))


def named(ids: Iterable[int]) -> list[str]:
    """Words of the window network as they can be read."""
    names = {"<unk>": "(rarer)"}
    return [names.get(word, visible(word)) for word in cache.open_corpus(DEMO_NAME).vocabulary.decode(ids)]


@page_layout.fragment
def window(text: str) -> None:
    corpus = cache.open_corpus(DEMO_NAME)
    k = st.slider(
        "The last k words", 1, 9, 4, key="k", bind=BIND, help="How many words before the guess the network sees."
    )
    lines, _ = cache.call_resource(corpus_lines)
    pairs = sum(max(0, len(line) - k) for line in lines)
    left, right = st.columns([3, 2], gap="large")
    with left:
        x, y = windows.clearest(*windows.examples(lines[:2000], k), count=6)
        rows = [[" ".join(named(a)), named([b])[0]] for a, b in zip(x, y, strict=True)]
        heading(
            f"{number(pairs)} examples of {k} {'word' if k == 1 else 'words'} and the next",
            "Σ max(0, length − k) over the lines of four songs in five; the 396 most frequent words, others (rarer), the end of a line, ⏎, is a word.",
        )
        lesson.plain_table([f"{k} in", "1 out"], rows)
    words = [
        w if w in corpus.vocabulary.word2index and corpus.vocabulary.word2index[w] < windows.WORDS else "<unk>"
        for w in tokenise(text)
    ]
    ids = corpus.vocabulary.encode(words)
    network = cache.call_resource(windows.shipped, k)
    full = np.concatenate([np.zeros(k, int), ids])
    y_hat = windows.predict(network, full[-k:][None])[:, 0]
    with right:
        best = np.argsort(-y_hat, kind="stable")[:6]
        card(
            f"After your line it bets on {named(best[:1])[0]}",
            learn_curves.shares(named(best), y_hat[best], height=240),
            key="bet",
        )
    if len(ids) > k:
        other = full.copy()
        other[-k - 1] = (other[-k - 1] + 7) % windows.WORDS
        same = bool((windows.predict(network, other[-k:][None])[:, 0] == y_hat).all())
        st.markdown(
            f"Change the word **{page_layout.escape_markdown(tokenise(text)[-k - 1])}**, {k + 1} words back: the prediction stays **{'bit-identical' if same else 'NOT identical'}**. A window is blind beyond its edge."
        )
    else:
        st.markdown(f"Your line has {len(ids)} words: all of them are in the window.")
    table = pd.read_csv(HERE / "story.csv")
    wins, others = table[table["k"] > 0], table[table["k"] == 0]
    curves = {"window": (wins["k"], wins["perplexity"])} | {
        row.model: ([1, 9], [row.perplexity] * 2) for row in others.itertuples()
    }
    figure = learn_curves.lines(
        curves, x="k", y="perplexity on songs kept apart", dashed=tuple(others["model"]), hover="%{y:.1f}", markers=True
    )
    best_row = table.loc[table["perplexity"].idxmin()]
    card(
        f"Best on songs never seen: {best_row['model']}, perplexity {best_row['perplexity']:.1f}",
        figure,
        key="story",
        note="Measured beforehand: the same 400 words, 250 steps of Adam for each network. Wider windows have more to learn from no more text.",
    )


@page_layout.fragment
def meter(text: str) -> None:
    table = pd.read_csv(HERE / "echo.csv")
    names = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
    left, right = st.columns(2, gap="large")
    with left:
        curves = {names[c]: (part["lag"], 100 * part["accuracy"]) for c, part in table.groupby("cell", sort=False)}
        figure = learn_curves.lines(curves, x="lag", y="echoed right, %", hover="%{y:.1f}%", markers=True)
        learn_curves.rule(figure, y=12.5, dotted=True)
        at = table[table["lag"] == 10].set_index("cell")["accuracy"]
        card(
            f"Repeat what was said 10 steps ago: RNN {share(at['rnn'])}, LSTM {share(at['lstm'])}",
            figure,
            key="echo",
            note="32 units, 8 symbols, 400 steps of Adam, measured beforehand; dotted: chance. The folklore is the other way round: see below.",
        )
    with right:
        trained = st.segmented_control(
            "Weights",
            [0, 60],
            default=60,
            required=True,
            format_func=lambda n: f"trained {n} steps on your line" if n else "as drawn",
            key="meter_trained",
            bind=BIND,
        )
        curves = {
            name: (np.arange(len(text)), 100 * cache.call(memory.replaced, text, Setting(cell, 32, trained=trained)))
            for cell, name in CELLS.items()
        }
        figure = learn_curves.lines(
            curves, x="character replaced, steps back", y="change of the last guess, %", hover="%{y:.2f}%"
        )
        far = {name: float(np.mean(ys[len(ys) // 2 :])) for name, (_, ys) in curves.items()}
        card(
            "In the far half of your line one letter moves the last guess by "
            + ", ".join(f"{v:.1f}% ({n})" for n, v in far.items()),
            figure,
            key="replaced",
            note="Total variation, mean of three replacements.",
        )


text = lesson.line()
lesson.opening(
    1,
    "How could a machine finish a sentence?",
    "*Once upon a time, a knight…* You have already finished it, because you remember how such stories go. A language model does the same with numbers: "
    "it reads what came, and bets on what comes. Everything in these pages works on one line, yours; change it in the sidebar.",
)
lesson.formula(r"P(w_1,\dots,w_T)=\prod_{t=1}^{T}P(w_t\mid w_1,\dots,w_{t-1})", key="chain")
lesson.part(
    "A1",
    "Three models finish your line",
    "A French opener instead of the knight. The first counts, the other two carry a state.",
)
finish(text)
lesson.part(
    "A2",
    "Nine words in, the tenth out",
    "The first idea is a plain network: show it the last nine words, label the tenth.",
)
lesson.formula(r"\hat y=\operatorname{softmax}\big(W_2\tanh(W_1[e_{t-k};\dots;e_{t-1}]+b_1)+b_2\big)", key="window")
window(text)
lesson.part(
    "A3",
    "The memory meter",
    "It is often said that the RNN has a short memory and the LSTM a long one. Do not believe it: measure it.",
)
meter(text)
st.markdown(
    "With the same 400 steps the plain RNN, drawn orthogonal, echoes further than the LSTM: its gates must first *learn* to stay open. What the LSTM could do and what it learns in a given time are two questions; page 6 measures the first."
)
lesson.part(
    "A4",
    "Text, video, music, time series",
    "Anything in order will do. Two kinds are live here: text on most pages, and series of zeros, ones and classes on page 9. Each is only a sequence of one-hot columns.",
)
if (page_layout.VIEWS / "learn_series.py").is_file():
    st.page_link(
        page_layout.VIEWS / "learn_series.py", label="9 Time series in TensorFlow", icon=":material/arrow_forward:"
    )
lesson.part("A5", "The same functions as a plain network")
lesson.plain_table(
    ["Function", "In the window network above", "In the recurrent pages"],
    [
        ["dense_forward, dense_backward", "both of its layers, one step", "the output layer, at every step"],
        ["softmax, cross_entropy", "its bet and its loss", "the same"],
        ["tanh′ = 1 − a²", "its hidden layer", "the state"],
        ["Adam", "its training", "all training on these pages"],
        ["new", "–", "the state, and backpropagation through time"],
    ],
)
lesson.ask(
    "Why not simply widen the window to the whole song?",
    "Each new place in the window brings its own weights, which must learn *again*, there, that *nuit* rhymes with *ennui*. A recurrent cell has one set of weights for all places: weight sharing.",
)
lesson.closing(1)
