"""Learn 14: what can counting still say?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_heat
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import slider
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.lesson import lesson, marks, player, trained_networks
from dashboard.lessons import gates, mixtures
from dashboard.lessons.study import clean
from pipeline.cells.activations import Array
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, format_percentage, t
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE
from pipeline.runs.run import load_run

DEFAULT_COUNTED_TEXT = "la nuit tombe sur la ville et la nuit monte sur la mer"
DEFAULT_TEST_TEXT = "la nuit monte sur la ville et je compte la"
LINES_BETWEEN_REPEATS = 2  # lines of the corpus between the line and the line again


@page_layout.fragment
def by_hand(_: str) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        learnt = tokenise(
            clean(bound.text(t("Text to count"), DEFAULT_COUNTED_TEXT, key="counted", longest=60)).lower()
        )
    with right:
        test_words = tokenise(
            clean(bound.text(t("Ten words to read"), DEFAULT_TEST_TEXT, key="ten_words", longest=60)).lower()
        )
    if len(learnt) < 2 or not test_words:
        page_layout.empty_state(t("Give at least two words to count and one to read."))
        return
    counted = mixtures.count_by_hand(learnt, test_words)
    marks.draw_table(
        [t("After"), t("Word"), t("(count − D) / total + γ · p below = p"), t("−log p, nats")],
        [[w.context, w.word, mixtures.probability_formula(w), format_decimal(-np.log(w.p), 3)] for w in counted.words],
    )
    nats = [-float(np.log(word.p)) for word in counted.words]
    st.markdown(
        t(
            "{tokens} words counted, {pairs} distinct pairs; D is {one} for a pair seen once, {two} twice, {three} "
            "more often. The ten losses sum to {sum} nats: perplexity exp({sum} / {n}) = **{perplexity}**.",
            tokens=format_decimal(counted.tokens), pairs=format_decimal(counted.pairs), one=format_decimal(counted.discounts[0], 2),
            two=format_decimal(counted.discounts[1], 2), three=format_decimal(counted.discounts[2], 2), sum=format_decimal(sum(nats), 3),
            n=format_decimal(len(nats)), perplexity=format_decimal(counted.perplexity, 2),
        )
    )  # fmt: skip


def counting_run() -> str | None:
    """The name of the character run whose counts the lesson reads."""
    run = trained_networks.character_run("rnn") or trained_networks.character_run("lstm")
    whole = run and "cache_weights" in load_run(run.name).config and trained_networks.ngram_run(run.name)
    return run.name if run and whole else None


def read_refrain(name: str, lines: list[str], weight: float) -> mixtures.CacheSurprisal:
    """Read lines as one song with the counts of this run and its cache."""
    run = load_run(name)
    ids = np.concatenate([[*run.vocabulary.encode(line), LINE] for line in lines])
    model = trained_networks.ngram_run(name).language_model()  # type: ignore[union-attr]
    return mixtures.score_with_cache(model, run.cache_weights, ids, weight)


@page_layout.fragment
def refrain(text: str) -> None:
    if (name := counting_run()) is None:
        page_layout.empty_state(t("No character {kind} model yet.", kind=t("n-gram")))
        return
    odds = t("Multiplies the odds of the cache: 0 leaves it out, 1 fits real songs best.")
    weight = slider(t("Weight of the cache"), 0.0, 4.0, 1.0, 0.25, key="cache_weight", help=odds)
    others = lesson.short_lines(cache.open_corpus(DEMO_NAME))[:LINES_BETWEEN_REPEATS]
    lines = [text, *others, text]
    surprisals = cache.call(read_refrain, name, lines, weight)
    ends = np.cumsum([len(line) + 1 for line in lines])
    cuts = [slice(end - len(line) - 1, end) for end, line in zip(ends.tolist(), lines, strict=True)]
    first, again = (float(surprisals.mixed[cut].mean()) for cut in (cuts[0], cuts[-1]))
    plain = float(surprisals.alone[cuts[-1]].mean())
    heading(
        t("Your line, then again: {first} bits per character, then {again}", first=format_decimal(first, 2), again=format_decimal(again, 2)),
        t("Without the cache the second time costs {plain}. A song of four lines; the darkest colour is 8 bits.", plain=format_decimal(plain, 2)),
    )  # fmt: skip
    for line, cut in zip(lines, cuts, strict=True):
        bits = surprisals.mixed[cut]
        hints = [t("{bits} bits; weight of the cache: {part}", bits=format_decimal(b, 2), part=format_percentage(s, 0)) for b, s in zip(bits, surprisals.shares[cut], strict=True)]  # fmt: skip
        st.html(marks.tinted_text([*line, "<line>"], (bits / 8).tolist(), hints=hints))


def expert_log_probabilities(text: str) -> tuple[Array, Array]:
    """log p of each character of the line under the counts and under the network of the same run: each `(T,)`."""
    name = counting_run()
    run = cache.open_network(str(name))
    ids = gates.tokens_of(text, run.vocabulary)[1:]
    counted = trained_networks.ngram_run(run.name).language_model()  # type: ignore[union-attr]
    (first,), (second,) = counted.score([ids]), run.language_model().score([ids])
    return first[:-1], second[:-1]


@page_layout.fragment
def fit(text: str) -> None:
    if counting_run() is None:
        page_layout.empty_state(t("No character {kind} model yet.", kind=t("n-gram")))
        return
    fitted = mixtures.fit_share(*cache.call(expert_log_probabilities, text))
    player.play(mixtures.fit_scene(text, fitted, [t("counts"), t("network")]), key="fit")


def shares(_: str) -> None:
    name = next((run for run in cache.run_names() if "shares" in load_run(run).config), None)
    if name is None:
        return
    table = np.array(load_run(name).config["shares"])
    labels = [format_decimal(n / 10, 1) for n in range(len(table))]
    figure = learn_heat.heat_map(
        table, columns=labels, rows=labels, limit=1.0, height=420, x=t("p of the counts' best prediction, from"), y=t("p of the network's best prediction, from"),
        bar=t("weight of the network"), hover=t("counts %{x}, network %{y}: %{z:.2f}"),
    )  # fmt: skip
    title = t(
        "{name}: {low} to {high} for the network",
        name=name,
        low=format_percentage(table.min(), 0),
        high=format_percentage(table.max(), 0),
    )
    card(
        title,
        figure,
        key="shares",
        note=t("Fitted on validation songs: {n} weights, depending on how confident both are.", n=table.size),
    )


lesson.show("learn_mixtures", by_hand, refrain, fit, shares)
